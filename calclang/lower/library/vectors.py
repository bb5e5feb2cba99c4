"""Products and functions of vectors."""

from __future__ import annotations

from calclang import errors
from calclang.ir.apply import const
from calclang.lower import products
from calclang.lower.library.given import Given, builtin
from calclang.lower.lowered import Arr
from calclang.ops import ROWS
from calclang.ops.contraction import contract, stretch


def _pair(given: Given) -> tuple[Arr, Arr]:
    a, b = given.vector(0), given.vector(1)
    if a.shape != b.shape:
        raise given.misfit(1, f"in {Arr(a.node).words()} like the first", Arr(b.node).words()).of_sizes((a.shape[0], b.shape[0]))
    return a, b


@builtin("dot(x, y)", "The inner product x' * y.", "dot([1, 2], [3, 4])", least=2, group="linear algebra")
def dot(given: Given) -> Arr:
    a, b = _pair(given)
    return Arr(contract([a.node, b.node], ["i", "i"], ""))


@builtin("outer(x, y)", "The outer product x * y', a matrix.", "outer([1, 2], [3, 4])", least=2, group="linear algebra")
def outer(given: Given) -> Arr:
    return Arr(contract([given.vector(0).node, given.vector(1).node], ["i", "j"], "ij"))


@builtin("cross(x, y)", "The cross product of two vectors in R^3.", "cross([1, 0, 0], [0, 1, 0])", least=2, group="linear algebra")
def cross(given: Given) -> Arr:
    a, b = _pair(given)
    if a.shape != (3,):
        raise given.misfit(0, "a vector in R^3", a.words()).of_sizes((a.shape[0], 3))
    x, y = ([ROWS["take"](v.node, params=((k,),)) for k in range(3)] for v in (a, b))
    parts = [x[i] * y[j] - x[j] * y[i] for i, j in ((1, 2), (2, 0), (0, 1))]
    return Arr(ROWS["stack"](*parts, params=(0,)), a.row)


@builtin("normalize(x)", "The vector of length 1 in the direction of x.", "normalize([3, 4])", least=1, group="linear algebra")
def normalize(given: Given) -> Arr:
    x = given.vector(0)
    return Arr(x.node / ROWS["norm"](x.node), x.row)


@builtin("delta(i, j)", "The Kronecker delta: 1 where i equals j, else 0.", "delta(1, 1)", least=2, group="linear algebra")
def delta(given: Given) -> Arr:
    a, b, row = products.stretched("delta", given.array(0), given.array(1), given.span, given.span)
    mask = ROWS["equal"](a, b)
    return Arr(ROWS["select"](mask, stretch(const(1.0), mask.shape), stretch(const(0.0), mask.shape)), row)


def vector_row(name: str, group: str, least: int = 0) -> None:
    """A function of a vector that is a row; what it says of itself stands there. ``least``: how many elements it needs."""
    row = ROWS[name]

    def body(given: Given) -> Arr:
        x = given.vector(0)
        if least and x.shape == (0,):
            raise errors.empty_reduction(name, given.span)
        made = row(x.node)
        return Arr(made, x.row and made.rank == 1)

    builtin(f"{name}(x)", row.doc, row.example, least=1, group=group)(body)


for _name in ("softmax", "logsumexp"):
    vector_row(_name, "learning", 1)
