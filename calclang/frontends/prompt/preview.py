"""The value of what is being typed, found beside the session and without changing it: an expression that is complete, given a moment."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

from calclang.display.values import answer
from calclang.errors import CalcError
from calclang.frontends.answers import Answers
from calclang.frontends.work import Task
from calclang.limits import UNTRUSTED
from calclang.lower.spoken import spoken
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

    def follow(self, app: Application[str], buffer: Buffer) -> None:
        """The input has changed."""
        self.text = ""
        if self.waiting is not None:
            self.waiting.cancel()
            self.waiting = None
        if self.session.settings.preview and app.is_running and 0 < len(buffer.text) <= LONGEST:
            self.waiting = app.create_background_task(self._after_a_moment(app, buffer.text))

    async def _after_a_moment(self, app: Application[str], text: str) -> None:
        await asyncio.sleep(QUIET)
        task = Task(lambda: self.value(text))
        for _ in range(round(BUDGET / 0.005)):
            await asyncio.sleep(0.005)
            if task.ended(0):
                break
        else:
            task.leave()
            return
        self.text = task.value if task.problem is None else ""
        app.invalidate()

    def value(self, text: str) -> str:
        """The value in one line; empty where there is none, and for an input that is more than an expression."""
        beside = Session(UNTRUSTED)
        beside.numbered = self.session.numbered
        before = self.session.snapshot()
        beside.restore(replace(before, settings=replace(before.settings, ieee=before.settings.ieee)))
        try:
            statements = beside.parse(text, "<preview>").statements
            if len(statements) != 1 or not isinstance(statements[0], tree.Show) or spoken(statements[0].value) is not None:
                return ""
            value = beside.execute(statements[0]).value
            shown = "" if value is None else answer(value, replace(self.answers.style(), color=False, shapes=False))
        except CalcError:
            return ""
        return shown if "\n" not in shown else shown.split("\n")[0] + " …"
