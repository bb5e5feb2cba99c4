"""Reading a vector at constant places that are evenly spaced, such as windows ``x[i..i+4]`` for every i, and adding up at them: views and slices, in
which nothing is looked up when the code runs."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.lib.stride_tricks import as_strided

from calclang.backends.python.interpret import evaluate
from calclang.ir.apply import INPUT
from calclang.ir.dim import known, number
from calclang.ir.node import Node, order
from calclang.ops.structure import gather, scatter
from calclang.record import record

FEW = 64  # slices that are added one after the other


@record
class Even:
    """Places ``start + step_0*i + step_1*j + …`` of a vector of ``size`` elements; ``counts``: how many there are along each axis."""

    start: int
    steps: tuple[int, ...]
    counts: tuple[int, ...]
    size: int


def evenly(node: Node) -> Even | None:
    """How the places of a read of a vector, or of its transpose, are spaced; None where they are not constant, not even, or not all there."""
    x, index = node.inputs
    size = number(x.shape[-1]) if node.op is gather else node.params[0]
    lead = x.rank - (1 if node.op is gather else index.rank)
    if node.params[-1] or lead or not index.rank or not _constant(index):
        return None
    places = np.asarray(evaluate([index], {})[0])
    if not places.size or places.min() < 0 or places.max() >= size:
        return None
    origin = places.flat[0]
    corner = (0,) * places.ndim
    steps = [float(places[(*corner[:k], 1, *corner[k + 1 :])] - origin) if count > 1 else 1.0 for k, count in enumerate(places.shape)]
    even = sum((step * grid for step, grid in zip(steps, np.ogrid[tuple(map(slice, places.shape))], strict=True)), origin)
    if not all(s == int(s) for s in (origin, *steps)) or not np.array_equal(np.broadcast_to(even, places.shape), places):
        return None
    made = Even(int(origin), tuple(map(int, steps)), places.shape, size)
    return made if node.op is gather or _slices(made) else None


def _constant(index: Node) -> bool:
    """Whether places depend on no input, and have a known number."""
    return all(n.op is not INPUT and n.op.name != "counting" and known(n.shape) for n in order([index]))


def _slices(even: Even) -> bool:
    """Whether places are few slices, each of which has no place twice."""
    return len(even.counts) <= 2 and min(even.steps) > 0 and (len(even.counts) == 1 or min(even.counts) <= FEW)


def read(x: Any, even: Even) -> Any:
    """The elements at these places: a view."""
    return as_strided(x[even.start :], even.counts, [step * x.strides[0] for step in even.steps], writeable=False)


def added(g: Any, even: Even) -> Any:
    """Each element added up at its place."""
    result = np.zeros(even.size)
    if len(even.counts) == 1:
        result[_slice(even.start, even.steps[0], even.counts[0])] = g
        return result
    long = int(np.argmax(even.counts))
    for k in range(even.counts[1 - long]):
        result[_slice(even.start + k * even.steps[1 - long], even.steps[long], even.counts[long])] += g.take(k, axis=1 - long)
    return result


def _slice(start: int, step: int, count: int) -> slice:
    """The slice of so many evenly spaced places."""
    return slice(start, start + step * (count - 1) + 1, step)


SPACED = {gather: read, scatter: added}
