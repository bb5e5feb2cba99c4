"""Eigenvalues, singular values, and what is made of them.

First derivatives: M. Giles, "Collected matrix derivative results for forward and reverse mode algorithmic differentiation", 2008; J. Magnus,
"On differentiating eigenvalues and eigenvectors", 1985; J. Townsend, "Differentiating the singular value decomposition", 2016.
A single eigenvalue that is repeated has no derivative (nan), its eigenvectors are not even determined (an error).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from calclang.ir.dim import Shape
from calclang.ir.node import Node
from calclang.ir.op import Kink
from calclang.ops.base import Pattern, Row, custom, linear
from calclang.ops.blocks import columns, diagonal, left, mm, symmetric, times, tr
from calclang.ops.contraction import contract
from calclang.ops.factorisations import symmetric_part
from calclang.ops.parts import several
from calclang.ops.structure import take

REPEATED = "repeated"
COMPLEX = "complex"
CLOSE = 64 * 2.0**-52  # eigenvalues that differ by less, times the largest, are repeated but for rounding


def _equal(xp: Any, w: Any) -> Any:
    """Which pairs of different places hold the same number, but for rounding."""
    size = xp.max(abs(w), axis=-1, initial=0.0)[..., None, None]
    near = abs(w[..., :, None] - w[..., None, :]) <= CLOSE * size
    return near & ~xp.eye(xp.shape(w)[-1], dtype=bool)


def repeated(w: Any) -> Any:
    return np.any(_equal(np, w))


def _single(xp: Any, w: Any) -> Any:
    """1 for an eigenvalue that stands alone, nan for a repeated one."""
    return xp.where(xp.any(_equal(xp, w), axis=-1), xp.nan, 1.0)


def _sent_eval(xp: Any, g: Any, w: Any) -> Any:
    return xp.where(g == 0, 0.0, g * _single(xp, w))


alone: Row = linear(
    "alone",
    arity=2,
    eval=lambda xp, x, w: x * _single(xp, w),
    transpose=lambda k, g, x, w, y: sent_alone(g, w) if k == 0 else None,
    shape=lambda inputs, params: inputs[0].shape,
    fixed=(1,),
    reliable=False,
    hidden=True,
    doc="The tangents x of eigenvalues w: those of repeated ones are nan.",
)
sent_alone: Row = linear(
    "sent_alone",
    arity=2,
    eval=_sent_eval,
    transpose=lambda k, g, x, w, y: alone(g, w) if k == 0 else None,
    shape=lambda inputs, params: inputs[0].shape,
    fixed=(1,),
    reliable=False,
    hidden=True,
    doc="The transpose of alone: an eigenvalue that nobody asks for sends nothing, also where it is repeated.",
)


def _reciprocal_gaps(xp: Any, w: Any) -> Any:
    """1/(w_j - w_i), and 0 on the diagonal. Raises LinAlgError where two are equal."""
    if xp.__name__ == "numpy" and np.any(_equal(xp, w)):
        raise np.linalg.LinAlgError(REPEATED)
    unit = xp.eye(xp.shape(w)[-1])
    return (1.0 - unit) / (w[..., None, :] - w[..., :, None] + unit)


gaps: Row = custom(
    "gaps",
    eval=_reciprocal_gaps,
    pattern=lambda w, y: (Pattern((gaps(w), gaps(w)), ("ij", "ij"), "ij", "i"), Pattern((gaps(w), gaps(w)), ("ij", "ij"), "ij", "j", -1.0)),
    signature="(n)->(n,n)",
    reliable=False,
    hidden=True,
    doc="The matrix 1/(w_j - w_i) with zeros on its diagonal, for numbers that are all different.",
)


def _turned(xp: Any, v: Any) -> Any:
    """Signs of columns: the first element that is not small is positive."""
    big = abs(v) > 0.5 * xp.max(abs(v), axis=-2, keepdims=True, initial=0.0)
    first = xp.take_along_axis(v, xp.argmax(big, axis=-2)[..., None, :], axis=-2)
    return xp.where(first < 0, -1.0, 1.0)


# ---- symmetric matrices ----


def _square_layout(shape: Shape) -> tuple[Shape, ...]:
    n = shape[0]
    return (n,), (n, n)


def _eigh_eval(xp: Any, a: Any) -> Sequence[Any]:
    w, v = xp.linalg.eigh(symmetric_part(xp, a))
    return w, v * _turned(xp, v)


def _eigh_change(da: Node, a: Node, w: Node, v: Node) -> tuple[Node, Node]:
    """With X = V' dA V: dw = diag(X), dV = V (F .* X), F_ij = 1/(w_j - w_i)."""
    x = mm(mm(tr(v), symmetric(da)), v)
    return alone(diagonal(x), w), mm(v, times(gaps(w), x))


def _spectrum(a: Any) -> Any:
    return np.linalg.eigvalsh(0.5 * (a + np.swapaxes(a, -1, -2))) if np.isfinite(a).all() else a


eigh = several(
    "eigh",
    work=9,
    layout=_square_layout,
    eval=_eigh_eval,
    tangent=_eigh_change,
    kinks=(
        Kink(
            lambda a: repeated(_spectrum(a)), "an eigenvalue is repeated: single ones have no derivative there (their sum, the trace, has)"
        ),
    ),
    doc="The eigenvalues of a symmetric matrix, ascending, and its orthonormal eigenvectors as columns.",
)

# ---- any square matrix with real eigenvalues ----


def _eig_eval(xp: Any, a: Any) -> Sequence[Any]:
    w, v = xp.linalg.eig(a)
    if xp.__name__ == "numpy" and np.any(abs(np.imag(w)) > 1e-12 * np.max(abs(w), initial=0.0)):
        raise np.linalg.LinAlgError(COMPLEX)
    w, v = xp.real(w), xp.real(v)
    at = xp.argsort(w, axis=-1)
    w, v = xp.take_along_axis(w, at, axis=-1), xp.take_along_axis(v, at[..., None, :], axis=-1)
    v = v / xp.linalg.norm(v, axis=-2, keepdims=True)
    return w, v * _turned(xp, v)


def _eig_change(da: Node, a: Node, w: Node, v: Node) -> tuple[Node, Node]:
    """With X = V^-1 dA V: dw = diag(X), dV = V (F .* X) but for what lies along each vector, which keeps its length (Magnus 1985)."""
    x = mm(left(v, da), v)
    dv = mm(v, times(gaps(w), x))
    extra = [f"e{i}" for i in range(da.rank - 2)]
    along = contract([v, dv], ["ij", [*extra, "i", "j"]], [*extra, "j"])
    return alone(diagonal(x), w), dv - contract([v, along], ["ij", [*extra, "j"]], [*extra, "i", "j"])


def _eigenvalues(a: Any) -> Any:
    return np.real(np.linalg.eigvals(a)) if np.isfinite(a).all() else np.ravel(a)


eig = several(
    "eig",
    work=25,
    layout=_square_layout,
    eval=_eig_eval,
    tangent=_eig_change,
    kinks=(
        Kink(
            lambda a: repeated(_eigenvalues(a)),
            "an eigenvalue is repeated: single ones have no derivative there (their sum, the trace, has)",
        ),
    ),
    doc="The eigenvalues of a square matrix, ascending, and its eigenvectors as columns of length 1, where all are real.",
)

# ---- singular values ----


def _svd_layout(shape: Shape) -> tuple[Shape, ...]:
    m, n = shape
    k = m if m == n else min(int(m), int(n))  # type: ignore[arg-type]
    return (m, k), (k,), (n, k)


def _svd_eval(xp: Any, a: Any) -> Sequence[Any]:
    u, s, vt = xp.linalg.svd(a, full_matrices=False)
    v = xp.swapaxes(vt, -1, -2)
    turn = _turned(xp, u)
    return u * turn, s, v * turn


def _svd_change(da: Node, a: Node, u: Node, s: Node, v: Node) -> tuple[Node, Node, Node]:
    """With P = U' dA V, S = diag(s), F_ij = 1/(s_j^2 - s_i^2): ds = diag(P), dU = U (F .* (P S + S P')) + (I - U U') dA V S^-1,
    dV = V (F .* (S P + P' S)) + (I - V V') dA' U S^-1 (Townsend 2016)."""
    p = mm(mm(tr(u), da), v)
    ds = alone(diagonal(p), s)
    f = gaps(s * s)
    ps, sp = columns(p, s), tr(columns(tr(p), s))
    du, dv = mm(u, times(f, ps + tr(ps))), mm(v, times(f, sp + tr(sp)))
    if u.shape[0] != u.shape[1]:
        du = du + columns(_outside(u, mm(da, v)), 1.0 / s)
    if v.shape[0] != v.shape[1]:
        dv = dv + columns(_outside(v, mm(tr(da), u)), 1.0 / s)
    return du, ds, dv


def _outside(u: Node, x: Node) -> Node:
    """(I - U U') X."""
    return x - mm(u, mm(tr(u), x))


def _singular_values(a: Any) -> Any:
    return np.linalg.svd(a, compute_uv=False) if np.isfinite(a).all() else np.ravel(a)


def _lowest_is_zero(a: Any) -> Any:
    s = _singular_values(a)
    return s.size and s[..., -1] <= CLOSE * s[..., 0]


svd = several(
    "svd",
    work=22,
    layout=_svd_layout,
    eval=_svd_eval,
    tangent=_svd_change,
    kinks=(
        Kink(lambda a: repeated(_singular_values(a)), "a singular value is repeated: single ones have no derivative there"),
        Kink(_lowest_is_zero, "a singular value is zero and cannot go below; the slope given is that of one side"),
    ),
    doc="Orthonormal columns U and V and singular values s, largest first, with A = U*diag(s)*V'.",
)


def _condition_eval(xp: Any, s: Any) -> Any:
    if xp.__name__ == "numpy" and np.any(s[..., -1] == 0):
        raise np.linalg.LinAlgError("Singular matrix")
    return s[..., 0] / s[..., -1]


def _condition_change(ds: Node, s: Node, y: Node) -> Node:
    """dy/y = ds_1/s_1 - ds_n/s_n."""
    extra = [f"e{i}" for i in range(ds.rank - 1)]
    ends: list[Node] = []
    for k in (0, int(s.shape[0]) - 1):  # type: ignore[arg-type]
        ends.append(contract([take(ds, params=((k,),)), 1.0 / take(s, params=((k,),))], [extra, ""], extra))
    return contract([ends[0] - ends[1], y], [extra, ""], extra)


cond = custom(
    "cond",
    eval=_condition_eval,
    tangent=_condition_change,
    signature="(n)->()",
    reliable=False,
    hidden=True,
    doc="The largest of descending numbers over the smallest.",
)
rank = custom(
    "rank",
    work=4,
    eval=lambda xp, a: xp.linalg.matrix_rank(a) + 0.0,
    pattern=(None,),
    signature="(m,n)->()",
    reliable=False,
    kinks=(Kink(lambda a: np.linalg.matrix_rank(a) < min(np.shape(a)), "the rank jumps here; the slope given is 0"),),
    latex=r"\operatorname{rank}",
    doc="The number of singular values that are not zero but for rounding.",
    example="rank([1, 2; 2, 4])",
)

__all__ = ["cond", "eig", "eigh", "rank", "svd"]
