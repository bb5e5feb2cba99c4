"""Data files: CSV and TSV with or without a header, NumPy's ``.npy`` and ``.npz`` (never pickles), to and from values.

Bytes in, values out: who opens which file is for the session to say.
"""

from __future__ import annotations

from calclang import errors
from calclang.source import Span
from calclang.values import Value

TEXT = (".csv", ".tsv", ".txt", ".dat")
ARRAYS = (".npy", ".npz")


def suffix(name: str) -> str:
    """``.csv`` of ``data.CSV``."""
    return "." + name.rpartition(".")[2].lower() if "." in name else ""


def parse(name: str, data: bytes, span: Span | None) -> Value:
    """The value that a file holds. Raises E-IO where its text or its arrays are no numbers."""
    from calclang.formats import arrays, tables

    if suffix(name) in ARRAYS or data.startswith((b"\x93NUMPY", b"PK\x03\x04", b"PK\x05\x06")):
        return arrays.parse(name, data, span)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        line = data[: problem.start].count(b"\n") + 1
        raise errors.bad_data(name, f"line {line} is no UTF-8 text", span, "save it once more with the encoding UTF-8") from None
    return tables.parse(name, text, suffix(name) == ".tsv", span)


def render(name: str, value: Value, span: Span | None) -> bytes:
    """The bytes of a file of this name that holds the value. Raises E-IO where none can."""
    from calclang.formats import arrays, written

    kind = suffix(name)
    if kind not in (".csv", ".tsv", *ARRAYS):
        raise errors.cannot_write(name, "its name should end in .csv, .tsv, .npy or .npz, which says in what form", span)
    if kind in ARRAYS:
        return arrays.render(name, value, kind == ".npz", span)
    return written.render(name, value, kind == ".tsv", span).encode()
