"""NumPy's files: ``.npy`` holds one array, ``.npz`` several with names."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any

import numpy as np

from calclang import errors
from calclang.source import Span
from calclang.values import Parts, RangeValue, Row, Value

LARGEST_WHOLE = 2.0**53  # up to here float64 has every whole number


def parse(name: str, data: bytes, span: Span | None) -> Value:
    """``.npy``: an array; ``.npz``: a tuple of named ones. Raises E-IO."""
    try:
        loaded = np.load(io.BytesIO(data), allow_pickle=False)
        if isinstance(loaded, np.ndarray):
            array: Value = _numbers(name, loaded, span)
            return array
        parts = Parts(tuple(_numbers(name, loaded[key], span) for key in loaded.files), tuple(loaded.files))
    except (ValueError, OSError, EOFError, KeyError, zipfile.BadZipFile, zlib.error):
        raise errors.bad_data(name, "it holds no NumPy arrays of numbers", span) from None
    if not parts.values:
        raise errors.bad_data(name, "it is empty", span)
    return parts


def _numbers(name: str, array: Any, span: Span | None) -> Any:
    if array.dtype.kind not in "bfiu":
        raise errors.bad_data(name, f"its elements are of type {array.dtype.name}, and only real numbers can be read", span)
    if array.dtype.kind == "b":
        return array
    if array.dtype.kind in "iu" and any(int(float(x)) != x for x in array[abs(array.astype(float)) >= LARGEST_WHOLE].tolist()):
        raise errors.bad_data(name, "it holds whole numbers beyond 2^53, which float64 would round", span)
    return array.astype(np.float64) if array.ndim else float(array)


def render(name: str, value: Value, several: bool, span: Span | None) -> bytes:
    """The bytes of a ``.npy`` file, or of a ``.npz`` file where it may hold ``several`` arrays. Raises E-IO."""
    if not several:
        return _saved(as_array(name, value, span))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:  # numpy.savez can write no array that is called file
        for part, array in _named(value):
            member = zipfile.ZipInfo(f"{part}.npy")
            if member.filename != f"{part}.npy":
                raise errors.cannot_write(name, f"{errors.shorten(part)!r} cannot name an array there", span)
            file.writestr(member, _saved(as_array(name, array, span)))
    return out.getvalue()


def _named(value: Value) -> Iterator[tuple[str, Value]]:
    """The arrays of a file, each with its name."""
    if not isinstance(value, Parts):
        yield "value", value
        return
    for k, part in enumerate(value.values):
        yield (value.names[k] if value.names else "") or f"part{k + 1}", part


def _saved(array: Any) -> bytes:
    out = io.BytesIO()
    np.save(out, array, allow_pickle=False)
    return out.getvalue()


def as_array(name: str, value: Value, span: Span | None) -> Any:
    """A value as an array. Raises E-IO where it is none."""
    if isinstance(value, Row):
        return value.array
    if isinstance(value, RangeValue):
        return value.start + value.step * np.arange(len(value))
    if isinstance(value, bool | float | np.ndarray):
        return np.asarray(value)
    raise errors.cannot_write(name, "files of data hold numbers, arrays and tuples of them", span)
