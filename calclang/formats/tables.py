"""Texts of tables, read: lines of numbers, below a header where there is one."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from calclang import errors
from calclang.formats.numerals import comma_hint, number, number_in, numbers_of
from calclang.progress import each, stretches
from calclang.source import Span
from calclang.values import Parts, Value

IN_QUOTES = "the names of a header stand in quotes where one of them looks like a number"
BLOCK = 4096  # lines that are read at a time
REGULAR = re.compile(r"[0-9eE+\-. \t,;\n]*")  # what NumPy's reader understands as this one does, if it understands it at all
QUOTED = re.compile(r'\s*"[^"]*"\s*(?:[\t,; ]\s*"[^"]*"\s*)*')
WORD = re.compile(r'"((?:[^"]|"")*)"(?!\S)|(\S+)')


def parse(name: str, text: str, tabs: bool, span: Span | None) -> Value:
    """A matrix, or a vector where there is one column; under a header a tuple of named columns. Nothing but remarks is []. ``tabs``: whether
    lines are cut at tabs alone. Raises E-IO."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").removesuffix("\n").split("\n")
    delimiter = "\t" if tabs else _delimiter(lines)
    first = next(_rows(name, lines, 0, delimiter, span), None)
    if first is None:
        if text.strip():
            return np.zeros(0)
        raise errors.bad_data(name, "it is empty", span)
    line, row = first
    header = _header(name, line, row, lines, delimiter, span)
    values = _numbers(name, lines, line if header else 0, delimiter, len(row), span)
    if header:
        return Parts(tuple(values[:, k].copy() for k in range(len(row))), header)
    array: Value = values[:, 0].copy() if len(row) == 1 else values
    return array


def _delimiter(lines: list[str]) -> str:
    """The tab, comma or semicolon that the first line has outside of quotes; empty where only blanks part its cells."""
    first = next((line for line in lines if line.strip() and not line.startswith("#")), "")
    outside = re.sub('"[^"]*"', "", first)
    return next((d for d in "\t,;" if d in outside), "")


def _header(name: str, line: int, row: list[str], lines: list[str], delimiter: str, span: Span | None) -> tuple[str, ...]:
    """The names of the columns where the first line holds no number, or is the only one with quotes; () where it holds numbers alone. A line
    with both has a slip in it."""
    numbers = [number_in(cell) is not None for cell in row]
    if any(numbers) and not (QUOTED.fullmatch(lines[line - 1]) and not _quotes(lines[line:])):
        if not all(numbers):
            wrong = numbers.index(False)
            below = next((cells for _, cells in _rows(name, lines[line:], line, delimiter, span)), row)
            names_numbers = wrong < len(below) and number_in(below[wrong]) is not None
            number(name, row, line, wrong, span, IN_QUOTES if names_numbers else "")
        return ()
    names = tuple(cell.strip() for cell in row)
    for k, cell in enumerate(names):
        if not cell or cell in names[:k]:
            what = f"two columns are called {errors.shorten(cell)!r}" if cell else f"column {k + 1} has no name"
            raise errors.bad_data(name, f"{what} in line {line}", span)
    return names


def _quotes(lines: list[str]) -> bool:
    return any('"' in line for line in lines)


def _numbers(name: str, lines: list[str], start: int, delimiter: str, width: int, span: Span | None) -> Any:
    """The numbers of all lines behind ``start``, block by block; what stands in quotes may go over several lines, and makes all of them one block."""
    lines = lines[start:]
    size = max(len(lines), 1) if _quotes(lines) else BLOCK
    blocks = [np.zeros((0, width))]
    for k in stretches(f"reading {name}", len(lines), size):
        block = lines[k : k + size]
        found = _regular(block, delimiter, width)
        blocks.append(_irregular(name, block, start + k, delimiter, width, span) if found is None else found)
    return np.concatenate(blocks)


def _regular(block: list[str], delimiter: str, width: int) -> Any:
    """The numbers of lines that NumPy's reader takes without complaint, ten times as fast; None of others, also of those with too large numbers."""
    text = "\n".join(block)
    if REGULAR.fullmatch(text) is None or not text.strip():
        return None
    try:
        found = np.loadtxt(block, delimiter=delimiter or None, comments=None, ndmin=2)
    except ValueError:
        return None
    return found if found.shape[1] == width and np.isfinite(found).all() else None


def _irregular(name: str, block: list[str], before: int, delimiter: str, width: int, span: Span | None) -> Any:
    """The numbers of lines that are read one by one. Raises E-IO, which says where."""
    rows = list(_rows(name, block, before, delimiter, span))
    for line, row in rows:
        if len(row) != width:
            raise errors.bad_data(name, f"line {line} has {len(row)} {'entry' if len(row) == 1 else 'entries'}, the lines before it {width}", span, comma_hint(row))
    values = [numbers_of(name, row, line, span) for line, row in each(f"reading {name}", rows, BLOCK)]
    return np.array(values).reshape(len(rows), width)


def _rows(name: str, lines: Sequence[str], before: int, delimiter: str, span: Span | None) -> Iterator[tuple[int, list[str]]]:
    """The cells of lines that hold any, and are no remarks, with the numbers of the lines; ``before``: how many stand before these."""
    for line, row in _cut(name, lines, before, delimiter, span):
        if "".join(row).strip() and not row[0].startswith("#"):
            yield line, row


def _cut(name: str, lines: Sequence[str], before: int, delimiter: str, span: Span | None) -> Iterator[tuple[int, list[str]]]:
    if not delimiter:
        for number, line in enumerate(lines, before + 1):
            yield number, [a.replace('""', '"') or b for a, b in WORD.findall(line)] if '"' in line else line.split()
        return
    reader = csv.reader((line + "\n" for line in lines), delimiter=delimiter, skipinitialspace=True, strict=True)
    done = before
    try:
        for row in reader:
            done = before + reader.line_num
            yield done, row
    except csv.Error:
        raise errors.bad_data(name, f"a quote that begins in line {done + 1} does not end, or something follows its end", span) from None
