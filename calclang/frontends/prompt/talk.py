"""What is said at one prompt: inputs with their answers, the statements that worked, and the states that ``:undo`` goes back to."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import groupby
from pathlib import Path
from time import perf_counter

from calclang import errors
from calclang.display.clean import clean
from calclang.errors import CalcError
from calclang.frontends.answers import Answers, says
from calclang.frontends.prompt.results import Results
from calclang.lower.lowered import Low
from calclang.record import record
from calclang.session import Result, Session, Snapshot
from calclang.syntax import tree

LEVELS = 1_000  # inputs that can be taken back
ASIDE = re.compile(r"\s*(?::[A-Za-z?]|\?)")  # a line that is no statement
NOT_KEPT = ("help", "save")  # commands that are no part of a program


@dataclass
class Entry:
    """An input and what was answered."""

    typed: str
    told: list[str] = field(default_factory=list)


@record
class State:
    """What ``:undo`` brings back: the session, the statements that made it, which input defined which name."""

    typed: str
    session: Snapshot
    kept: tuple[str, ...]
    origins: dict[str, str]
    results: Results
    loaded: tuple[Path, ...]


@record
class Done:
    """A statement that was run: its result, the value that gets a number (None: it has a name, or is hidden), the seconds it took, and what is shown."""

    result: Result
    kept: Low | None
    seconds: float
    text: str | None


class Talk:
    """One prompt's session, answers, and memory. ``read`` asks for another line."""

    def __init__(self, session: Session, answers: Answers, read: Callable[..., str]) -> None:
        self.session, self.answers, self.read = session, answers, read
        self.entries: list[Entry] = []
        self.kept: list[str] = []  # statements that worked
        self.levels: list[State] = []
        self.origins: dict[str, str] = {}  # the inputs that defined names
        self.results = Results(session)
        self.say = answers.remark
        self.begin()

    def begin(self) -> None:
        """What there is now was there from the start: nothing of it is forgotten or taken back."""
        self.first: Snapshot = self.session.snapshot()

    # ---- one input -----------------------------------------------------------------------------------

    def answer(self, text: str) -> bool:
        """Run what was typed; print results, warnings and errors. Whether there was no error. Raises EOFError where the reader wants to leave."""
        with self.entry(text), self.guarded(), self.level(text):
            self.obey(text)
            return True
        return False

    def obey(self, text: str) -> None:
        """Statements, and lines that are a command with a colon or a question. Raises `CalcError`."""
        from calclang.frontends.prompt import colon

        if text in colon.LEAVING and text.rstrip("()") not in self.session.definitions:
            raise EOFError
        for aside, lines in groupby(text.split("\n"), lambda line: ASIDE.match(line) is not None):
            if aside:
                for line in lines:
                    colon.obey(self, line.strip())
                continue
            try:
                self.run("\n".join(lines))
            except CalcError as error:
                raise colon.hinted(error, text) from None

    @contextmanager
    def guarded(self) -> Iterator[None]:
        """Errors inside are printed. Raises EOFError, and OSError where the terminal is gone."""
        try:
            yield
        except CalcError as error:
            self.answers.complain(error.diagnostic)
        except KeyboardInterrupt:
            self.answers.complain(errors.interrupted().diagnostic)
        except (OSError, EOFError):
            raise
        except Exception as problem:
            if os.environ.get("CALCLANG_DEBUG"):
                raise
            self.answers.complain(errors.own_mistake(type(problem).__name__).diagnostic)

    @contextmanager
    def entry(self, text: str) -> Iterator[None]:
        """What is answered inside is remembered with the input."""
        here = Entry(text)
        self.entries.append(here)
        self.answers.told = here.told.append
        yield

    @contextmanager
    def level(self, text: str) -> Iterator[None]:
        """What is changed inside can be taken back; what is interrupted is taken back at once."""
        before, levels = self.state(text), len(self.levels)
        try:
            yield
        except (CalcError, KeyboardInterrupt) as problem:
            if isinstance(problem, KeyboardInterrupt) or problem.code == "E-INTERRUPT":
                self.back(before)
            raise
        finally:
            if len(self.levels) >= levels:  # else this was :undo
                self.remember(before)

    def remember(self, before: State) -> None:
        """The state that `:undo` goes back to, where something has changed since."""
        changed = self.changed(before.session)
        if changed or self.results is not before.results:
            self.levels = [*self.levels[1 - LEVELS :], before]
            self.origins = {**self.origins, **dict.fromkeys(changed, before.typed)}

    def changed(self, before: Snapshot) -> set[str]:
        """Which names mean something else now; settings count as ``set``, and ``ans`` does not count."""
        gone = before.definitions.keys() - self.session.definitions.keys() - {"ans"}
        return {*self.session.new(before), *gone} | ({"set"} if before.settings != self.session.settings else set())

    def state(self, text: str) -> State:
        """What `:undo` would bring back now."""
        return State(text, self.session.snapshot(), tuple(self.kept), self.origins, self.results, tuple(self.session.loaded))

    def back(self, state: State) -> None:
        """Everything as it was."""
        self.session.restore(state.session)
        self.session.loaded = list(state.loaded)
        self.kept, self.origins, self.results = list(state.kept), state.origins, state.results
        self.session.numbered = self.results.values

    def names(self) -> list[str]:
        """What the reader has defined."""
        return self.session.new(self.first)

    # ---- statements ----------------------------------------------------------------------------------

    def run(self, text: str) -> None:
        """Run statements one after the other, each whole or not at all. Raises `CalcError` at the first that fails."""
        program = self.answers.work.run(partial(self.session.parse, text, "<input>"))
        worked: list[str] = []
        try:
            for statement in program.statements:
                self.statement(statement)
                if not (isinstance(statement, tree.Command) and statement.word in NOT_KEPT):
                    worked.append(statement.span.text + ";" * getattr(statement, "hidden", False))
        finally:
            self.kept += [text] if program.statements and len(worked) == len(program.statements) else worked

    def statement(self, statement: tree.Statement) -> None:
        """Run and show one statement. Where one of both fails or is interrupted, the session is as it was."""
        self.answers.echo(statement)
        before = self.session.snapshot()
        try:
            done = self.answers.work.run(partial(self.carried_out, statement, before))
        except CalcError:
            self.session.restore(before)
            raise
        if done.kept is not None:
            self.results.add(done.kept)
        self.answers.give(done.result, done.text, done.seconds)

    def carried_out(self, statement: tree.Statement, before: Snapshot) -> Done:
        """A statement that has been run, with the text to show. Raises `CalcError`."""
        start = perf_counter()
        result = self.session.execute(statement)
        seconds = perf_counter() - start
        name, low = name_of(statement), self.session.definitions.get("ans")
        kept = low if not name and says(result) and low is not before.definitions.get("ans") else None
        label = self.results.following if kept is not None else ""
        return Done(result, kept, seconds, self.answers.text(result, name or label or "ans", label))


def name_of(statement: tree.Statement) -> str:
    """The name that a statement does no more than show; empty if it does more."""
    return statement.value.id if isinstance(statement, tree.Show) and isinstance(statement.value, tree.Name) else ""


def first_line(text: str) -> str:
    """An input in one line."""
    line, _, more = text.partition("\n")
    return clean(errors.shorten(line)) + (" …" if more else "")
