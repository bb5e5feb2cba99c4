"""Errors of indices, tuples, ranges and loops."""

from __future__ import annotations

from collections.abc import Sequence

from calclang.errors.diagnostic import CalcError, make
from calclang.errors.names import shorten
from calclang.errors.shapes import _exactly, _in
from calclang.source import Span


def end_outside_index(span: Span | None = None) -> CalcError:
    """``end`` where nothing is indexed.

    >>> 1 + end
    """
    return make("E-NAME", "end has a meaning only inside an index, as in x[end]", span)


def not_indexable(what: str, span: Span | None = None, written: str = "", index: str = "") -> CalcError:
    """An index into something without parts, with ``[index]`` as it is written.

    >>> sin[1]
    """
    help = f"a call has round brackets:  {shorten(written, 30)}({shorten(index[1:-1], 30)})" if what == "a function" else ""
    return make("E-INDEX", f"{what} has no parts to index", span, help=help)


def index_count(what: str, axes: int, given: int, span: Span | None = None) -> CalcError:
    """Too few or too many indices.

    >>> [1, 2; 3, 4][1]
    """
    if not axes:
        return make("E-INDEX", f"{what} has no parts to index", span, help="an element of a matrix is  A[i, j]" if what == "a number" else "")
    help = "A[i, j] is an element of a matrix, A[i, :] a row, A[:, j] a column" if axes == 2 else ""
    return make("E-INDEX", f"{_in(what).removeprefix('in ')} takes {axes} {'index' if axes == 1 else 'indices'}, but got {given}", span, help=help)


def index_outside(value: float, size: int, span: Span | None = None) -> CalcError:
    """An index beyond the end (indices count from 1).

    >>> [1, 2, 3][4]
    """
    return make("E-INDEX", f"the index {_exactly(value)} is outside 1..{size}", span, help="indices count from 1; x[end] is the last element" if value < 1 else "")


def index_not_whole(value: float, span: Span | None = None) -> CalcError:
    """An index that is no whole number.

    >>> [1, 2, 3][1.5]
    """
    return make("E-INDEX", f"an index must be a whole number, but is {_exactly(value)}", span)


def bad_index_kind(what: str, span: Span | None = None) -> CalcError:
    """An index that is no number, range, vector of numbers or ``:``.

    >>> [1, 2, 3]["a"]
    """
    help = "only parts of tuples have names; the columns of a file have them where it has a header" if what == "a string" else ""
    return make("E-INDEX", f"an index is a number, a range, a vector of numbers or ':', not {what}", span, help=help)


def bad_part(what: str, span: Span | None = None) -> CalcError:
    """A tuple read by what is no number and no name.

    >>> (1, 2, 3)[2..3]
    """
    return make("E-INDEX", f"a part of a tuple is read by its number, or by its name in double quotes, not by {what}", span)


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
    help = "elements are read by their index:  a = v[1]" if what.startswith(("R^", "row R")) else ""
    return make("E-TYPE", f"only a tuple can be taken apart, but this is {_in(what)}", span, help=help)


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


def bad_range(step: float, span: Span | None = None) -> CalcError:
    """A range with a step of zero, or ends that are not finite.

    >>> sum(i for i in nan..10)
    """
    why = "its step is 0" if step == 0 else "its ends must be finite numbers"
    return make("E-DOMAIN", f"this is no range: {why}", span)


def lost_step(step: float, number: float, span: Span | None = None) -> CalcError:
    """A range of numbers so large that the step is lost beside them.

    >>> sum(i for i in 2^53..2^53 + 4)
    """
    return make(
        "E-DOMAIN", f"this is no range: its step of {_exactly(step)} is lost beside {_exactly(number)}", span,
        help="float64 has 16 digits: of whole numbers it holds every one up to 2^53",
    )  # fmt: skip


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
