"""How values are shown on one screen, and whether what was shown is all there is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from calclang.display.columns import folded
from calclang.display.numbers import number, reads_back
from calclang.record import record

DIM, END = "\x1b[2m", "\x1b[0m"


@record
class Style:
    """Significant ``digits`` in a ``format``, the columns and rows there is room for, whether the shape of an array stands beside it (dimmed
    where there is ``color``), whether tiny entries are shown as 0 (``chop``), whether all is said in words (``plain``), the ``name`` by which the
    reader can ask for the rest of a big array (empty: there is none), whether nothing is left out (``whole``), and whether the screen has
    no signs beyond ASCII, which are spelt there and so take more columns than one."""

    digits: int = 10
    width: int = 120
    height: int = 20
    shapes: bool = False
    color: bool = False
    format: str = "auto"
    chop: bool = False
    plain: bool = False
    name: str = ""
    whole: bool = False
    ascii: bool = False

    @property
    def gap(self) -> str:
        """What stands for elements that are left out."""
        return "..." if self.ascii else "…"

    def number(self, x: Any) -> str:
        """One number."""
        return number(x, self.digits, self.format)

    def dimmed(self, text: str) -> str:
        """A text that stands back."""
        return f"{DIM}{text}{END}" if self.color else text

    def remark(self, text: str) -> str:
        """Said beside or below a value; a comment in calc."""
        if self.plain:
            return text
        return self.dimmed(f"# {text}")

    def beside(self, text: str, shape: str) -> str:
        """A text with its shape beside it, or below it where there is no room."""
        if not self.shapes:
            return text
        room = self.width - len(text.rpartition("\n")[2])
        return text + ("  " if len(shape) + 4 <= room else "\n") + self.remark(shape)

    def below(self, text: str, kind: str, hidden: str) -> str:
        """A text with what is said below it: its shape, and what had to be left out; on several lines where one is too long."""
        what, *how = self.rest(hidden)
        return "\n".join([text, *self.remarks([f"{kind}: {what}", *how], [kind, what, *how])])

    def remarks(self, *ways: Sequence[str]) -> list[str]:
        """Remarks on one line, or else in the first of several ways that fits; the last one is folded where none does."""
        ways = (["; ".join(ways[0])], *ways)
        lines = next((way for way in ways if max(map(len, way)) + 2 <= self.width), ways[-1])
        return [self.remark(part) for line in lines for part in folded(line, self.width - 2)]

    def rest(self, hidden: str) -> list[str]:
        """What is not shown, and how it is."""
        return [f"{hidden} not {'read' if self.plain else 'shown'}", *([f"print({self.name}) {'reads' if self.plain else 'shows'} all"] if self.name else [])]

    def within(self, columns: int) -> Style:
        """The same with so many columns less."""
        return replace(self, width=max(20, self.width - columns))


class Printer:
    """One value being shown: notes whether any number of it was rounded."""

    def __init__(self, style: Style) -> None:
        self.style = style
        self.rounded = False

    def number(self, x: Any) -> str:
        """A number that stands alone."""
        return self.note(self.style.number(x), x)

    def note(self, text: str, x: Any) -> str:
        """A text that was shown for a number."""
        self.rounded = self.rounded or not reads_back(text, x)
        return text
