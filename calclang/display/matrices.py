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
    first, hidden = places.index(-1) + 1, array.size - len(places) + 1
    more = f"{style.name or 'x'}[{first}..{first + min(hidden, 40) - 1}]"
    return style.below(text, kind, f"{hidden} elements not shown; {more} shows more")


def _fitting_items(array: Any, style: Style) -> tuple[list[int], list[str]]:
    """Which elements are shown, -1 for a gap; and the lines that they make."""
    room = style.width - 3
    most = VECTOR_LINES * room // 2
    if array.size <= most:
        lines = _wrapped([style.number(x) for x in array], room)
        if len(lines) <= VECTOR_LINES:
            return list(range(array.size)), lines
    most = min(most, array.size - 1)
    while True:
        places = chosen(array.size, most)
        lines = _wrapped(["…" if k < 0 else style.number(array[k]) for k in places], room)
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
    slices = int(np.prod(lead))
    lines, cut = [f"tensor in {shape_words(array)}"], False
    inside = Printer(style.within(2))
    for k, index in enumerate(np.ndindex(*lead)):
        if k and len(lines) + 1 + min(array.shape[-2], style.height) > style.height:
            last = ", ".join([*map(str, lead), ":", ":"])
            lines.append(style.remark(f"{slices - k} of {slices} slices not shown; {style.name or 'T'}[{last}] shows the last"))
            break
        inner, hidden = matrix(array[index], inside)
        cut = cut or bool(hidden)
        lines += [f"[{', '.join(str(i + 1) for i in index)}, :, :]", *("  " + line for line in inner)]
    printer.rounded = printer.rounded or inside.rounded
    return "\n".join(lines + [style.remark(f"slices are cut; index {style.name or 'the tensor'} to see them")] * cut)


def matrix(array: Any, printer: Printer) -> tuple[list[str], str]:
    """Rows below each other, each column aligned at its decimal points; what had to be left out and how to see it, in words."""
    style = printer.style
    top = chosen(array.shape[0], style.height)
    left, cells = _fitting(chopped(array, style), top, style)
    for j, column in zip(left, cells, strict=True):
        for i, text in zip(top, column, strict=True):
            if i >= 0 and j >= 0:
                printer.note(text, array[i, j])
    inside = "\n ".join("  ".join(column[i] for column in cells).rstrip() for i in range(len(top)))
    return f"[{inside}]".split("\n"), hidden_words(array.shape, top, left, style)


def hidden_words(shape: Sequence[int], top: Sequence[int], left: Sequence[int], style: Style) -> str:
    """``11 rows and 19 columns not shown; A[15..29, :] shows more``, or nothing."""
    cut = [(count, shown, word) for count, shown, word in zip(shape, (top, left), ("rows", "columns"), strict=True) if -1 in shown]
    if not cut:
        return ""
    count, shown, word = cut[0]
    first = shown.index(-1) + 1
    last = first + min(max(len(shown), 2), count - len(shown) + 1) - 1
    name = style.name or "A"
    example = f"{name}[{first}..{last}, :]" if word == "rows" else f"{name}[:, {first}..{last}]"
    said = " and ".join(f"{count - len(shown) + 1} {word}" for count, shown, word in cut)
    return f"{said} not shown; {example} shows more"


def _fitting(array: Any, top: Sequence[int], style: Style) -> tuple[list[int], list[list[str]]]:
    """Which columns are shown, and their texts: all of them if need be with fewer digits, else the first and the last ones."""
    room = style.width - 2  # without the brackets
    most = room // 2 + 1  # a column is at least one digit and a gap wide
    while True:
        left = chosen(array.shape[1], most)
        for digits in (style.digits, min(style.digits, FEWER_DIGITS)):
            cells = [_column(array[:, j], top, digits, style.format) if j >= 0 else ["…"] * len(top) for j in left]
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


def _column(column: Any, top: Sequence[int], digits: int, format: str) -> list[str]:
    """Numbers below each other at the decimal point."""
    texts = ["…" if i < 0 else number(column[i], digits, format) for i in top]
    heads = [text.partition("e")[0].partition(".")[0] if text[-1].isdigit() else text for text in texts]
    before = max(map(len, heads))
    padded = [" " * (before - len(head)) + text for head, text in zip(heads, texts, strict=True)]
    width = max(map(len, padded))
    return [text.ljust(width) for text in padded]
