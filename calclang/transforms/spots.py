"""Tangents and cotangents that are zero but at some places of their extra axes, as those of one element of a vector are.

A sweep carries on what stands at the places alone: the zeros around it stay structural, exactly 0 whatever is infinite or negative beside
them (they are never multiplied, and so make neither nan nor -0).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import reduce
from operator import add
from typing import Any

from calclang.ir.dim import Shape
from calclang.ir.node import Node
from calclang.ops.structure import put

MANY = 8  # spots of one array; an array of more is carried on as a whole


def carried(moving: Node, rank: int, linear: Callable[[Node], Sequence[Node]]) -> list[Node]:
    """What a ``linear`` map, which leaves extra axes as they are, makes of a tangent or cotangent of a node of some ``rank``: of each of its spots
    by itself where it has some.

    >>> from calclang.ops.contraction import identity, scale
    >>> from calclang.ops.structure import take
    >>> one_hot = take(identity((3,)), params=((1,),))
    >>> [made] = carried(one_hot, 0, lambda g: [scale(-2.0, g)])
    >>> made.op.name, made.inputs[0].value
    ('put', -2.0)
    """
    found = _spots(moving, rank)
    return [_put_back(spot, rank, made) for spot in found for made in linear(spot.inputs[0])] if found else list(linear(moving))


def together(
    moving: Sequence[Node | None], ranks: Sequence[int], linear: Callable[[list[Node | None]], Node | None]
) -> Node | None:
    """What a ``linear`` map of several tangents makes of them. Where all stand at one and the same place of their extra axes, as those of a function of
    one element of a vector do, it works on what stands there alone.

    >>> from calclang.ops.contraction import identity
    >>> from calclang.ops.structure import stack, take
    >>> one_hot = take(identity((3,)), params=((1,),))
    >>> made = together([one_hot, one_hot], [0, 0], lambda gs: stack(*gs, params=(0,)))
    >>> made.op.name, made.inputs[0].shape
    ('put', (2,))
    """
    spots = {k: _spots(dx, ranks[k]) for k, dx in enumerate(moving) if dx is not None}
    lead = next((spot.rank - ranks[k] for k, found in spots.items() for spot in found), 0)
    places = {(spot.params[0][:lead], spot.params[1][:lead]) for found in spots.values() for spot in found}
    if len(places) != 1 or not all(spots.values()):
        return linear(list(moving))
    inner: list[Node | None] = [reduce(add, (spot.inputs[0] for spot in spots[k])) if k in spots else None for k in range(len(moving))]
    made = linear(inner)
    first = next(found[0] for found in spots.values())
    return None if made is None else _placed(made, first.params[0][:lead], first.params[1][:lead], made.rank - _own_lead(inner, ranks))


def _own_lead(inner: Sequence[Node | None], ranks: Sequence[int]) -> int:
    """The number of extra axes that what stands at a place has."""
    return next(x.rank - rank for x, rank in zip(inner, ranks, strict=True) if x is not None)


def _spots(moving: Node, rank: int) -> list[Node]:
    """The arrays among zeros that ``moving`` is the sum of; none where it is no such sum, or one of too many."""
    found: list[Node] = []
    todo = [moving]
    while todo:
        node = todo.pop()
        if node.op.name == "add":
            todo += reversed(node.inputs)
        elif _is_spot(node, rank) and len(found) < MANY:
            found.append(node)
        else:
            return []
    return _merged(found) if len(found) == 1 or all(map(_at_one_place, found)) else []


def _merged(spots: list[Node]) -> list[Node]:
    """Those at one place added up, before anything multiplies them."""
    at: dict[Any, list[Node]] = {}
    for spot in spots:
        at.setdefault(spot.params, []).append(spot.inputs[0])
    return [put(reduce(add, parts), params=params) for params, parts in at.items()]


def _is_spot(node: Node, rank: int) -> bool:
    """Whether a node is an array put at places of its extra axes, whole along the last ``rank`` ones."""
    if node.op is not put or len(node.params[0]) != node.rank:
        return False
    return all(place is None for place in node.params[0][node.rank - rank :])


def _at_one_place(spot: Node) -> bool:
    """Whether a spot takes no part of an axis: sums of others are as large as their sum is."""
    return not any(isinstance(place, tuple) for place in spot.params[0])


def _put_back(spot: Node, rank: int, made: Node) -> Node:
    """``made`` of what stands at a spot, in its place."""
    places, shape = spot.params
    lead = spot.rank - rank
    left = spot.inputs[0].rank - rank  # extra axes of what stands there
    return _placed(made, places[:lead], shape[:lead], made.rank - left)


def _placed(made: Node, places: tuple[Any, ...], lead: Shape, rank: int) -> Node:
    """``made``, whose last ``rank`` axes are its own, at places of the axes ``lead``."""
    own = made.shape[made.rank - rank :]
    return put(made, params=(places + (None,) * len(own), lead + own))
