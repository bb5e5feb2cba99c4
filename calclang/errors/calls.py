"""Errors of calls: how many arguments, and of which kinds."""

from __future__ import annotations

from calclang.errors.diagnostic import CalcError, make
from calclang.errors.names import shorten
from calclang.errors.shapes import _in
from calclang.source import Span


def wrong_arity(name: str, least: int, most: int | None, given: int, signature: str, span: Span | None = None, instead: str = "") -> CalcError:
    """A call with too few or too many arguments; ``instead``: how what was meant is written.

    >>> sin(1, 2)
    """
    wanted = f"{least}" if most == least else f"at least {least}" if most is None else f"{least} to {most}"
    noun = "argument" if wanted == "1" else "arguments"
    help = "   ·   ".join([f"call it as {signature}"] * (signature[:1] != "(") + [instead] * bool(instead))
    return make("E-ARITY", f"{name} takes {wanted} {noun}, but got {given}", span, help=help)


def not_a_function(what: str, span: Span | None = None, called: str = "", arguments: str = "") -> CalcError:
    """A call of something that is no function: of ``called`` with ``(arguments)``, as they are written.

    >>> x = 3; x(x + 1)
    """
    called, arguments = shorten(called, 30), shorten(arguments, 30)
    product, index = f"a product has a sign:  {called}*{arguments}", f"an index has square brackets:  {called}[{arguments[1:-1]}]"
    parts = what.startswith(("R", "row", "a tuple", "a range", "a mask"))
    help = "" if not arguments or what == "a string" else index if parts else product
    return make("E-TYPE", f"only functions can be called; this is {_in(what)}", span, help=help)


def needs_function(operator: str, what: str, span: Span | None = None) -> CalcError:
    """An operator given something that is no function.

    >>> grad(3)
    """
    return make("E-TYPE", f"{operator} needs a function, but got {what}", span, help=f"write {operator}(x -> …) or the name of a function")


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


def breaks_fact(function: str, parameter: str, word: str, i: int, j: int, value: float, facing: float, span: Span | None = None) -> CalcError:
    """A matrix that is not what its declaration says beyond its shape.

    >>> f(D: symmetric R^(n×n), x: R^n) = x' * D * x; f([1, 2; 3, 4], [1, 1])
    """
    there = f"{parameter}[{i}, {j}] is {value:.10g}" + (f" and {parameter}[{j}, {i}] is {facing:.10g}" if word == "symmetric" else "")
    help = f"({parameter} + {parameter}')/2 is symmetric" if word == "symmetric" else f"diag(diag({parameter})) is its diagonal part"
    return make("E-TYPE", f"{parameter} of {function} is declared {word}, but {there}", span, help=help)
