"""The derivative commands: sentences for the operators of the language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from calclang.commands import answers
from calclang.commands.clauses import Request, request, single
from calclang.lower import series
from calclang.lower.derivatives import derived
from calclang.lower.lowered import Low, Tup
from calclang.lower.rules import ALIASES, DIRECTIONS
from calclang.lower.trace import Trace
from calclang.registry import command
from calclang.syntax import tree

if TYPE_CHECKING:
    from calclang.session import Result, Session

# word -> example
EXAMPLES = {
    "grad": "grad x -> x' * x at [1, 2]",
    "gradient": "gradient x -> x' * x at [1, 2]",
    "derivative": "derivative sin at 0",
    "jacobian": "jacobian x -> 2*x at [1, 2]",
    "hessian": "hessian x -> x' * x at [1, 2]",
    "divergence": "divergence x -> 2*x at [1, 2]",
    "curl": "curl [x, y, z] -> [-y, x, 0] at [1, 2, 3]",
    "laplacian": "laplacian x -> x' * x at [1, 2]",
    "jvp": "jvp x -> 2*x at [1, 2] along [1, 0]",
    "hvp": "hvp x -> x' * x at [1, 2] along [1, 0]",
    "directional": "directional x -> x' * x at [1, 2] along [1, 0]",
    "vjp": "vjp x -> 2*x at [1, 2] from [1, 0]",
}


def value_of(session: Session, asked: Request) -> tuple[Low, Trace]:
    """The derivative, or for the operator ``value`` the function itself: its value at the point, or the function where no point is given."""
    made = asked.function if asked.operator == "value" else derived(asked.operator, asked.function, asked.options)
    if asked.point is None:
        return made, Trace()
    trace = Trace()
    lowering = session.world.lowering(trace)
    low = lowering.drive(lowering.call(made, asked.point, {}, asked.span))
    return session.settle(low, trace), trace


def _enter(word: str, example: str) -> None:
    def run(session: Session, cmd: tree.Command) -> Result:
        return answers.value(session, *value_of(session, request(session, cmd, operator)), cmd)

    operator = ALIASES.get(word, word)
    clause = DIRECTIONS.get(operator)
    point = f" at POINT {clause} VECTOR" if clause else " at POINT"
    command(word, f"{word} FUNCTION{point} wrt NAME, … mode forward", f"{word} of a function, at a point or as a formula", example,
            "at", "wrt", "mode", *([clause] if clause else []))(run)  # fmt: skip


for entry in EXAMPLES.items():
    _enter(*entry)


@command("taylor", "taylor FUNCTION at POINT order K wrt NAME, …", "the Taylor polynomial of a function", "taylor sin at 0 order 5",
         "at", "order", "wrt", "mode")  # fmt: skip
def taylor(session: Session, cmd: tree.Command) -> Result:
    asked = request(session, cmd, "taylor")
    options = dict(asked.options)
    if (order := single(cmd, "order")) is not None:
        options["order"] = session.evaluate(order)[0]
    if asked.point is not None:
        options["at"] = Tup(asked.point) if len(asked.point) > 1 else asked.point[0]
    trace = Trace()
    lowering = session.world.lowering(trace)
    return answers.value(session, lowering.drive(series.taylor(lowering, (asked.function,), options, cmd.span)), trace, cmd)
