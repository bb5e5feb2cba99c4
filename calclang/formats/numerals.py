"""The numbers in the cells of a table, and what is said where there is none."""

from __future__ import annotations

import re
from math import inf

from calclang import errors
from calclang.source import Span

MISSING = frozenset({"", "na", "n/a", "#n/a", "null", "none", "missing", "-", "--", "?", "."})  # as others write that a value is not there
ODD = re.compile(r"[^0-9eE+\-. ]")
NUMBER = re.compile(r"\s*[+-]?(?:(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:e[+-]?[0-9]+)?|inf|infinity|nan)\s*", re.IGNORECASE)
DECIMAL_COMMA = re.compile(r"\s*[-−]?[0-9]+(?:;\s*[-−]?[0-9]+|,[0-9]+)\s*")


def number_in(cell: str) -> float | None:
    """The number that a cell holds; None where it holds none. The sign − is a minus, as in programs.

    >>> number_in(" −1.5e3 "), number_in("1_000")
    (-1500.0, None)
    """
    plain = cell.replace("−", "-")
    return float(plain) if NUMBER.fullmatch(plain) else None


def numbers_of(name: str, row: list[str], line: int, span: Span | None) -> list[float]:
    """The numbers of a line. Where there are digits, points, signs and exponents alone Python reads no more than the language does. Raises E-IO."""
    if ODD.search("".join(row)) is None:
        try:
            found = list(map(float, row))
        except ValueError:
            found = [inf]
        if inf not in found and -inf not in found:
            return found
    return [number(name, row, line, column, span) for column in range(len(row))]


NUMBERS_ALONE = "a table holds numbers alone: write some for words and dates, or leave their column out"


def number(name: str, row: list[str], line: int, column: int, span: Span | None, otherwise: str = "") -> float:
    """The number in a column, counted from 0. Raises E-IO where there is none that float64 can hold; ``otherwise`` is what may help then."""
    cell, found = row[column].strip(), number_in(row[column])
    if found is not None and (abs(found) != inf or "inf" in cell.lower()):
        return found
    shown = errors.shorten(cell)
    what = f"{shown} is too large for float64" if found is not None else f"{shown!r} is no number" if cell else "nothing stands"
    help = comma_hint(row) or ("a value that is missing is written nan" if cell.lower() in MISSING else otherwise or (NUMBERS_ALONE if cell else ""))
    raise errors.bad_data(name, f"{what} in line {line}, column {column + 1}", span, help)


def comma_hint(row: list[str]) -> str:
    """Whether 1,5;2,5 was cut at the commas."""
    return "decimals are written with a point, 1.5" if any(DECIMAL_COMMA.fullmatch(cell) for cell in row) else ""
