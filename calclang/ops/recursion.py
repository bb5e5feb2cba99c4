"""Functions of numbers that call themselves, as nodes. Their values alone: whoever differentiates one follows the path that it takes.

``again`` is the call inside of the body, ``recursion`` the call from outside, which the backend runs on a stack of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from calclang.ir.node import Symbol
from calclang.ops.base import Row, same_shape
from calclang.ops.control import RUN, Body
from calclang.record import record


@record(eq=False)
class Recursion:
    """A function of numbers: its body, in which ``again`` with this ``function`` is a call of itself. ``levels``: calls inside of calls that one
    such call makes, with those of other functions on the way."""

    body: Body
    function: Symbol
    levels: int


def _again(xp: Any, *given: Any) -> Any:
    raise ValueError("a call inside of a body has no value of its own")


def _row(name: str, eval: Callable[..., Any], boolean: bool, doc: str) -> Row:
    """One value for each of its arguments, which are numbers, or as many of them at once."""
    return Row(name=name, kind="custom", arity=None, eval=eval, shape=same_shape, boolean=boolean, reliable=False, hidden=True, doc=doc)


def _run(xp: Any, *given: Any) -> Any:
    return RUN["recursion"](xp, given[:-2], *given[-2:])


# By whether the function gives a truth value.
AGAIN = {holds: _row("again", _again, holds, "The call of a function inside of itself. Params: which function, and whether nothing is left to do after it.") for holds in (False, True)}
RECURSION = {
    holds: _row("recursion", _run, holds, "A function that calls itself. Params: its record, and how many calls inside of calls there may be.")
    for holds in (False, True)
}

__all__ = ["AGAIN", "RECURSION", "Recursion"]
