"""The prompt: what is typed is read, evaluated and answered, until the end of the input."""

from __future__ import annotations

import os
import sys
from functools import partial
from time import perf_counter

from calclang import errors
from calclang.errors import CalcError
from calclang.frontends.answers import Answers
from calclang.frontends.progress import meter_of
from calclang.frontends.prompt.colon import colon
from calclang.frontends.prompt.editor import make_prompt
from calclang.frontends.prompt.signs import PROMPT
from calclang.frontends.work import Work
from calclang.session import Session

WELCOME = "calclang: type an expression or a definition; :help for more, Ctrl-D to leave"


def repl(session: Session, answers: Answers) -> int:
    """Read, evaluate, print, until the end of the input; the exit status."""
    prompt = make_prompt(session, answers)
    answers.work = Work(session, meter_of(session, sys.stderr, os.environ))
    answers.say(WELCOME)
    while True:
        try:
            text = prompt.prompt(PROMPT).strip()
        except KeyboardInterrupt:
            continue
        except EOFError:
            return 0
        if text in (":quit", ":q", ":exit"):
            return 0
        answer(session, answers, text)


def answer(session: Session, answers: Answers, text: str) -> None:
    """Run what was typed; print results, warnings and errors. Nothing ends the session."""
    try:
        if text.startswith(":"):
            answers.write(colon(session, answers, text))
            return
        program = answers.work.run(partial(session.parse, text, "<input>"))
        for statement in program.statements:
            answers.echo(statement)
            start = perf_counter()
            result = answers.work.run(partial(session.execute, statement))
            answers.result(result, statement, perf_counter() - start)
    except CalcError as error:
        answers.complain(error.diagnostic)
    except KeyboardInterrupt:
        answers.complain(errors.interrupted().diagnostic)
    except OSError:
        raise  # the terminal is gone
    except Exception as problem:
        if os.environ.get("CALCLANG_DEBUG"):
            raise
        answers.complain(errors.own_mistake(type(problem).__name__).diagnostic)
