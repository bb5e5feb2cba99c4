"""How a function moves with an operation in the body of a loop or a choice: something is added to what that operation gives in every turn or
for every element, and the function is differentiated by it where it is zero."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from calclang.ir.apply import input_node
from calclang.ir.node import Node, Symbol
from calclang.ops.contraction import zeros
from calclang.ops.control import Body, Choice, Loop, choose, loop
from calclang.transforms.operators import weighted
from calclang.transforms.reverse import reverse
from calclang.transforms.substitute import substitute

Path = Sequence[tuple[Node, Body]]  # loops and choices, the outermost first, each with the body in which the next one is


def slope_inside(path: Path, node: Node, outputs: Sequence[Node]) -> Node | None:
    """The derivative of all outputs together by ``node``: turns and elements, shape(node). None where it is structurally zero."""
    moved, change = _moved(path, node, outputs)
    [slope] = reverse(weighted(moved), [change])
    return None if slope is None else substitute([slope], {change: zeros(change.shape)})[0]


def _moved(path: Path, node: Node, outputs: Sequence[Node]) -> tuple[list[Node], Node]:
    """The outputs with ``node`` moved, and by what."""
    if not path:
        change = input_node(Symbol("change"), node.shape)
        return substitute(outputs, {node: node + change}), change
    (holder, body), inner = path[0], path[1:]
    new, symbol = _moved(inner, node, body.outputs)
    record: Loop | Choice = holder.params[0]
    if isinstance(record, Loop):
        at = record.carries + record.sequences
        change = input_node(Symbol("change"), (record.turns, *symbol.shape))
        inputs = (*body.inputs[:at], symbol, *body.inputs[at:])
        made = loop(*holder.inputs[:at], change, *holder.inputs[at:], params=(replace(record, body=Body(inputs, tuple(new)), sequences=record.sequences + 1),))
    else:
        change = input_node(Symbol("change"), holder.inputs[0].shape + symbol.shape)
        bodies = [Body((*b.inputs, symbol), tuple(new) if b == body else b.outputs) for b in (record.then, record.otherwise)]
        made = choose(*holder.inputs, change, params=(Choice(bodies[0], bodies[1], (*record.places, 0), record.out),))
    return substitute(outputs, {holder: made}), change
