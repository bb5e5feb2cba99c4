"""``x[i]``, ``A[1, :]``, ``x[2..4]``, ``t["A"]``: reading parts. Indices count from 1."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, Any

import numpy as np

from calclang import errors
from calclang.ir.apply import const
from calclang.ir.dim import known, least, number
from calclang.ir.node import Node, order
from calclang.lower.arrays import dim_of, range_vector, size_node
from calclang.lower.lowered import WHOLE, Arr, Low, Rng, Slice, Str, Tup, scalar, words
from calclang.lower.trace import Undecided
from calclang.ops import ROWS
from calclang.ops.contraction import contract, stretch
from calclang.ops.structure import single
from calclang.source import Span
from calclang.syntax import tree
from calclang.transforms.batch import CannotBatch
from calclang.transforms.bodies import back, front

if TYPE_CHECKING:
    from calclang.lower.evaluate import Lowering
    from calclang.lower.trace import Trace


def read(lowering: Lowering, target: Low, indices: list[Low], e: tree.Index) -> Low:
    """The part of ``target`` that the indices name."""
    spans = [i.span for i in e.indices]
    if isinstance(target, Tup):
        return _part(lowering, target, indices, e)
    if isinstance(target, Rng):
        if len(indices) == 1 and isinstance(indices[0], Arr) and not indices[0].rank:
            place = _place(lowering, indices[0], len(target.value), spans[0])
            return scalar(target.value.start + target.value.step * place)
        target = range_vector(target.value)
    if not isinstance(target, Arr):
        written = e.target.span
        raise errors.not_indexable(words(target), written, written.text, written.source.text[written.stop : e.span.stop])
    if (named := next((k for k, index in enumerate(indices) if isinstance(index, Str) and index is not WHOLE), None)) is not None:
        raise errors.bad_index_kind(words(indices[named]), spans[named])
    if len(indices) != target.rank:
        raise errors.index_count(target.words(), target.rank, len(indices), e.span)
    if any(isinstance(i, Arr) and lowering.trace.elements.vary(i.node) for i in indices):
        return read_at_elements(lowering, target, indices, spans)
    places = tuple(_any_place(lowering, i, d, s) for i, d, s in zip(indices, target.shape, spans, strict=True))
    node = target.node
    while sum(isinstance(p, tuple) and p[0] == "at" for p in places) > 1:  # one list at a time keeps the axes in order
        last = max(k for k, p in enumerate(places) if isinstance(p, tuple) and p[0] == "at")
        node = ROWS["take"](node, params=(tuple(p if k == last else None for k, p in enumerate(places)),))
        places = tuple(None if k == last else p for k, p in enumerate(places))
    if all(p is None for p in places):
        return Arr(node, target.row)
    read = ROWS["take"](node, params=(places,))
    if any(isinstance(i, Slice) and i.back for i in indices):
        read = _backwards(read, target, indices)
    return Arr(read, target.row and read.rank == 1)


def _backwards(read: Node, target: Arr, indices: list[Low]) -> Node:
    """A slice of sizes that counts down, of a vector. Raises `Undecided` of a matrix."""
    if target.rank > 1:
        raise Undecided(size_node(next(i.stop for i in indices if isinstance(i, Slice))).node)
    return ROWS["reverse"](read)


def _part(lowering: Lowering, target: Tup, indices: list[Low], e: tree.Index) -> Low:
    """A part of a tuple, by place or by name."""
    span = e.indices[0].span
    if len(indices) != 1:
        raise errors.index_count("a tuple", 1, len(indices), e.span)
    index = indices[0]
    if isinstance(index, Str) and index is not WHOLE:
        if index.value not in target.names:
            raise errors.no_such_part(index.value, [n for n in target.names if n], span)
        return target.parts[target.names.index(index.value)]
    if not isinstance(index, Arr) or index.rank:
        raise errors.bad_part(words(index), span)
    return target.parts[_place(lowering, index, len(target.parts), span)]


def _place(lowering: Lowering, index: Arr, size: Any, span: Span) -> int:
    """A whole number in 1..size, as a place counted from 0."""
    if index.node.boolean:
        raise errors.bad_index_kind(index.words(), span)
    lowering.trace.must_not_vary(index.node, "an index", span)
    return checked(float(lowering.trace.decide(index.node)), size, span)


def checked(value: float, size: Any, span: Span) -> int:
    """A place counted from 0. Raises E-INDEX."""
    if value != value or value in (float("inf"), float("-inf")) or value != int(value):
        raise errors.index_not_whole(value, span)
    if isinstance(size, int) and not 1 <= value <= size:
        raise errors.index_outside(value, size, span)
    return int(value) - 1


def _any_place(lowering: Lowering, index: Low, size: Any, span: Span) -> Any:
    """One entry of `take`'s parameter."""
    if index is WHOLE:
        return None
    if isinstance(index, Rng):
        return _slice(index, size, span)
    if isinstance(index, Slice):
        return _sized_slice(index, size)
    if not isinstance(index, Arr) or index.rank > 1:
        raise errors.bad_index_kind(words(index), span)
    if not index.rank:
        try:
            return _place(lowering, index, size, span)
        except Undecided:
            return _sized_place(index.node, size)
    if not index.node.boolean:
        lowering.trace.must_not_vary(index.node, "an index", span)
    values = lowering.trace.decide_array(index.node)
    if index.node.boolean:
        if len(values) != size:
            raise errors.mask_length(len(values), str(size), span)
        return ("at", *(int(i) for i in np.flatnonzero(values)))
    return ("at", *(checked(float(v), size, span) for v in values))


def _slice(index: Rng, size: Any, span: Span) -> Any:
    """A range of places; an empty range is empty wherever it stands."""
    count = len(index.value)
    if not count:
        return (0, 0, 1)
    first = checked(index.value.start, size, span)
    last = checked(index.value.start + index.value.step * (count - 1), size, span)
    step = index.value.step
    if step != int(step):
        raise errors.index_not_whole(step, span)
    if step > 0:
        return (first, last + 1, int(step))
    return ("at", *range(first, last - 1, int(step)))


def _sized_slice(index: Slice, size: Any) -> Any:
    """A range of places whose ends are sizes. Raises `Undecided` where they may lie outside, but for what is counted back from a size."""
    first, beyond = least(index.start), least(size - index.stop)
    if first is None or (isinstance(index.start, int) and first < 1) or beyond is None or beyond < 0:
        raise Undecided(size_node(index.stop).node)
    return (index.start - 1, index.stop, 1)


def _sized_place(index: Node, size: Any) -> Any:
    """A place that is a size, as the last one is. Raises `Undecided` where it is none, or may lie behind the last."""
    place = dim_of(index)
    if place is None or least(place) is None or (beyond := least(size - place)) is None or beyond < 0:
        raise Undecided(index)
    return place - 1


# ---- indices that vary with an element of a comprehension or a loop --------------------------------


def read_at_elements(lowering: Lowering, target: Arr, indices: list[Low], spans: list[Span]) -> Low:
    """``x[i]``, ``A[i, j]``, ``A[:, i]``, ``x[i..i+2]``: one part for each element. Axes with fixed places are read first."""
    moving = [isinstance(i, Arr) and lowering.trace.elements.vary(i.node) for i in indices]
    fixed = tuple(
        None if m else _any_place(lowering, i, d, s) for m, i, d, s in zip(moving, indices, target.shape, spans, strict=True)
    )  # fmt: skip
    node = target.node if all(p is None for p in fixed) else ROWS["take"](target.node, params=(fixed,))
    trace = lowering.trace
    sizes = [d for m, d in zip(moving, target.shape, strict=True) if m]
    places = [_checked_places(lowering, i, d, s) for m, i, d, s in zip(moving, indices, target.shape, spans, strict=True) if m]
    if sum(moving) == target.rank == 2 and places[0] is places[1] and sizes[0] == sizes[1] and not places[0].rank:
        return Arr(ROWS["gather"](contract([target.node], ["ii"], "i"), places[0], params=(0,)))
    axes = [k for k, m in enumerate(m for m, p in zip(moving, fixed, strict=True) if not single(p)) if m]
    if len(places) > 1 and known(node.shape) and not any(p.rank for p in places):
        sure = [in_bounds(trace, place, size) for place, size in zip(places, sizes, strict=True)]
        if _together(trace, places) or (trace.elements.masks and not all(sure)):  # the elements that choose a branch lie on one axis, too
            places = [p if s else ROWS["inside"](p, params=(d,)) for p, s, d in zip(places, sure, sizes, strict=True)]
            return _as_it_was(_flat_read(node, axes, places), target)
    gone = 0
    for axis, place in zip(axes, places, strict=True):
        node = ROWS["gather"](front(node, axis - gone), place, params=(node.rank - 1,))
        if place.rank:
            node = back(node, axis - gone)
        gone += not place.rank
    return _as_it_was(node, target)


def _as_it_was(node: Node, target: Arr) -> Arr:
    """A part of a row is a row, where it is one at all."""
    return Arr(node, target.row and node.rank == 1)


def in_bounds(trace: Trace, places: Node, size: Any) -> bool:
    """Whether places, counted from 0, are known to be there whatever the element (and whatever a function is given)."""
    found = trace.always(places) if isinstance(size, int) else None
    return found is not None and bool(np.all((found >= 0) & (found < size) & (found == np.floor(found))))


def _together(trace: Trace, places: list[Node]) -> bool:
    """Whether places vary along the same axis, as in ``A[i, i]``, and in ``A[i, j]`` where all pairs lie on one."""
    elements = trace.elements.axes
    axes = {axis for axis in elements.values() if axis is not None}
    found = [{a for n in order([p]) if n in elements for a in (n, *(axis for axis in axes if n in axis.arrays))} for p in places]
    return any(a & b for k, a in enumerate(found) for b in found[k + 1 :])


def _flat_read(node: Node, axes: list[int], places: list[Node]) -> Node:
    """One read at tuples of places: the axes that are read are laid end to end."""
    rest = [k for k in range(node.rank) if k not in axes]
    sizes = [number(node.shape[k]) for k in axes]
    turned = contract([node], [range(node.rank)], (*axes, *rest))
    flat = ROWS["reshape"](turned, params=(node.rank, (prod(sizes), *(node.shape[k] for k in rest))))
    place = places[0]
    for size, inner in zip(sizes[1:], places[1:], strict=True):
        place = place * float(size) + inner
    return ROWS["gather"](flat, place, params=(len(rest),))


def _checked_places(lowering: Lowering, index: Low, size: Any, span: Span) -> Node:
    """Places counted from 0, checked where their values are known. Raises E-INDEX, and `CannotBatch` for a mask."""
    if not isinstance(index, Arr) or index.rank > 1 or (index.node.boolean and not index.rank):
        raise errors.bad_index_kind(words(index), span)
    if index.node.boolean:
        raise CannotBatch("a mask varies with the element")
    lowering.trace.must_not_vary(index.node, "an index", span)
    one = stretch(const(1.0), index.shape)
    values = lowering.trace.over(lowering.trace.elements.asked(index.node, one))
    if values is None and lowering.trace.elements.masks:
        values = lowering.trace.over(index.node)
    if values is not None:
        flat = np.ravel(values)
        wrong = ~((flat == np.floor(flat)) & (flat >= 1) & (flat <= size if isinstance(size, int) else True))
        if wrong.any():
            checked(float(flat[wrong][0]), size, span)
    return index.node - 1.0
