"""Data files: CSV and TSV with or without a header, NumPy's ``.npy`` and ``.npz`` (never pickles), to and from values.

Bytes in, values out: who opens which file is for the session to say.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from calclang import errors
from calclang.progress import each
from calclang.source import Span
from calclang.values import Parts, Row, Value

TEXT = (".csv", ".tsv", ".txt", ".dat")
ARRAYS = (".npy", ".npz")


def suffix(name: str) -> str:
    """``.csv`` of ``data.CSV``."""
    return "." + name.rpartition(".")[2].lower() if "." in name else ""


# ---- reading -------------------------------------------------------------------------------------------


def parse(name: str, data: bytes, span: Span | None) -> Value:
    """The value that a file holds. Raises E-IO where its text or its arrays are no numbers."""
    if suffix(name) in ARRAYS or data[:6] in (b"\x93NUMPY", b"PK\x03\x04"):
        return _arrays(name, data, span)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        line = data[: problem.start].count(b"\n") + 1
        raise errors.bad_data(name, f"line {line} is no UTF-8 text", span) from None
    return _table(name, text, span)


def _arrays(name: str, data: bytes, span: Span | None) -> Value:
    """``.npy``: an array; ``.npz``: a tuple of named ones."""
    try:
        loaded = np.load(io.BytesIO(data), allow_pickle=False)
        if isinstance(loaded, np.ndarray):
            array: Value = _numbers(name, loaded, span)
            return array
        return Parts(tuple(_numbers(name, loaded[key], span) for key in loaded.files), tuple(loaded.files))
    except (ValueError, OSError, EOFError, KeyError):
        raise errors.bad_data(name, "it holds no NumPy arrays of numbers", span) from None


def _numbers(name: str, array: Any, span: Span | None) -> Any:
    if array.dtype.kind not in "bfiu":
        raise errors.bad_data(name, f"its elements are of type {array.dtype.name}, and only real numbers can be read", span)
    if array.dtype.kind == "b":
        return array
    return array.astype(np.float64) if array.ndim else float(array)


def _table(name: str, text: str, span: Span | None) -> Value:
    """Rows of numbers: a matrix, or a vector where there is one column; under a header a tuple of named columns."""
    rows = [(line, row) for line, row in _rows(name, text) if any(cell.strip() for cell in row) and not row[0].startswith("#")]
    if not rows:
        raise errors.bad_data(name, "it is empty", span)
    header = rows.pop(0)[1] if not all(_is_number(cell) for cell in rows[0][1]) else []
    width = len(header) if header else len(rows[0][1])
    for line, row in rows:
        if len(row) != width:
            raise errors.bad_data(name, f"line {line} has {len(row)} entries, the lines before it {width}", span)
    numbered = each(f"reading {name}", rows, 4096)
    values = np.array([[_number(name, cell, line, column, span) for column, cell in enumerate(row, 1)] for line, row in numbered])
    values = values.reshape(len(rows), width)
    if header:
        return Parts(tuple(values[:, k].copy() for k in range(width)), tuple(cell.strip() for cell in header))
    return values[:, 0].copy() if width == 1 else values


def _rows(name: str, text: str) -> Iterator[tuple[int, list[str]]]:
    """Lines with their numbers, cut at tabs in TSV, else at whichever of tabs, commas, semicolons and blanks the first line has."""
    first = next((line for line in text.splitlines() if line.strip() and not line.startswith("#")), "")
    delimiter = "\t" if suffix(name) == ".tsv" else next((d for d in "\t,;" if d in first), "")
    if not delimiter:
        yield from ((number, line.split()) for number, line in enumerate(text.splitlines(), 1))
        return
    reader = csv.reader(io.StringIO(text), delimiter=delimiter, skipinitialspace=True)
    for row in reader:
        yield reader.line_num, row


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


def _number(name: str, cell: str, line: int, column: int, span: Span | None) -> float:
    try:
        return float(cell)
    except ValueError:
        what = f"{errors.shorten(cell.strip())!r} is no number" if cell.strip() else "nothing stands"
        raise errors.bad_data(name, f"{what} in line {line}, column {column}", span) from None


# ---- writing -------------------------------------------------------------------------------------------


def render(name: str, value: Value, span: Span | None) -> bytes:
    """The bytes of a file of this name that holds the value. Raises E-TYPE."""
    kind = suffix(name)
    if kind not in (".csv", ".tsv", ".npy", ".npz"):
        raise errors.cannot_write(name, "its name ends in .csv, .tsv, .npy or .npz, which says in what form", span)
    if kind in ARRAYS:
        return _packed(kind, name, value, span)
    columns, header = _columns(name, value, span)
    out = io.StringIO()
    writer = csv.writer(out, delimiter="\t" if kind == ".tsv" else ",", lineterminator="\n")
    if header:
        writer.writerow(header)
    writer.writerows([repr(x) if x != int(x) else str(int(x)) for x in row] if np.isfinite(row).all() else list(map(str, row)) for row in columns.tolist())
    return out.getvalue().encode()


def _packed(kind: str, name: str, value: Value, span: Span | None) -> bytes:
    out = io.BytesIO()
    if kind == ".npy":
        np.save(out, _array(name, value, span), allow_pickle=False)
    elif isinstance(value, Parts):
        np.savez(out, **{n or f"part{k}": _array(name, v, span) for k, (n, v) in enumerate(zip(_names(value), value.values, strict=True), 1)})
    else:
        np.savez(out, value=_array(name, value, span))
    return out.getvalue()


def _names(value: Parts) -> Sequence[str]:
    return value.names or ("",) * len(value)


def _columns(name: str, value: Value, span: Span | None) -> tuple[Any, list[str]]:
    """Rows of a table, and its header: a tuple of vectors is columns."""
    if isinstance(value, Parts):
        parts = [np.atleast_1d(_array(name, v, span)) for v in value.values]
        if any(p.ndim != 1 or p.shape != parts[0].shape for p in parts):
            raise errors.cannot_write(name, "columns are vectors of one length", span)
        return np.stack(parts, axis=-1).astype(float), [n for n in _names(value) if n]
    array = np.atleast_1d(_array(name, value, span)).astype(float)
    if isinstance(value, Row):
        array = array.reshape(1, -1)
    if array.ndim > 2:
        raise errors.cannot_write(name, "a table has two axes; .npy holds any number of them", span)
    return (array if array.ndim == 2 else array[:, None]), []


def _array(name: str, value: Value, span: Span | None) -> Any:
    if isinstance(value, Row):
        return value.array
    if isinstance(value, bool | float | np.ndarray):
        return np.asarray(value)
    raise errors.cannot_write(name, "files of data hold numbers, arrays and tuples of them", span)
