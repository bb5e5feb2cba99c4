"""Between lexer and parser: which newlines end a statement, which words begin a command, what a bracket opens.

The parser never sees a token that a person did not write; tokens are only dropped or given another type.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from lark import Token

from calclang import errors
from calclang.source import Source, Span
from calclang.syntax.brackets import Marks
from calclang.syntax.numerals import check_number

LONGEST_NAME = 255
SETTERS = frozenset({"set"})  # commands that take a name and a value: set digits 6

PARAMETERS = frozenset({"ARROW_PAR", "ARROW_SQB", "HEAD_PAR", "NAMES_PAR"})
OPENING = PARAMETERS | {"LPAR", "LSQB", "CALL_PAR", "INDEX_SQB"}
CLOSING = frozenset({"RPAR", "RSQB"})
# A newline after one of these ends nothing.
UNFINISHED = OPENING | frozenset(
    "PIPE ARROW EQUAL COMPARE _DOTS PLUS MINUS DOTPLUS DOTMINUS STAR CROSS SLASH BACKSLASH AT DOTSTAR DOTSLASH POW DOTPOW NABLA COLON COMMA "
    "LET DEFLET LETSEP IN WHERE IF THEN ELSE FOR AND OR NOT COMMAND".split()
)
# What may make a tree deeper; flat chains of left-associative operators do not.
DEEPENING = OPENING | frozenset("MINUS PLUS NOT POW DOTPOW NABLA PRIME SUPERSCRIPT COMPARE COEFFICIENT IF ARROW LET WHERE _DOTS".split())
KEYWORDS = frozenset("LET DEFLET IN WHERE IF THEN ELSE FOR AND OR NOT TRUE FALSE END".split())
PREFIXES = frozenset({"MINUS", "PLUS", "NOT", "NABLA"})
ARROWS = {"LPAR": "ARROW_PAR", "LSQB": "ARROW_SQB"}
PLAIN = {"NAMES_PAR": "LPAR", "HEAD_PAR": "CALL_PAR"}
HEADS = {"LPAR": "NAMES_PAR", "CALL_PAR": "HEAD_PAR"}

_GOES_ON = re.compile(r"(?:then|else|in|where)\b")
_NUMBER_GOES_ON = re.compile(r"[^\W\d⁰¹²³⁴⁵⁶⁷⁸⁹]|[(\[∇.]")
# Blanks and the start of an operand; a sign belongs to the operand where no blank stands behind it: `show -x`, but `show - x`.
_OPERAND = re.compile(r"[ \t]+(?!(?:in|where|then|else|for|and|or)\b)(?:[^\W]|\.[0-9]|[(\[\"∇]|[-+−](?![\s=>]))")
# The clauses of all commands. `time grad at 3` has a function of that name, `time grad f at 3` the command inside.
CLAUSES = ("at", "wrt", "along", "from", "to", "as", "mode", "order", "against", "method", "tol", "max", "trace")
_CLAUSE = rf"[ \t]+(?:{'|'.join(CLAUSES)})[ \t]"  # compiled when a command stands there
FLAG = "trace"  # the clause that may stand alone: it means `trace true`
_ALONE = rf"[ \t]*(?:[;#\n]|\Z|(?:{'|'.join(CLAUSES)})[ \t])"
_ARROW = re.compile(r"[ \t]*(?:->|→)")
_SETTING = r"[ \t]+[^\W\d]\w*[ \t]+(?![=,;)\]])\S"


class Layout:
    """Lark's ``postlex``: a filter over tokens. ``begin`` tells it the text; ``last`` and ``before`` are the tokens last let through."""

    always_accept = ("_NL",)

    def begin(self, source: Source, text: str, marks: Marks, commands: Collection[str], nesting: int) -> None:
        """Before a text is read: what is known of it. ``nesting``: how deep its trees may be."""
        self.source, self.text, self.marks, self.commands, self.nesting = source, text, marks, commands, nesting
        self.last: Token | None = None
        self.before: Token | None = None
        self.kind = "_NL"  # of the token before the first
        self.open: list[str] = []  # brackets, `let` and `for` until their `in`
        self.deepest = 0  # no tree of this text is deeper

    def process(self, stream: Iterator[Token]) -> Iterator[Token]:
        """The tokens as the parser wants them."""
        open_ = self.open
        last, deep, run = self.kind, 0, 0
        for token in stream:
            kind = token.type
            if kind == "_NL":
                if last in UNFINISHED or (open_ and open_[-1] != "LET") or _GOES_ON.match(self.text, token.end_pos or 0):
                    continue
                kind = "LETSEP" if open_ else "_NL"
            elif (change := _CHANGES.get(kind)) is not None:
                kind = change(self, token, kind, last, open_)
            if kind in DEEPENING:
                deep += 1
                run = run + 1 if last in PREFIXES else 0
                if run > self.nesting:  # said before the parser stacks them all
                    raise errors.nested_too_deeply(self.nesting, self.span(token))
            elif kind == "_NL" or (kind == "SEMI" and not open_):
                self.deepest, deep = max(self.deepest, deep), 0
            if kind is not token.type:
                token = Token.new_borrow_pos(kind, token.value, token)
            last = kind
            alone = token == FLAG and kind == "NAME" and self.alone(token, open_)
            self.before, self.last = self.last, token
            yield token
            if alone:
                last = "TRUE"
                yield Token.new_borrow_pos(last, "true", token)
        self.kind, self.deepest = last, max(self.deepest, deep)

    def span(self, token: Token) -> Span:
        """The characters of a token."""
        start = token.start_pos or 0
        return Span(self.source, start, token.end_pos or start)

    def alone(self, token: Token, open_: list[str]) -> bool:
        """Whether a flag stands behind an operand, and nothing that belongs to it behind it."""
        if open_ or self.last is None or self.last.type in UNFINISHED | {"_NL", "SEMI", "COMMAND"} or self.last in CLAUSES:
            return False
        return re.compile(_ALONE).match(self.text, token.end_pos or 0) is not None

    # ---- one kind of token each: its type, and what it opens or closes ----

    def opening(self, token: Token, kind: str, last: str, open_: list[str]) -> str:
        """A bracket that opens: of a lambda, of a definition, or any other."""
        kind = PLAIN.get(kind, kind)
        if token.start_pos in self.marks.arrows:
            kind = ARROWS.get(kind, kind)
        elif token.start_pos in self.marks.heads:
            kind = HEADS.get(kind, kind)
        open_.append(kind)
        return kind

    def closing(self, token: Token, kind: str, last: str, open_: list[str]) -> str:
        """A bracket that closes; a `let` or `for` that is open inside it ends there."""
        while open_ and open_.pop() in ("LET", "FOR"):
            pass
        return kind

    def let(self, token: Token, kind: str, last: str, open_: list[str]) -> str:
        """``let … in`` is an expression; a definition at the top level is one without ``in``."""
        if token.start_pos not in self.marks.lets:
            return "DEFLET"
        open_.append("LET")
        return kind

    def in_(self, token: Token, kind: str, last: str, open_: list[str]) -> str:
        """It ends the bindings of a `let`, or names what a `for` runs over."""
        if open_ and open_[-1] in ("LET", "FOR"):
            open_.pop()
        return kind

    def for_(self, token: Token, kind: str, last: str, open_: list[str]) -> str:
        """Its `in` is to come."""
        open_.append("FOR")
        return kind

    def number(self, token: Token, kind: str, last: str, open_: list[str]) -> str:
        """A number that something touches is a coefficient: ``2x``."""
        stop = token.end_pos or 0
        if _NUMBER_GOES_ON.match(self.text, stop):
            check_number(self.source, self.text, token.start_pos or 0, stop)
            if self.text[stop] != ".":
                return "COEFFICIENT"
        return kind

    def name(self, token: Token, kind: str, last: str, open_: list[str]) -> str:
        """A parameter before an arrow; a command at the start of a statement; else a name."""
        if len(token) > LONGEST_NAME:
            raise errors.name_too_long(LONGEST_NAME, self.span(token))
        stop = token.end_pos or 0
        if _ARROW.match(self.text, stop):
            return "PARAMETER"
        starts = last in ("_NL", "COMMAND") or (last == "SEMI" and not open_)
        if starts and _OPERAND.match(self.text, stop) and token in self.commands:
            if last == "COMMAND" and re.compile(_CLAUSE).match(self.text, stop):
                return kind
            return "SETTER" if token in SETTERS and re.compile(_SETTING).match(self.text, stop) else "COMMAND"
        return kind


_CHANGES = {
    "NAME": Layout.name, "NUMBER": Layout.number, "LET": Layout.let, "IN": Layout.in_, "FOR": Layout.for_,
    **dict.fromkeys(("LPAR", "LSQB", "CALL_PAR", "INDEX_SQB", *PLAIN), Layout.opening), **dict.fromkeys(("RPAR", "RSQB"), Layout.closing),
}  # fmt: skip
