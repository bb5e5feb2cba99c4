"""``time``: how long something takes."""

from __future__ import annotations

from collections.abc import Callable
from math import inf
from time import perf_counter
from typing import TYPE_CHECKING, Any

from calclang.commands import answers
from calclang.commands.clauses import callable_of, inner_request, unknowns
from calclang.display.numbers import duration
from calclang.lower.lowered import FUNCTIONS
from calclang.lower.parts import leaves
from calclang.registry import command
from calclang.syntax import tree

if TYPE_CHECKING:
    from calclang.session import Result, Session

ENOUGH, MOST = 0.2, 10_000  # seconds and runs after which the best of several is taken


@command("time", "time EXPRESSION at POINT", "how long a call or an expression takes, and the operations of a call's graph", "time grad sin at 1",
         "at", "wrt", "mode", "order", "along", "from")  # fmt: skip
def time(session: Session, cmd: tree.Command) -> Result:
    from calclang.functions import make_function
    from calclang.ir.node import order

    if (expression := _complete(session, cmd)) is not None:
        return answers.text(session, spent(lambda: session.evaluate(expression)), cmd)
    asked = inner_request(session, cmd)
    fn: Any = make_function(session, callable_of(asked))
    point = asked.point_for("time")
    arguments = [session.value(p) for p in point]
    said = spent(lambda: fn(*arguments))
    traced, _ = fn.trace(point)
    return answers.text(session, f"{said}; {len(order(leaves(traced.result)))} nodes", cmd)


def _complete(session: Session, cmd: tree.Command) -> tree.Expr | None:
    """The expression that a command is about, where it has a value by itself: it is no function, and nothing in it is unknown."""
    operand = cmd.operands[0]
    if isinstance(operand, tree.Command) or cmd.options or unknowns(session, operand):
        return None
    return None if isinstance(session.evaluate(operand)[0], FUNCTIONS) else operand


def spent(run: Callable[[], object]) -> str:
    """How long something takes, the first time and at best."""
    start = perf_counter()
    run()
    first = perf_counter() - start
    best, runs = repeated(run)
    return f"first call {duration(first)}, then {duration(min(first, best))} (best of {runs})"


def repeated(run: Callable[[], object]) -> tuple[float, int]:
    """The shortest of several runs, and how many there were."""
    best, total, runs = inf, 0.0, 0
    while total < ENOUGH and runs < MOST:
        start = perf_counter()
        run()
        took = perf_counter() - start
        best, total, runs = min(best, took), total + took, runs + 1
    return best, runs
