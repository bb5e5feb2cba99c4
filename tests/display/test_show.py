"""``show``: what was written, its kinds and its derivative; beside each other where the screen is wide."""

from __future__ import annotations

import pytest

from calclang import Session
from calclang.display.values import Style, answer
from calclang.lower import formulas

WRITTEN = "f(x, y) = let\n  a = x + 2y^3,  # a remark\n  b = a^2\n  in b"
LONG = "poly(x, y, z) = x^5*y^4*z^3 + 3*x^4*y^3*z^2 - 7*x^3*y^2*z + 11*x^2*y - 13*x*sin(y*z) + exp(x*y*z)/(1 + x^2 + y^2 + z^2)"


def shown(program: str, width: int = 160) -> str:
    value = Session().run(program)[-1].value
    assert value is not None
    return answer(value, Style(width=width))


@pytest.mark.parametrize(
    ("program", "says"),
    [
        (f"{WRITTEN}\nshow f", f"{WRITTEN}\nf(x: R, y: R) → R, or other kinds that fit\ngrad(f) = (x, y) -> [2*(x + 2*y^3), 12*y^2*(x + 2*y^3)]"),
        ("q(x: R^n, A: R^(n×n)) = x'*A*x; show q", "q(x: R^n, A: R^(n×n)) = x'*A*x\nq(x: R^n, A: R^(n×n)) → R\ngrad(q) = (x, A) -> (x = (A + A')*x, A = x*x')"),
        ("h = x -> (x + 1); show h", "x -> (x + 1)\nh(x: R) → R, or other kinds that fit\nderivative(h) = x -> 1"),
        ("f(x, y: R^2) = x*y; show f", "f(x, y: R^2) = x*y\nf(x: R, y: R^2) → R^2, or other kinds that fit\njacobian(f) = (x: R, y) -> (x = y, y = x*eye(2))"),
        ("g(x) = sin(x); show g'", "x -> cos(x)\nderivative(g)(x: R) → R, or other kinds that fit"),
        ("show sin", "sin(x: R) → R\nSine of an angle in radians.\nderivative: x -> cos(x)"),
        ("x = 3; show x", "x: a number, 3"),
        ("v = [1, 2.5]; show v", "v: R^2, [1, 2.5]"),
        ("show zeros(5, 5)", "R^(5×5)"),
        ('show "a"', 'a string, "a"'),
        ("t = 1 < 2; show t", "t: a boolean, true"),
    ],
)
def test_show(program: str, says: str) -> None:
    assert str(Session().run(program)[-1].value) == says


def test_two_columns() -> None:
    left, right = "f(x, y) = let                 ", "f(x: R, y: R) → R, or other kinds that fit"
    wide = shown(f"{WRITTEN}\nshow f").split("\n")
    assert wide[0] == left + right and wide[1].endswith("grad(f) = (x, y) -> [2*(x + 2*y^3), 12*y^2*(x + 2*y^3)]") and len(wide) == 4
    assert shown(f"{WRITTEN}\nshow f", 40).startswith(f"{WRITTEN}\nf(x: R")


@pytest.mark.parametrize("width", [40, 76, 80, 100, 120, 160, 200])
@pytest.mark.parametrize("program", [f"{WRITTEN}\nshow f", f"{LONG}; show poly", f"{LONG}; show grad(poly)", "show sin", "g(x) = let a = x^2, b = exp(a) in a*b + sin(b); show g'''"])
def test_it_fits(program: str, width: int) -> None:
    assert max(map(len, shown(program, width).split("\n"))) <= width


def test_a_long_derivative_is_made_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is too long by one operator is not asked of the others."""
    made = []
    formula_of = formulas.formula_of
    monkeypatch.setattr(formulas, "formula_of", lambda world, fn: (made.append(fn.operator), formula_of(world, fn))[1])
    assert "derivative(f)" not in shown("f(x) = " + "*".join(f"(1 + sin({k}*x)^{k})" for k in range(2, 9)) + "; show f")
    assert made == ["derivative"]
