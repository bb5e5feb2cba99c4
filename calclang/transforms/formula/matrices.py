"""Matrix expressions with an orientation: what index graphs are turned into, before they are written down.

A `Mat` is a scalar, a column, a row or a matrix; ``rows`` and ``cols`` say which axes it has. `Term` is a number times scalars
times one of them. Transposition is pushed inwards: ``(M*N)' = N'*M'``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, reduce
from itertools import groupby
from re import sub
from typing import TypeAlias

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
    return t.Call(t.Name(name), arguments)


def prime(e: Expr) -> Expr:
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
    return reduce(lambda a, b: t.Binary(op, a, b), parts)


@dataclass(frozen=True, eq=False)
class Mat:
    """An oriented expression; equal when it reads the same."""

    rows: bool
    cols: bool

    @property
    def tree(self) -> Expr:
        raise NotImplementedError

    @property
    def t(self) -> Mat:
        raise NotImplementedError

    @cached_property
    def text(self) -> str:
        return text(self.tree)

    @property
    def cost(self) -> tuple[int, int, str]:
        """Fewest primes, then shortest, then by text."""
        return self.text.count("'"), len(self.text), self.text

    @property
    def links(self) -> tuple[Mat, ...]:
        return (self,)


@dataclass(frozen=True, eq=False)
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


@dataclass(frozen=True, eq=False)
class Ones(Atom):
    """All ones: a number that stands beside vectors or matrices in a sum."""


@dataclass(frozen=True, eq=False)
class Eye(Atom):
    """The identity."""


@dataclass(frozen=True, eq=False)
class Inverse(Atom):
    """The inverse of a matrix that the program divides by: before a factor it is a division, A \\ b."""

    of: Expr

    @property
    def t(self) -> Mat:
        return Inverse(True, True, self.turned, self.written, prime(self.of))


def atom(e: Expr, rows: bool = False, cols: bool = False, symmetric: bool = False) -> Atom:
    return Atom(rows, cols, e, e if symmetric or not (rows or cols) else prime(e))


@dataclass(frozen=True, eq=False)
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
    """The factors of a chain; three equal ones or more are a power."""
    made: list[Expr] = []
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
    """The product; chains in it are opened."""
    links: list[Mat] = []
    for link in (l for p in parts for l in p.links):
        if isinstance(link, Diag) and links and isinstance(before := links[-1], Diag):
            links[-1] = Diag(True, True, had([*factors_of(before.vector), *factors_of(link.vector)]))
        else:
            links.append(link)
    return links[0] if len(links) == 1 else Chain(links[0].rows, links[-1].cols, tuple(links))


def either_way(mat: Mat) -> Mat:
    """A scalar chain in the direction with fewer primes."""
    return min(mat, mat.t, key=lambda m: m.cost)


@dataclass(frozen=True, eq=False)
class Had(Mat):
    """An elementwise product of powers; all parts have the same orientation."""

    parts: tuple[tuple[Mat, Fraction], ...]

    @cached_property
    def tree(self) -> Expr:
        above = sorted((p for p in self.parts if p[1] > 0), key=lambda p: (len(p[0].links) > 1, _spelt(p[0])))
        below = sorted((p for p in self.parts if p[1] < 0), key=lambda p: (len(p[0].links) > 1, _spelt(p[0])))
        top = times([elementwise_power(m.tree, p) for m, p in above], ".*") if above else whole(1)
        return reduce(lambda a, b: t.Binary("./", a, elementwise_power(b[0].tree, -b[1])), below, top)

    @property
    def t(self) -> Mat:
        turned = Had(self.cols, self.rows, tuple((m.t, p) for m, p in self.parts))
        if self.rows and self.cols:
            outside = Atom(self.cols, self.rows, prime(self.tree), self.tree)
            return min(turned, outside, key=lambda m: m.cost)
        return Atom(self.cols, self.rows, prime(self.tree), self.tree) if self.rows else turned


def _spelt(mat: Mat) -> tuple[int, str]:
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
    if power == 1:
        return e
    return call("sqrt", e) if power == Fraction(1, 2) else t.Binary(".^", e, number(power))


def scalar_power(e: Expr, power: Fraction) -> Expr:
    if power == 1:
        return e
    return call("sqrt", e) if power == Fraction(1, 2) else t.Binary("^", e, number(power))


@dataclass(frozen=True, eq=False)
class Diag(Mat):
    """The diagonal matrix of a column."""

    vector: Mat

    @property
    def tree(self) -> Expr:
        return call("diag", self.vector.tree)

    @property
    def t(self) -> Mat:
        return self


@dataclass(frozen=True, eq=False)
class Term:
    """``coef`` times powers of scalars times ``body`` (None: a scalar, or one stretched to the others of its sum)."""

    coef: Fraction
    scalars: tuple[tuple[Mat, Fraction], ...] = ()
    body: Mat | None = None

    @property
    def turned(self) -> Term:
        return Term(self.coef, self.scalars, self.body and self.body.t)

    @cached_property
    def bare(self) -> Expr:
        """The term without its sign."""
        return self._written(False)

    @cached_property
    def signed(self) -> Expr:
        return self._written(self.coef < 0)

    def _written(self, minus: bool) -> Expr:
        if not self.coef and self.body is None:
            return whole(0)
        above: list[Expr] = []
        below: list[Expr] = []
        coef = abs(self.coef)
        if decimal(coef):
            above.append(number(coef))
        else:
            above += [whole(coef.numerator)] * (coef.numerator != 1)
            below += [whole(coef.denominator)] * (coef.denominator != 1)
        late: list[Expr] = []
        for mat, power in sorted(self.scalars, key=_natural):
            first = not above and power == 1 and self.body is not None and len(mat.links) > 1
            (late if first else above if power > 0 else below).append(scalar_power(mat.tree, abs(power)))
        above += written(self.body.links) if self.body is not None else []
        parts = [*above, *late] or [whole(1)]
        if minus:  # at the very left
            parts[0] = t.Unary("-", parts[0]) if len(parts) > 1 else negative(parts[0])
        top = times(parts)
        return t.Binary("/", top, times(below)) if below else top

    @cached_property
    def text(self) -> str:
        return text(self.signed)

    @cached_property
    def kind(self) -> str:
        """What terms have in common that differ by a number only."""
        return Term(ONE, self.scalars, self.body).text


def _natural(part: tuple[Mat, Fraction]) -> tuple[int, str]:
    """Scalars in the order of a person: names, then calls, then chains, then sums."""
    e = part[0].tree
    rank = 0 if isinstance(e, t.Name) else 1 if isinstance(e, (t.Call, t.Index)) else 3 if _is_sum(e) else 2
    return rank, sub(r"\d+", lambda m: m.group().zfill(6), part[0].text)


def _is_sum(e: Expr) -> bool:
    return isinstance(e, t.Binary) and e.op in ("+", "-")


@dataclass(frozen=True, eq=False)
class Plus(Mat):
    """A sum of terms, in the order in which they are written."""

    terms: tuple[Term, ...]
    spelt: bool = False  # by the program: not to be turned term by term without need

    @cached_property
    def tree(self) -> Expr:
        first, *rest = self.terms
        return reduce(lambda a, b: t.Binary("-" if b.coef < 0 else "+", a, b.bare), rest, first.signed)

    @property
    def t(self) -> Mat:
        if not self.rows and not self.cols:
            return self
        turned = Plus(self.cols, self.rows, tuple(arranged([x.turned for x in self.terms])))
        outside = Atom(self.cols, self.rows, prime(self.tree), self.tree)
        return min(outside, turned, key=lambda m: m.cost[: 1 if self.spelt else 2])


def arranged(terms: Sequence[Term]) -> list[Term]:
    """Derived terms in an order to read: positive first, numbers last, higher powers of names first, fewest primes, shortest, by text."""
    return sorted(terms, key=_reading)


def _reading(x: Term) -> tuple[object, ...]:
    degree = _degree(x)
    constant = not x.scalars and x.body is None
    return x.coef < 0, constant, -degree, x.kind.count("'"), 0 if degree else len(x.text), x.kind


def positive(term: Term) -> Term:
    """-(a - b)*c as (b - a)*c, if a derived sum of mixed signs stands as a factor."""
    if term.coef >= 0:
        return term
    for k, (mat, power) in enumerate(term.scalars):
        if power == 1 and (turned := _turned(mat)) is not None:
            return Term(-term.coef, (*term.scalars[:k], (turned, power), *term.scalars[k + 1 :]), term.body)
    links = term.body.links if term.body is not None else ()
    for k, link in enumerate(links):
        if (turned := _turned(link)) is not None:
            return Term(-term.coef, term.scalars, chain([*links[:k], turned, *links[k + 1 :]]))
    return term


def _turned(mat: Mat) -> Mat | None:
    """Minus a sum of mixed signs (or a product of elements or a diagonal with one), without a sign before it."""
    if isinstance(mat, Diag):
        inner = _turned(mat.vector)
        return None if inner is None else Diag(True, True, inner)
    if isinstance(mat, Had):
        for k, (part, power) in enumerate(mat.parts):
            if power == 1 and (inner := _turned(part)) is not None:
                return had([*mat.parts[:k], (inner, power), *mat.parts[k + 1 :]])
    if isinstance(mat, Plus) and not mat.spelt and any(x.coef < 0 for x in mat.terms) and any(x.coef > 0 for x in mat.terms):
        return Plus(mat.rows, mat.cols, tuple(arranged([Term(-x.coef, x.scalars, x.body) for x in mat.terms])))
    return None


def stretched(terms: Sequence[Term]) -> list[Term]:
    """Ones become bare numbers beside vectors, and beside matrices unless a diagonal is among them (where a number would mislead)."""
    others = [x.body for x in terms if x.body is not None and not isinstance(x.body, Ones)]
    if not others or any(isinstance(b, (Eye, Diag)) for b in others):
        return list(terms)
    return [Term(x.coef, x.scalars) if isinstance(x.body, Ones) else x for x in terms]


def _degree(term: Term) -> Fraction:
    """The degree of a monomial in names and elements; 0 for anything else."""
    if term.body is not None or not all(isinstance(m.tree, t.Name | t.Index) for m, _ in term.scalars):
        return Fraction(0)
    return sum((p for _, p in term.scalars), Fraction(0))
