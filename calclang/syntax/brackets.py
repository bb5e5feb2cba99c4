"""One look at the whole text before it is parsed: which brackets belong together, what stands behind each pair, which ``let``
has an ``in``. Linear, and where depth and unclosed brackets are found before anything else is done."""

from __future__ import annotations

import re

from calclang import errors
from calclang.record import record
from calclang.source import Source, Span

CLOSING = {"(": ")", "[": "]"}

# A question for help is any text: the terminal HELP of the grammar, with what follows the word.
_HELP = r'(?:^|(?<=[\n;]))[ \t]*help[ \t]+(?:"[^"\n]*"|[^\s;#]+|(?!(?:in|where|then|else|for|and|or)\b)[^\W0-9][^\n;#]*)[ \t]*(?=[\n;#]|\Z)'
# Such questions, strings and comments are passed over; a string that is not closed ends with its line.
_MARKS = re.compile(
    _HELP
    + r'|(?P<text>"(?:[^"\\\n]|\\[^\n])*+(?P<closed>"?)\\?)|#[^\n]*|(?P<sign>[\[\]()])|(?P<word>(?<!\w)(?:let|for|in)(?![^\W⁰¹²³⁴⁵⁶⁷⁸⁹]))'
)
_BEHIND = re.compile(r"[ \t]*(?:(->|→)|=(?![=>]))")
_BEHIND_INSIDE = re.compile(r"[ \t\n]*(?:(->|→)|=(?![=>]))")


@record
class Marks:
    """Offsets: opening brackets whose pair stands before ``->``, those before ``=`` with the place of the ``=``, and each ``let``
    that has an ``in``; brackets that are never closed."""

    arrows: frozenset[int]
    heads: dict[int, int]
    lets: frozenset[int]
    unclosed: tuple[tuple[str, int], ...]


def look_over(source: Source, text: str, nesting: int) -> Marks:
    """Find the marks of a text. Raises `CalcError`: unmatched and mixed brackets, unclosed strings, E-LIMIT-DEPTH."""
    arrows: list[int] = []
    heads: dict[int, int] = {}
    lets: list[int] = []
    stack: list[tuple[str, int]] = []  # open brackets, let and for
    depth = 0
    for match in _MARKS.finditer(text):
        at = match.start()
        if sign := match["sign"]:
            if sign in CLOSING:
                stack.append((sign, at))
                depth += 1
                if depth > nesting:
                    raise errors.nested_too_deeply(nesting, Span(source, at, at + 1))
                continue
            opened = _close(source, stack, sign, at)
            depth -= 1
            if behind := (_BEHIND_INSIDE if depth else _BEHIND).match(text, at + 1):
                if behind[1]:
                    arrows.append(opened)
                else:
                    heads[opened] = behind.end() - 1
        elif word := match["word"]:
            if word != "in":
                stack.append((word, at))
            elif stack and stack[-1][0] in ("let", "for"):
                before, where = stack.pop()
                lets += [where] if before == "let" else []
        elif match["text"] and not match["closed"]:
            raise errors.unclosed_text(Span(source, at, at + 1))
    unclosed = tuple((sign, at) for sign, at in stack if sign in CLOSING)
    return Marks(frozenset(arrows), heads, frozenset(lets), unclosed)


def _close(source: Source, stack: list[tuple[str, int]], sign: str, at: int) -> int:
    """Where the bracket closed here was opened; ``let`` and ``for`` left open inside are forgotten."""
    while stack:
        opened, where = stack.pop()
        if opened in CLOSING:
            if CLOSING[opened] != sign:
                raise errors.mixed_brackets(opened, sign, Span(source, at, at + 1), Span(source, where, where + 1))
            return where
    raise errors.unmatched_bracket(sign, Span(source, at, at + 1))
