"""``:tour``: ten short screens, from a first sum to a Hessian, in which the reader types. It runs in a session of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import TYPE_CHECKING

from calclang.errors import CalcError
from calclang.help.notes.screens import SCREENS, Screen
from calclang.help.page import Block, Part, render

if TYPE_CHECKING:
    from calclang.session import Session

Read = Callable[[str], str]
Write = Callable[[str], None]
Answer = Callable[[str], bool]

WELCOME = "Ten short screens. Type what each asks for, or anything else. Besides: skip, back, quit. Your own definitions are left alone."
GOODBYE = "That was the last screen. Try what you like; quit or Ctrl-D leaves the tour. help lists the topics, and help NAME explains anything."
ONWARDS = "Good; now the next line."
OTHERWISE = "That is not what was asked for. Type the indented line, or skip."
PROMPT = "tour> "
# How many screens a word goes on by; None leaves.
STEPS: dict[str, int | None] = {"skip": 1, "next": 1, "back": -1, "tour": 0, "again": 0, "quit": None, "exit": None, "q": None}


def run(session: Session, read: Read, write: Write, answer: Answer, width: int = 80, place: int = 0) -> None:
    """Show the screens from one on, in a session of their own. ``read`` gives a line for a prompt (EOFError ends the tour), ``write`` shows text,
    ``answer`` runs what was typed and shows what it answers: whether it worked."""
    write(_paragraph(WELCOME, width))
    for it in SCREENS[:place]:
        pass_over(session, it)
    step: int | None = 0
    while step is not None:
        place = max(0, place + step)
        if place < len(SCREENS):
            write(shown(place, width))
            step = _converse(session, SCREENS[place], read, write, answer, width)
        else:
            write("\n" + _paragraph(GOODBYE, width))
            step = _play(read, answer)


def shown(place: int, width: int) -> str:
    """The text of a screen."""
    it = SCREENS[place]
    head = Block(text=f"{place + 1} of {len(SCREENS)}: {it.title}")
    task = Block(text=it.task, screen=tuple(f"    {line}" for line in it.types))
    return "\n" + render([Part("", (head, Block(text=it.text), task))], width) + "\n"


def _paragraph(text: str, width: int) -> str:
    return render([Part("", (Block(text=text),))], width)


def _typed(read: Read) -> Iterator[tuple[str, str]]:
    """What is typed until the input ends, with the word of `STEPS` that it may be; nothing where the reader gives a line up."""
    with suppress(EOFError):
        while True:
            text = ""
            with suppress(KeyboardInterrupt):
                text = read(PROMPT).strip()
            yield text, text.lower().lstrip(":")


def _play(read: Read, answer: Answer) -> int | None:
    """Read and answer until the reader leaves, or goes back."""
    for text, word in _typed(read):
        if word in STEPS:
            step = STEPS[word]
            return step if step is not None and step <= 0 else None
        if text:
            answer(text)
    return None


def _converse(session: Session, it: Screen, read: Read, write: Write, answer: Answer, width: int) -> int | None:
    """Read until the task is done: how many screens to go on by, None to leave."""
    for text, word in _typed(read):
        if word in STEPS:
            if STEPS[word] == 1:
                pass_over(session, it)
            return STEPS[word]
        if text and (says := attempt(session, it, text, answer)):
            write(_paragraph(says, width))
            if says == it.praise:
                return 1
    return None


def pass_over(session: Session, it: Screen) -> None:
    """Run the lines of a screen that is skipped: later ones use its names. What the reader has redefined may stand in the way."""
    with suppress(CalcError):
        session.run("; ".join(it.types))


def attempt(session: Session, it: Screen, text: str, answer: Answer) -> str:
    """Run what was typed and show what it answers; what is said to it: nothing to a question or a command about the session."""
    before = session.definitions.get("ans")
    worked = answer(text)
    if text[0] in "?:":
        return ""
    if worked and done(session, it, text):
        return it.praise
    return ONWARDS if worked and len(it.types) > 1 and session.definitions.get("ans") is before else OTHERWISE


def done(session: Session, it: Screen, text: str) -> bool:
    """Whether the task is done, in whichever way."""
    from calclang.ir.budget import charging
    from calclang.lower.lowered import Arr
    from calclang.syntax import tree

    if it.command:
        return any(isinstance(s, tree.Command) and s.word == it.command for s in session.parse(text, "tour").statements)
    (condition,) = session.parse(it.holds, "tour").statements
    assert isinstance(condition, tree.Show)
    try:
        with charging(session.budget()):
            low, _ = session.evaluate(condition.value)
    except CalcError:
        return False
    return isinstance(low, Arr) and not low.rank and bool(low.node.value)
