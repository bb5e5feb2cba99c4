"""A value in one line, however large it is."""

from __future__ import annotations

from calclang.display.clean import clean
from calclang.display.values import source
from calclang.lower.formulas import operator_text, shown
from calclang.lower.lowered import Arr, Closure, Derived, Low, Tup
from calclang.session import Session

ENOUGH = 64  # entries of an array that are written before it is cut, and of all that a function captured


def one_line(session: Session, low: Low, room: int) -> str:
    """A value as it is written in calc, cut to so many columns."""
    text, whole = _written(session, low)
    text = clean(text.replace("\n", " "))
    return text if whole and len(text) <= room else text[: room - 1].rstrip() + "…"


def _written(session: Session, low: Low) -> tuple[str, bool]:
    """The beginning of a value at least, and whether it is all there is."""
    if isinstance(low, Derived):
        return operator_text(session.world, low), True
    if isinstance(low, Closure):
        return shown(session.world, low, ENOUGH).text, True
    if isinstance(low, Tup):
        parts = [_written(session, part) for part in low.parts]
        return "(" + ", ".join(text for text, _ in parts) + ")", all(whole for _, whole in parts)
    digits = session.settings.digits
    if isinstance(low, Arr) and low.rank and low.node.value.size > ENOUGH:
        row = low.node.value[(0,) * (low.rank - 1)][:ENOUGH]
        return _head(source(row, digits)), False
    return source(session.value(low), digits), True


def _head(text: str) -> str:
    """The beginning of an array, without its end."""
    return text.rstrip("]'")
