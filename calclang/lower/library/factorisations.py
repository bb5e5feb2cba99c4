"""Factorisations of matrices. They give tuples with named parts: ``(Q, R) = qr(A)``, ``qr(A)["Q"]``."""

from __future__ import annotations

from calclang import errors
from calclang.ir.dim import known
from calclang.ir.node import Node
from calclang.lower.library.given import Given, builtin
from calclang.lower.lowered import Arr, Low, Tup
from calclang.lower.trace import Undecided
from calclang.ops import ROWS
from calclang.ops.parts import results


def _several(name: str, parts: tuple[str, ...], signature: str, example: str, square: bool) -> None:
    """A factorisation with several results."""
    row = ROWS[name]

    def body(given: Given) -> Low:
        matrix = (given.square(0) if square else given.matrix(0)).node
        if not known(matrix.shape) and matrix.shape[0] != matrix.shape[1]:
            raise Undecided(matrix)
        if 0 in matrix.shape:
            raise errors.empty_reduction(name, given.span)
        return Tup(tuple(Arr(r) for r in results(row, matrix)[: len(parts)]), parts)

    builtin(signature, row.doc, example, least=1, group="linear algebra")(body)


_several("qr", ("Q", "R"), "qr(A)", "qr([3, 1; 4, 2])", False)
_several("lu", ("L", "U", "P"), "lu(A)", "lu([1, 2; 3, 4])", False)
_several("eigh", ("values", "vectors"), "eigh(A)", "eigh([2, 1; 1, 2])", True)
_several("eig", ("values", "vectors"), "eig(A)", "eig([2, 1; 0, 3])", True)
_several("svd", ("U", "S", "V"), "svd(A)", "svd([3, 0; 4, 5])", False)


def singular_values(matrix: Node) -> Node:
    """Largest first."""
    if not known(matrix.shape) and matrix.shape[0] != matrix.shape[1]:
        raise Undecided(matrix)
    return results(ROWS["svd"], matrix)[1]


@builtin(
    "cond(A)", "The condition number: the largest singular value over the smallest.", "cond([2, 0; 0, 4])", least=1, group="linear algebra"
)
def cond(given: Given) -> Arr:
    matrix = given.matrix(0).node
    if 0 in matrix.shape:
        raise errors.empty_reduction("cond", given.span)
    return Arr(ROWS["cond"](singular_values(matrix)))
