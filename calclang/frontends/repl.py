"""The plain prompt: one statement after another, with history."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from calclang import errors
from calclang.errors import CalcError
from calclang.frontends.answers import Answers
from calclang.session import Session

if TYPE_CHECKING:
    from prompt_toolkit import PromptSession
    from prompt_toolkit.history import History

WELCOME = "calclang: type an expression or a definition; :help for more, Ctrl-D to leave"
HELP = """\
  2 + 3*4                       a value
  f(x) = x^2 + sin(x)           a definition
  f'                            its derivative, as a formula
  grad f at 1                   its derivative, at a point
  explain grad f at 1           the same, step by step
  :vars  your names    :reset  forget them    :quit  leave"""


def repl(session: Session, answers: Answers) -> int:
    """Read, evaluate, print, until the end of the input; the exit status."""
    prompt = make_prompt()
    answers.write(WELCOME)
    while True:
        try:
            text = prompt.prompt("calc> ").strip()
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
        for result in session.statements(text):
            answers.result(result)
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


# ---- the few commands of the prompt itself ------------------------------------------------------------


def _vars(session: Session, answers: Answers) -> str:
    return "\n".join(_defined(name, answers.shown(session[name])) for name in session.definitions) or "  nothing yet"


def _defined(name: str, shown: str) -> str:
    """A definition, the lines of its value below each other; a function says its name itself."""
    head = "  " if shown.startswith(f"{name}(") else f"  {name} = "
    return head + shown.replace("\n", "\n" + " " * len(head))


def _reset(session: Session, answers: Answers) -> str:
    session.reset()
    return "  forgotten"


COLON: dict[str, Callable[[Session, Answers], str]] = {
    ":help": lambda session, answers: HELP,
    ":vars": _vars,
    ":reset": _reset,
}


def colon(session: Session, answers: Answers, text: str) -> str:
    """What a command with a colon says."""
    word = text.split()[0]
    if word in COLON:
        return COLON[word](session, answers)
    from calclang.display.clean import clean

    return f"  there is no {clean(errors.shorten(word))}; there are {' '.join(COLON)} :quit"


# ---- the line editor ------------------------------------------------------------------------------------


def make_prompt() -> PromptSession[str]:
    """A prompt whose Enter begins another line where the statement is not finished."""
    from prompt_toolkit import PromptSession
    from prompt_toolkit.key_binding import KeyBindings

    keys = KeyBindings()

    @keys.add("enter")
    def _enter(event: Any) -> None:
        buffer = event.current_buffer
        if unfinished(buffer.text):
            buffer.newline()
        else:
            buffer.validate_and_handle()

    return PromptSession(history=history(), key_bindings=keys, multiline=True, prompt_continuation="....> ")


def unfinished(text: str) -> bool:
    """Whether Enter asks for another line: something is open, and the last line is not empty."""
    from calclang.commands import words
    from calclang.syntax import incomplete

    last = text.rpartition("\n")[2]
    return bool(last.strip()) and not text.startswith(":") and incomplete(text, words())


def history() -> History:
    """Kept in a file that only its owner reads, where that is possible; CALCLANG_HISTORY names another one, or none if empty."""
    from prompt_toolkit.history import FileHistory, InMemoryHistory

    try:
        path = history_path()
        if path is not None:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            path.touch(mode=0o600)
            return FileHistory(str(path))
    except (OSError, RuntimeError):  # no such folder may be made; there is no home
        pass
    return InMemoryHistory()


def history_path() -> Path | None:
    named = os.environ.get("CALCLANG_HISTORY")
    if named is not None:
        return Path(named) if named else None
    state = os.environ.get("XDG_STATE_HOME")
    return (Path(state) if state else Path.home() / ".local" / "state") / "calclang" / "history"
