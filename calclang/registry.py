"""The table of commands: what a person can ask for in a sentence, ``grad f at (1, 2)``.

The parser, help, completion and the tests loop over it. It stands below the commands, which enter themselves when it is first asked for;
adding one touches one file.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from functools import cache
from typing import TYPE_CHECKING, TypeAlias

from calclang import errors
from calclang.errors import CalcError
from calclang.record import record
from calclang.syntax import tree

if TYPE_CHECKING:
    from calclang.session import Result, Session

Run: TypeAlias = "Callable[[Session, tree.Command], Result]"


@record
class CommandRecord:
    """A command: its word, how it is written, one sentence, a program that shows it, the clauses it takes."""

    word: str
    usage: str
    summary: str
    example: str
    clauses: tuple[str, ...]
    run: Run


COMMANDS: dict[str, CommandRecord] = {}
# Words of the language that no table here answers yet are commands all the same: they get a clear error.
LATER = frozenset({"plot"})


def command(word: str, usage: str, summary: str, example: str, *clauses: str) -> Callable[[Run], Run]:
    """Enter a command into the table."""

    def enter(run: Run) -> Run:
        COMMANDS[word] = CommandRecord(word, usage, summary, example, clauses, run)
        return run

    return enter


@cache
def table() -> dict[str, CommandRecord]:
    """Every command, by its word."""
    from calclang.commands import check, cost, derivatives, explain, graphs, help, latex, optimise, program, show, time

    return COMMANDS


class Words(Collection[str]):
    """The words that begin a command. The commands are imported when something is first asked of them: a program without blanks between a
    name and an operand has no command, and starts earlier."""

    def __contains__(self, word: object) -> bool:
        return word in LATER or word in table()

    def __iter__(self) -> Iterator[str]:
        return iter({*table(), *LATER})

    def __len__(self) -> int:
        return len({*table(), *LATER})


WORDS = Words()


def execute(session: Session, command: tree.Command) -> Result:
    """Run a command."""
    record = table().get(command.word)
    if record is None:
        raise errors.not_yet(f"command {command.word}", command.span)
    for place, option in enumerate(command.options):
        if option.word not in record.clauses:
            raise errors.unknown_clause(command.word, option.word, record.clauses, record.usage, option.span)
        if any(option.word == before.word for before in command.options[:place]):
            raise errors.repeated_clause(option.word, option.span)
    try:
        return record.run(session, command)
    except errors.DirectionError as error:
        raise error.written(command.span, next((o.span for o in command.options if o.word in ("along", "from")), command.span)) from None
    except CalcError as error:
        raise _before(error, command) from None


def _before(error: CalcError, command: tree.Command) -> CalcError:
    """An error of a command, which says so where a name is defined behind ``where`` in one of its clauses."""
    for part in (p for option in command.options for p in option.parts):
        if isinstance(part, tree.Let) and part.where:
            names = {b.target.name: b.span.text for b in part.bindings if not isinstance(b.target, tree.TupleTarget)}
            error = errors.perhaps_before(error, names, command.span.text.replace(part.span.text, part.body.span.text))
    return error


def speak(session: Session, call: tree.Call) -> Result:
    """Run a call that is a statement."""
    from calclang.commands.spoken import RUN

    assert isinstance(call.function, tree.Name)
    return RUN[call.function.id](session, call)
