"""Arrays for people: columns aligned at the decimal point, big ones cut to the screen in both directions, with a line that says how to see the rest."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from calclang.display.numbers import number
from calclang.display.style import Printer, Style

FEWER_DIGITS = 6  # shown where a matrix would be too wide otherwise
VECTOR_LINES = 4  # that a vector may take before it is cut to half of them


def shape_words(array: Any) -> str:
    """``R^3``, ``R^(2×3)``, ``3 booleans``."""
    size = "×".join(map(str, array.shape))
    if array.dtype == np.bool_:
        return f"{size} boolean" + ("s" if array.size != 1 else "")
    return f"R^{size}" if array.ndim == 1 else f"R^({size})"


def chopped(array: Any, style: Style) -> Any:
    """Zero for entries that change no shown digit of the largest one, where that was asked for."""
    if not style.chop or array.dtype == np.bool_ or not array.size:
        return array
    sizes = np.abs(array)
    largest = np.max(sizes, where=np.isfinite(sizes), initial=0.0)
    return np.where(sizes < largest * 10.0**-style.digits, 0.0, array)


# ---- vectors -------------------------------------------------------------------------------------------


def vector(array: Any, printer: Printer, prime: str = "") -> str:
    """``[1, 2, 3]`` on a few lines; a long one is cut in the middle."""
    style, kind = printer.style, ("row in " if prime else "") + shape_words(array)
    shown = chopped(array, style)
    places, lines = _fitting_items(shown, style)
    for k in places:
        if k >= 0:
            printer.note(style.number(shown[k]), array[k])
    text = "[" + "\n ".join(lines) + "]" + prime
    if -1 not in places:
        return style.beside(text, kind)
    return style.below(text, kind, f"{array.size - len(places) + 1:,} elements")


def _fitting_items(array: Any, style: Style) -> tuple[list[int], list[str]]:
    """Which elements are shown, -1 for a gap; and the lines that they make."""
    room = style.width - 3
    most = array.size if style.whole else VECTOR_LINES * room // 2
    if array.size <= most:
        lines = _wrapped([style.number(x) for x in array], room)
        if style.whole or len(lines) <= VECTOR_LINES:
            return list(range(array.size)), lines
    most = min(most, array.size - 1)
    while True:
        places = chosen(array.size, most)
        lines = _wrapped([style.gap if k < 0 else style.number(array[k]) for k in places], room)
        if len(lines) <= VECTOR_LINES // 2 or most <= 4:
            return places, lines
        most -= max(1, (len(lines) - VECTOR_LINES // 2) * most // (2 * len(lines)))


def _wrapped(texts: Sequence[str], room: int) -> list[str]:
    """Texts with commas between, on as few lines as they need."""
    lines = [""]
    for k, text in enumerate(texts):
        item = text if k == len(texts) - 1 else text + ","
        if lines[-1] and len(lines[-1]) + 1 + len(item) > room:
            lines.append(item)
        else:
            lines[-1] += " " * bool(lines[-1]) + item
    return lines


# ---- matrices and tensors --------------------------------------------------------------------------------


def array_text(array: Any, printer: Printer) -> str:
    """An array of rank 2 or more."""
    if not array.size:
        return f"zeros({', '.join(map(str, array.shape))})"
    if array.ndim > 2:
        return _tensor(array, printer)
    lines, hidden = matrix(array, printer)
    style, kind = printer.style, shape_words(array)
    return style.below("\n".join(lines), kind, hidden) if hidden else style.beside("\n".join(lines), kind)


def _tensor(array: Any, printer: Printer) -> str:
    """Slice by slice, each with the index it stands at."""
    lead, style = array.shape[:-2], printer.style
    slices, hidden = int(np.prod(lead)), ""
    lines = [style.dimmed(f"tensor in {shape_words(array)}")]
    inside = Printer(style.within(2))
    for k, index in enumerate(np.ndindex(*lead)):
        if k and not style.whole and len(lines) + 1 + min(array.shape[-2], style.height) > style.height:
            hidden = f"{slices - k:,} of {slices:,} slices"
            break
        inner, cut = matrix(array[index], inside)
        hidden = hidden or ("parts of slices" if cut else "")
        lines += [f"[{', '.join(str(i + 1) for i in index)}, :, :]", *("  " + line for line in inner)]
    printer.rounded = printer.rounded or inside.rounded
    return "\n".join([*lines, *(style.remarks(style.rest(hidden)) if hidden else [])])


def matrix(array: Any, printer: Printer) -> tuple[list[str], str]:
    """Rows below each other, each column aligned at its decimal points; what had to be left out and how to see it, in words."""
    style = printer.style
    if style.whole:
        return _whole(array, printer), ""
    top = chosen(array.shape[0], style.height)
    left, cells = _fitting(chopped(array, style), top, style)
    for j, column in zip(left, cells, strict=True):
        for i, text in zip(top, column, strict=True):
            if i >= 0 and j >= 0:
                printer.note(text, array[i, j])
    return _bracketed(cells), hidden_words(array.shape, top, left)


def _bracketed(cells: Sequence[Sequence[str]]) -> list[str]:
    """Columns beside each other, as lines in brackets."""
    inside = "\n ".join("  ".join(row).rstrip() for row in zip(*cells, strict=True))
    return f"[{inside}]".split("\n")


def _whole(array: Any, printer: Printer) -> list[str]:
    """All rows and columns; columns for which the screen is too narrow stand below, behind the index of theirs."""
    style, shown, rows = printer.style, chopped(array, printer.style), range(array.shape[0])
    cells = [[printer.note(text, x) for text, x in zip(_column(shown[:, j], rows, style.digits, style), array[:, j], strict=True)] for j in range(array.shape[1])]
    blocks: list[range] = []
    while not blocks or blocks[-1].stop < len(cells):
        first = stop = blocks[-1].stop if blocks else 0
        while stop < len(cells) and (stop == first or _width(cells[first : stop + 1]) <= style.width - 4):
            stop += 1
        blocks.append(range(first, stop))
    if len(blocks) == 1:
        return _bracketed(cells)
    return [line for block in blocks for line in (f"[:, {block.start + 1}..{block.stop}]", *("  " + row for row in _bracketed(cells[block.start : block.stop])))]


def hidden_words(shape: Sequence[int], top: Sequence[int], left: Sequence[int]) -> str:
    """``11 rows and 19 columns``, or nothing."""
    cut = [f"{count - len(shown) + 1:,} {word}" for count, shown, word in zip(shape, (top, left), ("rows", "columns"), strict=True) if -1 in shown]
    return " and ".join(cut)


def _fitting(array: Any, top: Sequence[int], style: Style) -> tuple[list[int], list[list[str]]]:
    """Which columns are shown, and their texts: all of them if need be with fewer digits, else the first and the last ones."""
    room = style.width - 2  # without the brackets
    most = room // 2 + 1  # a column is at least one digit and a gap wide
    while True:
        left = chosen(array.shape[1], most)
        for digits in (style.digits, min(style.digits, FEWER_DIGITS)):
            cells = [_column(array[:, j], top, digits, style) if j >= 0 else [style.gap] * len(top) for j in left]
            if _width(cells) <= room:
                return left, cells
        if len(left) <= 3:
            return left, cells
        most = min(most, len(left)) - max(1, (_width(cells) - room) // 24)


def chosen(count: int, most: int) -> list[int]:
    """Which of ``count`` rows or columns are shown: the first and the last ones, with -1 for the gap."""
    if count <= max(most, 2):
        return list(range(count))
    tail = max(1, most // 4)
    return [*range(max(1, most - tail - 1)), -1, *range(count - tail, count)]


def _width(cells: list[list[str]]) -> int:
    return sum(len(column[0]) + 2 for column in cells) - 2


def _column(column: Any, top: Sequence[int], digits: int, style: Style) -> list[str]:
    """Numbers below each other at the decimal point."""
    texts = [style.gap if i < 0 else number(column[i], digits, style.format) for i in top]
    heads = [text.partition("e")[0].partition(".")[0] if text[-1].isdigit() else text for text in texts]
    before = max(map(len, heads))
    padded = [" " * (before - len(head)) + text for head, text in zip(heads, texts, strict=True)]
    width = max(map(len, padded))
    return [text.ljust(width) for text in padded]
