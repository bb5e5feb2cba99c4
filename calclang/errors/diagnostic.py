"""What an error or a warning is: data, drawn elsewhere (``display/diagnostics.py``)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import field, replace
from typing import Any

from calclang.record import record
from calclang.source import Span


@record
class Label:
    """A place in the source and what is said beside it (may be empty)."""

    span: Span
    text: str = ""


@record
class Diagnostic:
    """What went wrong, where, and what to write instead. The first label is the primary one.

    ``unequal``: sizes that would have to be equal; from them the sizes that a function needs are found.
    """

    code: str
    message: str
    labels: tuple[Label, ...] = ()
    notes: tuple[str, ...] = ()
    help: str = ""
    unequal: tuple[tuple[Any, Any], ...] = field(default=(), compare=False)


class CalcError(Exception):
    """The one exception that leaves calclang. Its data is ``diagnostic``."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        super().__init__(f"{diagnostic.code}: {diagnostic.message}")
        self.diagnostic = diagnostic

    def __reduce__(self) -> tuple[type[CalcError], tuple[Diagnostic]]:
        """It may travel to another process."""
        return type(self), (self.diagnostic,)

    def of_sizes(self, *pairs: tuple[Any, Any]) -> CalcError:
        """The same error, which knows the sizes that would have to be equal."""
        return type(self)(replace(self.diagnostic, unequal=pairs))

    def about(self, value: Any) -> ArgumentError:
        """The same error, of a value whose place in the text only the call knows that was given it."""
        return ArgumentError(self.diagnostic, value)

    @property
    def code(self) -> str:
        """Its kind: ``E-SHAPE``."""
        return self.diagnostic.code

    @property
    def message(self) -> str:
        """What went wrong, in one sentence."""
        return self.diagnostic.message


class ArgumentError(CalcError):
    """One about a value that a call was given, raised where nobody knows which argument that is, and where it is written."""

    def __init__(self, diagnostic: Diagnostic, value: Any = None) -> None:
        super().__init__(diagnostic)
        self.value = value

    def of_sizes(self, *pairs: tuple[Any, Any]) -> CalcError:
        return super().of_sizes(*pairs).about(self.value)

    def written(self, call: Span, places: Sequence[tuple[Any, Span]]) -> CalcError:
        """The same error at the place of its value, of those that a ``call`` was given, where it is about that call."""
        found = next((place for value, place in places if value is self.value), None)
        if found is None or self.diagnostic.labels != (Label(call),):
            return self
        return CalcError(replace(self.diagnostic, labels=(Label(found),)))


class DirectionError(CalcError):
    """One about the direction of a product, raised where nobody knows yet where that is written."""

    def written(self, product: Span, direction: Span) -> CalcError:
        """The same error at the ``direction``, where it is about the ``product`` that stands there, or about one that stands nowhere."""
        elsewhere = any(label.span != product for label in self.diagnostic.labels if label.span.source.text)
        return self if elsewhere else CalcError(replace(self.diagnostic, labels=(Label(direction),)))


def make(code: str, message: str, *spans: Span | Label | None, notes: Sequence[str] = (), help: str = "") -> CalcError:
    """An error from its parts, which the constructors of this package give."""
    labels = tuple(s if isinstance(s, Label) else Label(s) for s in spans if s is not None)
    return CalcError(Diagnostic(code, message, labels, tuple(notes), help))
