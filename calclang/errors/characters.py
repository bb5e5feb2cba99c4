"""Errors of single characters, numbers and texts in a program."""

from __future__ import annotations

from calclang.errors.diagnostic import CalcError, make
from calclang.errors.names import shorten
from calclang.source import Span


def bad_encoding(byte: int, name: str) -> CalcError:
    """A file or pipe that is not UTF-8 (no program text can show it)."""
    return make("E-ENCODING", f"{shorten(name)} is not valid UTF-8 at byte {byte}", help="save the file as UTF-8")


def refused_character(what: str, span: Span | None = None) -> CalcError:
    """A control character, or one that changes the direction of text (no program text can show it)."""
    return make("E-SYNTAX", f"the character {what} is not allowed in a program", span)


def literal_overflow(span: Span | None = None) -> CalcError:
    """A number beyond float64.

    >>> 1e400
    """
    return make("E-OVERFLOW", "this number is too large; the largest is about 1.8e308", span)


def foreign_syntax(message: str, help: str, span: Span | None = None) -> CalcError:
    """Something that other languages have.

    >>> {1, 2}
    """
    return make("E-SYNTAX", message, span, help=help)


def foreign_character(what: str, help: str, span: Span | None = None) -> CalcError:
    """A character that has no meaning, perhaps a look-alike.

    >>> а = 1
    """
    return make("E-SYNTAX", f"{what} has no meaning here", span, help=help)


def digit_first(span: Span | None = None) -> CalcError:
    """A name that begins with a digit.

    >>> let 3x = 1
    """
    return make("E-SYNTAX", "a name cannot begin with a digit", span)


def unknown_escape(text: str, span: Span | None = None) -> CalcError:
    r"""A backslash in a text before a character that it does not change.

    >>> load "C:\data.calc"
    """
    return make("E-SYNTAX", f"{text} has no meaning in a text", span, help=r"a backslash is written \\; there are \n, \t and \" besides")


def unclosed_text(span: Span | None = None) -> CalcError:
    """A text that does not end on its line.

    >>> "abc
    """
    return make("E-SYNTAX", "this text is not closed", span, help='close it with a second "')


def bad_number(message: str, help: str, span: Span | None = None) -> CalcError:
    """A number with something directly behind it that can only be a slip.

    >>> 1e + 2
    """
    return make("E-SYNTAX", message, span, help=help)


def thousands(written: str, span: Span | None = None) -> CalcError:
    """A comma inside a number.

    >>> 1,000
    """
    written = shorten(written, 30)
    help = f"write  {written.replace(',', '')}  or  {written.replace(',', '_')}; the decimal sign is a point:  {written.replace(',', '.')}"
    return make("E-SYNTAX", "numbers have no thousands separators", span, help=help)
