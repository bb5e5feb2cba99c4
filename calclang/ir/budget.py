"""What building and running graphs may still use, and the place of the source that this is done for.

Whatever makes nodes, fills arrays or runs operations is charged here, before it does. Three counts: operations of a graph (`charge`),
elements of one value (`claimed`), and steps of work (`spend`, `afford`). A step is about one operation on two numbers, or a nanosecond.
Outside any session nothing is limited.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from contextvars import ContextVar
from dataclasses import field
from math import inf
from typing import TYPE_CHECKING, Any, TypeVar

from calclang import errors
from calclang.ir.dim import Shape, product
from calclang.record import record
from calclang.source import Span

if TYPE_CHECKING:
    from calclang.ir.node import Node

Sizes = TypeVar("Sizes", bound=Shape)
MADE = 40  # steps that an element of an array is charged which the program may keep: so that all that it keeps is bounded too


@record(frozen=False)
class Budget:
    """The limits of one statement, and what it has used so far; the session sets them.

    ``places``: where in the source the nodes of this statement came from, the first place of each. Nodes themselves are shared by all sessions,
    so that they must not know it.
    """

    nodes: int = 10_000_000
    elements: int = 200_000_000
    work: float = inf
    made: int = 0
    spent: float = 0.0
    places: dict[Node, Span | None] = field(default_factory=dict)


_budget: ContextVar[Budget | None] = ContextVar("budget", default=None)
_span: ContextVar[Span | None] = ContextVar("span", default=None)


def budget() -> Budget:
    """The budget in force; outside any session a fresh one at each call, so that nothing adds up there."""
    return _budget.get() or Budget()


def here() -> Span | None:
    """The place of the source that nodes made now come from."""
    return _span.get()


def set_here(span: Span | None) -> None:
    """Nodes made from now on come from this place."""
    _span.set(span)


@contextmanager
def keeping_place() -> Iterator[Span | None]:
    """The place where nodes are made now, to which it returns however the block ends."""
    at = here()
    try:
        yield at
    finally:
        set_here(at)


@contextmanager
def charging(new: Budget, span: Span | None = None) -> Iterator[Budget]:
    """Whatever is done inside is charged to ``new``, and comes from this place of the source until a nearer one is known."""
    token, place = _budget.set(new), _span.set(span)
    try:
        yield new
    finally:
        with suppress(ValueError):  # interrupted before anything was inside: it is closed later, in another context
            _span.reset(place)
            _budget.reset(token)


def charged(make: Callable[[], Budget]) -> Any:
    """Whatever is done inside is charged to the budget in force, or to a new one where there is none."""
    return nullcontext() if _budget.get() is not None else charging(make())


@contextmanager
def spending(most: int) -> Iterator[Budget]:
    """Graph building inside may use so many operations of the budget in force."""
    outer = budget()
    inner = Budget(min(most, outer.nodes - outer.made), outer.elements, outer.work, spent=outer.spent, places=outer.places)
    try:
        with charging(inner, here()):
            yield inner
    finally:
        outer.made += inner.made
        outer.spent = inner.spent


def charge(operations: int) -> None:
    """Use up operations that no node stands for, such as calls. Raises E-LIMIT-NODES."""
    now = budget()
    now.made += operations
    if now.made > now.nodes:
        raise errors.too_many_nodes(now.nodes, here())


def spend(steps: float) -> None:
    """Use up steps of work. Raises E-LIMIT-WORK."""
    now = _budget.get()
    if now is not None:
        now.spent += steps
        if now.spent > now.work:
            raise errors.too_much_work(int(now.work), here())


def afford(steps: float) -> None:
    """Refuse work that is going to be spent, before it begins. Raises E-LIMIT-WORK."""
    now = _budget.get()
    if now is not None and now.spent + steps > now.work:
        raise errors.too_much_work(int(now.work), here())


def claimed(shape: Sizes) -> Sizes:
    """The shape of an array that is about to be filled. Raises E-LIMIT-ELEMENTS and E-LIMIT-WORK, before anything is allocated."""
    size, now = product(shape), budget()
    if isinstance(size, int):
        if size > now.elements:
            raise errors.too_many_elements(size, now.elements, here())
        afford(MADE * size)
    return shape
