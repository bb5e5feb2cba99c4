"""Operations with several results, as one node: its value is one vector that holds all parts, one after the other.

The factorisation is one row (and runs once); ``part`` reads a result. A part of a packed value is that part, so what is not asked for is
not computed: the derivative of the eigenvalues alone never meets that of the eigenvectors.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

import numpy as np

from calclang.ir.dim import Shape, product
from calclang.ir.node import Node
from calclang.ops.base import Row, custom, linear
from calclang.ops.contraction import is_zero, zeros
from calclang.ops.namespaces import shows
from calclang.ops.stacks import of_finite

Layout: TypeAlias = "tuple[Shape, ...]"


def _ends(layout: Layout) -> list[Any]:
    ends: list[Any] = [0]
    for shape in layout:
        ends.append(ends[-1] + product(shape))
    return ends


def _part_eval(xp: Any, x: Any, k: int, layout: Layout) -> Any:
    start, stop = _ends(layout)[k : k + 2]
    return xp.reshape(x[..., start:stop], xp.shape(x)[:-1] + layout[k])


def _packed_part(inputs: tuple[Node, ...], params: tuple[Any, ...]) -> Node | None:
    (x,), (k, layout) = inputs, params
    if x.op is pack:
        found: Node = x.inputs[k]
        return found
    if x.op is place:
        return x.inputs[0] if x.params[0] == k else zeros(x.shape[:-1] + layout[k])
    if x.op.name == "add":  # cotangents of several results together
        a, b = (_packed_part((term,), params) for term in x.inputs)
        return None if a is None or b is None else a if is_zero(b) else b if is_zero(a) else a + b
    if x.value is not None and not np.any(_part_eval(np, x.value, k, layout)):  # a constant of that kind
        return zeros(x.shape[:-1] + layout[k])
    return None


part: Row = linear(
    "part",
    eval=_part_eval,
    transpose=lambda k, g, x, y, number, layout: place(g, params=(number, layout)),
    shape=lambda inputs, params: inputs[0].shape[:-1] + params[1][params[0]],
    shortcut=_packed_part,
    hidden=True,
    doc="One of several results. Params: which, and the shapes of all.",
)


def _lead(x: Node, shape: Shape) -> Shape:
    return x.shape[: x.rank - len(shape)]


def _place_eval(xp: Any, g: Any, k: int, layout: Layout) -> Any:
    lead = xp.shape(g)[: xp.ndim(g) - len(layout[k])]
    return _joined(xp, [g if i == k else xp.zeros(lead + shape) for i, shape in enumerate(layout)], layout)


def _joined(xp: Any, parts: Sequence[Any], layout: Layout) -> Any:
    lead = xp.shape(parts[0])[: xp.ndim(parts[0]) - len(layout[0])]
    return xp.concatenate([xp.reshape(p, (*lead, product(s))) for p, s in zip(parts, layout, strict=True)], axis=-1)


place: Row = linear(
    "place",
    eval=_place_eval,
    transpose=lambda k, g, x, y, number, layout: part(g, params=(number, layout)),
    shape=lambda inputs, params: (*_lead(inputs[0], params[1][params[0]]), _ends(params[1])[-1]),
    hidden=True,
    doc="One result among zeros: the transpose of part.",
)
def _unpacked(k: int, g: Node, *rest: Any) -> Node | None:
    """The cotangent of one result; None for one that nobody asks for: it is exactly zero, whatever its slopes are."""
    sent = part(g, params=(k, rest[-1]))
    return None if is_zero(sent) else sent


pack: Row = linear(
    "pack",
    arity=None,
    eval=lambda xp, *rest: _joined(xp, rest[:-1], rest[-1]),
    transpose=_unpacked,
    shape=lambda inputs, params: (*_lead(inputs[0], params[0][0]), _ends(params[0])[-1]),
    hidden=True,
    doc="Several results as one vector. Params: their shapes.",
)


def several(
    name: str,
    *,
    layout: Callable[[Shape], Layout],
    eval: Callable[..., Sequence[Any]],
    tangent: Callable[..., Sequence[Node]],
    **columns: Any,
) -> Row:
    """A function of a matrix with several results: ``eval(xp, a)`` gives their values, ``tangent(da, a, *parts)`` their tangents."""

    def value(xp: Any, a: Any) -> Any:
        def packed(finite: Any) -> Any:
            return _joined(xp, eval(xp, finite), layout(xp.shape(a)[-2:]))

        return of_finite(packed, a) if shows(xp) else packed(a)

    def change(da: Node, a: Node, y: Node) -> Node:
        shapes = layout(a.shape)
        moved = tangent(da, a, *(part(y, params=(k, shapes)) for k in range(len(shapes))))
        return pack(*moved, params=(shapes,))

    return custom(
        name, eval=value, tangent=change, shape=lambda inputs, params: (*inputs[0].shape[:-2], _ends(layout(inputs[0].shape[-2:]))[-1]),
        reliable=False, hidden=True, show=f"{name}({{}})", facts={"layout": layout}, **columns,
    )  # fmt: skip


def results(row: Row, a: Node) -> list[Node]:
    """The results of a row made by `several`."""
    layout = row.facts["layout"](a.shape)
    packed = row(a)
    return [part(packed, params=(k, layout)) for k in range(len(layout))]


__all__ = ["pack", "part", "place", "results", "several"]
