"""``cost f at x``: the operations of a function and of its derivatives, and why ``auto`` takes the mode that it takes."""

from __future__ import annotations

from dataclasses import replace
from math import prod
from typing import TYPE_CHECKING

from calclang import errors
from calclang.commands import answers
from calclang.commands.clauses import Request, callable_of, inner_request
from calclang.display.columns import aligned
from calclang.display.numbers import count, storage
from calclang.functions import opened
from calclang.ir.budget import budget, charging
from calclang.ir.dim import numbers
from calclang.ir.node import Node
from calclang.lower.comprehension import FEW
from calclang.lower.derivatives import varied_places
from calclang.lower.lowered import Arr, Low, function_name
from calclang.lower.parts import leaves
from calclang.lower.specialise import Traced, trace_call
from calclang.registry import command
from calclang.syntax import tree
from calclang.transforms.operators import choose
from calclang.transforms.substitute import substitute

if TYPE_CHECKING:
    from calclang.session import Result, Session

UNLIMITED = 2**62  # elements: more than any array can have


@command("cost", "cost FUNCTION at POINT", "operations of a function and of its derivatives in both modes, and which one auto takes",
         "f(x, y) = x*sin(y); cost f at (1, 2)", "at", "wrt", "along", "from")  # fmt: skip
def cost(session: Session, cmd: tree.Command) -> Result:
    from calclang.backends.python.cost import operations, tape

    asked = inner_request(session, cmd)
    point = asked.point_for("cost")
    arguments, known, _ = opened(point)

    def traced(what: Request) -> Traced:
        """What is asked for, as the graph that runs."""
        return trace_call(session.world, callable_of(what), arguments, known, cmd.span)

    def derived(mode: str) -> list[Node]:
        """The derivative in a mode. It shares its inputs with the value, top-level arrays too, and so what they have in common."""
        made = traced(_in_mode(asked, operator, mode))
        arrays = found.trace.hidden
        return substitute(leaves(made.result), {n: arrays[name] for name, n in made.trace.hidden.items() if name in arrays})

    found = traced(replace(asked, operator="value"))
    value = leaves(found.result)
    operator = "jacobian" if asked.operator == "value" else asked.operator
    with charging(replace(budget(), elements=UNLIMITED)):  # derivatives are counted here, and never made
        modes = {mode: derived(mode) for mode in ("forward", "reverse")}
    base = operations(value)
    lines = [("", "operations", "times the value"), ("value", _whole(base), "")]
    lines += [(mode, _whole(operations(nodes)), _times(operations(nodes), base)) for mode, nodes in modes.items()]
    kept = f"the reverse sweep keeps {storage(tape(value, modes['reverse']))} of values for its way back"
    return answers.text(session, "\n".join([*aligned(lines, right=(1, 2)), kept, _why(asked, value, point), *_apart(found)]), cmd)


def _apart(found: Traced) -> list[str]:
    """What does not run at array speed, and why."""
    shown = [(errors.shorten(" ".join(part.span.text.split())), why) for part, why in found.apart if why != FEW]
    return [f"element by element: {text} ({why})" for text, why in shown]


def _in_mode(asked: Request, operator: str, mode: str) -> Request:
    return replace(asked, operator=operator, options={**asked.options, "mode": tree.Name(mode)})


def _why(asked: Request, value: list[Node], point: tuple[Low, ...]) -> str:
    """The rule of ``auto``, with the numbers it went by."""
    places = varied_places(asked.function, len(point), asked.options, asked.span)
    shapes = [p.shape for k in places if isinstance(p := point[k], Arr)]
    entries, directions = sum(prod(numbers(v.shape)) for v in value), sum(prod(numbers(s)) for s in shapes)
    mode = choose("auto", (entries,) if entries > 1 else (), shapes)
    rule = f"{function_name(asked.function)} takes {count(directions, 'number')} and gives {entries:,}"
    return f"auto takes {mode}: {rule}; forward works once per argument, reverse once per result"


def _whole(operations: float) -> str:
    return f"{round(operations):,}"


def _times(operations: float, base: float) -> str:
    return f"{operations / base:.1f}" if base else ""
