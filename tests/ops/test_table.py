"""Every row of the table, by loops over the table itself: a row without a sample or a reference fails. Values, columns, formulas."""

from __future__ import annotations

import itertools
import math
from typing import Any

import mpmath as mp
import numpy as np
import pytest
from ops_reference import REFERENCE, reference
from ops_reference_arrays import ARRAY_REFERENCE
from ops_samples import ARRAYS
from ops_support import (
    ELEMENTWISE,
    NOWHERE,
    allowed,
    array_cases,
    domains,
    elementwise,
    evaluate,
    inner,
    inputs_like,
    interior,
    named,
    number,
    parameters,
    points,
    rows,
    same,
    samples,
    size_of,
    ulps,
)

from calclang import Session
from calclang.ir.apply import const, input_node
from calclang.ir.node import Symbol, order
from calclang.ir.verify import verify
from calclang.ops import ROWS, Row
from calclang.transforms.operators import jacobian
from calclang.transforms.taylor import taylor

# ---- completeness --------------------------------------------------------------------------------


def test_every_row_has_a_reference_or_a_sample() -> None:
    assert {r.name for r in elementwise()} == set(REFERENCE)
    assert {r.name for r in rows("linear", "custom")} | {"contract"} == set(ARRAYS) == set(ARRAY_REFERENCE)


@pytest.mark.parametrize("row", ROWS.values(), ids=named)
def test_columns_are_complete(row: Row) -> None:
    assert row.doc.endswith(".")
    assert row.boolean or row.kind != "fn" or row.domain is not None
    assert all(kink.says and not kink.says.endswith(".") for kink in row.kinks)
    assert all(math.__dict__[row.native] for _ in [0] if row.native)


# ---- values --------------------------------------------------------------------------------------


@ELEMENTWISE
def test_value(row: Row) -> None:
    tried = 0
    for params in parameters(row):
        for arguments in samples(row):
            exact = reference(row, arguments, params)
            if exact is None or not 1e-290 < abs(exact) < 1e300 and exact != 0:
                continue
            with np.errstate(all="ignore"):
                value = number(row.eval(np, *map(np.float64, arguments), *params))
            tried += 1
            if row.name in ("pow_derivative", "sinc_derivative", "polygamma"):  # sums of terms of either sign
                assert value == pytest.approx(float(exact), rel=1e-12, abs=1e-15), (arguments, params)
            else:
                assert ulps(value, exact, size_of(row, arguments)) <= allowed(row), (arguments, params, value, float(exact))
    assert tried >= 3


@pytest.mark.parametrize("row", [r for r in elementwise() if r.reliable], ids=named)
def test_reliable_rows_tell_numpy(row: Row) -> None:
    """A nan or an infinity born here raises NumPy's flags, so nobody need look for it."""
    edges = (0.0, -0.0, 1.0, -1.0, 0.5, 2.0, -3.0, 710.5, -710.5, 1e-310, 1e308, -1e308, 1e200)
    for params, arguments in itertools.product(parameters(row), itertools.product(edges, repeat=row.arity or 1)):
        arrays = [np.array([a]) for a in arguments]
        with np.errstate(all="ignore"):
            finite = np.isfinite(row.eval(np, *arrays, *params)).all()
        if not finite:
            with np.errstate(divide="raise", over="raise", invalid="raise"), pytest.raises(FloatingPointError):
                row.eval(np, *arrays, *params)


def scalar_code(row: Row) -> str:
    names = ["x", "y", "z"][: row.arity]
    return row.scalar.format(*names) if row.scalar else f"{row.native}({', '.join(names)})"


@pytest.mark.parametrize("row", [r for r in rows("fn") if (r.scalar or r.native) and r.name != "power"], ids=named)
def test_scalar_code_agrees_with_arrays(row: Row) -> None:
    """Where the scalar code answers, it answers the same; where it raises, the array form is not finite or too large."""
    code = compile(scalar_code(row), row.name, "eval")
    ds = domains(row) if row.domain else ((None,) * (row.arity or 1))
    extra = (0.0, -0.0, 1.0, -1.0, 710.5, -710.5, math.nan)
    for arguments in itertools.product(*(sorted(points(d)) + list(extra) if d else [0.0, 1.0, -1.0] for d in ds)):
        values = [bool(a > 0) for a in arguments] if row.name in ("both", "either", "negation") else list(arguments)
        with np.errstate(all="ignore"):
            expected = row.eval(np, *map(np.asarray, values))
        try:
            got = eval(code, dict(vars(math)), dict(zip("xyz", values, strict=False)))
        except (ValueError, ArithmeticError):
            assert not np.isfinite(expected) or abs(expected) > 1e300 or 0 in arguments, (arguments, expected)
            continue
        close = max(8, allowed(row)) * 2.3e-16
        least = 1e-15 if row.name == "lgamma" else 1e-300  # it has zeros
        assert same(float(got), float(expected), close) or abs(got - expected) < least, (arguments, got, expected)


@ELEMENTWISE
def test_nan_gives_nan(row: Row) -> None:
    """A nan is never lost in a number (x^0 is 1 for every x, as IEEE has it)."""
    for params in parameters(row):
        for place in range(row.arity or 1):
            arguments = [np.float64(inner(d)[0]) for d in domains(row)]
            arguments[place] = np.float64(math.nan)
            with np.errstate(all="ignore"):
                value = number(row.eval(np, *arguments, *params))
            assert math.isnan(value) or params in [(0.0,)], (params, place)


FAR = 1e15


@pytest.mark.parametrize("row", [r for r in elementwise() if r.arity == 1 and r.name not in ("power", "polygamma")], ids=named)
def test_infinity_is_the_limit_or_nan(row: Row) -> None:
    for params, at in itertools.product(parameters(row), (math.inf, -math.inf)):
        with np.errstate(all="ignore"):
            value = number(row.eval(np, np.float64(at), *params))
        if row.name in NOWHERE or at not in domains(row)[0]:
            assert math.isnan(value) or row.name in ("gamma", "lgamma"), at
            continue
        if math.isnan(value):
            assert (row.name, at) in {("gelu", -math.inf)}
            continue
        far = REFERENCE[row.name](mp.mpf(math.copysign(FAR, at)), *params)
        assert (abs(far) > 10 and math.copysign(math.inf, far) == value) or abs(far - mp.mpf(value)) < 1e-5, at


def test_results_of_rounding_are_never_minus_zero() -> None:
    for name, x in itertools.product(("floor", "ceil", "round"), (-0.0, -0.3, 0.3)):
        assert math.copysign(1, number(ROWS[name].eval(np, np.float64(x)))) == 1 or number(ROWS[name].eval(np, np.float64(x))) == -1


# ---- graphs and formulas -------------------------------------------------------------------------


@ELEMENTWISE
def test_results_of_transforms_are_well_formed(row: Row) -> None:
    for params, shape in itertools.product(parameters(row), ((), (3,), (2, 2))):
        nodes = [input_node(Symbol("x"), shape) for _ in range(row.arity or 1)]
        y = row(*nodes, params=params)
        firsts = [jacobian(y, nodes, mode) for mode in ("forward", "reverse")]
        seconds = [jacobian(d, nodes, "reverse") for ds in firsts for d in ds]
        verify([y, *firsts[0], *firsts[1], *(d for ds in seconds for d in ds)])
        verify(taylor([y], {x: [x, x] for x in nodes}, 3)[0])


@pytest.mark.parametrize("row", [r for r in ROWS.values() if "formula" in r.facts], ids=named)
def test_formula_is_the_same_function(row: Row) -> None:
    """What is shown in place of a form built for accuracy."""
    cases: list[tuple[Any, Any]] = (
        [(a, p) for a in interior(row) for p in parameters(row)] if row.kind == "fn" else [(s.arguments, s.params) for r, s in array_cases() if r is row]
    )
    for arguments, params in cases:
        nodes = inputs_like(arguments)
        y = row(*nodes, params=params)
        formula = row.facts["formula"](*nodes, y, *params)
        if formula is None:
            continue
        found = evaluate([y, formula], dict(zip(nodes, arguments, strict=True)))
        assert np.allclose(found[0], found[1], rtol=1e-12, atol=1e-14)


def test_scalars_stretch_in_elementwise_rows() -> None:
    x = input_node(Symbol("x"), (3,))
    y = ROWS["atan2"](x, 2.0)
    assert y.shape == (3,)
    verify([y])
    assert np.allclose(evaluate([y], {x: np.arange(3.0)})[0], np.arctan2(np.arange(3.0), 2.0))


def test_taylor_is_not_recursive() -> None:
    """A long chain of operations needs no deep stack."""
    x = input_node(Symbol("x"), ())
    y = x
    for _ in range(3000):
        y = ROWS["sin"](y)
    assert len(order(taylor([y], {x: [x, const(1.0)]}, 2)[0])) > 3000


# ---- examples ------------------------------------------------------------------------------------


@pytest.mark.parametrize("row", [r for r in ROWS.values() if r.example], ids=named)
def test_example_runs(row: Row) -> None:
    assert [r.value for r in Session().run(row.example) if r.shown]
