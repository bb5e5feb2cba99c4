"""What a terminal has room for, and how its person wants to read."""

from __future__ import annotations

import os
from typing import TextIO

from calclang.display.style import Style
from calclang.settings import Settings


def style_of(stream: TextIO, settings: Settings, color: bool, name: str = "") -> Style:
    """How values are shown on this terminal: within its width, shapes beside arrays. 80 columns where it does not say."""
    try:
        size = os.get_terminal_size(stream.fileno())
    except (OSError, ValueError):  # no terminal, or no file at all
        size = os.terminal_size((80, 24))
    plain = settings.style == "plain"
    return Style(
        settings.digits, size.columns or 80, max(10, min(40, size.lines - 4)), shapes=not plain, color=color and settings.theme == "terminal" and not plain,
        format=settings.format, chop=settings.chop, plain=plain, name=name,
    )  # fmt: skip
