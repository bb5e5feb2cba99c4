"""What a person can ask for in a sentence: ``grad f at (1, 2)``."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from calclang import errors
from calclang.syntax import tree

if TYPE_CHECKING:
    from calclang.commands.registry import CommandRecord
    from calclang.session import Result, Session

# Words of the language that no table here answers yet are commands all the same: they get a clear error.
LATER = frozenset({"plot"})


@cache
def table() -> dict[str, CommandRecord]:
    """Every command, by its word."""
    from calclang.commands import cost, derivatives, explain, graphs, help, inspect, optimise, program, show  # noqa: F401  (they enter themselves)
    from calclang.commands.registry import COMMANDS

    return COMMANDS


@cache
def words() -> frozenset[str]:
    """The words that begin a command."""
    return frozenset(table()) | LATER


def execute(session: Session, command: tree.Command) -> Result:
    """Run a command."""
    record = table().get(command.word)
    if record is None:
        raise errors.command_not_yet(command.word, command.span)
    for place, option in enumerate(command.options):
        if option.word not in record.clauses:
            raise errors.unknown_clause(command.word, option.word, record.clauses, record.usage, option.span)
        if any(option.word == before.word for before in command.options[:place]):
            raise errors.repeated_clause(option.word, option.span)
    return record.run(session, command)
