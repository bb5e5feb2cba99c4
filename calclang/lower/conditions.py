"""How many digits an inverse or a solution loses: condition numbers, estimated where they would cost more than the solution itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from calclang.ir.op import Kink

WORTH_SAYING = 1e6  # of 16 digits 10 are left, as many as a screen shows
SMALL = 400  # rows up to which a matrix is simply inverted; SciPy's threads, called beside NumPy's, would wait longer for a core than that takes
LARGEST = 10_000_000  # elements beyond which nothing is said


def condition(matrix: Any) -> float:
    """The condition number in the 1-norm once rows and columns have like sizes (those alone lose no digit), of several matrices (one per turn
    of a loop) the largest; of a matrix that is not square that of its singular values.

    >>> condition(np.array([[2.0**-600, 0.0], [0.0, 1.0]]))
    1.0
    """
    a = np.atleast_2d(matrix)
    a = a[_looked_at(a)]
    if not len(a):
        return 1.0
    a = a / (_rows(a) * _columns(a))
    try:
        if a.shape[-2] != a.shape[-1]:
            return float(np.max(np.linalg.cond(a, 2)))
        return float(np.max(np.linalg.cond(a, 1))) if len(a) > 1 or a.shape[-1] <= SMALL else _estimate(a[0])
    except np.linalg.LinAlgError:
        return float("inf")


def inverted(matrix: Any, inverse: Any) -> float:
    """The same where the inverse is known; as rows and columns are, where no digits are lost so either.

    >>> inverted(np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([[-2.0, 1.0], [1.5, -0.5]]))
    21.0
    """
    a, b = np.atleast_2d(matrix), np.atleast_2d(inverse)
    looked_at = _looked_at(a)
    a, b = (a, b) if looked_at.all() else (a[looked_at], b[looked_at])
    if not a.size:
        return 1.0
    if (size := _sizes(a, b)) <= WORTH_SAYING:
        return size
    scale = _rows(a) * _columns(a)
    return _sizes(a / scale, b * np.swapaxes(scale, -2, -1))


def _sizes(a: Any, b: Any) -> float:
    """The product of two 1-norms, of several matrices the largest."""
    return float(np.max(np.linalg.norm(a, 1, axis=(-2, -1)) * np.linalg.norm(b, 1, axis=(-2, -1))))


def spread(matrix: Any) -> float:
    """The same of a pseudoinverse: the largest singular value over the smallest that counts."""
    a = np.atleast_2d(matrix)
    a = a[_looked_at(a)]
    if not len(a):
        return 1.0
    s = np.linalg.svd(a, compute_uv=False)
    counts = s > max(a.shape[-2:]) * 2.0**-52 * s[..., :1]
    return float(np.max(s[..., :1] / np.where(counts, s, s[..., :1]), initial=1.0, where=s[..., :1] > 0))


def _looked_at(a: Any) -> Any:
    """Which of several matrices (of a single one, whether that one): those that hold finite numbers, and not too many."""
    return np.isfinite(a).all(axis=(-2, -1)) if 0 < a.size <= LARGEST else np.zeros(a.shape[:-2], bool)


def _rows(a: Any) -> Any:
    """The size of each row, as a power of two: of its largest element."""
    return _power(np.max(np.abs(a), axis=-1, keepdims=True))


def _columns(a: Any) -> Any:
    """The size of each column, once the rows are of size 1."""
    return _power(np.max(np.abs(a / _rows(a)), axis=-2, keepdims=True))


def _power(largest: Any) -> Any:
    """The power of two below; 1 for zero."""
    return np.exp2(np.floor(np.log2(np.where(largest > 0, largest, 1.0))))


def _estimate(a: Any) -> float:
    """Higham's estimate on the LU factors (LAPACK's gecon): a matrix is factored, not inverted."""
    from scipy.linalg.lapack import dgecon, dgetrf

    factors, _, singular = dgetrf(a)
    if singular:
        return float("inf")
    reciprocal, _ = dgecon(factors, np.linalg.norm(a, 1))
    return float(1 / reciprocal) if reciprocal else float("inf")


SAYS = "the matrix is nearly singular"
INVERSE = Kink(lambda a, b: inverted(a, b) > WORTH_SAYING, SAYS)
SOLUTION = Kink(lambda a: condition(a) > WORTH_SAYING, SAYS)
PSEUDOINVERSE = Kink(lambda a: spread(a) > WORTH_SAYING, SAYS)
SIZES: dict[Kink, Callable[..., float]] = {INVERSE: inverted, SOLUTION: condition, PSEUDOINVERSE: spread}
