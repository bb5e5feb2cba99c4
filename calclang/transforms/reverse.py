"""Reverse mode: cotangents against the graph. ``B[x] += B[y] * J``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from calclang.ir.apply import input_node
from calclang.ir.budget import keeping_place, set_here
from calclang.ir.node import Node, Symbol, depends_on, order, span_of
from calclang.transforms.splice import patterns, pull, total
from calclang.transforms.spots import carried

if TYPE_CHECKING:
    from calclang.transforms.supports import Supports


def reverse(cotangents: Mapping[Node, Node], inputs: Sequence[Node], supports: Supports | None = None) -> list[Node | None]:
    """The cotangents of ``inputs`` when the nodes in ``cotangents`` have these; None where nothing arrives (exactly zero).

    A cotangent has shape ``outs ++ shape(node)``, with the same ``outs`` everywhere. ``supports``: where those inside of a body are zero.
    """
    return adjoints(cotangents, inputs, inputs, supports)


def adjoints(
    cotangents: Mapping[Node, Node], inputs: Sequence[Node], wanted: Sequence[Node], supports: Supports | None = None
) -> list[Node | None]:
    """`reverse`, answering for any ``wanted`` nodes between ``inputs`` and the outputs. What a node sends comes from its place of the source."""
    arriving: dict[Node, list[Node]] = {node: [g] for node, g in cotangents.items()}
    summed: dict[Node, Node] = {}
    active = depends_on(cotangents, inputs)
    with keeping_place() as at:
        for node in reversed(order(cotangents)):
            if node in arriving and node in active:
                set_here(span_of(node) or at)
                g = summed[node] = total(arriving[node])
                for x, terms in _sent(node, g, active, supports):
                    arriving.setdefault(x, []).extend(terms)
    return [summed.get(node) for node in wanted]


def _sent(node: Node, g: Node, active: set[Node], supports: Supports | None) -> Iterator[tuple[Node, list[Node]]]:
    """What a node whose cotangent is ``g`` sends to each of its active arguments."""
    if node.op.kind == "control":
        from calclang.transforms.control import COTANGENTS

        sent = COTANGENTS[node.op.name](node, g, [x in active for x in node.inputs], supports)
        yield from ((x, [sent_to_x]) for x, sent_to_x in zip(node.inputs, sent, strict=True) if sent_to_x is not None)
        return
    for k, x in enumerate(node.inputs):
        if x in active and (terms := carried(g, node.rank, partial(_contributions, node, k, x, supports))):
            yield x, terms


def _contributions(node: Node, k: int, x: Node, supports: Supports | None, g: Node) -> list[Node]:
    """What ``node`` sends to its argument k."""
    op = node.op
    if op.kind == "linear":
        assert op.transposes[0] is not None
        sent = op.transposes[0](k, g, *node.inputs, node, *node.params)
        return [] if sent is None else [sent]
    if k < len(op.transposes) and (rule := op.transposes[k]) is not None:
        return [rule(g, *node.inputs, node, *node.params)]
    if k < len(op.tangents) and op.tangents[k] is not None:
        return _transposed(node, k, x, g)
    terms = [pull(p, g, node, x) for p in patterns(node, k)]
    return terms if supports is None else [supports.guarded(term) for term in terms]


def _transposed(node: Node, k: int, x: Node, g: Node) -> list[Node]:
    """The tangent is linear in dx: its derivative, backwards, is its transpose."""
    rule = node.op.tangents[k]
    assert rule is not None
    dx = input_node(Symbol("change"), x.shape)
    [sent] = reverse({rule(dx, *node.inputs, node, *node.params): g}, [dx])
    return [] if sent is None else [sent]
