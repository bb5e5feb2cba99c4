"""A nan that was born and vanished again in the body of a loop or a choice: in a comparison or a power.

It is counted how often that happened, which needs no more memory than the loop itself; where it did, the operands of every turn are kept, to
say where it began.
"""

from __future__ import annotations

from collections.abc import Sequence

from calclang.backends.python.births import Values, hiding
from calclang.backends.python.interpret import evaluate
from calclang.ir.apply import const
from calclang.ir.node import Node, order
from calclang.ops.choice import not_equal, select
from calclang.ops.contraction import contract, stretch, zeros
from calclang.ops.control import Body, Choice, Loop, Until, loop
from calclang.transforms.control import added, lifted
from calclang.transforms.loops import parts
from calclang.transforms.splice import total


def lost_inside(nodes: Sequence[Node], known: Values) -> list[Node]:
    """The operands in which a nan was hidden, in every turn and for every element."""
    holders = order([*nodes, *_until(nodes, known)])
    counts = {node: count for node in holders if (count := _lost(node)) is not None}
    found = evaluate(list(counts.values()), known)
    return [inner for node, count in zip(counts, found, strict=True) if count for inner in _shown(node)]


def _bodies(node: Node) -> list[Body]:
    """The bodies of a loop or a choice."""
    record = node.params[0] if node.op.kind == "control" else None
    return [record.body] if isinstance(record, Loop) else list(dict.fromkeys((record.then, record.otherwise))) if isinstance(record, Choice) else []


def _lost(node: Node) -> Node | None:
    """How many nans its bodies hide when they run; None where they cannot hide any."""
    numbers = {body: total(terms) for body in _bodies(node) if (terms := _terms(body))}
    return added(node, numbers) if numbers else None


def _terms(body: Body) -> list[Node]:
    """How many nans each operation of a body hides."""
    nodes = order(body.outputs)
    return [*(_nans(x) for x in hiding(nodes)), *(count for n in nodes if (count := _lost(n)) is not None)]


def _nans(x: Node) -> Node:
    """How many elements are nan: those that differ from themselves."""
    return contract([select(not_equal(x, x), stretch(const(1.0), x.shape), zeros(x.shape))], [tuple(range(x.rank))], ())


def _shown(node: Node) -> list[Node]:
    """The operands of its bodies that are hidden, in every turn and for every element."""
    found = []
    for body in _bodies(node):
        nodes = order(body.outputs)
        found += lifted(node, body, [*hiding(nodes), *(inner for n in nodes for inner in _shown(n))])
    return found


def _until(nodes: Sequence[Node], known: Values) -> list[Node]:
    """What decides how often loops turn as loops of so many turns: their conditions, the last one by itself, and their carries."""
    found: list[Node] = []
    asked = [n for n in nodes if n.op.name == "turns"]
    for node, count in zip(asked, evaluate(asked, known), strict=True):
        record: Until = node.params[0]
        body, c = record.body, record.carries
        stops = select(body.outputs[0], const(1.0), const(0.0))
        turning = Loop(Body(body.inputs, (*body.outputs[1:], stops)), min(int(count), record.most), c, 0)
        before = loop(*node.inputs, params=(turning,))
        last = parts(before, turning.shapes)[:c]
        found += [before, loop(*last, *node.inputs[c:], params=(Loop(Body(body.inputs, (stops,)), 1, 0, 0),))]
    return found
