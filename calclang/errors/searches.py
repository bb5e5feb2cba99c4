"""Errors of a search: what is sought, where it begins, and what came of it."""

from __future__ import annotations

from collections.abc import Sequence

from calclang.errors.diagnostic import CalcError, make
from calclang.errors.names import shorten
from calclang.errors.shapes import _in
from calclang.source import Span

# What stopped a search for a root -> what is true of the best point, and what to try.
STOPPED = {
    "fades": ("the residual fades there: the next step would be as long as ever, and a value that only comes near to zero is no root", "begin nearer to a root, if there is one"),
    "level": ("from there no small step makes the residual smaller", "another start may lead to a root, or there is none"),
    "jump": ("there the value changes its sign without being zero: it jumps", ""),
    "edge": ("from there every step leaves the domain, or makes the residual no smaller", "another start may lead to a root, or there is none"),
    "most": ("the steps that are allowed are used up", "allow more with max, or begin nearer to a root"),
}  # fmt: skip


def no_minimum(span: Span | None = None) -> CalcError:
    """A function that falls without bound.

    >>> minimize x -> -x^4 from 1
    """
    return make("E-DOMAIN", "no minimum was found: the value falls without bound", span, help="is the sign right? minimize seeks the smallest value")


def more_unknowns(names: Sequence[str], given: int, span: Span | None = None) -> CalcError:
    """A search about an expression with more names that nothing defines than its start has values.

    >>> b = 3; solve a*x - b from 1
    """
    start = ", ".join(f"{name} = …" for name in names)
    said = f"nothing defines {', '.join(names)}: these are {len(names)} unknowns, and from gives {given} value{'s' * (given != 1)}"
    return make("E-ARITY", said, span, help=f"define first what is known   ·   begin with  from {start}")


def start_kind(word: str, what: str, span: Span | None = None) -> CalcError:
    """A search that begins at something that is no number.

    >>> minimize x -> x^2 from true
    """
    return make("E-TYPE", f"{word} begins at numbers and arrays of them, but this is {_in(what)}", span, help="for example  from 0   ·   from [1, 2]   ·   from (zeros(2), 0)")


def point_not_finite(word: str, span: Span | None = None) -> CalcError:
    """A search that begins at infinity or nowhere.

    >>> minimize x -> x^2 from nan
    """
    return make("E-DOMAIN", f"{word} needs a point of finite numbers", span)


def not_an_equation(what: str, difference: str, span: Span | None = None) -> CalcError:
    """``solve`` of something that is no number: a comparison, or a text.

    >>> solve x -> x^2 == 2 from 1
    """
    return make("E-TYPE", f"solve needs numbers that become zero, but this is {_in(what)}", span, help=f"write  {difference}" if difference else "")


def no_root(point: str, residual: float, steps: int, why: str, potential: str, span: Span | None = None) -> CalcError:
    """A search for a root that came to nothing; ``why`` stands in STOPPED, ``potential`` is the function whose gradient should become zero.

    >>> solve x -> x^2 + 1 from 0
    """
    after = f"after {steps} step" + ("" if steps == 1 else "s")
    said = f"no root was found: {after} the best point is {shorten(point, 60)}, where the largest residual is {residual:.3g}"
    note, help = STOPPED[why]
    seek = f"minimize {shorten(potential)} from … looks for a minimum rather than any root of the gradient"
    return make("E-DOMAIN", said, span, notes=[note], help=seek if potential else help)


def not_as_many(equations: int, unknowns: int, squares: str, span: Span | None = None) -> CalcError:
    """A system with more equations than unknowns, or fewer; ``squares`` as in `not_one_number`.

    >>> solve (x, y) -> x + y from (1, 2)
    """
    said = f"there {'is 1 equation' if equations == 1 else f'are {equations} equations'} and {unknowns} unknown{'s' * (unknowns != 1)}"
    instead = f"least squares:  {squares}" if squares else "minimize the sum of squares otherwise"
    return make("E-SHAPE", said, span, notes=["a root needs as many of each"], help=instead)


def not_one_number(function: str, got: str, squares: str, span: Span | None = None) -> CalcError:
    """``minimize`` of a function with several values; ``squares`` is the command that minimizes the sum of their squares, if there is one.

    >>> f(a, b) = [a - 1, b - 2, a*b]; minimize f from (0, 0)
    """
    return make("E-SHAPE", f"minimize needs one number, but {function} gives {got}", span, help=f"least squares:  {squares}" if squares else "")


def unknown_method(name: str, known: Sequence[str], span: Span | None = None) -> CalcError:
    """A method of minimization that does not exist.

    >>> minimize x -> x^2 from 1 method "downhill"
    """
    return make("E-NAME", f"there is no method {shorten(name)}", span, help=f"there are {', '.join(known)}")


def clause_number(word: str, found: str, whole: bool, span: Span | None = None) -> CalcError:
    """A clause that takes a positive number, or a positive whole one.

    >>> minimize x -> x^2 from 1 tol -1
    """
    return make("E-TYPE", f"{word} is a positive {'whole ' if whole else ''}number, but this is {found}", span)


def no_unknowns(word: str, span: Span | None = None) -> CalcError:
    """A search that begins at no numbers at all.

    >>> minimize x -> sum(x) from []
    """
    return make("E-DOMAIN", f"{word} needs a start of one number or more, and here is none", span)
