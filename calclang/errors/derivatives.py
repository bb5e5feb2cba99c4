"""Errors of derivatives and series."""

from __future__ import annotations

from calclang.errors.diagnostic import CalcError, DirectionError, make
from calclang.errors.shapes import _exactly, _in
from calclang.source import Span


def needs_scalar_value(operator: str, function: str, got: str, span: Span | None = None) -> CalcError:
    """The gradient of a function that is not scalar-valued.

    >>> f(v) = v; grad(f)([1, 2])
    """
    f = function if function.isidentifier() else "F"
    help = f"jacobian({f}) for all partial derivatives   ·   one component: x -> {f}(x)[1]   ·   a sum: x -> sum({f}(x))"
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

    >>> f(x, y) = x*y; f'
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
    return DirectionError(make("E-SHAPE", f"{what} should be {_in(wanted)}, but is {_in(got)}", span).diagnostic)


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


def bad_order(value: float, span: Span | None = None) -> CalcError:
    """A Taylor order that is no whole number >= 0.

    >>> taylor(sin, at = 0, order = -1)
    """
    return make("E-DOMAIN", f"the order must be a whole number >= 0, but is {_exactly(value)}", span)


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
