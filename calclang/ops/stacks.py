"""Stacks of matrices: what NumPy and SciPy do one at a time, or one after the other, is done for all matrices of a stack together.

Leading axes. Those that elements of a comprehension have come first, those of directions follow; where an array has fewer of them than another
one, it has the same values along the last.
"""

from __future__ import annotations

from collections.abc import Callable
from math import prod
from typing import Any

import numpy as np

from calclang.ops.namespaces import shows

SHORT = 10  # numbers of an array that NumPy handles slower than calling it for each of these numbers of many arrays
MANY = 256  # arrays from which that is so


def many_short(x: Any, own: int) -> bool:
    """Whether an array is a stack of many short ones, whose axes are the last ``own`` ones."""
    shape = np.shape(x)
    return len(shape) > own and 0 < prod(shape[len(shape) - own :]) <= SHORT and prod(shape[: len(shape) - own]) >= MANY


def laid(x: Any) -> Any:
    """A stack along the first axis. Of many short arrays the first numbers lie together, then the second ones, and so on: NumPy goes along what lies
    together, and takes 10 to 50 times as long for many short ways as for a few long ones.

    >>> x = np.ones((1_000, 3))
    >>> laid(x).strides, laid(x.T).strides
    ((8, 8000), (8, 24))
    """
    return np.asfortranarray(x) if many_short(x, np.ndim(x) - 1) else x


def accumulated(xp: Any, how: str, x: Any) -> Any:
    """Running sums or products along the last axis.

    >>> accumulated(np, "prod", np.array([2.0, 3.0, 4.0])).tolist()
    [2.0, 6.0, 24.0]
    """
    if not shows(xp) or not many_short(x, 1):
        return getattr(xp, f"cum{how}")(x, axis=-1)
    pair = {"sum": np.add, "prod": np.multiply}[how]
    result = np.array(x)
    for k in range(1, x.shape[-1]):
        pair(result[..., k - 1], result[..., k], out=result[..., k])
    return result


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


def least_squares(a: Any, b: Any) -> tuple[Any, Any]:
    """The shortest of the vectors that make ``A x - b`` shortest, by singular values, for every right side; and whether the rank of each
    matrix is full."""
    m, n = a.shape[-2:]
    u, s, vt = np.linalg.svd(a, full_matrices=False)
    full = s[..., -1] > s[..., 0] * max(m, n) * 2.0**-52 if s.shape[-1] else np.ones(a.shape[:-2], dtype=bool)
    return (b @ u / s[..., None, :]) @ vt, full
