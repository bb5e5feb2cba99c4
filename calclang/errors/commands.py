"""Errors of commands and what they report."""

from __future__ import annotations

from collections.abc import Sequence

from calclang.errors.diagnostic import CalcError, make
from calclang.errors.names import close_names, shorten
from calclang.errors.shapes import _in
from calclang.source import Span

SEARCHES = ("minimize", "solve")  # commands whose point is where they begin


def not_yet(what: str, span: Span | None = None) -> CalcError:
    """A command of the language, or a clause of one, that this version does not have.

    >>> plot sin at 1
    """
    return make("E-NAME", f"this version has no {what} yet", span)


def unknown_clause(word: str, clause: str, allowed: Sequence[str], usage: str, span: Span | None = None) -> CalcError:
    """A clause that a command does not have.

    >>> grad sin near 1
    """
    meant = close_names(clause, allowed)
    help = f"did you mean {meant[0]}?" if meant else f"write  {usage}"
    return make("E-SYNTAX", f"{word} has no clause {shorten(clause)}", span, help=help)


def repeated_clause(clause: str, span: Span | None = None) -> CalcError:
    """A clause that stands twice.

    >>> f(x, y) = x*y; grad f at (1, 2) at (3, 4)
    """
    return make("E-SYNTAX", f"{clause} stands twice", span)


def clause_wants_value(clause: str, span: Span | None = None) -> CalcError:
    """``name = value`` in a clause that takes values.

    >>> grad sin at 1 mode x = 2
    """
    return make("E-SYNTAX", f"{clause} takes a value here, not a definition", span)


def perhaps_before(error: CalcError, definitions: dict[str, str], rest: str) -> CalcError:
    """The same error; where a command is about a name that is defined behind ``where`` in its last clause, that belongs to the clause alone.
    ``definitions``: those, as they are written; ``rest``: the command without them.

    >>> minimize f from 3 where f(x) = x^2
    """
    found = error.diagnostic
    name = found.labels[0].span.text if found.labels else ""
    if found.code != "E-NAME" or name not in definitions:
        return error
    note = "a definition behind where holds for the clause before it alone"
    return make("E-NAME", found.message, *found.labels, notes=[note], help=f"define {name} first:  {shorten('; '.join(definitions.values()), 80)}; {shorten(rest)}")


def clause_missing(word: str, clause: str, written: str, span: Span | None = None) -> CalcError:
    """A command, ``written`` without a clause that it needs.

    >>> jvp sin at 1
    """
    return make("E-SYNTAX", f"{word} needs {clause} …", span, help=f"write  {shorten(written)} {clause} …")


def command_needs_function(word: str, what: str, span: Span | None = None, instead: str = "") -> CalcError:
    """A derivative command about something that is no function; ``instead``: what to write for the value of a call.

    >>> x = 3; grad x^2 at 1
    """
    help = f"the point stands behind at:  {instead}" if instead else "say what varies:  " + (f"{word} x^2 - 2 from x = 1" if word in SEARCHES else f"{word} x^2 wrt x at x = 3")
    return make("E-TYPE", f"{word} needs a function, but this is {_in(what)}", span, help=help)


def command_operand(word: str, inner: str, operand: str, span: Span | None = None) -> CalcError:
    """A command about a function that is given another command; ``operand``: what that one is about, where it is an operator that can be called.

    >>> grad hessian sin at 1
    """
    help = f"an operator inside is a call:  {word} {inner}({shorten(operand)})" if operand else f"{inner} stands in a statement of its own"
    return make("E-SYNTAX", f"{word} is about one function or expression, not about {inner}", span, help=help)


def not_about(word: str, inner: str, operators: Sequence[str], span: Span | None = None) -> CalcError:
    """A command about derivatives that is given another command.

    >>> check taylor sin at 0 order 3
    """
    return make("E-SYNTAX", f"{word} cannot be about {inner}", span, help=f"it can be about {', '.join(operators)}, or a function or expression itself")


def point_names(
    clause: str, function: str, names: Sequence[str], missing: Sequence[str], extra: Sequence[str], span: Span | None = None
) -> CalcError:
    """``at x = …`` with names that are not the parameters.

    >>> f(x, y) = x*y; grad f at x = 1
    """
    what = f"{clause} needs a value for {', '.join(missing)}" if missing else f"{function} has no parameter {', '.join(extra)}"
    return make("E-NAME", what, span, help=f"the parameters are {', '.join(names)}")


def assertion_failed(sides: Sequence[str], span: Span | None = None) -> CalcError:
    """``assert`` of something false.

    >>> assert 1 + 1 == 3
    """
    return make("E-ASSERT", "this does not hold", span, notes=sides)


def not_close(a: float, b: float, tolerance: float, place: str, span: Span | None = None) -> CalcError:
    """``assert_close`` of values that differ by more than the tolerance, at a ``place``.

    >>> assert_close(1, 1.1, 0.01)
    """
    x, y = (repr(v).removesuffix(".0") for v in (a, b))
    return make("E-ASSERT", f"{x} and {y}{place} differ by {abs(a - b):.3g}; {tolerance:g} is allowed", span)


def assertion_kind(what: str, span: Span | None = None) -> CalcError:
    """``assert`` of something that is neither true nor false.

    >>> assert 1
    """
    return make("E-TYPE", f"assert needs one truth value, but this is {_in(what)}", span, help="all(mask) is true where every element is")


def needs_file_name(word: str, span: Span | None = None) -> CalcError:
    """``load`` or ``save`` without the name of a file in quotes.

    >>> load other
    """
    return make("E-SYNTAX", f"{word} needs the name of a file in quotes", span, help=f'{word} "other.calc"')


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


def no_differences(function: str, span: Span | None = None) -> CalcError:
    """A numerical derivative at the end of a domain.

    >>> check derivative sqrt at 0
    """
    said = f"there is no numerical derivative to compare with: {function} is not defined on both sides of this point"
    return make("E-DOMAIN", said, span, help="check … against g compares with what you claim")


def doubtful_differences(function: str, span: Span | None = None) -> CalcError:
    """A numerical derivative that says itself that it is no good.

    >>> check derivative floor at 1
    """
    said = f"there is no numerical derivative to compare with: slopes of {function} that are measured ever nearer to this point do not settle"
    return make("E-DOMAIN", said, span, help="check … against g compares with what you claim")


def needs_point(word: str, span: Span | None = None) -> CalcError:
    """A command that needs ``at``.

    >>> explain grad sin
    """
    return make("E-SYNTAX", f"{word} needs a point", span, help=f"for example  {word} f at 0.7")


def not_explained(word: str, operator: str, span: Span | None = None) -> CalcError:
    """``explain`` about a derivative that is no table of values and adjoints.

    >>> explain curl [x, y] -> [-y, x] at (1, 2)
    """
    return make("E-TYPE", f"{word} goes through a gradient, a derivative, a Jacobian or a Hessian, not {operator}", span, help=f"for example  {word} jacobian F at [1, 2]")


def claim_size(wanted: int, got: int, span: Span | None = None) -> CalcError:
    """``check … against`` a claim of more or fewer numbers than the derivative has.

    >>> check grad ((x, y) -> x*y) at (1, 2) against 2
    """
    return make("E-SHAPE", f"the derivative has {wanted} number{'s' * (wanted != 1)}, and the claim {got}", span)


def claim_fails(claimed: str, exact: str, error: float, span: Span | None = None) -> CalcError:
    """``check … against`` a claim that is wrong.

    >>> f(x) = cos(x); check grad f at 1 against x -> sin(x)
    """
    return make("E-CHECK", f"the claim is wrong: it gives {claimed}, the derivative is {exact} (relative error {error:.2g})", span)
