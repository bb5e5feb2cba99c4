"""Stacks of matrices: what NumPy and SciPy do one at a time, or one after the other, is done for all matrices of a stack together.

Leading axes. Those that elements of a comprehension have come first, those of directions follow; where an array has fewer of them than another
one, it has the same values along the last.
"""

from __future__ import annotations

from collections.abc import Callable
from math import factorial, prod
from typing import Any

import numpy as np


def spread(xp: Any, x: Any, own: int, lead: int) -> Any:
    """x, whose last ``own`` axes are its own, with ``lead`` axes before them: axes of length 1 stand in for those that it lacks."""
    shape = xp.shape(x)
    at = len(shape) - own
    return xp.reshape(x, (*shape[:at], *(1,) * (lead - at), *shape[at:]))


def right_sides(xp: Any, b: Any, lead: int) -> tuple[Any, tuple[int, ...]]:
    """Vectors b for matrices with ``lead`` axes before their own: ``(…, sides, n)``, all sides of a matrix together, and the axes that they had."""
    b = spread(xp, b, 1, max(lead, xp.ndim(b) - 1))
    shape = xp.shape(b)
    return xp.reshape(b, (*shape[:lead], prod(shape[lead:-1]), shape[-1])), shape[lead:-1]


def of_finite(f: Callable[[Any], Any], a: Any) -> Any:
    """f of each matrix, and nan for those with an infinity or a nan: LAPACK does not come to an end on them."""
    finite = np.isfinite(a).all(axis=(-1, -2))
    with np.errstate(all="ignore"):
        if finite.all():
            return f(a)
        made = f(np.where(finite[..., None, None], a, np.eye(*np.shape(a)[-2:])))
    return np.where(np.reshape(finite, np.shape(finite) + (1,) * (np.ndim(made) - np.ndim(finite))), made, np.nan)


def slices(f: Callable[[Any], Any], a: Any) -> Any:
    """f of one matrix after the other, for what SciPy does one at a time."""
    lead, own = np.shape(a)[:-2], np.shape(a)[-2:]
    made = [f(one) for one in np.reshape(a, (-1, *own))] if 0 not in own else []
    return np.reshape(np.stack(made), (*lead, *np.shape(made[0]))) if made else np.zeros(np.shape(a))


def norms(a: Any) -> Any:
    """The largest sum of a column, of each matrix."""
    return np.max(np.sum(abs(a), axis=-2), axis=-1, initial=0.0)


# ---- the exponential ----

DEGREE, LARGEST = 13, 5.371920351148152  # the Padé approximant of exp, and the norm up to which it is right to rounding (Higham 2005)
_PADE = [factorial(2 * DEGREE - j) / (factorial(j) * factorial(DEGREE - j)) for j in range(DEGREE + 1)]


def expm(a: Any) -> Any:
    """The exponential of each matrix by scaling and squaring (N. Higham, "The scaling and squaring method for the matrix exponential
    revisited", 2005)."""
    halvings = _halvings(norms(a) / LARGEST)
    even, odd = _pade(np.ldexp(a, -halvings[..., None, None]))
    power = np.eye(a.shape[-1]) + np.linalg.solve(even - odd, 2 * odd)  # so small elements beside the diagonal keep their digits
    for k in range(int(np.max(halvings, initial=0))):
        more = halvings > k
        power[more] = power[more] @ power[more]
    return np.where(np.isnan(power), np.inf, power)  # of a matrix of numbers only an overflow makes a nan


def _halvings(size: Any) -> Any:
    """How often each number must be halved until it is at most 1."""
    fraction, exponent = np.frexp(size)
    return np.maximum(exponent - (fraction == 0.5), 0)


def _pade(a: Any) -> tuple[Any, Any]:
    """The even and the odd part of the numerator; those of the denominator are the same, but for a sign. With six products (Higham 2005)."""
    unit, b = np.eye(a.shape[-1]), [float(c / _PADE[-1]) for c in _PADE]
    a2 = a @ a
    a4 = a2 @ a2
    a6 = a4 @ a2
    even = a6 @ (b[12] * a6 + b[10] * a4 + b[8] * a2) + b[6] * a6 + b[4] * a4 + b[2] * a2 + b[0] * unit
    odd = a6 @ (b[13] * a6 + b[11] * a4 + b[9] * a2) + b[7] * a6 + b[5] * a4 + b[3] * a2 + b[1] * unit
    return even, a @ odd


# ---- the logarithm ----

NEAR, POINTS = 0.25, 8  # so near to the identity the approximant of degree 8 is right to rounding (Higham 2008, table 11.1)
MOST_ROOTS = 60


def logm(a: Any, root: Callable[[Any], Any]) -> Any:
    """The logarithm of each matrix by square roots until all are near to the identity, and an approximant there (N. Higham, "Functions of
    Matrices", 2008, chapter 11)."""
    unit, power, roots = np.eye(a.shape[-1]), np.array(a), np.zeros(a.shape[:-2], dtype=int)
    rest = power - unit
    for _ in range(MOST_ROOTS):
        far = norms(rest) > NEAR
        if not far.any():
            break
        power[far] = root(power[far])
        rest[far] = np.linalg.solve(power[far] + unit, rest[far])  # X - I = (X^2 - I)/(X + I), without cancellation (A. Al-Mohy, 2012)
        roots[far] += 1
    places, weights = np.polynomial.legendre.leggauss(POINTS)
    total = np.zeros_like(power)
    for x, w in zip((places + 1) / 2, weights / 2, strict=True):
        total += w * np.linalg.solve(unit + x * rest, rest)
    return np.ldexp(total, roots[..., None, None])


# ---- least squares ----


def least_squares(a: Any, b: Any) -> tuple[Any, Any]:
    """The shortest of the vectors that make ``A x - b`` shortest, by singular values, for every right side; and whether the rank of each
    matrix is full."""
    m, n = a.shape[-2:]
    u, s, vt = np.linalg.svd(a, full_matrices=False)
    full = s[..., -1] > s[..., 0] * max(m, n) * 2.0**-52 if s.shape[-1] else np.ones(a.shape[:-2], dtype=bool)
    return (b @ u / s[..., None, :]) @ vt, full
