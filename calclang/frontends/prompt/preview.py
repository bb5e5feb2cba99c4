"""The value of what is being typed, found beside the session and without changing it: an expression that is complete, given a moment."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from functools import partial
from math import inf
from time import monotonic
from typing import TYPE_CHECKING, Any

from calclang.display.values import answer
from calclang.errors import CalcError
from calclang.frontends.answers import Answers
from calclang.frontends.work import Task
from calclang.limits import UNTRUSTED
from calclang.lower.spoken import spoken
from calclang.progress import Stopped
from calclang.session import Session
from calclang.syntax import tree

if TYPE_CHECKING:
    from prompt_toolkit.application import Application
    from prompt_toolkit.buffer import Buffer

QUIET = 0.15  # seconds without a keystroke before anything is computed
BUDGET = 0.05  # seconds for the value
LONGEST = 1_000  # characters of an input that is looked at


class Preview:
    """The line below the input. `follow` is told of every change; ``text`` is what there is to show."""

    def __init__(self, session: Session, answers: Answers) -> None:
        self.session, self.answers = session, answers
        self.text = ""
        self.waiting: asyncio.Task[None] | None = None
        self.task: Task[str] | None = None

    def follow(self, app: Application[str], buffer: Buffer) -> None:
        """The input has changed."""
        self.text = ""
        if self.waiting is not None:
            self.waiting.cancel()
            self.waiting = None
        if self.session.settings.preview and app.is_running and 0 < len(buffer.text) <= LONGEST:
            self.waiting = app.create_background_task(self._after_a_moment(app, buffer.text))

    async def _after_a_moment(self, app: Application[str], text: str) -> None:
        """Compute, unless the last computation is still at it, and show what is there in time."""
        await asyncio.sleep(QUIET)
        if self.task is not None and not self.task.ended(0):
            return
        end = monotonic() + BUDGET
        task = self.task = Task(partial(self.value, text, end))
        while monotonic() < end and not task.ended(0):
            await asyncio.sleep(0.005)
        if task.ended(0) and task.problem is None:
            self.text = task.value
            app.invalidate()

    def value(self, text: str, end: float = inf) -> str:
        """The value in one line; empty where there is none, and for an input that is more than an expression."""
        try:
            beside = self.beside(end)
            statement, *more = [*beside.parse(text, "<preview>").statements, None]
            if more != [None] or not isinstance(statement, tree.Show) or spoken(statement.value) is not None:
                return ""
            value = beside.execute(statement).value
            shown = "" if value is None else answer(value, replace(self.answers.style(), color=False, shapes=False))
        except CalcError:
            return ""
        return shown if "\n" not in shown else shown.split("\n")[0] + " …"

    def beside(self, end: float) -> Session:
        """A session with the same definitions, for little work, whose loops stop at the ``end``. Nothing else is stopped: it might be importing."""

        def watch(*told: Any) -> None:
            if monotonic() > end:
                raise Stopped

        session = Session(UNTRUSTED)
        session.restore(self.session.snapshot())
        session.numbered = self.session.numbered
        session.progress = watch
        return session
