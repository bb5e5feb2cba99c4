"""Why a derivative has no formula, in a few words beside the call that makes it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from calclang.errors import CalcError
from calclang.ir.apply import apply, input_node
from calclang.ir.node import Node, Symbol, order
from calclang.lower.kinds import choices, read_at
from calclang.lower.lowered import Closure, Derived, innermost
from calclang.lower.specialise import World
from calclang.lower.trace import Undecided
from calclang.transforms import operators

TOO_LONG = "it is too long"
NEEDS_VALUES = "what it does depends on values"
REDEFINED = "names that it needs mean something else here"
WORDS = ("derivative", "second derivative")


def unread(world: World, fn: Derived) -> str:
    """Why no kinds of arguments give a derivative a graph."""
    base = innermost(fn)
    try:
        read_at(world, fn, next(choices(world, fn)))
    except Undecided as problem:
        return unread_for(problem.__cause__)
    except CalcError as error:
        if isinstance(base, Closure) and all(p.kind or p.vector for p in base.parameters):
            return error.diagnostic.message
    return "no arguments without values fit it"


def unread_for(cause: BaseException | None) -> str:
    """Why a derivative has no graph where ``cause`` ended its reading."""
    return TOO_LONG if isinstance(cause, CalcError) and cause.code.startswith("E-LIMIT") else NEEDS_VALUES


def unspelt(name: str, nodes: Sequence[Node]) -> str:
    """Which operation of a program has derivatives that cannot be written, where one operation of them is called ``name``."""
    operations = {node.op.name: node for node in order(nodes) if node.inputs and node.op.kind in ("fn", "custom") and not node.op.hidden}
    for times, words in enumerate(WORDS, 1):
        for called, node in operations.items():
            if name in _used(node, times):
                return f"the {words} of {called} has no name"
    return f"its {name} cannot be written"


def _used(node: Node, times: int) -> Iterable[str]:
    """The names of the operations in a derivative of one operation, of the first order or of the second."""
    inputs = [input_node(Symbol(f"x{k}"), i.shape) for k, i in enumerate(node.inputs)]
    made = [apply(node.op, tuple(inputs), node.params)]
    for k in range(times):
        made = operators.vjp(made, inputs, [input_node(Symbol(f"g{k}{j}"), m.shape) for j, m in enumerate(made)])
    return {n.op.name for n in order(made)}
