"""Bytes → text that the lexer may see: encoding, line ends, and characters that are refused."""

from __future__ import annotations

import re
import unicodedata

from calclang import errors
from calclang.source import Source, Span

BOM = "\ufeff"
# Control characters (but tab, line feed, carriage return), bidirectional controls, zero-width characters.
REFUSED = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufff9-\ufffb]|\r(?!\n)")


def source_of(data: bytes, name: str) -> Source:
    """The text of a file or pipe. Raises E-ENCODING where it is not UTF-8."""
    try:
        return Source(name, data.decode("utf-8"))
    except UnicodeDecodeError as problem:
        raise errors.bad_encoding(problem.start + 1, name) from None


def readable(source: Source) -> str:
    """The text as the lexer sees it, of the same length: BOM and ``#!`` line blanked. Raises E-SYNTAX at a refused character."""
    text = source.text
    if text.startswith(BOM):
        text = " " + text[1:]
    found = REFUSED.search(text)
    if found is not None:  # in comments too: they could change how a line looks
        raise errors.refused_character(ord(found.group()), Span(source, found.start(), found.start() + 1))
    return text.replace("\r", " ") if "\r" in text else text


def describe(character: str) -> str:
    """``U+0430 (Cyrillic small letter a)``."""
    name = unicodedata.name(character, "unnamed").capitalize()
    return f"U+{ord(character):04X} ({name})"
