"""What a graph costs to run: operations on numbers, and bytes that a reverse sweep keeps.

An operation is one elementary function or one addition or multiplication of two numbers; a multiplication whose result is added to a sum
counts once, as the two do in one instruction. Moving numbers about counts nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import prod

from calclang.backends.python.products import multiplications
from calclang.ir.dim import Shape, numbers
from calclang.ir.node import Node, order
from calclang.ops.control import Body, Choice, Loop, Until
from calclang.ops.structure import scatter

NUMBER = 8  # bytes


def operations(outputs: Iterable[Node]) -> float:
    """The operations of a graph whose sizes are known; of a choice, the dearer branch for every element."""
    return sum(_operations(node) for node in order(outputs))


def _operations(node: Node) -> float:
    """The operations of one node."""
    op, entries = node.op, prod(numbers(node.shape))
    if op.kind == "contract":
        return multiplications(node.params[0], [i.shape for i in node.inputs])
    if op.kind == "fn":
        return entries
    if op.work:
        *lead, m, n = numbers(_largest([i.shape for i in node.inputs]))
        return prod(lead) * op.operations(m, n)
    if op is scatter:  # several may be added into one place
        return prod(numbers(node.inputs[0].shape))
    if op.kind == "control":
        return _control(node.params[0], node)
    return prod(numbers(_largest([i.shape for i in node.inputs]))) if op.kind == "custom" else 0


def _largest(shapes: Sequence[Shape]) -> Shape:
    """The shape with the most axes."""
    return max(shapes, key=len)


def _control(record: Choice | Loop | Until, node: Node) -> float:
    """The operations of a choice or a loop."""
    if isinstance(record, Choice):
        return prod(numbers(node.inputs[0].shape)) * max(_body(record.then), _body(record.otherwise))
    return (record.turns if isinstance(record, Loop) else 1) * _body(record.body)


def _body(body: Body) -> float:
    """The operations of a body, once."""
    return operations(body.outputs)


def tape(value: Iterable[Node], gradient: Iterable[Node]) -> int:
    """The bytes of what is computed on the way to the value and read again on the way back: arrays, and what loops keep of every turn."""
    first = set(order(value))
    kept = {x for node in order(gradient) if node not in first for x in node.inputs if x in first and x.inputs}
    loops = [n.params[0] for n in order(gradient) if n.op.name == "loop"]
    turns = sum(prod(numbers(shape)) for record in loops for shape in record.shapes[record.carries :])
    return NUMBER * (sum(prod(numbers(x.shape)) for x in kept if x.op.name != "loop") + turns)
