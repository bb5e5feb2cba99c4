"""Derivatives beside the formula that a person writes: what is shown is no longer, and is the same function."""

from __future__ import annotations

import pytest
from formula_support import assert_same, case, source

from calclang import Session

# program, derivative, what a person writes (with the parameters as they are shown)
BY_HAND: list[tuple[str, str, str]] = [
    ("f(x) = sin(x)/x", "f'", "x -> cos(x)/x - sin(x)/x^2"),
    ("f(x) = tan(x)", "f''", "x -> 2*tan(x)*(tan(x)^2 + 1)"),
    ("f(x) = x/(1 + x^2)", "f'", "x -> (1 - x^2)/(1 + x^2)^2"),
    ("f(x) = sqrt(1 + x^2)", "f'", "x -> x/sqrt(1 + x^2)"),
    ("f(x) = sqrt(1 + x^2)", "f''", "x -> 1/(1 + x^2)^(3/2)"),
    ("f(x) = exp(-x^2/2)/sqrt(2*pi)", "f''", "x -> (x^2 - 1)*exp(-x^2/2)/sqrt(2*pi)"),
    ("f(x) = x^2*exp(-x)", "f'", "x -> x*exp(-x)*(2 - x)"),
    ("f(x) = log(log(x + 1))", "f'", "x -> 1/((x + 1)*log(x + 1))"),
    ("f(x) = atan(x)", "f''", "x -> -2*x/(x^2 + 1)^2"),
    ("f(x) = (x - 1)/(x + 1)", "f''", "x -> -4/(x + 1)^3"),
    ("f(x) = 1/(1 + exp(-x))", "f'", "x -> sigmoid(x)*(1 - sigmoid(x))"),
    ("f(x) = sin(x)^2 + cos(x)^2", "f'", "x -> 0"),
    ("f(x) = x^x", "f'", "x -> x^x*(log(x) + 1)"),
    ("f(x) = cosh(x)^2 - sinh(x)^2", "f'", "x -> 0"),
    ("f(x) = tanh(x)^2", "f'", "x -> 2*tanh(x)*sech(x)^2"),
    ("f(x, y) = x*y/(x + y)", "grad(f)", "(x, y) -> [y^2/(x + y)^2, x^2/(x + y)^2]"),
    ("f(x, y) = sqrt(x^2 + y^2)", "grad(f)", "(x, y) -> [x/sqrt(x^2 + y^2), y/sqrt(x^2 + y^2)]"),
    ("f(x: R^n) = norm(x)^2/2", "grad(f)", "x -> x"),
    ("f(x: R^n) = x/norm(x)", "jacobian(f)", "(x: R^n) -> eye(n)/norm(x) - x*x'/norm(x)^3"),
    ("f(x: R^n, A: R^(m×n), b: R^m, c) = norm(A*x - b)^2 + c*norm(x)^2", "grad(f, wrt = x)", "(x, A, b, c) -> 2*(A' * (A*x - b) + c*x)"),
    ("f(x: R^n, A: R^(m×n), b: R^m, c) = norm(A*x - b)^2 + c*norm(x)^2", "hessian(f, wrt = x)", "(x: R^n, A: R^(m×n), b, c: R) -> 2*(A'*A + c*eye(n))"),
    ("f(x: R^n, m: R^n, S: R^(n×n)) = exp(-(x - m)'*inv(S)*(x - m)/2)", "grad(f, wrt = x)", "(x, m, S) -> -exp(-(x - m)'*inv(S)*(x - m)/2)*(inv(S) + inv(S)')*(x - m)/2"),
    ("f(X: R^(m×n)) = log(det(X*X'))", "grad(f)", "X -> 2*inv(X*X')*X"),
    ("f(X: R^(n×n)) = log(det(X)^2)", "grad(f)", "X -> 2*inv(X)'"),
    ("f(X: R^(n×n)) = tr(X'*X)", "grad(f)", "X -> 2*X"),
    ("f(X: R^(n×n)) = tr(X^3)", "grad(f)", "X -> 3*(X*X)'"),
    ("f(x: R^n) = sum(x .^ 3)", "hessian(f)", "x -> 6*diag(x)"),
    ("f(x: R^n) = mean(x)", "grad(f)", "(x: R^n) -> ones(n)/n"),
    ("f(x: R^n) = sum(x .* log(x))", "grad(f)", "x -> log(x) + 1"),
    ("f(p: R^n, q: R^n) = sum(p .* log(p ./ q))", "grad(f)", "(p, q) -> (p = log(p ./ q) + 1, q = -p ./ q)"),
    ("f(z: R^n, y: R^n) = -sum(y .* log(softmax(z)))", "grad(f, wrt = z)", "(z, y) -> sum(y)*softmax(z) - y"),
    ("f(x: R^n) = logsumexp(x)", "hessian(f)", "x -> diag(softmax(x)) - softmax(x)*softmax(x)'"),
    ("f(w: R^n, X: R^(m×n), y: R^m) = sum(log(1 + exp(-y .* (X*w))))", "grad(f, wrt = w)", "(w, X, y) -> -X' * (y .* sigmoid(-y .* (X*w)))"),
    ("f(x) = 3*x^5 - 2*x^3 + x/7", "f'", "x -> 15*x^4 - 6*x^2 + 1/7"),
    ("f(a, b, c) = (-b + sqrt(b^2 + 4*a*c))/(2*a)", "grad(f, wrt = c)", "(a, b, c) -> 1/sqrt(b^2 + 4*a*c)"),
    ("f(r, h) = pi*r^2*h/3", "grad(f)", "(r, h) -> [2*pi*r*h/3, pi*r^2/3]"),
    ("f(x, m, s) = exp(-(x - m)^2/(2*s^2))/(s*sqrt(2*pi))", "grad(f, wrt = x)", "(x, m, s) -> -(x - m)*exp(-(x - m)^2/(2*s^2))/(s^3*sqrt(2*pi))"),
    ("f(x) = det([x, 1; 2, x])", "f'", "x -> 2*x"),
    ("f(x) = det([x, 1, 2; 3, x, 1; x, 0, x])", "f'", "x -> 3*x^2 - 4*x - 2"),
]  # fmt: skip


@pytest.mark.parametrize(("program", "derivative", "written"), BY_HAND, ids=map(case, BY_HAND))
def test_no_longer_than_by_hand(program: str, derivative: str, written: str) -> None:
    session = Session()
    session.run(program)
    assert len(source(session, derivative)) <= len(written)
    assert_same(session, derivative)
    assert_same(session, derivative, written)
