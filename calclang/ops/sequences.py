"""Functions that follow the order of a vector's elements: sorting, running sums and products, the place of an extreme."""

from __future__ import annotations

from typing import Any

import numpy as np

from calclang.ir.apply import const
from calclang.ir.dim import Shape
from calclang.ir.node import Node
from calclang.ir.op import Kink, anywhere
from calclang.ops.base import Row, custom, linear
from calclang.ops.contraction import contract, zeros
from calclang.ops.namespaces import shows
from calclang.ops.series import Coefficient, Series, plus, times
from calclang.ops.stacks import accumulated, spread
from calclang.ops.structure import concat, put, take

TIE = "two elements are equal: sorting keeps their order, and the derivative is that of this order"

# ---- order ----

flip: Row = linear(
    "reverse",
    eval=lambda xp, x: x[..., ::-1],
    transpose=lambda k, g, x, y: flip(g),
    signature="(n)->(n)",
    doc="The elements of a vector, last one first.",
    example="reverse([1, 2, 3])",
)
order = custom(
    "order",
    eval=lambda xp, x: xp.argsort(x, axis=-1, kind="stable") + 0.0,
    pattern=(None,),
    signature="(n)->(n)",
    hidden=True,
    doc="The places, counted from 0, of the sorted elements of a vector; equal elements keep their order.",
)
arrange: Row = linear(
    "arrange",
    arity=2,
    eval=lambda xp, x, places: xp.take_along_axis(*xp.broadcast_arrays(x, spread(xp, places, 1, xp.ndim(x) - 1).astype(int)), axis=-1),
    transpose=lambda k, g, x, places, y: arrange(g, order(places)) if k == 0 else None,  # the order of an order is its inverse
    signature="(n),(n)->(n)",
    fixed=(1,),
    hidden=True,
    doc="The elements of a vector in the order that a list of all its places, counted from 0, says.",
)
sort = custom(
    "sort",
    eval=lambda xp, x: xp.sort(x, axis=-1),
    tangent=lambda dx, x, y: arrange(dx, order(x)),
    transpose=lambda g, x, y: arrange(g, order(order(x))),
    signature="(n)->(n)",
    kinks=(Kink(lambda x: np.any(np.diff(np.sort(x)) == 0, axis=-1), TIE),),
    hides_nan=True,  # among the last elements, which may not be read
    doc="The elements of a vector in ascending order; equal elements keep their order.",
    example="sort([3, 1, 2])",
)


def _extreme(name: str, which: str, find: str) -> Row:
    """The place of an extreme element, counted from 1; of equal ones the first."""
    says = f"{name} is a whole number, which stands still or jumps; its derivative is given as 0"
    return custom(
        name,
        eval=lambda xp, x: getattr(xp, find)(x, axis=-1) + 1.0,
        pattern=(None,),
        signature="(n)->()",
        kinks=(Kink(anywhere, says),),
        hides_nan=True,
        doc=f"The place of the {which} element of a vector; of equal ones the first.",
        example=f"{name}([3, 7, 1])",
    )


argmax = _extreme("argmax", "largest", "argmax")
argmin = _extreme("argmin", "smallest", "argmin")

# ---- running sums and products ----

cumsum: Row = linear(
    "cumsum",
    eval=lambda xp, x: accumulated(xp, "sum", x),
    transpose=lambda k, g, x, y: flip(cumsum(flip(g))),
    facts={"running": True},
    signature="(n)->(n)",
    doc="The running sums of the elements of a vector.",
    example="cumsum([1, 2, 3])",
)


def _diff_shape(inputs: tuple[Node, ...], params: tuple[Any, ...]) -> Shape:
    (x,) = inputs
    n = x.shape[-1]
    return (*x.shape[:-1], max(n - 1, 0) if isinstance(n, int) else n - 1)


def _diff_sent(k: int, g: Node, x: Node, y: Node) -> Node:
    """Each element stands in one difference with a plus and in the next with a minus."""
    end = zeros((*g.shape[:-1], 1))
    if x.shape[-1] in (0, 1):
        return zeros(g.shape[:-1] + x.shape[-1:])
    return concat(end, g, params=(1,)) - concat(g, end, params=(1,))


diff: Row = linear(
    "diff",
    eval=lambda xp, x: x[..., 1:] - x[..., :-1],
    transpose=_diff_sent,
    shape=_diff_shape,
    doc="The differences of neighbouring elements of a vector.",
    example="diff([1, 4, 9])",
)


def _follow(xp: Any, a: Any, b: Any) -> Any:
    """Element by element, because a product of many a may overflow where the result does not."""
    lead = max(xp.ndim(a), xp.ndim(b)) - 1
    a, b = spread(xp, a, 1, lead), spread(xp, b, 1, lead)
    shape = np.broadcast_shapes(xp.shape(a), xp.shape(b))
    a, b = xp.broadcast_to(a, shape), xp.broadcast_to(b, shape)
    if len(shape) == 1 and shows(xp):
        return np.array(_follow_numbers(a.tolist(), b.tolist()))
    made: list[Any] = []
    for j in range(shape[-1]):
        made.append(b[..., j] + (a[..., j] * made[-1] if made else 0.0))
    return xp.stack(made, axis=-1) if made else b


def _follow_numbers(a: list[float], b: list[float]) -> list[float]:
    """The same of two vectors: Python's numbers are some twenty times as fast as those of an array."""
    made = [term + 0.0 for term in b[:1]]
    for factor, term in zip(a[1:], b[1:], strict=True):
        made.append(term + factor * made[-1])
    return made


def _later(xp: Any, x: Any) -> Any:
    return xp.concatenate([xp.zeros_like(x[..., :1]), x[..., :-1]], axis=-1)


later: Row = linear(
    "later",
    eval=_later,
    transpose=lambda k, g, x, y: _earlier(g),
    signature="(n)->(n)",
    hidden=True,
    doc="The elements of a vector moved up by one place, with 0 in the first place; what falls off the end is gone.",
)


def _earlier(x: Node) -> Node:
    """The elements moved down by one place, with 0 in the last place."""
    return flip(later(flip(x)))


def _by_factors(da: Node, a: Node, b: Node, t: Node) -> Node:
    """dt_j = a_j dt_(j-1) + t_(j-1) da_j."""
    extra = [f"e{i}" for i in range(da.rank - 1)]
    lead = [f"l{i}" for i in range(t.rank - 1)]
    return follow(a, contract([da, later(t)], [[*extra, "i"], [*lead, "i"]], [*extra, *lead, "i"]))


def _send_terms(g: Node, a: Node, b: Node, t: Node) -> Node:
    """The same recurrence from the other end."""
    return flip(follow(flip(_earlier(a)), flip(g)))


def _send_factors(g: Node, a: Node, b: Node, t: Node) -> Node:
    lead = [f"l{i}" for i in range(t.rank - 1)]
    extra = [f"e{i}" for i in range(g.rank - t.rank)]
    return contract([_send_terms(g, a, b, t), later(t)], [[*extra, *lead, "i"], [*lead, "i"]], [*extra, "i"])


def _follow_taylor(factors: Series, terms: Series, k: int, ts: Series) -> Coefficient:
    """Coefficient k of t: the same recurrence, in which the terms sum_(i>=1) a_i t_(k-i) are known."""
    total = terms[k]
    for i in range(1, k + 1):
        t = ts[k - i]
        total = plus(total, times(factors[i], None if t is None else later(t)))
    return total if total is None or factors[0] is None else follow(factors[0], total)


follow: Row = custom(
    "follow",
    eval=_follow,
    tangent=(_by_factors, lambda db, a, b, t: follow(a, db)),
    transpose=(_send_factors, _send_terms),
    taylor=_follow_taylor,
    signature="(n),(n)->(n)",
    reliable=False,
    hidden=True,
    doc="The recurrence t_j = a_j t_(j-1) + b_j from t_0 = 0.",
)


def _products_before(y: Node) -> Node:
    """The product of all elements before each: 1 for the first."""
    return later(y) if y.shape == (0,) else later(y) + put(const(1.0), params=((0,), y.shape))


def _product_change(dx: Node, x: Node, y: Node) -> Node:
    """The product rule, dy_j = x_j dy_(j-1) + y_(j-1) dx_j: nothing is divided, so that zeros do no harm."""
    extra = [f"e{i}" for i in range(dx.rank - 1)]
    return follow(x, contract([dx, _products_before(y)], [[*extra, "i"], ["i"]], [*extra, "i"]))


def _product_sent(g: Node, x: Node, y: Node) -> Node:
    extra = [f"e{i}" for i in range(g.rank - 1)]
    return contract([flip(follow(flip(_earlier(x)), flip(g))), _products_before(y)], [[*extra, "i"], ["i"]], [*extra, "i"])


def _only_first(x: Node) -> Node:
    """The first element, followed by zeros."""
    return x if x.shape == (0,) else put(take(x, params=((0,),)), params=((0,), x.shape))


cumprod = custom(
    "cumprod",
    eval=lambda xp, x: accumulated(xp, "prod", x),
    tangent=_product_change,
    transpose=_product_sent,
    facts={"series": lambda x, y: follow(x, _only_first(x)), "running": True},
    signature="(n)->(n)",
    doc="The running products of the elements of a vector.",
    example="cumprod([2, 3, 4])",
)

__all__ = ["argmax", "argmin", "cumprod", "cumsum", "diff", "flip", "follow", "later", "order", "sort"]
