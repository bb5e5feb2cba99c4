"""Values as text. Two printers: `display` is for people and may round and cut; `source` is exact and valid calc."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from calclang.display.clean import clean, clean_lines
from calclang.values import Parts, RangeValue, Row, Text, Value

MOST_ITEMS = 60  # of a vector on the screen
FEWER_DIGITS = 6  # shown where a matrix would be too wide otherwise


@dataclass(frozen=True)
class Style:
    """How values are shown: significant ``digits``, the columns and rows there is room for, whether the shape of an array stands beside
    it (dimmed where there is ``color``)."""

    digits: int = 10
    width: int = 120
    height: int = 20
    shapes: bool = False
    color: bool = False

    def number(self, x: Any) -> str:
        return number(x, self.digits)

    def remark(self, text: str) -> str:
        """Said beside or below a value; a comment in calc."""
        return f"\x1b[2m# {text}\x1b[0m" if self.color else f"# {text}"

    def beside(self, shape: str) -> str:
        return "  " + self.remark(shape) if self.shapes else ""


# ---- for people ----------------------------------------------------------------------------------------


def display(value: Value, digits: int = 10, style: Style | None = None) -> str:
    """A value with ``digits`` significant digits: whole numbers without a point, columns aligned, big arrays cut (with their shape).

    >>> display(0.1 + 0.2), display(-0.0), display(np.array([1.0, 2.5]))
    ('0.3', '0', '[1, 2.5]')
    """
    return _display(value, style or Style(digits))


def _display(value: Value, style: Style) -> str:
    if isinstance(value, Text):
        return clean_lines(value)
    if isinstance(value, str):
        return clean(quoted(value))
    if isinstance(value, RangeValue):
        return _range(value, style.number)
    if isinstance(value, Parts):
        return _parts(value, style)
    if isinstance(value, Row):
        return _vector(value.array, style, "'")
    if isinstance(value, np.ndarray) and value.ndim:
        return _array(value, style)
    if isinstance(value, bool | float | int | np.generic | np.ndarray):
        return style.number(value)
    return value.source()


def number(x: Any, digits: int = 10) -> str:
    """One number or truth value: ``0.3`` for 0.1 + 0.2, ``1e+20`` as ``1e20``, never ``-0``."""
    if isinstance(x, bool | np.bool_):
        return str(bool(x)).lower()
    text = f"{float(x) + 0.0:.{digits}g}"
    if text == "-0":
        return "0"
    return text.replace("e+0", "e").replace("e+", "e").replace("e-0", "e-")


def quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t") + '"'


def _range(value: RangeValue, show: Callable[[float], str]) -> str:
    step = "" if value.step == 1 else f"{show(value.step)}.."
    return f"{show(value.start)}..{step}{show(value.stop)}"


def _parts(value: Parts, style: Style) -> str:
    """A tuple; parts that have names or need several lines stand below each other."""
    texts = [_display(v, style) for v in value.values]
    one_line = not any("\n" in t or "  #" in t for t in texts) and sum(map(len, texts)) < 80
    if one_line and not any(value.names):
        return "(" + ", ".join(texts) + ("," if len(texts) == 1 else "") + ")"
    names = [name or str(k) for k, name in enumerate(value.names or ("",) * len(texts), 1)]
    return "\n".join(f"{name} = " + text.replace("\n", "\n" + " " * (len(name) + 3)) for name, text in zip(names, texts, strict=True))


def shape_words(shape: Sequence[int]) -> str:
    return "R^" + (str(shape[0]) if len(shape) == 1 else "(" + "×".join(map(str, shape)) + ")")


def _vector(array: Any, style: Style, prime: str = "") -> str:
    """``[1, 2, 3]``; a long one is cut in the middle."""
    shape = ("row in " if prime else "") + shape_words(array.shape)
    if array.size <= MOST_ITEMS:
        return "[" + ", ".join(map(style.number, array)) + "]" + prime + style.beside(shape)
    shown = ", ".join([*map(style.number, array[:8]), "…", *map(style.number, array[-3:])])
    return f"[{shown}]{prime}\n" + style.remark(f"{shape}: {array.size - 11} elements not shown; x[9..{min(48, array.size - 3)}] shows more")


def _array(array: Any, style: Style) -> str:
    if array.ndim == 1:
        return _vector(array, style)
    if not array.size:
        return f"zeros({', '.join(map(str, array.shape))})"
    if array.ndim > 2:
        return _tensor(array, style)
    lines, hidden = _matrix(array, style)
    shape = shape_words(array.shape)
    return "\n".join(lines) + ("\n" + style.remark(f"{shape}: {hidden}") if hidden else style.beside(shape))


def _tensor(array: Any, style: Style) -> str:
    """Slice by slice, each with the index it stands at."""
    lead = array.shape[:-2]
    slices = int(np.prod(lead))
    lines, cut = [f"tensor in {shape_words(array.shape)}"], False
    room = 3 * max(style.height, array.shape[-2] + 1)
    for count, index in enumerate(np.ndindex(*lead)):
        if count and len(lines) + array.shape[-2] > room:
            last = ", ".join([*map(str, lead), ":", ":"])
            return "\n".join([*lines, style.remark(f"{slices - count} of {slices} slices not shown; T[{last}] shows the last")])
        inner, hidden = _matrix(array[index], style)
        cut = cut or bool(hidden)
        lines += [f"[{', '.join(str(i + 1) for i in index)}, :, :]", *("  " + line for line in inner)]
    return "\n".join(lines + [style.remark("slices are cut; index the tensor to see them")] * cut)


def _matrix(array: Any, style: Style) -> tuple[list[str], str]:
    """Rows below each other, each column aligned at its decimal points; what had to be left out and how to see it, in words."""
    top = _chosen(array.shape[0], style.height)
    left, cells = _fitting(array, top, style)
    inside = "\n ".join("  ".join(column[i] for column in cells).rstrip() for i in range(len(top)))
    return f"[{inside}]".split("\n"), _hidden(array.shape, top, left, style)


def _hidden(shape: Sequence[int], top: Sequence[int], left: Sequence[int], style: Style) -> str:
    """``11 rows and 19 columns not shown; A[15..29, :] shows more``, or nothing."""
    cut = [(count, chosen, word) for count, chosen, word in zip(shape, (top, left), ("rows", "columns"), strict=True) if -1 in chosen]
    if not cut:
        return ""
    count, chosen, word = cut[0]
    first = chosen.index(-1) + 1
    last = min(first + max(style.height, 2), count) - 1
    example = f"A[{first}..{last}, :]" if word == "rows" else f"A[:, {first}..{last}]"
    said = " and ".join(f"{count - len(chosen) + 1} {word}" for count, chosen, word in cut)
    return f"{said} not shown; {example} shows more"


def _fitting(array: Any, top: Sequence[int], style: Style) -> tuple[list[int], list[list[str]]]:
    """Which columns are shown, and their texts: all of them if need be with fewer digits, else the first and the last ones."""
    room = style.width - 2  # without the brackets
    most = room // 2 + 1  # a column is at least one digit and a gap wide
    while True:
        left = _chosen(array.shape[1], most)
        for digits in (style.digits, min(style.digits, FEWER_DIGITS)):
            cells = [_column(array[:, j], top, digits) if j >= 0 else ["…"] * len(top) for j in left]
            if _width(cells) <= room:
                return left, cells
        if len(left) <= 3:
            return left, cells
        most = min(most, len(left)) - max(1, (_width(cells) - room) // 24)


def _chosen(count: int, most: int) -> list[int]:
    """Which of ``count`` rows or columns are shown: the first and the last ones, with -1 for the gap."""
    if count <= max(most, 2):
        return list(range(count))
    tail = max(1, most // 4)
    return [*range(max(1, most - tail - 1)), -1, *range(count - tail, count)]


def _width(cells: list[list[str]]) -> int:
    return sum(len(column[0]) + 2 for column in cells) - 2


def _column(column: Any, top: Sequence[int], digits: int) -> list[str]:
    """Numbers below each other at the decimal point."""
    texts = ["…" if i < 0 else number(column[i], digits) for i in top]
    heads = [text.partition("e")[0].partition(".")[0] if text[-1].isdigit() else text for text in texts]
    before = max(map(len, heads))
    padded = [" " * (before - len(head)) + text for head, text in zip(heads, texts, strict=True)]
    width = max(map(len, padded))
    return [text.ljust(width) for text in padded]


# ---- exact -------------------------------------------------------------------------------------------------


def source(value: Value, digits: int = 0) -> str:
    """A value as calc that reads back bit for bit, or with ``digits`` significant digits where they are given. Never cut.

    >>> source(0.1 + 0.2), source(np.array([[1.0, 2.0], [3.0, 4.0]])), source(np.array([[1.0, 2.0]]))
    ('0.30000000000000004', '[1, 2; 3, 4]', 'reshape([1, 2], 1, 2)')
    """
    show: Callable[[Any], str] = (lambda x: number(x, digits)) if digits else exact
    return _source(value, show)


def _source(value: Value, show: Callable[[Any], str]) -> str:
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, RangeValue):
        return _range(value, show)
    if isinstance(value, Parts):
        texts = [_source(v, show) for v in value.values]
        return "(" + ", ".join(texts) + ("," if len(texts) == 1 else "") + ")"
    if isinstance(value, Row):
        return _listed(value.array, show) + "'"
    if isinstance(value, np.ndarray) and value.ndim:
        return _source_of_array(value, show)
    if isinstance(value, bool | float | int | np.generic | np.ndarray):
        return show(value)
    return value.source()


def exact(x: Any) -> str:
    """The shortest text that reads back as the same float64 or truth value."""
    if isinstance(x, bool | np.bool_):
        return str(bool(x)).lower()
    x = float(x)
    if abs(x) < 1e16 and x == int(x):
        return "-0" if x == 0 and str(x)[0] == "-" else str(int(x))
    return repr(x).replace("e+", "e")


def _listed(array: Any, show: Callable[[Any], str]) -> str:
    return "[" + ", ".join(map(show, array.tolist())) + "]"


def _source_of_array(array: Any, show: Callable[[Any], str]) -> str:
    if not array.size:
        return "[]" if array.shape == (0,) else f"zeros({', '.join(map(str, array.shape))})"
    if array.ndim == 1:
        return _listed(array, show)
    if array.ndim == 2 and min(array.shape) > 1:
        return "[" + "; ".join(", ".join(map(show, row)) for row in array.tolist()) + "]"
    if array.dtype == np.bool_:  # what makes the other shapes takes numbers
        return f"{_source_of_array(array.astype(np.float64), show)} == 1"
    if array.ndim == 2:  # [1, 2] and [1; 2] are vectors
        return f"reshape({_listed(array.ravel(), show)}, {array.shape[0]}, {array.shape[1]})"
    return "stack(" + ", ".join(_source_of_array(a, show) for a in array) + ")"
