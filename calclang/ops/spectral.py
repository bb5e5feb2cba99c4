"""Eigenvalues, singular values, and what is made of them.

First derivatives: M. Giles, "Collected matrix derivative results for forward and reverse mode algorithmic differentiation", 2008; J. Magnus,
"On differentiating eigenvalues and eigenvectors", 1985; J. Townsend, "Differentiating the singular value decomposition", 2016.
Single eigenvalues that are equal have no derivatives and share equally; their vectors are not even determined (an error).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from calclang.ir.dim import Shape, number, product
from calclang.ir.node import Node
from calclang.ir.op import Kink
from calclang.ops.base import Pattern, Row, custom, linear
from calclang.ops.blocks import columns, diagonal, left, mm, symmetric, times, tr
from calclang.ops.contraction import contract
from calclang.ops.factorisations import symmetric_part
from calclang.ops.namespaces import shows
from calclang.ops.parts import several
from calclang.ops.stacks import spread
from calclang.ops.structure import take

REPEATED = "repeated"
COMPLEX = "complex"
SAME = "values are equal: single ones have no derivative there, and share it equally (that of their sum or product exists)"
ZERO = "a singular value is zero and cannot go below; the slope given there is 0"
CLOSE = 64 * 2.0**-52  # eigenvalues that differ by less, times the largest, are repeated but for rounding


def _equal(xp: Any, w: Any) -> Any:
    """Which pairs of places hold the same number, but for rounding, in a list in order."""
    size = xp.max(abs(w), axis=-1, initial=0.0, keepdims=True)
    new = abs(w[..., 1:] - w[..., :-1]) > CLOSE * size
    group = xp.concatenate([0.0 * w[..., :1], xp.cumsum(new, axis=-1)], axis=-1)
    return group[..., :, None] == group[..., None, :]


def _zeros(xp: Any, w: Any) -> Any:
    """Which are zero, but for rounding."""
    return w <= CLOSE * xp.max(abs(w), axis=-1, initial=0.0, keepdims=True)


def _shared_eval(xp: Any, x: Any, w: Any, corner: bool) -> Any:
    w = spread(xp, w, 1, xp.ndim(x) - 1)
    equal = _equal(xp, w)
    count = xp.sum(equal, axis=-1)
    average = xp.sum(xp.where(equal, x[..., None, :], 0.0), axis=-1) / count
    result = xp.where(count == 1, x, average)
    return xp.where(_zeros(xp, w), 0.0, result) if corner else result


shared: Row = linear(
    "shared",
    arity=2,
    eval=_shared_eval,
    transpose=lambda k, g, x, w, y, corner: shared(g, w, params=(corner,)) if k == 0 else None,
    shape=lambda inputs, params: inputs[0].shape,
    fixed=(1,),
    reliable=False,
    hidden=True,
    kinks=(Kink(lambda x, w, corner: corner & _zeros(np, spread(np, w, 1, np.ndim(x) - 1)), ZERO, jump=True),),
    doc="The tangents x of values w in order: equal ones share theirs equally, so that those of sums and products are right; with a corner at 0 (singular values) those of zeros are 0.",
)


def _packed(parts: Sequence[Shape], k: int, values: Any, others: Any) -> Any:
    """What is known of part k of a packed value, among what holds for all others."""
    lead = np.shape(values)[:-1]
    return np.concatenate([values if i == k else np.full((*lead, product(shape)), others) for i, shape in enumerate(parts)], axis=-1)


def _groups(values: Any, parts: Sequence[Shape], k: int, apart: Any = False) -> Any:
    """Of a packed value whose part k are ``values``: numbers of the groups of equal ones (but those apart), 0 for what stands alone, -1 for the
    vectors; all 0 where nothing is repeated."""
    equal = _equal(np, values)
    found = np.where((equal.sum(axis=-1) > 1) & ~np.asarray(apart), np.argmax(equal, axis=-1) + 1, 0)
    return _packed(parts, k, found, -1) if found.any() else 0


def _does_not_tell_apart(slope: Any, groups: Any) -> bool:
    """A function of values that are equal has a derivative if it treats them alike, and does not ask for their vectors."""
    size = 1e-10 * np.max(abs(slope), initial=0.0)
    alike = all(np.all(np.ptp(slope[..., groups == g], axis=-1) <= size) for g in np.unique(groups[groups > 0]))
    return bool(alike and not np.any(slope[..., groups < 0]))


def _reciprocal_gaps(xp: Any, w: Any, asked: bool) -> Any:
    """1/(w_j - w_i), and 0 on the diagonal. Where two are equal nan, or, of vectors that the program asked for, LinAlgError."""
    unit = xp.eye(xp.shape(w)[-1])
    equal = _equal(xp, w) & (unit == 0)
    if asked and shows(xp) and np.any(equal):
        raise np.linalg.LinAlgError(REPEATED)
    return xp.where(equal, xp.nan, (1.0 - unit) / xp.where(equal, 1.0, w[..., None, :] - w[..., :, None] + unit))


gaps: Row = custom(
    "gaps",
    eval=_reciprocal_gaps,
    pattern=lambda w, y, asked: (Pattern((y, y), ("ij", "ij"), "ij", "i"), Pattern((y, y), ("ij", "ij"), "ij", "j", -1.0)),
    signature="(n)->(n,n)",
    reliable=False,
    hidden=True,
    doc="The matrix 1/(w_j - w_i) with zeros on its diagonal; where two numbers are equal nan, or an error for vectors that the program asked for.",
)


def _turned(xp: Any, v: Any) -> Any:
    """Signs of columns: the first element that is not small is positive."""
    big = abs(v) > 0.5 * xp.max(abs(v), axis=-2, keepdims=True, initial=0.0)
    first = xp.take_along_axis(v, xp.argmax(big, axis=-2)[..., None, :], axis=-2)
    return xp.where(first < 0, -1.0, 1.0)


# ---- symmetric matrices ----


def _square_layout(shape: Shape) -> tuple[Shape, ...]:
    """Values, vectors, and the vectors once more: slopes of values are made of these, which are nan and no error where they are not determined."""
    n = shape[0]
    return (n,), (n, n), (n, n)


def _eigh_eval(xp: Any, a: Any) -> Sequence[Any]:
    w, v = xp.linalg.eigh(symmetric_part(xp, a))
    v = v * _turned(xp, v)
    return w, v, v


def _eigh_change(da: Node, a: Node, w: Node, *both: Node) -> tuple[Node, ...]:
    """With X = V' dA V: dw = diag(X), dV = V (F .* X), F_ij = 1/(w_j - w_i)."""
    moved = [mm(mm(tr(v), symmetric(da)), v) for v in both]
    turned = [mm(v, times(gaps(w, params=(v is both[0],)), x)) for v, x in zip(both, moved, strict=True)]
    return shared(diagonal(moved[1]), w, params=(False,)), *turned


def _of_finite(values: Callable[[Any], Any], a: Any) -> Any:
    """The values of one matrix or several; nan of those that are not finite."""
    finite = np.isfinite(a).all(axis=(-2, -1))
    return np.where(finite[..., None], values(np.where(finite[..., None, None], a, 0.0)), np.nan)


def _spectrum(a: Any) -> Any:
    return _of_finite(lambda a: np.linalg.eigvalsh(0.5 * (a + np.swapaxes(a, -1, -2))), a)


eigh = several(
    "eigh",
    work=9,
    layout=_square_layout,
    eval=_eigh_eval,
    tangent=_eigh_change,
    kinks=(Kink(lambda a: _groups(_spectrum(a), _square_layout(a.shape[-2:]), 0), SAME, calm=_does_not_tell_apart),),
    doc="The eigenvalues of a symmetric matrix, ascending, and its orthonormal eigenvectors as columns.",
)

# ---- any square matrix with real eigenvalues ----


def _eig_eval(xp: Any, a: Any) -> Sequence[Any]:
    w, v = xp.linalg.eig(a)
    if shows(xp) and np.any(abs(np.imag(w)) > 1e-12 * np.max(abs(w), axis=-1, keepdims=True, initial=0.0)):
        raise np.linalg.LinAlgError(COMPLEX)
    w, v = xp.real(w), xp.real(v)
    at = xp.argsort(w, axis=-1)
    w, v = xp.take_along_axis(w, at, axis=-1), xp.take_along_axis(v, at[..., None, :], axis=-1)
    v = v / xp.linalg.norm(v, axis=-2, keepdims=True)
    v = v * _turned(xp, v)
    return w, v, v


def _eig_change(da: Node, a: Node, w: Node, *both: Node) -> tuple[Node, ...]:
    """With X = V^-1 dA V: dw = diag(X), dV = V (F .* X) but for what lies along each vector, which keeps its length (Magnus 1985)."""
    moved = [mm(left(v, da), v) for v in both]
    extra = [f"e{i}" for i in range(da.rank - 2)]
    turned = []
    for v, x in zip(both, moved, strict=True):
        dv = mm(v, times(gaps(w, params=(v is both[0],)), x))
        along = contract([v, dv], ["ij", [*extra, "i", "j"]], [*extra, "j"])
        turned.append(dv - contract([v, along], ["ij", [*extra, "j"]], [*extra, "i", "j"]))
    return shared(diagonal(moved[1]), w, params=(False,)), *turned


def _eigenvalues(a: Any) -> Any:
    return _of_finite(lambda a: np.sort(np.real(np.linalg.eigvals(a))), a)


eig = several(
    "eig",
    work=25,
    layout=_square_layout,
    eval=_eig_eval,
    tangent=_eig_change,
    kinks=(Kink(lambda a: _groups(_eigenvalues(a), _square_layout(a.shape[-2:]), 0), SAME, calm=_does_not_tell_apart),),
    doc="The eigenvalues of a square matrix, ascending, and its eigenvectors as columns of length 1, where all are real.",
)

# ---- singular values ----


def _svd_layout(shape: Shape) -> tuple[Shape, ...]:
    m, n = shape
    k = m if m == n else min(number(m), number(n))
    return (m, k), (k,), (n, k), (m, k), (n, k)


def _svd_eval(xp: Any, a: Any) -> Sequence[Any]:
    u, s, vt = xp.linalg.svd(a, full_matrices=False)
    v = xp.swapaxes(vt, -1, -2)
    turn = _turned(xp, u)
    u, v = u * turn, v * turn
    return u, s, v, u, v


def _svd_change(da: Node, a: Node, u: Node, s: Node, v: Node, u2: Node, v2: Node) -> tuple[Node, ...]:
    """ds = diag(U' dA V), and the vectors as `_svd_turned` says."""
    ds = shared(diagonal(mm(mm(tr(u2), da), v2)), s, params=(True,))
    (du, dv), (du2, dv2) = _svd_turned(da, u, s, v, True), _svd_turned(da, u2, s, v2, False)
    return du, ds, dv, du2, dv2


def _svd_turned(da: Node, u: Node, s: Node, v: Node, asked: bool) -> tuple[Node, Node]:
    """With P = U' dA V, S = diag(s), F_ij = 1/(s_j^2 - s_i^2): dU = U (F .* (P S + S P')) + (I - U U') dA V S^-1,
    dV = V (F .* (S P + P' S)) + (I - V V') dA' U S^-1 (Townsend 2016)."""
    p = mm(mm(tr(u), da), v)
    f = gaps(s * s, params=(asked,))
    ps, sp = columns(p, s), tr(columns(tr(p), s))
    du, dv = mm(u, times(f, ps + tr(ps))), mm(v, times(f, sp + tr(sp)))
    if u.shape[0] != u.shape[1]:
        du = du + columns(_outside(u, mm(da, v)), 1.0 / s)
    if v.shape[0] != v.shape[1]:
        dv = dv + columns(_outside(v, mm(tr(da), u)), 1.0 / s)
    return du, dv


def _outside(u: Node, x: Node) -> Node:
    """(I - U U') X."""
    return x - mm(u, mm(tr(u), x))


def _singular_values(a: Any) -> Any:
    return _of_finite(lambda a: np.linalg.svd(a, compute_uv=False), a)


def _singular_groups(a: Any) -> Any:
    values = _singular_values(a)
    return _groups(values, _svd_layout(a.shape[-2:]), 1, _zeros(np, values))


svd = several(
    "svd",
    work=22,
    layout=_svd_layout,
    eval=_svd_eval,
    tangent=_svd_change,
    kinks=(
        Kink(lambda a: _packed(_svd_layout(a.shape[-2:]), 1, _zeros(np, _singular_values(a)), False), ZERO, corner=True),
        Kink(_singular_groups, SAME, calm=_does_not_tell_apart),
    ),
    doc="Orthonormal columns U and V and singular values s, largest first, with A = U*diag(s)*V'.",
)


def _condition_eval(xp: Any, s: Any) -> Any:
    if shows(xp) and np.any(s[..., -1] == 0):
        raise np.linalg.LinAlgError("Singular matrix")
    return s[..., 0] / s[..., -1]


def _condition_change(ds: Node, s: Node, y: Node) -> Node:
    """dy/y = ds_1/s_1 - ds_n/s_n."""
    extra = [f"e{i}" for i in range(ds.rank - 1)]
    ends: list[Node] = []
    for k in (0, number(s.shape[0]) - 1):
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
    eval=lambda xp, a: xp.linalg.matrix_rank(a) + 0.0 if np.isfinite(a).all() else np.full(np.shape(a)[:-2], np.nan),
    pattern=(None,),
    signature="(m,n)->()",
    reliable=False,
    kinks=(
        Kink(lambda a: np.linalg.matrix_rank(a) < min(np.shape(a)[-2:]), "the rank jumps here; the slope given is 0"),
        Kink(lambda a: np.linalg.matrix_rank(a) == min(np.shape(a)[-2:]), "the rank is a whole number and does not move smoothly; the slope given is 0"),
    ),
    doc="The number of singular values that are not zero but for rounding.",
    example="rank([1, 2; 2, 4])",
)

__all__ = ["cond", "eig", "eigh", "rank", "svd"]
