"""The graph that the array compiler runs: the derivative as it was built, but for products.

A product of arrays that one sum alone uses is not made: its factors go into the sum, so that the cheapest order is chosen among all of them.
A matrix whose rows or columns were scaled again and again, as tangents are by every elementwise step, is kept as the matrix and one vector
of scales until a product needs it. Rounding differs in the last place, and only the order of multiplications does.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from calclang.ir.contract import Spec
from calclang.ir.dim import product
from calclang.ir.node import Node, order
from calclang.ops.arithmetic import add
from calclang.ops.contraction import CONTRACT, contract

LARGE = 256  # elements from which a product is worth avoiding


@dataclass(frozen=True)
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
    """Nodes of the same values, with fewer large intermediate products."""
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
    return node.op is CONTRACT and bool(node.params[0].summed)


def _rebuilt(node: Node, done: dict[Node, Node], scaled: dict[Node, Scaled], uses: Counter[Node]) -> Node:
    """The node over what its inputs have become."""
    if node in scaled:
        form = scaled[node]
        return contract(*form.factors, range(node.rank))
    if node.op is not CONTRACT or node.value is not None:
        inputs = tuple(done[i] for i in node.inputs)
        return node if inputs == node.inputs else node.op(*inputs, params=node.params)  # type: ignore[operator]
    spec: Spec = node.params[0]
    kept: list[Node] = []
    carried: list[Sequence[Any]] = []
    for number, (factor, labels) in enumerate(zip(node.inputs, spec.labels, strict=True)):
        factors, inner = _factors(factor, done, scaled, uses) if spec.summed else ([done[factor]], None)
        kept += factors
        names = dict(enumerate(labels))
        carried += [labels] if inner is None else [tuple(names.get(l, (number, l)) for l in ls) for ls in inner]
    return contract(kept, carried, spec.out, dict(spec.free), spec.coef * _coefs(node, scaled, uses))


def _factors(
    factor: Node, done: dict[Node, Node], scaled: dict[Node, Scaled], uses: Counter[Node]
) -> tuple[list[Node], list[tuple[int, ...]] | None]:
    """What stands for a factor of a sum: itself, or the parts of a product; with labels of its axes."""
    if factor in scaled:
        return scaled[factor].factors
    if _dissolves(factor, uses):
        spec = factor.params[0]
        return [done[i] for i in factor.inputs], list(spec.labels)
    return [done[factor]], None


def _dissolves(factor: Node, uses: Counter[Node]) -> bool:
    """Whether a factor is a plain product that nothing else uses."""
    if factor.op is not CONTRACT or factor.value is not None or uses[factor] > 1 or len(factor.inputs) < 2 or not factor.rank:
        return False
    spec: Spec = factor.params[0]
    return not spec.summed and not spec.deltas and not spec.free


def _coefs(node: Node, scaled: dict[Node, Scaled], uses: Counter[Node]) -> float:
    """The numbers in front of dissolved factors."""
    result = 1.0
    if node.params[0].summed:
        for factor in node.inputs:
            if factor not in scaled and _dissolves(factor, uses):
                result *= factor.params[0].coef
    return result


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
