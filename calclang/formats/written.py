"""Texts of tables, written: lines of numbers that are read back bit for bit, below a header where the columns have names."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import Any

import numpy as np

from calclang import errors
from calclang.errors import CalcError
from calclang.formats import tables
from calclang.formats.arrays import as_array
from calclang.source import Span
from calclang.values import Parts, Row, Value


def render(name: str, value: Value, tabs: bool, span: Span | None) -> str:
    """The text of a table, cut at tabs or at commas. Raises E-IO where the value is none."""
    columns, names = _columns(name, value, span)
    out = io.StringIO()
    if names:
        out.write(_header(name, names, tabs, span))
    elif not columns.size:
        out.write("# no numbers\n")
    writer = csv.writer(out, delimiter="\t" if tabs else ",", lineterminator="\n")
    writer.writerows([repr(x) if x != int(x) else str(int(x)) for x in row] if np.isfinite(row).all() else list(map(str, row)) for row in columns.tolist())
    return out.getvalue()


def _header(name: str, names: Sequence[str], tabs: bool, span: Span | None) -> str:
    """A line from which the names are read back: bare, else in quotes. Raises E-IO where neither serves."""
    for quoting in (csv.QUOTE_MINIMAL, csv.QUOTE_ALL):
        out = io.StringIO()
        csv.writer(out, delimiter="\t" if tabs else ",", lineterminator="\n", quoting=quoting).writerow(names)
        if _read(out.getvalue(), tabs) == tuple(names):
            return out.getvalue()
    raise errors.cannot_write(name, f"a header with the names {errors.shorten(', '.join(map(repr, names)), 60)} would be read as something else", span)


def _read(line: str, tabs: bool) -> tuple[str, ...]:
    """The names of a header; () where it is read as none."""
    try:
        found = tables.parse("", line, tabs, None)
    except CalcError:
        return ()
    return found.names if isinstance(found, Parts) else ()


def _columns(name: str, value: Value, span: Span | None) -> tuple[Any, Sequence[str]]:
    """Rows of a table, and its header: a tuple of vectors is columns."""
    if isinstance(value, Parts):
        parts = [np.atleast_1d(as_array(name, v, span)) for v in value.values]
        if any(p.ndim != 1 or p.shape != parts[0].shape for p in parts):
            raise errors.cannot_write(name, "columns are vectors of one length", span)
        return np.stack(parts, axis=-1).astype(float), value.names if any(value.names) else ()
    array = np.atleast_1d(as_array(name, value, span)).astype(float)
    if isinstance(value, Row):
        array = array.reshape(1, -1)
    if array.ndim > 2:
        raise errors.cannot_write(name, "a table has two axes; .npy holds any number of them", span)
    return (array if array.ndim == 2 else array[:, None]), ()
