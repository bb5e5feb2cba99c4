"""Bytes → text that the lexer may see: encoding, line ends, blanks, and characters that are refused everywhere."""

from __future__ import annotations

import re

from calclang import errors
from calclang.source import Source, Span

BOM = "\ufeff"
# Control characters but tab and line ends; what changes the direction of text or breaks lines unseen; surrogates.
REFUSED = (
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff\ufff9-\ufffb"
    r"\U000e0000-\U000e007f]|\r(?!\n)"
)
BLANKS = dict.fromkeys(map(ord, "\r\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"), " ")


def source_of(data: bytes, name: str) -> Source:
    """The text of a file or pipe. Raises E-ENCODING where it is not UTF-8."""
    try:
        return Source(name, data.decode("utf-8"))
    except UnicodeDecodeError as problem:
        raise errors.bad_encoding(problem.start + 1, name) from None


def readable(source: Source) -> str:
    """The text as the lexer sees it, of the same length, so that places in it are places in the source: a byte-order mark, carriage
    returns and blanks of other widths become blanks. Raises E-SYNTAX at a refused character."""
    text = source.text
    if text.startswith(BOM):
        text = " " + text[1:]
    if text.isascii() and "\r" not in text and text.isprintable():
        return text
    if (found := re.search(REFUSED, text)) is not None:  # in comments and texts too: it could change how a line looks
        raise errors.refused_character(describe(found.group()), Span(source, found.start(), found.start() + 1))
    return text.translate(BLANKS) if "\r" in text or not text.isascii() else text


def describe(character: str) -> str:
    """``U+0430 (Cyrillic small letter a)``."""
    import unicodedata

    code = ord(character)
    known = {0: "null", 9: "tab", 13: "carriage return", 26: "end of file in DOS", 27: "escape"}
    name = known.get(code) or unicodedata.name(character, "").capitalize()
    return f"U+{code:04X}" + (f" ({name})" if name else "")
