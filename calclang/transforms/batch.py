"""One graph for all elements: a body traced once with a symbolic element becomes array operations with one more leading axis.

Each rule follows from what the rows promise: extra axes lead. What depends on no element stays as it is, and is stretched only where a
row needs arguments of one shape.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from calclang.ir.apply import const, input_node
from calclang.ir.budget import here, set_here
from calclang.ir.dim import Dim, least, symbol
from calclang.ir.node import Node, Symbol, depends_on, order, span_of
from calclang.ops.base import again
from calclang.ops.choice import select
from calclang.ops.contraction import CONTRACT, contract, stretch
from calclang.ops.control import Body, Choice, choose, loop, turns
from calclang.ops.counting import counted
from calclang.ops.parts import part
from calclang.ops.structure import gather, reshape, scatter, take
from calclang.transforms.loops import loop_batch

MANY = symbol("many at once")  # elements of code that runs: however many there are, it is the same; no program has such a name of a size


class CannotBatch(Exception):
    """A row that has no batched form."""


def batch(outputs: Sequence[Node], elements: Mapping[Node, Node], size: Dim) -> list[Node]:
    """``outputs`` for every element at once: ``(size,) ++ shape``. ``elements`` gives for each element node the array of all of them.

    An output that depends on no element stays without the new axis; each operation keeps its place in the source. Raises `CannotBatch`.
    """
    done: dict[Node, Node] = dict(elements)
    touched = depends_on(outputs, elements)
    whole = _read_alone(outputs) & touched if isinstance(size, int) else set()
    at = here()
    try:
        for node in order(outputs):
            if node in touched and node not in done and node not in whole:
                set_here(span_of(node))
                below = node.inputs[0] if node.op is part and node.inputs[0] in whole else node
                xs, moved = [done.get(i, i) for i in below.inputs], [i in touched for i in below.inputs]
                done[node] = _batched(node, xs, moved, size) if below is node else _each(node, below, xs, moved, size)
    finally:
        set_here(at)
    return [done.get(o, o) for o in outputs]


def _read_alone(outputs: Sequence[Node]) -> set[Node]:
    """Operations with several results of which one alone is read: reading goes with them, so that the derivatives of the others do not count."""
    nodes = order(outputs)
    readers: dict[Node, list[Node]] = {}
    for node in nodes:
        for i in node.inputs:
            readers.setdefault(i, []).append(node)
    several = [n for n in nodes if n.op.kind == "custom" and "layout" in n.op.facts and n not in outputs]
    return {n for n in several if len(readers[n]) == 1 and readers[n][0].op is part}


def lead(x: Node, size: Dim) -> Node:
    """x once for every element: ``(size,) ++ shape(x)``."""
    axes = tuple(range(x.rank))
    return contract([x], [axes], ("lead", *axes), {"lead": size})


def _batched(node: Node, xs: list[Node], moved: list[bool], size: Dim) -> Node:
    """One operation; ``moved`` says which arguments have the new axis."""
    op = node.op
    if op is CONTRACT:
        return _contraction(node, xs, moved)
    if op is gather:
        return _gather(node, xs, moved, size)
    if op is scatter:
        return _scatter(node, xs, moved, size)
    if op is choose:
        return _choose(node, xs, moved, size)
    if op is loop and isinstance(size, int):
        return loop_batch(node, xs, moved, size)
    if op is turns and isinstance(size, int) and not node.params[0].moved:
        return turns(*xs, params=(replace(node.params[0], moved=tuple(moved)),))
    if op.kind == "custom" and isinstance(size, int):
        return _each(node, node, xs, moved, size)
    if op.kind not in ("fn", "linear") and not (op.kind == "custom" and size == MANY):
        raise CannotBatch(op.name)
    if op.kind == "fn" and (known := _known(node, xs, moved)) is not None:
        return known
    full = [x if m else lead(x, size) for x, m in zip(xs, moved, strict=True)]
    if op is select:
        full[0] = _spread(full[0], node)
    return again(node, full)


def _spread(mask: Node, node: Node) -> Node:
    """A mask of some axes of a choice as one of all its axes: the new axis leads, so the others must stand between."""
    missing = {("choice", k): d for k, d in enumerate(node.shape[: node.rank - mask.rank + 1])}
    axes = tuple(range(mask.rank))
    return contract([mask], [axes], (0, *missing, *axes[1:]), missing) if missing else mask


def _known(node: Node, xs: list[Node], moved: list[bool]) -> Node | None:
    """The constant that an operation on constant elements gives: places to read at are known so."""
    if any(x.value is None or not m and x.rank for x, m in zip(xs, moved, strict=True)):
        return None
    with np.errstate(all="ignore"):
        try:
            value = node.op.eval(np, *(x.value for x in xs), *node.params)
        except IndexError:  # elements that perhaps no branch chooses
            return None
    return const(value) if np.isfinite(value).all() else None


def _contraction(node: Node, xs: list[Node], moved: list[bool]) -> Node:
    """The new axis has one label, in every factor that has it and in the result."""
    spec = node.params[0]
    labels = [("lead", *ls) if m else ls for ls, m in zip(spec.labels, moved, strict=True)]
    return contract(xs, labels, ("lead", *spec.out), dict(spec.free), spec.coef)


def _gather(node: Node, xs: list[Node], moved: list[bool], size: Dim) -> Node:
    """Reading at places that vary: a slice where the places are evenly spaced, else by a list."""
    (x, places), rest = xs, node.params[0]
    if not moved[1]:
        return gather(x, places, params=(rest,))
    if moved[0]:
        if x.rank - rest > 2 or not isinstance(size, int):
            raise CannotBatch("gather")
        return gather(_joined(x, rest), _shifted(places, x.shape[1], size), params=(rest,))
    if (found := _spaced(places, x.shape[x.rank - 1 - rest])) is not None:
        return _leading(take(x, params=((found, *(None,) * rest),)), rest)
    return _leading(gather(x, places, params=(rest,)), rest + places.rank - 1)


def _leading(x: Node, after: int) -> Node:
    """The axis that ``after`` others follow, in front."""
    axes = tuple(range(x.rank))
    at = x.rank - 1 - after
    return contract([x], [axes], (at, *axes[:at], *axes[at + 1 :]))


def _spaced(places: Node, length: Dim) -> tuple[Dim, Dim, int] | None:
    """The slice of an axis that a list of places is, constant or between sizes, if it is one and there."""
    if (found := counted(places)) is not None:
        first, stop = found[0], found[0] + found[1]
        inside = (least(first), least(length - stop))
        return (first, stop, 1) if all(room is not None and room >= 0 for room in inside) else None
    values = places.value
    if values is None or values.ndim != 1 or not values.size:
        return None
    first, step = values[0], values[1] - values[0] if values.size > 1 else 1.0
    if step < 1 or first < 0 or isinstance(length, int) and values[-1] >= length:
        return None
    if not np.array_equal(values, first + step * np.arange(values.size)):
        return None
    return int(first), int(values[-1]) + 1, int(step)


def _joined(x: Node, rest: int) -> Node:
    """``(size, n) ++ …`` as one axis of all its rows."""
    return reshape(x, params=(rest + 2, (x.shape[0] * x.shape[1], *x.shape[2:])))


def _shifted(places: Node, length: Any, size: int) -> Node:
    """Places in axis after axis of ``length``, laid end to end."""
    first = const(np.arange(size) * float(length))
    inner = {k: places.shape[k] for k in range(1, places.rank)}
    return places + contract([first], [(0,)], (0, *inner), inner)


def _scatter(node: Node, xs: list[Node], moved: list[bool], size: Dim) -> Node:
    """Adding at places that vary, each element into an array of its own."""
    (g, places), (length, rest) = xs, node.params
    if not moved[1]:
        return scatter(g, places, params=node.params)
    if g.rank - rest - node.inputs[1].rank - moved[0] or not isinstance(size, int):
        raise CannotBatch("scatter")
    full = g if moved[0] else lead(g, size)
    made = scatter(full, _shifted(places, length, size), params=(size * length, rest))
    return reshape(made, params=(rest + 1, (size, length, *made.shape[1:])))


def _each(node: Node, below: Node, xs: list[Node], moved: list[bool], size: Dim) -> Node:
    """A row on arrays as the body of a choice that all elements make alike: its derivative is that of the row for one element. (``below`` is
    the row, and ``node`` itself or the one result of it that is read.)

    (In code that runs nothing differentiates any more: there the row itself takes all elements at once.)
    """
    inputs = tuple(input_node(Symbol("each" if m else "shared"), i.shape) for i, m in zip(below.inputs, moved, strict=True))
    made = again(below, inputs)
    body = Body(inputs, (made if below is node else part(made, params=node.params),))
    everyone = contract([const(True)], [()], (0,), {0: size})
    return choose(everyone, *xs, params=(Choice(body, body, tuple(0 if m else None for m in moved), 0),))


def _choose(node: Node, xs: list[Node], moved: list[bool], size: Dim) -> Node:
    """One value per element; a sum over elements (``out`` is None) is one for each of the new elements."""
    choice: Choice = node.params[0]
    inside = node.inputs[0].rank if choice.out is None else 0
    made = _chosen(node, xs, moved, size, choice.out or 0)
    made = _leading(made, made.rank - 1 - (choice.out or 0))
    axes = tuple(range(made.rank))
    return contract([made], [axes], (0, *axes[1 + inside :]))


def _chosen(node: Node, xs: list[Node], moved: list[bool], size: Dim, out: int | None) -> Node:
    """The choice with a mask that has the new axis first of all, as has every input that varies."""
    choice: Choice = node.params[0]
    mask = xs[0] if moved[0] else lead(xs[0], size)
    inputs, places = [], []
    for x, m, place in zip(xs[1:], moved[1:], choice.places, strict=True):
        if m and place is None:  # shared by the elements so far, but not by the new ones
            axes = tuple(range(x.rank))
            inner = {("mask", k): d for k, d in enumerate(node.inputs[0].shape)}
            x, place = contract([x], [axes], (0, *inner, *axes[1:]), inner), 0
        elif not m and not node.inputs[0].rank:  # the choice was that of one element, and all of the new ones share this
            place = None
        elif place is not None:
            x = _behind(x if m else lead(x, size), place)
        inputs.append(x)
        places.append(place)
    return choose(mask, *inputs, params=(replace(choice, places=tuple(places), out=out),))


def _behind(x: Node, place: int) -> Node:
    """The first axis moved behind ``place`` others."""
    axes = tuple(range(x.rank))
    return contract([x], [axes], (*axes[1 : place + 1], 0, *axes[place + 1 :]))


# ---- sums over all elements ---------------------------------------------------------------------------


def _linear_in_what_varies(node: Node, touched: set[Node]) -> bool:
    """Whether the sum of a node over all elements is the node of a sum: of one factor of a contraction, or of the only argument of a linear row
    that is no place."""
    varying = [k for k, i in enumerate(node.inputs) if i in touched]
    if len(varying) != 1 or varying[0] in node.op.fixed:
        return False
    return node.op is CONTRACT or (node.op.kind == "linear" and len(node.inputs) == 1 + len(node.op.fixed))


def batch_total(output: Node, elements: Mapping[Node, Node], size: Dim) -> Node:
    """The sum of ``output`` over all elements: what each element adds into an array goes there directly. Raises `CannotBatch`."""
    touched = depends_on([output], elements)
    if output not in touched:
        axes = tuple(range(output.rank))
        return contract([output], [axes], axes, {"lead": size})
    if output.op.name == "add":
        return batch_total(output.inputs[0], elements, size) + batch_total(output.inputs[1], elements, size)
    if output.op is scatter and output.inputs[1] in touched:
        g, places = batch(output.inputs, elements, size)
        rest = output.params[1]
        extra = output.inputs[0].rank - rest - output.inputs[1].rank
        g = g if output.inputs[0] in touched else lead(g, size)
        return scatter(_behind(g, extra), places, params=output.params)
    if _linear_in_what_varies(output, touched):
        return again(output, [batch_total(i, elements, size) if i in touched else i for i in output.inputs])
    if output.op is choose and (output.params[0].out is None or not output.inputs[0].rank):
        moved = [i in touched for i in output.inputs]
        return _chosen(output, batch(output.inputs, elements, size), moved, size, None)
    (made,) = batch([output], elements, size)
    axes = tuple(range(made.rank))
    return contract([made], [axes], axes[1:])


__all__ = ["MANY", "CannotBatch", "batch", "batch_total", "lead", "stretch"]
