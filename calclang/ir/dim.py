"""Sizes of axes: whole numbers, or polynomials in dimension names (``n``, ``m + 1``, ``m*n``) before any number exists."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from typing import TypeAlias

from calclang.record import record

Monomial: TypeAlias = tuple[str, ...]


@record
class Size:
    """A polynomial with whole coefficients that is not a plain number; ``terms`` are sorted, so equal sizes are equal."""

    terms: tuple[tuple[Monomial, int], ...]

    def __add__(self, other: Dim) -> Dim:
        return _collect(self.terms + _terms(other))

    __radd__ = __add__

    def __neg__(self) -> Dim:
        return _collect(tuple((m, -c) for m, c in self.terms))

    def __sub__(self, other: Dim) -> Dim:
        return self + -other

    def __rsub__(self, other: Dim) -> Dim:
        return -self + other

    def __mul__(self, other: Dim) -> Dim:
        return _collect(tuple((tuple(sorted(m + k)), c * d) for m, c in self.terms for k, d in _terms(other)))

    __rmul__ = __mul__

    def __str__(self) -> str:
        parts = ["*".join((str(abs(c)),) * (abs(c) != 1 or not m) + m) for m, c in self.terms]
        signs = ["-" if c < 0 else "+" for _, c in self.terms]
        text = ("-" if signs[0] == "-" else "") + parts[0]
        return text + "".join(f" {s} {p}" for s, p in zip(signs[1:], parts[1:], strict=True))


Dim: TypeAlias = int | Size
Shape: TypeAlias = tuple[Dim, ...]


def symbol(name: str) -> Size:
    """The dimension called ``name``."""
    return Size((((name,), 1),))


def product(shape: Shape) -> Dim:
    """How many elements an array of this shape has."""
    one: Dim = 1
    return reduce(lambda a, b: a * b, shape, one)


def known(shape: Shape) -> bool:
    """Whether every size is a number."""
    return all(type(d) is int for d in shape)


def show_shape(shape: Shape) -> str:
    """``R``, ``R^3``, ``R^(m×n)``: a shape as the language writes it."""
    if not shape:
        return "R"
    if len(shape) == 1:
        text = str(shape[0])
        return f"R^{text}" if text.isidentifier() or text.isdigit() else f"R^({text})"
    return f"R^({'×'.join(map(str, shape))})"


def least(dim: Dim) -> int | None:
    """What a size is at least, where every name in it is 1 or more; None where it may be anything.

    >>> least(symbol("n") - 1), least(symbol("n") - symbol("m"))
    (0, None)
    """
    terms = _terms(dim)
    return sum(c for _, c in terms) if all(c > 0 for m, c in terms if m) else None


def solution(a: Dim, b: Dim, free: Sequence[str]) -> tuple[str, Dim] | None:
    """What makes two sizes equal: a name among ``free`` (the last that will do) and the size that it has to mean; None if there is no such name.

    >>> solution(symbol("n") + 1, symbol("m"), ("n", "m"))[0]
    'm'
    """
    terms = dict(_terms(a - b))
    for name in reversed(free):
        own = terms.get((name,), 0)
        if own in (1, -1) and sum(name in monomial for monomial in terms) == 1:
            value = (b - a + symbol(name) * own) * own
            return None if isinstance(value, int) and value < 0 else (name, value)
    return None


def replaced(dim: Dim, name: str, by: Dim) -> Dim:
    """A size with another one in the place of a name."""
    made: Dim = 0
    for monomial, coefficient in _terms(dim):
        made = made + product(tuple(by if n == name else symbol(n) for n in monomial)) * coefficient
    return made


def _terms(dim: Dim) -> tuple[tuple[Monomial, int], ...]:
    return dim.terms if isinstance(dim, Size) else (((), dim),)


def _collect(terms: tuple[tuple[Monomial, int], ...]) -> Dim:
    total: dict[Monomial, int] = {}
    for monomial, coefficient in terms:
        total[monomial] = total.get(monomial, 0) + coefficient
    kept = sorted(((m, c) for m, c in total.items() if c), key=lambda t: (not t[0], t[0]))
    if not kept:
        return 0
    return kept[0][1] if kept[0][0] == () else Size(tuple(kept))


def number(dim: Dim) -> int:
    """A size that is a number, as the int it is. For graphs that run, and for what is asked only once sizes are known."""
    assert isinstance(dim, int)
    return dim


def numbers(shape: Shape) -> tuple[int, ...]:
    """A shape whose sizes are all numbers."""
    return tuple(map(number, shape))
