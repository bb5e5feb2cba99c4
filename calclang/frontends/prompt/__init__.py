"""The prompt: what is typed is read, evaluated and answered, until the end of the input."""

from __future__ import annotations

import os
from collections.abc import Callable

from calclang.frontends.answers import Answers
from calclang.frontends.progress import meter_of
from calclang.frontends.prompt.editor import make_prompt
from calclang.frontends.prompt.signs import PROMPT
from calclang.frontends.prompt.talk import Talk
from calclang.frontends.work import Work
from calclang.session import Session

WELCOME = "calclang: type a formula; :help for more, :tour to learn, Ctrl-D to leave"


def repl(session: Session, answers: Answers, configure: Callable[[Talk], None] = lambda talk: None) -> int:
    """Read, evaluate, print, until the end of the input; the exit status. ``configure`` prepares the session."""
    prompt = make_prompt(session, answers)
    answers.work = Work(session, meter_of(session, answers.err, os.environ))
    talk = Talk(session, answers, prompt.prompt)
    configure(talk)
    answers.notice(WELCOME)
    while True:
        try:
            talk.answer(prompt.prompt(PROMPT).strip())
        except KeyboardInterrupt:
            continue
        except EOFError:
            return 0
