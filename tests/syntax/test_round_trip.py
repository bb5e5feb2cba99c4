"""What is written is read back as the same tree."""

from __future__ import annotations

from hypothesis import given, settings

from calclang.source import Source
from calclang.syntax import format_expr, format_program, parse
from calclang.syntax import tree as t
from tests.syntax.trees import expressions, programs

COMMANDS = frozenset({"grad", "time", "show"})


def read(text: str) -> t.Program:
    return parse(Source("test", text), COMMANDS)


@given(expressions)
@settings(max_examples=400, deadline=None)
def test_expressions(e: t.Expr) -> None:
    text = format_expr(e)
    (statement,) = read(f"f() = {text}").statements
    assert isinstance(statement, t.Definition)
    assert statement.value == e, text
    assert format_expr(statement.value) == text


@given(programs)
@settings(max_examples=200, deadline=None)
def test_programs(program: t.Program) -> None:
    text = format_program(program)
    assert read(text) == program, text
    assert format_program(read(text)) == text


def test_deep() -> None:
    """Long chains and deep brackets are written without recursion."""
    left: t.Expr = t.Name("x")
    right: t.Expr = t.Name("x")
    inner: t.Expr = t.Name("x")
    for _ in range(10_000):
        left = t.Binary("-", left, t.Name("x"))
        right = t.Binary("-", t.Name("x"), right)
        inner = t.Call(t.Name("f"), (t.Prime(t.Unary("-", inner)),))
    assert format_expr(left) == "x" + " - x" * 10_000
    assert format_expr(right) == "x - (" * 9_999 + "x - x" + ")" * 9_999
    assert format_expr(inner) == "f((-" * 10_000 + "x" + ")')" * 10_000
    assert read(format_expr(left)).statements == (t.Show(left),)
