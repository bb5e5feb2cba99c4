"""Errors and warnings as text: one form, plain or coloured."""

from __future__ import annotations

from dataclasses import dataclass

from calclang.errors import Diagnostic, Label

WIDTH = 120  # columns of source shown around a label
COLORS = {"error": "31;1", "warning": "33;1", "bold": "1", "dim": "2", "note": "36"}


def render(diagnostic: Diagnostic, color: bool = False) -> str:
    """The whole rendering, without a last newline.

    ::

        error[E-SHAPE]: the product of two column vectors is ambiguous
          --> lesson.calc:4:1
        4 | [1, 2, 3] * [4, 5, 6]
          | ^^^^^^^^^   --------- both are in R^3
          = help: …
    """

    def paint(text: str, style: str) -> str:
        return f"\x1b[{COLORS[style]}m{text}\x1b[0m" if color else text

    kind = "warning" if diagnostic.code.startswith("W-") else "error"
    lines = [paint(f"{kind}[{diagnostic.code}]", kind) + paint(f": {clean(diagnostic.message)}", "bold")]
    labels = [label for label in diagnostic.labels if label.span.source.text]
    if labels:
        span = labels[0].span
        lines.append(paint("  --> ", "dim") + f"{clean(span.source.name)}:{span.line}:{span.column}")
        gutter = max(len(str(label.span.line)) for label in labels)
        lines += [paint(head, "dim") + body for head, body in _source_lines(labels, gutter)]
    margin = " " * (max(len(str(label.span.line)) for label in labels) if labels else 1)
    lines += [paint(f"{margin} = note: ", "note") + clean(note) for note in diagnostic.notes]
    if diagnostic.help:
        lines.append(paint(f"{margin} = help: ", "note") + clean(diagnostic.help))
    return "\n".join(lines)


def _source_lines(labels: list[Label], gutter: int) -> list[tuple[str, str]]:
    """Each line that has a label, with the marks under it; pairs of gutter and text."""
    result = []
    primary = labels[0]
    for number in sorted({label.span.line for label in labels}):
        here = [label for label in labels if label.span.line == number]
        text = here[0].span.source.line(number)
        window = _window(text, here)
        result.append((f"{number:>{gutter}} | ", window.text))
        result += [(f"{'':>{gutter}} | ", marks) for marks in _marks(window, here, primary)]
    return result


@dataclass(frozen=True)
class Window:
    """A part of a line as it is shown, and where each of its characters begins."""

    text: str
    columns: dict[int, int]
    width: int

    def column(self, index: int) -> int:
        return self.columns.get(index, 0 if index < min(self.columns, default=0) else self.width)


def _window(text: str, labels: list[Label]) -> Window:
    """The line, or the part of a long one around its first label."""
    starts = sorted(label.span.column - 1 for label in labels)
    low = max(0, starts[0] - WIDTH // 2) if len(text) > WIDTH else 0
    high = min(len(text), low + WIDTH)
    shown, columns = ("…" if low else ""), {}
    width = len(shown)
    for index in range(low, high):
        columns[index] = width
        piece = visible(text[index], width)
        shown += piece
        width += sum(map(cells, piece))
    columns[high] = width
    return Window(shown + ("…" if high < len(text) else ""), columns, width)


def _marks(window: Window, labels: list[Label], primary: Label) -> list[str]:
    """The line of ^^^ and --- under a source line, with the last label's text behind it; the others' texts below."""
    ordered = sorted(labels, key=lambda label: label.span.start)
    line = ""
    places = []
    for label in ordered:
        start = window.column(label.span.column - 1)
        stop = max(start + 1, window.column(label.span.column - 1 + len(label.span.text.split("\n")[0])))
        start = max(start, len(line) if line.strip() and start < len(line) else start)
        line = line.ljust(start) + ("^" if label is primary else "-") * max(1, stop - start)
        places.append(start)
    last = ordered[-1]
    result = [line + (f" {clean(last.text)}" if last.text else "")]
    for start, label in list(zip(places, ordered, strict=True))[-2::-1]:
        if label.text:
            result.append(" " * start + clean(label.text))
    return result


def visible(character: str, column: int) -> str:
    """A character as it is shown: tabs as blanks, control characters as escapes."""
    if character == "\t":
        return " " * (4 - column % 4)
    return clean(character)


def clean(text: str) -> str:
    """Text without control characters, direction marks or line ends: nothing can move the cursor."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in text)


def cells(character: str) -> int:
    """How many columns of a terminal a character takes."""
    if character.isascii():
        return 1
    from unicodedata import combining, east_asian_width

    return 0 if combining(character) else 2 if east_asian_width(character) in "WF" else 1
