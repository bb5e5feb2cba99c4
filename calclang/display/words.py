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
        places = chosen(array.size, MOST)
        said = f"{'row' if row else 'vector'} of {count(array.size, thing)}: {_items(shown, array, places, printer)}"
        hidden = array.size - len(places) + 1
        first = places.index(-1) + 1 if -1 in places else 0
        more = f"{printer.style.name or 'x'}[{first}..{first + min(hidden, MOST) - 1}]"
        return said + (f"\n{hidden} elements not read; {more} reads more" if first else "")
    if array.ndim == 2:
        return f"matrix of {count(array.shape[0], 'row')} and {count(array.shape[1], 'column')}\n" + _rows(shown, array, printer)
    slices = [f"slice {', '.join(str(i + 1) for i in index)}\n{_rows(shown[index], array[index], printer)}" for index in _leading(array)]
    return "\n".join([f"tensor of {' by '.join(map(str, array.shape))} {thing}s", *slices])


def _leading(array: Any) -> Sequence[tuple[int, ...]]:
    return list(np.ndindex(*array.shape[:-2]))[:MOST]


def _rows(shown: Any, array: Any, printer: Printer) -> str:
    """One line per row."""
    top, left = chosen(array.shape[0], printer.style.height), chosen(array.shape[1], MOST)
    lines = [f"row {i + 1}: {_items(shown[i], array[i], left, printer)}" for i in top if i >= 0]
    hidden = hidden_words(array.shape, top, left, printer.style)
    return "\n".join([*lines, *([hidden] if hidden else [])])


def _items(shown: Any, array: Any, places: Sequence[int], printer: Printer) -> str:
    return ", ".join("and so on until" if k < 0 else printer.note(printer.style.number(shown[k]), array[k]) for k in places)
