"""Reading parts of arrays and putting arrays together: linear rows that are no index pattern.

Axes are counted from the end, because extra axes of sweeps lead.
"""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np

from calclang.ir.dim import Dim, Shape, product
from calclang.ir.node import Node
from calclang.ir.signature import Mismatch
from calclang.ops.base import Row, fn, linear
from calclang.ops.contraction import CONTRACT, contract, zeros
from calclang.ops.domains import REAL
from calclang.ops.namespaces import added, shows

# One entry per axis, counted from 0: None (the whole axis), a place, (start, stop, step), or a tuple of places ("at", i, j, …).
Place: TypeAlias = "None | Dim | tuple[Any, ...]"


def single(place: Place) -> bool:
    """Whether an entry is one place, so that its axis disappears."""
    return place is not None and not isinstance(place, tuple)


def read_index(places: tuple[Place, ...]) -> tuple[Any, ...]:
    """The NumPy index of a read. At most one axis holds a list of places, so that axes keep their order."""
    return (..., *(slice(None) if p is None else p if not isinstance(p, tuple) else list(p[1:]) if p[0] == "at" else slice(*p) for p in places))


def read_length(place: Place, size: Any) -> Any:
    """How long an axis is after reading; None where it disappears."""
    if not isinstance(place, tuple):
        return size if place is None else None
    if place[0] == "at":
        return len(place) - 1
    return len(range(*place)) if all(isinstance(p, int) for p in place) else place[1] - place[0]


def _take_shape(inputs: tuple[Node, ...], params: tuple[Any, ...]) -> Shape:
    places, shape = params[0], inputs[0].shape
    lead = len(shape) - len(places)
    lengths = (read_length(p, d) for p, d in zip(places, shape[lead:], strict=True))
    return shape[:lead] + tuple(d for d in lengths if d is not None)


def _put_eval(xp: Any, g: Any, places: tuple[Place, ...], shape: Shape) -> Any:
    lost = sum(read_length(p, 0) is not None for p in places)
    result = xp.zeros(xp.shape(g)[: len(xp.shape(g)) - lost] + tuple(shape))
    if not shows(xp) or any(isinstance(p, tuple) and p[0] == "at" for p in places):
        return added(xp, result, read_index(places), g)
    result[read_index(places)] = g
    return result


def _put_shape(inputs: tuple[Node, ...], params: tuple[Any, ...]) -> Shape:
    places, shape = params
    lost = sum(read_length(p, 0) is not None for p in places)
    return inputs[0].shape[: inputs[0].rank - lost] + tuple(shape)


def _read_simply(inputs: tuple[Node, ...], params: tuple[Any, ...]) -> Node | None:
    """All of an array is that array; one part of a stack is that part, and parts of that part are read on."""
    (x,), places = inputs, params[0]
    if all(p is None or p == (0, d, 1) for p, d in zip(places, x.shape[x.rank - len(places) :], strict=True)):
        return x
    if x.op is CONTRACT and not x.inputs:
        return _among_deltas(x, places)
    if x.op.name != "stack" or len(places) != x.params[0] + 1 or not isinstance(places[0], int):
        return None
    part = x.inputs[places[0]]
    return part if all(p is None for p in places[1:]) else take(part, params=(places[1:],))


def _among_deltas(x: Node, places: tuple[Place, ...]) -> Node | None:
    """One axis of deltas and ones read: they, without that axis or with it shorter, among zeros along what was on a diagonal with it. Column k of
    the identity is a 1 put at k."""
    spec, lead = x.params[0], x.rank - len(places)
    read = [axis for axis, place in enumerate(places, start=lead) if place is not None]
    if len(read) != 1:
        return None
    label, place = spec.out[read[0]], places[read[0] - lead]
    twins = spec.out.count(label) - 1
    if twins > 1 and isinstance(place, tuple) and place[0] == "at":
        return None
    length = read_length(place, x.shape[read[0]])
    out = spec.out if length is not None else tuple(l for l in spec.out if l != label)
    made = contract([], [], out, {l: length if l == label else d for l, d in spec.free if l != label or length is not None}, spec.coef)
    if not twins:
        return made
    rest = [axis for axis in range(x.rank) if axis != read[0] or length is not None]
    where = tuple(place if spec.out[axis] == label and axis != read[0] else None for axis in rest)
    return put(made, params=(where, tuple(length if axis == read[0] else x.shape[axis] for axis in rest)))


take: Row = linear(
    "take",
    eval=lambda xp, x, places: x[read_index(places)],
    transpose=lambda k, g, x, y, places: put(g, params=(places, x.shape[x.rank - len(places) :])),
    shape=_take_shape,
    shortcut=_read_simply,
    hidden=True,
    doc="Parts of an array: one entry per axis.",
)
put: Row = linear(
    "put",
    eval=_put_eval,
    transpose=lambda k, g, x, y, places, shape: take(g, params=(places,)),
    shape=_put_shape,
    hidden=True,
    facts={"grows": True},
    doc="An array of zeros with parts added at places: the transpose of take.",
)


def _stack_shape(inputs: tuple[Node, ...], params: tuple[Any, ...]) -> Shape:
    rank = params[0]
    for number, part in enumerate(inputs):
        if part.shape != inputs[0].shape:
            raise Mismatch(number, "of the shape of the first", part.shape)
    lead = inputs[0].rank - rank
    return inputs[0].shape[:lead] + (len(inputs),) + inputs[0].shape[lead:]


def _whole_but(axis_from_end: int, place: Place) -> tuple[Place, ...]:
    return (place,) + (None,) * (axis_from_end - 1)


stack = linear(
    "stack",
    arity=None,
    eval=lambda xp, *parts: xp.stack(parts[:-1], axis=-(parts[-1] + 1)),
    transpose=lambda k, g, *rest: take(g, params=(_whole_but(rest[-1] + 1, k),)),
    shape=_stack_shape,
    doc="Arrays of one shape, put together along a new first axis.",
    example="stack([1, 2; 3, 4], [5, 6; 7, 8])",
)  # params: the rank of a part


def _concat_shape(inputs: tuple[Node, ...], params: tuple[Any, ...]) -> Shape:
    axis = params[0]  # from the end: 1 is the last
    first = inputs[0].shape
    at = len(first) - axis
    total: Any = 0
    for number, part in enumerate(inputs):
        if part.shape[:at] + part.shape[at + 1 :] != first[:at] + first[at + 1 :]:
            raise Mismatch(number, "as long as the first on the other axes", part.shape)
        total = total + part.shape[at]
    return (*first[:at], total, *first[at + 1 :])


def _concat_transpose(k: int, g: Node, *rest: Any) -> Node:
    parts, axis = rest[:-2], rest[-1]
    start = sum(p.shape[p.rank - axis] for p in parts[:k])
    return take(g, params=(_whole_but(axis, (start, start + parts[k].shape[parts[k].rank - axis], 1)),))


concat = linear(
    "concat",
    arity=None,
    eval=lambda xp, *parts: xp.concatenate(parts[:-1], axis=-parts[-1]),
    transpose=_concat_transpose,
    shape=_concat_shape,
    hidden=True,
    doc="Arrays put together along an axis they have (counted from the end, from 1).",
)


def _reshape_shape(inputs: tuple[Node, ...], params: tuple[Any, ...]) -> Shape:
    rank, shape = params
    lead = inputs[0].rank - rank
    if product(inputs[0].shape[lead:]) != product(shape):
        raise Mismatch(0, f"of {product(shape)} elements", inputs[0].shape)
    return inputs[0].shape[:lead] + tuple(shape)


reshape: Row = linear(
    "reshape",
    eval=lambda xp, x, rank, shape: xp.reshape(x, xp.shape(x)[: len(xp.shape(x)) - rank] + tuple(shape)),
    transpose=lambda k, g, x, y, rank, shape: reshape(g, params=(len(shape), x.shape[x.rank - rank :])),
    shape=_reshape_shape,
    hidden=True,
    doc="The same elements, last axis fastest, in another shape. Params: the rank before, the shape after.",
)


# ---- places that are numbers of the program -------------------------------------------------------


def _places(xp: Any, index: Any, size: int) -> Any:
    """Whole numbers from 0 to size - 1. Raises IndexError with the first place that is none."""
    return _checked(xp, index, size).astype(int)


def _checked(xp: Any, index: Any, size: int) -> Any:
    places = xp.asarray(index)
    if shows(xp) and places.size:
        wrong = ~((places >= 0) & (places < size) & (places == np.floor(places)))
        if wrong.any():
            raise IndexError(float(places[wrong].flat[0]), size)
    return places


inside = fn(
    "inside",
    eval=lambda xp, index, size: _checked(xp, index, size),
    d=None,
    domain=REAL,
    hidden=True,
    doc="Places counted from 0, checked to be there: of tuples of places, each axis by itself.",
)


def _gather_eval(xp: Any, x: Any, index: Any, rest: int) -> Any:
    axis = xp.ndim(x) - 1 - rest
    return xp.take(x, _places(xp, index, xp.shape(x)[axis]), axis=axis)


def _gather_shape(inputs: tuple[Node, ...], params: tuple[Any, ...]) -> Shape:
    x, index = inputs
    lead = x.rank - 1 - params[0]
    return x.shape[:lead] + index.shape + x.shape[lead + 1 :]


def _scatter_eval(xp: Any, g: Any, index: Any, size: int, rest: int) -> Any:
    places = _places(xp, index, size)
    lead = xp.ndim(g) - xp.ndim(index) - rest
    if not lead and not rest and shows(xp):
        return np.bincount(places.ravel(), weights=np.ravel(g), minlength=size).astype(float, copy=False)  # of nothing it counts in integers
    shape = xp.shape(g)
    result = xp.zeros(shape[:lead] + (size,) + shape[lead + xp.ndim(index) :])
    return added(xp, result, (slice(None),) * lead + (places,), g)


def _scatter_shape(inputs: tuple[Node, ...], params: tuple[Any, ...]) -> Shape:
    (g, index), (size, rest) = inputs, params
    lead = g.rank - index.rank - rest
    return g.shape[:lead] + (size,) + g.shape[lead + index.rank :]


gather: Row = linear(
    "gather",
    arity=2,
    eval=_gather_eval,
    transpose=lambda k, g, x, index, y, rest: scatter(g, index, params=(x.shape[x.rank - 1 - rest], rest)) if k == 0 else None,
    shape=_gather_shape,
    fixed=(1,),
    hidden=True,
    doc="Parts of an array at places that are numbers, counted from 0. Params: how many axes come after the one that is read.",
)
scatter: Row = linear(
    "scatter",
    arity=2,
    eval=_scatter_eval,
    transpose=lambda k, g, x, index, y, size, rest: gather(g, index, params=(rest,)) if k == 0 else None,
    shape=_scatter_shape,
    fixed=(1,),
    hidden=True,
    doc="Parts added at places that are numbers: the transpose of gather.",
)

__all__ = ["Row", "concat", "gather", "inside", "put", "read_index", "reshape", "scatter", "stack", "take", "zeros"]
