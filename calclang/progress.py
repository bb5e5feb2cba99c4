"""How long work tells of itself: one hook per session, which loops call now and then. Nobody listens unless a frontend does."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from typing import TypeAlias, TypeVar

T = TypeVar("T")

Hook: TypeAlias = Callable[[str, int, int], None]  # what is done, how much of it, of how much (0: nobody knows)


class Stopped(SystemExit):
    """Ends the thread of work that was stopped: no handler of errors catches it, and a thread that dies of it says nothing."""


class Listener:
    """A hook, and whether a loop is telling it of itself: the loops inside that one keep quiet."""

    def __init__(self, hook: Hook) -> None:
        self.hook, self.busy = hook, False


_listener: ContextVar[Listener | None] = ContextVar("listener", default=None)


@contextmanager
def listening(hook: Hook | None) -> Iterator[None]:
    """Work inside is told to ``hook``."""
    token = _listener.set(Listener(hook) if hook is not None else None)
    try:
        yield
    finally:
        with suppress(ValueError):  # interrupted before anything was inside: it is closed later, in another context
            _listener.reset(token)


def stretches(what: str, count: int, step: int, known: bool = True) -> Iterable[int]:
    """``range(0, count, step)``, told of as it goes if somebody listens. ``known``: whether ``count`` turns will be made, not just at most."""
    listener = _listener.get()
    if listener is None or listener.busy or count <= step:
        return range(0, count, step)
    return _told(listener, what, range(0, count, step), count if known else 0)


def _told(listener: Listener, what: str, places: range, total: int) -> Iterator[int]:
    listener.busy = True
    try:
        for place in places:
            listener.hook(what, place, total)
            yield place
    finally:
        listener.busy = False


def each(what: str, items: Sequence[T], step: int = 64, known: bool = True) -> Iterator[T]:
    """The items, told of as it goes."""
    for place in stretches(what, len(items), step, known):
        yield from items[place : place + step]


def portions(what: str, items: Sequence[T], size: Callable[[T], int], least: int) -> Iterable[T]:
    """The items, told of by their sizes where these make at least ``least`` together. What is done for one of them may tell of itself in between."""
    listener = _listener.get()
    if listener is None or listener.busy or (total := sum(map(size, items))) < least:
        return items
    return _portions(listener.hook, what, items, size, total)


def _portions(hook: Hook, what: str, items: Sequence[T], size: Callable[[T], int], total: int) -> Iterator[T]:
    done = 0
    for item in items:
        hook(what, done, total)
        yield item
        done += size(item)


@contextmanager
def telling(what: str) -> Iterator[Callable[[int], None]]:
    """Says how many steps were made of a piece of work whose length nobody knows; the loops inside it keep quiet."""
    listener = _listener.get()
    if listener is None or listener.busy:
        yield lambda steps: None
        return
    listener.busy = True
    try:
        yield lambda steps: listener.hook(what, steps, 0)
    finally:
        listener.busy = False
