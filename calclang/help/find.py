"""From what was asked to the parts of a page: the tables are asked in turn, and each may know the name in its own role."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from math import isfinite
from typing import TYPE_CHECKING

from calclang.help import codes, examples, own, rules, symbols, topics
from calclang.help.notes import algebra, arrays, calculus, elementary, words
from calclang.help.notes.codes import CODES
from calclang.help.notes.commands import CLAUSES, COMMANDS, SETTINGS
from calclang.help.notes.note import Note
from calclang.help.notes.topics import TOPICS
from calclang.help.page import Block, Part, table
from calclang.lower import library
from calclang.lower.lowered import Builtin
from calclang.ops import ROWS
from calclang.registry import table as commands
from calclang.settings import SETTINGS as TABLE

if TYPE_CHECKING:
    from calclang.session import Session

FUNCTIONS: dict[str, Note] = {
    **elementary.ELEMENTARY, **elementary.SPECIAL, **elementary.LEARNING, **arrays.MAKING, **arrays.SIZES, **arrays.REDUCTIONS, **arrays.SEQUENCES,
    **algebra.ALGEBRA, **calculus.DERIVATIVES, **calculus.CONTROL, **calculus.DATA,
}  # fmt: skip
NOTHING = Note()
SAME = {"(": "()", ")": "()", "[": "[]", "]": "[]", "**": "^", "⋅": "·", "if then else": "if", "let in": "let", "~~": "≈", "approx": "≈"}


def parts(session: Session, name: str, width: int) -> list[Part]:
    """What is known of a name, in each of its roles; nothing where it is unknown."""
    name = SAME.get(name, name)
    return [part for provider in PROVIDERS if (part := provider(session, name, width)) is not None]


# ---- one role each -------------------------------------------------------------------------------------


def _own(session: Session, name: str, width: int) -> Part | None:
    low = session.definitions.get(name)
    return own.part(session, name, low, width) if low is not None else None


def _function(session: Session, name: str, width: int) -> Part | None:
    builtin, note = library.find(name), FUNCTIONS.get(name, NOTHING)
    if not isinstance(builtin, Builtin):
        return None
    programs = (builtin.example, *note.examples)
    return Part("a function", (
        Block(lines=usage(builtin, note)), Block(text=" ".join(_sentences(builtin, note))), rules.block(session, builtin, note),
        examples.block(session, name, programs, width), see(note),
    ))  # fmt: skip


def usage(builtin: Builtin, note: Note) -> tuple[str, ...]:
    """How a function is called, with shapes."""
    if note.usage:
        return note.usage
    return (f"{builtin.name}({', '.join(f'{p}: R' for p in rules.parameters(note, builtin))}) → R",) if builtin.group == "elementwise" else (builtin.signature,)


def _sentences(builtin: Builtin, note: Note) -> Iterator[str]:
    """What the row says of itself, and what the note adds."""
    yield builtin.doc
    if note.text:
        yield note.text
    row = ROWS.get(builtin.name)
    if row is None:
        return
    domains = row.domain if isinstance(row.domain, tuple) else (row.domain,)
    needs = [(p, d.says) for p, d in zip(rules.parameters(note, builtin), domains, strict=False) if d is not None and d.says != "a number"]
    if builtin.group == "elementwise":
        yield "It acts on each element of an array."
        yield from (f"{parameter} is {says}." for parameter, says in needs)
    if "ulps" in row.facts:
        units, why = row.facts["ulps"]
        yield f"Its values are off by up to {units} units in the last place: {why}."
    if "cancels" in row.facts:
        yield f"Near its zeros below 0 it is as accurate as {row.facts['cancels']} is."
    yield from (f"W-AD: {kink.says}." for kink in row.kinks)


def _constant(session: Session, name: str, width: int) -> Part | None:
    if name not in library.CONSTANTS:
        return None
    value, says = library.CONSTANTS[name]
    return _noted("a constant", session, name, elementary.CONSTANTS.get(name, NOTHING), width, (f"{name} = {value!r}",) if isfinite(value) else (name,), says)


def _command(session: Session, name: str, width: int) -> Part | None:
    record, note = commands().get(name), COMMANDS.get(name, NOTHING)
    if record is None:
        return None
    clauses = Block("clauses", lines=table(((c, brief(CLAUSES[c])) for c in record.clauses if c in CLAUSES), width))
    programs = (record.example, *note.examples)
    text = f"{record.summary[0].upper()}{record.summary[1:]}. {note.text}".strip()
    return Part("a command", (Block(lines=(record.usage,)), Block(text=text), clauses, examples.block(session, name, programs, width), see(note)))


def _from(role: str, notes: dict[str, Note]) -> Callable[[Session, str, int], Part | None]:
    def provider(session: Session, name: str, width: int) -> Part | None:
        return _noted(role, session, name, notes[name], width) if name in notes else None

    return provider


def _noted(role: str, session: Session, name: str, note: Note, width: int, head: tuple[str, ...] = (), says: str = "") -> Part:
    """The part of a name of which only a note tells."""
    shown = (examples.block(session, name, note.examples, width),) if note.examples else ()
    return Part(role, (Block(lines=head or note.usage), Block(text=f"{says} {note.text}".strip()), *shown, see(note)))


def _setting(session: Session, name: str, width: int) -> Part | None:
    if name not in TABLE:
        return None
    setting, now = TABLE[name], str(getattr(session.settings, name)).lower()
    says = f"{setting.doc[0].upper()}{setting.doc[1:]}. It is {setting.says}; now it is {now}."
    return _noted("a setting", session, name, SETTINGS.get(name, NOTHING), width, SETTINGS.get(name, NOTHING).usage, says)


def see(note: Note) -> Block:
    """What to read next."""
    return Block("see also", ", ".join(note.see))


PROVIDERS: tuple[Callable[[Session, str, int], Part | None], ...] = (
    _own, topics.part, codes.part, _constant, _function, _from("a statement", calculus.SPOKEN), _command,
    _from("a clause or option", CLAUSES), _setting, _from("a word of the language", words.KEYWORDS), _from("a sign", words.OPERATORS), symbols.part,
)  # fmt: skip


# ---- names -----------------------------------------------------------------------------------------------


def brief(note: Note) -> str:
    """The first sentence of a note."""
    return re.split(r"(?<=[.;]) ", note.text or " ".join(note.usage[:1]))[0].rstrip(".;")


def _noted_as(name: str, *more: dict[str, Note]) -> Note:
    """The note of a name that has no record of its own: a statement, a clause, a word or a sign."""
    tables = (calculus.SPOKEN, CLAUSES, *more, words.KEYWORDS, words.OPERATORS)
    return next((table[name] for table in tables if name in table), NOTHING)


def signature(name: str) -> str | None:
    """How a name is written, in one line; None where nothing is known of it."""
    builtin = library.find(name)
    if isinstance(builtin, Builtin):
        return usage(builtin, FUNCTIONS.get(name, NOTHING))[0]
    if name in library.CONSTANTS:
        return f"{name} = {library.CONSTANTS[name][0]:.10g}"
    if (record := commands().get(name)) is not None:
        return record.usage
    return (*_noted_as(name, SETTINGS).usage, None)[0]


def names(session: Session) -> list[str]:
    """Everything that there is help on, but signs and symbols."""
    tables = (session.definitions, TOPICS, library.names(), calculus.SPOKEN, commands(), CLAUSES, SETTINGS, words.KEYWORDS, CODES)
    return list(dict.fromkeys(name for table in tables for name in table))


def as_command(name: str) -> str:
    """One sentence on a command or clause, also where a function has the name."""
    record = commands().get(name)
    return record.summary if record is not None else brief(CLAUSES[name])


def sentence(name: str) -> str:
    """One sentence on a name, for lists; on its function where it has several roles."""
    builtin = library.find(name)
    if isinstance(builtin, Builtin):
        return re.split(r"(?<=[.;]) ", builtin.doc)[0].rstrip(".;")
    if name in library.CONSTANTS:
        return library.CONSTANTS[name][1].rstrip(".")
    if (record := commands().get(name)) is not None:
        return record.summary
    if name in TABLE:
        return TABLE[name].doc
    return brief(_noted_as(name))
