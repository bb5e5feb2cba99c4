"""The parts of a value, which may be a tuple of tuples: its arrays, and what names are given to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from calclang import errors
from calclang.ir.node import Node
from calclang.lower.lowered import Arr, Low, Tup, words
from calclang.syntax import tree


def leaves(low: Low) -> list[Node]:
    """The nodes of a value, in order."""
    if isinstance(low, Tup):
        return [n for p in low.parts for n in leaves(p)]
    return [low.node] if isinstance(low, Arr) else []


def flat(low: Low) -> Any:
    """All numbers of a value that is known, in a row."""
    return np.concatenate([np.ravel(n.value) for n in leaves(low)] or [np.zeros(0)])


def rebuilt(low: Low, nodes: Iterator[Node]) -> Low:
    """The same value with other nodes, taken in order. (A row whose node has more axes is none any more.)"""
    if isinstance(low, Tup):
        return Tup(tuple(rebuilt(p, nodes) for p in low.parts), low.names)
    if not isinstance(low, Arr):
        return low
    node = next(nodes)
    return Arr(node, low.row and node.rank == 1)


def distinct(low: Low) -> list[Low]:
    """A value and all its parts, inner ones first; a part that stands in several places once."""
    found: dict[int, Low] = {}

    def visit(part: Low) -> None:
        if id(part) not in found:
            for inner in part.parts if isinstance(part, Tup) else ():
                visit(inner)
            found[id(part)] = part

    visit(low)
    return list(found.values())


def replaced(low: Low, table: Mapping[Node, Node]) -> Low:
    """The same value with the table's nodes for its own; what stood in several places still does."""
    made: dict[int, Low] = {}
    for part in distinct(low):
        if isinstance(part, Tup):
            made[id(part)] = Tup(tuple(made[id(p)] for p in part.parts), part.names)
        else:
            made[id(part)] = replace(part, node=table[part.node]) if isinstance(part, Arr) else part
    return made[id(low)]


def take_apart(target: tree.Target, low: Low) -> list[tuple[str, Low]]:
    """The names that a target gives, each with its part."""
    if isinstance(target, tree.TupleTarget):
        if not isinstance(low, Tup):
            raise errors.not_a_tuple(words(low), target.span)
        if len(low.parts) != len(target.names):
            raise errors.tuple_length(len(target.names), len(low.parts), target.span)
        return list(zip(target.names, low.parts, strict=True))
    return [(target.name, low)]
