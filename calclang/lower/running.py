"""Loops that only add up, or only multiply: their carries are running sums or products, which NumPy forms in the same order, with the same digits."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from math import prod

from calclang.ir.apply import const
from calclang.ir.budget import keeping_place, set_here
from calclang.ir.dim import known, numbers
from calclang.ir.node import Node, depends_on, order, span_of
from calclang.lower.elements import Axis
from calclang.lower.records import Mark, Records
from calclang.ops.arithmetic import add, sub
from calclang.ops.base import Row
from calclang.ops.contraction import CONTRACT, mul, scale
from calclang.ops.sequences import cumprod, cumsum
from calclang.ops.structure import concat, reshape, take
from calclang.transforms.batch import CannotBatch, batch, lead

MOST = 1_000_000  # numbers of an array of all turns


def running(records: Records, start: Node, carry: Node, result: Node, axis: Axis, mark: Mark) -> Node | None:
    """The carries after every turn of a body that adds to a number, or multiplies it by, what depends on the elements alone; None for any other body.
    ``axis``: what the elements run over; ``mark``: where the body began."""
    if (found := _step(carry, result)) is None:
        return None
    row, term = found
    below = order([term])
    if carry in order([*below, *records.looked_at(mark)]) or _many(below, axis):
        return None
    try:
        (terms,) = records.moved([term], mark, partial(batch, elements=axis.arrays, size=axis.size))
    except CannotBatch:
        return None
    terms = lead(term, axis.size) if terms is term else terms
    with keeping_place():
        set_here(span_of(result))
        return _from(start, row, terms, axis.size)


def _from(start: Node, row: Row, terms: Node, size: int) -> Node:
    """The running sums or products that begin with a number."""
    if start is const(0.0) and row is cumsum:
        return add(cumsum(terms), const(0.0))  # 0 + -0 is 0
    if start is const(1.0) and row is cumprod:
        return cumprod(terms)
    first, rest = take(terms, params=((0,),)), take(terms, params=(((1, size, 1),),))
    begun = add(start, first) if row is cumsum else mul(start, first)
    return row(concat(reshape(begun, params=(0, (1,))), rest, params=(1,)))


def _many(nodes: Sequence[Node], axis: Axis) -> bool:
    """Whether the arrays that turns make one after the other would together be many numbers."""
    made = [n.shape for n in depends_on(nodes, axis.arrays) if n.rank and n not in axis.arrays]
    return any(not known(shape) or axis.size * prod(numbers(shape)) > MOST for shape in made)


def _step(carry: Node, result: Node) -> tuple[Row, Node] | None:
    """Of a turn: the running sum or product that it goes on with, and by what number."""
    if len(result.inputs) != 2 or any(i.rank for i in result.inputs) or [i is carry for i in result.inputs].count(True) != 1:
        return None
    a, b = result.inputs
    other = b if a is carry else a
    if result.op is add:
        return cumsum, other
    if result.op is sub and a is carry:
        return cumsum, scale(-1.0, other)
    plain = result.op is CONTRACT and result.params[0].coef == 1 and not result.params[0].free
    return (cumprod, other) if plain else None
