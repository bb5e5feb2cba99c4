"""One line of help: what the tables of this folder hold for a name, beside what the program's own tables say of it."""

from __future__ import annotations

from calclang.record import record


@record
class Note:
    """``usage``: how it is written, with shapes, a line each (empty: as the program's table has it). ``text``: after the sentence of that
    table. ``rule``: how it is differentiated: a program that gives the formula (``grad(…)``), a differential (``dA: …``), ``linear``, or
    words (empty: from the row)."""

    usage: tuple[str, ...] = ()
    text: str = ""
    examples: tuple[str, ...] = ()
    see: tuple[str, ...] = ()
    rule: str = ""


def note(see: str, *examples: str, usage: str = "", text: str = "", rule: str = "") -> Note:
    """A note; ``see`` holds names with blanks between, ``usage`` lines."""
    return Note(tuple(usage.splitlines()), text, examples, tuple(see.split()), rule)
