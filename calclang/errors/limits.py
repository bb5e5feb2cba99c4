"""Errors of what is too large, too deep or too long, and of work that was stopped."""

from __future__ import annotations

from collections.abc import Sequence

from calclang.errors.diagnostic import CalcError, make
from calclang.source import Span


def _many(size: int) -> str:
    """A count in full, as long as anybody can read it."""
    return f"{size:,}" if size < 10**15 else f"{float(size):.1e}"


def too_many_nodes(limit: int, span: Span | None = None) -> CalcError:
    """The graph of a computation needs more operations than the session allows.

    >>> iterate(x -> [x; sum(x)], [1], 1e6)
    """
    return make("E-LIMIT-NODES", f"written out, this needs more than {limit:,} operations", span, help="make the problem smaller")


def too_much_work(limit: int, span: Span | None = None) -> CalcError:
    """Running the computation takes more steps than the session allows; said before they are taken, where that is known.

    >>> iterate(x -> cos(x), 1, 1e15)
    """
    return make("E-LIMIT-WORK", f"this takes more than {limit:,} steps of work", span, help="make the problem smaller")


def too_many_elements(size: int, limit: int, span: Span | None = None) -> CalcError:
    """A value would have more elements than the session allows; said before anything is allocated.

    >>> zeros(1e5, 1e5)
    """
    return make("E-LIMIT-ELEMENTS", f"the result would have {_many(size)} elements; the limit is {limit:,}", span)


def too_many_parts(size: int, limit: int, span: Span | None = None) -> CalcError:
    """A tuple whose parts, with those of the tuples inside it, are more than the session allows.

    >>> iterate(t -> (t, t), 0, 60)
    """
    return make("E-LIMIT-ELEMENTS", f"the tuple would have {_many(size)} parts, all told; the limit is {limit:,}", span)


def too_long_answer(limit: int, span: Span | None = None) -> CalcError:
    """A command whose answer would be longer than the session allows.

    >>> latex ones(3000, 3000)
    """
    return make("E-LIMIT-OUTPUT", f"the answer would have more than {limit:,} characters", span)


def endless_recursion(cycle: Sequence[str], limit: int, span: Span | None = None) -> CalcError:
    """Calls inside calls beyond the limit.

    >>> f(x) = f(x); f(1)
    """
    if len(cycle) > 1 and cycle[0] == cycle[-1]:
        path = f"{cycle[0]} calls itself" if len(cycle) == 2 else " -> ".join(cycle)
    else:
        path = " -> ".join(["…", *cycle])
    return make("E-RECURSION", f"more than {limit:,} calls inside each other: {path}", span, help="is there a case that ends the recursion?")


def too_many_elements_inf(span: Span | None = None) -> CalcError:
    """An infinite size.

    >>> ones(inf)
    """
    return make("E-LIMIT-ELEMENTS", "the result would have infinitely many elements", span)


def did_not_end(most: int, span: Span | None = None) -> CalcError:
    """``iterate`` whose condition never holds.

    >>> iterate(x -> x + 1, 0, until = x -> x < 0, max = 10)
    """
    return make("E-LIMIT-TURNS", f"the condition did not hold after {most:,} turns", span, help="allow more with max = …")


def too_deep(span: Span | None = None) -> CalcError:
    """A structure nested more deeply than can be worked through."""
    return make("E-LIMIT-DEPTH", "this is nested too deeply", span)


def out_of_memory(span: Span | None = None) -> CalcError:
    """The machine's memory is exhausted."""
    return make("E-LIMIT-MEMORY", "there is not enough memory for this", span)


def interrupted(still: bool = False) -> CalcError:
    """A person pressed Ctrl-C. ``still``: an operation that cannot be stopped goes on."""
    return make("E-INTERRUPT", "interrupted", notes=("one long operation could not be stopped at once; it ends in the background",) if still else ())


def own_mistake(what: str) -> CalcError:
    """A defect of calclang itself: no program should cause it."""
    return make("E-INTERNAL", f"calclang made a mistake of its own ({what})", help="please report this program; with CALCLANG_DEBUG=1 it says more")


def source_too_long(length: int, limit: int) -> CalcError:
    """A text longer than the session allows."""
    return make("E-LIMIT-SOURCE", f"the program has {length:,} characters; the limit is {limit:,}")


def name_too_long(limit: int, span: Span | None = None) -> CalcError:
    """A name longer than any that is of use (no program is that long here)."""
    return make("E-LIMIT-NAME", f"a name has at most {limit} characters", span)


def nested_too_deeply(limit: int, span: Span | None = None) -> CalcError:
    """Brackets or signs nested beyond the limit."""
    return make("E-LIMIT-DEPTH", f"this is nested more than {limit:,} levels deep", span)
