"""Errors of files."""

from __future__ import annotations

from collections.abc import Sequence

from calclang.errors.diagnostic import CalcError, make
from calclang.errors.names import shorten
from calclang.source import Span


def cannot_read(name: str, why: str, span: Span | None = None, meant: str = "") -> CalcError:
    """A file that cannot be read; ``meant``: one beside it that has nearly its name.

    >>> load "no-such-file.calc"
    """
    return make("E-IO", f"cannot read {shorten(name)}: {why}", span, help=f'did you mean "{meant}"?' if meant else "")


def bad_data(name: str, why: str, span: Span | None = None, help: str = "") -> CalcError:
    """A data file whose content is no table or array of numbers.

    >>> read("tests/errors/ragged.csv")
    """
    return make("E-IO", f"{shorten(name)} cannot be understood: {why}", span, help=help)


def cannot_write(name: str, why: str, span: Span | None = None) -> CalcError:
    """A value that no file of this name can hold, or a file that cannot be written.

    >>> write("table.csv", x -> x^2)
    """
    return make("E-IO", f"cannot write {shorten(name)}: {why}", span)


def no_files(what: str, span: Span | None = None) -> CalcError:
    """A program that may not touch files."""
    return make("E-CAP", f"this session may not {what} files", span)


def refused_path(name: str, why: str, span: Span | None = None) -> CalcError:
    """A file name that is not allowed.

    >>> load "http://example.invalid/x.calc"
    """
    return make("E-PATH", f"{shorten(name) or 'an empty name'} is refused: {why}", span)


def load_cycle(names: Sequence[str], span: Span | None = None) -> CalcError:
    """Files that load each other."""
    return make("E-RECURSION", f"these files load each other: {' -> '.join(names)}", span)
