"""The average of all elements. Its sum is made of smaller elements where it would be too large, for the average itself never is."""

from __future__ import annotations

from math import fsum, isfinite, ldexp, prod
from typing import Any

from calclang.ir.apply import const
from calclang.ir.dim import product
from calclang.ir.node import Node
from calclang.ops.base import Pattern, custom
from calclang.ops.contraction import contract


def _mean(xp: Any, x: Any, rank: int) -> Any:
    """The sum over the last axes, over their number; where the sum is not finite that of x over a power of two, which is exact."""
    axes = tuple(range(-rank, 0))
    n = prod(xp.shape(x)[-rank:])
    total = xp.sum(x, axis=axes)
    large = ~xp.isfinite(total)
    if not large.any():
        return total / n
    k = n.bit_length()
    return xp.where(large, xp.ldexp(xp.sum(xp.ldexp(x, -k), axis=axes) / n, k), total / n)


def mean_of_numbers(total: float, *xs: float) -> float:
    """The same for numbers whose sum is there already.

    >>> mean_of_numbers(1e308 + 1e308, 1e308, 1e308)
    1e+308
    """
    n = len(xs)
    if isfinite(total) or not all(map(isfinite, xs)):
        return total / n
    k = n.bit_length()
    return ldexp(fsum(ldexp(x, -k) for x in xs) / n, k)


def _sum_over_size(x: Node, y: Node, rank: int) -> Node:
    """As a person writes it."""
    return contract([x], [tuple(range(rank))], ()) / size(x)


def size(x: Node) -> Node:
    """How many elements there are: of a symbolic size the sum of as many ones."""
    known = product(x.shape)
    return const(float(known)) if isinstance(known, int) else contract([], [], (), {"n": known})


mean = custom(
    "mean",
    eval=_mean,
    pattern=lambda x, y, rank: Pattern((1.0 / size(x),), ((),), (), tuple(range(rank))),
    shape=lambda inputs, params: inputs[0].shape[: len(inputs[0].shape) - params[0]],
    facts={"formula": _sum_over_size, "series": _sum_over_size},
    doc="The average of all elements.",
    example="mean([1, 2, 6])",
)

__all__ = ["mean", "mean_of_numbers"]
