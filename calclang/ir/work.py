"""What an operation costs to run, in steps of about a nanosecond: a plain estimate from its shapes, made before it runs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from math import prod
from typing import Any

from calclang.ir.contract import Spec, sizes
from calclang.ir.dim import Shape, known, number, numbers
from calclang.ir.node import Node
from calclang.ir.op import Op

CALL = 100  # of one operation, beside its numbers
ELEMENT = 5  # of one elementary function of a number
DENSE = 4  # operations of a matrix product or a factorisation that are one step


def steps(op: Op, inputs: Sequence[Node], params: tuple[Any, ...], shape: Shape) -> float:
    """The work of one operation; of a choice without its branches, of a loop without its turns: they are charged as they are made."""
    shapes = [i.shape for i in inputs]
    if not shape and not any(shapes):
        return CALL
    if not all(map(known, (shape, *shapes))):
        return 0
    largest = max(prod(numbers(s)) for s in (shape, *shapes))
    if op.kind == "contract":
        return CALL + largest + _products(params[0], shapes) / DENSE
    if op.work:
        *lead, m, n = numbers(max(shapes, key=len))
        return CALL + largest + prod(lead) * op.operations(m, n) / DENSE
    return CALL + largest * (ELEMENT if op.kind in ("fn", "custom", "control") else 1)


def _products(spec: Spec, shapes: Sequence[Shape]) -> float:
    """The multiplications of a product, as if each factor met the one before it alone."""
    found = sizes(spec, shapes)
    if not all(type(size) is int for size in found.values()):
        return 0
    return sum(prod(number(found[label]) for label in {*a, *b}) for a, b in pairwise(spec.labels))


def total(nodes: Iterable[Node]) -> float:
    """The work of many operations."""
    return sum(steps(n.op, n.inputs, n.params, n.shape) for n in nodes if n.op.kind != "leaf")
