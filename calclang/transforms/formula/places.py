"""Parts of arrays, and arrays put together of parts: ``x[2..5]``, ``[2*x[1]; 3; zeros(n - 2)]``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cmp_to_key

from calclang.ir.dim import Dim, Size, least
from calclang.syntax import tree as t
from calclang.transforms.formula.leaves import sized
from calclang.transforms.formula.matrices import Expr, call, prime, whole
from calclang.transforms.formula.normal import Unspelt
from calclang.transforms.formula.terms import Apply, Form, Sum


def taken(form: Apply, args: Sequence[Expr]) -> Expr:
    """x[2..5], A[1, :]."""
    places: list[Expr] = [t.Whole()] * (form.args[0].rank - len(form.params[0]))
    for place in form.params[0]:
        if place is None:
            places.append(t.Whole())
        elif not isinstance(place, tuple):
            places.append(sized(place + 1))
        elif place[0] == "at":
            places.append(t.Array((tuple(whole(k + 1) for k in place[1:]),)))
        elif any(isinstance(end, Size) for end in place):
            places.append(t.Range(sized(place[0] + 1), None, sized(place[1])))
        else:
            span = range(*place)
            if not span:
                raise Unspelt(form.op.name)
            places.append(t.Range(whole(span[0] + 1), None if span.step == 1 else whole(span.step), whole(span[-1] + 1)))
    return t.Index(args[0], tuple(places))


def put(form: Apply, args: Sequence[Expr]) -> Expr:
    """A part among zeros: [zeros(2); x; 0]. A 1 among zeros is a column of the identity."""
    span = _span(form)
    if span is None:
        raise Unspelt(form.op.name)
    if args[0] == whole(1) and form.args[0].rank == 0:
        return t.Index(call("eye", sized(form.shape[0])), (t.Whole(), sized(span[1])))
    return _column([(*span, args[0])], form.shape[0])


def assembled(form: Sum, written: Callable[[Form], Expr]) -> Expr | None:
    """A sum of parts among zeros that do not overlap, as one column; None for any other sum."""
    parts: list[tuple[Dim, Dim, Expr]] = []
    for coef, body in form.terms:
        span = _span(body) if isinstance(body, Apply) and body.op.name == "put" else None
        if span is None or coef != 1 or not isinstance(body, Apply):
            return None
        parts.append((*span, written(body.args[0])))
    parts.sort(key=cmp_to_key(_order))
    if not all(_before(stop, start) for (_, stop, _), (start, _, _) in zip(parts, parts[1:], strict=False)):
        return None
    return _column(parts, form.shape[0])


def _order(a: tuple[Dim, Dim, Expr], b: tuple[Dim, Dim, Expr]) -> int:
    """Which of two parts of a vector stands first, for sorting."""
    return -1 if _before(a[1], b[0]) else 1


def _before(stop: Dim, start: Dim) -> bool:
    """Whether what ends at one place is over where another part begins, whatever the sizes are."""
    between = least(start - stop)
    return between is not None and between >= 0


def _span(form: Apply) -> tuple[Dim, Dim] | None:
    """Where the one part of a put into a vector begins and ends; None where it is no such thing."""
    places, shape = form.params
    place = places[0]
    if form.rank != 1 or len(places) != 1 or len(shape) != 1:
        return None
    if not isinstance(place, tuple):
        return place, place + 1
    return (place[0], place[1]) if place[0] != "at" and place[2] == 1 else None


def _column(parts: Sequence[tuple[Dim, Dim, Expr]], size: Dim) -> Expr:
    """Parts one below another, with zeros between."""
    rows: list[Expr] = []
    at: Dim = 0
    for start, stop, part in parts:
        rows += [*_nothing(start - at), part]
        at = stop
    return t.Array(tuple((row,) for row in (*rows, *_nothing(size - at))))


def _nothing(size: Dim) -> list[Expr]:
    """So many zeros below one another."""
    if isinstance(size, Size):
        return [call("zeros", sized(size))]
    return [call("zeros", whole(size))] if size > 1 else [whole(0)] * size


def reshaped(form: Apply, args: Sequence[Expr]) -> Expr:
    """The same elements in another shape, of vectors and matrices. (The graph has the last axis fastest, the language the first one.)"""
    rank, shape = form.params
    flat = args[0] if rank == 1 else call("vec", prime(args[0]))
    return flat if len(shape) == 1 else prime(call("reshape", flat, *(sized(d) for d in reversed(shape))))
