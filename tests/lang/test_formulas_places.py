"""Formulas of functions that read places which are sizes: ``x[n]``, ``x[end]``, ``A[i, i]``, ``x[end..-1..1]``."""

from __future__ import annotations

import numpy as np
import pytest
from formula_support import assert_shown, case, source

from calclang import CalcError, Session

# program, derivative, what is shown
SHOWN: list[tuple[str, str, str]] = [
    ("f(x: R^n) = x[n]^2", "grad(f)", "(x: R^n) -> [zeros(n - 1); 2*x[n]]"),
    ("f(x: R^n) = x[n]^2", "hessian(f)", "(x: R^n) -> 2*t1*t1' where t1 = eye(n)[:, n]"),
    ("f(x: R^n) = x[end]*x[1]", "hessian(f)", "(x: R^n) -> t1*t2' + t2*t1' where t1 = eye(n)[:, n], t2 = eye(n)[:, 1]"),
    ("f(x: R^n) = x[n-1]*x[n]", "grad(f)", "(x: R^n) -> [zeros(n - 2); x[n]; x[n - 1]]"),
    ("f(x: R^n) = x[1]^2*x[2]", "hessian(f)", "(x: R^n) -> [2*x[2], 2*x[1], zeros(1, n - 2); 2*x[1], 0, zeros(1, n - 2); zeros(n - 2, n)]"),
    ("f(x: R^n) = 3*x[1]*x[2]", "hessian(f)", "(x: R^n) -> [0, 3, zeros(1, n - 2); 3, 0, zeros(1, n - 2); zeros(n - 2, n)]"),
    ("f(A: R^(m×n)) = A[1, 2]^2 + A[2, 1]", "grad(f)", "(A: R^(m×n)) -> [0, 2*A[1, 2], zeros(1, n - 2); 1, 0, zeros(1, n - 2); zeros(m - 2, n)]"),
    ("f(A: R^(m×n)) = A[1, 1]*A[1, 2]", "grad(f)", "(A: R^(m×n)) -> [A[1, 2], A[1, 1], zeros(1, n - 2); zeros(m - 1, n)]"),
    ("f(x: R^n) = norm(x[n-1..n])", "grad(f)", "(x: R^n) -> [zeros(n - 2); t1/norm(t1)] where t1 = x[n - 1..n]"),
    ("f(x: R^n) = sum(x[end..-1..1] .* x)", "grad(f)", "x -> 2*reverse(x)"),
    ("f(A: R^(n×n)) = sum(A[i, i]^2 for i in 1..n)", "grad(f)", "A -> 2*diag(diag(A))"),
    ("f(A: R^(n×n)) = sum(A[i, i] for i in 1..n)", "grad(f)", "(A: R^(n×n)) -> eye(n)"),
    ("f(A: R^(n×n)) = A[n, n]", "grad(f)", "(A: R^(n×n)) -> t1*t1' where t1 = eye(n)[:, n]"),
    ("f(A: R^(m×n)) = norm(A[:, n])", "grad(f)", "(A: R^(m×n)) -> A[:, n]*eye(n)[:, n]'/norm(A[:, n])"),
    ("f(A: R^(m×n)) = norm(A[end, :])^2", "grad(f)", "(A: R^(m×n)) -> 2*eye(m)[:, m]*A[m, :]'"),
]  # fmt: skip


@pytest.mark.parametrize(("program", "derivative", "shown"), SHOWN, ids=map(case, SHOWN))
def test_shown(program: str, derivative: str, shown: str) -> None:
    assert_shown(program, derivative, shown)


def test_the_diagonal_is_read_at_array_speed_and_within_its_bounds() -> None:
    session = Session()
    session.run("f(A) = sum(i*A[i, i]^2 for i in 1..n)\nn = 40")
    a = np.random.default_rng(3).normal(size=(40, 40))
    session["a"] = a
    assert np.allclose(session.eval("grad(f)(a)"), np.diag(2 * np.arange(1, 41) * np.diag(a)))
    session.run("n = 41")
    with pytest.raises(CalcError, match="E-INDEX"):
        session.eval("f(a)")


def test_a_place_that_may_lie_behind_the_last_is_no_formula() -> None:
    session = Session()
    session.run("f(x: R^n, y: R^m) = x[m]")
    assert source(session, "grad(f)") == "grad(f)"
    assert np.array_equal(session.eval("grad(f, wrt = x)([1, 2, 3], [1, 2])"), [0, 1, 0])
