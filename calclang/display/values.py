"""Values as text. Two printers: `display` is for people and may round and cut; `source` is exact and valid calc."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from calclang.display.clean import clean, clean_lines
from calclang.display.columns import fitting
from calclang.display.formulas import laid_out
from calclang.display.matrices import array_text, vector
from calclang.display.numbers import count, exact, number
from calclang.display.style import Printer, Style
from calclang.display.words import array_words
from calclang.syntax.format import part_name
from calclang.values import FunctionValue, Parts, RangeValue, Row, Text, Value

__all__ = ["Style", "answer", "display", "exact", "number", "source"]

FEW = 64  # numbers that a function captured, which are shown with it

# ---- for people ----------------------------------------------------------------------------------------


def answer(value: Value, style: Style, label: str = "") -> str:
    """A value as the answer to an input: after ``=`` where its digits say all there is, after ``≈`` where they are rounded. Before that, dimmed,
    a ``label``: the name that the answer has.

    >>> print(answer(0.5, Style()), answer(1/3, Style()))
    = 0.5 ≈ 0.3333333333
    """
    label = "" if style.plain else label
    if isinstance(value, Text):
        return (style.dimmed(f"{label}:") + "\n" if label else "") + _display(value, Printer(style))
    if isinstance(value, Parts) and not _one_line(value, style.within(2)):
        return (style.dimmed(f"{label}:") + "\n" if label else "") + _parts(value, style)
    room = len(label) + 1 if label else 0
    printer = Printer(style.within(2 + room))
    text = _display(value, printer)
    if isinstance(value, FunctionValue) and value.name and text.startswith(f"{value.name}("):
        return text  # a definition has a sign of its own
    return (style.dimmed(label) + " " if label else "") + _after(_sign(printer), text, room)


def _sign(printer: Printer) -> str:
    return ("about" if printer.style.plain else "≈") if printer.rounded else "="


def _after(head: str, text: str, before: int = 0) -> str:
    """A text behind a head, its lines below each other. ``before``: columns before the head."""
    return f"{head} " + text.replace("\n", "\n" + " " * (before + len(head) + 1))


def display(value: Value, digits: int = 10, style: Style | None = None) -> str:
    """A value with ``digits`` significant digits: whole numbers without a point, columns aligned, big arrays cut (with their shape).

    >>> display(0.1 + 0.2), display(-0.0), display(np.array([1.0, 2.5]))
    ('0.3', '0', '[1, 2.5]')
    """
    return _display(value, Printer(style or Style(digits)))


def _display(value: Value, printer: Printer) -> str:
    style = printer.style
    if isinstance(value, Text):
        return clean_lines(fitting(value, style.width, style.plain or style.ascii))
    if isinstance(value, str):
        return clean(quoted(value))
    if isinstance(value, RangeValue):
        said = f"range of {count(len(value), 'number')}"
        text = _range(value, printer.number)
        return f"{said}: {text}" if style.plain else style.beside(text, said)
    if isinstance(value, Parts):
        line = _one_line(value, style, printer)
        return line if line is not None else _parts(value, style)
    if isinstance(value, Row | np.ndarray) and np.ndim(array := value.array if isinstance(value, Row) else value):
        return _array(array, isinstance(value, Row), printer)
    if isinstance(value, bool | float | int | np.generic | np.ndarray):
        return printer.number(value)
    assert isinstance(value, FunctionValue)
    text, remark = value.shown(FEW)
    return style.beside(laid_out(text, style.width), remark) if remark else laid_out(text, style.width)


def _array(array: Any, row: bool, printer: Printer) -> str:
    if printer.style.plain:
        return array_words(array, printer, row)
    return vector(array, printer, "'" * row) if array.ndim == 1 else array_text(array, printer)


def quoted(text: str) -> str:
    """A text in double quotes, as a program has it."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t") + '"'


def _range(value: RangeValue, show: Callable[[float], str]) -> str:
    step = "" if value.step == 1 else f"{show(value.step)}.."
    return f"{show(value.start)}..{step}{show(value.stop)}"


def _one_line(value: Parts, style: Style, printer: Printer | None = None) -> str | None:
    """A tuple on one line; None where its parts have names, or need lines or remarks of their own."""
    inside = Printer(style)
    texts: list[str] = []
    for part in value.values:
        text = _one_line(part, style, inside) if isinstance(part, Parts) else _display(part, inside)
        if text is None or "\n" in text or "  #" in text or "  \x1b" in text:
            return None
        texts.append(text)
    if any(value.names) or sum(map(len, texts)) + 2 * len(texts) > style.width:
        return None
    if printer is not None:
        printer.rounded = printer.rounded or inside.rounded
    return "(" + ", ".join(texts) + ("," if len(texts) == 1 else "") + ")"


def _parts(value: Parts, style: Style) -> str:
    """The parts of a tuple below each other, each with its name or number and its sign."""
    lines = []
    for k, (name, part) in enumerate(zip(value.names or ("",) * len(value), value.values, strict=True), 1):
        head = name or f"[{k}]"
        asked = f'["{name}"]' if name else head
        inside = Printer(replace(style.within(len(head) + 3), name=style.name and style.name + asked))
        text = _display(part, inside)
        lines.append(_after(f"{head} {_sign(inside)}", text))
    return "\n".join(lines)


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
        names = [f"{part_name(n)} = " if n else "" for n in value.names or [""] * len(value)]
        texts = [name + _source(v, show) for name, v in zip(names, value.values, strict=True)]
        return "(" + ", ".join(texts) + ("," if len(texts) == 1 else "") + ")"
    if isinstance(value, Row):
        return _listed(value.array, show) + "'"
    if isinstance(value, np.ndarray) and value.ndim:
        return _source_of_array(value, show)
    if isinstance(value, bool | float | int | np.generic | np.ndarray):
        return show(value)
    return value.source()


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
