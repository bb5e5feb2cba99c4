"""The solution of a system with more or fewer equations than unknowns: for a tall matrix the least squares, for a wide one the shortest.

With Y = pinv(A): ``dx = Y (db - dA x) + Y Y' dA' (b - A x) + (I - Y A) dA' Y' x`` (G. Golub, V. Pereyra, "The differentiation of pseudo-inverses
and nonlinear least squares problems whose variables separate", 1973). The second term is zero for a wide matrix, the third for a tall one.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from calclang.ir.dim import number
from calclang.ir.node import Node
from calclang.ops import stacks
from calclang.ops.base import Row, custom
from calclang.ops.blocks import above, beside
from calclang.ops.contraction import contract, identity, transpose, zeros
from calclang.ops.linear_algebra import solve
from calclang.ops.matrix_functions import pinv
from calclang.ops.namespaces import shows
from calclang.ops.stacks import right_sides
from calclang.ops.structure import concat, take

DEPENDENT = "dependent"


def _eval(xp: Any, a: Any, b: Any) -> Any:
    """Of every right side. Raises LinAlgError where the rank is not full."""
    if xp.ndim(a) > 2:
        return _of_many(a, *right_sides(xp, b, xp.ndim(a) - 2))
    m, n = xp.shape(a)
    if shows(xp) and not (np.isfinite(a).all() and np.isfinite(b).all()):
        return np.full((*np.shape(b)[:-1], n), np.nan)
    x, _, rank, _ = xp.linalg.lstsq(a, xp.transpose(xp.reshape(b, (-1, m))), rcond=None)
    if shows(xp) and rank < min(m, n):
        raise np.linalg.LinAlgError(DEPENDENT)
    return xp.reshape(xp.transpose(x), (*xp.shape(b)[:-1], n))


def _of_many(a: Any, sides: Any, axes: tuple[int, ...]) -> Any:
    """The same of each matrix of a stack."""
    x, full = stacks.least_squares(a, sides)
    if not np.all(full):
        raise np.linalg.LinAlgError(DEPENDENT)
    return np.reshape(x, (*np.shape(x)[:-2], *axes, np.shape(x)[-1]))


def _extra(rank: int, letter: str) -> list[str]:
    return [f"{letter}{i}" for i in range(rank)]


def _tall(a: Node) -> bool:
    return number(a.shape[0]) > number(a.shape[1])


def _times(a: Node, x: Node) -> Node:
    """A x, for every right side."""
    ls = _extra(x.rank - 1, "l")
    return contract([a, x], ["ij", [*ls, "j"]], [*ls, "i"])


def _by_matrix(da: Node, a: Node, b: Node, x: Node) -> Node:
    """For every direction and every right side."""
    ds, ls = _extra(da.rank - 2, "d"), _extra(x.rank - 1, "l")

    def moved(v: Node, back: bool) -> Node:
        return contract([da, v], [[*ds, *("ji" if back else "ij")], [*ls, "j"]], [*ds, *ls, "i"])

    if _tall(a):
        return least_squares(a, least_squares(transpose(a), moved(b - _times(a, x), True)) - moved(x, False))
    turned = moved(least_squares(transpose(a), x), True)
    return turned - least_squares(a, _times(a, turned) + moved(x, False))


def _to_matrix(g: Node, a: Node, b: Node, x: Node) -> Node:
    """With h = Y'g: -h x' + (b - A x) (Y h)' for a tall matrix, -h x' + (Y'x) (g - A'h)' for a wide one."""
    ls = _extra(x.rank - 1, "l")
    os = _extra(g.rank - x.rank, "o")
    h = least_squares(transpose(a), g)

    def outer(sent: Node, kept: Node, labels: str) -> Node:
        return contract([sent, kept], [[*os, *ls, labels[0]], [*ls, labels[1]]], [*os, "i", "j"])

    if _tall(a):
        more = outer(least_squares(a, h), b - _times(a, x), "ji")
    else:
        more = outer(g - _times(transpose(a), h), least_squares(transpose(a), x), "ji")
    return more - outer(h, x, "ij")


def _augmented(a: Node, b: Node, x: Node) -> Node:
    """The same as one square system, which has a power series: [I, A; A', 0] [b - A x; x] = [b; 0] for a tall matrix, and
    [I, A'; A, 0] [x; -w] = [0; b] with x = A'w for a wide one (A. Bjorck, "Numerical methods for least squares problems", 1996)."""
    upper = a if _tall(a) else transpose(a)
    long, short = upper.shape
    system = above(beside(identity((long,)), upper), beside(transpose(upper), zeros((short, short))))
    nothing = zeros((*b.shape[:-1], short if _tall(a) else long))
    side = concat(b, nothing, params=(1,)) if _tall(a) else concat(nothing, b, params=(1,))
    return take(solve(system, side), params=(((long, long + short, 1) if _tall(a) else (0, long, 1),),))


least_squares: Row = custom(
    "least_squares",
    work=4,
    eval=_eval,
    tangent=(_by_matrix, lambda db, a, b, x: least_squares(a, db)),
    transpose=(_to_matrix, lambda g, a, b, x: least_squares(transpose(a), g)),
    signature="(m,n),(m)->(n)",
    partial=True,
    reliable=False,
    hidden=True,
    facts={"formula": lambda a, b, x: _times(pinv(a), b), "series": _augmented},
    doc="The vector x that makes A*x - b shortest, itself the shortest one; A has full rank.",
)

__all__ = ["least_squares"]
