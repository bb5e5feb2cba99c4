"""Functions on a screen: a formula that is too long for one line is broken where it can be read back, its names below it or beside it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from calclang.display.columns import GAP, beside
from calclang.errors import CalcError
from calclang.source import Source
from calclang.syntax import format_expr, format_target, parse, tree

INDENT = "    "
WIDTHS = (160, 140, 120, 100, 76, 60, 40)  # of screens for which there is a layout
SIDE = 30  # columns that the second of two columns has at least
GOES_ON = re.compile(r"(?:[-+*/\\,=<>]|\b(?:then|else|in|where|and|or|if|not))$")  # no statement ends behind these


def laid_out(text: str, width: int) -> str:
    """A function's source within so many columns; still the same calc."""
    return text if len(text) <= width else _stacked(*_pieces(text), width)


def layouts(first: str, more: Sequence[str] = ()) -> tuple[str, ...]:
    """For `show`, the best for a wide screen first: what a function is beside its ``more`` lines; all below each other, with the names of a
    formula beside it; the same in fewer columns."""
    rooms = [width - _width(first) - len(GAP) for width in WIDTHS]
    side = [beside(first, text) for room in rooms if room >= SIDE and _width(text := _lines(more, room)) <= room] if more else []
    head, named = _pieces(first)
    listed = [beside(head, "\n".join(f"{'where' if not k else '     '} {line}" for k, line in enumerate(named)))] if named else []
    return (*side, *("\n".join([text, *more]) for text in (first, *listed)), *(_lines([first, *more], width) for width in WIDTHS))


def _width(text: str) -> int:
    return max(map(len, text.split("\n")))


def _lines(texts: Sequence[str], width: int) -> str:
    """Texts below each other; what is written on lines stays on them, where they are not too long."""
    return "\n".join("\n".join(part for line in text.split("\n") for part in _broken(line, width)) if "\n" in text else laid_out(text, width) for text in texts)


def _pieces(text: str) -> tuple[str, list[str]]:
    """A formula, and the lines that say what its names are (after ``where``); all in the formula where it has none."""
    try:
        (statement,) = parse(Source("formula", text), frozenset()).statements
    except (CalcError, ValueError):
        return text, []
    value = statement.value if isinstance(statement, tree.Show | tree.Definition) else None
    head = format_target(statement.target) + " = " if isinstance(statement, tree.Definition) else ""
    if isinstance(value, tree.Lambda):
        head, value = head + format_expr(value).removesuffix(format_expr(value.body)), value.body
    if "\n" in text or not isinstance(value, tree.Let) or not value.where:
        return text, []
    named = [f"{format_target(b.target)} = {format_expr(b.value)}" for b in value.bindings]
    return head + format_expr(value.body), [*(line + "," for line in named[:-1]), named[-1]]


def _stacked(head: str, named: Sequence[str], width: int) -> str:
    lines = _broken(head, width)
    for k, line in enumerate(named):
        first, *rest = _broken(line, width - 8)
        lines += ["  where " + first if not k else " " * 8 + first, *(" " * 8 + r for r in rest)]
    return "\n".join(lines)


def _broken(text: str, width: int) -> list[str]:
    """Lines of at most ``width`` columns where that is possible, broken behind operators and commas."""
    lines: list[str] = []
    while len(text) > width and (place := _break(text, width)):
        lines.append(text[:place])
        text = INDENT + text[place:].lstrip()
    return [*lines, text]


def _break(text: str, width: int) -> int:
    """The last place before the end of the line behind which a statement goes on, in the fewest brackets of its neighbourhood: a blank, else
    behind a sign of multiplication. 0 where there is none."""
    depth, blanks, signs = 0, [], []
    start = len(text) - len(text.lstrip())
    for k, character in enumerate(text[: width + 1]):
        depth += (character in "([") - (character in ")]")
        if character == " " and k > start and GOES_ON.search(text, 0, k):
            blanks.append((k, depth))
        elif k > start and text[k - 1] == "*" and character not in "*'":
            signs.append((k, depth))
    found = blanks or signs
    late = [(k, d) for k, d in found if k > width // 2] or found
    return max(late, key=lambda kd: (-kd[1], kd[0]))[0] if late else 0
