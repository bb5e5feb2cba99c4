"""Elementwise rows in every mode: against high precision, and forward, reverse and Taylor against each other."""

from __future__ import annotations

import itertools
import math
from functools import partial
from typing import Any

import mpmath as mp
import numpy as np
import pytest
from ops_reference import REFERENCE
from ops_support import (
    ELEMENTWISE,
    FAMILIES,
    JUMPS,
    NOWHERE,
    array_cases,
    derivatives,
    domains,
    elementwise,
    evaluate,
    inner,
    inputs_like,
    interior,
    named,
    number,
    parameters,
    same,
    samples,
)

from calclang.ir.apply import const, input_node
from calclang.ir.budget import Budget, charging
from calclang.ir.node import Node, Symbol
from calclang.ir.verify import verify
from calclang.ops import ROWS, Row
from calclang.transforms.operators import jvp
from calclang.transforms.taylor import taylor

# ---- first derivatives, elementwise, against high precision --------------------------------------


def evaluate_reference(row: Row, params: tuple[Any, ...], t: Any) -> Any:
    return REFERENCE[row.name](t, *params)


def exact_derivatives(row: Row, arguments: tuple[float, ...], params: tuple[Any, ...], place: int, n: int) -> Any:
    def f(t: Any) -> Any:
        return REFERENCE[row.name](*(t if i == place else mp.mpf(a) for i, a in enumerate(arguments)), *params)

    return mp.diff(f, mp.mpf(arguments[place]), n)


@ELEMENTWISE
def test_partials_against_high_precision(row: Row) -> None:
    """Inside the domain and 1e-5 from its ends; second and third derivatives inside."""
    if row.name in ("pow_derivative", "sinc_derivative"):
        pytest.skip("its reference is itself a numeric derivative; test_families_are_derivatives does it")
    for params in parameters(row):
        nodes = inputs_like([0.0] * (row.arity or 1))
        y = row(*nodes, params=params)
        for place, arguments in itertools.product(range(row.arity or 1), interior(row)):
            values = dict(zip(nodes, arguments, strict=True))
            d = y
            for n in (1, 2, 3):
                d = jvp([d], [nodes[place]], [const(1.0)])[0]
                exact = float(mp.re(exact_derivatives(row, arguments, params, place, n)))
                assert number(evaluate([d], values)[0]) == pytest.approx(exact, rel=1e-11, abs=1e-11), (arguments, params, place, n)


@pytest.mark.parametrize("row", [r for r in elementwise() if r.arity == 1 and r.name not in JUMPS | {"sinc_derivative"}], ids=named)
def test_slope_near_the_ends(row: Row) -> None:
    """No digits are lost close to where a function ends or far out."""
    for params in parameters(row):
        x = inputs_like([0.0])[0]
        slope = jvp([row(x, params=params)], [x], [const(1.0)])[0]
        for (at,) in samples(row):
            if abs(at) < 1e-299 or (abs(at) == 1e5 and row.name in NOWHERE) or at in (domains(row)[0].low, domains(row)[0].high):
                continue
            f = partial(evaluate_reference, row, params)
            exact = mp.re(mp.diff(f, mp.mpf(at), h=mp.mpf(abs(at)) * mp.mpf(10) ** -25, direction=0))
            value = number(evaluate([slope], {x: at})[0])
            if 1e-290 < abs(exact) < 1e300:
                far = 1e-12 if row.name in ("gelu", "gamma") else 1e-13
                assert value == pytest.approx(float(exact), rel=far, abs=0), (at, params)


@pytest.mark.parametrize("name", ["pow_derivative", "sinc_derivative", "polygamma"])
def test_families_are_derivatives(name: str) -> None:
    """A partial of a family is its next member, whose value the test of values has checked."""
    row = ROWS[name]
    for params in parameters(row):
        nodes = inputs_like([0.0] * (row.arity or 1))
        y = row(*nodes, params=params)
        for k in range(row.arity or 1):
            d = jvp([y], [nodes[k]], [const(1.0)])[0]
            assert d.op is row
            assert sum(d.params) == sum(params) + 1


# ---- modes against each other --------------------------------------------------------------------

EDGES = (0.0, -0.0, 1.0, -1.0, 1000.0, -1000.0, math.inf, -math.inf, math.nan)


@pytest.mark.parametrize("row", [r for r in elementwise() if r.arity == 1], ids=named)
def test_modes_agree_at_edges(row: Row) -> None:
    """Also at ±0, ends of domains, infinities and nan: forward, reverse, their nestings and Taylor give one number."""
    for params, at, n in itertools.product(parameters(row), EDGES, (1, 2)):
        found = derivatives(lambda x: row(x, params=params), at, n)  # noqa: B023
        first = found["f" * n]
        if row.name == "power" and math.isinf(at):
            del found["taylor"]  # its recurrence divides by x
        if row.name == "shorter_leg" and abs(at) == 1 and n == 2:
            continue  # inf - inf: only the third derivative of acosh and its kin at 1 asks for it
        assert all(same(v, first, 1e-6) for v in found.values()), (params, at, n, found)


@ELEMENTWISE
def test_modes_agree_inside(row: Row) -> None:
    """Orders 1 to 3 by every nesting, along a curve through both arguments."""
    for params, arguments in itertools.product(parameters(row), interior(row)[:2]):
        rates = (1.0, -0.7)

        def along(t: Node) -> Node:
            return row(*(const(a) + r * t for a, r in zip(arguments, rates, strict=False)), params=params)  # noqa: B023

        for n in (1, 2, 3):
            found = derivatives(along, 0.0, n)
            size = max(map(abs, found.values()))
            assert max(found.values()) - min(found.values()) <= 1e-11 * size + 1e-13, (params, arguments, n, found)


@pytest.mark.parametrize("row", [r for r in elementwise() if r.arity == 1 and r.name not in JUMPS | {"sinc_derivative"}], ids=named)
def test_taylor_against_high_precision(row: Row) -> None:
    for params in parameters(row):
        x = inputs_like([0.0])[0]
        coefficients = taylor([row(x, params=params)], {x: [x, const(1.0)]}, 8)[0]
        for at in inner(domains(row)[0])[:2]:
            exact = [mp.re(c) for c in mp.taylor(lambda t: REFERENCE[row.name](t, *params), mp.mpf(at), 8)]  # noqa: B023
            size = max(abs(float(c)) for c in exact)
            assert np.allclose(evaluate(coefficients, {x: at}), [float(c) for c in exact], rtol=1e-11, atol=1e-12 * size), (at, params)


@ELEMENTWISE
def test_taylor_starts_anywhere(row: Row) -> None:
    """The coefficient 0 may be any node, and curves may bend: the series of row(a + b t + c t^2) is that of the composition."""
    for params, arguments in itertools.product(parameters(row), interior(row)[:1]):
        nodes = inputs_like(arguments)
        t = input_node(Symbol("t"), ())
        curve = [a + 0.3 * t - 0.2 * t**2 for a in nodes]
        values = dict(zip(nodes, arguments, strict=True)) | {t: 0.0}
        composed = taylor([row(*curve, params=params)], {t: [t, const(1.0)]}, 8)[0]
        fresh = inputs_like(arguments, "s")
        given = {s: [a, const(0.3), const(-0.2)] for s, a in zip(fresh, nodes, strict=True)}
        direct = taylor([row(*fresh, params=params)], given, 8)[0]
        assert np.allclose(evaluate(direct, values), evaluate(composed, values), rtol=1e-12, atol=1e-13)


def grown(row: Row, arguments: list[Any], params: tuple[Any, ...], n: int) -> int:
    """How many nodes are made for all coefficients up to n, of a curve whose coefficients are all there."""
    fresh = inputs_like(arguments)
    series = {x: [input_node(Symbol("c"), x.shape) for _ in range(n + 1)] for x in fresh if np.asarray(0.0).dtype.kind == "f"}
    with charging(Budget()) as used:
        verify(taylor([row(*fresh, params=params)], series, n)[0])
    return used.made


GROWTH = [(r, [0.0] * (r.arity or 1), p) for r in elementwise() for p in parameters(r)] + [
    c for c in array_cases() if c[0].name not in ("share", "select")
]


@pytest.mark.parametrize(("row", "arguments", "params"), GROWTH, ids=lambda v: v.name if isinstance(v, Row) else "")
def test_taylor_grows_like_the_square_of_the_order(row: Row, arguments: list[Any], params: tuple[Any, ...]) -> None:
    if (row.name == "coprod" and params[0] > 1) or (row.name == "det_change" and len(arguments) > 2):
        pytest.skip("a third derivative of a product: arrays of rank 4 and more, as many as the order")
    eight, sixteen = (grown(row, arguments, params, n) for n in (8, 16))
    assert sixteen <= 13_000
    assert sixteen <= (8 if row.name in FAMILIES else 4.6) * eight + 40
