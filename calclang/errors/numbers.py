"""Errors of values that are no finite numbers, and warnings of lost digits."""

from __future__ import annotations

from collections.abc import Callable

from calclang.errors.diagnostic import CalcError, make
from calclang.source import Span

UNDEFINED = ("E-DOMAIN", "E-DIVZERO", "E-OVERFLOW", "E-SINGULAR")  # what is said where a function has no value
NOWHERE = (*UNDEFINED, "E-INDEX", "E-RECURSION", "E-LIMIT-TURNS", "E-LIMIT-ELEMENTS")  # the same, of a program that has a value elsewhere

def domain_error(message: str, help: str = "", span: Span | None = None) -> CalcError:
    """A function outside its domain, or an operation without a result.

    >>> sqrt([4, -1])
    """
    return make("E-DOMAIN", message, span, help=help)


def division_by_zero(message: str, help: str = "", span: Span | None = None) -> CalcError:
    """A division by zero, or a function at a pole.

    >>> 1/0
    """
    return make("E-DIVZERO", message, span, help=help)


def overflow(message: str, help: str = "", span: Span | None = None) -> CalcError:
    """A result beyond float64.

    >>> exp(1000)
    """
    return make("E-OVERFLOW", message, span, help=help)


def _needs(operation: str, matrix: str, span: Span | None) -> str:
    """``inv needs an invertible matrix``; only what a person wrote is named."""
    return f"{operation} needs {matrix}" if span is None or operation in span.text else f"{matrix} is needed here"


def singular_matrix(operation: str, span: Span | None = None) -> CalcError:
    """A matrix without an inverse.

    >>> inv([1, 2; 2, 4])
    """
    return make("E-SINGULAR", f"{_needs(operation, 'an invertible matrix', span)}, but this one is singular", span)


def dependent_columns(operation: str, span: Span | None = None) -> CalcError:
    """A system with more or fewer equations than unknowns whose solution is not determined.

    >>> [1, 2; 2, 4; 3, 6] \\ [1, 2, 3]
    """
    return make(
        "E-SINGULAR", "this system has more than one best solution: some of its columns (of a wide matrix its rows) depend on the others", span,
        help="pinv(A)*b is the shortest of them",
    )  # fmt: skip


def not_positive_definite(operation: str, span: Span | None = None) -> CalcError:
    """A matrix with an eigenvalue <= 0 where all must be positive.

    >>> cholesky([1, 2; 2, 1])
    """
    return make(
        "E-DOMAIN", f"{_needs(operation, 'a positive definite matrix', span)}, but this one has an eigenvalue that is not positive", span,
        help="eigh(A) shows its eigenvalues",
    )  # fmt: skip


def not_symmetric(operation: str, span: Span | None = None) -> CalcError:
    """A matrix that differs from its transpose.

    >>> eigh([1, 2; 3, 4])
    """
    hint = "; eig(A) is for any square matrix" if operation == "eigh" else ""
    return make("E-DOMAIN", f"{_needs(operation, 'a symmetric matrix', span)}, but this one differs from its transpose", span, help=f"its symmetric part is (A + A')/2{hint}")


def complex_eigenvalues(operation: str, span: Span | None = None) -> CalcError:
    """A matrix that turns some plane.

    >>> eig([0, -1; 1, 0])
    """
    return make("E-DOMAIN", f"{_needs(operation, 'a matrix whose eigenvalues are real', span)}, but some of this one are complex", span)


def no_real_function(operation: str, span: Span | None = None) -> CalcError:
    """A logarithm or root of a matrix that is not real.

    >>> logm([-1, 0; 0, 2])
    """
    return make("E-DOMAIN", f"{operation} of this matrix is not real: it has negative eigenvalues", span, help="eig(A) shows its eigenvalues")


def no_square_root(operation: str, span: Span | None = None) -> CalcError:
    """A singular matrix without a square root.

    >>> sqrtm([0, 1; 0, 0])
    """
    return make("E-DOMAIN", "this singular matrix has no square root", span)


def repeated_eigenvalues(operation: str, span: Span | None = None) -> CalcError:
    """The derivative of eigenvectors that are not determined.

    >>> grad(A -> eigh(A)["vectors"][1, 1])([2, 0; 0, 2])
    """
    return make(
        "E-AD", "eigenvectors and singular vectors have no derivative where a value is repeated: any turned set of them would serve as well", span
    )  # fmt: skip


# what NumPy or a row says of a matrix that it cannot work with
REFUSED: dict[str, Callable[[str, Span | None], CalcError]] = {
    "Matrix is not positive definite": not_positive_definite, "not symmetric": not_symmetric, "complex": complex_eigenvalues,
    "dependent": dependent_columns, "negative eigenvalue": no_real_function, "no root": no_square_root, "repeated": repeated_eigenvalues,
}  # fmt: skip


def refused_matrix(operation: str, problem: str, span: Span | None = None) -> CalcError:
    """The error of a matrix that an operation cannot work with; ``problem`` is what NumPy or the row says of it."""
    return REFUSED.get(problem, singular_matrix)(operation, span)


def ill_conditioned(size: float, span: Span | None = None) -> CalcError:
    """An inverse or solution that loses many of its digits: a warning.

    >>> inv([2, 4, 6; 2, 0, 2; 6, 8, 14])
    """
    from math import log10

    lost = f"about {int(log10(size))} of 16 digits are lost (condition number {size:.1e})" if size < 1e16 else "no digit can be trusted"
    return make("W-CONDITION", f"the matrix is nearly singular: {lost}", span)


def nan_of_infinities(cause: str, help: str, span: Span | None = None) -> CalcError:
    """A nan that an operation made of infinities, which were put in: a warning, not an error.

    >>> inf - inf
    """
    return make("W-NAN", f"nan from infinities that were put in: {cause}", span, help=help)
