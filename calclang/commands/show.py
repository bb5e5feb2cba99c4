"""``show``: a function as it was written, its kinds and its derivative; the kind of a value."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from calclang.commands import answers
from calclang.commands.clauses import operand_of
from calclang.lower.lowered import FUNCTIONS, Arr, Builtin, Closure, Fn, Low, Rng, Str, words
from calclang.registry import command
from calclang.syntax import tree

if TYPE_CHECKING:
    from calclang.session import Result, Session

MOST = 16  # elements of an array that is shown beside its kind


@command("show", "show NAME", "definition, kinds, shapes and derivative of a function; kind of a value", "f(x) = x^2; show f")
def show(session: Session, cmd: tree.Command) -> Result:
    from calclang.display.formulas import layouts

    operand = operand_of(cmd)
    low, _ = session.evaluate(operand)
    name = operand.id if isinstance(operand, tree.Name) else ""
    if not isinstance(low, FUNCTIONS):
        return answers.text(session, (name and f"{name}: ") + words(low) + _value_text(session, low), cmd)
    first, more = described(session, low, name)
    return answers.text(session, "\n".join([first, *more]), cmd, layouts=layouts(first, more))


def _value_text(session: Session, low: Low) -> str:
    """A short value beside its kind."""
    from calclang.display.values import source

    short = isinstance(low, Str | Rng) or (isinstance(low, Arr) and np.size(low.node.value) <= MOST)
    return f", {source(session.value(low))}" if short else ""


def described(session: Session, fn: Fn, name: str = "") -> tuple[str, tuple[str, ...]]:
    """How a function is written; its kinds and its derivative, where they are known."""
    from calclang.help import own
    from calclang.help.kinds import called
    from calclang.ir.budget import charging
    from calclang.lower.formulas import function_source, operator_text

    if isinstance(fn, Builtin):
        return _builtin(session, fn)
    with charging(session.budget()):
        kinds = called(session.world, fn, name)
    if isinstance(fn, Closure):
        formula = own.derivative(session, name or fn.name, fn) if name or fn.name else ""
        return own.written(fn) or function_source(session.world, fn), tuple(line for line in (kinds, formula) if line)
    return function_source(session.world, fn), (kinds,) if kinds != operator_text(session.world, fn) else ()


def _builtin(session: Session, fn: Builtin) -> tuple[str, tuple[str, ...]]:
    """How a function of the language is called, what it is, and its derivative."""
    from calclang.help import find, rules

    note = find.FUNCTIONS.get(fn.name, find.NOTHING)
    rule = rules.block(session, fn, note)
    lines = (fn.doc, *(f"derivative: {line}" for line in (*rule.lines, *([rule.text] if rule.text else []))))
    return "\n".join(find.usage(fn, note)), lines
