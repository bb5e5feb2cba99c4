"""Reading lines where no line can be edited: a terminal that knows no cursor, or whose screen is elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import suppress
from typing import TextIO

from calclang.frontends.prompt.signs import continuation


class Plain:
    """A prompt without escape codes. It goes to ``screen``, and lines come from standard input as the terminal edits them."""

    def __init__(self, screen: TextIO, unfinished: Callable[[str], bool]) -> None:
        self.screen, self.unfinished = screen, unfinished

    def prompt(self, message: str, keep: bool = True) -> str:
        """One input; no history keeps it. Raises EOFError at the end, KeyboardInterrupt."""
        text = self._line(message)
        while self.unfinished(text):
            text += "\n" + self._line(continuation(len(message), 1, 0))
        return text

    def _line(self, message: str) -> str:
        self.screen.write(message)
        self.screen.flush()
        try:
            line = sys.stdin.buffer.readline()
        except KeyboardInterrupt:
            self._newline()
            raise
        except OSError:  # the terminal is gone
            raise EOFError from None
        if not line:
            self._newline()
            raise EOFError
        return line.decode(sys.stdin.encoding, "replace").rstrip("\r\n")

    def _newline(self) -> None:
        with suppress(OSError):
            self.screen.write("\n")
            self.screen.flush()
