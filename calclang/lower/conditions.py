"""How many digits an inverse or a solution loses: condition numbers, estimated where they would cost more than the solution itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from calclang.ir.op import Kink

WORTH_SAYING = 1e6  # of 16 digits 10 are left, as many as a screen shows
SMALL = 100  # rows up to which a matrix is simply inverted once more
LARGEST = 10_000_000  # elements beyond which nothing is said


def condition(matrix: Any) -> float:
    """The condition number in the 1-norm once rows and columns have like sizes (those alone lose no digit), of several matrices (one per turn
    of a loop) the largest; of a matrix that is not square that of its singular values.

    >>> condition(np.array([[2.0**-600, 0.0], [0.0, 1.0]]))
    1.0
    """
    a = np.atleast_2d(matrix)
    if not a.size or a.size > LARGEST or not (a := _finite(a)).size:
        return 1.0
    a = _scaled(a)
    try:
        if a.shape[-2] != a.shape[-1]:
            return float(np.max(np.linalg.cond(a, 2)))
        return float(np.max(np.linalg.cond(a, 1))) if a.ndim > 2 or len(a) <= SMALL else _estimate(a)
    except np.linalg.LinAlgError:
        return float("inf")


def spread(matrix: Any) -> float:
    """The same of a pseudoinverse: the largest singular value over the smallest that counts."""
    a = np.atleast_2d(matrix)
    if not a.size or a.size > LARGEST or not (a := _finite(a)).size:
        return 1.0
    s = np.linalg.svd(a, compute_uv=False)
    counts = s > max(a.shape[-2:]) * 2.0**-52 * s[..., :1]
    return float(np.max(s[..., :1] / np.where(counts, s, s[..., :1]), initial=1.0, where=s[..., :1] > 0))


def _finite(a: Any) -> Any:
    """Of several matrices the finite ones: what is nan was not looked at."""
    whole = np.isfinite(a).all(axis=(-2, -1))
    return a if whole.all() else a[whole]


def _scaled(a: Any) -> Any:
    """Rows, then columns divided by powers of two, so that their largest elements lie between 1 and 2."""
    for axis in (-1, -2):
        largest = np.max(np.abs(a), axis=axis, keepdims=True)
        a = a / np.exp2(np.floor(np.log2(np.where(largest > 0, largest, 1.0))))
    return a


def _estimate(a: Any) -> float:
    """Higham's estimate on the LU factors (LAPACK's gecon): a matrix is factored, not inverted."""
    from scipy.linalg.lapack import dgecon, dgetrf

    factors, _, singular = dgetrf(a)
    if singular:
        return float("inf")
    reciprocal, _ = dgecon(factors, np.linalg.norm(a, 1))
    return float(1 / reciprocal) if reciprocal else float("inf")


SAYS = "the matrix is nearly singular"
INVERSE = Kink(lambda a: condition(a) > WORTH_SAYING, SAYS)
PSEUDOINVERSE = Kink(lambda a: spread(a) > WORTH_SAYING, SAYS)
SIZES: dict[Kink, Callable[[Any], float]] = {INVERSE: condition, PSEUDOINVERSE: spread}
