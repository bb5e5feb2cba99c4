"""The determinant, and its derivatives of every order right at singular matrices too.

D^(m+1) det(X)[E0, …, Em] is symmetric in its directions. In the bases of the singular value decomposition X = U S V' it is
``det(U) det(V) sum_t sgn(t) sum_p c[p0…pm] prod_i E~_i[p_i, p_t(i)]``, t over the permutations, c the products of all singular values
but m + 1 distinct ones (0 where two places agree), E~ = U' E V. Nothing is divided.
"""

from __future__ import annotations

from itertools import permutations
from typing import Any

import numpy as np

from calclang import errors
from calclang.ir.apply import const
from calclang.ir.budget import budget, here
from calclang.ir.dim import Shape
from calclang.ir.node import Node
from calclang.ir.signature import infer
from calclang.ops.base import Pattern, custom
from calclang.ops.contraction import contract, mul, zeros
from calclang.ops.linear_algebra import inv
from calclang.ops.stacks import spread
from calclang.ops.structure import take
from calclang.ops.vectors import products_without

SMALL = 8  # up to this size a series of the determinant is built without division, hence right at singular matrices


def _sign(order: tuple[int, ...]) -> int:
    return -1 if sum(a > b for i, a in enumerate(order) for b in order[i + 1 :]) % 2 else 1


def _change_eval(xp: Any, x: Any, *directions: Any) -> Any:
    """The matrix M with ``sum(M .* E0) = D det(X)[E0, directions]``; directions have the same leading axes."""
    m, n = len(directions) + 1, xp.shape(x)[-1]
    lead = max(map(xp.ndim, (x, *directions))) - 2
    x, directions = spread(xp, x, 2, lead), tuple(spread(xp, e, 2, lead) for e in directions)
    if n <= 3 and m > 1:
        return _small_change(xp, n, x, directions)
    u, s, vt = xp.linalg.svd(x)
    turned = [xp.einsum("...ip,...ij,...qj->...pq", u, e, vt) for e in directions]
    c = products_without(xp, s, m)
    total: Any = 0.0
    for order in permutations(range(m)):
        total = total + _sign(order) * _term(xp, c, turned, order)
    handed = (xp.linalg.det(u) * xp.linalg.det(vt))[..., None, None]
    return handed * xp.einsum("...ip,...pq,...qj->...ij", u, total, vt)


def _term(xp: Any, c: Any, turned: list[Any], order: tuple[int, ...]) -> Any:
    """One permutation: place i carries label i; the first direction is left open, as (place 0, place order[0])."""
    operands = [c, [..., *range(len(order))]]
    for i, e in enumerate(turned, start=1):
        operands += [e, [..., i, order[i]]]
    if order[0] != 0:
        return xp.einsum(*operands, [..., 0, order[0]])
    row = xp.einsum(*operands, [..., 0])
    return row[..., None] * xp.eye(xp.shape(row)[-1])


def _two_by_two(xp: Any, x: Any) -> Any:
    return xp.stack([xp.stack([x[..., 1, 1], 0.0 - x[..., 1, 0]], -1), xp.stack([0.0 - x[..., 0, 1], x[..., 0, 0]], -1)], -2)


def _three_by_three(xp: Any, x: Any, y: Any) -> Any:
    """Cross products of a row of x with the next of y; of x with itself the cofactors."""
    return xp.stack([xp.cross(x[..., (i + 1) % 3, :], y[..., (i + 2) % 3, :]) for i in range(3)], -2)


def _small_change(xp: Any, n: int, x: Any, directions: tuple[Any, ...]) -> Any:
    """Up to 3 by 3 the cofactors are a form of degree n - 1: exact products, no decomposition."""
    parts = [x] * (n - 1 - len(directions)) + list(directions)
    if len(parts) > n - 1:
        return xp.zeros_like(directions[0])
    return _two_by_two(xp, parts[0]) if n == 2 else _three_by_three(xp, *parts) + _three_by_three(xp, *reversed(parts))


def _cofactor_eval(xp: Any, x: Any) -> Any:
    """Exact products up to 2 by 2, cross products for 3 by 3, else by singular values."""
    n = xp.shape(x)[-1]
    if n == 1:
        return xp.ones_like(x)
    if n == 2:
        return _two_by_two(xp, x)
    if n == 3:
        return _three_by_three(xp, x, x)
    return _change_eval(xp, x)


def _spread(e: Node, before: tuple[Any, ...], after: tuple[Any, ...]) -> Node:
    """A stack of matrices ``lead ++ (n, n)`` repeated over further leading axes on either side."""
    lead = list(range(e.rank))
    left, right = [("b", i) for i in range(len(before))], [("a", i) for i in range(len(after))]
    free = dict(zip(left, before, strict=True)) | dict(zip(right, after, strict=True))
    return contract([e], [lead], [*left, *lead[:-2], *right, *lead[-2:]], free)


def _change_tangent(k: int) -> Any:
    """Along a change of X: one more direction; along a change of a direction: that in its place. Leading axes: dirs, then the node's."""

    def tangent(dx: Node, x: Node, *rest: Node) -> Node:
        y = rest[-1]
        own = dx.shape[: dx.rank - (y.rank if k else 2)]
        kept = [_spread(e, own, ()) for i, e in enumerate(rest[:-1]) if i != k - 1]
        return change(x, *kept, dx if k else _spread(dx, (), y.shape[:-2]))

    return tangent


def _change_transpose(k: int) -> Any:
    def transposed(g: Node, x: Node, *rest: Node) -> Node:
        own = g.shape[: g.rank - rest[-1].rank]
        kept = [_spread(e, own, ()) for i, e in enumerate(rest[:-1]) if i != k - 1]
        result = change(x, *kept, g)
        if k:
            return result
        outs, lead = list(range(len(own))), list(range(len(own), g.rank - 2))
        return contract([result], [[*outs, *lead, "i", "j"]], [*outs, "i", "j"])

    return transposed


MOST = 7  # the sum over permutations ends here: the next derivative of the determinant is refused


def _change_shape(inputs: tuple[Node, ...], params: tuple[Any, ...]) -> Shape:
    if len(inputs) > MOST:
        raise errors.too_many_nodes(budget().nodes, here())
    return infer(",".join(["(n,n)"] * len(inputs)) + "->(n,n)", inputs)


def _change_series(x: Node, *rest: Node) -> Node | None:
    """Along one direction E: (tr(X^-1 E) X^-1' - X^-1' E' X^-1') det X; along more None (its tangents do, up to a limit)."""
    if len(rest) != 2:
        return None
    e, y = rest[0], inv(x)
    ls = list(range(e.rank - 2))
    spread = contract([det(x), y, e, y], ["", "lk", [*ls, "k", "l"], "ji"], [*ls, "i", "j"])
    return spread - contract([det(x), y, e, y], ["", "li", [*ls, "k", "l"], "jk"], [*ls, "i", "j"])


def _no_change(inputs: tuple[Node, ...], params: tuple[Any, ...]) -> Node | None:
    """The determinant is a form of degree n: along more than n directions it does not change."""
    n = inputs[0].shape[-1]
    return zeros(inputs[1].shape) if isinstance(n, int) and len(inputs) > n else None


change = custom(
    "det_change",
    shortcut=_no_change,
    work=lambda n: 22 if n > 3 else 2,
    eval=_change_eval,
    tangent=tuple(_change_tangent(k) for k in range(MOST + 1)),
    transpose=tuple(_change_transpose(k) for k in range(MOST + 1)),
    arity=None,
    shape=_change_shape,
    reliable=False,
    hidden=True,
    facts={"series": _change_series, "formula": _change_series},
    doc="The matrix of the derivative of det along all but one of its directions.",
)


def _cofactor_series(x: Node, y: Node) -> Node:
    return contract([det(x), inv(x)], ["", "ji"], "ij")


cofactor = custom(
    "cofactor",
    work=lambda n: 22 if n > 3 else n == 3,
    eval=_cofactor_eval,
    tangent=lambda dx, x, y: change(x, dx),
    transpose=lambda g, x, y: change(x, g),
    signature="(n,n)->(n,n)",
    reliable=False,
    hidden=True,
    facts={"series": _cofactor_series, "formula": _cofactor_series},
    doc="The matrix of cofactors, the derivative of det: det(X)*inv(X)' where X is regular.",
)


def _det_eval(xp: Any, x: Any) -> Any:
    """Up to 3 by 3 by cofactors of the first row, so that whole numbers give whole numbers; rows are scaled by powers of two before."""
    n = xp.shape(x)[-1]
    if not 1 <= n <= 3:
        return xp.linalg.det(x)
    _, e = xp.frexp(xp.max(abs(x), axis=-1))
    scaled = xp.ldexp(x, -e[..., None])
    return xp.ldexp(xp.sum(scaled[..., 0, :] * _cofactor_eval(xp, scaled)[..., 0, :], axis=-1), xp.sum(e, axis=-1))


def _det_series(x: Node, y: Node) -> Node | None:
    """Bird's algorithm: n - 1 products of matrices, no division; for large matrices None (its derivative, integrated, does)."""
    n = x.shape[0]
    if not isinstance(n, int) or not 1 <= n <= SMALL:
        return None
    f = x
    for _ in range(n - 1):
        f = contract([_without_diagonal(f), x], ["ij", "jk"], "ik")
    corner = take(f, params=((0, 0),))
    return corner if n % 2 else -corner


def _without_diagonal(f: Node) -> Node:
    """The part above the diagonal, and on it minus the sum of the diagonal elements further down."""
    above = const(np.triu(np.ones([d for d in f.shape if isinstance(d, int)]), 1))
    tails = contract([above, f], ["ik", "kk"], "i", coef=-1.0)
    return mul(above, f) + contract([tails], ["i"], "ii")


det = custom(
    "det",
    work=2 / 3,
    eval=_det_eval,
    pattern=lambda x, y: Pattern((cofactor(x),), ("ij",), "", "ij"),
    signature="(n,n)->()",
    reliable=False,
    facts={"series": _det_series},
    doc="Determinant of a square matrix.",
    example="det([2, 1; 1, 3])",
)

__all__ = ["change", "cofactor", "det"]
