"""The commands that begin with a colon: they are about the session, not about mathematics."""

from __future__ import annotations

from collections.abc import Callable

from calclang import errors
from calclang.frontends.answers import Answers
from calclang.session import Session

HELP = """\
  2 + 3*4                       a value
  f(x) = x^2 + sin(x)           a definition
  f'                            its derivative, as a formula
  grad f at 1                   its derivative, at a point
  explain grad f at 1           the same, step by step
  :vars  your names    :reset  forget them    :quit  leave"""


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
