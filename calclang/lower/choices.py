"""``if`` whose condition varies with a symbolic element: both branches are traced, and become one `choose` node.

Each branch sees only the elements that chose it, when it runs and when it is differentiated.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from calclang.backends.python import control as running  # noqa: F401  so that choices can run
from calclang.errors import CalcError
from calclang.ir.apply import input_node
from calclang.ir.node import Node, Symbol, depends_on, order
from calclang.lower.loops import outside
from calclang.lower.lowered import Arr, Scope
from calclang.lower.trace import substitute
from calclang.ops.choice import negation
from calclang.ops.contraction import CONTRACT
from calclang.ops.control import Body, Choice, choose
from calclang.syntax import tree
from calclang.transforms.batch import CannotBatch

if TYPE_CHECKING:
    from calclang.lower.evaluate import Lowering, Step


def choice(lowering: Lowering, e: tree.If, condition: Node, scope: Scope | None) -> Step:
    """``if`` for all elements. Raises `CannotBatch`."""
    trace = lowering.trace
    trace.branched(condition)
    found = []
    for part, mask in ((e.then, condition), (e.otherwise, negation(condition))):
        mark = trace.mark()
        trace.masks.append(mask)
        try:
            low = yield part, scope
        except CalcError as error:  # in a branch that perhaps no element chooses
            raise CannotBatch("a branch") from error
        finally:
            trace.masks.pop()
        trace.back(mark)
        if not isinstance(low, Arr):
            raise CannotBatch("a branch that is no array")
        found.append(low)
    then, otherwise = found
    if (then.shape, then.row, then.node.boolean) != (otherwise.shape, otherwise.row, otherwise.node.boolean):
        raise CannotBatch("branches of two kinds")
    return Arr(chosen(lowering, condition, then.node, otherwise.node), then.row)


def chosen(lowering: Lowering, condition: Node, then: Node, otherwise: Node) -> Node:
    """The node of a choice between two nodes: what depends on elements enters per element, the rest as it is."""
    elements = lowering.trace.elements
    inside = depends_on([then, otherwise, condition], elements)
    ready = set(order([condition])) & inside  # computed for all elements in any case
    each: dict[Node, Node] = {}
    stack = [then, otherwise]
    seen: set[Node] = set()
    while stack:
        node = stack.pop()
        if node in seen or node not in inside:
            continue
        seen.add(node)
        if node in elements or (node in ready and node.op is not CONTRACT):
            each[node] = input_node(Symbol("each"), node.shape)
        else:
            stack.extend(node.inputs)
    then, otherwise = substitute([then, otherwise], each)
    shared = {n: input_node(Symbol("shared"), n.shape) for n in outside([then, otherwise], set(each.values()))}
    then, otherwise = substitute([then, otherwise], shared)
    inputs = (*each.values(), *shared.values())
    places = (*(0 for _ in each), *(None for _ in shared))
    return choose(condition, *each, *shared, params=(Choice(Body(inputs, (then,)), Body(inputs, (otherwise,)), places, 0),))
