"""The page on what was asked; for what nobody knows, its neighbours."""

from __future__ import annotations

from typing import TYPE_CHECKING

from calclang import errors
from calclang.help import find, symbols, topics
from calclang.help.notes.topics import ALIASES
from calclang.help.page import Block, Part, render, table
from calclang.syntax import foreign

if TYPE_CHECKING:
    from calclang.session import Session

LONGEST = 60  # characters of a question that are repeated
MOST = 8  # names that a search in the sentences gives


def page(session: Session, text: str, width: int, color: bool) -> str:
    """The text of the page."""
    if not text or ALIASES.get(text.lower()) == "":
        return render([topics.overview(width)], width, color)
    parts = find.parts(session, text, width)
    if len(parts) == 1 and (other := symbols.others(text)) not in ("", text):
        parts += find.parts(session, other, width)
    if not parts:
        parts = find.parts(session, text.lower(), width)
    return render(parts or [neighbours(session, text, width)], width, color)


def neighbours(session: Session, text: str, width: int) -> Part:
    """What may have been meant."""
    from calclang.display.clean import clean

    shown = clean(errors.shorten(text, LONGEST))
    if (here := otherwise(text)) is not None:
        says, name = here
        follow = find.parts(session, name, width) if name else []
        return Part("", (Block(text=f"{shown}: {says}"), *(b for p in follow[:1] for b in p.blocks)))
    meant = errors.close_names(text, find.names(session))
    if meant:
        return Part("", (Block(text=f"There is no help on {shown}. Did you mean {' or '.join(meant)}?"),))
    found = mentioned(session, text)
    if found:
        return Part("", (Block(text=f"There is nothing of the name {shown}. It is mentioned here:"), Block(lines=table(found, width))))
    return Part("", (Block(text=f"There is no help on {shown}. help alone lists the topics."),))


def otherwise(text: str) -> tuple[str, str] | None:
    """What another language's word or sign is here: a sentence, and the name whose page follows (may be empty)."""
    if here := errors.FOREIGN.get(text) or errors.FOREIGN.get(text.lower()):
        name = here.partition("(")[0]
        return f"here it is written  {here}", name if find.signature(name) is not None else ""
    if says := errors.ABSENT.get(text) or errors.ABSENT.get(text.lower()):
        return says, ""
    if text in foreign.WORDS:
        message, help = foreign.WORDS[text]
        return f"{message}; {help}" if help else message, ""
    says = symbols.elsewhere(text)
    return (says, "") if says else None


def mentioned(session: Session, text: str) -> list[tuple[str, str]]:
    """Names in whose sentences a word stands."""
    if len(text) < 3:
        return []
    lower = text.lower()
    rows = [(name, find.sentence(name)) for name in find.names(session)]
    return [(name, says) for name, says in rows if lower in says.lower()][:MOST]
