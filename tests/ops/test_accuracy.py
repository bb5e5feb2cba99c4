"""Values of every named elementwise row against high precision, at points spread over its whole domain: close to 0, to its ends, to zeros and to
removable points, far out, and at the smallest and largest numbers. Of arrays and of numbers as compiled code has them: 4 units in the last place,
unless the row says more and why."""

from __future__ import annotations

import math
from typing import Any

import mpmath as mp
import numpy as np
import pytest
from ops_reference import REFERENCE, reference
from ops_support import JUMPS, allowed, domains, elementwise, evaluate, inputs_like, named, parameters, size_of, ulps

from calclang import Session
from calclang.ir import scalars
from calclang.ir.apply import const
from calclang.ops import ROWS, Row
from calclang.ops.domains import Domain
from calclang.transforms.operators import jvp

SPECIAL = (0.0, 0.5, 1.0, -1.0, 2.0, math.pi / 2, math.pi, -math.pi, 5 * math.pi, 1.4616321449683623, 3.0, 10.0, 26.0)
EXTREMES = (5e-324, 1e-310, 2.2250738585072014e-308, 1e-300, 1e-200, 1e16, 1e100, 1e300, 1.7976931348623157e308)
DENSE = 300  # points of each kind


def spread(domain: Domain, seed: int) -> list[float]:
    """Points of every size, and points at every distance from the special ones."""
    rng = np.random.default_rng(seed)
    sizes = 10.0 ** rng.uniform(-12, 3, DENSE)
    ends = [e for e in (domain.low, domain.high) if math.isfinite(e)]
    close = [s + sign * d for s in (*SPECIAL, *ends) for d in 10.0 ** rng.uniform(-15, -1, DENSE // 20) for sign in (1, -1)]
    inside = [e + sign * d for e in ends for d in rng.uniform(0, 1, DENSE) for sign in (1, -1)]
    signed = [s * x for x in EXTREMES for s in (1, -1)]
    uniform = [x for width in (2, 10, 40) for x in rng.uniform(-width, width, DENSE)]
    found = [*sizes, *-sizes, *uniform, *rng.uniform(-700, 700, DENSE), *close, *inside, *signed]
    return [float(x) for x in found if x in domain]


def by_number(row: Row, columns: list[Any], params: tuple[Any, ...]) -> list[float]:
    return [float(scalars.value(row, arguments, params)) for arguments in zip(*(c.tolist() for c in columns), strict=True)]


def by_array(row: Row, columns: list[Any], params: tuple[Any, ...]) -> list[float]:
    found: list[float] = np.asarray(row.eval(np, *columns, *params)).tolist()
    return found


@pytest.mark.parametrize("row", [r for r in elementwise() if not r.hidden], ids=named)
def test_value_over_the_whole_domain(row: Row) -> None:
    points = [np.random.default_rng(7 + k).permutation(spread(d, k)) for k, d in enumerate(domains(row))]
    columns = [p[: min(map(len, points))] for p in points]
    for params in parameters(row):
        with np.errstate(all="ignore"):
            arrays, numbers = by_array(row, columns, params), by_number(row, columns, params)
        tried = 0
        for arguments, *found in zip(zip(*columns, strict=True), arrays, numbers, strict=True):
            exact = reference(row, arguments, params)
            if exact is not None and 1e-290 < abs(exact) < 1e300:
                tried += 1
                for value in found:
                    assert ulps(value, exact, size_of(row, arguments)) <= allowed(row), (arguments, params, value, float(exact))
        assert tried >= 300


FLAT = {
    "erf": lambda x: 2 / mp.sqrt(mp.pi) * mp.exp(-x * x), "erfc": lambda x: -2 / mp.sqrt(mp.pi) * mp.exp(-x * x), "expm1": mp.exp,
    "tanh": lambda x: mp.sech(x) ** 2, "coth": lambda x: -(mp.csch(x) ** 2), "sigmoid": lambda x: mp.sech(x / 2) ** 2 / 4,
}  # fmt: skip
"""Slopes that fade far out, where a difference of two values would need as many digits as they have zeros."""


def slope_of(row: Row, x: Any) -> Any:
    if row.name in FLAT:
        return FLAT[row.name](x)
    return mp.re(mp.diff(REFERENCE[row.name], x, h=abs(x) * mp.mpf(10) ** -30, direction=0))


def size_of_slope(row: Row, x: float) -> float:
    """The size of the terms of a slope that has zeros of its own: those of gamma's kin and of gelu below 0, and of sinc beyond its first."""
    if row.name == "gelu":
        return float(mp.ncdf(x)) if x < 0 else 0.0
    if row.name == "sinc":
        return 1 / abs(x) if abs(x) > 1 else 0.0
    below = size_of(ROWS["digamma"], (x,)) if row.name in ("gamma", "lgamma") else 0.0
    return below * abs(math.gamma(x)) if row.name == "gamma" and below else below


@pytest.mark.parametrize("row", [r for r in elementwise() if not r.hidden and r.arity == 1 and r.name not in JUMPS], ids=named)
def test_slope_over_the_whole_domain(row: Row) -> None:
    """As accurate as the value, or nearly: 9 units in the last place, for cbrt and gamma are in them twice."""
    points = [p for p in spread(domains(row)[0], 5)[::4] if 1e-290 < abs(p) < 1e15 and p not in (1, -1) and (row.domain.poles is False or p != round(p))]
    x = inputs_like([0.0])[0]
    found = np.broadcast_to(evaluate([jvp([row(x)], [x], [const(1.0)])[0]], {x: np.array(points)})[0], len(points))
    tried = 0
    for at, value in zip(points, found, strict=True):
        exact = slope_of(row, mp.mpf(at))
        if 1e-290 < abs(exact) < 1e300:
            tried += 1
            assert ulps(float(value), exact, size_of_slope(row, at)) <= 9, (at, float(value), float(exact))
    assert tried >= 40


PARTIALS: dict[str, tuple[Any, Any]] = {
    "hypot": (lambda x, y: x / mp.hypot(x, y), lambda x, y: y / mp.hypot(x, y)),
    "atan2": (lambda y, x: x / (x * x + y * y), lambda y, x: -y / (x * x + y * y)),
    "xlogy": (lambda x, y: mp.log(y), lambda x, y: x / y),
}  # fmt: skip


@pytest.mark.parametrize("name", PARTIALS)
def test_slopes_of_functions_of_two_numbers(name: str) -> None:
    row, nodes, rng = ROWS[name], inputs_like([0.0, 0.0]), np.random.default_rng(9)
    points = [np.where(rng.uniform(size=400) < 0.5, 1.0, -1.0 if name != "xlogy" else 1.0) * 10.0 ** rng.uniform(-60, 60, 400) for _ in nodes]
    points[1][::2] = abs(points[0][::2]) * (1 + 10.0 ** rng.uniform(-15, 0, 200))  # close to each other
    for node, exact in zip(nodes, PARTIALS[name], strict=True):
        [found] = evaluate([jvp([row(*nodes)], [node], [const(1.0)])[0]], dict(zip(nodes, points, strict=True)))
        for x, y, value in zip(*points, found, strict=True):
            assert ulps(float(value), exact(mp.mpf(float(x)), mp.mpf(float(y)))) <= 4, (x, y)


@pytest.mark.parametrize("order", [(1, 0), (0, 1), (2, 0), (0, 2)], ids=str)
def test_powers_of_very_large_and_small_numbers(order: tuple[int, int]) -> None:
    """x^(y - 1) is x^y/x, whatever y - 1 is rounded to."""
    rng = np.random.default_rng(8)
    xs, ys = 10.0 ** rng.uniform(-150, 150, 300), rng.uniform(-1.6, 1.6, 300)
    with np.errstate(all="ignore"):
        found = ROWS["pow_derivative"].eval(np, xs, ys, *order)
    for x, y, value in zip(xs, ys, found, strict=True):
        a, b = mp.mpf(float(x)), mp.mpf(float(y))
        exact = a ** (b - order[0]) * (mp.log(a) ** order[1] if order[1] else mp.ff(b, order[0]))
        if 1e-290 < abs(exact) < 1e300:
            assert ulps(float(value), exact) <= 4, (x, y)


def test_normalised_exponentials() -> None:
    """Of numbers far apart and of many too: softmax to as many units in the last place as its row says, logsumexp to 4 of those of the largest element where that is larger."""
    rng = np.random.default_rng(4)
    for x in [*rng.uniform(-80, 80, (300, 3)), *rng.uniform(-1, 1, (300, 2)), *(rng.uniform(-40, 0, (300, 3)) * [1e-4, 1, 1]), *rng.uniform(-5, 5, (10, 50))]:
        grown = [mp.exp(mp.mpf(float(v))) for v in x]
        for value, exact in zip(ROWS["softmax"].eval(np, x), grown, strict=True):
            assert ulps(float(value), exact / sum(grown)) <= ROWS["softmax"].facts["ulps"][0], x
        assert ulps(float(ROWS["logsumexp"].eval(np, x)), mp.log(sum(grown)), abs(float(np.max(x)))) <= 4, x


@pytest.mark.parametrize("row", [r for r in elementwise() if not r.hidden and r.arity == 1], ids=named)
def test_a_function_has_one_value(row: Row) -> None:
    """The first call is interpreted, later ones are compiled; constants are computed while the program is read."""
    session = Session()
    session.run(f"f(x) = {row.name}(x)")
    f: Any = session["f"]
    rng = np.random.default_rng(3)
    for x in [float(x) for x in rng.uniform(-3, 3, 60) if x in domains(row)[0] and abs(x) > 0.01][:20]:
        fresh = Session()
        fresh.run(f"f(x) = {row.name}(x)")
        first: Any = fresh["f"]
        assert [f(x), f(x), first(x), session.eval(f"f({x!r})"), session.eval(f"{row.name}({x!r})")] == [f(x)] * 5
