"""Commands: points and directions by name, expressions with unknown names, and derivatives explained step by step."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from calclang import CalcError, Session
from calclang.lower import library
from calclang.lower.rules import ALIASES, RULES
from calclang.lower.spoken import SPOKEN
from calclang.registry import table
from calclang.syntax.habits import CONSTANTS, FUNCTIONS, OPERATORS
from calclang.syntax.layout import CLAUSES

# command, the same as calls
SAME: list[tuple[str, str]] = [
    ("taylor x*y at x = 1, y = 2 order 2", "taylor((x, y) -> x*y, at = (1, 2), order = 2)"),
    ("taylor exp(x)*sin(x) at x = 0 order 4", "taylor(x -> exp(x)*sin(x), at = 0, order = 4)"),
    ("taylor x^2*y at (1, 2) order 2 wrt y", "taylor(y -> y, at = 2, order = 2)"),
    ("taylor (x, y) -> x^2*y at (1, 2) order 2 wrt x", "taylor(x -> 2x^2, at = 1, order = 2)"),
    ("taylor (x, y) -> sin(x)*y at (1, 2) order 3 mode reverse", "taylor((x, y) -> sin(x)*y, at = (1, 2), order = 3, mode = forward)"),
    ("taylor cos at 1 order 5 mode reverse", "taylor(cos, at = 1, order = 5)"),
    ("grad (x, y) -> x^2*y wrt x", "(x, y) -> 2*x*y"),
    ("derivative x*y wrt x", "(x, y) -> y"),
    ("grad x^2*y wrt x", "(x, y) -> 2*x*y"),
    ("grad k*x^2", "x -> 2*k*x"),
    ("derivative x*sum(x^2 for x in 1..3)", "x -> 14"),
]


def test_the_reader_knows_all_clauses() -> None:
    """``time grad at 3``: a clause behind a word says that it is no command here."""
    assert {clause for record in table().values() for clause in record.clauses} == set(CLAUSES)


def test_the_reader_knows_all_operators() -> None:
    """``grad (x)`` is no product: the errors of the reader speak of the same operators as the language has."""
    assert set(OPERATORS) == {*RULES, *ALIASES, "taylor"}


def test_the_reader_names_no_function_that_there_is_not() -> None:
    """``sin x`` lacks brackets: what the reader takes for a function or a constant is one in the language, but for ln, as people write log."""
    assert FUNCTIONS - {"ln"} <= {*library.names(), *SPOKEN}
    assert set(library.CONSTANTS) >= CONSTANTS


@pytest.mark.parametrize(("command", "call"), SAME)
def test_the_same_function(command: str, call: str) -> None:
    session = Session()
    session.run("k = 3")
    a, b = session.eval(command), session.eval(call)
    for point in ([0.3, 0.7], [1.5, -0.4]):
        count = len(b.low.parameters)
        assert np.allclose(a(*point[:count]), b(*point[:count]), rtol=1e-13)


VALUES: list[tuple[str, Any]] = [
    ("jvp(f, [1, 2], [1, 0])", 4.0), ("vjp(f, [1, 2], 1)", [4.0, 1.0]), ("hvp(f, (1, 2), (1, 0))", [4.0, 2.0]),
    ("jvp f at x = 1, y = 2 along x = 1, y = 0", 4.0), ("jvp f at x = 1, y = 2 along y = 1, x = 0", 1.0), ("directional f at (1, 2) along x = 1, y = 1", 5.0),
    ("hvp f at x = 1, y = 2 along x = 1, y = 0", [4.0, 2.0]), ("grad k*x^2 wrt k at x = 3, k = 1", 9.0), ("grad x^2*y wrt y at (3, 4)", 9.0),
    ("hessian x^2*y*z wrt x, y at x = 1, y = 2, z = 3", [[12, 6], [6, 0]]),
]  # fmt: skip


@pytest.mark.parametrize(("command", "value"), VALUES)
def test_values(command: str, value: Any) -> None:
    session = Session()
    session.run("f(x, y) = x^2*y; k = 2")
    assert np.allclose(session.eval(command), value)


EXPLAINED: list[tuple[str, list[str]]] = [
    ("explain hessian f at (1, 2)", ["∂grad(f)/∂x = ∂grad(f)/∂a * ∂a/∂x + ∂grad(f)/∂b * ∂b/∂x = [4, 2]", "∂grad(f)/∂y = ∂grad(f)/∂a * ∂a/∂y = [2, 0]"]),
    ("explain jacobian F at (1, 2) mode reverse", ["∂F/∂F = [1, 0; 0, 1]", "∂F/∂x = ∂F/∂a * ∂a/∂x + ∂F/∂b * ∂b/∂x = [2, 1]"]),
    ("explain grad u^2 at u = 3", ["        is   value  local partials        adjoint ∂result/∂·", "  ∂result/∂u = ∂result/∂result * ∂result/∂u = 6"]),
    ("explain grad c at 2", ["x      2                      0", "c  5   5", "  ∂c/∂x = 0"]), ("graph c at 2", ["x  input      2      nothing", "c  input  5   5      result"]),
]  # fmt: skip


@pytest.mark.parametrize(("command", "lines"), EXPLAINED)
def test_explained(command: str, lines: list[str]) -> None:
    session = Session()
    session.run("f(x, y) = x^2*y; F(x, y) = (x*y, x + y); c(x) = let a = 1 in 5")
    text = str(session.run(command)[-1].value)
    assert not [line for line in lines if line not in text], text


def test_arguments_come_first() -> None:
    session = Session()
    session.run("f(x, y, z) = y^2*x")
    text = str(session.run("graph f at (1, 2, 3)")[-1].value)
    assert [line[0] for line in text.split("\n")[1:4]] == ["x", "y", "z"]


LATEX = [
    ("latex x^2/2", r"\frac{x^{2}}{2}"), ("latex grad f", r"\begin{pmatrix} 2 x y \\ x^{2} \end{pmatrix}"), ("latex f", "x^{2} y"),
    ("latex jacobian(f, wrt = x)", "2 x y"), ("latex jacobian f wrt y", "x^{2}"), ("latex grad f at (1, 2)", r"\begin{pmatrix} 4 \\ 1 \end{pmatrix}"),
    ("latex grad (w -> w[1]^2)", r"w \in \mathbb{R}^{n} \mapsto \begin{pmatrix} 2 w_{1} \\ \operatorname{zeros}\left(n - 1\right) \end{pmatrix}"),
    ("latex vjp sin from 2", r"2 \cos\left(x\right)"),
]  # fmt: skip


@pytest.mark.parametrize(("command", "text"), LATEX)
def test_latex_of_formulas(command: str, text: str) -> None:
    session = Session()
    session.run("f(x, y) = x^2*y")
    assert str(session.run(command)[-1].value) == text


ABOUT_PRODUCTS = {
    "check jvp (x -> x .^ 2) at [1, 2] along [1, 0]": "agrees",
    "check vjp (x -> x .^ 2) at [1, 2] from [1, 0]": "agrees",
    "check hvp (x -> sum(x .^ 3)) at [1, 2] along [1, 0]": "agrees",
    "check directional (x -> sum(x .^ 3)) at [1, 2] along [1, 0]": "agrees",
    "cost hvp (x -> sum(x .^ 3)) at [1, 2] along [1, 0]": "forward",
    "time jvp (x -> x .^ 2) at [1, 2] along [1, 0]": "nodes",
}


@pytest.mark.parametrize("command", ABOUT_PRODUCTS)
def test_commands_about_products(command: str) -> None:
    assert ABOUT_PRODUCTS[command] in str(Session().run(command)[-1].value)


@pytest.mark.parametrize("word", ["check", "cost", "time", "latex"])
def test_products_need_their_direction(word: str) -> None:
    with pytest.raises(CalcError, match="jvp needs along"):
        Session().run(f"{word} jvp (x -> x .^ 2)" + (" at [1, 2]" if word != "latex" else ""))


def test_names_in_wrt_are_no_unknowns() -> None:
    """Options that take names as they stand: ``time grad(f, wrt = x)(1, 2)`` is about a number, and a closure captures no ``y``."""
    session = Session()
    session.run("f(x, y) = x^2*y; h = (y -> (u -> grad(f, wrt = y)(u, 1)))(3)")
    assert "nodes" not in str(session.run("time grad(f, wrt = x)(1, 2)")[-1].value)
    assert session.eval("h").source() == "u -> grad(f, wrt = y)(u, 1)"


@pytest.mark.parametrize("command", ["latex f at (1, 2)", "latex x^2 wrt x"])
def test_a_formula_has_no_clauses(command: str) -> None:
    with pytest.raises(CalcError, match="latex has no clause"):
        Session().run(f"f(x, y) = x^2*y; {command}")
