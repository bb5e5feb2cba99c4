"""The table of commands. The parser, help, completion, docs and tests loop over it; adding a command touches one file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from calclang.syntax import tree

if TYPE_CHECKING:
    from calclang.session import Result, Session

Run: TypeAlias = "Callable[[Session, tree.Command], Result]"


@dataclass(frozen=True)
class CommandRecord:
    """A command: its word, how it is written, one sentence, a program that shows it, the clauses it takes."""

    word: str
    usage: str
    summary: str
    example: str
    clauses: tuple[str, ...]
    run: Run


COMMANDS: dict[str, CommandRecord] = {}


def command(word: str, usage: str, summary: str, example: str, *clauses: str) -> Callable[[Run], Run]:
    """Enter a command into the table."""

    def enter(run: Run) -> Run:
        COMMANDS[word] = CommandRecord(word, usage, summary, example, clauses, run)
        return run

    return enter
