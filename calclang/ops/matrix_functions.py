"""Functions of a whole matrix: exponential, logarithm, square root, pseudoinverse.

For f analytic, ``f([A, E; 0, A]) = [f(A), L; 0, f(A)]`` with L the derivative of f at A along E, and block Toeplitz matrices of more blocks give the
coefficients of whole series (N. Higham, "Functions of Matrices", 2008, theorems 3.6 and 4.11). So no function needs a formula of its own.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from functools import reduce
from itertools import accumulate
from typing import Any

import numpy as np

from calclang.ir.node import Node
from calclang.ir.op import Kink
from calclang.ops import stacks
from calclang.ops.base import Row, custom
from calclang.ops.blocks import above, beside, mm, rows, some_columns, tr
from calclang.ops.contraction import CONTRACT, contract, mul, zeros
from calclang.ops.namespaces import companion, shows
from calclang.ops.series import Coefficient, Series
from calclang.ops.spectral import CLOSE
from calclang.ops.stacks import of_finite

NEGATIVE = "negative eigenvalue"
NO_ROOT = "no root"


def _expm_eval(xp: Any, a: Any, inner: bool = False) -> Any:
    expm = companion(xp, "linalg").expm
    return of_finite(expm, a) if shows(xp) else expm(a)


def _of_each(name: str, a: Any, inner: bool = False) -> Any:
    """A function of SciPy of each matrix; where there is none nan or nonsense. Where it is not real LinAlgError, of the blocks of a derivative (``inner``)
    nan: there rounding has moved an eigenvalue 0."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # SciPy warns of what is an error here
        made = stacks.slices(getattr(companion(np, "linalg"), name), a)
    if not np.iscomplexobj(made):
        return made
    complex_ = _largest(made.imag) > 1e-10 * _largest(made)
    if np.any(complex_) and not inner:
        raise np.linalg.LinAlgError(NEGATIVE)
    return np.where(complex_[..., None, None], np.nan, made.real)


def _largest(a: Any) -> Any:
    """The largest size of an element, of each matrix."""
    return np.max(abs(a), axis=(-1, -2), initial=0.0)


def _logm(a: Any) -> Any:
    if np.any(np.linalg.cond(a, 1) > 1 / CLOSE):
        raise np.linalg.LinAlgError("Singular matrix")
    return _of_each("logm", a)


def _sqrtm(a: Any, inner: bool) -> Any:
    """Where a singular matrix has no root (or none that is found) LinAlgError; of the blocks of a derivative nan, for that does not exist."""
    root = _of_each("sqrtm", a, inner)
    wrong = ~np.isfinite(root).all(axis=(-1, -2)) | (_largest(root @ root - a) > 1e-6 * _largest(a))
    if np.any(wrong) and not inner:
        raise np.linalg.LinAlgError(NO_ROOT)
    return np.where(wrong[..., None, None], np.nan, root)


def _singular(a: Any, inner: bool = False) -> Any:
    """Of each matrix, whether it is singular but for rounding."""
    finite = np.isfinite(a).all(axis=(-1, -2))
    sizes = np.linalg.svd(np.where(finite[..., None, None], a, 0.0), compute_uv=False)
    return finite & (np.min(sizes, axis=-1, initial=np.inf) <= _tolerance(a) * np.max(sizes, axis=-1, initial=0.0))


def _analytic(name: str, work: float, eval: Callable[..., Any], doc: str, example: str, own_slope: bool = False, kinks: tuple[Kink, ...] = ()) -> Row:
    """The row of an analytic function of a square matrix; its parameter says that the matrix is made of the blocks of a derivative. ``own_slope``:
    it is its own derivative, as exp is; along a multiple of the identity that is all there is to it."""

    def along(da: Node, a: Node, y: Node) -> Node:
        times = _identity_times(da) if own_slope else None
        return toeplitz([a, da], a.shape[-1]) if times is None else mul(times, y)

    def toeplitz(blocks: list[Node], n: Any) -> Node:
        """f of the block upper triangular Toeplitz matrix with these blocks in its first row: its upper right block."""
        lead = max((b.shape[:-2] for b in blocks), key=len)
        wide = [_stretched(b, lead) for b in blocks]
        first_row = list(accumulate(wide, beside))
        lines = [first_row[-1], *(beside(zeros((*lead, n, i * n)), first_row[-1 - i]) for i in range(1, len(wide)))]
        band = reduce(above, lines)
        return some_columns(rows(row(band, params=(True,)), 0, n), (len(wide) - 1) * n, len(wide) * n)

    def series(coefficients: Series, k: int, ys: Series, inner: bool = False) -> Coefficient:
        n = next(c for c in coefficients if c is not None).shape[-1]
        return toeplitz([zeros((n, n)) if c is None else c for c in coefficients], n)

    row: Row = custom(
        name,
        eval=eval,
        work=work,
        kinks=kinks,
        tangent=lambda da, a, y, inner=False: along(da, a, y),
        transpose=lambda g, a, y, inner=False: along(g, tr(a), tr(y)),  # L(A, .)' = L(A', .)
        taylor=series,
        signature="(n,n)->(n,n)",
        reliable=False,
        doc=doc,
        example=example,
    )
    return row


def _identity_times(a: Node) -> Node | None:
    """The number that a multiple of the identity is a multiple by; None for any other matrix."""
    if a.op is not CONTRACT or a.rank != 2 or any(i.rank for i in a.inputs) or len(a.params[0].free) != 1 or len(set(a.params[0].out)) != 1:
        return None
    return contract(a.inputs, [()] * len(a.inputs), (), coef=a.params[0].coef)


def _stretched(a: Node, lead: Any) -> Node:
    """One matrix for every direction; the axes that it has itself are the last of them."""
    extra = [f"e{i}" for i in range(len(lead))]
    own = extra[len(lead) - (a.rank - 2) :]
    return contract([a], [[*own, "i", "j"]], [*extra, "i", "j"], dict(zip(extra, lead, strict=True)))


expm = _analytic("expm", 20, _expm_eval, "The exponential of a square matrix: I + A + A^2/2 + ….", "expm([0, 1; -1, 0])", True)
logm = _analytic(
    "logm",
    60,
    lambda xp, a, inner=False: of_finite(_logm, a),
    "The matrix whose exponential is A, for a matrix without eigenvalues that are 0 or negative.",
    "logm([2, 1; 0, 2])",
)
sqrtm = _analytic(
    "sqrtm",
    28,
    lambda xp, a, inner=False: of_finite(lambda finite: _sqrtm(finite, inner), a),
    "The matrix X with X*X = A whose eigenvalues have no negative real part.",
    "sqrtm([4, 1; 0, 9])",
    kinks=(Kink(_singular, "the derivative of sqrtm is not defined at a singular matrix"),),
)

# ---- the pseudoinverse ----


def _tolerance(a: Any) -> float:
    return max(np.shape(a)[-2:], default=0) * 2.0**-52


def _pinv_eval(xp: Any, a: Any) -> Any:
    def of(matrices: Any) -> Any:
        return xp.linalg.pinv(matrices, rcond=_tolerance(a))

    return of_finite(of, a) if shows(xp) else of(a)


def _pinv_change(da: Node, a: Node, y: Node) -> Node:
    """-Y dA Y + Y Y' dA' (I - A Y) + (I - Y A) dA' Y' Y, for matrices of one rank (G. Golub, V. Pereyra, "The differentiation of
    pseudo-inverses and nonlinear least squares problems whose variables separate", 1973). For a square matrix only the first term is not 0
    in general, but a singular one has all three."""
    back = tr(da)
    first = mm(mm(y, tr(y)), back)
    last = mm(back, mm(tr(y), y))
    return (first - mm(mm(first, a), y)) + (last - mm(mm(y, a), last)) - mm(mm(y, da), y)


pinv = custom(
    "pinv",
    work=26,
    eval=_pinv_eval,
    tangent=_pinv_change,
    signature="(m,n)->(n,m)",
    reliable=False,
    kinks=(
        Kink(
            lambda a: a.size and np.linalg.matrix_rank(a) < min(a.shape[-2:]),
            "pinv jumps where the rank falls; the derivative given is that among matrices of this rank",
        ),
    ),
    doc="The pseudoinverse: pinv(A)*b is the shortest of the vectors x that make A*x - b shortest.",
    example="pinv([1, 0; 0, 2; 0, 0])",
)

__all__ = ["expm", "logm", "pinv", "sqrtm"]
