"""Through which calls, and which files, the place of an error was reached."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import groupby, islice

from calclang.errors import CalcError, Diagnostic, Label
from calclang.lower.lowered import Frame, Scope
from calclang.source import Span

MOST = 8  # calls that are told


@dataclass(frozen=True)
class Place(Span):
    """A place inside a function, with the call that led there."""

    frame: Frame | None = None

    __eq__ = Span.__eq__  # where it is counts, not how it was reached
    __hash__ = Span.__hash__


def place(span: Span, scope: Scope | None) -> Span:
    """A span that remembers through which calls it was reached."""
    frame = scope.frame if scope is not None else None
    return span if frame is None else Place(span.source, span.start, span.stop, frame)


def within(error: CalcError, frame: Frame) -> CalcError:
    """The same error, its place reached through a call; what was said in a call inside that one stays."""
    labels = error.diagnostic.labels
    if not labels or isinstance(labels[0].span, Place):
        return error
    first = labels[0]
    inside = Label(Place(first.span.source, first.span.start, first.span.stop, frame), first.text)
    return CalcError(replace(error.diagnostic, labels=(inside, *labels[1:])))


def with_calls(diagnostic: Diagnostic) -> Diagnostic:
    """The same with a note per call that led to its place, innermost first; a call that repeats itself is told once."""
    here = diagnostic.labels[0].span if diagnostic.labels else None
    calls = groupby(_calls(here.frame if isinstance(here, Place) else None))
    notes = [note + (f", {times} times" if times > 1 else "") for note, group in islice(calls, MOST) if (times := len(list(group)))]
    more = ["… and more calls"] if next(calls, None) is not None else []
    return replace(diagnostic, notes=(*diagnostic.notes, *notes, *more))


def _calls(frame: Frame | None) -> Iterator[str]:
    """The calls that somebody wrote, innermost first."""
    while frame is not None:
        if (where := _where("called", frame.place)) != "":
            yield f"in {frame.function}, {where}"
        frame = frame.caller


def loaded_from(error: CalcError, span: Span) -> CalcError:
    """The error of a file, with the place that loaded it."""
    where = _where("loaded", span)
    return CalcError(replace(error.diagnostic, notes=(*error.diagnostic.notes, where))) if where else error


def _where(what: str, place: Span | None) -> str:
    """``called at lesson.calc:3:1``; empty where nobody wrote the call."""
    return f"{what} at {place.source.name}:{place.line}:{place.column}" if place is not None and place.source.text else ""
