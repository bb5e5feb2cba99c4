"""Data files: CSV and TSV with or without a header, NumPy's ``.npy`` and ``.npz`` (never pickles), to and from values.

Bytes in, values out: who opens which file is for the session to say.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from calclang import errors
from calclang.progress import each
from calclang.source import Span
from calclang.values import Parts, RangeValue, Row, Value

TEXT = (".csv", ".tsv", ".txt", ".dat")
ARRAYS = (".npy", ".npz")
LARGEST_WHOLE = 2.0**53  # up to here float64 has every whole number


def suffix(name: str) -> str:
    """``.csv`` of ``data.CSV``."""
    return "." + name.rpartition(".")[2].lower() if "." in name else ""


# ---- reading -------------------------------------------------------------------------------------------


def parse(name: str, data: bytes, span: Span | None) -> Value:
    """The value that a file holds. Raises E-IO where its text or its arrays are no numbers."""
    if suffix(name) in ARRAYS or data.startswith((b"\x93NUMPY", b"PK\x03\x04")):
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
    except (ValueError, OSError, EOFError, KeyError, zipfile.BadZipFile, zlib.error):
        raise errors.bad_data(name, "it holds no NumPy arrays of numbers", span) from None


def _numbers(name: str, array: Any, span: Span | None) -> Any:
    if array.dtype.kind not in "bfiu":
        raise errors.bad_data(name, f"its elements are of type {array.dtype.name}, and only real numbers can be read", span)
    if array.dtype.kind == "b":
        return array
    if array.dtype.kind in "iu" and any(int(float(x)) != x for x in array[abs(array.astype(float)) >= LARGEST_WHOLE].tolist()):
        raise errors.bad_data(name, "it holds whole numbers beyond 2^53, which float64 would round", span)
    return array.astype(np.float64) if array.ndim else float(array)


def _table(name: str, text: str, span: Span | None) -> Value:
    """Rows of numbers: a matrix, or a vector where there is one column; under a header a tuple of named columns. Nothing but remarks is []."""
    rows = [(line, row) for line, row in _rows(name, text, span) if "".join(row).strip() and not row[0].startswith("#")]
    if not rows:
        if text.strip():
            return np.zeros(0)
        raise errors.bad_data(name, "it is empty", span)
    header = _header(name, *rows[0], span)
    width = len(rows[0][1])
    rows = rows[1:] if header else rows
    for line, row in rows:
        if len(row) != width:
            raise errors.bad_data(name, f"line {line} has {len(row)} {'entry' if len(row) == 1 else 'entries'}, the lines before it {width}", span, _comma_hint(row))
    numbered = each(f"reading {name}", rows, 4096)
    values = np.array([_numbers_of(name, row, line, span) for line, row in numbered])
    values = values.reshape(len(rows), width)
    if header:
        return Parts(tuple(values[:, k].copy() for k in range(width)), header)
    return values[:, 0].copy() if width == 1 else values


def _header(name: str, line: int, row: list[str], span: Span | None) -> tuple[str, ...]:
    """The names of the columns where a line holds no number; () where it holds nothing else. A line with both has a slip in it."""
    numbers = [_value(cell) is not None for cell in row]
    if all(numbers):
        return ()
    if any(numbers):
        _number(name, row, line, numbers.index(False), span)
    names = tuple(cell.strip() for cell in row)
    for k, cell in enumerate(names):
        if not cell or cell in names[:k]:
            what = f"two columns are called {errors.shorten(cell)!r}" if cell else f"column {k + 1} has no name"
            raise errors.bad_data(name, f"{what} in line {line}", span)
    return names


def _rows(name: str, text: str, span: Span | None) -> Iterator[tuple[int, list[str]]]:
    """Lines with their numbers, cut at tabs in TSV, else at whichever of tabs, commas, semicolons and blanks the first line has."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    first = next((line for line in lines if line.strip() and not line.startswith("#")), "")
    delimiter = "\t" if suffix(name) == ".tsv" else next((d for d in "\t,;" if d in first), "")
    if not delimiter:
        yield from ((number, line.split()) for number, line in enumerate(lines, 1))
        return
    reader = csv.reader((line + "\n" for line in lines), delimiter=delimiter, skipinitialspace=True, strict=True)
    done = 0
    try:
        for row in reader:
            done = reader.line_num
            yield done, row
    except csv.Error:
        raise errors.bad_data(name, f"a quote that begins in line {done + 1} does not end, or something follows its end", span) from None


MISSING = frozenset({"", "na", "n/a", "#n/a", "null", "none", "missing", "-", "--", "?", "."})  # as others write that a value is not there
ODD = re.compile(r"[^0-9eE+\-. ]")
NUMBER = re.compile(r"\s*[+-]?(?:(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:e[+-]?[0-9]+)?|inf|infinity|nan)\s*", re.IGNORECASE)


def _value(cell: str) -> float | None:
    """The number that a cell holds; None where it holds none."""
    return float(cell) if NUMBER.fullmatch(cell) else None


def _numbers_of(name: str, row: list[str], line: int, span: Span | None) -> list[float]:
    """The numbers of a line. Where there are digits, points, signs and exponents alone Python reads no more than the language does."""
    if ODD.search("".join(row)) is None:
        try:
            found = list(map(float, row))
        except ValueError:
            found = [np.inf]
        if np.inf not in found and -np.inf not in found:
            return found
    return [_number(name, row, line, column, span) for column in range(len(row))]


def _number(name: str, row: list[str], line: int, column: int, span: Span | None) -> float:
    """The number in a column, counted from 0. Raises E-IO where there is none that float64 can hold."""
    cell, found = row[column].strip(), _value(row[column])
    if found is not None and (abs(found) != np.inf or "inf" in cell.lower()):
        return found
    shown = errors.shorten(cell)
    what = f"{shown} is too large for float64" if found is not None else f"{shown!r} is no number" if cell else "nothing stands"
    help = _comma_hint(row) or ("a value that is missing is written nan" if cell.lower() in MISSING else "")
    raise errors.bad_data(name, f"{what} in line {line}, column {column + 1}", span, help)


def _comma_hint(row: list[str]) -> str:
    """Whether 1,5;2,5 was cut at the commas."""
    return "decimals are written with a point, 1.5" if any(DECIMAL_COMMA.fullmatch(cell) for cell in row) else ""


DECIMAL_COMMA = re.compile(r"\s*-?[0-9]+(?:;\s*-?[0-9]+|,[0-9]+)\s*")


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
    elif not columns.size:
        out.write("# no numbers\n")
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
    if isinstance(value, RangeValue):
        return value.start + value.step * np.arange(len(value))
    if isinstance(value, bool | float | np.ndarray):
        return np.asarray(value)
    raise errors.cannot_write(name, "files of data hold numbers, arrays and tuples of them", span)
