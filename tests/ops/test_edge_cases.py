"""Values and derivatives where the textbook formula breaks down, in every mode. A case has its number for good."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from ops_support import assert_every_mode, evaluate, same

from calclang.ir.apply import const, input_node
from calclang.ir.node import Node, Symbol
from calclang.ops import ROWS
from calclang.ops.contraction import contract
from calclang.ops.vectors import p_norm
from calclang.transforms.operators import jacobian
from calclang.transforms.taylor import taylor

INF, NAN = math.inf, math.nan
R = ROWS


exponent = input_node(Symbol("exponent"), ())  # not varied, and not known while the graph is built


def power(n: float) -> Callable[[Node], Node]:
    return lambda x: R["power"](x, params=(n,))


# number of the case, function, point, order, expected derivative
SCALARS: list[tuple[int, Callable[[Node], Node], float, int, float]] = [
    (1, lambda x: R["abs"](x), 0.0, 1, 0.0),
    (2, lambda x: R["abs"](x), 0.0, 2, 0.0),
    (3, lambda x: R["abs"](x), -0.0, 1, 0.0),
    (4, lambda x: R["sign"](x), 0.0, 1, 0.0),
    (5, lambda x: R["maximum"](x, 2.0), 2.0, 1, 0.5),
    (5, lambda x: R["maximum"](x, 2.0), 2.5, 1, 1.0),
    (6, lambda x: R["maximum"](x, x), 2.0, 1, 1.0),
    (7, lambda x: R["minimum"](x, 2.0), 2.0, 1, 0.5),
    (10, lambda x: R["maximum"](x, 0.0), 0.0, 1, 0.5),
    (10, lambda x: R["maximum"](x, 0.0), -0.0, 1, 0.5),
    (11, lambda x: R["relu"](x), 0.0, 1, 0.0),
    (11, lambda x: R["relu"](x), 1e-9, 1, 1.0),
    (13, lambda x: R["minimum"](R["maximum"](x, 0.0), 1.0), 1.0, 1, 0.5),
    (14, lambda x: R["floor"](x) + R["ceil"](x) + R["round"](x), 0.3, 1, 0.0),
    (15, lambda x: R["floor"](x), 2.0, 1, 0.0),
    (17, lambda x: R["mod"](x, 3.0), 7.5, 1, 1.0),
    (17, lambda x: R["mod"](7.5, x), 3.0, 1, -2.0),
    (29, lambda x: R["sqrt"](x), 0.0, 1, INF),
    (30, lambda x: R["sqrt"](x), -0.0, 1, INF),
    (29, lambda x: R["sqrt"](x), 0.0, 2, -INF),
    (31, lambda x: R["sqrt"](x * x), 0.0, 1, NAN),
    (33, lambda x: R["cbrt"](x), 0.0, 1, INF),
    (34, lambda x: R["cbrt"](power(3.0)(x)), 0.0, 1, NAN),
    (35, lambda x: R["log"](x), 0.0, 1, INF),
    (37, lambda x: R["xlogy"](x, x), 0.0, 1, -INF),
    (38, lambda x: R["xlogy"](x, 3.0), 0.0, 1, math.log(3)),
    (39, lambda y: R["xlogy"](0.0, y), 3.0, 1, 0.0),
    (40, lambda x: R["xlogy"](x, 0.0), 0.0, 1, -INF),
    (40, lambda y: R["xlogy"](0.0, y), 0.0, 1, 0.0),
    (42, lambda x: R["sinc"](x), 0.0, 1, 0.0),
    (43, lambda x: R["sinc"](x), 0.0, 2, -1 / 3),
    (44, lambda x: R["sinc"](x), 0.0, 4, 1 / 5),
    (44, lambda x: R["sinc"](x), 1e-5, 4, 1 / 5 - 1e-10 / 14),
    (44, lambda x: R["sinc"](x), 1e-200, 3, 0.2e-200),
    (46, lambda x: R["asinh"](x), 0.0, 1, 1.0),
    (47, lambda x: R["acos"](x), 1.0, 1, -INF),
    (47, lambda x: R["asin"](x), 1.0, 1, INF),
    (47, lambda x: R["asin"](x), 1.0, 2, INF),
    (47, lambda x: R["acos"](x), -1.0, 1, -INF),
    (48, lambda x: R["acos"](x), 1 + 2**-52, 1, NAN),
    (49, lambda x: R["acosh"](x), 1.0, 1, INF),
    (50, lambda x: R["atanh"](x), 1.0, 1, INF),
    (51, lambda x: R["atan2"](0.0, x), 0.0, 1, NAN),
    (51, lambda y: R["atan2"](y, 0.0), 0.0, 1, NAN),
    (53, lambda x: R["atan2"](0.0, x), -2.0, 1, 0.0),
    (53, lambda y: R["atan2"](y, -2.0), 0.0, 1, -0.5),
    (54, lambda x: R["hypot"](x, 0.0), 0.0, 1, 0.0),
    (59, lambda x: R["tan"](x), math.pi / 2, 1, 2.6670937881135714e32),
    (60, power(2.0), 0.0, 1, 0.0),
    (60, power(7.0), 0.0, 1, 0.0),
    (60, power(2.0), 0.0, 2, 2.0),
    (60, power(3.0), 0.0, 3, 6.0),
    (61, power(1.0), 0.0, 1, 1.0),
    (62, power(0.0), 0.0, 1, 0.0),
    (65, power(0.5), 0.0, 1, INF),
    (65, power(0.5), -0.0, 1, INF),
    (66, power(-1.0), 0.0, 1, -INF),
    (67, lambda y: R["pow"](0.0, y), 2.0, 1, 0.0),
    (68, lambda y: R["pow"](0.0, y), 0.0, 1, NAN),
    (69, power(3.0), -2.0, 1, 12.0),
    (70, lambda y: R["pow"](-2.0, y), 3.0, 1, NAN),
    (72, lambda x: R["pow"](x, x), 0.0, 1, -INF),
    (74, power(1 / 3), -8.0, 1, NAN),
    (79, lambda x: R["softplus"](x), 1000.0, 1, 1.0),
    (79, lambda x: R["softplus"](x), -1000.0, 1, 0.0),
    (79, lambda x: R["softplus"](x), 1000.0, 2, 0.0),
    (81, lambda x: R["sigmoid"](x), -1000.0, 1, 0.0),
    (81, lambda x: R["sigmoid"](x), 1000.0, 2, 0.0),
    (82, lambda x: R["tanh"](x), 1000.0, 1, 0.0),
    (82, lambda x: R["tanh"](x), 1000.0, 2, 0.0),
    (82, lambda x: R["tanh"](x), 20.0, 1, 1.6993417021166355e-17),
    (121, lambda x: R["sin"](x), NAN, 1, NAN),
    (121, lambda x: R["abs"](x), NAN, 1, NAN),
    (121, lambda x: R["relu"](x), NAN, 1, NAN),
]  # fmt: skip


@pytest.mark.parametrize(("row", "f", "at", "n", "expected"), SCALARS, ids=[f"row{c[0]}" for c in SCALARS])
def test_derivative(row: int, f: Callable[[Node], Node], at: float, n: int, expected: float) -> None:
    assert_every_mode(f, at, n, expected)


# number of the case, function, point, value
VALUES: list[tuple[int, str, tuple[float, ...], float]] = [
    (3, "abs", (-0.0,), 0.0), (4, "sign", (0.0,), 0.0), (17, "mod", (-7.0, 3.0), 2.0), (17, "mod", (7.0, -3.0), -2.0),
    (30, "sqrt", (-0.0,), 0.0),
    (37, "xlogy", (0.0, 0.0), 0.0), (42, "sinc", (0.0,), 1.0), (42, "sinc", (-0.0,), 1.0), (51, "atan2", (0.0, 0.0), 0.0),
    (54, "hypot", (0.0, 0.0), 0.0),
    (54, "hypot", (3e200, 4e200), 5e200), (59, "tan", (math.pi / 2,), 1.633123935319537e16), (67, "pow", (0.0, 2.0), 0.0),
    (72, "pow", (0.0, 0.0), 1.0),
    (74, "pow", (-8.0, 1 / 3), NAN), (79, "softplus", (1000.0,), 1000.0), (79, "softplus", (-1000.0,), 0.0),
    (81, "sigmoid", (-1000.0,), 0.0),
    (48, "acos", (1 + 2**-52,), NAN),
]  # fmt: skip


@pytest.mark.parametrize(("row", "name", "arguments", "expected"), VALUES, ids=[f"row{v[0]}-{v[1]}" for v in VALUES])
def test_value(row: int, name: str, arguments: tuple[float, ...], expected: float) -> None:
    with np.errstate(all="ignore"):
        assert same(float(R[name].eval(np, *map(np.float64, arguments))), expected)


@pytest.mark.parametrize(
    ("p", "at", "expected"),
    [(0.0, 0.0, [1, 0, 0, 0, 0]), (2.0, 0.0, [0, 0, 1, 0, 0]), (1.0, 0.0, [0, 1, 0, 0, 0]), (3.0, -2.0, [-8, 12, -6, 1, 0])],
)
def test_rows_60_to_69_with_an_exponent_that_is_an_argument(p: float, at: float, expected: list[float]) -> None:
    """x^p by x, p held: the whole series, and its nested derivatives, with zeros that are exact."""
    x = input_node(Symbol("x"), ())
    series = taylor([R["pow"](x, exponent)], {x: [x, const(1.0)]}, 4)[0]
    assert evaluate(series, {x: at, exponent: p}) == pytest.approx(expected)
    d, factorial = R["pow"](x, exponent), 1.0
    for k in range(5):
        assert evaluate([d], {x: at, exponent: p})[0] == pytest.approx(expected[k] * factorial)
        d, factorial = jacobian(d, [x], "reverse" if k % 2 else "forward")[0], factorial * (k + 1)


def test_row_115_series_of_tan() -> None:
    x = input_node(Symbol("x"), ())
    series = taylor([R["tan"](x)], {x: [const(0.0), const(1.0)]}, 7)[0]
    assert evaluate(series, {}) == pytest.approx([0, 1, 0, 1 / 3, 0, 2 / 15, 0, 17 / 315], abs=1e-16)


def test_row_36_what_is_not_used_has_an_exact_zero() -> None:
    x, y = input_node(Symbol("x"), ()), input_node(Symbol("y"), ())
    for mode in ("forward", "reverse"):
        [zero] = jacobian(R["log"](x), [y], mode)
        assert evaluate([zero], {x: 0.0, y: 1.0}) == [0.0]


def test_row_84_overflow_gives_infinities_and_no_nan() -> None:
    a, b = input_node(Symbol("a"), ()), input_node(Symbol("b"), ())
    y = a * R["exp"](-b)
    for mode in ("forward", "reverse"):
        assert evaluate(jacobian(y, [a, b], mode), {a: 1.0, b: -1000.0}) == [INF, -INF]


# ---- vectors -------------------------------------------------------------------------------------


def gradients(f: Callable[[Node], Node], at: list[float]) -> list[Any]:
    """The gradient forwards, backwards, and by Taylor mode along each axis."""
    x = input_node(Symbol("x"), (len(at),))
    y = f(x)
    value = np.array(at)
    found = evaluate([jacobian(y, [x], "forward")[0], jacobian(y, [x], "reverse")[0]], {x: value})
    axes = [evaluate(taylor([y], {x: [x, const(e)]}, 1)[0], {x: value})[1] for e in np.eye(len(at))]
    return [*found, np.array(axes)]


VECTORS: list[tuple[int, Callable[[Node], Node], list[float], list[float]]] = [
    (8, lambda x: R["largest"](x), [1.0, 3.0, 3.0, 3.0], [0, 1 / 3, 1 / 3, 1 / 3]),
    (8, lambda x: R["smallest"](x), [1.0, 3.0, 1.0, 3.0], [0.5, 0, 0.5, 0]),
    (9, lambda x: p_norm(x, INF), [-2.0, 1.0, 2.0], [-0.5, 0, 0.5]),
    (54, lambda x: R["norm"](x), [0.0, 0.0], [0, 0]),
    (54, lambda x: R["norm"](x), [3e200, -4e200], [0.6, -0.8]),
    (54, lambda x: R["norm"](x), [3e-200, -4e-200], [0.6, -0.8]),
    (55, lambda x: R["norm"](x) ** 2, [0.0, 0.0], [0, 0]),
    (75, lambda x: R["logsumexp"](x), [1000.0, 1000.0], [0.5, 0.5]),
    (76, lambda x: R["logsumexp"](x), [0.0, -INF], [1, 0]),
    (77, lambda x: R["logsumexp"](x), [-INF, -INF], [0, 0]),
    (78, lambda x: R["logsumexp"](x), [0.0, INF], [0, 1]),
    (85, lambda x: R["prod"](x), [2.0, 0.0, 3.0, 4.0], [0, 24, 0, 0]),
    (85, lambda x: R["prod"](x), [2.0, 0.0, 0.0, 4.0], [0, 0, 0, 0]),
]  # fmt: skip


@pytest.mark.parametrize(("row", "f", "at", "expected"), VECTORS, ids=[f"row{v[0]}" for v in VECTORS])
def test_gradient(row: int, f: Callable[[Node], Node], at: list[float], expected: list[float]) -> None:
    forward, reverse, along = gradients(f, at)
    assert np.allclose(forward, expected, rtol=1e-15, atol=0, equal_nan=True)
    assert np.allclose(reverse, expected, rtol=1e-15, atol=0, equal_nan=True)
    if np.isfinite(at).all():  # along an axis an infinite element stays: the zeros of the axis meet it
        assert np.allclose(along, expected, rtol=1e-15, atol=0)


@pytest.mark.parametrize(
    ("at", "expected"),
    [([1000.0, 1000.0], 1000.693147180560), ([0.0, -INF], 0.0), ([-INF, -INF], -INF), ([0.0, INF], INF), ([NAN, 0.0], NAN)],
)
def test_rows_75_to_78_values(at: list[float], expected: float) -> None:
    with np.errstate(all="ignore"):
        assert same(float(R["logsumexp"].eval(np, np.array(at))), expected)


def test_row_56_hessian_of_the_norm_at_zero_is_undefined() -> None:
    x = input_node(Symbol("x"), (2,))
    gradient = jacobian(R["norm"](x), [x], "reverse")[0]
    for mode in ("forward", "reverse"):
        assert np.isnan(evaluate(jacobian(gradient, [x], mode), {x: np.zeros(2)})[0]).all()


def test_row_85_second_derivatives_of_a_product_with_zeros() -> None:
    x = input_node(Symbol("x"), (3,))
    hessian = jacobian(jacobian(R["prod"](x), [x], "reverse")[0], [x], "reverse")[0]
    assert np.array_equal(evaluate([hessian], {x: np.array([0.0, 0.0, 5.0])})[0], [[0, 5, 0], [5, 0, 0], [0, 0, 0]])


@pytest.mark.parametrize("row", [90])
def test_row_90_products_of_nothing(row: int) -> None:
    x = input_node(Symbol("x"), (0,))
    gradient = jacobian(R["prod"](x), [x], "reverse")[0]
    assert R["prod"].eval(np, np.zeros(0)) == 1
    assert gradient.shape == (0,)


def test_row_105_frobenius_norm_of_zero() -> None:
    x = input_node(Symbol("X"), (2, 2))
    for mode in ("forward", "reverse"):
        assert np.array_equal(evaluate(jacobian(R["frobenius"](x), [x], mode), {x: np.zeros((2, 2))})[0], np.zeros((2, 2)))


# ---- matrices ------------------------------------------------------------------------------------

SINGULAR = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0], [7.0, 8.0, 9.0]])


@pytest.mark.parametrize(("row", "name"), [(98, "logdet"), (99, "inv")])
def test_singular_matrices_raise(row: int, name: str) -> None:
    with pytest.raises(np.linalg.LinAlgError):
        R[name].eval(np, np.ones((2, 2)))
    with pytest.raises(np.linalg.LinAlgError):
        R["solve"].eval(np, np.ones((2, 2)), np.ones(2))


def test_row_99_cotangent_of_the_inverse() -> None:
    x, g = input_node(Symbol("X"), (3, 3)), np.arange(9.0).reshape(3, 3)
    a = SINGULAR + np.diag([1.0, -2.0, 3.0])
    weighted = contract([const(g), R["inv"](x)], ["ij", "ij"], "")
    y = np.linalg.inv(a)
    for mode in ("forward", "reverse"):
        assert np.allclose(evaluate(jacobian(weighted, [x], mode), {x: a})[0], -y.T @ g @ y.T, rtol=1e-12)


def test_row_100_cotangents_of_solve() -> None:
    a, b = input_node(Symbol("A"), (3, 3)), input_node(Symbol("b"), (3,))
    values = {a: SINGULAR + np.eye(3), b: np.array([1.0, -2.0, 0.5])}
    g = np.array([1.0, 2.0, -1.0])
    weighted = contract([const(g), R["solve"](a, b)], ["i", "i"], "")
    x, w = np.linalg.solve(values[a], values[b]), np.linalg.solve(values[a].T, g)
    for mode in ("forward", "reverse"):
        by_a, by_b = evaluate(jacobian(weighted, [a, b], mode), values)
        assert np.allclose(by_a, -np.outer(w, x), rtol=1e-12)
        assert np.allclose(by_b, w, rtol=1e-12)


def test_determinant_at_singular_matrices() -> None:
    """The cofactors, their derivative and the series, where no inverse exists."""
    x = input_node(Symbol("X"), (3, 3))
    det = R["det"](x)
    gradient = jacobian(det, [x], "reverse")[0]
    hessian = jacobian(gradient, [x], "reverse")[0]
    found, second = evaluate([gradient, hessian], {x: SINGULAR})
    assert np.allclose(found, [[-3, 6, -3], [6, -12, 6], [-3, 6, -3]], atol=1e-13)
    e = np.array([[0.5, -1, 2], [1, 0, 1], [0, 3, -2.0]])
    coefficients = evaluate(taylor([det], {x: [const(SINGULAR), const(e)]}, 4)[0], {})
    exact = np.polynomial.polynomial.polyfit(np.arange(4.0), [np.linalg.det(SINGULAR + t * e) for t in range(4)], 3)
    assert np.allclose(coefficients, [*exact, 0], atol=1e-11)
    assert np.sum(second * e[:, :, None, None] * e) / 2 == pytest.approx(exact[2], rel=1e-12)


@pytest.mark.parametrize("n", [4, 5])
def test_determinant_of_rank_n_minus_two_has_no_gradient_but_a_hessian(n: int) -> None:
    x = input_node(Symbol("X"), (n, n))
    gradient = jacobian(R["det"](x), [x], "reverse")[0]
    flat = np.diag([1.0] * (n - 2) + [0.0, 0.0])
    hessian = jacobian(gradient, [x], "reverse")[0]
    found, second = evaluate([gradient, hessian], {x: flat})
    assert np.allclose(found, 0, atol=1e-14)
    assert second[-1, -1, -2, -2] == pytest.approx(1)
    assert second[-1, -2, -2, -1] == pytest.approx(-1)
    assert np.sum(np.abs(second)) == pytest.approx(4)


# ---- warnings ------------------------------------------------------------------------------------

KINKS: list[tuple[int, str, tuple[Any, ...], tuple[Any, ...], bool]] = [
    (1, "abs", (0.0,), (), True), (1, "abs", (1.0,), (), False), (4, "sign", (0.0,), (), True), (5, "maximum", (2.0, 2.0), (), True),
    (8, "largest", (np.array([1.0, 1.0]),), (), True), (8, "smallest", (np.array([1.0, 2.0]),), (), False),
    (8, "smallest", (np.array([1.0, 1.0, 2.0]),), (), True),
    (11, "relu", (0.0,), (), True), (15, "floor", (2.0,), (), True), (15, "round", (2.5,), (), True), (15, "round", (2.0,), (), False),
    (29, "sqrt", (0.0,), (), True), (33, "cbrt", (0.0,), (), True), (40, "xlogy", (0.0, 0.0), (), True),
    (40, "xlogy", (0.0, 1.0), (), False),
    (47, "acos", (1.0,), (), True), (47, "asin", (-1.0,), (), True), (49, "acosh", (1.0,), (), True), (51, "atan2", (0.0, 0.0), (), True),
    (54, "hypot", (0.0, 0.0), (), True), (54, "norm", (np.zeros(2),), (), True), (54, "norm", (np.ones(2),), (), False),
    (65, "power", (0.0,), (0.5,), True),
    (65, "power", (0.0,), (2.0,), False), (77, "logsumexp", (np.array([-INF, -INF]),), (), True),
    (78, "logsumexp", (np.array([0, INF]),), (), True),
    (78, "logsumexp", (np.array([0, -INF]),), (), False), (105, "frobenius", (np.zeros((2, 2)),), (), True),
]  # fmt: skip


@pytest.mark.parametrize(("row", "name", "arguments", "params", "expected"), KINKS, ids=[f"row{k[0]}-{k[1]}" for k in KINKS])
def test_kinks_are_told(row: int, name: str, arguments: tuple[Any, ...], params: tuple[Any, ...], expected: bool) -> None:
    assert any(np.any(kink.at(*arguments, *params)) for kink in R[name].kinks) == expected
