"""Arrays in words, for screen readers: no brackets, no alignment, the shape first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from calclang.display.matrices import chopped, chosen, hidden_words
from calclang.display.numbers import count
from calclang.display.style import Printer

MOST = 20  # elements of a vector, or columns, that are read out


def array_words(array: Any, printer: Printer, row: bool = False) -> str:
    """``vector of 3 numbers: 1, 2, 3``; a matrix row by row."""
    thing = "boolean" if array.dtype == np.bool_ else "number"
    shown = chopped(array, printer.style)
    if array.ndim == 1:
        places = _places(array.size, MOST, printer)
        said = f"{'row' if row else 'vector'} of {count(array.size, thing)}: {_items(shown, array, places, printer)}"
        return _with_rest(said, f"{array.size - len(places) + 1:,} elements" if -1 in places else "", printer)
    if array.ndim == 2:
        return f"matrix of {count(array.shape[0], 'row')} and {count(array.shape[1], 'column')}\n" + _rows(shown, array, printer)
    indices = list(np.ndindex(*array.shape[:-2]))
    read = indices if printer.style.whole else indices[:MOST]
    slices = [f"slice {', '.join(str(i + 1) for i in index)}\n{_rows(shown[index], array[index], printer)}" for index in read]
    said = "\n".join([f"tensor of {' by '.join(map(str, array.shape))} {thing}s", *slices])
    return _with_rest(said, f"{len(indices) - len(read):,} slices" if len(read) < len(indices) else "", printer)


def _places(size: int, most: int, printer: Printer) -> list[int]:
    return list(range(size)) if printer.style.whole else chosen(size, most)


def _with_rest(said: str, hidden: str, printer: Printer) -> str:
    """A text, and below it what it leaves out."""
    return f"{said}\n{'; '.join(printer.style.rest(hidden))}" if hidden else said


def _rows(shown: Any, array: Any, printer: Printer) -> str:
    """One line per row."""
    top, left = _places(array.shape[0], printer.style.height, printer), _places(array.shape[1], MOST, printer)
    lines = [f"row {i + 1}: {_items(shown[i], array[i], left, printer)}" for i in top if i >= 0]
    return _with_rest("\n".join(lines), hidden_words(array.shape, top, left), printer)


def _items(shown: Any, array: Any, places: Sequence[int], printer: Printer) -> str:
    return ", ".join("and so on until" if k < 0 else printer.note(printer.style.number(shown[k]), array[k]) for k in places)
