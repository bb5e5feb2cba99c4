"""Values as text. Two printers: `display` is for people and may round and cut; `source` is exact and valid calc."""

from __future__ import annotations

from typing import Any

import numpy as np

from calclang.values import Parts, RangeValue, Row, Text, Value

MOST_ROWS, MOST_COLUMNS = 20, 12  # of a matrix on the screen; a vector may have MOST_ITEMS
MOST_ITEMS = 60


# ---- for people ----------------------------------------------------------------------------------------


def display(value: Value, digits: int = 10) -> str:
    """A value with ``digits`` significant digits: whole numbers without a point, columns aligned, big arrays cut (with their shape)."""
    if isinstance(value, Text):
        return str(value)
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, bool | np.bool_):
        return str(bool(value)).lower()
    if isinstance(value, float | int):
        return number(float(value), digits)
    if isinstance(value, RangeValue):
        return _range(value, lambda x: number(x, digits))
    if isinstance(value, Parts):
        return _parts(value, digits)
    if isinstance(value, Row):
        return _vector(value.array, digits) + "'"
    if isinstance(value, np.ndarray):
        return _array(value, digits)
    return value.source()


def number(x: Any, digits: int = 10) -> str:
    """One number: ``0.3`` for 0.1 + 0.2, ``1e+20`` as ``1e20``, never ``-0``."""
    if isinstance(x, bool | np.bool_):
        return str(bool(x)).lower()
    text = f"{float(x) + 0.0:.{digits}g}"
    if text == "-0":
        return "0"
    return text.replace("e+0", "e").replace("e+", "e").replace("e-0", "e-")


def quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def _range(value: RangeValue, show: Any) -> str:
    step = "" if value.step == 1 else f"{show(value.step)}.."
    return f"{show(value.start)}..{step}{show(value.stop)}"


def _parts(value: Parts, digits: int) -> str:
    """A tuple; parts that have names or need several lines stand below each other."""
    texts = [display(v, digits) for v in value.values]
    if not any(value.names) and not any("\n" in t for t in texts) and sum(map(len, texts)) < 80:
        return "(" + ", ".join(texts) + ("," if len(texts) == 1 else "") + ")"
    names = value.names or tuple(str(k + 1) for k in range(len(texts)))
    return "\n".join(f"{name} = " + text.replace("\n", "\n" + " " * (len(name) + 3)) for name, text in zip(names, texts, strict=True))


def _vector(array: Any, digits: int) -> str:
    """``[1, 2, 3]``; a long one is cut in the middle."""
    if array.size <= MOST_ITEMS:
        return "[" + ", ".join(number(x, digits) for x in array) + "]"
    shown = [*(number(x, digits) for x in array[:8]), "…", *(number(x, digits) for x in array[-3:])]
    return "[" + ", ".join(shown) + f"]  # {array.size} elements; x[9..20] shows some of the others"


def _array(array: Any, digits: int) -> str:
    if array.ndim <= 1:
        return _vector(np.atleast_1d(array), digits)
    if array.ndim == 2:
        return _matrix(array, digits)
    return _tensor(array, digits)


def _tensor(array: Any, digits: int) -> str:
    """Slice by slice, each with the index it stands at."""
    lead = array.shape[:-2]
    shape = "×".join(map(str, array.shape))
    lines = [f"tensor in R^({shape})"]
    for count, index in enumerate(np.ndindex(*lead)):
        if count == MOST_ROWS:
            lines.append(f"…  # {int(np.prod(lead))} slices; index the tensor to see the others")
            break
        place = ", ".join(str(i + 1) for i in index)
        lines += [f"[{place}, :, :]", *("  " + line for line in _matrix(array[index], digits).split("\n"))]
    return "\n".join(lines)


def _matrix(array: Any, digits: int) -> str:
    """Rows below each other, each column aligned at its decimal points."""
    rows, columns = array.shape
    if not array.size:
        return f"zeros({rows}, {columns})"
    top = list(range(rows)) if rows <= MOST_ROWS else [*range(10), None, *range(rows - 3, rows)]
    left = list(range(columns)) if columns <= MOST_COLUMNS else [*range(6), None, *range(columns - 2, columns)]
    cells = [["…" if i is None or j is None else number(array[i, j], digits) for i in top] for j in left]
    aligned = [_aligned(column) for column in cells]
    lines = ["  ".join(column[i] for column in aligned).rstrip() for i in range(len(top))]
    text = "[" + "\n ".join(lines) + "]"
    if None in top or None in left:
        text += f"  # {rows}×{columns}; A[1..5, :] shows some of the rows"
    return text


def _aligned(column: list[str]) -> list[str]:
    """Numbers below each other at the decimal point."""
    heads = [text.partition(".")[0] if "e" not in text else text for text in column]
    before = max(map(len, heads))
    padded = [" " * (before - len(head)) + text for head, text in zip(heads, column, strict=True)]
    width = max(map(len, padded))
    return [text.ljust(width) for text in padded]


# ---- exact -------------------------------------------------------------------------------------------------


def source(value: Value) -> str:
    """A value as calc that reads back bit for bit. Never cut."""
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, bool | np.bool_):
        return str(bool(value)).lower()
    if isinstance(value, float | int):
        return exact(float(value))
    if isinstance(value, RangeValue):
        return _range(value, exact)
    if isinstance(value, Parts):
        texts = [source(v) for v in value.values]
        return "(" + ", ".join(texts) + ("," if len(texts) == 1 else "") + ")"
    if isinstance(value, Row):
        return _listed(value.array) + "'"
    if isinstance(value, np.ndarray):
        return _exact_array(value)
    return value.source()


def exact(x: Any) -> str:
    """The shortest text that reads back as the same float64."""
    if isinstance(x, bool | np.bool_):
        return str(bool(x)).lower()
    x = float(x)
    if x == int(x) if abs(x) < 1e16 else False:
        return "-0" if x == 0 and str(x)[0] == "-" else str(int(x))
    return repr(x).replace("e+", "e")


def _listed(array: Any) -> str:
    return "[" + ", ".join(map(exact, array)) + "]"


def _exact_array(array: Any) -> str:
    if array.ndim == 1:
        return _listed(array)
    if array.ndim == 2 and array.shape[0] > 1 and array.shape[1] > 1:
        return "[" + "; ".join(", ".join(map(exact, row)) for row in array) + "]"
    if array.ndim == 2 and array.size:  # 1×n and n×1 are matrices only by reshape, which takes columns first
        return f"reshape({_listed(array.ravel(order='F'))}, {array.shape[0]}, {array.shape[1]})"
    if not array.size:
        return f"zeros({', '.join(map(str, array.shape))})"
    return "stack(" + ", ".join(_exact_array(part) for part in array) + ")"
