"""What a command answers: a text, a value that becomes ``ans``, or a report whose parts ``ans`` has by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from calclang import errors
from calclang.lower.convert import to_low
from calclang.lower.lowered import Low
from calclang.lower.trace import Trace
from calclang.syntax import tree
from calclang.values import Parts, Text, Value

if TYPE_CHECKING:
    from calclang.errors import Diagnostic
    from calclang.session import Result, Session


def text(session: Session, said: str, cmd: tree.Command, warnings: tuple[Diagnostic, ...] = (), layouts: tuple[str, ...] = ()) -> Result:
    """Text; ``layouts``: how it may stand on a screen, the widest first. Raises E-LIMIT-OUTPUT."""
    from calclang.session import Result

    if len(said) > session.limits.output:
        raise errors.too_long_answer(session.limits.output, cmd.span)
    return Result(Text.of(said, *layouts), not cmd.hidden, warnings)


def value(session: Session, low: Low, trace: Trace, cmd: tree.Command) -> Result:
    """A value, with what was warned of on its way."""
    from calclang.session import Result

    session.define("ans", low)
    return Result(session.value(low), not cmd.hidden, tuple(trace.records.warnings))


def report(session: Session, parts: dict[str, Value], lines: list[str], cmd: tree.Command) -> Result:
    """Lines for people, and what they tell of."""
    from calclang.session import Result

    session.define("ans", to_low(Parts(tuple(parts.values()), tuple(parts))))
    return Result(Text("\n".join(lines)), not cmd.hidden)
