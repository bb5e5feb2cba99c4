"""Every row of the table, in every mode: the loops run over the table itself, so a row without a sample or a reference fails."""

from __future__ import annotations

import itertools
import math
from functools import partial
from typing import Any

import mpmath as mp
import numpy as np
import pytest
from ops_support import (
    ARRAYS,
    REFERENCE,
    array_cases,
    derivatives,
    domains,
    elementwise,
    evaluate,
    inner,
    inputs_like,
    parameters,
    points,
    reference,
    rows,
    same,
)  # fmt: skip

from calclang.ir.apply import const, input_node
from calclang.ir.node import Node, Symbol, budget, order
from calclang.ir.verify import verify
from calclang.ops import ROWS, Row
from calclang.transforms.forward import forward
from calclang.transforms.operators import jacobian, jvp
from calclang.transforms.reverse import reverse
from calclang.transforms.taylor import taylor

named = lambda row: row.name
ELEMENTWISE = pytest.mark.parametrize("row", elementwise(), ids=named)
CASES = pytest.mark.parametrize(("row", "arguments", "params"), array_cases(), ids=lambda v: v.name if isinstance(v, Row) else "")
JUMPS = {"sign", "floor", "ceil", "round", "quotient", "mod", "above", "step"}  # piecewise: differences across a jump mean nothing
FAMILIES = {"sinc", "sinc_derivative", "gamma", "lgamma", "digamma", "polygamma"}  # a new derivative of each order: cubic


def number(x: Any) -> float:
    return float(np.asarray(x))


def ulps(value: float, exact: Any) -> float:
    """The distance from the exact value in units of its last place."""
    return float(abs(mp.mpf(value) - exact) / mp.mpf(math.ulp(float(exact))))


def samples(row: Row) -> list[tuple[float, ...]]:
    """Points of the domain, ends among them; for two arguments the pairs of fewer."""
    ds = domains(row)
    if len(ds) == 1:
        return [(p,) for p in points(ds[0])]
    return list(itertools.product(*(points(d)[:: 3 if len(points(d)) > 8 else 1] for d in ds)))


def interior(row: Row) -> list[tuple[float, ...]]:
    first, *rest = map(inner, domains(row))
    return [(x, *(1.3 * ys[-1 - i] for ys in rest)) for i, x in enumerate(first)]


# ---- completeness --------------------------------------------------------------------------------


def test_every_row_has_a_reference_or_a_sample() -> None:
    assert {r.name for r in elementwise()} == set(REFERENCE)
    assert {r.name for r in rows("linear", "custom")} == set(ARRAYS)


@pytest.mark.parametrize("row", ROWS.values(), ids=named)
def test_columns_are_complete(row: Row) -> None:
    assert row.doc.endswith(".")
    assert row.boolean or row.kind != "fn" or row.domain is not None
    assert row.hidden or row.name == "stack" or row.latex
    assert all(kink.says and not kink.says.endswith(".") for kink in row.kinks)
    assert all(math.__dict__[row.native] for _ in [0] if row.native)


# ---- values --------------------------------------------------------------------------------------


@ELEMENTWISE
def test_value(row: Row) -> None:
    allowed = row.facts.get("ulps", 4)
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
                assert ulps(value, exact) <= allowed, (arguments, params, value, float(exact))
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
        close = row.facts.get("ulps", 8) * 2.3e-16
        least = 1e-15 if "ulps" in row.facts else 1e-300
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
NOWHERE = {"sin", "cos", "tan", "sec", "csc", "cot", "sinc", "sinc_derivative"}  # no value at infinity: nan


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
                far = 1e-10 if row.name in ("erf", "erfc", "gelu", "gamma") else 1e-13  # exp(-x^2): the rounding of x^2 grows
                assert value == pytest.approx(float(exact), rel=max(far, 1e-14)), (at, params)


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
    before = budget().made
    verify(taylor([row(*fresh, params=params)], series, n)[0])
    return budget().made - before


GROWTH = [(r, [0.0] * (r.arity or 1), p) for r in elementwise() for p in parameters(r)] + [
    c for c in array_cases() if c[0].name not in ("share", "select")
]


@pytest.mark.parametrize(("row", "arguments", "params"), GROWTH, ids=lambda v: v.name if isinstance(v, Row) else "")
def test_taylor_grows_like_the_square_of_the_order(row: Row, arguments: list[Any], params: tuple[Any, ...]) -> None:
    if (row.name == "coprod" and params[0] > 1) or (row.name == "det_change" and len(arguments) > 2):
        pytest.skip("a third derivative of a product: arrays of rank 4 and more, as many as the order")
    eight, sixteen = (grown(row, arguments, params, n) for n in (8, 16))
    assert sixteen <= 8000
    assert sixteen <= (8 if row.name in FAMILIES else 4.6) * eight + 40


# ---- rows on arrays ------------------------------------------------------------------------------


def numeric(row: Row, arguments: list[Any], params: tuple[Any, ...], k: int) -> Any:
    """The Jacobian by argument k from differences of fourth order."""
    h = 1e-3
    columns = []
    for place in np.ndindex(np.shape(arguments[k])):

        def at(s: float) -> Any:
            moved = [np.array(a, dtype=float) if i == k else a for i, a in enumerate(arguments)]
            moved[k][place] += s  # noqa: B023
            return np.asarray(row.eval(np, *moved, *params))

        columns.append((at(-2 * h) - 8 * at(-h) + 8 * at(h) - at(2 * h)) / (12 * h))
    result = np.stack(columns, axis=-1)
    return result.reshape(result.shape[:-1] + np.shape(arguments[k]))


def smooth(row: Row, arguments: list[Any]) -> list[int]:
    """The arguments to differentiate by."""
    return [k for k, a in enumerate(arguments) if np.asarray(a).dtype.kind == "f" and row.name != "share"]


def nodes_for(arguments: list[Any]) -> list[Node]:
    return [const(a) if np.asarray(a).dtype == bool else x for a, x in zip(arguments, inputs_like(arguments), strict=True)]


@CASES
def test_arrays_first_and_second_derivatives(row: Row, arguments: list[Any], params: tuple[Any, ...]) -> None:
    nodes = nodes_for(arguments)
    values = dict(zip(nodes, arguments, strict=True))
    y = row(*nodes, params=params)
    assert y.shape == np.shape(row.eval(np, *arguments, *params))
    for k in smooth(row, arguments):
        both = [jacobian(y, [nodes[k]], "forward")[0], jacobian(y, [nodes[k]], "reverse")[0]]
        seconds = [jacobian(d, [nodes[j]], m)[0] for d in both for m in ("forward", "reverse") for j in smooth(row, arguments)]
        verify([*both, *seconds])
        f, r = evaluate(both, values)
        assert np.allclose(f, r, rtol=1e-12, atol=1e-13)
        assert np.allclose(f, numeric(row, arguments, params, k), rtol=1e-7, atol=1e-8)
        found = evaluate(seconds, values)
        quarter = len(found) // 4
        for other in (found[i * quarter : (i + 1) * quarter] for i in (1, 2, 3)):
            for a, b in zip(found, other, strict=False):
                assert np.allclose(a, b, rtol=1e-11, atol=1e-11)


@CASES
def test_arrays_second_derivative_against_differences(row: Row, arguments: list[Any], params: tuple[Any, ...]) -> None:
    nodes = nodes_for(arguments)
    for k in smooth(row, arguments):
        gradient = jacobian(row(*nodes, params=params), [nodes[k]], "reverse")[0]
        second = jacobian(gradient, [nodes[k]], "reverse")[0]
        found = evaluate([second], dict(zip(nodes, arguments, strict=True)))[0]
        h = 1e-4
        for place in np.ndindex(np.shape(arguments[k])):
            step = np.zeros(np.shape(arguments[k]))
            step[place] = h
            up, down = (
                evaluate([gradient], dict(zip(nodes, [a + s * step if i == k else a for i, a in enumerate(arguments)], strict=True)))[0]
                for s in (1, -1)
            )
            assert np.allclose(found[(..., *place)], (up - down) / (2 * h), rtol=1e-5, atol=1e-5)


@CASES
def test_arrays_taylor(row: Row, arguments: list[Any], params: tuple[Any, ...]) -> None:
    """Along a line, against nested forward mode to order 4."""
    nodes = nodes_for(arguments)
    moving = smooth(row, arguments)
    if not moving:
        return
    steps = [0.3 * np.random.default_rng(k).standard_normal(np.shape(arguments[k])) for k in moving]
    given = [input_node(Symbol("d"), np.shape(s)) for s in steps]
    values = dict(zip(nodes, arguments, strict=True)) | dict(zip(given, steps, strict=True))
    nested = [row(*nodes, params=params)]
    coefficients = taylor(nested, {nodes[k]: [nodes[k], d] for k, d in zip(moving, given, strict=True)}, 4)[0]
    for _ in range(4):
        nested += jvp([nested[-1]], [nodes[k] for k in moving], given)
    verify(coefficients)
    verify(nested)
    for k, (c, d) in enumerate(zip(evaluate(coefficients, values), evaluate(nested, values), strict=True)):
        assert np.shape(c) == coefficients[k].shape
        assert np.allclose(c, d / math.factorial(k), rtol=1e-11, atol=1e-11), k


@CASES
def test_arrays_leading_axes(row: Row, arguments: list[Any], params: tuple[Any, ...]) -> None:
    """Evaluation works slice by slice over leading axes (of all arguments; of the right side only for solve)."""
    many = [np.stack([a, a + 0.25 if np.asarray(a).dtype.kind == "f" else a]) for a in arguments]
    if row.name == "share":
        many[1] = np.max(many[0], axis=-1)
    if row.name == "det_change":
        many[0] = arguments[0]
    if row.name in ("solve", "select"):
        many[0] = arguments[0]
    together = row.eval(np, *many, *params)
    for i in (0, 1):
        alone = row.eval(np, *(m if np.shape(m) == np.shape(a) else m[i] for m, a in zip(many, arguments, strict=True)), *params)
        assert np.allclose(together[i], alone, rtol=1e-13, atol=1e-14)


@pytest.mark.parametrize(
    ("row", "arguments", "params"), [c for c in array_cases() if c[0].kind == "linear"], ids=lambda v: v.name if isinstance(v, Row) else ""
)
def test_transposes(row: Row, arguments: list[Any], params: tuple[Any, ...]) -> None:
    """<A dx, g> = <dx, A'g>."""
    rng = np.random.default_rng(5)
    nodes = nodes_for(arguments)
    y = row(*nodes, params=params)
    g = rng.standard_normal(y.shape)
    values = dict(zip(nodes, arguments, strict=True))
    for k in smooth(row, arguments):
        dx = rng.standard_normal(np.shape(arguments[k]))
        moved = forward([y], {nodes[k]: const(dx)})[0]
        sent = reverse({y: const(g)}, [nodes[k]])[0]
        assert moved is not None
        assert sent is not None
        left, right = evaluate([moved, sent], values)
        assert np.sum(left * g) == pytest.approx(np.sum(dx * right), rel=1e-13)


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
        [(a, p) for a in interior(row) for p in parameters(row)] if row.kind == "fn" else [(a, p) for r, a, p in array_cases() if r is row]
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
    try:
        from calclang.session import Session
    except ImportError:
        pytest.skip("there is no session yet")
    assert [r.value for r in Session().run(row.example) if r.shown]
