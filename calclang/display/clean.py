"""The one guard between texts and a terminal: nothing that is printed can move the cursor, ring, or change how a line reads."""

from __future__ import annotations


def clean(text: str) -> str:
    """Text without control characters, direction marks or line ends; those become escapes.

    >>> clean("a\\x1b[2Jb")
    'a\\\\u001b[2Jb'
    """
    if text.isprintable() and text.isascii():
        return text
    return "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in text)


def clean_lines(text: str) -> str:
    """The same for a text of several lines: line ends and tabs stay."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() or c in "\n\t" else clean(c) for c in text)
