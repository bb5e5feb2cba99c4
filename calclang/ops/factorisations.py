"""Triangular factorisations: Cholesky, QR and LU, with tangents that use triangles of one small product.

Conventions make each factor unique, hence differentiable: the diagonal of a Cholesky factor and of R is positive, that of L is 1.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from calclang.ir.dim import Shape, number
from calclang.ir.node import Node
from calclang.ir.op import Kink
from calclang.ops.base import Row, custom
from calclang.ops.blocks import above, below, beside, left, mm, right, rows, some_columns, symmetric, tr
from calclang.ops.contraction import zeros
from calclang.ops.namespaces import companion, shows
from calclang.ops.parts import several
from calclang.ops.stacks import of_finite

NOT_SYMMETRIC = "not symmetric"


def symmetric_part(xp: Any, a: Any) -> Any:
    """(A + A')/2 of a matrix that is symmetric but for rounding. Raises LinAlgError."""
    other = xp.swapaxes(a, -1, -2)
    if shows(xp) and np.any(abs(a - other) > 1e-8 * np.max(abs(a), axis=(-1, -2), keepdims=True, initial=0.0)):
        raise np.linalg.LinAlgError(NOT_SYMMETRIC)
    return 0.5 * (a + other)


def _cholesky_eval(xp: Any, a: Any) -> Any:
    def of(matrices: Any) -> Any:
        return xp.linalg.cholesky(symmetric_part(xp, matrices))

    return of_finite(of, a) if shows(xp) else of(a)


def _cholesky_change(da: Node, a: Node, l: Node) -> Node:
    """L Phi(L^-1 dA L'^-1), Phi the lower triangle with half the diagonal (S. Smith, "Differentiation of the Cholesky algorithm", 1995;
    I. Murray, "Differentiation of the Cholesky decomposition", 2016)."""
    return mm(l, below(right(left(l, symmetric(da)), tr(l)), 0.5))


cholesky = custom(
    "cholesky",
    work=1 / 3,
    eval=_cholesky_eval,
    tangent=_cholesky_change,
    signature="(n,n)->(n,n)",
    reliable=False,
    doc="The lower triangular matrix L with A = L*L', for a symmetric positive definite matrix A.",
    example="cholesky([4, 2; 2, 5])",
)

# ---- A = Q R ----


def _thin(shape: Shape) -> tuple[Shape, ...]:
    m, n = shape
    k = m if m == n else min(number(m), number(n))
    return (m, k), (k, n)


def _qr_eval(xp: Any, a: Any) -> Sequence[Any]:
    q, r = xp.linalg.qr(a)
    turn = xp.where(xp.diagonal(r, axis1=-2, axis2=-1) < 0, -1.0, 1.0)
    return q * turn[..., None, :] + 0.0, r * turn[..., :, None] + 0.0


def _qr_change(da: Node, a: Node, q: Node, r: Node) -> tuple[Node, Node]:
    """With C = dA R^-1: dQ = Q X + (I - Q Q') C, dR = (Q'C - X) R, X the skew matrix that has the lower triangle of Q'C
    (S. Walter, L. Lehmann, "Algorithmic differentiation of linear algebra functions", 2010). Columns beyond the square ones follow."""
    k, n = r.shape
    square = some_columns(r, 0, k)
    c = right(some_columns(da, 0, k), square)
    w = mm(tr(q), c)
    low = below(w, 0.0)
    skew = low - tr(low)
    dq = mm(q, skew) if q.shape[0] == q.shape[1] else mm(q, skew - w) + c
    dr = mm(w - skew, square)
    if n != k:
        rest = [some_columns(x, k, n) for x in (a, da)]
        dr = beside(dr, mm(tr(dq), rest[0]) + mm(tr(q), rest[1]))
    return dq, dr


def _undefined_if_singular(name: str, factor: str, digits: Callable[[Any], tuple[Any, Any]]) -> tuple[Kink, ...]:
    """The kink of a factorisation, whose derivative divides by a triangular factor: ``digits`` gives the diagonal of that, and what it was subtracted from."""

    def at(a: Any) -> Any:
        a = a[..., : min(np.shape(a)[-2:])]
        finite = np.isfinite(a).all(axis=(-1, -2))
        diagonal, before = digits(np.where(finite[..., None, None], a, 0.0))
        return finite & np.any(abs(diagonal) <= max(np.shape(a)[-2:]) * 2.0**-52 * before, axis=-1)

    return (Kink(at, f"the derivative of {name} is not defined where {factor} is singular, but for rounding"),)


def _digits_of_r(a: Any) -> tuple[Any, Any]:
    """Reflections mix the elements of a column."""
    r: Any = np.linalg.qr(a, "r")
    return np.diagonal(r, axis1=-2, axis2=-1), np.sqrt(np.sum(r * r, axis=-2))


def _digits_of_u(a: Any) -> tuple[Any, Any]:
    _, l, u = companion(np, "linalg").lu(a)
    return np.diagonal(u, axis1=-2, axis2=-1), np.einsum("...ji,...ij->...j", abs(l[..., : u.shape[-1], :]), abs(u))


qr: Row = several(
    "qr",
    work=4,
    kinks=_undefined_if_singular("qr", "R", _digits_of_r),
    layout=_thin,
    eval=_qr_eval,
    tangent=_qr_change,
    doc="Orthonormal columns Q and an upper triangular R with A = Q*R.",
)

# ---- P A = L U ----


def _lu_layout(shape: Shape) -> tuple[Shape, ...]:
    (m, k), (_, n) = _thin(shape)
    return (m, k), (k, n), (m, m)


def _lu_eval(xp: Any, a: Any) -> Sequence[Any]:
    """Gaussian elimination with the largest pivot of each column (SciPy: NumPy has none)."""
    p, l, u = companion(xp, "linalg").lu(a)
    return l, u, xp.swapaxes(p, -1, -2)


def _lu_change(da: Node, a: Node, l: Node, u: Node, p: Node) -> tuple[Node, Node, Node]:
    """With F = L^-1 P dA U^-1: dL = L tril(F, -1), dU = triu(F) U, for the square part (Walter, Lehmann 2010); what stands below it or
    beside it follows. The order of the rows does not move."""
    (m, k), n = l.shape, u.shape[1]
    moved = mm(p, da)
    l1, u1 = rows(l, 0, k), some_columns(u, 0, k)
    f = right(left(l1, some_columns(rows(moved, 0, k), 0, k)), u1)
    low = below(f, 0.0)
    dl, du = mm(l1, low), mm(f - low, u1)
    if n != k:
        l_du = some_columns(moved, k, n) - mm(dl, some_columns(u, k, n))
        du = beside(du, left(l1, l_du))
    if m != k:
        dl_u = rows(moved, k, m) - mm(rows(l, k, m), du)
        dl = above(dl, right(dl_u, u1))
    return dl, du, zeros((*da.shape[:-2], m, m))


lu: Row = several(
    "lu",
    work=2 / 3,
    kinks=_undefined_if_singular("lu", "U", _digits_of_u),
    layout=_lu_layout,
    eval=_lu_eval,
    tangent=_lu_change,
    doc="A lower triangular L with unit diagonal, an upper triangular U and a permutation P with P*A = L*U.",
)

__all__ = ["cholesky", "lu", "qr", "symmetric_part"]
