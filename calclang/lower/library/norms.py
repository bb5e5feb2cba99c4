"""The length of a vector and the norms of a matrix."""

from __future__ import annotations

from math import inf

from calclang import errors
from calclang.lower.library.factorisations import singular_values
from calclang.lower.library.given import Given, builtin, flat
from calclang.lower.lowered import Arr, Str
from calclang.ops import ROWS
from calclang.ops.contraction import contract
from calclang.ops.vectors import p_norm


@builtin("norm(x, p)", "The length of a vector (p = 2), or its p-norm (1, inf, p >= 1). Of a matrix by all its elements (\"fro\", also without p), its columns (1), its rows (inf), or its largest stretch (2).", "norm([3, 4])", least=1, most=2, group="linear algebra")  # fmt: skip
def norm(given: Given) -> Arr:
    x = given.entire(0)
    if not x.rank:
        return Arr(ROWS["abs"](x.node))
    by_elements = len(given) == 1 or _is_frobenius(given)
    if x.rank > 1 and not by_elements:
        return _of_matrix(given, x)
    if x.rank == 2:
        return Arr(ROWS["frobenius"](x.node))
    p = 2.0 if by_elements else given.number(1)
    if not p >= 1:
        raise errors.bad_norm(p, given.span).about(given.arguments[1])
    vector = flat(x)
    return Arr(p_norm(vector, 1.0 if vector.shape == (0,) else p))  # every norm of nothing is 0


def _is_frobenius(given: Given) -> bool:
    p = given.arguments[1]
    if isinstance(p, Str) and p.value != "fro":
        raise errors.norm_text(p.value, given.span).about(p)
    return isinstance(p, Str)


def _of_matrix(given: Given, x: Arr) -> Arr:
    """The largest sum of a column (1) or a row (inf), the largest singular value (2)."""
    p = given.number(1)
    if x.rank > 2 or p not in (1, 2, inf):
        raise errors.matrix_norm(p, given.span).about(given.arguments[1])
    if 0 in x.shape:
        raise errors.empty_reduction("norm", given.span)
    if p == 2:
        return Arr(ROWS["take"](singular_values(x.node), params=((0,),)))
    return Arr(ROWS["largest"](contract([ROWS["abs"](x.node)], ["ij"], "j" if p == 1 else "i")))
