"""What to write instead of a formula that everybody stumbles over."""

from __future__ import annotations

import pytest

from calclang import Session


@pytest.mark.parametrize(
    ("program", "says"),
    [
        ("f(x) = sqrt(x^2); f'(0)", "abs(x)"), ("f(x) = sqrt((x - 1)*(x - 1)); f'(1)", "abs(x-1)"), ("f(x) = (x²)^(1/2); f'(0)", "abs(x)"),
        ("f(v) = sqrt(v[1]^2); grad(f)([0, 1])", "abs(v[1])"), ("f(x) = cbrt(x^3); f'(0)", "the cube root of x^3 is x"),
        ("f(x, y) = sqrt(x^2 + y^2); grad(f)(0, 0)", "hypot(x, y)"), ("f(x) = sqrt(2*x^2); f'(0)", ""), ("f(x, y) = sqrt(x^2 + 3*y^2); grad(f)(0, 0)", ""),
    ],
)  # fmt: skip
def test_square_roots_of_squares(program: str, says: str) -> None:
    [warning] = Session().run(program)[-1].warnings
    assert says in warning.help and bool(says) == ("abs" in warning.help or "hypot" in warning.help or "cube" in warning.help)
