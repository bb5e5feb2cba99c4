"""The arrays of a value, which may be a tuple of tuples."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from calclang.ir.node import Node
from calclang.lower.lowered import Arr, Low, Tup


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
