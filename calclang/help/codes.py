"""What the codes of errors mean, with the programs that cause them: those stand in the docstrings of their constructors."""

from __future__ import annotations

import inspect
import re
from functools import cache
from types import FunctionType
from typing import TYPE_CHECKING

from calclang import errors
from calclang.help import examples
from calclang.help.notes.codes import CODES
from calclang.help.page import Block, Part

if TYPE_CHECKING:
    from calclang.session import Session

SHOWN, LISTED = 2, 6  # programs that are run, and others that are listed: a page that is read without going back
CODE = re.compile(r"[EW](?:-[A-Z]+)+")


@cache
def kinds() -> dict[str, tuple[tuple[str, str, str], ...]]:
    """The kinds of error of each code: constructor, its sentence, the smallest program that causes it (may be empty)."""
    found: dict[str, list[tuple[str, str, str]]] = {}
    for name, function in vars(errors).items():
        if inspect.isfunction(function) and (code := _code(function)):
            doc = inspect.getdoc(function) or ""
            program = re.search(r"^>>> (.*)$", doc, re.M)
            found.setdefault(code, []).append((name, doc.partition("\n")[0], program.group(1) if program else ""))
    return {code: tuple(entries) for code, entries in found.items()}


def _code(function: FunctionType) -> str:
    """The code that a constructor gives."""
    return next((c for c in function.__code__.co_consts if isinstance(c, str) and CODE.fullmatch(c)), "")


def part(session: Session, name: str, width: int) -> Part | None:
    """The page of a code."""
    code = name.upper()
    note = CODES.get(code)
    if note is None:
        return None
    known = {kind: program for kind, _, program in kinds().get(code, ())}
    shown = [line for kind in note.first[:SHOWN] for line in (*examples.shown(session, known[kind], width - 2), "")]
    others = [f"{program}  # {says.replace('``', '').rstrip('.')}" for kind, says, program in kinds().get(code, ()) if program and kind not in note.first[:SHOWN]]
    if len(others) > LISTED:
        others = [*others[: LISTED - 1], f"and {len(others) - LISTED + 1} more"]
    return Part("an error" if code.startswith("E") else "a warning", (
        Block(text=f"{code}: {note.meaning}"), Block("what to do", note.repair), Block("examples" if note.first[1:] else "example", screen=tuple(shown[:-1])),
        Block("also given by", lines=tuple(others)), Block("see also", ", ".join(note.see)),
    ))  # fmt: skip
