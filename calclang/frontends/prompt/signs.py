"""The prompt as it stands on the screen, and the one pattern that knows it again in a text that was copied from there."""

from __future__ import annotations

import re

from calclang.help.examples import PROMPT

__all__ = ["PROMPT", "SHOWN", "continuation"]

# A prompt or the beginning of a further line, perhaps indented, perhaps numbered, and what was typed there.
SHOWN = re.compile(r"[ \t]*(?:(?P<first>calc(?: \d+)?>)|\.{2,}>)(?: (?P<typed>.*)|$)")


def continuation(width: int, line: int, wrapped: int) -> str:
    """What stands before a further line, as wide as the prompt; nothing where a long line only wraps."""
    return " " * width if wrapped else "." * (width - 2) + "> "
