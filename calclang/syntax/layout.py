"""Between lexer and parser: which newlines end a statement, which ``let`` is a definition, and how deep brackets go."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from calclang import errors
from calclang.source import Source, Span

if TYPE_CHECKING:
    from lark import Token

OPEN, CLOSE = {"LPAR", "LSQB"}, {"RPAR", "RSQB"}
# A newline after one of these ends nothing.
UNFINISHED = frozenset(
    "PIPE COMPARE PLUS MINUS DOTPLUS DOTMINUS STAR TIMES SLASH BACKSLASH AT DOTSTAR DOTSLASH POW DOTPOW EQUAL COMMA IF THEN ELSE IN WHERE "
    "NOT AND OR LET DEFLET __ANON_0 _DOTS COMMAND NABLA JUXT COLON FOR".split()
)
# Each of these in a row is one level of nesting.
CHAINS = frozenset("MINUS PLUS NOT POW DOTPOW NABLA".split())
BREAKS = frozenset("COMMA SEMI _NL STAR SLASH COMPARE".split())

_WORDS = re.compile(r"\"(?:[^\"\\\n]|\\.)*\"|#[^\n]*|\b(?:let|in|for)\b|[\[\]()]|[^\W\d]\w*|\n")


def lets_with_in(text: str) -> set[int]:
    """Offsets of the ``let`` that have an ``in`` of their own (the others define top-level names). ``for`` takes an ``in`` too."""
    found: set[int] = set()
    stack: list[tuple[str, int]] = []
    for match in _WORDS.finditer(text):
        word = match.group()
        if word in ("let", "for"):
            stack.append((word, match.start()))
        elif word == "in" and stack and stack[-1][0] in ("let", "for"):
            kind, start = stack.pop()
            if kind == "let":
                found.add(start)
        elif word in "([" and word:
            stack.append(("(", match.start()))
        elif word in ")]" and word:
            while stack and stack.pop()[0] != "(":
                pass
    return found


class Layout:
    """Lark's ``postlex``: a filter over tokens. One per parse: it knows the source and the nesting allowed."""

    always_accept = ("_NL",)

    def __init__(self) -> None:
        self.source = Source("", "")
        self.nesting = 1_000
        self.lets: set[int] = set()

    def begin(self, source: Source, nesting: int) -> None:
        self.source, self.nesting, self.lets = source, nesting, lets_with_in(source.text)

    def process(self, stream: Iterator[Token]) -> Iterator[Token]:
        """Drop newlines that end nothing; turn those between ``let`` bindings into separators."""
        from lark import Token

        stack: list[str] = []
        last, chain = "_NL", 0
        for token in stream:
            kind = token.type
            if kind == "_NL":
                if last in UNFINISHED or (stack and stack[-1] == "(") or last == "LETSEP":
                    continue
                if stack and stack[-1] == "LET":
                    kind = "LETSEP"
                    token = Token.new_borrow_pos(kind, token.value, token)
            elif kind == "LET":
                if token.start_pos in self.lets:
                    stack.append("LET")
                else:
                    kind = "DEFLET"
                    token = Token.new_borrow_pos(kind, token.value, token)
            elif kind == "FOR":
                stack.append("FOR")
            elif kind == "IN" and stack and stack[-1] in ("LET", "FOR"):
                stack.pop()
            elif kind in OPEN:
                stack.append("(")
            elif kind in CLOSE:
                while stack and stack.pop() != "(":
                    pass
            chain = chain + 1 if kind in CHAINS else 0 if kind in BREAKS else chain
            if len(stack) + chain > self.nesting and (len(stack) > self.nesting or last in CHAINS):
                raise errors.nested_too_deeply(self.nesting, self.span(token))
            last = kind
            yield token

    def span(self, token: Token) -> Span:
        start = token.start_pos or 0
        return Span(self.source, start, token.end_pos or start)
