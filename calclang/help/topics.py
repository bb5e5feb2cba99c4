"""Pages that gather names: the list of topics, and a page of each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from calclang.help import examples
from calclang.help.notes.codes import CODES
from calclang.help.notes.topics import ALIASES, TOPICS
from calclang.help.page import Block, Part, columns, table

if TYPE_CHECKING:
    from calclang.session import Session

HINT = "help NAME (?NAME at the prompt) explains anything; :tour is a tour in ten steps."


def overview(width: int) -> Part:
    """What ``help`` alone says."""
    rows = table(((name, topic.says) for name, topic in TOPICS.items()), width)
    return Part("", (Block(text="calclang evaluates formulas, differentiates them exactly and shows every step."), Block("topics", lines=rows), Block(text=HINT)))


def part(session: Session, name: str, width: int) -> Part | None:
    """The page of a topic."""
    name = ALIASES.get(name.lower(), name.lower())
    topic = TOPICS.get(name)
    if topic is None:
        return None
    shown = (examples.block(session, name, topic.examples, width),) if topic.examples else ()
    return Part("a topic", (Block(text=topic.text), *shown, _listed(session, name, topic.names, width)))


def _listed(session: Session, topic: str, names: tuple[str, ...], width: int) -> Block:
    """What belongs to a topic, with a sentence each."""
    from calclang.help.find import as_command, sentence

    if topic == "errors":
        rows = [(code, note.meaning.partition(". ")[0].rstrip(".")) for code, note in CODES.items()]
    elif topic == "settings":
        from calclang.settings import SETTINGS

        rows = [(f"{n} {str(getattr(session.settings, n)).lower()}", s.doc) for n, s in SETTINGS.items()]
    elif topic == "symbols":
        from calclang.syntax.symbols import INSTEAD, SYMBOLS

        return Block("all of them", lines=columns([f"\\{n} {c}" for n, c in SYMBOLS.items() if c not in INSTEAD], width))
    else:
        rows = [(n, as_command(n) if topic == "commands" else sentence(n)) for n in names]
    return Block("names" if names else "all of them", lines=table(rows, width)) if rows else Block()
