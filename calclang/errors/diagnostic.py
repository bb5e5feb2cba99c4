"""What an error or a warning is: data, drawn elsewhere (``display/diagnostics.py``)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

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


def make(code: str, message: str, *spans: Span | Label | None, notes: Sequence[str] = (), help: str = "") -> CalcError:
    """An error from its parts; the constructors below give them."""
    labels = tuple(s if isinstance(s, Label) else Label(s) for s in spans if s is not None)
    return CalcError(Diagnostic(code, message, labels, tuple(notes), help))
