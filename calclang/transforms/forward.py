"""Forward mode: tangents along the graph. ``T[y] = sum over arguments of J * T[x]``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from calclang.ir.budget import keeping_place, set_here
from calclang.ir.node import Node, order, span_of
from calclang.ops.base import again
from calclang.ops.contraction import zeros
from calclang.transforms.splice import patterns, push, steady, total
from calclang.transforms.spots import carried, together

if TYPE_CHECKING:
    from calclang.transforms.supports import Supports


def forward(outputs: Sequence[Node], tangents: Mapping[Node, Node], supports: Supports | None = None) -> list[Node | None]:
    """The tangents of ``outputs`` when the nodes in ``tangents`` move so; None where nothing moves.

    A tangent has shape ``dirs ++ shape(node)``, with the same ``dirs`` everywhere. ``supports``: where those inside of a body are zero.
    Each comes from the place of its node in the source.
    """
    moved: dict[Node, Node] = dict(tangents)
    with keeping_place() as at:
        for node in order(outputs):
            if node in moved or not any(i in moved for i in node.inputs):
                continue
            set_here(span_of(node) or at)
            found = tangent(node, [moved.get(i) for i in node.inputs], supports)
            if found is not None:
                moved[node] = found
    return [moved.get(o) for o in outputs]


def tangent(node: Node, dxs: list[Node | None], supports: Supports | None = None) -> Node | None:
    """The tangent of one node when its inputs move so."""
    if node.op.kind == "linear":
        return _linear(node, dxs)
    if node.op.kind == "control":
        from calclang.transforms.control import TANGENT

        return together(dxs, [x.rank for x in node.inputs], lambda dxs: TANGENT[node.op.name](node, dxs, supports))
    terms: list[Node] = []
    for k, dx in enumerate(dxs):
        if dx is not None:
            terms += carried(dx, node.inputs[k].rank, partial(_one, node, k, supports))
    return total(terms) if terms else None


def _one(node: Node, k: int, supports: Supports | None, dx: Node) -> list[Node]:
    """What argument k contributes."""
    rules = node.op.tangents
    if k < len(rules) and (rule := rules[k]) is not None:
        return [rule(dx, *node.inputs, node, *node.params)]
    terms = [push(p, dx, node, node.inputs[k]) for p in patterns(node, k)]
    return terms if supports is None else [supports.guarded(term) for term in terms]


def _linear(node: Node, dxs: list[Node | None]) -> Node | None:
    """The operation itself on the tangents; arguments that do not move have the tangent zero. Masks and places stay as they are."""
    moving = [None if steady(node, k) else dx for k, dx in enumerate(dxs)]
    if sum(dx is not None for dx in moving) == 1:
        [(k, dx)] = [(k, dx) for k, dx in enumerate(moving) if dx is not None]
        return total(carried(dx, node.inputs[k].rank, lambda dx: [_filled(node, [dx if j == k else None for j in range(len(moving))])]))
    if all(dx is None for dx in moving):
        return None
    return together(moving, [x.rank for x in node.inputs], lambda moving: _filled(node, moving))


def _filled(node: Node, moving: list[Node | None]) -> Node:
    """The operation on what moves, with zeros for what does not."""
    lead = next(dx.shape[: dx.rank - x.rank] for dx, x in zip(moving, node.inputs, strict=True) if dx is not None)
    filled = [
        x if steady(node, k) else zeros(lead + x.shape) if dx is None else dx
        for k, (x, dx) in enumerate(zip(node.inputs, moving, strict=True))
    ]
    return again(node, filled)
