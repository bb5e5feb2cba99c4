"""Closed graphs as the rules for loops and choices handle them: fresh inputs, what is needed, where axes stand."""

from __future__ import annotations

from collections.abc import Sequence

from calclang.ir.apply import input_node
from calclang.ir.dim import Shape
from calclang.ir.node import Node, Symbol, order
from calclang.ops.contraction import contract


def like(x: Node, lead: Shape = (), name: str = "d") -> Node:
    """A fresh input of a body: ``lead ++ shape(x)``."""
    return input_node(Symbol(name + str(x.params[0].name if x.op.name == "input" else "")), lead + x.shape)


def used(body_outputs: Sequence[Node], inputs: Sequence[Node]) -> list[bool]:
    """Which inputs the outputs need."""
    below = set(order(body_outputs))
    return [i in below for i in inputs]


def front(x: Node, axis: int, count: int = 1) -> Node:
    """Axes ``axis … axis + count - 1`` in front."""
    axes = tuple(range(x.rank))
    chosen = axes[axis : axis + count]
    return contract([x], [axes], (*chosen, *axes[:axis], *axes[axis + count :]))


def back(x: Node, axis: int) -> Node:
    """The first axis moved behind ``axis`` others."""
    axes = tuple(range(x.rank))
    return contract([x], [axes], (*axes[1 : axis + 1], 0, *axes[axis + 1 :]))


def lead_of(xs: Sequence[Node], dxs: Sequence[Node | None]) -> Shape:
    """The extra axes of tangents."""
    return next(dx.shape[: dx.rank - x.rank] for dx, x in zip(dxs, xs, strict=True) if dx is not None)
