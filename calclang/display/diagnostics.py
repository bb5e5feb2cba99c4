"""Errors and warnings as text: one form, plain or coloured."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from calclang.display.clean import clean
from calclang.errors import Diagnostic, Label
from calclang.source import Source

WIDTH = 120  # columns of source shown around a label
BEFORE = 50  # of them before it, where a line is longer
COLORS = {"error": "1;31", "warning": "1;33", "bold": "1", "dim": "2", "note": "36", "second": "1;34"}


@dataclass(frozen=True)
class Mark:
    """What is underlined in one line: from character ``start`` to ``stop`` (counted from 0), and what is said beside it."""

    number: int
    start: int
    stop: int
    text: str
    primary: bool


def render(diagnostic: Diagnostic, color: bool = False) -> str:
    """The whole rendering, without a last newline.

    ::

        error[E-SHAPE]: the product of two column vectors is ambiguous
          --> lesson.calc:4:1
        4 | [1, 2, 3] * [4, 5, 6]
          | ^^^^^^^^^   --------- both are in R^3
          = help: …
    """
    painter = Painter(color, "warning" if diagnostic.code.startswith("W-") else "error")
    paint = painter.paint
    lines = [paint(f"{painter.kind}[{diagnostic.code}]", painter.kind) + paint(f": {clean(diagnostic.message)}", "bold")]
    labels = [label for label in diagnostic.labels if label.span.source.text]
    gutter = max((len(str(m.number)) for label in labels for m in marks_of(label, False)), default=1)
    for here in _by_source(labels):
        source, first = here[0].span.source, here[0].span
        lines.append(paint("  --> " if here[0] is labels[0] else "  ::: ", "dim") + f"{clean(source.name)}:{first.line}:{first.column}")
        lines += painter.excerpt(source, [m for label in here for m in marks_of(label, label is labels[0])], gutter)
    lines += [paint(f"{'':>{gutter}} = note: ", "note") + clean(note) for note in diagnostic.notes]
    if diagnostic.help:
        lines.append(paint(f"{'':>{gutter}} = help: ", "note") + clean(diagnostic.help))
    return "\n".join(lines)


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


@dataclass(frozen=True)
class Painter:
    """Draws lines of source with marks under them. ``kind``: error or warning."""

    color: bool
    kind: str

    def paint(self, text: str, style: str) -> str:
        return f"\x1b[{COLORS[style]}m{text}\x1b[0m" if self.color and text else text

    def excerpt(self, source: Source, marks: list[Mark], gutter: int) -> list[str]:
        """The lines that have marks, in their order."""
        lines: list[str] = []
        for number in sorted({mark.number for mark in marks}):
            for near in _neighbours(mark for mark in marks if mark.number == number):
                window = _window(source.line(number), near)
                lines.append(self.paint(f"{number:>{gutter}} | ", "dim") + window.text)
                lines += [self.paint(f"{'':>{gutter}} | ", "dim") + text for text in self.under(window, near)]
        return lines

    def under(self, window: Window, marks: list[Mark]) -> list[str]:
        """The line of ^^^ and --- with what the last mark says; what the others say stands below, each at its mark."""
        signs: dict[int, bool] = {}
        for mark in sorted(marks, key=lambda m: m.primary):
            start = window.column(mark.start)
            signs |= dict.fromkeys(range(start, max(start + 1, window.column(mark.stop))), mark.primary)
        line = "".join(self._signs(which, len(list(run))) for which, run in groupby(range(max(signs) + 1), signs.get))
        *others, last = sorted(marks, key=lambda m: (m.start, m.stop))
        below = [" " * window.column(m.start) + self._said(m) for m in reversed(others) if m.text]
        return [line + (" " + self._said(last) if last.text else ""), *below]

    def _signs(self, primary: bool | None, count: int) -> str:
        if primary is None:
            return " " * count
        return self.paint("^" * count, self.kind) if primary else self.paint("-" * count, "second")

    def _said(self, mark: Mark) -> str:
        return self.paint(clean(mark.text), self.kind if mark.primary else "second")


def _neighbours(marks: Iterable[Mark]) -> list[list[Mark]]:
    """Marks of one line in groups that fit into one window."""
    groups: list[list[Mark]] = []
    for mark in sorted(marks, key=lambda m: m.start):
        if groups and mark.start - groups[-1][0].start < WIDTH - BEFORE:
            groups[-1].append(mark)
        else:
            groups.append([mark])
    return groups


@dataclass(frozen=True)
class Window:
    """A part of a line as it is shown, and the column at which each of its characters begins."""

    text: str
    first: int
    columns: tuple[int, ...]

    def column(self, index: int) -> int:
        return self.columns[min(max(index - self.first, 0), len(self.columns) - 1)]


def _window(text: str, marks: list[Mark]) -> Window:
    """The line, or the part of a long one around its marks."""
    at = max(0, marks[0].start - BEFORE) if len(text) > WIDTH else 0
    low = at
    shown, width = ("…", 1) if low else ("", 0)
    columns = [width]
    while at < len(text) and width < WIDTH:
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
