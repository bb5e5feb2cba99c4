"""Matrix functions. Their local derivatives are index patterns, spliced and never formed; `solve` has tangents instead.

Rules: M. Giles, "Collected matrix derivative results for forward and reverse mode algorithmic differentiation", 2008.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from calclang.ir.node import Node
from calclang.ops.base import Pattern, Row, custom
from calclang.ops.contraction import contract, transpose
from calclang.ops.namespaces import shows
from calclang.ops.series import Coefficient, Series
from calclang.ops.stacks import right_sides


def _all_nan(xp: Any, a: Any) -> Any:
    """A matrix that has a nan is one through and through: elimination around a lone one may end with a zero, and call it singular."""
    return xp.where(xp.any(xp.isnan(a), axis=(-1, -2), keepdims=True), xp.nan, a)


def _scaled(xp: Any, a: Any) -> tuple[Any, Any]:
    """A matrix over a power of two near its size, and the exponent: so an inverse that is too large is infinite where it is, not nan
    everywhere."""
    a = _all_nan(xp, a)
    _, e = xp.frexp(xp.max(abs(a), axis=(-1, -2), initial=0.0))
    return xp.ldexp(a, -e[..., None, None]), -e[..., None]


def _inv_eval(xp: Any, a: Any) -> Any:
    scaled, e = _scaled(xp, a)
    return xp.ldexp(xp.linalg.inv(scaled), e[..., None])


inv = custom(
    "inv",
    work=2,
    eval=_inv_eval,
    pattern=lambda x, y: Pattern((y, y), ("ik", "lj"), "ij", "kl", -1.0),  # d(X^-1) = -X^-1 dX X^-1
    signature="(n,n)->(n,n)",
    reliable=False,
    doc="Inverse of a square matrix.",
    example="inv([2, 0; 0, 4])",
)


def _logdet(xp: Any, a: Any) -> Any:
    """log det for det > 0; nan for det < 0. Raises `numpy.linalg.LinAlgError` where a matrix is singular."""
    sign, size = xp.linalg.slogdet(_all_nan(xp, a))
    if shows(xp) and np.any(sign == 0):
        raise np.linalg.LinAlgError("Singular matrix")
    return xp.where(sign < 0, xp.nan, size)


logdet = custom(
    "logdet",
    work=2 / 3,
    partial=True,
    eval=_logdet,
    pattern=lambda x, y: Pattern((inv(x),), ("ji",), "", "ij"),  # d log det X = tr(X^-1 dX)
    signature="(n,n)->()",
    reliable=False,
    facts={"undefined": "needs a matrix whose determinant is positive, but that of this one is negative"},
    doc="Logarithm of a determinant that is positive, without overflow.",
    example="logdet([2, 0; 0, 4])",
)

# ---- A x = b: dx = A^-1 (db - dA x); with A'w = g the cotangents are w for b and -w x' for A ----


def _solve_eval(xp: Any, a: Any, b: Any) -> Any:
    """Each matrix is factored once, for all of its right sides."""
    a, e = _scaled(xp, a)
    sides, axes = right_sides(xp, b, xp.ndim(a) - 2)
    x = xp.ldexp(xp.swapaxes(xp.linalg.solve(a, xp.swapaxes(sides, -1, -2)), -1, -2), e[..., None])
    return xp.reshape(x, (*xp.shape(x)[:-2], *axes, xp.shape(x)[-1]))


def _extra(rank: int, letter: str) -> list[str]:
    return [f"{letter}{i}" for i in range(rank)]


def _nan_if_singular(xp: Any, a: Any, b: Any) -> Any:
    """A factorisation has a value where its derivative does not exist."""
    try:
        return _solve_eval(xp, a, b)
    except np.linalg.LinAlgError:
        return np.full(np.broadcast_shapes(np.shape(a)[:-2], np.shape(b)[:-1]) + np.shape(b)[-1:], np.nan)


def _solver(name: str, eval: Callable[..., Any] = _solve_eval, **columns: Any) -> Row:
    """A row that solves A x = b."""

    def by_matrix(da: Node, a: Node, b: Node, x: Node) -> Node:
        """-A^-1 (dA x), for every direction and every right side."""
        ds, ls = _extra(da.rank - 2, "d"), _extra(x.rank - 1, "l")
        return -row(a, contract([da, x], [[*ds, "i", "j"], [*ls, "j"]], [*ds, *ls, "i"]))

    def to_matrix(g: Node, a: Node, b: Node, x: Node) -> Node:
        """-w x', summed over the right sides."""
        ls = _extra(x.rank - 1, "l")
        os = _extra(g.rank - x.rank, "o")
        return contract([row(transpose(a), g), x], [[*os, *ls, "i"], [*ls, "j"]], [*os, "i", "j"], coef=-1.0)

    def taylor(coefs: Series, bs: Series, k: int, xs: Series) -> Coefficient:
        """Coefficient k of x from A x = b: A_0 x_k = b_k - sum_{j>=1} A_j x_{k-j}."""
        total = bs[k]
        for j in range(1, k + 1):
            a, x = coefs[j], xs[k - j]
            if a is not None and x is not None:
                ls = _extra(x.rank - 1, "l")
                term = contract([a, x], ["ij", [*ls, "j"]], [*ls, "i"])
                total = -term if total is None else total - term
        return None if total is None or coefs[0] is None else row(coefs[0], total)

    row: Row = custom(
        name, eval=eval, tangent=(by_matrix, lambda db, a, b, x: row(a, db)),
        transpose=(to_matrix, lambda g, a, b, x: row(transpose(a), g)), taylor=taylor, signature="(n,n),(n)->(n)", reliable=False, work=2 / 3, **columns,
    )  # fmt: skip
    return row


solve = _solver("solve", partial=True, doc="The solution x of A x = b for a square matrix A.", example="solve([2, 1; 1, 3], [3, 5])")
factor_solve = _solver(
    "factor_solve", _nan_if_singular, hidden=True, doc="The same with a factor of a matrix, in derivatives of factorisations: nan where it is singular."
)
