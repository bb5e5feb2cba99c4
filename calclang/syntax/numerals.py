"""Numbers as they are written: literals to values, and what is no number."""

from __future__ import annotations

import re

from calclang import errors
from calclang.source import Source, Span
from calclang.syntax import tree

_PLAIN = r"(?:[0-9][0-9_]*(?:\.[0-9_]+)?|\.[0-9][0-9_]*)"

# What stands where a number begins -> what is said, and what to write instead.
MALFORMED: tuple[tuple[str, str, str], ...] = (
    (r"0[xXbBoO][0-9]\w*", "numbers are written in decimal digits only", ""),
    (rf"{_PLAIN}[eE](?:[+-](?![0-9])|(?![\w+-]))", "the exponent has no digits", "write  1e5, or  2*e  for the number e"),
    (rf"{_PLAIN}[eE][+-]?[0-9]+\.[0-9]+", "an exponent is a whole number", "write  1e5, or  10^5.5"),
    (r"(?:[0-9]+\.[0-9]+|\.[0-9]+)\.[0-9][0-9.]*", "a number has one point", ""),
    (r"[0-9][0-9_]*(?:__|_(?![0-9]))\w*", "_ stands between two digits of a number", "write  1_000"),
)  # fmt: skip


def check_number(source: Source, text: str, start: int, stop: int) -> None:
    """Refuse a number with something directly behind it that can only be a slip: ``1e``, ``1e5.5``, ``0x1G``, ``1.2.3``."""
    for pattern, message, help in MALFORMED:
        if (match := re.compile(pattern).match(text, start)) and match.end() > stop:
            raise errors.bad_number(message, help, Span(source, start, match.end()))


def number(text: str, span: Span) -> tree.Number:
    """A literal. Raises E-OVERFLOW where it is beyond float64, E-SYNTAX for ``000`` behind a comma."""
    value = float(text.replace("_", ""))
    if value == float("inf"):
        raise errors.literal_overflow(span)
    if text[0] == "0" and len(text) > 1 and re.compile("[0-9],0[0-9]").match(span.source.text, max(span.start - 2, 0)):
        whole = re.search(r"[0-9]*,\Z", span.source.text[: span.start])
        raise errors.thousands((whole[0] if whole is not None else "") + text, span)
    return tree.Number(value, text, span=span)
