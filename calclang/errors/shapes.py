"""Errors of kinds and shapes."""

from __future__ import annotations

from calclang.errors.diagnostic import CalcError, Label, make
from calclang.errors.foreign import CALLS
from calclang.errors.names import shorten
from calclang.source import Span


def _in(what: str) -> str:
    """``in R^3`` for a shape, else the words as they are."""
    return f"in {what}" if what.startswith(("R", "row R", "symmetric", "diagonal")) else what


def _exactly(value: float) -> str:
    """All digits of a number: fewer would hide why 2.0000000001 is no whole number."""
    return repr(float(value)).removesuffix(".0")


def no_product(left: str, right: str, kind: str, other: str, a: Span | None = None, b: Span | None = None) -> CalcError:
    """A product of two arrays that linear algebra does not have.

    >>> [1, 2, 3] * [4, 5, 6]
    """
    if (kind, other) == ("vector", "vector"):
        note = f"both are in {left}" if left == right else f"in {right}"
        labels = [Label(s, t) for s, t in ((a, "" if left == right else f"in {left}"), (b, note)) if s is not None]
        help = "dot product  x' * y   ·   elementwise  x .* y   ·   outer product  x * y'" + ("   ·   cross product  cross(x, y)" if left == right == "R^3" else "")
        return make("E-SHAPE", "the product of two column vectors is ambiguous", *labels, help=help)
    labels = [Label(s, f"in {t}") for s, t in ((a, left), (b, right)) if s is not None]
    helps = {
        ("row", "row"): "dot product  x * y'   ·   elementwise  x .* y",
        ("matrix", "row"): "a row stands on the left of a matrix: x * A   ·   a vector on the right: A * x'",
        ("vector", "matrix"): "a row stands on the left of a matrix: x' * A   ·   scaled rows: x .* A",
    }
    help = helps.get((kind, other), "elementwise products are written  .*")
    return make("E-SHAPE", f"there is no product of a {kind} and a {other}", *labels, help=help)


def product_sizes(left: str, right: str, m: object, n: object, a: Span | None = None, b: Span | None = None) -> CalcError:
    """A product whose inner sizes differ.

    >>> [1, 2; 3, 4] * [1, 2, 3]
    """
    labels = [Label(s, f"in {t}") for s, t in ((a, left), (b, right)) if s is not None]
    return make("E-SHAPE", f"the inner sizes {m} and {n} differ", *labels, help="columns of the left must match rows of the right")


def sum_shapes(op: str, left: str, right: str, difference: str, a: Span | None = None, b: Span | None = None) -> CalcError:
    """A sum, difference or elementwise operation of arrays that do not fit.

    >>> [1, 2] + [1, 2, 3]
    """
    labels = [Label(s, f"in {t}") for s, t in ((a, left), (b, right)) if s is not None]
    other = "row" in left + right or difference.startswith("one is")
    help = f"dotted operators stretch: A .{op} x works on each column of A, A .{op} x' on each row" if op in "+-" and other else ""
    return make("E-SHAPE", f"{op} needs equal shapes: {difference}", *labels, help=help)


def divide_by_array(left: str, right: str, kind: str, a: Span | None = None, b: Span | None = None) -> CalcError:
    """A quotient by an array.

    >>> [1, 2] / [3, 4]
    """
    labels = [Label(s, _in(t)) for s, t in ((b, right), (a, left)) if s is not None]
    help = "elementwise  x ./ y   ·   solve A*x = b with  A \\ b" if kind != "matrix" else "solve A*x = b with  A \\ b   ·   elementwise  x ./ y"
    return make("E-SHAPE", f"/ needs a scalar on the right, but this is a {kind}", *labels, help=help)


def array_power(left: str, right: str, span: Span | None = None) -> CalcError:
    """``^`` of an array that is no square matrix, or by an array.

    >>> [1, 2]^2
    """
    return make("E-SHAPE", f"^ raises numbers and square matrices to a number, but this is {_in(left)} to the power of {right}", span, help="elementwise  x .^ 2   ·   x' * x")


def whole_power(exponent: float, span: Span | None = None) -> CalcError:
    """A matrix power with another exponent.

    >>> [1, 2; 3, 4]^0.5
    """
    p = _exactly(exponent)
    power = "the square root is  sqrtm(A)" if exponent == 0.5 else f"other powers are  expm({p}*logm(A))"
    return make("E-DOMAIN", f"a matrix can be raised to whole powers only, not to {p}", span, help=f"{power}   ·   elementwise  A .^ {p}")


def needs_square(name: str, got: str, span: Span | None = None) -> CalcError:
    """A matrix function of a matrix that is not square.

    >>> det([1, 2; 3, 4; 5, 6])
    """
    return make("E-SHAPE", f"{name} needs a square matrix, but got one in {got}", span)


def tensor_transpose(got: str, span: Span | None = None) -> CalcError:
    """``'`` of an array with more than two axes.

    >>> stack(eye(2), eye(2))'
    """
    return make("E-SHAPE", f"' transposes vectors and matrices, but this is in {got}", span)


def tensor_in_brackets(span: Span | None = None) -> CalcError:
    """An array with more than two axes inside ``[ ]``.

    >>> T = stack(eye(2), eye(2)); [T, T]
    """
    return make("E-SHAPE", "[ ] puts numbers, vectors and matrices together", span, help="stack(A, B) puts arrays along a new axis")


def ragged(first: str, number: int, length: str, span: Span | None = None) -> CalcError:
    """Rows of different lengths in a matrix.

    >>> [1, 2; 3]
    """
    return make("E-SHAPE", f"row 1 has {first} elements, row {number} has {length}", span)


def block_sizes(what: str, m: str, n: str, a: Span | None = None, b: Span | None = None) -> CalcError:
    """Blocks that do not fit together.

    >>> [eye(2), ones(3, 3)]
    """
    first = Label(b, f"{n} {what}") if b is not None else None
    second = Label(a, f"{m} {what}") if a is not None else None
    return make("E-SHAPE", f"the blocks have {m} and {n} {what}", first, second)


def mixed_booleans(a: Span | None = None, b: Span | None = None) -> CalcError:
    """Numbers and truth values in one array.

    >>> [1, true]
    """
    return make("E-TYPE", "an array holds numbers or truth values, not both", b, a)


def boolean_operand(op: str, span: Span | None = None) -> CalcError:
    """Arithmetic with truth values.

    >>> true + 1
    """
    return make("E-TYPE", f"{op} needs numbers, but this is true or false", span, help="ifelse(mask, 1, 0) makes numbers of truth values")


def no_arithmetic(what: str, op: str, span: Span | None = None) -> CalcError:
    """Arithmetic with something that is no array, or a built-in of arrays given such.

    >>> sin + 1
    """
    called = what == "a function" and span is not None and not op[0].isalpha()
    helps = {"a tuple": "a vector is written  [1, 2], a matrix  [1, 2; 3, 4]", "a string": "print(a, b) shows texts and values beside each other"}
    help = f"a function has a value where it is called:  {shorten(span.text, 30)}(x){op}…" if called and span is not None else CALLS.get(op) or helps.get(what, "")
    return make("E-TYPE", f"{op} needs numbers or arrays, but this is {what}", span, help=help)


def needs_truth(what: str, span: Span | None = None) -> CalcError:
    """A condition that is neither true nor false.

    >>> if 1 then 2 else 3
    """
    return make("E-TYPE", f"this must be true or false, but it is {_in(what)}", span, help="compare with something, for example x != 0")


def mask_condition(use: str, got: str, span: Span | None = None) -> CalcError:
    """``if``, a filter or ``until`` with one truth value per element.

    >>> if [1, 2] > 1 then 1 else 2
    """
    return make("E-TYPE", f"{use} needs one truth value, but this is {got}", span, help="element by element: ifelse(mask, a, b)   ·   all(mask), any(mask)")


def needs_number(what: str, use: str, span: Span | None = None) -> CalcError:
    """A place that needs one number.

    >>> zeros([1, 2])
    """
    return make("E-TYPE", f"{use} needs a number, but this is {_in(what)}", span, help=CALLS.get(use, ""))


def argument_kind(name: str, place: int, wanted: str, got: str, span: Span | None = None) -> CalcError:
    """A built-in's argument of another shape than it needs.

    >>> cross([1, 2], [3, 4])
    """
    rows = f"of each row  [{name}(A[i, :]) for i in 1..size(A, 1)]" if wanted == "a vector" and got.startswith("R^(") and not place else ""
    return make("E-SHAPE", f"argument {place + 1} of {name} should be {wanted}, but is {_in(got)}", span, help=rows)


def reshape_size(what: str, have: str, want: str, span: Span | None = None) -> CalcError:
    """``reshape`` to another number of elements.

    >>> reshape([1, 2, 3], 2, 2)
    """
    return make("E-SHAPE", f"an array in {what} has {have} elements, the new shape would have {want}", span)


def matrix_norm(p: float, span: Span | None = None) -> CalcError:
    """A p-norm of a matrix that has no formula.

    >>> norm([1, 2; 3, 4], 3)
    """
    return make("E-DOMAIN", f'the norm of a matrix takes p = 1, 2, inf or "fro", but got {_exactly(p)}', span, help="of all elements as a vector: norm(vec(A), p)")


def norm_text(p: str, span: Span | None = None) -> CalcError:
    """A norm named by a text that is none.

    >>> norm([3, 4], "inf")
    """
    help = "inf stands without quotes:  norm(x, inf)" if p.lower() in ("inf", "infinity", "max") else ""
    return make("E-DOMAIN", f'there is no norm "{shorten(p, 30)}": p is a number or "fro"', span, help=help)


def bad_norm(p: float, span: Span | None = None) -> CalcError:
    """A p-norm with p < 1.

    >>> norm([1, 2], 0.5)
    """
    return make("E-DOMAIN", f"norm needs p >= 1 (or inf), but got {_exactly(p)}", span)


def empty_reduction(name: str, span: Span | None = None, least: str = "one element") -> CalcError:
    """The largest, smallest or average of nothing, or the spread of one number.

    >>> mean([])
    """
    return make("E-DOMAIN", f"{name} needs at least {least}", span)


def product_of_arrays(shape: str, span: Span | None = None) -> CalcError:
    """A product over terms that are arrays, which could be that of matrices in their order, or of all their elements.

    >>> prod(i*eye(2) for i in 1..3)
    """
    matrices = "matrices in their order:  fold((P, i) -> P*…, eye(n), 1..k)   ·   " if shape.startswith("R^(") else ""
    return make("E-SHAPE", f"prod over an index multiplies numbers, but here each term is in {shape}", span, help=f"{matrices}all elements:  prod([… for i in 1..n])")


def bad_count(name: str, value: float, span: Span | None = None) -> CalcError:
    """A size that is no whole number.

    >>> ones(2.5)
    """
    return make("E-DOMAIN", f"{name} needs a whole number >= 0 as size, but got {_exactly(value)}", span)


def needs_seed(name: str, span: Span | None = None) -> CalcError:
    """Random numbers without a seed in a function.

    >>> f(x) = x + rand(); f(1)
    """
    return make(
        "E-TYPE", f"inside a function {name} needs a seed, for a function gives one value for one argument", span,
        help=f"{name}(…, seed = 1), or draw the numbers outside and pass them in",
    )  # fmt: skip


def not_whole(use: str, value: float, span: Span | None = None) -> CalcError:
    """A count that is no whole number.

    >>> iterate(cos, 1, 2.5)
    """
    most = " and below 2^53" if value >= 2**53 else ""
    return make("E-DOMAIN", f"{use} must be a whole number >= 0{most}, but is {_exactly(value)}", span)
