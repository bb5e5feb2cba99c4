"""Products, inverses and norms."""

from __future__ import annotations

from calclang.lower import products
from calclang.lower.library.given import Given, builtin
from calclang.lower.lowered import Arr
from calclang.ops import ROWS
from calclang.ops.contraction import contract


@builtin("kron(A, B)", "The Kronecker product: blocks A[i,j]*B.", "kron(eye(2), [1, 2; 3, 4])", least=2, group="linear algebra")  # fmt: skip
def kron(given: Given) -> Arr:
    a, b = given.matrix(0), given.matrix(1)
    blocks = contract([a.node, b.node], ["ij", "kl"], "ikjl")
    return Arr(ROWS["reshape"](blocks, params=(4, (a.shape[0] * b.shape[0], a.shape[1] * b.shape[1]))))


@builtin("tr(A)", "The trace: the sum of the diagonal.", "tr([1, 2; 3, 4])", least=1, group="linear algebra")
def trace(given: Given) -> Arr:
    return Arr(contract([given.square(0).node], ["ii"], ""))


@builtin("transpose(A)", "The transpose A'.", "transpose([1, 2; 3, 4])", least=1, group="linear algebra")
def transposed(given: Given) -> Arr:
    return products.transposed(given.array(0), given.span)


@builtin("solve(A, b)", "The solution x of A*x = b, also written A \\ b.", "solve([2, 0; 0, 4], [2, 4])", least=2, group="linear algebra")
def solve(given: Given) -> Arr:
    return products.solve(given.lowering.trace, given.array(0), given.array(1), given.span, given.span)


def _square_row(name: str, doc: str, example: str) -> None:
    """A matrix function that is a row."""

    def body(given: Given) -> Arr:
        x = given.array(0)
        if x.kind == "vector" and x.shape == (1,):  # [a] serves as the 1×1 matrix that it looks like
            made = ROWS[name](ROWS["reshape"](x.node, params=(1, (1, 1))))
            return Arr(ROWS["reshape"](made, params=(2, (1,))) if made.rank else made)
        matrix = given.square(0).node
        if name == "inv":
            given.lowering.trace.inverted(matrix)
        return Arr(ROWS[name](matrix))

    builtin(f"{name}(A)", doc, example, least=1, group="linear algebra")(body)


_square_row("inv", "The inverse of a square matrix.", "inv([2, 0; 0, 4])")
_square_row("det", "The determinant of a square matrix.", "det([1, 2; 3, 4])")
_square_row("logdet", "The logarithm of a positive determinant, without overflow.", "logdet([2, 0; 0, 3])")
