"""The graph that the array compiler runs: the derivative as it was built, but for products, and for loops that would run twice (`sharing`).

A product of arrays that one sum alone uses is not made: its factors go into the sum, so that the cheapest order is chosen among all of them.
A matrix whose rows or columns were scaled again and again, as tangents are by every elementwise step, is kept as the matrix and one vector
of scales until a product needs it. Rounding differs in the last place, and only the order of multiplications does.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from calclang.backends.python.sharing import shared
from calclang.ir.contract import Spec, Unifier
from calclang.ir.dim import product
from calclang.ir.node import Node, order
from calclang.ops.arithmetic import add
from calclang.ops.base import again
from calclang.ops.contraction import CONTRACT, contract
from calclang.record import record

LARGE = 256  # elements from which a product is worth avoiding


@record
class Scaled:
    """``matrix`` with its axes labelled by those of the result, times ``scale`` over ``axes`` of the result."""

    matrix: Node
    labels: tuple[int, ...]
    scale: Node
    axes: tuple[int, ...]

    @property
    def factors(self) -> tuple[list[Node], list[tuple[int, ...]]]:
        return [self.matrix, self.scale], [self.labels, self.axes]


def rewritten(outputs: Sequence[Node]) -> list[Node]:
    """Nodes of the same values, with fewer large intermediate products, and loops that take the same steps made one."""
    outputs = shared(outputs)
    nodes = order(outputs)
    if not any(n.op is CONTRACT and n.rank > 1 and len(n.inputs) > 1 for n in nodes) and not any(map(_sums, nodes)):
        return list(outputs)
    uses = Counter(i for n in nodes for i in n.inputs)
    uses.update(outputs)
    done: dict[Node, Node] = {}
    scaled: dict[Node, Scaled] = {}
    for node in nodes:
        if (form := _scaled(node, done, scaled)) is not None:
            scaled[node] = form
        done[node] = _rebuilt(node, done, scaled, uses)
    return [done[o] for o in outputs]


def _sums(node: Node) -> bool:
    """Whether a node is a contraction that sums over a label."""
    return node.op is CONTRACT and bool(node.params[0].summed)


def _rebuilt(node: Node, done: dict[Node, Node], scaled: dict[Node, Scaled], uses: Counter[Node]) -> Node:
    """The node over what its inputs have become."""
    if node in scaled:
        form = scaled[node]
        return contract(*form.factors, range(node.rank))
    if node.op is not CONTRACT or node.value is not None:
        return again(node, [done[i] for i in node.inputs])
    spec: Spec = node.params[0]
    kept: list[Node] = []
    carried: list[Sequence[Any]] = []
    union = Unifier()
    for label, dim in spec.free:
        union.give(label, dim)
    coef = spec.coef
    waiting = list(zip(node.inputs, spec.labels, strict=True))[::-1]
    while waiting:
        factor, labels = waiting.pop()
        if spec.summed and factor in scaled:
            factors, inner = scaled[factor].factors
            kept += factors
            carried += [[labels[l] for l in ls] for ls in inner]
        elif spec.summed and _dissolves(factor, uses):
            coef *= factor.params[0].coef
            waiting += _opened(factor, labels, union)[::-1]
        else:
            kept.append(done[factor])
            carried.append(labels)
    found = [[union.find(l) for l in ls] for ls in carried]
    return contract(kept, found, [union.find(l) for l in spec.out], union.known(), coef)


def _opened(factor: Node, labels: Sequence[Any], union: Unifier) -> list[tuple[Node, tuple[Any, ...]]]:
    """The factors of a product whose axes carry ``labels``, and what they carry; an axis that stands twice joins two labels."""
    spec: Spec = factor.params[0]
    for inner, label in zip(spec.out, labels, strict=True):
        union.join(label, (factor, inner))
    for inner, dim in spec.free:
        union.give(union.find((factor, inner)), dim)
    return [(f, tuple((factor, l) for l in ls)) for f, ls in zip(factor.inputs, spec.labels, strict=True)]


def _dissolves(factor: Node, uses: Counter[Node]) -> bool:
    """Whether a factor is a product, or a stretched or diagonal array, that nothing else uses."""
    if factor.op is not CONTRACT or factor.value is not None or uses[factor] > 1 or not factor.rank:
        return False
    spec: Spec = factor.params[0]
    return not spec.summed and (len(factor.inputs) > 1 or spec.deltas or bool(spec.free))


def _scaled(node: Node, done: dict[Node, Node], scaled: dict[Node, Scaled]) -> Scaled | None:
    """A node as a scaled matrix, if it is one."""
    if node.value is not None or node.rank < 2 or not isinstance(size := product(node.shape), int) or size < LARGE:
        return None
    if node.op is add:
        a, b = (scaled.get(i) for i in node.inputs)
        if a is None or b is None or (a.matrix, a.labels, a.axes) != (b.matrix, b.labels, b.axes):
            return None
        return Scaled(a.matrix, a.labels, a.scale + b.scale, a.axes)
    if node.op is not CONTRACT:
        return None
    spec: Spec = node.params[0]
    if spec.summed or spec.deltas or spec.free:
        return None
    large = [k for k, ls in enumerate(spec.labels) if len(ls) == node.rank]
    if len(large) != 1 or len(node.inputs) < 2:
        return None
    (k,) = large
    small = [done[i] for j, i in enumerate(node.inputs) if j != k]
    labels: list[Sequence[int]] = [ls for j, ls in enumerate(spec.labels) if j != k]
    matrix, arrangement = done[node.inputs[k]], spec.labels[k]
    if (inner := scaled.get(node.inputs[k])) is not None:
        matrix = inner.matrix
        small.append(inner.scale)
        labels.append([arrangement[l] for l in inner.axes])
        arrangement = tuple(arrangement[l] for l in inner.labels)
    axes = tuple(sorted({l for ls in labels for l in ls}))
    if len(axes) >= node.rank:
        return None
    return Scaled(matrix, tuple(arrangement), contract(small, labels, axes, coef=spec.coef), axes)
