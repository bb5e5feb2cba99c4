"""Which values a derivative must look at though it does not need them: where they are not defined, it is not defined either.
The slope 1/x of the logarithm knows nothing of the numbers below zero."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache

from calclang.ir.node import Node, order
from calclang.ir.op import Op
from calclang.lower.bounds import least
from calclang.ops import ROWS
from calclang.ops.contraction import CONTRACT, transpose
from calclang.ops.control import Choice, Loop, Until
from calclang.ops.domains import NONZERO, REAL, Domain

DIV = ROWS["div"]
SOLVERS = (ROWS["solve"], ROWS["least_squares"])


def unnoticed(outputs: Sequence[Node], derivative: Iterable[Node]) -> list[Node]:
    """The nodes that tell whether ``outputs`` are undefined, or infinite, where their derivative is a number: those outputs that may be undefined, and
    the numbers on the way to them that the derivative divides by, for what is divided by one that overflowed is 0."""
    whole = [set(_operations([o], whole=True)) for o in outputs]
    noticed = set(_operations(derivative))
    divisors = {n.inputs[1] for n in noticed if n.op is DIV}
    lengths = {n.inputs[1] for n in noticed if n.op.name == "unit"}
    inverted = {n.inputs[0] for n in noticed if n.op.name == "power" and n.params[0] < 0}
    divided = {n for n in map(_unstretched, divisors | lengths | inverted) if n.op.kind != "leaf"}
    seen = [n for n in order(outputs) if n in divided] if divided else []
    inside = divided.difference(seen)  # in the bodies of loops and branches
    asked = {(n.op, refused) for n in noticed for refused in _refused(n)}
    suspects = [[n for n in nodes if _partial(n.op) and n not in noticed and not any((n.op, r) in asked for r in _refused(n))] for nodes in whole]
    bounds = least([i for group in suspects for n in group for i in n.inputs])
    groups = zip(outputs, whole, suspects, strict=True)
    return [*seen, *(o for o, nodes, group in groups if not inside.isdisjoint(nodes) or any(_may_fail(n, bounds) for n in group))]


def _unstretched(node: Node) -> Node:
    """What is repeated along axes, or multiplied by a number."""
    while node.op is CONTRACT and len(node.inputs) == 1:
        node = node.inputs[0]
    return node


def _refused(node: Node) -> tuple[Node, ...]:
    """The argument that alone decides whether an operation is defined, in all its forms: a divisor, a matrix whose system is solved."""
    if node.op in SOLVERS:
        return node.inputs[0], transpose(node.inputs[0])
    return (node.inputs[1],) if node.op is DIV else ()


def _operations(outputs: Iterable[Node], whole: bool = False) -> Iterator[Node]:
    """Every node, those of loops and branches too; without ``whole``, of a loop only what more than one carry needs."""
    for node in order(outputs):
        yield node
        if node.op.kind == "control":
            for needed in _bodies(node.params[0], whole):
                yield from _operations(needed, whole)


def _bodies(record: Choice | Loop | Until, whole: bool) -> list[Sequence[Node]]:
    if isinstance(record, Choice):
        return [record.then.outputs, record.otherwise.outputs]
    inputs, outputs = record.body.inputs, record.body.outputs
    if whole or isinstance(record, Until):
        return [outputs]
    used = [set(order([o])) for o in outputs]  # a carry that only makes itself is a sum on the side: what it becomes may be forgotten
    return [[o for k, o in enumerate(outputs) if k >= record.carries or any(inputs[k] in u for j, u in enumerate(used) if j != k)]]


@cache
def _partial(op: Op) -> bool:
    """Whether an operation is undefined for some arguments."""
    return op.partial or any(d is not None and d != REAL for d in _declared(op))


def _may_fail(node: Node, bounds: Mapping[Node, float]) -> bool:
    """Whether its arguments are not known to be where it is defined."""
    return node.op.partial or not all(d is None or d.holds_above(bounds[i]) for d, i in zip(_declared(node.op), node.inputs, strict=False) if d != REAL)


def _declared(op: Op) -> Sequence[Domain | None]:
    """The domains of the arguments."""
    declared = (REAL, NONZERO) if op is DIV else op.domain
    return declared if isinstance(declared, tuple) else (declared,)
