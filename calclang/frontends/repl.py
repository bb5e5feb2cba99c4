"""The plain prompt: one statement after another, with history."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from calclang.display.diagnostics import render
from calclang.display.values import display
from calclang.errors import CalcError
from calclang.frontends.screen import style_of
from calclang.session import Session

if TYPE_CHECKING:
    from prompt_toolkit import PromptSession

WELCOME = "calclang: type an expression or a definition; :help for more, Ctrl-D to leave"
HELP = """\
  2 + 3*4                       a value
  f(x) = x^2 + sin(x)           a definition
  f'                            its derivative, as a formula
  grad f at 1                   its derivative, at a point
  explain grad f at 1           the same, step by step
  :vars  your names    :reset  forget them    :quit  leave"""


def repl(session: Session, color: bool = True) -> int:
    """Read, evaluate, print, until the end of the input; the exit status."""
    prompt = make_prompt()
    print(WELCOME)
    while True:
        try:
            text = prompt.prompt("calc> ")
        except KeyboardInterrupt:
            continue
        except EOFError:
            return 0
        if text.strip() in (":quit", ":q", ":exit"):
            return 0
        try:
            answer(session, text, color)
        except KeyboardInterrupt:
            print("interrupted")


def make_prompt() -> PromptSession[str]:
    """A prompt whose Enter continues where a bracket is open, with a history that is kept where that is possible."""
    from prompt_toolkit import PromptSession
    from prompt_toolkit.application import get_app
    from prompt_toolkit.filters import Condition
    from prompt_toolkit.history import FileHistory, History, InMemoryHistory

    history: History = InMemoryHistory()
    path = Path.home() / ".calclang_history"
    try:
        path.touch(mode=0o600)
        history = FileHistory(str(path))
    except OSError:
        pass
    unfinished = Condition(lambda: open_brackets(get_app().current_buffer.text) > 0)
    return PromptSession(history=history, multiline=unfinished, prompt_continuation="....> ")


def open_brackets(text: str) -> int:
    """How many brackets are still open."""
    signs = re.sub(r"\"(?:[^\"\\\n]|\\.)*\"|#[^\n]*", "", text)
    return sum(signs.count(c) for c in "([") - sum(signs.count(c) for c in ")]")


def answer(session: Session, text: str, color: bool) -> None:
    """Run what was typed; print results, warnings and errors."""
    if text.strip().startswith(":"):
        print(colon(session, text.strip()))
        return
    try:
        for result in session.statements(text):
            for warning in result.warnings:
                print(render(warning, color))
            style = style_of(sys.stdout, session.settings.digits, color)
            if result.printed is not None:
                print(" ".join(v if isinstance(v, str) else display(v, style=style) for v in result.printed))
            elif result.shown and result.value is not None:
                print(display(result.value, style=style))
    except CalcError as error:
        print(render(error.diagnostic, color))


def colon(session: Session, text: str) -> str:
    """The few commands of the prompt itself."""
    word = text.split()[0]
    if word in (":help", ":h", ":?"):
        return HELP
    if word == ":vars":
        return "\n".join(f"  {name} = {display(session[name], session.settings.digits)}" for name in session.definitions) or "  nothing yet"
    if word == ":reset":
        session.reset()
        return "  forgotten"
    return f"  there is no {word}; there are :help :vars :reset :quit"
