"""Closed graphs as the rules for loops and choices handle them: fresh inputs, what is needed, where axes stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from calclang.ir.apply import input_node
from calclang.ir.dim import Shape
from calclang.ir.node import Node, Symbol, order
from calclang.ops.contraction import contract

if TYPE_CHECKING:
    from calclang.ops.control import Body
    from calclang.transforms.supports import Supports


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


def supports_of(bodies: Sequence[Body], moving: Mapping[int, Node], supports: Supports | None) -> dict[int, Node]:
    """The supports of those tangents or cotangents ``moving`` into a body that have zeros, if zeros matter in it."""
    from calclang.transforms.supports import Supports, endless

    if not any(endless(body.outputs) for body in bodies):
        return {}
    supports = supports or Supports({})
    return {k: support for k, x in moving.items() if (support := supports.of(x)) is not None}


def supports_in_body(known: Mapping[Node, Node]) -> Supports | None:
    """What a sweep through a body knows of zeros: the supports of some of its seeds."""
    from calclang.transforms.supports import Supports

    return Supports(known) if known else None
