"""Examples are run when they are shown, so that their results are those of this very version."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from calclang.errors import CalcError
from calclang.help.page import Block

if TYPE_CHECKING:
    from calclang.session import Result, Session

PROMPT = "calc> "
# What these show depends on the machine, or touches its files: the program alone is shown.
NOT_RUN = frozenset({"load", "save", "read", "write", "time"})

ENOUGH = 50_000  # operations of an example


def block(session: Session, name: str, programs: tuple[str, ...], width: int) -> Block:
    """The examples of a name, with their results."""
    heading = "examples" if len(programs) > 1 else "example"
    return Block(heading, screen=tuple(line for p in programs for line in shown(session, p, width - 2, name not in NOT_RUN)))


def shown(session: Session, program: str, width: int, run: bool = True) -> list[str]:
    """A program as it is typed, and what it answers."""
    return [PROMPT + program, *(outcome(session, program, width) if run else ())]


def outcome(session: Session, program: str, width: int) -> list[str]:
    """What a program answers in a session of its own with the same settings, errors included."""
    fresh = sandbox(session)
    lines: list[str] = []
    try:
        for result in fresh.statements(program, "example"):
            lines += told(result, fresh, width)
    except CalcError as error:
        from calclang.display.diagnostics import render

        lines += render(error.diagnostic, width=width).splitlines()
    return lines


def told(result: Result, session: Session, width: int) -> list[str]:
    """What a result says: warnings, the value, what is printed."""
    from calclang.display.values import Style, display

    style = Style(digits=session.settings.digits, width=max(20, width))
    lines = [f"warning[{w.code}]: {w.message}" for w in result.warnings]
    if result.printed is not None:
        lines.append(" ".join(v if isinstance(v, str) else display(v, style=style) for v in result.printed))
    elif result.shown and result.value is not None:
        lines += display(result.value, style=style).splitlines()
    return lines


def sandbox(session: Session) -> Session:
    """A new session with the settings of another one, and limits that end a program which an example is of."""
    from calclang.session import Session

    fresh = Session(replace(session.limits, nodes=min(session.limits.nodes, ENOUGH)))
    fresh.settings = replace(session.settings)
    return fresh
