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
    JUMPS,
    NOWHERE,
    derivatives,
    domains,
    elementwise,
    evaluate,
    inputs_like,
    interior,
    named,
    number,
    parameters,
    same,
    samples,
)

from calclang.ir.apply import const, input_node
from calclang.ir.node import Symbol
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
    """Orders 1 to 3 by each argument, inside the domain."""
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

LEGS = {"longer_leg", "shorter_leg"}  # far out their second derivative cancels: the slopes of asinh and its kin have larger terms beside it
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
        close = 1e-6 if row.name in LEGS else 1e-12
        assert all(same(v, first, close) for v in found.values()), (params, at, n, found)


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
