"""Formulas of derivatives as a person sees them: short, and read back in the same session they are the same function."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from calclang import Session
from calclang.values import Row

# program, derivative, what is shown
SHOWN: list[tuple[str, str, str]] = [
    ("f(x: R^n) = sum(x[i]^2 for i in 1..3)", "grad(f)", "(x: R^n) -> [2*x[1]; 2*x[2]; 2*x[3]; zeros(n - 3)]"),
    ("f(x: R^n) = x[2]", "grad(f)", "(x: R^n) -> eye(n)[:, 2]"),
    ("f(x: R^n) = norm(x)", "grad(f)", "x -> x/norm(x)"),
    ("f(x: R^n) = norm(x)", "hessian(f)", "(x: R^n) -> eye(n)/norm(x) - x*x'/norm(x)^3"),
    ("f(x: R^n) = norm(x, 3)", "grad(f)", "x -> x .* abs(x) / norm(x, 3)^2"),
    ("f(x) = 2^x", "derivative(f)", "x -> 0.6931471805599453*2^x"),
    ("f(x) = sin(3.141592653589793*x)", "derivative(f)", "x -> pi*cos(pi*x)"),
]  # fmt: skip


@pytest.mark.parametrize(("program", "derivative", "shown"), SHOWN, ids=[f"{d} of {p}" for p, d, _ in SHOWN])
def test_shown(program: str, derivative: str, shown: str) -> None:
    session = Session()
    session.run(program)
    assert source(session, derivative) == shown
    assert_same(session, derivative)


# program, derivative: names that the formula would use mean something else
REDEFINED: list[tuple[str, str]] = [
    ("inv = 3\nf(A: R^(n×n)) = det(A)", "grad(f)"), ("sum(x) = 3*x\nf(x: R^n) = logsumexp(x)", "hessian(f)"), ("pi = 3\nf(x) = sin(3.141592653589793*x)", "derivative(f)"),
    ("f(log) = 2^log * log", "derivative(f)"), ("f(pi) = 3.141592653589793*pi^2", "derivative(f)"), ("f(cos) = sin(cos)", "derivative(f)"), ("e = 3\nf(x) = e^x", "derivative(f)"),
    ("abs(x) = x\nf(x: R^n) = norm(x, 3)", "grad(f)"), ("eye(n) = n\nf(x: R^n) = norm(x)", "hessian(f)"), ("k = 2\nf(x) = k*x^3", "derivative(f)"),
]  # fmt: skip


@pytest.mark.parametrize(("program", "derivative"), REDEFINED)
def test_redefined_names_do_not_change_their_meaning_in_a_formula(program: str, derivative: str) -> None:
    session = Session()
    session.run(program)
    assert_same(session, derivative)


def source(session: Session, text: str) -> str:
    shown: Any = session.eval(text)
    return str(shown.source())


def assert_same(session: Session, derivative: str) -> None:
    """The derivative and what is shown of it have the same value."""
    f: Any = session["f"]
    parameter = f.low.parameters[0]
    rank = len(parameter.kind.dims) if parameter.kind else 0
    point = np.random.default_rng(1).uniform(0.5, 1.5, (4,) * rank) if rank else 0.7
    function, shown = (session.eval(t) for t in (derivative, source(session, derivative)))
    found, expected = (g(point) for g in (shown, function))  # type: ignore[operator]
    assert isinstance(found, Row) == isinstance(expected, Row)
    assert np.allclose(np.asarray(getattr(found, "array", found)), np.asarray(getattr(expected, "array", expected)), rtol=1e-12)
