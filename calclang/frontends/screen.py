"""What a terminal has room for."""

from __future__ import annotations

import os
from typing import TextIO

from calclang.display.values import Style


def style_of(stream: TextIO, digits: int, color: bool) -> Style:
    """How values are shown on this terminal: within its width, shapes beside arrays. 80 columns where it does not say."""
    try:
        size = os.get_terminal_size(stream.fileno())
    except (OSError, ValueError):  # no terminal, or no file at all
        size = os.terminal_size((80, 24))
    return Style(digits, size.columns or 80, max(10, min(40, size.lines - 4)), shapes=stream.isatty(), color=color)
