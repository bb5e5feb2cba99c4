"""What a value is at least, read off a graph: ``log(1 + exp(x))`` needs no look at its argument."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import inf

import numpy as np

from calclang.ir.node import Node, order
from calclang.ops.domains import NONNEGATIVE_VALUES, POSITIVE_VALUES

MOVED = frozenset({"take", "stack", "concat", "reshape", "gather", "reverse", "select"})  # every element is one of an argument's


def least(outputs: Sequence[Node]) -> dict[Node, float]:
    """A lower bound, in float64, of all elements of every node that ``outputs`` need; minus infinity where none is known."""
    bounds: dict[Node, float] = {}
    for node in order(outputs):
        bounds[node] = _least(node, [bounds[i] for i in node.inputs])
    return bounds


def _least(node: Node, given: list[float]) -> float:
    name = node.op.name
    if node.value is not None:
        return float(np.min(node.value, initial=inf))
    if name in POSITIVE_VALUES or name in NONNEGATIVE_VALUES or (name == "power" and node.params[0] % 2 == 0):
        return 0.0
    if name in MOVED:
        return min(given, default=-inf)
    rule = RULES.get(name)
    return rule(node, given) if rule else -inf


def _contraction(node: Node, given: list[float]) -> float:
    """Of a number times ones, that number; of products of numbers that are not negative, and of sums of squares, zero."""
    spec = node.params[0]
    if spec.coef < 0:
        return -inf
    if not given:
        return float(spec.coef)
    operands = list(zip(node.inputs, spec.labels, strict=True))
    signed = [o for o, bound in zip(operands, given, strict=True) if bound < 0]
    return 0.0 if all(signed.count(o) % 2 == 0 for o in signed) else -inf


RULES: dict[str, Callable[[Node, list[float]], float]] = {
    "add": lambda node, given: sum(given),
    "maximum": lambda node, given: max(given),
    "minimum": lambda node, given: min(given),
    "largest": lambda node, given: given[0],
    "smallest": lambda node, given: given[0],
    "contract": _contraction,
}
