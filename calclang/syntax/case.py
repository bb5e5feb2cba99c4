"""A parse that failed, as the rules of `diagnose` look at it."""

from __future__ import annotations

from functools import cached_property

from lark import Token
from lark.exceptions import UnexpectedInput, UnexpectedToken

from calclang.record import record
from calclang.source import Source, Span
from calclang.syntax.layout import PLAIN, Layout
from calclang.syntax.terms import operand_at, operand_before

OPERANDS = frozenset(
    "NAME NUMBER NUMBERS COEFFICIENT STRING LPAR LSQB CALL_PAR INDEX_SQB ARROW_PAR ARROW_SQB PARAMETER NABLA TRUE FALSE END IF LET NOT COMMAND "
    "SETTER".split()
)
SIGNS = frozenset("PIPE ARROW COMPARE _DOTS DOTPLUS DOTMINUS STAR CROSS SLASH BACKSLASH AT DOTSTAR DOTSLASH POW DOTPOW".split())
CLOSERS = frozenset({"RPAR", "RSQB", "COMMA", "SEMI"})


@record
class Case:
    """A failure: the offset, the token there (its type, "" where no token fits), the token before, what could stand there instead."""

    source: Source
    text: str
    at: int
    kind: str
    word: str
    before: Token | None
    expects: frozenset[str]
    layout: Layout

    @property
    def start(self) -> bool:
        """Whether an operand is expected."""
        return "NUMBER" in self.expects

    @property
    def ends(self) -> bool:
        """Whether the statement ends here."""
        return self.kind in ("$END", "_NL") or (self.kind == "SEMI" and not self.layout.open)

    @property
    def previous(self) -> str:
        """The type of the token before."""
        return self.before.type if self.before is not None else ""

    def span(self, start: int | None = None, stop: int | None = None) -> Span:
        """The place itself, or from ``start`` to ``stop``; one character at least."""
        start = self.at if start is None else start
        return Span(self.source, start, min(max(start + 1, self.at + len(self.word) if stop is None else stop), len(self.text)))

    def span_before(self) -> Span:
        """The token before, else the place itself."""
        return self.span(self.before.start_pos, self.before.end_pos) if self.before is not None else self.span()

    @cached_property
    def statement(self) -> tuple[int, int]:
        """Where the statement begins and ends, or its line where brackets are open."""
        start = max(self.text.rfind(sign, 0, self.at) + 1 for sign in ("\n" if self.layout.open else "\n;"))
        depth = 0
        for k in range(self.at, len(self.text)):
            sign = self.text[k]
            depth += (sign in "([") - (sign in ")]")
            if k > self.at and (sign in "\n#" or (sign == ";" and depth <= 0)):
                return start, k
        return start, len(self.text)

    def operand(self) -> str:
        """The operand that begins here, as it is written."""
        return operand_at(self.text, self.at) or self.word

    def operand_before(self) -> str:
        """The operand that ends here, as it is written."""
        return operand_before(self.text, self.before.end_pos or 0) if self.before is not None else ""


def case_of(source: Source, text: str, problem: UnexpectedInput, layout: Layout) -> Case:
    """The failed parse as the rules look at it."""
    token = problem.token if isinstance(problem, UnexpectedToken) else None
    at = problem.pos_in_stream if token is None else token.start_pos
    end = len(text.rstrip())
    if at is None or (token is not None and token.type == "$END"):
        at = end
    before = next((t for t in (layout.last, layout.before) if t is not None and (t.end_pos or 0) <= at), None)
    kind = token.type if token is not None else "$END" if at >= end else {"(": "LPAR", "[": "LSQB"}.get(text[at], "")
    if at not in layout.marks.heads:
        kind = PLAIN.get(kind, kind)
    word = str(token) if token is not None else text[at : at + 1]
    accepts = problem.interactive_parser.accepts() if problem.interactive_parser is not None else set()  # type: ignore[attr-defined]
    return Case(source, text, at, kind, word.rstrip("\n"), before, frozenset(accepts), layout)
