"""Source texts and the places in them."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Source:
    """A text with the name that messages call it by (a file name, ``<input>``, ``<command line>``)."""

    name: str
    text: str
    starts: tuple[int, ...] = field(default=(), repr=False, compare=False)

    def __post_init__(self) -> None:
        starts = [0]
        find = self.text.find
        at = find("\n")
        while at >= 0:
            starts.append(at + 1)
            at = find("\n", at + 1)
        object.__setattr__(self, "starts", tuple(starts))

    def position(self, offset: int) -> tuple[int, int]:
        """Line and column of a character, both counted from 1."""
        line = bisect_right(self.starts, offset)
        return line, offset - self.starts[line - 1] + 1

    def line(self, number: int) -> str:
        """The text of line ``number`` (from 1), without its end."""
        start = self.starts[number - 1]
        stop = self.starts[number] - 1 if number < len(self.starts) else len(self.text)
        return self.text[start:stop].rstrip("\r")


@dataclass(frozen=True)
class Span:
    """The characters ``start`` to ``stop`` (exclusive) of a source."""

    source: Source
    start: int
    stop: int

    @property
    def text(self) -> str:
        """The characters themselves."""
        return self.source.text[self.start : self.stop]

    @property
    def line(self) -> int:
        """The line where it begins, from 1."""
        return self.source.position(self.start)[0]

    @property
    def column(self) -> int:
        """The column where it begins, from 1."""
        return self.source.position(self.start)[1]

    def to(self, other: Span) -> Span:
        """The span from the start of this one to the end of ``other``."""
        return Span(self.source, self.start, max(self.stop, other.stop))
