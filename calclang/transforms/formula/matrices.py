"""Matrix expressions with an orientation: what index graphs are turned into, before they are written down.

A `Mat` is a scalar, a column, a row or a matrix; ``rows`` and ``cols`` say which axes it has. Transposition is pushed inwards:
``(M*N)' = N'*M'``.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from fractions import Fraction
from functools import cached_property, reduce
from itertools import groupby
from re import sub
from typing import TypeAlias

from calclang.record import record
from calclang.syntax import tree as t
from calclang.syntax.format import format_expr as text

Expr: TypeAlias = t.Expr
ONE = Fraction(1)


def whole(value: int) -> Expr:
    """A whole number; 10000000 is 1e7."""
    if value < 0:
        return t.Unary("-", whole(-value))
    digits = str(value)
    short = digits.rstrip("0")
    if len(digits) > 7 and len(short) == 1:
        digits = f"{short}e{len(digits) - 1}"
    elif len(digits) > 16:
        digits = min(digits, _digits(float(value)), key=len)
    return t.Number(float(value), digits)


def number(value: Fraction) -> Expr:
    """A number as a person writes it: 3, 2/3, 0.1."""
    if value.denominator == 1:
        return whole(value.numerator)
    if decimal(value):
        made: Expr = t.Number(abs(float(value)), _digits(abs(float(value))))
        return t.Unary("-", made) if value < 0 else made
    return t.Binary("/", whole(value.numerator), whole(value.denominator))


def _digits(value: float) -> str:
    """The shortest text that reads back: 2e100, 1e-5."""
    return sub(r"e[+]?(-?)0*", r"e\1", repr(value))


def decimal(value: Fraction) -> bool:
    """Whether a number reads better with a point: tenths, and what no short fraction is."""
    if value.denominator == 1:
        return False
    tenths = value.denominator % 5 == 0 and 10**17 % value.denominator == 0
    return tenths or value.denominator > 64 and len(_digits(abs(float(value)))) <= len(str(value))


def call(name: str, *arguments: Expr) -> Expr:
    """``name(arguments)``."""
    return t.Call(t.Name(name), arguments)


def prime(e: Expr) -> Expr:
    """The transpose; of a transpose, what was transposed."""
    return e.operand if isinstance(e, t.Prime) else t.Prime(e)


def negative(e: Expr) -> Expr:
    """A minus sign at the very left of a product."""
    rest: list[tuple[str, Expr]] = []
    while isinstance(e, t.Binary) and e.op in ("*", "/", ".*", "./"):
        rest.append((e.op, e.right))
        e = e.left
    made: Expr = t.Unary("-", e)
    for op, right in reversed(rest):
        made = t.Binary(op, made, right)
    return made


def times(parts: Sequence[Expr], op: str = "*") -> Expr:
    """The product of expressions, from the left, by ``*`` or another operator."""
    return reduce(lambda a, b: t.Binary(op, a, b), parts)


@record(eq=False)
class Mat(ABC):
    """An oriented expression; equal when it reads the same."""

    rows: bool
    cols: bool

    @property
    @abstractmethod
    def tree(self) -> Expr:
        """As syntax; every kind of expression has its own."""

    @property
    @abstractmethod
    def t(self) -> Mat:
        """Its transpose; every kind of expression has its own."""

    @cached_property
    def text(self) -> str:
        """How it reads."""
        return text(self.tree)

    @property
    def primes(self) -> int:
        """How many transpositions are written."""
        return self.text.count("'")

    @property
    def cost(self) -> tuple[int, int, str]:
        """Fewest primes, then shortest, then by text."""
        return self.primes, len(self.text), self.text

    @property
    def links(self) -> tuple[Mat, ...]:
        """The factors of a product of matrices; anything else is its only one."""
        return (self,)


@record(eq=False)
class Atom(Mat):
    """Something written as it is; ``turned`` is how its transpose is written."""

    written: Expr
    turned: Expr

    @property
    def tree(self) -> Expr:
        return self.written

    @property
    def t(self) -> Mat:
        return Atom(self.cols, self.rows, self.turned, self.written)


@record(eq=False)
class Ones(Atom):
    """All ones: a number that stands beside vectors or matrices in a sum."""


@record(eq=False)
class Eye(Atom):
    """The identity."""


@record(eq=False)
class Inverse(Atom):
    """The inverse of a matrix that the program divides by: before a factor it is a division, A \\ b."""

    of: Expr

    @property
    def t(self) -> Mat:
        return Inverse(True, True, self.turned, self.written, prime(self.of))


def atom(e: Expr, rows: bool = False, cols: bool = False, symmetric: bool = False) -> Atom:
    """An expression as a scalar, a column (``rows``), or a matrix (both), whose transpose has a prime where it is not ``symmetric``."""
    return Atom(rows, cols, e, e if symmetric or not (rows or cols) else prime(e))


@record(eq=False)
class Chain(Mat):
    """A product of two or more."""

    parts: tuple[Mat, ...]

    @property
    def links(self) -> tuple[Mat, ...]:
        return self.parts

    @cached_property
    def tree(self) -> Expr:
        return times(written(self.parts))

    @property
    def t(self) -> Mat:
        return chain([p.t for p in reversed(self.parts)])


def written(links: Sequence[Mat]) -> list[Expr]:
    r"""The factors of a chain; three equal ones or more are a power. A column before a row with a division in it: the row is turned, u*(A \ b)'."""
    made: list[Expr] = []
    outer = next((k for k in range(1, len(links)) if not links[k - 1].cols and not links[k].rows), 0)
    if outer and any(isinstance(link, Inverse) for link in links[outer:]):
        return [*written(links[:outer]), prime(times(written([link.t for link in reversed(links[outer:])])))]
    for k, link in enumerate(links[:-1]):
        if isinstance(link, Inverse):
            divided = t.Binary("\\", link.of, times(written(links[k + 1 :])))
            return [*written(links[:k]), divided] if k else [divided]
    for _, run in groupby(links, key=lambda l: l.text):
        same = list(run)
        trees = [l.tree for l in same]
        made += [t.Binary("^", trees[0], whole(len(same)))] if len(same) > 2 else trees
    return made


def chain(parts: Iterable[Mat]) -> Mat:
    """The product; chains in it are opened, diag(v)*ones(n) is v."""
    links: list[Mat] = []
    for link in (l for p in parts for l in p.links):
        before = links[-1] if links else None
        if isinstance(before, Diag) and isinstance(link, Diag):
            links[-1] = Diag(True, True, had([*factors_of(before.vector), *factors_of(link.vector)]))
        elif isinstance(before, Diag) and isinstance(link, Ones) and not link.cols:
            links[-1] = before.vector
        else:
            links.append(link)
    return links[0] if len(links) == 1 else Chain(links[0].rows, links[-1].cols, tuple(links))


def either_way(mat: Mat) -> Mat:
    """A scalar chain in the direction with fewer primes."""
    return min(mat, mat.t, key=lambda m: m.cost)


@record(eq=False)
class Had(Mat):
    """An elementwise product of powers; all parts have the same orientation."""

    parts: tuple[tuple[Mat, Fraction], ...]

    @cached_property
    def tree(self) -> Expr:
        above = sorted((p for p in self.parts if p[1] > 0), key=lambda p: (len(p[0].links) > 1, _spelt(p[0])))
        return self.below(times([elementwise_power(m.tree, p) for m, p in above], ".*") if above else whole(1))

    @property
    def only_divides(self) -> bool:
        """Whether there is nothing above the fraction."""
        return all(power < 0 for _, power in self.parts)

    def below(self, top: Expr) -> Expr:
        """``top`` over what this divides by."""
        below = sorted((p for p in self.parts if p[1] < 0), key=lambda p: (len(p[0].links) > 1, _spelt(p[0])))
        return reduce(lambda a, b: t.Binary("./", a, elementwise_power(b[0].tree, -b[1])), below, top)

    @property
    def t(self) -> Mat:
        turned = Had(self.cols, self.rows, tuple((m.t, p) for m, p in self.parts))
        if self.rows and self.cols:
            outside = Atom(self.cols, self.rows, prime(self.tree), self.tree)
            return min(turned, outside, key=lambda m: m.cost)
        return Atom(self.cols, self.rows, prime(self.tree), self.tree) if self.rows else turned


def _spelt(mat: Mat) -> tuple[int, str]:
    """The order of factors in an elementwise product: names, calls, then others; by text."""
    return (0 if isinstance(mat.tree, t.Name) else 1 if isinstance(mat.tree, t.Call) else 2, mat.text)


def gathered(powers: Iterable[tuple[Mat, Fraction]]) -> tuple[tuple[Mat, Fraction], ...]:
    """Powers of one base joined where they are on one side of the fraction."""
    found: dict[tuple[str, bool], tuple[Mat, Fraction]] = {}
    for mat, power in powers:
        key = (mat.text, power > 0)
        found[key] = (mat, power + (found[key][1] if key in found else 0))
    return tuple(found.values())


def had(parts: Sequence[tuple[Mat, Fraction]]) -> Mat:
    """The elementwise product; products in it are opened."""
    flat = [(m, p * power) for outer, power in parts for m, p in (factors_of(outer) if power.denominator == 1 else ((outer, ONE),))]
    kept = gathered(flat)
    if len(kept) == 1 and kept[0][1] == 1:
        return kept[0][0]
    return Had(kept[0][0].rows, kept[0][0].cols, kept)


def factors_of(mat: Mat) -> tuple[tuple[Mat, Fraction], ...]:
    """A matrix expression as an elementwise product."""
    return mat.parts if isinstance(mat, Had) else ((mat, ONE),)


def elementwise_power(e: Expr, power: Fraction) -> Expr:
    """``e .^ power``, with sqrt for one half."""
    if power == 1:
        return e
    return call("sqrt", e) if power == Fraction(1, 2) else t.Binary(".^", e, number(power))


def scalar_power(e: Expr, power: Fraction) -> Expr:
    """``e^power``, with sqrt for one half."""
    if power == 1:
        return e
    return call("sqrt", e) if power == Fraction(1, 2) else t.Binary("^", e, number(power))


@record(eq=False)
class Diag(Mat):
    """The diagonal matrix of a column."""

    vector: Mat

    @property
    def tree(self) -> Expr:
        return call("diag", self.vector.tree)

    @property
    def t(self) -> Mat:
        return self
