"""Every error and warning a person can meet: data here, drawn elsewhere (``display/diagnostics.py``).

One constructor per kind. Its docstring holds the smallest program that causes it, after ``>>>``; that is its test, and the
whole rendering is its snapshot in ``tests/errors/``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from calclang.source import Span


@dataclass(frozen=True)
class Label:
    """A place in the source and what is said beside it (may be empty)."""

    span: Span
    text: str = ""


@dataclass(frozen=True)
class Diagnostic:
    """What went wrong, where, and what to write instead. The first label is the primary one."""

    code: str
    message: str
    labels: tuple[Label, ...] = ()
    notes: tuple[str, ...] = ()
    help: str = ""


class CalcError(Exception):
    """The one exception that leaves calclang. Its data is ``diagnostic``."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        super().__init__(f"{diagnostic.code}: {diagnostic.message}")
        self.diagnostic = diagnostic

    @property
    def code(self) -> str:
        return self.diagnostic.code

    @property
    def message(self) -> str:
        return self.diagnostic.message


@dataclass
class Warnings:
    """Warnings of one statement, each kind once per place."""

    items: list[Diagnostic] = field(default_factory=list)

    def add(self, warning: Diagnostic) -> None:
        if warning not in self.items:
            self.items.append(warning)


def make(code: str, message: str, *spans: Span | Label | None, notes: Sequence[str] = (), help: str = "") -> CalcError:
    """An error from its parts; the constructors below give them."""
    labels = tuple(s if isinstance(s, Label) else Label(s) for s in spans if s is not None)
    return CalcError(Diagnostic(code, message, labels, tuple(notes), help))


# ---- limits -----------------------------------------------------------------------------------


def too_many_nodes(limit: int, span: Span | None = None) -> CalcError:
    """The computation needs more operations than the session allows.

    >>> f0(x) = x + 1; f1(x) = f0(f0(x)) + 1; f2(x) = f1(f1(x)) + 1; iterate(f2, 0, 1e9)
    """
    return make("E-LIMIT-NODES", f"the computation needs more than {limit:,} operations", span, help="make the problem smaller")


def too_many_elements(size: int, limit: int, span: Span | None = None) -> CalcError:
    """A value would have more elements than the session allows; said before anything is allocated.

    >>> zeros(1e5, 1e5)
    """
    many = f"{size:,}" if size < 10**15 else f"{float(size):.1e}"
    return make("E-LIMIT-ELEMENTS", f"the result would have {many} elements; the limit is {limit:,}", span)


# ---- names ------------------------------------------------------------------------------------

FOREIGN = {
    "ln": "log", "arctan": "atan", "arcsin": "asin", "arccos": "acos", "arctan2": "atan2", "arcsinh": "asinh", "arccosh": "acosh",
    "arctanh": "atanh", "pow": "x^y", "power": "x^y", "len": "length(x)", "numel": "length(x)", "trace": "tr", "inverse": "inv",
    "determinant": "det", "identity": "eye", "diagonal": "diag", "matmul": "A * B", "dotprod": "dot", "gradient_": "grad", "nabla": "grad",
    "fabs": "abs", "expit": "sigmoid", "logistic": "sigmoid", "where": "ifelse", "select": "ifelse", "reduce": "fold", "lambda": "x -> …", "T": "the transpose A'",
    "concat": "[a; b]", "concatenate": "[a; b]", "hcat": "[A, B]", "vcat": "[A; B]", "arange": "1..n", "xlogx": "xlogy(x, x)", "sqr": "x^2",
    "square": "x^2", "True": "true", "False": "false", "PI": "pi", "Pi": "pi", "Inf": "inf", "NaN": "nan", "diff_": "derivative",
    "D": "derivative", "exec": "", "getattr": "", "eval": "",
}  # fmt: skip


def close_names(name: str, known: Sequence[str]) -> list[str]:
    """Names that a person may have meant, nearest first."""
    from difflib import get_close_matches

    if len(name) > 40:
        return []
    lower = {k.lower(): k for k in reversed(known)}
    same = [lower[name.lower()]] if name.lower() in lower else []
    return list(dict.fromkeys(same + get_close_matches(name, known, n=2, cutoff=0.75 if len(name) > 3 else 0.8)))


def shorten(text: str, limit: int = 60) -> str:
    """Text cut to a length, for messages."""
    return text if len(text) <= limit else text[: limit - 1] + "…"


def unknown_name(name: str, known: Sequence[str], span: Span | None = None) -> CalcError:
    """A name that nothing defines.

    >>> nosuch + 1
    """
    meant = [FOREIGN[name]] if FOREIGN.get(name) else close_names(name, known)
    help = f"did you mean {' or '.join(meant)}?" if meant else ""
    return make("E-NAME", f"{shorten(name)} is not defined", span, help=help)


def unknown_size(name: str, span: Span | None = None) -> CalcError:
    """A size in a kind that no earlier parameter gives.

    >>> f(x: R^(n + 1)) = x; f([1, 2])
    """
    return make("E-NAME", f"the size {name} is not known here", span, help="a size is learnt from a parameter declared with it alone, such as R^n")


def bad_size(span: Span | None = None) -> CalcError:
    """A size in a kind that is no whole number, name, or sum or product of them.

    >>> f(x: R^2.5) = x; f([1, 2])
    """
    return make("E-TYPE", "a size is a whole number, a name, or a sum, difference or product of them", span)


def unknown_option(function: str, option: str, allowed: Sequence[str], span: Span | None = None) -> CalcError:
    """A named argument that the function does not take.

    >>> grad(sin, modus = 1)
    """
    meant = close_names(option, allowed)
    help = f"did you mean {meant[0]}?" if meant else f"it takes {', '.join(allowed)}" if allowed else ""
    return make("E-ARITY", f"{function} has no option {option}", span, help=help)


def unknown_mode(mode: str, span: Span | None = None) -> CalcError:
    """A mode of differentiation that does not exist.

    >>> grad(sin, mode = sideways)(1)
    """
    return make("E-TYPE", f"there is no mode {shorten(mode)}", span, help="mode = forward, reverse or auto")


def not_a_parameter(name: str, function: str, names: Sequence[str], span: Span | None = None) -> CalcError:
    """``wrt`` names something that is no parameter.

    >>> f(x, y) = x*y; grad(f, wrt = z)(1, 2)
    """
    return make("E-NAME", f"{function} has no parameter {name or 'of that name'}", span, help=f"its parameters are {', '.join(names)}")


# ---- calls ------------------------------------------------------------------------------------


def wrong_arity(name: str, least: int, most: int | None, given: int, signature: str, span: Span | None = None) -> CalcError:
    """A call with too few or too many arguments.

    >>> sin(1, 2)
    """
    wanted = f"{least}" if most == least else f"at least {least}" if most is None else f"{least} to {most}"
    noun = "argument" if wanted == "1" else "arguments"
    return make("E-ARITY", f"{name} takes {wanted} {noun}, but got {given}", span, help=f"call it as {signature}")


def not_a_function(what: str, span: Span | None = None) -> CalcError:
    """A call of something that is no function.

    >>> x = 3; x(2)
    """
    return make("E-TYPE", f"only functions can be called; this is {_in(what)}", span)


def needs_function(operator: str, what: str, span: Span | None = None) -> CalcError:
    """An operator given something that is no function.

    >>> grad(3)
    """
    return make("E-TYPE", f"{operator} needs a function, but got {what}", span, help=f"write {operator}(x -> …) or the name of a function")


def endless_recursion(cycle: Sequence[str], limit: int, span: Span | None = None) -> CalcError:
    """Calls inside calls beyond the limit.

    >>> f(x) = f(x); f(1)
    """
    if len(cycle) > 1 and cycle[0] == cycle[-1]:
        path = f"{cycle[0]} calls itself" if len(cycle) == 2 else " -> ".join(cycle)
    else:
        path = " -> ".join(["…", *cycle])
    return make("E-RECURSION", f"more than {limit:,} calls inside each other: {path}", span, help="is there a case that ends the recursion?")


def wrong_kind(function: str, parameter: str, wanted: str, got: str, span: Span | None = None) -> CalcError:
    """An argument that is not of the parameter's kind.

    >>> f(x: R^3) = x; f(2)
    """
    return make("E-TYPE", f"{parameter} of {function} is {_in(wanted)}, but got {got}", span)


def wrong_size(
    function: str, parameter: str, wanted: str, got: str, size: str, given: str, span: Span | None = None
) -> CalcError:
    """An argument of the right kind with another size.

    >>> q(x: R^n, A: R^(n×n)) = x' * A * x; q([1, 2], eye(3))
    """
    return make("E-SHAPE", f"{parameter} of {function} is in {wanted}, but got {got}: the sizes {size} and {given} differ", span)


def _in(what: str) -> str:
    """``in R^3`` for a shape, else the words as they are."""
    return f"in {what}" if what.startswith(("R", "row R", "symmetric", "diagonal")) else what


# ---- kinds and shapes -----------------------------------------------------------------------------


def no_product(left: str, right: str, kind: str, other: str, a: Span | None = None, b: Span | None = None) -> CalcError:
    """A product of two arrays that linear algebra does not have.

    >>> [1, 2, 3] * [4, 5, 6]
    """
    if (kind, other) == ("vector", "vector"):
        note = f"both are in {left}" if left == right else f"in {right}"
        labels = [Label(s, t) for s, t in ((a, "" if left == right else f"in {left}"), (b, note)) if s is not None]
        help = "dot product  x' * y   ·   elementwise  x .* y   ·   outer product  x * y'"
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
    help = "dotted operators such as .+ stretch a vector and a row against each other" if op in "+-" and "row" in left + right else ""
    return make("E-SHAPE", f"{op} needs equal shapes: {difference}", *labels, help=help)


def divide_by_array(left: str, right: str, kind: str, a: Span | None = None, b: Span | None = None) -> CalcError:
    """A quotient by an array.

    >>> [1, 2] / [3, 4]
    """
    labels = [Label(s, f"in {t}") for s, t in ((b, right), (a, left)) if s is not None]
    help = "elementwise  x ./ y   ·   solve A*x = b with  A \\ b" if kind != "matrix" else "solve A*x = b with  A \\ b   ·   elementwise  x ./ y"
    return make("E-SHAPE", f"/ needs a scalar on the right, but this is a {kind}", *labels, help=help)


def array_power(left: str, right: str, span: Span | None = None) -> CalcError:
    """``^`` of an array that is no square matrix, or by an array.

    >>> [1, 2]^2
    """
    return make("E-SHAPE", f"^ raises numbers and square matrices to a number, but this is {_in(left)} to the power of {right}", span, help="elementwise  x .^ 2   ·   x' * x")


def whole_power(exponent: float, span: Span | None = None) -> CalcError:
    """A matrix to a power that is not whole.

    >>> [1, 2; 3, 4]^0.5
    """
    return make("E-DOMAIN", f"a matrix can be raised to whole powers only, not to {exponent:g}", span, help="elementwise  A .^ 0.5")


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
    """Arithmetic with something that is no array.

    >>> sin + 1
    """
    return make("E-TYPE", f"{op} needs numbers or arrays, but this is {what}", span)


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
    return make("E-TYPE", f"{use} needs a number, but this is {_in(what)}", span)


def argument_kind(name: str, place: int, wanted: str, got: str, span: Span | None = None) -> CalcError:
    """A built-in's argument of another shape than it needs.

    >>> cross([1, 2], [3, 4])
    """
    return make("E-SHAPE", f"argument {place + 1} of {name} should be {wanted}, but is {_in(got)}", span)


def reshape_size(what: str, have: str, want: str, span: Span | None = None) -> CalcError:
    """``reshape`` to another number of elements.

    >>> reshape([1, 2, 3], 2, 2)
    """
    return make("E-SHAPE", f"an array in {what} has {have} elements, the new shape would have {want}", span)


def matrix_norm(p: str, span: Span | None = None) -> CalcError:
    """A p-norm of a matrix that has no formula.

    >>> norm([1, 2; 3, 4], 3)
    """
    return make("E-DOMAIN", f'the norm of a matrix takes p = 1, 2, inf or "fro", but got {p}', span, help="of all elements as a vector: norm(vec(A), p)")


def bad_norm(p: float, span: Span | None = None) -> CalcError:
    """A p-norm with p < 1.

    >>> norm([1, 2], 0.5)
    """
    return make("E-DOMAIN", f"norm needs p >= 1 (or inf), but got {p:g}", span)


def empty_reduction(name: str, span: Span | None = None) -> CalcError:
    """The largest, smallest or average of nothing.

    >>> mean([])
    """
    return make("E-DOMAIN", f"{name} needs more elements than there are", span)


def bad_count(name: str, value: float, span: Span | None = None) -> CalcError:
    """A size that is no whole number.

    >>> ones(2.5)
    """
    return make("E-DOMAIN", f"{name} needs a whole number >= 0 as size, but got {value:g}", span)


def needs_seed(name: str, span: Span | None = None) -> CalcError:
    """Random numbers without a seed in a function.

    >>> f(x) = x + rand(); f(1)
    """
    return make(
        "E-TYPE", f"inside a function {name} needs a seed, for a function gives one value for one argument", span,
        help=f"{name}(…, seed = 1), or draw the numbers outside and pass them in",
    )  # fmt: skip


def too_many_elements_inf(span: Span | None = None) -> CalcError:
    """An infinite size.

    >>> ones(inf)
    """
    return make("E-LIMIT-ELEMENTS", "the result would have infinitely many elements", span)


def not_whole(use: str, value: float, span: Span | None = None) -> CalcError:
    """A count that is no whole number.

    >>> iterate(cos, 1, 2.5)
    """
    return make("E-DOMAIN", f"{use} must be a whole number >= 0, but is {value:g}", span)


# ---- indices, tuples, loops -------------------------------------------------------------------------


def end_outside_index(span: Span | None = None) -> CalcError:
    """``end`` where nothing is indexed.

    >>> 1 + end
    """
    return make("E-NAME", "end has a meaning only inside an index, as in x[end]", span)


def not_indexable(what: str, span: Span | None = None) -> CalcError:
    """An index into something without parts.

    >>> sin[1]
    """
    return make("E-INDEX", f"{what} has no parts to index", span)


def index_count(what: str, axes: int, given: int, span: Span | None = None) -> CalcError:
    """Too few or too many indices.

    >>> [1, 2; 3, 4][1]
    """
    help = "A[i, :] is a row of a matrix, A[:, j] a column" if axes == 2 else ""
    return make("E-INDEX", f"{_in(what).removeprefix('in ')} takes {axes} {'index' if axes == 1 else 'indices'}, but got {given}", span, help=help)


def index_outside(value: float, size: int, span: Span | None = None) -> CalcError:
    """An index beyond the end (indices count from 1).

    >>> [1, 2, 3][4]
    """
    return make("E-INDEX", f"the index {value:g} is outside 1..{size}", span, help="indices count from 1; x[end] is the last element" if value == 0 else "")


def index_not_whole(value: float, span: Span | None = None) -> CalcError:
    """An index that is no whole number.

    >>> [1, 2, 3][1.5]
    """
    return make("E-INDEX", f"an index must be a whole number, but is {value:g}", span)


def bad_index_kind(what: str, span: Span | None = None) -> CalcError:
    """An index that is no number, range, vector of numbers or ``:``.

    >>> [1, 2, 3]["a"]
    """
    return make("E-INDEX", f"an index is a number, a range, a vector of numbers or ':', not {what}", span)


def mask_length(length: int, size: str, span: Span | None = None) -> CalcError:
    """A mask that is not as long as what it selects from.

    >>> [1, 2, 3][[true, false]]
    """
    return make("E-SHAPE", f"the mask has {length} elements, the axis {size}", span)


def no_such_part(name: str, names: Sequence[str], span: Span | None = None) -> CalcError:
    """A part of a tuple that has no such name.

    >>> f(A, b) = sum(A*b); grad(f)(eye(2), [1, 2])["C"]
    """
    return make("E-INDEX", f'there is no part "{shorten(name)}"', span, help=f"its parts are {', '.join(names)}" if names else "its parts have no names")


def not_a_tuple(what: str, span: Span | None = None) -> CalcError:
    """Taking apart something that is no tuple.

    >>> (a, b) = 3
    """
    return make("E-TYPE", f"only a tuple can be taken apart, but this is {_in(what)}", span)


def tuple_length(names: int, parts: int, span: Span | None = None) -> CalcError:
    """More or fewer names than parts.

    >>> (a, b) = (1, 2, 3)
    """
    return make("E-ARITY", f"there are {names} names for {parts} parts", span)


def not_a_sequence(what: str, use: str, span: Span | None = None) -> CalcError:
    """A loop over something without elements.

    >>> sum(i for i in 10)
    """
    return make("E-TYPE", f"{use} needs a range, a vector or a tuple to walk over, but this is {_in(what)}", span, help="a range is written 1..10")


def bad_range(start: float, step: float, stop: float, span: Span | None = None) -> CalcError:
    """A range with a step of zero, or ends that are not finite.

    >>> sum(i for i in nan..10)
    """
    why = "its step is 0" if step == 0 else "its ends must be finite numbers"
    return make("E-DOMAIN", f"this is no range: {why}", span)


def ragged_body(first: str, other: str, span: Span | None = None) -> CalcError:
    """A comprehension whose elements differ in shape.

    >>> [ones(i) for i in 1..2]
    """
    return make("E-SHAPE", f"the elements differ: the first is {_in(first)}, another {_in(other)}", span)


def iterate_how(span: Span | None = None) -> CalcError:
    """``iterate`` with neither a count nor ``until``, or with both.

    >>> iterate(cos, 1)
    """
    return make("E-ARITY", "iterate needs a number of turns or until = x -> condition", span, help="iterate(f, x0, 10)   ·   iterate(f, x0, until = x -> x < 1)")


def did_not_end(most: int, span: Span | None = None) -> CalcError:
    """``iterate`` whose condition never holds.

    >>> iterate(x -> x + 1, 0, until = x -> x < 0, max = 10)
    """
    return make("E-LIMIT-TURNS", f"the condition did not hold after {most:,} turns", span, help="allow more with max = …")


# ---- derivatives ------------------------------------------------------------------------------------


def needs_scalar_value(operator: str, function: str, got: str, span: Span | None = None) -> CalcError:
    """The gradient of a function that is not scalar-valued.

    >>> f(v) = v; grad(f)([1, 2])
    """
    help = "jacobian(F) for all partial derivatives   ·   one component: x -> F(x)[1]   ·   a sum: x -> sum(F(x))"
    return make("E-SHAPE", f"{operator} needs a function with a scalar value, but {function} gives {got}", span, help=help)


def cannot_differentiate(operator: str, function: str, what: str, span: Span | None = None) -> CalcError:
    """The derivative of a function whose value is no array.

    >>> hessian(grad)(1)
    """
    return make("E-TYPE", f"{operator} needs numbers to differentiate, but {function} gives {what}", span)


def cannot_vary(operator: str, name: str, what: str, span: Span | None = None) -> CalcError:
    """An argument that cannot be varied.

    >>> grad(f -> f(1))(sin)
    """
    return make("E-TYPE", f"{operator} cannot vary {name}, which is {_in(what)}", span, help="choose the parameters with wrt = (…)")


def shapes_the_graph(name: str, use: str, span: Span | None = None) -> CalcError:
    """A derivative by a number that decides how the computation runs: the end of a range, an index, a size.

    >>> f(n) = sum(i^2 for i in 1..n); f'(3)
    """
    help = f"choose the other parameters with wrt = (…); floor({name}) counts as a constant"
    return make("E-AD", f"there is no derivative by {name}, for its value decides how the computation runs ({use})", span, help=help)


def not_of_one_scalar(function: str, what: str, span: Span | None = None) -> CalcError:
    """``derivative`` of a function that is not of one scalar.

    >>> f(x, y) = x*y; derivative(f)(1, 2)
    """
    return make("E-SHAPE", f"derivative needs a function of one scalar, but {function} has {what}", span, help="grad(f) for scalar values, jacobian(F) for any")


def not_of_one_vector(operator: str, function: str, span: Span | None = None) -> CalcError:
    """An operator of vector calculus on a function of something else.

    >>> laplacian((x, A) -> sum(A*x))([1, 2], eye(2))
    """
    return make("E-SHAPE", f"{operator} needs a function of one vector or of scalars, but {function} is none", span)


def not_a_field(operator: str, function: str, what: str, span: Span | None = None) -> CalcError:
    """``divergence`` or ``curl`` of something that is no vector field.

    >>> divergence(x -> x' * x)([1, 2])
    """
    return make("E-SHAPE", f"{operator} needs a field with as many components as it has variables, but {function} gives {what}", span)


def curl_dimension(n: str, span: Span | None = None) -> CalcError:
    """The curl in a dimension where there is none.

    >>> curl(x -> x)([1, 2, 3, 4])
    """
    return make("E-SHAPE", f"curl is defined in R^3 and R^2, not in R^{n}", span)


def wrong_direction(what: str, wanted: str, got: str, span: Span | None = None) -> CalcError:
    """A direction or weight that does not fit.

    >>> jvp(x -> 2*x, [1, 2], [1, 0, 0])
    """
    return make("E-SHAPE", f"{what} should be {_in(wanted)}, but is {_in(got)}", span)


def too_many_derivatives(limit: int, span: Span | None = None) -> CalcError:
    """Derivatives nested too deeply.

    >>> f(x) = sin(x); grad(grad(grad(grad(grad(grad(grad(grad(grad(grad(grad(grad(grad(grad(grad(grad(grad(grad(grad(grad(grad(f)))))))))))))))))))))(1)
    """
    return make("E-LIMIT-ORDER", f"more than {limit} derivatives inside each other", span, help="taylor(f, at = a, order = k) reaches any order")


def not_differentiable(says: str, span: Span | None = None, help: str = "") -> CalcError:
    """A derivative at a point where it is a convention: a warning, not an error.

    >>> grad(abs)(0)
    """
    return make("W-AD", f"not differentiable here: {says}", span, help=help)


def infinite_derivative(cause: str, help: str, span: Span | None = None) -> CalcError:
    """A derivative that is not finite where the value is: a warning, not an error.

    >>> f(x) = 1/(1 + exp(-x)); f'(-1000)
    """
    return make("W-AD", f"the derivative cannot be computed here: {cause}", span, help=help)


def no_value(what: str) -> CalcError:
    """A Python object that is no value of the language (embedding only)."""
    return make("E-TYPE", f"{what} is no value of calc", help="numbers, booleans, arrays of them, tuples and strings are")


# ---- commands -----------------------------------------------------------------------------------


def command_not_yet(word: str, span: Span | None = None) -> CalcError:
    """A command of the language that this version does not have.

    >>> plot sin at 1
    """
    return make("E-NAME", f"this version has no command {word} yet", span)


def unknown_clause(word: str, clause: str, allowed: Sequence[str], usage: str, span: Span | None = None) -> CalcError:
    """A clause that a command does not have.

    >>> grad sin near 1
    """
    meant = close_names(clause, allowed)
    help = f"did you mean {meant[0]}?" if meant else f"write  {usage}"
    return make("E-SYNTAX", f"{word} has no clause {shorten(clause)}", span, help=help)


def clause_wants_value(clause: str, span: Span | None = None) -> CalcError:
    """``name = value`` in a clause that takes values.

    >>> grad sin at 1 mode x = 2
    """
    return make("E-SYNTAX", f"{clause} takes a value here, not a definition", span)


def clause_missing(word: str, clause: str, span: Span | None = None) -> CalcError:
    """A command without a clause that it needs.

    >>> jvp sin at 1
    """
    return make("E-SYNTAX", f"{word} needs {clause} …", span, help=f"for example  {word} f at x {clause} v")


def command_needs_function(word: str, what: str, span: Span | None = None) -> CalcError:
    """A derivative command about something that is no function.

    >>> x = 3; grad x^2 at 1
    """
    return make("E-TYPE", f"{word} needs a function, but this is {_in(what)}", span, help=f"say what varies:  {word} x^2 wrt x at x = 3")


def command_operand(word: str, span: Span | None = None) -> CalcError:
    """A command that cannot be about another command, or has several operands.

    >>> grad hessian sin at 1
    """
    return make("E-SYNTAX", f"{word} is about one function or expression", span, help=f"nest operators as calls: {word} (hessian(f))")


def point_names(
    function: str, names: Sequence[str], missing: Sequence[str], extra: Sequence[str], span: Span | None = None
) -> CalcError:
    """``at x = …`` with names that are not the parameters.

    >>> f(x, y) = x*y; grad f at x = 1
    """
    what = f"at needs a value for {', '.join(missing)}" if missing else f"{function} has no parameter {', '.join(extra)}"
    return make("E-NAME", what, span, help=f"the parameters are {', '.join(names)}")


def assertion_failed(sides: Sequence[str], span: Span | None = None) -> CalcError:
    """``assert`` of something false.

    >>> assert 1 + 1 == 3
    """
    return make("E-ASSERT", "this does not hold", span, notes=sides)


def not_close(a: float, b: float, tolerance: float, place: str, span: Span | None = None) -> CalcError:
    """``assert_close`` of values that differ by more than the tolerance.

    >>> assert_close(1, 1.1, 0.01)
    """
    return make("E-ASSERT", f"{a!r} and {b!r}{place} differ by {abs(a - b):.3g}; {tolerance:g} is allowed", span)


def assertion_kind(what: str, span: Span | None = None) -> CalcError:
    """``assert`` of something that is neither true nor false.

    >>> assert 1
    """
    return make("E-TYPE", f"assert needs one truth value, but this is {_in(what)}", span, help="all(mask) is true where every element is")


def load_wants_text(span: Span | None = None) -> CalcError:
    """``load`` without the name of a file in quotes.

    >>> load other
    """
    return make("E-SYNTAX", "load needs the name of a file in quotes", span, help='load "other.calc"')


def set_usage(span: Span | None = None) -> CalcError:
    """``set`` without a setting and its value.

    >>> set digits
    """
    return make("E-SYNTAX", "set needs a setting and a value", span, help="set digits 6   ·   set ieee true")


def unknown_setting(name: str, known: Sequence[str], span: Span | None = None) -> CalcError:
    """A setting that does not exist.

    >>> set digit 6
    """
    meant = close_names(name, known)
    return make("E-NAME", f"there is no setting {shorten(name)}", span, help=f"did you mean {meant[0]}?" if meant else f"settings: {', '.join(known)}")


def bad_setting(name: str, wanted: str, span: Span | None = None) -> CalcError:
    """A value that a setting cannot have.

    >>> set digits 99
    """
    return make("E-TYPE", f"{name} needs {wanted}", span)


def no_expression() -> CalcError:
    """``eval`` of a text without a value (embedding only)."""
    return make("E-SYNTAX", "there is no expression to evaluate")


def shadows_builtin(name: str, span: Span | None = None) -> CalcError:
    """A definition that hides a built-in: a warning.

    >>> sum = 5
    """
    return make("W-SHADOW", f"{name} now means your definition, not the built-in", span)


def too_deep(span: Span | None = None) -> CalcError:
    """A structure nested more deeply than can be worked through."""
    return make("E-LIMIT-DEPTH", "this is nested too deeply", span)


def out_of_memory(span: Span | None = None) -> CalcError:
    """The machine's memory is exhausted."""
    return make("E-LIMIT-MEMORY", "there is not enough memory for this", span)


# ---- files ----------------------------------------------------------------------------------------


def cannot_read(name: str, why: str, span: Span | None = None) -> CalcError:
    """A file that cannot be read.

    >>> load "no-such-file.calc"
    """
    return make("E-IO", f"cannot read {shorten(name)}: {why}", span)


def no_minimum(span: Span | None = None) -> CalcError:
    """A function that falls without bound.

    >>> minimize x -> -x^4 from 1
    """
    return make("E-DOMAIN", "no minimum was found: the value falls without bound", span, help="is the sign right? minimize seeks the smallest value")


def no_root(point: str, residual: float, steps: int, span: Span | None = None) -> CalcError:
    """A search for a root that came to nothing.

    >>> solve x -> x^2 + 1 from 3
    """
    said = f"no root was found: after {steps} steps the best point is {shorten(point, 60)}, where the largest residual is {residual:.3g}"
    return make("E-DOMAIN", said, span, help="another start may lead to one, or there is none")


def not_as_many(equations: int, unknowns: int, span: Span | None = None) -> CalcError:
    """A system with more equations than unknowns, or fewer.

    >>> solve (x, y) -> x + y from (1, 2)
    """
    said = f"there are {equations} equations and {unknowns} unknowns"
    return make("E-SHAPE", said, span, help="a root needs as many of each; minimize the sum of squares otherwise")


def unknown_method(name: str, known: Sequence[str], span: Span | None = None) -> CalcError:
    """A method of minimization that does not exist.

    >>> minimize x -> x^2 from 1 method "downhill"
    """
    return make("E-NAME", f"there is no method {shorten(name)}", span, help=f"there are {', '.join(known)}")


def clause_number(word: str, found: str, span: Span | None = None) -> CalcError:
    """A clause that takes a positive number.

    >>> minimize x -> x^2 from 1 tol -1
    """
    return make("E-TYPE", f"{word} is a positive number, but this is {found if found != 'a number' else 'zero or negative'}", span)


def bad_data(name: str, why: str, span: Span | None = None) -> CalcError:
    """A data file whose content is no table or array of numbers.

    >>> read("tests/errors/ragged.csv")
    """
    return make("E-IO", f"{shorten(name)} cannot be understood: {why}", span)


def cannot_write(name: str, why: str, span: Span | None = None) -> CalcError:
    """A value that no file of this name can hold, or a file that cannot be written.

    >>> write("table.csv", x -> x^2)
    """
    return make("E-IO", f"cannot write {shorten(name)}: {why}", span)


def no_files(what: str, span: Span | None = None) -> CalcError:
    """A program that may not touch files."""
    return make("E-CAP", f"this session may not {what} files", span)


def refused_path(name: str, why: str, span: Span | None = None) -> CalcError:
    """A file name that is not allowed.

    >>> load "http://example.invalid/x.calc"
    """
    return make("E-PATH", f"{shorten(name)} is refused: {why}", span)


def interrupted(still: bool = False) -> CalcError:
    """A person pressed Ctrl-C. ``still``: an operation that cannot be stopped goes on."""
    return make("E-INTERRUPT", "interrupted", notes=("one long operation could not be stopped at once; it ends in the background",) if still else ())


def own_mistake(what: str) -> CalcError:
    """A defect of calclang itself: no program should cause it."""
    return make("E-INTERNAL", f"calclang made a mistake of its own ({what})", help="please report this program; with CALCLANG_DEBUG=1 it says more")


def load_cycle(names: Sequence[str], span: Span | None = None) -> CalcError:
    """Files that load each other."""
    return make("E-RECURSION", f"these files load each other: {' -> '.join(names)}", span)


# ---- series, checks, graphs -----------------------------------------------------------------------


def bad_order(value: float, span: Span | None = None) -> CalcError:
    """A Taylor order that is no whole number >= 0.

    >>> taylor(sin, at = 0, order = -1)
    """
    return make("E-DOMAIN", f"the order must be a whole number >= 0, but is {value:g}", span)


def too_high_order(value: int, limit: int, span: Span | None = None) -> CalcError:
    """A Taylor order beyond the session's limit.

    >>> taylor(sin, at = 0, order = 100000)
    """
    return make("E-LIMIT-ORDER", f"the order {value:,} is beyond the limit of {limit:,}", span)


def bad_centre(span: Span | None = None) -> CalcError:
    """A Taylor expansion around a point that is not finite.

    >>> taylor(sin, at = inf, order = 3)
    """
    return make("E-DOMAIN", "the point of the expansion must be finite", span)


def no_series(function: str, order: int, span: Span | None = None) -> CalcError:
    """A function without a Taylor series at the point.

    >>> taylor(sqrt, at = 0, order = 3)
    """
    return make("E-AD", f"{function} has no Taylor polynomial of order {order} here: a derivative does not exist or is infinite", span)


def needs_point(word: str, span: Span | None = None) -> CalcError:
    """A command that needs ``at``.

    >>> explain grad sin
    """
    return make("E-SYNTAX", f"{word} needs a point", span, help=f"for example  {word} f at 0.7")


def claim_fails(claimed: str, exact: str, error: float, span: Span | None = None) -> CalcError:
    """``check … against`` a claim that is wrong.

    >>> f(x) = cos(x); check grad f at 1 against x -> sin(x)
    """
    return make("E-CHECK", f"the claim is wrong: it gives {claimed}, the derivative is {exact} (relative error {error:.2g})", span)


# ---- syntax -------------------------------------------------------------------------------------------


def bad_encoding(byte: int, name: str) -> CalcError:
    """A file or pipe that is not UTF-8 (no program text can show it)."""
    return make("E-ENCODING", f"{shorten(name)} is not valid UTF-8 at byte {byte}", help="save the file as UTF-8")


def refused_character(what: str, span: Span | None = None) -> CalcError:
    """A control character, or one that changes the direction of text (no program text can show it)."""
    return make("E-SYNTAX", f"the character {what} is not allowed in a program", span)


def source_too_long(length: int, limit: int) -> CalcError:
    """A text longer than the session allows."""
    return make("E-LIMIT-SOURCE", f"the program has {length:,} characters; the limit is {limit:,}")


def name_too_long(limit: int, span: Span | None = None) -> CalcError:
    """A name longer than any that is of use (no program is that long here)."""
    return make("E-LIMIT-NAME", f"a name has at most {limit} characters", span)


def nested_too_deeply(limit: int, span: Span | None = None) -> CalcError:
    """Brackets or signs nested beyond the limit."""
    return make("E-LIMIT-DEPTH", f"this is nested more than {limit:,} levels deep", span)


def literal_overflow(span: Span | None = None) -> CalcError:
    """A number beyond float64.

    >>> 1e400
    """
    return make("E-OVERFLOW", "this number is too large; the largest is about 1.8e308", span)


def unmatched_bracket(sign: str, span: Span | None = None) -> CalcError:
    """A closing bracket that nothing opened.

    >>> 1 + 2)
    """
    return make("E-SYNTAX", f"unmatched {sign}", span, help="remove it, or open it before")


def mixed_brackets(opened: str, closed: str, span: Span | None = None, other: Span | None = None) -> CalcError:
    """A bracket closed by one of the other kind.

    >>> (1, 2]
    """
    labels = [Label(s, t) for s, t in ((span, "closed here"), (other, "opened here")) if s is not None]
    return make("E-SYNTAX", f"{opened} is closed by {closed}", *labels)


def unclosed_bracket(sign: str, closing: str, span: Span | None = None) -> CalcError:
    """An opening bracket that nothing closes.

    >>> 2 * (1 + 3
    """
    return make("E-SYNTAX", f"this {sign} is never closed", span, help=f"close it with {closing}")


def missing_part(span: Span | None = None) -> CalcError:
    """Nothing where an element or argument should stand.

    >>> [1, , 2]
    """
    return make("E-SYNTAX", "an element is missing here", span)


def missing_else(span: Span | None = None) -> CalcError:
    """``if`` without ``else``.

    >>> if 1 < 2 then 2
    """
    return make("E-SYNTAX", "else is required", span, help="if c then a else b always has a value")


def unfinished(word: str, span: Span | None = None) -> CalcError:
    """A statement or bracket that ends too early.

    >>> 1 +
    """
    return make("E-SYNTAX", f"something is missing after {shorten(word, 30)}", span)


def foreign_syntax(message: str, help: str, span: Span | None = None) -> CalcError:
    """Something that other languages have.

    >>> {1, 2}
    """
    return make("E-SYNTAX", message, span, help=help)


def foreign_character(what: str, help: str, span: Span | None = None) -> CalcError:
    """A character that has no meaning, perhaps a look-alike.

    >>> а = 1
    """
    return make("E-SYNTAX", f"{what} has no meaning here", span, help=help)


def unexpected(what: str, span: Span | None = None) -> CalcError:
    """A word or sign that cannot stand where it stands.

    >>> 1 + * 2
    """
    return make("E-SYNTAX", f"{what} cannot stand here", span)


def keyword_here(word: str, span: Span | None = None) -> CalcError:
    """A word of the language where a name or value should be.

    >>> let if = 2
    """
    return make("E-SYNTAX", f"{word} is a word of the language and cannot stand here", span)


def missing_operator(word: str, name: str, span: Span | None = None) -> CalcError:
    """Two values beside each other.

    >>> f(x y) = x
    """
    help = "write  mod(x, m)" if word == "mod" else "is an operator or a comma missing?"
    return make("E-SYNTAX", f"there is nothing between {name or 'the value before'} and {shorten(word, 30)}", span, help=help)


def tight_product(left: str, op: str, number: str, name: str, span: Span | None = None) -> CalcError:
    """A number directly before a name, after ``/`` or ``^``.

    >>> x = 4; 1/2x
    """
    left, name = shorten(left, 30), shorten(name, 30)
    help = f"write  {left}{op}({number}*{name})  or  {left}{op}{number}*{name}"
    return make("E-SYNTAX", f"{left}{op}{number}{name} can be read in two ways", span, help=help)


def bad_target(span: Span | None = None) -> CalcError:
    """Something left of ``=`` that cannot be defined.

    >>> 1 + x = 3
    """
    return make("E-SYNTAX", "this cannot be defined", span, help="write  x = …, f(x) = … or (a, b) = …; compare with ==")


def bad_parameter(span: Span | None = None) -> CalcError:
    """Something in a parameter list that is no parameter.

    >>> f(2) = 3
    """
    return make("E-SYNTAX", "a parameter is a name, a name with its kind, or a vector of names", span, help="f(x), f(x: R^n), f([x, y])")


def bad_kind(span: Span | None = None) -> CalcError:
    """A kind that is none.

    >>> f(x: Z^n) = x
    """
    return make("E-SYNTAX", "this is no kind", span, help="R, R^n, R^(m×n); symmetric, diagonal or row may stand before R")


def kind_outside_parameters(span: Span | None = None) -> CalcError:
    """A kind where no parameter list is.

    >>> sin(x: R)
    """
    return make("E-SYNTAX", "a kind stands only in a parameter list", span, help="f(x: R^n) = …")


def bad_option(span: Span | None = None) -> CalcError:
    """``=`` inside brackets where no option can be.

    >>> sin(2 = 3)
    """
    return make("E-SYNTAX", "= stands between the name and the value of an option", span, help="f(x, order = 5); compare with ==")


def digit_first(span: Span | None = None) -> CalcError:
    """A name that begins with a digit.

    >>> let 3x = 1
    """
    return make("E-SYNTAX", "a name cannot begin with a digit", span)


def repeated_parameter(name: str, span: Span | None = None) -> CalcError:
    """A parameter list that names something twice.

    >>> f(x, x) = x
    """
    return make("E-SYNTAX", f"{shorten(name)} stands twice in one parameter list", span)


def unknown_escape(text: str, span: Span | None = None) -> CalcError:
    r"""A backslash in a text before a character that it does not change.

    >>> load "C:\data.calc"
    """
    return make("E-SYNTAX", f"{text} has no meaning in a text", span, help=r"a backslash is written \\; there are \n, \t and \" besides")


def unclosed_text(span: Span | None = None) -> CalcError:
    """A text that does not end on its line.

    >>> "abc
    """
    return make("E-SYNTAX", "this text is not closed", span, help='close it with a second "')


def bad_number(message: str, help: str, span: Span | None = None) -> CalcError:
    """A number with something directly behind it that can only be a slip.

    >>> 1e + 2
    """
    return make("E-SYNTAX", message, span, help=help)


def thousands(span: Span | None = None) -> CalcError:
    """A comma inside a number.

    >>> 1,000
    """
    return make("E-SYNTAX", "numbers have no thousands separators", span, help="write  1000 or 1_000")


def missing_word(word: str, construct: str, example: str, span: Span | None = None) -> CalcError:
    """``if`` without ``then``, ``let`` inside an expression without ``in``.

    >>> 1 + (let x = 2)
    """
    return make("E-SYNTAX", f"{construct} needs {word} here", span, help=f"write  {example}")


def missing_body(span: Span | None = None) -> CalcError:
    """A loop that does not say what is computed.

    >>> sum(i in 1..10)
    """
    return make("E-SYNTAX", "what is computed for each of them is missing", span, help="write  sum(i^2 for i in 1..10)")


def missing_equals(name: str, span: Span | None = None) -> CalcError:
    """A definition without a value.

    >>> let x
    """
    return make("E-SYNTAX", "expected = and a value", span, help=f"write  {shorten(name, 30)} = …")


def equals_inside(span: Span | None = None) -> CalcError:
    """``=`` inside an expression.

    >>> if 1 = 2 then 3 else 4
    """
    return make("E-SYNTAX", "= defines a name and cannot stand inside an expression", span, help="compare with  ==")


def comma_outside(span: Span | None = None) -> CalcError:
    """A comma outside brackets.

    >>> 1, 2
    """
    return make("E-SYNTAX", "a comma stands only inside brackets", span, help="a tuple is  (1, 2), a vector  [1, 2]; statements are separated by ;")


def command_inside(word: str, span: Span | None = None) -> CalcError:
    """A command inside an expression or definition.

    >>> g = grad sin
    """
    return make("E-SYNTAX", f"the command {word} stands at the beginning of a statement", span, help=f"inside an expression write a call: {word}(…)")


def no_such_command(word: str, meant: Sequence[str], span: Span | None = None) -> CalcError:
    """A word before an operand that is nearly a command.

    >>> gard sin at 1
    """
    return make("E-SYNTAX", f"{shorten(word, 30)} is not a command", span, help=f"did you mean {' or '.join(meant)}?")


def missing_brackets(name: str, operand: str, span: Span | None = None) -> CalcError:
    """A name before an operand, at the beginning of a statement.

    >>> sin 2
    """
    name, operand = shorten(name, 30), shorten(operand, 30)
    help = f"a call has brackets, {name}({operand}); a product has a sign, {name} * {operand}"
    return make("E-SYNTAX", f"there is nothing between {name} and {operand}", span, help=help)


def operator_first(sign: str, span: Span | None = None) -> CalcError:
    """A line that begins with an operator.

    >>> |> sin
    """
    return make("E-SYNTAX", f"a line cannot begin with {sign}", span, help="write it at the end of the line before, or put brackets around both lines")


def semicolon_inside(span: Span | None = None) -> CalcError:
    """A semicolon inside round brackets.

    >>> max(1; 2)
    """
    return make("E-SYNTAX", "; separates statements, and the rows of [ ]", span, help="arguments are separated by commas")


def tight_after_sign(span: Span | None = None) -> CalcError:
    """A number directly before a name, behind ``/`` or ``^`` and a sign.

    >>> x = 4; 1/-2x
    """
    return make("E-SYNTAX", "behind / or ^ a number directly before a name can be read in two ways", span, help="put brackets: 1/(-2*x)  or  (1/-2)*x")


def size_brackets(span: Span | None = None) -> CalcError:
    """Sizes of a kind without brackets.

    >>> f(A: R^n×n) = A
    """
    return make("E-SYNTAX", "sizes with an operator stand in brackets", span, help="write  R^(m×n)")


def space_before_bracket(name: str, bracket: str, span: Span | None = None) -> CalcError:
    """A blank between a function and its arguments.

    >>> 1 + sin (2)
    """
    close = ")" if bracket == "(" else "]"
    name = shorten(name, 30)
    what = "a call" if bracket == "(" else "an index"
    return make("E-SYNTAX", f"there is no operator before this {bracket}", span, help=f"{what} has no blank: {name}{bracket}…{close}; a product has a sign: {name} * {bracket}…{close}")


# ---- numbers ------------------------------------------------------------------------------------------


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


def singular_matrix(operation: str, span: Span | None = None) -> CalcError:
    """A matrix without an inverse.

    >>> inv([1, 2; 2, 4])
    """
    operation = {"factor_solve": "the derivative of this factorisation"}.get(operation, operation)
    return make("E-SINGULAR", f"{operation} needs an invertible matrix, but this one is singular", span)


def not_positive_definite(operation: str, span: Span | None = None) -> CalcError:
    """A matrix with an eigenvalue <= 0 where all must be positive.

    >>> cholesky([1, 2; 2, 1])
    """
    return make(
        "E-DOMAIN", f"{operation} needs a positive definite matrix, but this one has an eigenvalue that is not positive", span,
        help="eigh(A) shows its eigenvalues",
    )  # fmt: skip


def not_symmetric(operation: str, span: Span | None = None) -> CalcError:
    """A matrix that differs from its transpose.

    >>> eigh([1, 2; 3, 4])
    """
    hint = "; eig(A) is for any square matrix" if operation == "eigh" else ""
    return make("E-DOMAIN", f"{operation} needs a symmetric matrix, but this one differs from its transpose", span, help=f"its symmetric part is (A + A')/2{hint}")


def complex_eigenvalues(operation: str, span: Span | None = None) -> CalcError:
    """A matrix that turns some plane.

    >>> eig([0, -1; 1, 0])
    """
    return make("E-DOMAIN", f"{operation} needs a matrix whose eigenvalues are real, but some of this one are complex", span)


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
    "negative eigenvalue": no_real_function, "no root": no_square_root, "repeated": repeated_eigenvalues,
}  # fmt: skip


def refused_matrix(operation: str, problem: str, span: Span | None = None) -> CalcError:
    """The error of a matrix that an operation cannot work with; ``problem`` is what NumPy or the row says of it."""
    return REFUSED.get(problem, singular_matrix)(operation, span)


def ill_conditioned(size: float, span: Span | None = None) -> CalcError:
    """An inverse or solution that loses most of its digits: a warning.

    >>> inv([2, 4, 6; 2, 0, 2; 6, 8, 14])
    """
    from math import log10

    lost = f"about {min(16, int(log10(size)))} of 16 digits are lost" if size < 1e300 else "no digit can be trusted"
    return make("W-CONDITION", f"the matrix is nearly singular: {lost} (condition number {size:.1e})", span)
