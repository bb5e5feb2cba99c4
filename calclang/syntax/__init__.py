"""Text → syntax tree and back."""

from __future__ import annotations

from collections.abc import Collection

from calclang.source import Source
from calclang.syntax import tree
from calclang.syntax.format import format_bracketed, format_expr, format_program, format_statement, format_target
from calclang.syntax.prepare import source_of

__all__ = ["format_bracketed", "format_expr", "format_program", "format_statement", "format_target", "incomplete", "parse", "source_of", "tree"]


def parse(source: Source, commands: Collection[str], *, nesting: int = 1_000, length: int = 10_000_000) -> tree.Program:
    """The program of a text. ``commands``: the words that begin a command. Raises `CalcError` (E-SYNTAX, E-LIMIT-…)."""
    from calclang.syntax.reading import parse_program

    return parse_program(source, commands, nesting, length)


def incomplete(text: str, commands: Collection[str]) -> bool:
    """Whether a text only stops too early, so that a prompt may ask for another line.

    >>> incomplete("f(x) =", frozenset()), incomplete("f(x) = x", frozenset()), incomplete("1 + )", frozenset())
    (True, False, False)
    """
    from calclang.syntax import reading

    return reading.incomplete(text, commands)
