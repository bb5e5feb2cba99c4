"""Every error and warning a person can meet: data here, drawn elsewhere (``display/diagnostics.py``).

One constructor per kind. Its docstring holds the smallest program that causes it, after ``>>>``; that is its test, and the
whole rendering is its snapshot in ``tests/errors/``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from calclang.source import Span


@dataclass(frozen=True)
class Label:
    """A place in the source and what is said beside it (may be empty)."""

    span: Span
    text: str = ""


@dataclass(frozen=True)
class Diagnostic:
    """What went wrong, where, and what to write instead. The first label is the primary one."""

    code: str
    message: str
    labels: tuple[Label, ...] = ()
    notes: tuple[str, ...] = ()
    help: str = ""


class CalcError(Exception):
    """The one exception that leaves calclang. Its data is ``diagnostic``."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        super().__init__(f"{diagnostic.code}: {diagnostic.message}")
        self.diagnostic = diagnostic

    @property
    def code(self) -> str:
        return self.diagnostic.code

    @property
    def message(self) -> str:
        return self.diagnostic.message


@dataclass
class Warnings:
    """Warnings of one statement, each kind once per place."""

    items: list[Diagnostic] = field(default_factory=list)

    def add(self, warning: Diagnostic) -> None:
        if warning not in self.items:
            self.items.append(warning)


def make(code: str, message: str, *spans: Span | Label | None, notes: Sequence[str] = (), help: str = "") -> CalcError:
    """An error from its parts; the constructors below give them."""
    labels = tuple(s if isinstance(s, Label) else Label(s) for s in spans if s is not None)
    return CalcError(Diagnostic(code, message, labels, tuple(notes), help))


# ---- limits -----------------------------------------------------------------------------------


def too_many_nodes(limit: int, span: Span | None = None) -> CalcError:
    """The computation needs more operations than the session allows.

    >>> f0(x) = x + 1; f1(x) = f0(f0(x)) + 1; f2(x) = f1(f1(x)) + 1; iterate(f2, 0, 1e9)
    """
    return make("E-LIMIT-NODES", f"the computation needs more than {limit:,} operations", span, help="make the problem smaller")


def too_many_elements(size: int, limit: int, span: Span | None = None) -> CalcError:
    """A value would have more elements than the session allows; said before anything is allocated.

    >>> zeros(1e5, 1e5)
    """
    return make("E-LIMIT-ELEMENTS", f"the result would have {size:,} elements; the limit is {limit:,}", span)
