"""Where in an input the cursor stands: the word before it, the statement so far, and what may come next."""

from __future__ import annotations

from calclang.frontends.prompt.roles import START, Part, Reader, read
from calclang.record import record
from calclang.session import Session
from calclang.syntax.build import name_of
from calclang.syntax.layout import KEYWORDS
from calclang.syntax.tokens import UNCLOSED

WORDS = KEYWORDS | {"NAME"}


@record
class Cursor:
    """``text``: what stands before the cursor; ``word``: the end of it that is being typed; ``quoted``: whether that is a text in quotes;
    ``before``: the parts of the statement before the word; ``calls``, ``clauses``, ``ends``: the state there (see `roles.State`);
    ``bound``: names that the input gives a meaning."""

    session: Session
    text: str
    word: str
    quoted: bool
    before: tuple[Part, ...]
    calls: tuple[str, ...]
    clauses: tuple[str, ...] | None
    ends: bool
    bound: tuple[str, ...]

    def kinds(self, *wanted: str) -> bool:
        """Whether the statement ends with tokens of these kinds or roles."""
        last = self.before[-len(wanted) :]
        return len(last) == len(wanted) and all(want in (p.kind, p.role) for p, want in zip(last, wanted, strict=True))

    @property
    def starts(self) -> bool:
        """Whether a statement begins here."""
        return not self.before

    @property
    def command(self) -> bool:
        """Whether nothing but command words stands before."""
        return bool(self.before) and all(p.kind == "COMMAND" for p in self.before)


def cursor(session: Session, text: str, behind: str = "") -> Cursor | None:
    """The place between two texts; None in a comment, or behind a text in quotes."""
    parts = read(text)[0]
    last = parts[-1] if parts and parts[-1].stop == len(text) else None
    if last is not None and last.kind in ("COMMENT", "STRING"):
        return None
    quoted = last is not None and last.kind == UNCLOSED
    start = last.start if last is not None and (quoted or last.kind in WORDS) else len(text)
    # A word before a value begins a command, so there is always one.
    before, reader = read(text[:start] + ('""' if quoted else "x"))[0][:-1], Reader(START)
    begins = 0
    for number, part in enumerate(before, 1):
        reader.follow(part.kind, part.role, part.text)
        if part.kind == "_NL" or (part.kind == "SEMI" and not reader.calls):
            begins = number
    bound = dict.fromkeys(name_of(p.text) for p in read(text[:start] + "x" + behind)[0] if p.role == "bound")
    statement = tuple(p for p in before[begins:] if p.role != "comment")
    return Cursor(
        session, text, text[start + quoted :], quoted, statement, tuple(reader.calls), reader.clauses, reader.ends and not quoted, tuple(bound)
    )  # fmt: skip
