"""Functions of a whole vector: norms, and the product of its elements. (Powers of a length: ``ops/lengths.py``.)"""

from __future__ import annotations

from itertools import accumulate
from typing import Any

import numpy as np

from calclang.ir.dim import Shape
from calclang.ir.node import Node
from calclang.ir.op import Kink
from calclang.ops.arithmetic import mul, power
from calclang.ops.base import Pattern, Row, custom, fn
from calclang.ops.choice import largest
from calclang.ops.contraction import contract, stretch, without
from calclang.ops.domains import REAL
from calclang.ops.namespaces import shows
from calclang.ops.planar import unit
from calclang.ops.rounding import absolute, sign
from calclang.ops.signs import even
from calclang.ops.stacks import accumulated
from calclang.ops.structure import stack, take

MOST = 64  # elements whose products but one have a series of their own
SAFE = 1e-280, 1e300  # sums of squares between which none overflowed, and those that vanished do not count
CORNER = "the norm has a corner at the zero vector; the gradient given there is 0"

# ---- norms ----


def length(xp: Any, x: Any, p: float = 1.0) -> Any:
    """Power p of the Euclidean length over the last axis."""
    squares = xp.sum(x * x, axis=-1)
    y = squares if p == 2 else raised(xp, xp.sqrt(squares), p)
    safe = (squares > SAFE[0]) & (squares < SAFE[1])
    if not shows(xp):
        return xp.where(safe, y, raised(xp, _scaled_length(xp, x), p))
    if np.all(safe):
        return y
    y = np.asarray(y)
    y[~safe] = raised(xp, _scaled_length(xp, x[~safe]), p)
    return y[()]


def _scaled_length(xp: Any, x: Any) -> Any:
    """The length of x scaled by an exact power of two, so that no square overflows or vanishes."""
    _, e = xp.frexp(xp.max(abs(x), axis=-1, initial=0.0))
    scaled = xp.ldexp(x, -e[..., None])
    return xp.ldexp(xp.sqrt(xp.sum(scaled * scaled, axis=-1)), e)


def raised(xp: Any, y: Any, p: float) -> Any:
    return y if p == 1 else y * y if p == 2 else xp.power(y, p)


def _frobenius(xp: Any, x: Any, p: float = 1.0) -> Any:
    return length(xp, xp.reshape(x, (*xp.shape(x)[:-2], -1)), p)


def _length_back(g: Node, x: Node, y: Node) -> Node:
    """The cotangent g * x/y of a length y. Where g has y as a factor, as behind ``norm(x)*norm(x)``, nothing is divided."""
    rest = without(g, y)
    lead, own = [f"outs {i}" for i in range(g.rank)], [f"x {i}" for i in range(x.rank)]
    factors = (g, unit(x, y)) if rest is None else (rest, x)
    return contract(factors, [lead, own], [*lead, *own])


norm = custom(
    "norm",
    eval=length,
    pattern=lambda x, y: Pattern((unit(x, y),), ("i",), "", "i"),
    transpose=_length_back,
    signature="(n)->()",
    shortcut=even("norm"),
    kinks=(Kink(lambda x: ~np.any(x, axis=-1), CORNER, corner=True),),
    doc="Euclidean length of a vector.",
    example="norm([3, 4])",
)
frobenius = custom(
    "frobenius",
    eval=_frobenius,
    pattern=lambda x, y: Pattern((unit(x, y),), ("ij",), "", "ij"),
    transpose=_length_back,
    signature="(m,n)->()",
    shortcut=even("frobenius"),
    kinks=(Kink(lambda x: ~np.any(x, axis=(-2, -1)), CORNER, corner=True),),
    show="norm({})",
    hidden=True,
    doc="Root of the sum of the squares of all elements of a matrix.",
)


def p_norm(x: Node, p: float) -> Node:
    """The p-norm of a vector for a number p >= 1, infinity among them.

    >>> from calclang.ir.apply import input_node
    >>> from calclang.ir.node import Symbol
    >>> x = input_node(Symbol("x"), (3,))
    >>> p_norm(x, 1.0).shape, p_norm(x, 2.0) is norm(x)
    ((), True)
    """
    if p == 2:
        return norm(x)
    if p == float("inf"):
        return largest(absolute(x))
    if p == 1:
        return contract([absolute(x)], ["i"], "")
    return general_norm(x, params=(float(p),))


def _general_norm(xp: Any, x: Any, p: float) -> Any:
    """The root of the sum of the p-th powers of x over its largest element, so that none overflows or vanishes."""
    top = xp.max(abs(x), axis=-1, initial=0.0)
    size = xp.where((top == 0) | xp.isinf(top), 1.0, top)
    total = xp.sum(xp.power(abs(x) / size[..., None], p), axis=-1)
    return xp.where(xp.isinf(top), top, size * xp.power(total, 1 / p))


def _part_power(xp: Any, x: Any, r: Any, q: float, odd: bool) -> Any:
    nothing = r == 0
    value = xp.power(abs(x) / xp.where(nothing, 1.0, r), q)
    return xp.where(nothing, 0.0 * x, xp.sign(x) * value if odd else value)


def _part_power_formula(x: Node, r: Node, z: Node, q: float, odd: bool) -> Node:
    """As a person writes it: from q = 1 on without a sign."""
    share = absolute(x) / r
    if not odd:
        return power(share, params=(q,))
    return mul(sign(x), power(share, params=(q,))) if q < 1 else mul(x / r, power(share, params=(q - 1,)))


part_power: Row = fn(
    "part_power",
    eval=_part_power,
    d=(
        lambda x, r, z, q, odd: 0.0 if q == 0 else q * part_power(x, r, params=(q - 1, not odd)) / r,
        lambda x, r, z, q, odd: 0.0 if q == 0 else -q * (z / r),
    ),
    domain=(REAL, REAL),
    reliable=False,
    hidden=True,
    kinks=(Kink(lambda x, r, q, odd: (x == 0) & (0 < q <= 1) & (q < 1 or not odd), "a p-norm has no second derivative where an element is 0"),),
    facts={"formula": _part_power_formula},
    doc="(|x|/r)^q, with the sign of x if odd, and 0 where r is 0: the slope of a p-norm r.",
)


def _general_slope(x: Node, y: Node, p: float) -> Pattern:
    """sign(x) (|x|/y)^(p-1), at the zero vector the smallest slope."""
    return Pattern((part_power(x, stretch(y, x.shape), params=(p - 1, True)),), ("i",), "", "i")


general_norm = custom(
    "general_norm",
    eval=_general_norm,
    pattern=_general_slope,
    signature="(n)->()",
    shortcut=even("general_norm"),
    kinks=(Kink(lambda x, p: ~np.any(x, axis=-1), CORNER, corner=True),),
    show="norm({})",
    hidden=True,
    doc="The p-norm of a vector for a number p > 1.",
)


# ---- products ----


def products_without(xp: Any, x: Any, k: int) -> Any:
    """Products of all elements but k distinct ones: one of them set to 1, the rest by the same with k - 1."""
    if k == 0:
        return xp.prod(x, axis=-1)
    n = xp.shape(x)[-1]
    if k == 1:
        return _before(xp, x) * _before(xp, x[..., ::-1])[..., ::-1]
    inner = products_without(xp, xp.where(xp.eye(n) != 0, 1.0, x[..., None, :]), k - 1)
    place = xp.arange(n)
    for axis in range(k - 1):
        first = xp.reshape(place, (n, *(1,) * (k - 1)))
        other = xp.reshape(place, (*(1,) * (k - 2 - axis), n, *(1,) * axis))
        inner = xp.where(first == other, 0.0, inner)
    return inner


def _before(xp: Any, x: Any) -> Any:
    """The product of all elements before each."""
    return xp.concatenate([xp.ones_like(x[..., :1]), accumulated(xp, "prod", x[..., :-1])], axis=-1)


def _coprod_shape(inputs: tuple[Node, ...], params: tuple[Any, ...]) -> Shape:
    shape, k = inputs[0].shape, int(params[0])
    return shape[:-1] + shape[-1:] * k


def _coprod_pattern(x: Node, y: Node, k: int = 0) -> Pattern | tuple[Pattern, ...]:
    """The same with one element more left out; nothing once there are no elements left."""
    places = tuple(range(k))
    if isinstance(n := x.shape[-1], int) and k >= n:
        return ()
    return Pattern((coprod(x, params=(k + 1,)),), ((*places, k),), places, (k,))


def _prod_series(x: Node, y: Node) -> Node | None:
    """The same by multiplying halves element by element, for a series: an element is a slice, so no n is too large."""
    rest: list[Node] = []
    while isinstance(n := x.shape[-1], int) and n > 1:
        if n % 2:
            rest.append(take(x, params=((n - 1,),)))
        half = n // 2
        x = mul(take(x, params=(((0, half, 1),),)), take(x, params=(((half, 2 * half, 1),),)))
    if x.shape[-1] != 1:
        return None
    total = take(x, params=((0,),))
    for part in rest:
        total = mul(total, part)
    return total


def _coprod_series(x: Node, y: Node, k: int) -> Node | None:
    """Of all products but one: those of the elements before, times those after."""
    n = x.shape[-1]
    if k != 1 or not isinstance(n, int) or not 2 <= n <= MOST:
        return None
    parts = [take(x, params=((i,),)) for i in range(n)]
    before, after = list(accumulate(parts, mul)), list(accumulate(reversed(parts), mul))[::-1]
    return stack(after[1], *(mul(before[i - 1], after[i + 1]) for i in range(1, n - 1)), before[-2], params=(0,))


prod = custom(
    "prod",
    eval=lambda xp, x: xp.prod(x, axis=-1),
    pattern=_coprod_pattern,
    signature="(n)->()",
    facts={"series": _prod_series},
    doc="Product of the elements of a vector.",
    example="prod([2, 3, 4])",
)
coprod = custom(
    "coprod",
    eval=products_without,
    pattern=_coprod_pattern,
    shape=_coprod_shape,
    hidden=True,
    facts={"series": _coprod_series},
    doc="All products of the elements of a vector but k distinct ones, as an array of rank k that is 0 where two places agree.",
)

__all__ = ["coprod", "frobenius", "general_norm", "length", "norm", "p_norm", "prod", "products_without", "raised"]
