"""Sums over a short axis beside a long one, written out layer by layer: each layer is a long vector, and those run in blocks.

``sum(x[i+k]*w[k] for k in 1..5)`` for many i is a sum of five products of slices; neither the windows nor their products are ever made. In
derivatives, what is added up at the places of windows is added slice by slice.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce

from calclang.backends.python.blocks import LONG
from calclang.backends.python.windows import Even, evenly
from calclang.ir.contract import Spec, sizes
from calclang.ir.dim import known, number, numbers
from calclang.ir.node import Node, order
from calclang.ops.arithmetic import add
from calclang.ops.base import again
from calclang.ops.contraction import CONTRACT, contract
from calclang.ops.structure import gather, put, scatter, stack, take

MOST = 16  # layers that are written out


def layered(outputs: Sequence[Node]) -> list[Node]:
    """Nodes of the same values, in which sums over short axes are sums of layers."""
    nodes = order(outputs)
    if not any(n.op in (stack, gather, scatter) and _long(n) for n in nodes):
        return list(outputs)
    work = Layers()
    for node in nodes:
        same = again(node, [work.done[i] for i in node.inputs])
        work.done[node] = work.written_out(same) or same
    return [work.done[o] for o in outputs]


def _long(node: Node) -> bool:
    """Whether an array, or one that goes into it, has an axis that is long enough for blocks."""
    return any(n.rank and known(n.shape) and max(numbers(n.shape)) >= LONG for n in (node, *node.inputs))


class Layers:
    """What the nodes have become, and how places are spaced."""

    def __init__(self) -> None:
        self.done: dict[Node, Node] = {}
        self.spaced: dict[Node, Even | None] = {}

    def even(self, node: Node) -> Even | None:
        """Of a read in two axes, or its transpose: evenly spaced places in a long axis and a short one."""
        if node not in self.spaced:
            flat = node.inputs[1].rank == 2 and node.inputs[0].rank == (1 if node.op is gather else 2) and _long(node)
            found = evenly(node) if flat and known(node.inputs[1].shape) and min(numbers(node.inputs[1].shape)) <= MOST else None
            self.spaced[node] = found if found is not None and min(found.steps) > 0 else None
        return self.spaced[node]

    def written_out(self, node: Node) -> Node | None:
        """A sum as a sum of layers; None where it is none, or has none."""
        if node.value is not None or not _long(node):
            return None
        if node.op is scatter and (even := self.even(node)) is not None:
            short = even.counts.index(min(even.counts))
            return reduce(add, (put(self.layer(node.inputs[0], short, k), params=((_slice(even, short, k),), (even.size,))) for k in range(even.counts[short])))
        if node.op is take and (place := _one_layer(node)) is not None and (node.inputs[0].op is CONTRACT or self.splits(node.inputs[0], place[0])):
            return self.layer(node.inputs[0], *place)
        return self.sum(node) if node.op is CONTRACT and node.rank <= 1 else None

    def sum(self, node: Node) -> Node | None:
        """A contraction over a short axis of an array that is made of layers, or over the long one beside it."""
        spec: Spec = node.params[0]
        size = sizes(spec, [i.shape for i in node.inputs])
        for label in (l for l, d in size.items() if known((d,)) and 1 < number(d) <= MOST):
            if spec.out.count(label) > 1 or any(ls.count(label) > 1 for ls in spec.labels):
                continue
            if any(self.splits(f, ls.index(label)) for f, ls in zip(node.inputs, spec.labels, strict=True) if label in ls):
                layers = [self.of_product(node, label, k) for k in range(number(size[label]))]
                return stack(*layers, params=(0,)) if label in spec.out else reduce(add, layers)
        return None

    def splits(self, node: Node, axis: int) -> bool:
        """Whether the layers of an array are there without it."""
        if node.op is stack:
            return axis == node.rank - 1 - int(node.params[0])
        if node.op is gather:
            return (even := self.even(node)) is not None and even.counts[axis] <= MOST
        return False

    def layer(self, node: Node, axis: int, k: int) -> Node:
        """Layer ``k`` along an axis."""
        if self.splits(node, axis):
            if node.op is stack:
                return node.inputs[k]
            even = self.even(node)
            assert even is not None
            return take(node.inputs[0], params=((_slice(even, axis, k),),))
        if node.op is CONTRACT and node.value is None and not node.params[0].summed and not node.params[0].deltas:
            return self.of_product(node, node.params[0].out[axis], k)
        return take(node, params=(tuple(k if a == axis else None for a in range(node.rank)),))

    def of_product(self, node: Node, label: int, k: int) -> Node:
        """A product at one place of a label."""
        spec: Spec = node.params[0]
        factors = [self.layer(f, ls.index(label), k) if label in ls else f for f, ls in zip(node.inputs, spec.labels, strict=True)]
        labels = [tuple(l for l in ls if l != label) for ls in spec.labels]
        return contract(factors, labels, [l for l in spec.out if l != label], {l: d for l, d in spec.free if l != label}, spec.coef)


def _slice(even: Even, short: int, k: int) -> tuple[int, int, int]:
    """Where layer ``k`` of evenly spaced places lies."""
    start, step, count = even.start + k * even.steps[short], even.steps[1 - short], even.counts[1 - short]
    return start, start + step * (count - 1) + 1, step


def _one_layer(node: Node) -> tuple[int, int] | None:
    """The axis and the place at which one layer is read."""
    places = node.params[0]
    lead = node.inputs[0].rank - len(places)
    at = [(lead + axis, place) for axis, place in enumerate(places) if place is not None]
    return at[0] if len(at) == 1 and isinstance(at[0][1], int) else None
