"""The few products that tangents of matrix functions are written with. Matrices may have leading extra axes: directions."""

from __future__ import annotations

from typing import Any

from calclang.ir.dim import Dim
from calclang.ir.node import Node
from calclang.ops.base import Row, linear
from calclang.ops.contraction import contract
from calclang.ops.linear_algebra import factor_solve
from calclang.ops.structure import Place, concat, take


def _extra(x: Node, rank: int, letter: str) -> list[str]:
    return [f"{letter}{i}" for i in range(x.rank - rank)]


def mm(a: Node, b: Node) -> Node:
    """A B; at most one of both has extra axes."""
    da, db = _extra(a, 2, "a"), _extra(b, 2, "b")
    return contract([a, b], [[*da, "i", "k"], [*db, "k", "j"]], [*da, *db, "i", "j"])


def tr(a: Node) -> Node:
    """A'."""
    extra = _extra(a, 2, "a")
    return contract([a], [[*extra, "i", "j"]], [*extra, "j", "i"])


def times(weights: Node, a: Node) -> Node:
    """Element by element; the weights have no extra axes."""
    extra = _extra(a, 2, "a")
    return contract([weights, a], ["ij", [*extra, "i", "j"]], [*extra, "i", "j"])


def columns(a: Node, v: Node) -> Node:
    """A diag(v); v has no extra axes."""
    extra = _extra(a, 2, "a")
    return contract([a, v], [[*extra, "i", "j"], "j"], [*extra, "i", "j"])


def diagonal(a: Node) -> Node:
    """The diagonal as a vector."""
    extra = _extra(a, 2, "a")
    return contract([a], [[*extra, "i", "i"]], [*extra, "i"])


def left(a: Node, b: Node) -> Node:
    """A^-1 B; A has no extra axes."""
    return tr(factor_solve(a, tr(b)))


def right(b: Node, a: Node) -> Node:
    """B A^-1; A has no extra axes."""
    return factor_solve(tr(a), b)


def _lower_eval(xp: Any, a: Any, on_diagonal: float) -> Any:
    m, n = xp.shape(a)[-2:]
    return a * (xp.tri(m, n, -1) + on_diagonal * xp.eye(m, n))


lower: Row = linear(
    "lower",
    eval=_lower_eval,
    transpose=lambda k, g, a, y, on_diagonal: lower(g, params=(on_diagonal,)),
    signature="(m,n)->(m,n)",
    hidden=True,
    doc="The part of a matrix below its diagonal, and the diagonal times a number.",
)


def below(a: Node, on_diagonal: float) -> Node:
    """The part below the diagonal, and the diagonal times a number."""
    return lower(a, params=(on_diagonal,))


def symmetric(a: Node) -> Node:
    """(A + A')/2."""
    return 0.5 * (a + tr(a))


def rows(a: Node, start: Dim, stop: Dim) -> Node:
    """Some of the rows."""
    whole: Place = (start, stop, 1)
    return a if (start, stop) == (0, a.shape[-2]) else take(a, params=((whole, None),))


def some_columns(a: Node, start: Dim, stop: Dim) -> Node:
    """Some of the columns."""
    whole: Place = (start, stop, 1)
    return a if (start, stop) == (0, a.shape[-1]) else take(a, params=((None, whole),))


def beside(a: Node, b: Node) -> Node:
    """[A, B]."""
    return concat(a, b, params=(1,)) if b.shape[-1] != 0 else a


def above(a: Node, b: Node) -> Node:
    """[A; B]."""
    return concat(a, b, params=(2,)) if b.shape[-2] != 0 else a
