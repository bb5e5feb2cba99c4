"""Products, inverses and norms."""

from __future__ import annotations

from collections.abc import Callable

from calclang.ir.node import Node
from calclang.lower import products
from calclang.lower.conditions import INVERSE, PSEUDOINVERSE
from calclang.lower.library.given import Given, builtin
from calclang.lower.lowered import Arr
from calclang.lower.trace import Trace
from calclang.ops import ROWS
from calclang.ops.contraction import contract


@builtin("kron(A, B)", "The Kronecker product: blocks A[i,j]*B; a vector counts as one column, a row as one row.", "kron(eye(2), [1, 2; 3, 4])", least=2, group="linear algebra")  # fmt: skip
def kron(given: Given) -> Arr:
    a, b = given.array(0), given.array(1)
    if a.kind == b.kind and a.rank == 1:
        blocks = contract([a.node, b.node], ["i", "k"], "ik")
        return Arr(ROWS["reshape"](blocks, params=(2, (a.shape[0] * b.shape[0],))), a.row)
    a, b = given.upright(0), given.upright(1)
    blocks = contract([a.node, b.node], ["ij", "kl"], "ikjl")
    return Arr(ROWS["reshape"](blocks, params=(4, (a.shape[0] * b.shape[0], a.shape[1] * b.shape[1]))))


@builtin("tr(A)", "The trace: the sum of the diagonal.", "tr([1, 2; 3, 4])", least=1, group="linear algebra")
def trace(given: Given) -> Arr:
    return Arr(contract([given.square(0).node], ["ii"], ""))


@builtin("transpose(A)", "The transpose A'.", "transpose([1, 2; 3, 4])", least=1, group="linear algebra")
def transposed(given: Given) -> Arr:
    return products.transposed(given.entire(0), given.span)


@builtin("solve(A, b)", "The solution x of A*x = b, also written A \\ b; of a tall matrix the least squares, of a wide one the shortest.", "solve([2, 0; 0, 4], [2, 4])", least=2, group="linear algebra")
def solve(given: Given) -> Arr:
    return products.solve(given.lowering.trace, given.array(0), given.array(1), given.span, given.span)


def _matrix_row(name: str, square: bool = True) -> None:
    """Enter a function of a matrix that is a row. Of a vector with one element its matrix is such a vector again."""
    row = ROWS[name]

    def body(given: Given) -> Arr:
        matrix = (given.square(0) if square else given.matrix(0)).node
        if watch := WATCHED.get(name):
            watch(given.lowering.trace, matrix)
        made = row(matrix)
        return Arr(ROWS["reshape"](made, params=(2, (1,))) if made.rank and given.array(0).rank == 1 else made)

    builtin(f"{name}(A)", row.doc, row.example, least=1, group="linear algebra")(body)


def _inverse(trace: Trace, matrix: Node) -> None:
    trace.records.inverted(INVERSE, matrix, ROWS["inv"](matrix))


# What loses digits: an inverse, a pseudoinverse, and the inverse that is the slope of a logarithm of a determinant.
WATCHED: dict[str, Callable[[Trace, Node], None]] = {
    "inv": _inverse,
    "pinv": lambda trace, matrix: trace.records.inverted(PSEUDOINVERSE, matrix),
    "logdet": lambda trace, matrix: _inverse(trace, matrix) if trace.derivatives else None,
}

for _name in ("det", "logdet", "inv", "cholesky", "expm", "logm", "sqrtm"):
    _matrix_row(_name)
for _name in ("pinv", "rank"):
    _matrix_row(_name, square=False)
