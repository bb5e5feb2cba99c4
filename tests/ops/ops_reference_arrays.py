"""What every row on arrays should give, in high precision, from definitions and from mpmath; and power series of anything along a line.

Arrays are NumPy's, of numbers of mpmath.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from typing import Any

import mpmath as mp
import numpy as np


def exact(x: Any) -> Any:
    """An array of numbers in high precision, or one number; masks and places stay as they are."""
    x = np.asarray(x)
    if x.shape == () and x.dtype.kind == "f":
        return mp.mpf(float(x))
    return np.array([mp.mpf(float(v)) for v in x.flat], dtype=object).reshape(x.shape) if x.dtype.kind == "f" else x


def expansion(f: Callable[[Any], Any], order: int) -> list[Any]:
    """The coefficients 0, …, order of f(t) at 0, from differences in so many digits that nothing is lost."""
    with mp.workdps(25 * order + 40):
        h = mp.mpf(10) ** -25
        values = [np.array(f(j * h), dtype=object) for j in range(order + 1)]
        found = []
        for k in range(order + 1):
            found.append(values[0] / (h**k * mp.factorial(k)))
            values = [b - a for a, b in itertools.pairwise(values)]
        return [c.astype(float) if isinstance(c, np.ndarray) else np.asarray(float(c)) for c in found]


def by_mpmath(f: Callable[..., Any]) -> Callable[..., Any]:
    """A function of matrices of mpmath as one of arrays."""

    def of_arrays(a: Any, *rest: Any) -> Any:
        made = f(mp.matrix(a.tolist()), *rest)
        return np.array(made.tolist(), dtype=object) if isinstance(made, mp.matrix) else made

    return of_arrays


inverse = by_mpmath(lambda a: a**-1)
determinant = by_mpmath(mp.det)


def packed(*parts: Any) -> Any:
    return np.concatenate([np.ravel(p) for p in parts])


def each_side(solver: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    """For every right side, which are the last axis."""
    return lambda a, b: np.apply_along_axis(lambda side: solver(a, side), -1, b)


def gram_schmidt(a: Any) -> Any:
    """A = Q R with a positive diagonal of R."""
    columns: list[Any] = []
    for column in a.T[: a.shape[0]]:
        for q in columns:
            column = column - q * (q @ column)
        columns.append(column / length(column))
    q = np.array(columns).T
    return packed(q, _upper(q.T @ a))


def _upper(a: Any) -> Any:
    return np.array([[mp.mpf(0) if i > j else v for j, v in enumerate(row)] for i, row in enumerate(a)], dtype=object)


def elimination(a: Any) -> Any:
    """P A = L U with the largest pivots."""
    (m, n), u, p = a.shape, a.copy(), np.eye(len(a)) + 0.0
    k = min(m, n)
    l = np.array([[mp.mpf(0)] * k for _ in range(m)], dtype=object)
    for j in range(k):
        swap = [j, max(range(j, m), key=lambda i: abs(u[i, j]))]
        for x in (u, l, p):
            x[swap] = x[swap[::-1]]
        l[j, j] = mp.mpf(1)
        for i in range(j + 1, m):
            l[i, j] = u[i, j] / u[j, j]
            u[i] = u[i] - l[i, j] * u[j]
    return packed(l, _upper(u[:k]), p)


def turned(v: Any) -> Any:
    """The signs that make the first element of each column that is more than half of its largest positive."""
    return np.array([mp.sign(next(x for x in column if abs(x) > max(abs(column)) / 2)) for column in v.T], dtype=object)


def eigenpairs(values: Any, vectors: Any) -> Any:
    """In ascending order, the vectors of length 1, once for the program and once for slopes."""
    w = np.array([mp.re(x) for x in values], dtype=object)
    v = np.array([[mp.re(x) for x in row] for row in vectors.tolist()], dtype=object)[:, np.argsort(w)]
    v = v / np.array([length(column) for column in v.T])
    v = v * turned(v)
    return packed(np.sort(w), v, v)


def singular(a: Any) -> Any:
    u, s, vt = (np.array(x.tolist(), dtype=object) for x in mp.svd_r(mp.matrix(a.tolist()), full_matrices=False))
    u, v = u * turned(u), vt.T * turned(u)
    return packed(u, s, v, u, v)


def length(x: Any) -> Any:
    return mp.sqrt(np.sum(x * x))


def exponentials(x: Any) -> Any:
    return np.array([mp.exp(v) for v in x], dtype=object)


def minor(x: Any, i: int, j: int) -> Any:
    return determinant(np.delete(np.delete(x, i, 0), j, 1)) if len(x) > 1 else mp.mpf(1)


def cofactors(x: Any) -> Any:
    n = len(x)
    return np.array([[(-1) ** (i + j) * minor(x, i, j) for j in range(n)] for i in range(n)], dtype=object)


def change_of_determinant(x: Any, *directions: Any) -> Any:
    """Some rows of x in turn replaced by those of the directions: the cofactors of the row that is left for the first direction."""
    if directions[0].ndim > 2:
        return np.array([change_of_determinant(x, *each) for each in zip(*directions, strict=True)], dtype=object)
    total = 0 * x
    for open_row, *replaced in itertools.permutations(range(len(x)), len(directions) + 1):
        moved = x.copy()
        for i, e in zip(replaced, directions, strict=True):
            moved[i] = e[i]
        total[open_row] = total[open_row] + cofactors(moved)[open_row]
    return total


def others(x: Any, k: int) -> Any:
    """Products of all elements but k distinct ones."""
    made = np.full((len(x),) * k, mp.mpf(0), dtype=object)
    for left_out in itertools.permutations(range(len(x)), k):
        made[left_out] = mp.fprod(v for i, v in enumerate(x) if i not in left_out)
    return made


def shared(x: Any, w: Any, corner: bool) -> Any:
    return np.array([mp.mpf(0) if corner and w[i] == 0 else np.mean([v for v, u in zip(x, w, strict=True) if u == w[i]]) for i in range(len(x))])


def recurrence(a: Any, b: Any) -> Any:
    return np.array(list(itertools.accumulate(zip(a, b, strict=True), lambda t, ab: ab[0] * t + ab[1], initial=mp.mpf(0)))[1:], dtype=object)


def contraction(*rest: Any) -> Any:
    """The sum over all labels of the products of elements."""
    *factors, spec = rest
    sizes = dict(spec.free)
    for labels, factor in zip(spec.labels, factors, strict=True):
        sizes |= dict(zip(labels, factor.shape, strict=True))
    made = np.full([sizes[l] for l in spec.out], mp.mpf(0), dtype=object)
    for places in itertools.product(*(range(n) for n in sizes.values())):
        at = dict(zip(sizes, places, strict=True))
        made[tuple(at[l] for l in spec.out)] += spec.coef * mp.fprod(f[tuple(at[l] for l in ls)] for f, ls in zip(factors, spec.labels, strict=True))
    return made


def read(places: Sequence[Any]) -> tuple[Any, ...]:
    """A read as an index of NumPy."""
    return tuple(slice(None) if p is None else p if isinstance(p, int) else list(p[1:]) if p[0] == "at" else slice(*p) for p in places)


def added(g: Any, at: Any, shape: tuple[int, ...]) -> Any:
    """Parts added at places of an array of zeros."""
    made = np.full(shape, mp.mpf(0), dtype=object)
    np.add.at(made, at, g)
    return made


def starts(layout: Sequence[tuple[int, ...]]) -> list[int]:
    return [0, *itertools.accumulate(int(np.prod(s)) for s in layout)]


def placed(g: Any, k: int, layout: Sequence[tuple[int, ...]]) -> Any:
    made = np.full(starts(layout)[-1], mp.mpf(0), dtype=object)
    made[starts(layout)[k] : starts(layout)[k + 1]] = g.ravel()
    return made


def pseudoinverse(a: Any) -> Any:
    return inverse(a.T @ a) @ a.T if a.shape[0] >= a.shape[1] else a.T @ inverse(a @ a.T)


ARRAY_REFERENCE: dict[str, Callable[..., Any]] = {
    "contract": contraction, "largest": max, "smallest": min, "share": lambda x, y: np.array([mp.mpf(v == y) / sum(x == y) for v in x]),
    "norm": length, "frobenius": length, "norm_power": lambda x, p, c=1, d=1: (c * length(x) / d) ** p, "frobenius_power": lambda x, p, c=1, d=1: (c * length(x) / d) ** p,
    "general_norm": lambda x, p: sum(abs(v) ** p for v in x) ** (1 / mp.mpf(p)),
    "mean": lambda x, rank: sum(x.ravel()) / x.size, "prod": mp.fprod, "coprod": others, "part": lambda x, k, layout: x[starts(layout)[k] : starts(layout)[k + 1]].reshape(layout[k]), "place": placed,
    "pack": lambda a, b, layout: packed(a, b), "factor_solve": each_side(lambda a, b: inverse(a) @ b), "solve": each_side(lambda a, b: inverse(a) @ b),
    "lower": lambda a, d: np.array([[v if i > j else d * v if i == j else mp.mpf(0) for j, v in enumerate(row)] for i, row in enumerate(a)], dtype=object),
    "cholesky": by_mpmath(mp.cholesky), "qr": gram_schmidt, "lu": elimination, "eigh": lambda a: eigenpairs(*mp.eigsy(mp.matrix(a.tolist()))),
    "eig": lambda a: eigenpairs(*mp.eig(mp.matrix(a.tolist()))), "svd": singular, "shared": shared, "cond": lambda s: s[0] / s[-1],
    "gaps": lambda w, asked: np.array([[mp.mpf(0) if i == j else 1 / (w[j] - w[i]) for j in range(len(w))] for i in range(len(w))], dtype=object),
    "rank": lambda a: mp.mpf(sum(s > 1e-12 for s in mp.svd_r(mp.matrix(a.tolist()), compute_uv=False))),
    "expm": by_mpmath(mp.expm), "logm": by_mpmath(mp.logm), "sqrtm": by_mpmath(mp.sqrtm), "pinv": pseudoinverse,
    "reverse": lambda x: np.array(x[::-1]), "order": lambda x: np.array([mp.mpf(i) for i in sorted(range(len(x)), key=lambda i: x[i])]), "sort": lambda x: np.array(sorted(x)),
    "arrange": lambda x, places: x[[int(p) for p in places]],
    "argmax": lambda x: mp.mpf(1 + list(x).index(max(x))), "argmin": lambda x: mp.mpf(1 + list(x).index(min(x))),
    "cumsum": lambda x: np.array([mp.fsum(x[: i + 1]) for i in range(len(x))]), "diff": lambda x: np.array([b - a for a, b in itertools.pairwise(x)], dtype=object),
    "later": lambda x: np.array([mp.mpf(0), *x[:-1]]), "cumprod": lambda x: np.array([mp.fprod(x[: i + 1]) for i in range(len(x))]), "follow": recurrence,
    "softmax": lambda x: exponentials(x) / sum(exponentials(x)), "weights": lambda x: exponentials(x) / sum(exponentials(x)),
    "logsumexp": lambda x: mp.log(sum(exponentials(x))), "centred": lambda dx, p: p * (dx - p @ dx),
    "inv": inverse, "det": determinant, "logdet": lambda a: mp.log(determinant(a)), "cofactor": cofactors, "det_change": change_of_determinant,
    "least_squares": each_side(lambda a, b: pseudoinverse(a) @ b),
    "take": lambda x, places: x[read(places)], "put": lambda g, places, shape: added(g, read(places), shape),
    "stack": lambda a, b, rank: np.array([a, b]), "concat": lambda a, b, axis: np.array([*a, *b]), "reshape": lambda x, rank, shape: np.array([x[:3], x[3:]]),
    "gather": lambda x, at, rest: x[at], "scatter": lambda g, at, size, rest: added(g, at, (size, *g.shape[1:])), "select": lambda c, a, b: np.array([x if q else y for q, x, y in zip(c, a, b, strict=True)]),
}  # fmt: skip
