"""The tokens of any text, finished or not: what a prompt colours and completes while it is typed. Lexed as the parser does, but
nothing is refused, and a text may be taken line by line."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from contextlib import suppress
from functools import cache

from lark import Token

from calclang.errors import CalcError
from calclang.record import record
from calclang.source import Source
from calclang.syntax.brackets import Marks, look_over
from calclang.syntax.grammar import parser
from calclang.syntax.layout import Layout
from calclang.syntax.prepare import readable

COMMENT, UNCLOSED, UNKNOWN = "COMMENT", "UNCLOSED", "UNKNOWN"  # UNCLOSED: a text without its second quote; UNKNOWN: no token begins here
# What a value may end with: a bracket directly behind it calls or indexes.
ENDS = frozenset("NAME NUMBER STRING SUPERSCRIPT PRIME TRUE FALSE END RPAR RSQB UNCLOSED".split())
_ASIDE = frozenset({COMMENT, UNCLOSED, UNKNOWN})
_OPENS = {"CALL_PAR": "LPAR", "INDEX_SQB": "LSQB"}
_NOTHING = Marks(frozenset(), {}, frozenset(), ())
_COMMENTS = re.compile(r"#[^\n]*")


@record
class Place:
    """Where in a program a piece of text stands: the kind of the token before it, and what is open there."""

    last: str = "_NL"
    open: tuple[str, ...] = ()


START = Place()


def tokens(text: str, commands: Collection[str], place: Place = START) -> tuple[list[Token], Place]:
    """The tokens in their order, with comments, and the place behind them; line ends only where they end something. Raises nothing.

    >>> found, _ = tokens('grad f at (1, "two', frozenset({"grad"}))
    >>> [t.type for t in found]
    ['COMMAND', 'NAME', 'NAME', 'LPAR', 'NUMBER', 'COMMA', 'UNCLOSED']
    """
    source = Source("", text)
    with suppress(CalcError):  # a refused character belongs to no token
        text = readable(source)
    found = list(_lexed(text, place.last))
    layout = Layout()
    layout.begin(source, text, _marks(source, text), commands, len(text) + 1)
    layout.kind, layout.open = place.last, list(place.open)
    laid = {t.start_pos: t for t in _laid_out(layout, iter([t for t in found if t.type not in _ASIDE]))}
    kept = [t if t.type in _ASIDE else laid[t.start_pos] for t in found if t.type in _ASIDE or t.start_pos in laid]
    return kept, Place(layout.kind, tuple(layout.open))


def _marks(source: Source, text: str) -> Marks:
    try:
        return look_over(source, text, len(text) + 1)
    except CalcError:
        return _NOTHING


def _laid_out(layout: Layout, stream: Iterator[Token]) -> Iterator[Token]:
    """What the layout makes of the tokens; one that it refuses stays as it is."""
    seen: list[Token] = []

    def noted() -> Iterator[Token]:
        for token in stream:
            seen[:] = [token]
            yield token

    while True:
        try:
            yield from layout.process(noted())
            return
        except CalcError:
            layout.kind = seen[0].type
            yield seen[0]


@cache
def _terminals() -> re.Pattern[str]:
    """The terminals of the grammar in the order in which the parser's lexer tries them; a name is a NAME and nothing else, and NUMBERS
    are numbers and commas."""
    ordered = sorted(
        (t for t in parser()[0].terminals if t.name != "NUMBERS"),
        key=lambda t: (-t.priority, -t.pattern.max_width, -len(t.pattern.value), t.name),
    )
    extra = [rf'(?P<{UNCLOSED}>"(?:[^"\\\n]|\\[^\n])*\\?)', rf"(?P<{UNKNOWN}>[\s\S])"]
    return re.compile("|".join([*(f"(?P<{t.name}>{t.pattern.to_regexp()})" for t in ordered), *extra]))


def _lexed(text: str, last: str) -> Iterator[Token]:
    """The tokens as the lexer alone sees them. What only the parser knows is told by the token before: help is asked for where a statement
    begins, and a bracket calls where a value ends."""
    pattern, at = _terminals(), 0
    while (match := pattern.match(text, at)) is not None:
        kind, value = str(match.lastgroup), match.group()
        if kind == "HELP" and last not in ("_NL", "SEMI"):
            kind, value = "NAME", "help"
        elif kind in _OPENS and last not in ENDS:
            kind = _OPENS[kind]
        if kind != "BLANK":
            yield Token(kind, value, at, end_pos=at + len(value))
            last = last if kind == COMMENT else kind
        if kind == "_NL" and "#" in value:
            yield from (Token(COMMENT, m.group(), at + m.start(), end_pos=at + m.end()) for m in _COMMENTS.finditer(value))
        at += len(value)
