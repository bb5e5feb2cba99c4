"""Texts of several parts: beside each other where the screen is wide, else below each other."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import wrap

from calclang.values import Text

GAP = "   "
LEAST = 20  # columns that are taken, however narrow the screen


def aligned(rows: Sequence[Sequence[str]], right: Sequence[int] = ()) -> list[str]:
    """Rows of a table as lines, with two blanks between the columns; those in ``right`` end below each other.

    >>> aligned([("value", "9"), ("x", "10")], right=[1])
    ['value   9', 'x      10']
    """
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    turned = [[cell.rjust(w) if k in right else cell.ljust(w) for k, (cell, w) in enumerate(zip(row, widths, strict=True))] for row in rows]
    return ["  ".join(row).rstrip() for row in turned]


def beside(left: str, right: str) -> str:
    """Two columns."""
    a, b = left.split("\n"), right.split("\n")
    width = max(map(len, a))
    rows = max(len(a), len(b))
    a, b = a + [""] * (rows - len(a)), b + [""] * (rows - len(b))
    return "\n".join(f"{x.ljust(width)}{GAP}{y}".rstrip() for x, y in zip(a, b, strict=True))


def folded(text: str, width: int, indent: str = "") -> list[str]:
    """Prose on lines of at most so many columns, broken at blanks where that is possible (0: one line). ``indent``: before all but the first.

    >>> folded("broken at blanks, if there are any", 20), folded("one line", 0)
    (['broken at blanks, if', 'there are any'], ['one line'])
    """
    return wrap(text, max(LEAST, width), subsequent_indent=indent, break_on_hyphens=False) or [""] if width else [text]


def fitting(text: Text, width: int, plain: bool = False) -> str:
    """Of the layouts of a text the first that fits into so many columns; the last one where none does, or one column is wanted: its lines go on
    below themselves."""
    layouts = text.layouts or (str(text),)
    chosen = layouts[-1] if plain else next((t for t in layouts if max(map(len, t.split("\n"))) <= width), layouts[-1])
    return "\n".join(part for line in chosen.split("\n") for part in ([line] if len(line) <= width else folded(line, width, _indent(line))))


def _indent(line: str) -> str:
    return " " * (len(line) - len(line.lstrip()) + 2)
