"""Symbolic elements: what stands for all elements of a comprehension, or for the carry of every turn, while a body is traced once.

Such a node has no value of its own. What shapes the graph is looked at for all elements together, along the axes that they run over.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import field
from functools import reduce
from typing import Any

from calclang.ir.node import Node, order
from calclang.ops.choice import select
from calclang.record import record


@record(eq=False, frozen=False)
class Axis:
    """What symbolic elements run over together: for each the array of all its values, all of one length."""

    size: Any
    arrays: dict[Node, Node] = field(default_factory=dict)


@record(frozen=False)
class Elements:
    """The symbolic elements of the bodies that are being traced, outermost first.

    ``axes``: each with the axis it runs over; None of those whose values are not known before they are computed, such as a carry.
    ``masks``: which elements choose the branches that we are in. ``partial``: how often something was made that holds only for the
    elements of the branch that we were in. ``carried``: how many calls of functions that call themselves were met whose arguments a loop carries.
    """

    axes: dict[Node, Axis | None] = field(default_factory=dict)
    masks: list[Node] = field(default_factory=list)
    partial: int = 0
    carried: int = 0

    @contextmanager
    def inside(self) -> Iterator[None]:
        """Elements that are added inside are none outside."""
        before = dict(self.axes)
        try:
            yield
        finally:
            self.axes = before

    def vary(self, node: Node) -> bool:
        """Whether a node depends on a symbolic element, so that it has no value of its own."""
        return bool(self.axes) and any(n in self.axes for n in order([node]))

    def below(self, nodes: Sequence[Node]) -> dict[Node, None]:
        """What nodes depend on, directly or through what their elements stand for."""
        found = dict.fromkeys(order(nodes))
        for element, axis in reversed(self.axes.items()):  # the innermost first: its elements may depend on those further out
            if element in found and axis is not None:
                found |= dict.fromkeys(order([axis.arrays[element]]))
        return found

    def everywhere(self, node: Node) -> Node | None:
        """A node for all the elements it depends on, one leading axis per axis of theirs; None where an axis is not known."""
        from calclang.transforms.batch import batch

        for axis in reversed(dict.fromkeys(self.axes.values())):  # the innermost first, as above
            if any(self.axes.get(n, self) is axis for n in order([node])):
                if axis is None:
                    return None
                (node,) = batch([node], axis.arrays, axis.size)
        return node

    def asked(self, node: Node, other: Node) -> Node:
        """A node where elements choose the branches that we are in, and ``other`` elsewhere: what is there is nobody's fault."""
        return reduce(lambda value, mask: select(mask, value, other), self.masks, node)
