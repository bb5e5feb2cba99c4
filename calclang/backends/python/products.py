"""Contractions as BLAS calls: the order of a product is chosen once, from the sizes.

Two factors at a time, the cheapest pair first. Each step is a kernel: an elementwise product of views, a matrix product, or (with labels
that both share and keep) one einsum of two operands. Repeated output labels are placed on the diagonal at the very end.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import combinations
from math import prod
from typing import Any

import numpy as np

from calclang.backends.python.blocks import BLOCK
from calclang.ir.contract import Spec, sizes
from calclang.ir.dim import Shape, numbers

Labels = tuple[int, ...]
Step = Callable[[list[Any]], None]


def plan(spec: Spec, shapes: Sequence[Shape]) -> Callable[..., Any]:
    """A function of the factors' arrays that gives the contraction."""
    found = sizes(spec, shapes)
    size = dict(zip(found, numbers(tuple(found.values())), strict=True))
    coef = spec.coef * prod(size[l] for l, _ in spec.free if l not in spec.out)
    out = tuple(dict.fromkeys(spec.out))
    kept = tuple(l for l in out if any(l in ls for ls in spec.labels))
    steps: list[Step] = []
    labels: list[Labels] = []
    for number, ls in enumerate(spec.labels):
        labels.append(_reduce_alone(steps, number, ls, spec, kept))
    final = _pairs(steps, labels, kept, size)
    finish = _finish(final, kept, out, spec.out, size, coef)

    def run(*arrays: Any) -> Any:
        work = list(arrays)
        for step in steps:
            step(work)
        return finish(work)

    return run


def multiplications(spec: Spec, shapes: Sequence[Shape]) -> int:
    """How many multiplications the steps of a product take, the one by its coefficient too; of a lone factor the entries that are added up."""
    found = sizes(spec, shapes)
    size = dict(zip(found, numbers(tuple(found.values())), strict=True))
    kept = tuple(dict.fromkeys(l for l in spec.out if any(l in ls for ls in spec.labels)))
    labels = [_reduce_alone([], number, ls, spec, kept) for number, ls in enumerate(spec.labels)]
    count = sum(prod(size[l] for l in dict.fromkeys(ls)) for ls, left in zip(spec.labels, labels, strict=True) if set(ls) != set(left))
    alive = list(range(len(labels)))
    while len(alive) > 1:
        i, j = _cheapest(labels, alive, kept, size)
        count += prod(size[l] for l in set(labels[i]) | set(labels[j]))
        labels[i] = _joined(i, j, labels, alive, kept)
        alive.remove(j)
    return count + (prod(size[l] for l in kept) if labels and abs(spec.coef) != 1 else 0)


def _reduce_alone(steps: list[Step], number: int, ls: Labels, spec: Spec, kept: Labels) -> Labels:
    """Diagonals of one factor, and sums over labels that only it has."""
    others = {l for k, other in enumerate(spec.labels) if k != number for l in other}
    mine = tuple(dict.fromkeys(l for l in ls if l in others or l in kept))
    if mine == ls:
        return ls

    def step(work: list[Any]) -> None:
        work[number] = np.einsum(work[number], list(ls), list(mine))

    steps.append(step)
    return mine


def _pairs(steps: list[Step], labels: list[Labels], kept: Labels, size: dict[int, int]) -> tuple[int, Labels]:
    """Contract pair by pair; gives the place and the labels of what is left."""
    alive = list(range(len(labels)))
    while len(alive) > 1:
        i, j = _cheapest(labels, alive, kept, size)
        out = _joined(i, j, labels, alive, kept)
        steps.append(_kernel(i, j, labels[i], labels[j], out))
        labels[i] = out
        alive.remove(j)
    return (alive[0], labels[alive[0]]) if alive else (-1, ())


def _cheapest(labels: list[Labels], alive: list[int], kept: Labels, size: dict[int, int]) -> tuple[int, int]:
    """The two factors to multiply next."""
    return min(combinations(alive, 2), key=lambda p: _cost(p, labels, alive, kept, size))


def _joined(i: int, j: int, labels: list[Labels], alive: list[int], kept: Labels) -> Labels:
    """The labels of the product of two factors: those that are needed later."""
    rest = {l for k in alive if k not in (i, j) for l in labels[k]} | set(kept)
    return tuple(l for l in dict.fromkeys(labels[i] + labels[j]) if l in rest)


def _cost(pair: tuple[int, int], labels: list[Labels], alive: list[int], kept: Labels, size: dict[int, int]) -> tuple[int, int, int]:
    """Multiplications of a step; where equal, the smaller result first; then what sums along last axes, as memory lies."""
    i, j = pair
    rest = {l for k in alive if k not in pair for l in labels[k]} | set(kept)
    both = set(labels[i]) | set(labels[j])
    result = prod(size[l] for l in both if l in rest)
    across = sum(len(labels[k]) > 1 and labels[k][-1] in rest for k in pair)
    return prod(size[l] for l in both) + result - sum(prod(size[l] for l in labels[k]) for k in pair), result, across


def _kernel(i: int, j: int, a: Labels, b: Labels, out: Labels) -> Step:
    """One product of two arrays."""
    summed = [l for l in a if l in b and l not in out]
    shared = [l for l in a if l in b and l in out]
    if not summed:
        return _elementwise(i, j, a, b, out)
    if not shared:
        return _matrix(i, j, a, b, summed, out)

    def step(work: list[Any]) -> None:
        work[i] = np.einsum(work[i], list(a), work[j], list(b), list(out))

    return step


def _aligned(labels: Labels, out: Labels) -> tuple[tuple[int, ...], tuple[Any, ...]]:
    """Transposition and index that bring an array to the axes of ``out``, with axes of length one where it has none."""
    present = [l for l in out if l in labels]
    return tuple(labels.index(l) for l in present), tuple(slice(None) if l in labels else None for l in out)


def _elementwise(i: int, j: int, a: Labels, b: Labels, out: Labels) -> Step:
    (ta, ia), (tb, ib) = _aligned(a, out), _aligned(b, out)

    def step(work: list[Any]) -> None:
        x, y = work[i], work[j]
        work[i] = np.multiply(x.transpose(ta)[ia] if a else x, y.transpose(tb)[ib] if b else y)

    return step


def _matrix(i: int, j: int, a: Labels, b: Labels, summed: list[int], out: Labels) -> Step:
    """A matrix product over the summed labels; views where the axes lie well."""
    if len(a) <= 2 and len(b) <= 2 and len(summed) == 1:
        return _small_matrix(i, j, a, b, summed[0], out)
    axes = ([a.index(l) for l in summed], [b.index(l) for l in summed])
    found = tuple(l for l in a + b if l not in summed)
    turn = tuple(found.index(l) for l in out)

    def step(work: list[Any]) -> None:
        work[i] = np.tensordot(work[i], work[j], axes).transpose(turn)

    return step


def _small_matrix(i: int, j: int, a: Labels, b: Labels, s: int, out: Labels) -> Step:
    """Vectors and matrices: transposes are views."""
    if len(a) == len(b) == 1:
        return _vectors(i, j)
    flip_a, flip_b = len(a) == 2 and a[0] == s, len(b) == 2 and b[1] == s
    found = tuple(l for l in a + b if l != s)
    flip = len(out) == 2 and found != out

    def step(work: list[Any]) -> None:
        x, y = work[i], work[j]
        result = np.dot(x.T if flip_a else x, y.T if flip_b else y)
        work[i] = result.T if flip else result

    return step


def _vectors(i: int, j: int) -> Step:
    """A product of two vectors, in blocks too short for BLAS to wake its threads: on a busy machine those would stall it."""

    def step(work: list[Any]) -> None:
        x, y = work[i], work[j]
        total = np.dot(x[:BLOCK], y[:BLOCK])
        for k in range(BLOCK, len(x), BLOCK):
            total = total + np.dot(x[k : k + BLOCK], y[k : k + BLOCK])
        work[i] = total

    return step


def _finish(final: tuple[int, Labels], kept: Labels, out: Labels, full: Labels, size: dict[int, int], coef: float) -> Callable[[list[Any]], Any]:
    """Scale, order and stretch the axes, place diagonals."""
    place, labels = final
    turn = tuple(labels.index(l) for l in kept)
    plain = turn == tuple(range(len(turn)))
    shape = tuple(size[l] for l in out)
    index = tuple(slice(None) if l in kept else None for l in out)

    def finish(work: list[Any]) -> Any:
        body: Any = work[place] if place >= 0 else coef
        if place >= 0 and coef != 1:
            body = body * coef
        if not plain:
            body = body.transpose(turn)
        if kept != out:
            body = np.broadcast_to(np.asarray(body)[index], shape)
        if len(out) == len(full):
            return body
        result: Any = np.zeros(tuple(size[l] for l in full))
        np.einsum(result, list(full), list(out))[...] = body
        return result

    return finish
