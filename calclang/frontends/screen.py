"""What a terminal has room for, and how its person wants to read."""

from __future__ import annotations

import os
from typing import TextIO

from calclang.display.style import Style
from calclang.settings import Settings


def size_of(stream: TextIO) -> os.terminal_size:
    """Columns and lines of a terminal; 80 and 24 where it does not say."""
    try:
        size = os.get_terminal_size(stream.fileno())
    except (OSError, ValueError):  # no terminal, or no file at all
        size = os.terminal_size((0, 0))
    return os.terminal_size((size.columns or 80, size.lines or 24))


def is_ascii(stream: TextIO) -> bool:
    """Whether a stream takes no signs beyond ASCII as they are."""
    try:
        "≈…".encode(stream.encoding or "utf-8")
    except UnicodeEncodeError:
        return True
    return False


def style_of(stream: TextIO, settings: Settings, color: bool, name: str = "") -> Style:
    """How values are shown on this terminal: within its width, shapes beside arrays."""
    size, plain = size_of(stream), settings.style == "plain"
    return Style(
        settings.digits, size.columns, max(10, min(40, size.lines - 4)), shapes=not plain, color=color and settings.theme == "terminal" and not plain,
        format=settings.format, chop=settings.chop, plain=plain, name=name,
        ascii=is_ascii(stream),
    )  # fmt: skip
