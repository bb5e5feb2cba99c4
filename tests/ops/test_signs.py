"""What a sign does not change is computed without it: the same values, and derivatives where the absolute value has none."""

from __future__ import annotations

from math import inf, nan

import numpy as np
import pytest

from calclang import Session
from calclang.backends.python.interpret import evaluate
from calclang.ir.apply import input_node
from calclang.ir.node import Node, Symbol
from calclang.ops import ROWS
from calclang.ops.lengths import length_power, times
from calclang.ops.structure import stack
from calclang.ops.vectors import norm

POINTS = np.array([0.0, -0.0, 0.1, -0.1, 1 / 3, -3.7, 1e-170, -1e-170, 1e160, -1e160, inf, -inf, nan])
BODIES = (
    "cosh(abs(x))", "cos(-abs(x)*x)", "sech(abs(x)/3)", "sinc(abs(x))", "sec(abs(x))", "abs(abs(x)*x)", "abs(-2*x)", "abs(x^2 + cosh(x))", "abs(x*x/1)", "(abs(x)*x/7)^2", "(-abs(x))^4",
    "abs(x)*x*abs(x)", "(abs(x)*3)*(0.1*abs(x))", "relu(3*x^2)", "max(x^2, 0)", "max(0, exp(x) + x^4)", "norm([abs(x), -2*x])", "norm([x, 1]*abs(x))", "hypot(abs(x), -x)", "norm([abs(x), 3], 3)",
    "abs(sqrt(x^2 + 3))", "abs(mean([x^2, 4])/7)", "max(expm1(x^2), 0)", "abs(x^2/(1 + x^2))", "relu(erf(x*x) + log1p(x^2) + tanh(x^2) + asinh(x^4))", "norm([x^2, x^4], 1)", "norm([abs(x), 2; x, 1])",
)  # fmt: skip


def written_out(body: str) -> str:
    """The same program with absolute values that nothing is known of."""
    return body.replace("abs(", "size(").replace("relu(", "ramp(").replace("max(", "larger(")


@pytest.mark.parametrize("body", BODIES)
def test_values_are_the_same(body: str) -> None:
    session = Session()
    session.run(
        "set ieee true\nsize(x) = if x > 0 then x else if x < 0 then -x else if x == 0 then 0 else x\n"
        "ramp(x) = if x > 0 then x else if x <= 0 then 0 else x\nlarger(a, b) = if a > b then a else if a <= b then b else a + b\n"
        f"f(x) = {body}\ng(x) = {written_out(body)}"
    )
    for at in POINTS:
        session["at"] = at
        # (Norms may round in another way: a branch runs for arrays, f as compiled scalars.)
        found, expected = (session.eval(f"{name}(at)") for name in "fg")
        assert found == expected or np.allclose(found, expected, rtol=1e-15 if "norm" in body else 0, atol=0, equal_nan=True), at  # type: ignore[arg-type]
        assert np.isnan(found) or np.copysign(1, found) == np.copysign(1, expected), at  # type: ignore[arg-type, call-overload]


@pytest.mark.parametrize(("c", "d", "p"), [(3.0, 1.0, 2.0), (1.0, 3.0, 2.0), (0.1, 7.0, 3.0), (2.0, 1.0, 5.0), (0.3, 2**0.5, 4.0)])
def test_powers_of_multiples_are_the_same(c: float, d: float, p: float) -> None:
    x = input_node(Symbol("x"), (3,))
    multiple = c * norm(x) / d
    made = length_power(multiple, p)
    assert made.op.name == "norm_power"
    points = np.random.default_rng(0).normal(size=(50, 3))
    for at in points:
        expected = evaluate([ROWS["power"](multiple, params=(p,))], {x: at})[0]
        assert evaluate([made], {x: at})[0] == pytest.approx(expected, rel=1e-15)


def test_products_of_multiples_are_powers() -> None:
    x = input_node(Symbol("x"), (3,))
    r = norm(x) / 3
    assert times(r, r) is length_power(r, 2) and times(length_power(r, 2), r) is length_power(r, 3)
    assert times(2 * norm(x), norm(x)) is 2 * length_power(norm(x), 2)
    assert times(r, norm(x)).op.name == "contract"  # rounds in another way


def test_factors_out_of_range_are_left_alone() -> None:
    x = input_node(Symbol("x"), (3,))
    made: list[Node] = [length_power(1e200 * norm(x), 2), length_power(-1.5 * norm(x), 3), length_power(stack(x, x, params=(0,)), 2)]
    assert [n.op.name for n in made] == ["power"] * 3
