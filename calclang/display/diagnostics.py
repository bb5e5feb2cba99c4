"""Errors and warnings as text: one form, plain or coloured."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from calclang.display.clean import clean
from calclang.display.columns import LEAST, folded
from calclang.errors import Diagnostic, Label
from calclang.record import record
from calclang.source import Source

WIDTH = 120  # columns of source shown around a label at most
BEFORE = 5 / 12  # of the columns stand before a label, where a line is longer
COLORS = {"error": "1;31", "warning": "1;33", "bold": "1", "dim": "2", "note": "36", "second": "1;34"}


@record
class Mark:
    """What is underlined in one line: from character ``start`` to ``stop`` (counted from 0), and what is said beside it."""

    number: int
    start: int
    stop: int
    text: str
    primary: bool


def render(diagnostic: Diagnostic, color: bool = False, width: int = 0) -> str:
    """The whole rendering, without a last newline. ``width``: columns of the screen, into which long lines are cut and folded (0: any).

    ::

        error[E-SHAPE]: the product of two column vectors is ambiguous
          --> lesson.calc:4:1
        4 | [1, 2, 3] * [4, 5, 6]
          | ^^^^^^^^^   --------- both are in R^3
          = help: …
    """
    labels = [label for label in diagnostic.labels if label.span.source.text]
    gutter = max((len(str(m.number)) for label in labels for m in marks_of(label, False)), default=1)
    painter = Painter(color, "warning" if diagnostic.code.startswith("W-") else "error", width, gutter)
    paint = painter.paint
    lines = painter.said(f"{painter.kind}[{diagnostic.code}]", painter.kind, f": {diagnostic.message}")
    for here in _by_source(labels):
        source, first = here[0].span.source, here[0].span
        lines.append(paint("  --> " if here[0] is labels[0] else "  ::: ", "dim") + f"{clean(source.name)}:{first.line}:{first.column}")
        lines += painter.excerpt(source, [m for label in here for m in marks_of(label, label is labels[0])])
    told = [("note", note) for note in diagnostic.notes] + [("help", diagnostic.help)] * bool(diagnostic.help)
    return "\n".join([*lines, *(line for word, text in told for line in painter.told(word, text))])


def _by_source(labels: list[Label]) -> list[list[Label]]:
    """Labels of one text together; two files may hold equal texts."""
    groups: dict[int, list[Label]] = {}
    for label in labels:
        groups.setdefault(id(label.span.source), []).append(label)
    return list(groups.values())


def marks_of(label: Label, primary: bool) -> list[Mark]:
    """What a label underlines: one piece, or the first and the last line of a longer place. Blanks at a line's ends are left out."""
    span = label.span
    line, start = span.line, span.column - 1
    stop_line, stop = span.source.position(max(span.start, span.stop - 1))
    if line == stop_line:
        return [Mark(line, start, max(stop, start + 1), label.text, primary)]
    first, last = span.source.line(line), span.source.line(stop_line)
    end = max(len(first.rstrip()), start + 1)
    indent = len(last) - len(last.lstrip())
    if indent >= stop:  # the place ends with the end of a line
        return [Mark(line, start, end, label.text, primary)]
    return [Mark(line, start, end, "", primary), Mark(stop_line, indent, stop, label.text, primary)]


@record
class Painter:
    """Draws lines of source with marks under them. ``kind``: error or warning; ``width``: columns there are (0: any); ``gutter``: those of line numbers."""

    color: bool
    kind: str
    width: int
    gutter: int

    @property
    def room(self) -> int:
        """Columns of source."""
        return min(WIDTH, max(LEAST, self.width - self.gutter - 3)) if self.width else WIDTH

    def paint(self, text: str, style: str) -> str:
        return f"\x1b[{COLORS[style]}m{text}\x1b[0m" if self.color and text and style else text

    def said(self, head: str, style: str, text: str, text_style: str = "bold", further: int = 2) -> list[str]:
        """A sentence behind its head, folded at blanks; its ``further`` lines stand so far in."""
        first, *rest = folded(head + clean(text), self.width, " " * further)
        return [self.paint(head, style) + self.paint(first[len(head) :], text_style), *(self.paint(line, text_style) for line in rest)]

    def told(self, word: str, text: str) -> list[str]:
        """A note, or advice."""
        head = f"{'':>{self.gutter}} = {word}: "
        return self.said(head, "note", text, "", len(head))

    def excerpt(self, source: Source, marks: list[Mark]) -> list[str]:
        """The lines that have marks, in their order."""
        lines: list[str] = []
        for number in sorted({mark.number for mark in marks}):
            for near in _neighbours((mark for mark in marks if mark.number == number), self.room):
                window = _window(source.line(number), near, self.room)
                lines.append(self.paint(f"{number:>{self.gutter}} | ", "dim") + window.text)
                lines += [self.paint(f"{'':>{self.gutter}} | ", "dim") + text for text in self.under(window, near)]
        return lines

    def under(self, window: Window, marks: list[Mark]) -> list[str]:
        """The line of ^^^ and --- with what the last mark says, where there is room; what the others say stands below, each at its mark."""
        signs: dict[int, bool] = {}
        for mark in sorted(marks, key=lambda m: m.primary):
            start = window.column(mark.start)
            signs |= dict.fromkeys(range(start, max(start + 1, window.column(mark.stop))), mark.primary)
        line = "".join(self._signs(which, len(list(run))) for which, run in groupby(range(max(signs) + 1), signs.get))
        *others, last = sorted(marks, key=lambda m: (m.start, m.stop))
        if last.text and (not self.width or max(signs) + 2 + len(clean(last.text)) <= self.room):
            line += " " + self._mark(clean(last.text), last)
        else:
            others.append(last)
        return [line, *(text for m in reversed(others) if m.text for text in self._below(m, window.column(m.start)))]

    def _signs(self, primary: bool | None, count: int) -> str:
        if primary is None:
            return " " * count
        return self.paint("^" * count, self.kind) if primary else self.paint("-" * count, "second")

    def _below(self, mark: Mark, column: int) -> list[str]:
        """What a mark says, below it; further left where it would not fit."""
        lines = folded(clean(mark.text), self.room if self.width else 0)
        if self.width:
            column = max(0, min(column, self.room - max(map(len, lines))))
        return [" " * column + self._mark(line, mark) for line in lines]

    def _mark(self, text: str, mark: Mark) -> str:
        return self.paint(text, self.kind if mark.primary else "second")


def _neighbours(marks: Iterable[Mark], room: int) -> list[list[Mark]]:
    """Marks of one line in groups that fit into one window."""
    groups: list[list[Mark]] = []
    for mark in sorted(marks, key=lambda m: m.start):
        if groups and mark.start - groups[-1][0].start < room - int(room * BEFORE):
            groups[-1].append(mark)
        else:
            groups.append([mark])
    return groups


@record
class Window:
    """A part of a line as it is shown, and the column at which each of its characters begins."""

    text: str
    first: int
    columns: tuple[int, ...]

    def column(self, index: int) -> int:
        return self.columns[min(max(index - self.first, 0), len(self.columns) - 1)]


def _window(text: str, marks: list[Mark], room: int) -> Window:
    """The line, or the part of a long one around its marks."""
    at = max(0, marks[0].start - int(room * BEFORE)) if len(text) > room else 0
    low = at
    shown, width = ("…", 1) if low else ("", 0)
    columns = [width]
    while at < len(text) and width < room - (at < len(text) - 1):
        piece = visible(text[at], width)
        shown += piece
        width += sum(map(cells, piece))
        columns.append(width)
        at += 1
    return Window(shown + ("…" if at < len(text) else ""), low, tuple(columns))


def visible(character: str, column: int) -> str:
    """A character as it is shown: tabs as blanks, control characters as escapes."""
    return " " * (4 - column % 4) if character == "\t" else clean(character)


def cells(character: str) -> int:
    """How many columns of a terminal a character takes."""
    if character.isascii():
        return 1
    from unicodedata import category, east_asian_width

    return 0 if category(character) in ("Mn", "Me") else 2 if east_asian_width(character) in "WF" else 1
