"""Ranges that end at a size of an argument: indices and comprehensions have shapes and derivatives before the size is known."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from calclang import CalcError, Session

X = np.array([0.5, -1.5, 2.0, 1.0])

# definitions, whose kinds are checked before there are values, and f([0.5, -1.5, 2, 1])
VALUES: list[tuple[str, Any]] = [
    ("f(x: R^n) = sum(v^2 for v in x)", 7.5), ("f(x: R^n) = sum(v for v in x if v > 0)", 3.5), ("f(x: R^n) = sum(x[2..n])", 1.5), ("f(x: R^n) = x[1..n-1] - x[2..end]", [2.0, -3.5, 1.0]),
    ("f(x: R^n) = sum(x[i]*x[i+1] for i in 1..n-1)", -1.75), ("f(x: R^n) = [i*x[i] for i in 1..n]", [0.5, -3.0, 6.0, 4.0]), ("f(x: R^n) = fold((a, b) -> a + b, 0, x)", 2.0),
    ("f(x: R^n) = sum(x[n + 1 - i]*x[i] for i in 1..n)", -5.0), ("f(x: R^n) = sum(x[i] for i in 1..2..n)", 2.5), ("f(x: R^n) = sum(x[j] for i in 1..n, j in 1..i)", 2.5),
    ("f(x: R^n) = sum(map(t -> det([t, 1; 2, t]), x))", -0.5), ("f(x: R^n) = sum(x[n..n-1])", 0.0), ("f(x: R^n) = (let m = n - 1 in sum(x[1..m]))", 1.0), ("f(x: R^n) = sum(x[1..n-1][2..n-1])", 0.5),
]  # fmt: skip


@pytest.mark.parametrize(("program", "value"), VALUES)
def test_values(program: str, value: Any) -> None:
    session = Session()
    session.run(program)
    f: Any = session["f"]
    assert np.allclose(f(X), value)
    session.run("check jacobian f at [0.5, -1.5, 2, 1]")
    assert session.eval("jacobian(f)").source()


@pytest.mark.parametrize(("program", "said"), [
    ("f(x: R^n) = x[2..n] + x", "the lengths n - 1 and n differ"), ("f(x: R^n) = x[1..n+1]\nf([1, 2])", "1..2"), ("f(x: R^n) = sum(x[i+1] for i in 1..n)\nf(ones(9))", "1..9"),
    ("f(x: R^n) = x[0..n]\nf([1, 2])", "1..2"), ("f(x: R^n, y: R^m) = x[1..m]\nf([1, 2], [1, 2, 3])", "1..2"),
])  # fmt: skip
def test_what_lies_outside_is_an_error(program: str, said: str) -> None:
    with pytest.raises(CalcError) as error:
        Session().run(program)
    assert said in error.value.message
