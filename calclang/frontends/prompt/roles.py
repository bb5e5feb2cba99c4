"""What each token of an input is to its reader: a number, a command, one of its clauses, a parameter. Colours and completion ask here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

from lark import Token

from calclang.record import record
from calclang.registry import WORDS, table
from calclang.syntax.brackets import CLOSING
from calclang.syntax.build import KIND_WORDS, name_of
from calclang.syntax.case import SIGNS
from calclang.syntax.layout import KEYWORDS, PARAMETERS
from calclang.syntax.tokens import COMMENT, ENDS, UNCLOSED, UNKNOWN, Place, tokens

ROLES = {
    **dict.fromkeys(KEYWORDS, "keyword"), **dict.fromkeys(SIGNS | {"PLUS", "MINUS", "EQUAL", "PRIME", "NABLA"}, "operator"),
    **dict.fromkeys(("NUMBER", "COEFFICIENT", "SUPERSCRIPT"), "number"), **dict.fromkeys(("STRING", UNCLOSED), "string"),
    **dict.fromkeys(("COMMAND", "SETTER", "HELP"), "command"), COMMENT: "comment", UNKNOWN: "unknown",
}  # fmt: skip
LIST = "a list of parameters"  # instead of the name that a bracket calls


@record
class Part:
    """A token: its kind in the grammar, its role (``name``: none of its own; ``bound``: it is given a meaning here; ``option``, ``clause``,
    ``kind``; those of `ROLES`; else empty), its text, and where it begins and ends."""

    kind: str
    role: str
    text: str
    start: int
    stop: int


@record
class State:
    """What is known before a piece of text: its place, what each open bracket calls, and the clauses of the command (None: no command).
    ``ends``: a value may end here; ``last``: the kind, role and text of the token before."""

    place: Place = Place()
    calls: tuple[str, ...] = ()
    clauses: tuple[str, ...] | None = None
    ends: bool = False
    last: tuple[str, str, str] = ("_NL", "", "")


START = State()


def read(text: str, state: State = START) -> tuple[tuple[Part, ...], State]:
    """The parts of a piece of text, and the state behind it. Raises nothing.

    >>> [(p.text, p.role) for p in read("grad f at (x, 1)")[0] if p.role]
    [('grad', 'command'), ('f', 'name'), ('at', 'clause'), ('x', 'name'), ('1', 'number')]
    """
    found, place = tokens(text, WORDS, state.place)
    reader = Reader(state)
    parts = tuple(reader.read(found))
    return parts, replace(reader.state(), place=place)


_read_line = lru_cache(maxsize=5_000)(read)


def lines(text: str) -> Iterator[tuple[tuple[Part, ...], int]]:
    """The parts of each line, and what to take from their places: a change is read again from its line until nothing differs."""
    state = START
    for number, line in enumerate(text.split("\n")):
        parts, state = _read_line("\n" * (number > 0) + line, state)
        yield parts, int(number > 0)


class Reader:
    """One pass over the tokens."""

    def __init__(self, state: State) -> None:
        self.calls, self.clauses, self.ends, self.last = list(state.calls), state.clauses, state.ends, state.last

    def state(self) -> State:
        return State(Place(), tuple(self.calls), self.clauses, self.ends, self.last)

    def read(self, found: list[Token]) -> Iterator[Part]:
        """A part for each token."""
        for token, after in zip(found, [*found[1:], None], strict=False):
            kind, text = token.type, str(token)
            role = self.name(text, after.type if after is not None else "") if kind == "NAME" else ROLES.get(kind, "")
            self.follow(kind, role, text)
            yield Part(kind, role, text, token.start_pos or 0, token.end_pos or 0)

    def name(self, text: str, after: str) -> str:
        """The role of a name, by what stands around it."""
        before, called = self.last[0], self.calls[-1] if self.calls else None
        if called is None and self.ends and text in (self.clauses or ()):
            return "clause"
        if after == "EQUAL":
            return "option" if called not in (None, "", LIST) else "bound"
        if (before == "COLON" or self.last[1] == "kind") and (text == "R" or text in KIND_WORDS):
            return "kind"
        if after in ("ARROW", "HEAD_PAR") or (after == "IN" and before in ("FOR", "COMMA")):
            return "bound"
        return "bound" if called == LIST and (before in ("COMMA", "LSQB") or before in PARAMETERS) else "name"

    def follow(self, kind: str, role: str, text: str) -> None:
        """What a token changes."""
        if kind == COMMENT:
            return
        if kind == "_NL" or (kind == "SEMI" and not self.calls):
            self.clauses, self.calls = None, []
        elif kind in ("COMMAND", "SETTER") and self.clauses is None:
            self.clauses = table()[text].clauses if text in table() else ()
        elif text in CLOSING:
            self.calls.append(self.called(kind))
        elif kind in ("RPAR", "RSQB") and self.calls:
            self.calls.pop()
        self.ends = kind in ENDS and role != "clause"
        self.last = (kind, role, text)

    def called(self, kind: str) -> str:
        """What a bracket that opens now belongs to: the name that it calls, a list of parameters, or nothing."""
        if kind in PARAMETERS or (kind == "LSQB" and self.calls[-1:] == [LIST]):
            return LIST
        before, _, name = self.last
        return name_of(name) if kind == "CALL_PAR" and before == "NAME" else ""
