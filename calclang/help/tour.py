"""``:tour``: ten short screens, from a first sum to a Hessian, in which the reader types. It runs in a session of its own."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

from calclang.errors import CalcError
from calclang.help.examples import sandbox, told
from calclang.help.notes.screens import SCREENS, Screen
from calclang.help.page import Block, Part, render

if TYPE_CHECKING:
    from calclang.session import Session

Read = Callable[[str], str]
Write = Callable[[str], None]

WELCOME = "Ten short screens. Type what each asks for, or anything else. Besides: skip, back, quit. Your own definitions are left alone."
GOODBYE = "That is the tour. help lists the topics, and help NAME explains anything."
ONWARDS = "Good; now the next line."
OTHERWISE = "That is not what was asked for. Type the indented line, or skip."
STOPPED = "Interrupted."
PROMPT = "tour> "
FORWARD, BACK, LEAVE = ("skip", "next"), ("back",), ("quit", "exit", "q")


def run(session: Session, read: Read, write: Write, width: int = 80) -> None:
    """Show the screens; ``read`` gives a line for a prompt (EOFError ends the tour), ``write`` shows text."""
    own = sandbox(session)
    write(_paragraph(WELCOME, width))
    place = 0
    while place < len(SCREENS):
        write(shown(place, width))
        step = _converse(own, SCREENS[place], read, write, width)
        if step == 0:
            return
        place = max(0, place + step)
    write("\n" + _paragraph(GOODBYE, width))


def shown(place: int, width: int) -> str:
    """The text of a screen."""
    it = SCREENS[place]
    head = Block(text=f"{place + 1} of {len(SCREENS)}: {it.title}")
    task = Block(text=it.task, screen=tuple(f"    {line}" for line in it.types))
    return "\n" + render([Part("", (head, Block(text=it.text), task))], width) + "\n"


def _paragraph(text: str, width: int) -> str:
    return render([Part("", (Block(text=text),))], width)


def _converse(session: Session, it: Screen, read: Read, write: Write, width: int) -> int:
    """Read until the task is done: how many screens to go on by, 0 to leave."""
    while True:
        try:
            text = read(PROMPT).strip()
        except (EOFError, KeyboardInterrupt):
            return 0
        word = text.lower().lstrip(":")
        if word in LEAVE:
            return 0
        if word in BACK:
            return -1
        if word in FORWARD:
            pass_over(session, it)
            return 1
        if text and (says := attempt(session, it, text, write, width)):
            write(_paragraph(says, width))
            if says == it.praise:
                return 1


def pass_over(session: Session, it: Screen) -> None:
    """Run the lines of a screen that is skipped: later ones use its names. What the reader has redefined may stand in the way."""
    with suppress(CalcError):
        session.run("; ".join(it.types))


def attempt(session: Session, it: Screen, text: str, write: Write, width: int) -> str:
    """Run what was typed and show what it answers; what is said to it."""
    quiet = True
    try:
        for result in session.statements(text, "tour"):
            if lines := told(result, session, width):
                write("\n".join(lines))
                quiet = False
    except KeyboardInterrupt:
        return STOPPED
    except CalcError as error:
        from calclang.display.diagnostics import render as drawn

        write(drawn(error.diagnostic))
        return OTHERWISE
    if done(session, it, text):
        return it.praise
    return ONWARDS if quiet and len(it.types) > 1 else OTHERWISE


def done(session: Session, it: Screen, text: str) -> bool:
    """Whether the task is done, in whichever way."""
    from calclang.ir.node import charging
    from calclang.lower.lowered import Arr
    from calclang.syntax import tree

    if it.command:
        return any(isinstance(s, tree.Command) and s.word == it.command for s in session.parse(text, "tour").statements)
    (condition,) = session.parse(it.holds, "tour").statements
    try:
        with charging(session.budget()):
            low, _ = session.evaluate(condition.value)  # type: ignore[union-attr]
    except CalcError:
        return False
    return isinstance(low, Arr) and not low.rank and bool(low.node.value)
