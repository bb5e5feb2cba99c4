"""Formulas where axes change: ``vec``, ``reshape``, ``kron`` of arrays whose sizes are names."""

from __future__ import annotations

import pytest
from formula_support import assert_same, assert_shown, case, source

from calclang import Session

# program, derivative, what is shown
SHOWN: list[tuple[str, str, str]] = [
    ("f(X: R^(m×n)) = vec(X)", "jacobian(f)", "(X: R^(m×n)) -> [delta(i, (k - 1)*m + j) for i in 1..m*n, j in 1..m, k in 1..n]"),
    ("f(X: R^(m×n)) = vec(X)", "jacobian(f, flatten = true)", "(X: R^(m×n)) -> eye(m*n)"),
    ("f(X: R^(m×n)) = sum(vec(X) .^ 3)", "grad(f)", "X -> 3*X .^ 2"),
    ("f(X: R^(m×n)) = sum(sin(vec(X)) + vec(X))", "grad(f)", "X -> cos(X) + 1"),
    ("f(X: R^(m×n)) = sum(vec(X) .^ 3)", "hessian(f)", "(X: R^(m×n)) -> [6*X[i, j]*delta(i, k)*delta(j, l) for i in 1..m, j in 1..n, k in 1..m, l in 1..n]"),
    ("f(X: R^(m×n), M: R^((m*n)×(m*n))) = vec(X)'*M*vec(X)", "grad(f, wrt = X)", "(X: R^(m×n), M: R^((m*n)×(m*n))) -> reshape((M + M')*vec(X), m, n)"),
    ("f(X: R^(m×n), M: R^((m*n)×(m*n))) = vec(X)'*M*vec(X)", "hessian(f, wrt = X)", "(X: R^(m×n), M: R^((m*n)×(m*n))) -> [M[(j - 1)*m + i, (l - 1)*m + k] + M[(l - 1)*m + k, (j - 1)*m + i] for i in 1..m, j in 1..n, k in 1..m, l in 1..n]"),
    ("f(X: R^(m×n), A: R^(m×m)) = vec(A*X)'*vec(X)", "grad(f)", "(X, A) -> (X = (A + A')*X, A = X*X')"),
    ("f(X: R^(m×n), A: R^(p×m), B: R^(n×q)) = A*X*B", "jacobian(f, wrt = X, flatten = true)", "(X, A, B) -> kron(B', A)"),
    ("f(X: R^(n×n)) = X*X", "jacobian(f, flatten = true)", "(X: R^(n×n)) -> kron(eye(n), X) + kron(X', eye(n))"),
    ("f(X: R^(n×n)) = inv(X)", "jacobian(f, flatten = true)", "X -> -kron(inv(X)', inv(X))"),
    ("f(x: R^n, y: R^m) = kron(x, y)", "jacobian(f)", "(x: R^n, y: R^m) -> (x = kron(eye(n), y), y = kron(x, eye(m)))"),
    ("f(A: R^(n×n), B: R^(m×m)) = tr(kron(A, B))", "grad(f)", "(A: R^(n×n), B: R^(m×m)) -> (A = tr(B)*eye(n), B = tr(A)*eye(m))"),
    ("f(A: R^(m×n), B: R^(p×q)) = sum(kron(A, B))", "grad(f)", "(A: R^(m×n), B: R^(p×q)) -> (A = sum(B)*ones(m, n), B = sum(A)*ones(p, q))"),
    ("f(A: R^(m×n), B: R^(p×q), x: R^(n*q)) = norm(kron(A, B)*x)^2", "grad(f, wrt = x)", "(A, B, x) -> 2*kron(A, B)'*kron(A, B)*x"),
]  # fmt: skip

# program, derivative: there is a formula, by entries
BY_ENTRIES: list[tuple[str, str]] = [
    ("f(A: R^(m×n), B: R^(p×q)) = kron(A, B)", "jacobian(f)"),
    ("f(A: R^(m×n), B: R^(p×q), x: R^(n*q)) = norm(kron(A, B)*x)^2", "grad(f)"),
    ("f(A: R^(n×n), B: R^(m×m)) = det(kron(A, B))", "grad(f)"),
    ("f(A: R^(n×n), x: R^n) = kron(A, eye(n))*kron(x, x)", "jacobian(f)"),
    ("f(X: R^(m×n)) = X'", "jacobian(f, flatten = true)"),
]


@pytest.mark.parametrize(("program", "derivative", "shown"), SHOWN, ids=map(case, SHOWN))
def test_shown(program: str, derivative: str, shown: str) -> None:
    assert_shown(program, derivative, shown)


@pytest.mark.parametrize(("program", "derivative"), BY_ENTRIES)
def test_by_entries(program: str, derivative: str) -> None:
    session = Session()
    session.run(program)
    assert " for " in source(session, derivative)
    assert_same(session, derivative)
