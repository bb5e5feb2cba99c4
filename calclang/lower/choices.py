"""``if`` whose condition varies with a symbolic element: both branches are traced, and become one `choose` node.

Each branch sees only the elements that chose it, when it runs and when it is differentiated.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import nan
from typing import TYPE_CHECKING

import numpy as np

from calclang.errors import CalcError
from calclang.ir.apply import const, input_node
from calclang.ir.node import Node, Symbol, depends_on, order
from calclang.lower import products
from calclang.lower.indexing import in_bounds
from calclang.lower.loops import outside
from calclang.lower.lowered import Arr, Scope
from calclang.lower.parts import leaves
from calclang.lower.records import Mark
from calclang.lower.trace import Trace
from calclang.ops.choice import both, either, equal, less, less_equal, negation, not_equal, select
from calclang.ops.contraction import CONTRACT, stretch
from calclang.ops.control import Body, Choice, choose
from calclang.ops.structure import gather
from calclang.syntax import tree
from calclang.transforms.batch import CannotBatch
from calclang.transforms.substitute import substitute

TRUTHS = (both, either, negation, less, less_equal, equal, not_equal)

if TYPE_CHECKING:
    from calclang.lower.driver import Step
    from calclang.lower.evaluate import Lowering


def choice(lowering: Lowering, e: tree.If, condition: Node, scope: Scope | None) -> Step:
    """``if`` for all elements. Raises `CannotBatch`."""
    found = []
    there = choices_in_sight(scope)
    for part, mask in ((e.then, condition), (e.otherwise, negation(condition))):
        low = yield under(lowering, part, mask, scope)
        if not isinstance(low, Arr):
            raise CannotBatch("a branch is no array")
        found.append(low)
    then, otherwise = found
    if (then.shape, then.row, then.node.boolean) != (otherwise.shape, otherwise.row, otherwise.node.boolean):
        raise CannotBatch("the branches are of two kinds")
    return Arr(chosen(lowering, condition, then.node, otherwise.node, there), then.row)


def choices_in_sight(scope: Scope | None) -> list[Node]:
    """The loops and choices that values of names were made of. They were run before, for all elements; run in a branch, they would be once more for
    each element that chose it, and so would those that they are made of."""
    values: list[Node] = []
    while scope is not None:
        values += [n for low in scope.names.values() for n in leaves(low)]
        scope = scope.parent
    return [n for n in order(values) if n.op.kind == "control"]


def under(lowering: Lowering, part: tree.Expr, mask: Node, scope: Scope | None) -> Step:
    """What is computed for the elements of a mask alone. What was recorded on the way holds for these alone, too, but for the decisions that
    shaped the branch. Raises `CannotBatch`."""
    trace = lowering.trace
    mark = trace.records.mark()
    trace.elements.masks.append(mask)
    try:
        low = yield part, scope
    except CalcError as error:  # in a branch that perhaps no element chooses
        raise CannotBatch("a branch fails for an element that may not choose it") from error
    finally:
        trace.elements.masks.pop()
    for_these_alone(lowering, mask, mark)
    return low


def for_these_alone(lowering: Lowering, mask: Node, mark: Mark) -> None:
    """Let kinks and values to look at that were recorded since the mark be those of the elements of a mask (nan for the others)."""
    trace = lowering.trace
    guards = trace.records.guards[mark.guards :]
    seen = dict.fromkeys(n for n in trace.records.looked_at(mark) if n.value is None)
    table = {n: chosen(lowering, mask, n, stretch(const(nan), n.shape)) for n in seen}
    trace.records.moved([], mark, lambda nodes: [table.get(n, n) for n in nodes])
    trace.records.guards[mark.guards :] = guards


def short_circuit(lowering: Lowering, e: tree.Binary, left: Arr, scope: Scope | None) -> Step:
    """``and``, ``or`` for all elements: the right operand is asked for those alone that the left one leaves open. Raises `CannotBatch`."""
    first = e.op == "and"
    low = yield under(lowering, e.right, left.node if first else negation(left.node), scope)
    right = lowering.truth(low, e.right.span)
    if right.rank or harmless(lowering.trace, right.node, left.node):
        return products.joined(e.op, left, right, e.left.span, e.right.span)
    rest = const(not first)
    return Arr(chosen(lowering, left.node, right.node, rest) if first else chosen(lowering, left.node, rest, right.node))


def harmless(trace: Trace, node: Node, before: Node) -> bool:
    """Whether a truth value can be had for every element: it does no more than compare what is there, or was computed for ``before``."""
    stack, seen = [node], set(order([before]))
    while stack:
        node = stack.pop()
        if node in seen or not trace.elements.vary(node):
            continue
        seen.add(node)
        if node.op in TRUTHS:
            stack += node.inputs
        elif readable(trace, node):
            continue
        elif (known := trace.always(node)) is None or not np.isfinite(known).all():
            return False
    return True


def readable(trace: Trace, node: Node) -> bool:
    """Whether all that is read to get at an element lies at places that are known to be there, whatever the element."""
    while trace.elements.vary(node) and node not in trace.elements.axes:
        if node.op is not gather or not in_bounds(trace, node.inputs[1], node.inputs[0].shape[node.inputs[0].rank - 1 - node.params[0]]):
            return False
        node = node.inputs[0]
    return True


def chosen(lowering: Lowering, condition: Node, then: Node, otherwise: Node, there: Sequence[Node] = ()) -> Node:
    """The node of a choice between two nodes: what depends on elements enters per element, the rest as it is. ``there``: more that was computed before."""
    if then.boolean:  # a choice gives numbers; compared with what is between them there is no tie
        one, zero = const(1.0), const(0.0)
        return less(0.5, chosen(lowering, condition, select(then, one, zero), select(otherwise, one, zero), there))
    elements = lowering.trace.elements.axes
    inside = depends_on([then, otherwise, condition], elements)
    ready = {*lowering.trace.elements.below([condition]), *there} & inside  # computed for all elements in any case
    each: dict[Node, Node] = {}
    stack = [then, otherwise]
    seen: set[Node] = set()
    while stack:
        node = stack.pop()
        if node in seen or node not in inside:
            continue
        seen.add(node)
        if node in elements or (node in ready and node.op is not CONTRACT) or (not node.rank and node.op is gather and readable(lowering.trace, node)):
            each[node] = input_node(Symbol("each"), node.shape)
        else:
            stack.extend(node.inputs)
    then, otherwise = substitute([then, otherwise], each)
    shared = {n: input_node(Symbol("shared"), n.shape) for n in outside([then, otherwise], set(each.values()))}
    then, otherwise = substitute([then, otherwise], shared)
    inputs = (*each.values(), *shared.values())
    places = (*(0 for _ in each), *(None for _ in shared))
    return choose(condition, *each, *shared, params=(Choice(Body(inputs, (then,)), Body(inputs, (otherwise,)), places, 0),))
