"""A function of any arguments as one of a vector of all their numbers: what searches differentiate."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import TYPE_CHECKING, Any

from calclang.ir.dim import numbers, product
from calclang.ir.node import Node
from calclang.lower.lowered import Arr, Builtin, Fn, Low, Tup
from calclang.lower.parts import leaves
from calclang.ops.structure import concat, reshape, take
from calclang.source import Span

if TYPE_CHECKING:
    from calclang.lower.driver import Step
    from calclang.lower.evaluate import Lowering


def of_unknowns(function: Fn, like: Sequence[Arr]) -> Builtin:
    """The function of a vector that holds the numbers of arguments ``like`` these, one after another, the last axis fastest.
    A tuple that it gives becomes a vector too. Raises what the function raises."""

    def call(lowering: Lowering, arguments: tuple[Low, ...], options: dict[str, Any], span: Span) -> Step:
        vector = lowering.array(arguments[0], span, "a search").node
        value = yield lowering.call(function, tuple(_cut(vector, like)), {}, span)
        return Arr(concat(*map(_flat, leaves(value)), params=(1,))) if isinstance(value, Tup) else value

    return Builtin("the function", call, 1, 1, "f(x)", "", "")


def _cut(vector: Node, like: Sequence[Arr]) -> list[Arr]:
    """The arguments that lie one after another in a vector."""
    found, start = [], 0
    for argument in like:
        shape = numbers(argument.shape)
        stop = start + prod(shape)
        part = take(vector, params=(((start, stop, 1),),))
        found.append(Arr(part if shape == part.shape else reshape(part, params=(1, shape)), argument.row))
        start = stop
    return found


def _flat(node: Node) -> Node:
    return node if node.rank == 1 else reshape(node, params=(node.rank, (product(node.shape),)))
