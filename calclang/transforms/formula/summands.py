"""Sums of matrix expressions: a `Term` is a number times scalars times one of them, `Plus` their sum; in which order and sign they are read."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import cached_property, reduce
from re import sub

from calclang.record import record
from calclang.syntax import tree as t
from calclang.syntax.format import format_expr as text
from calclang.transforms.formula.matrices import (
    ONE,
    Atom,
    Diag,
    Expr,
    Eye,
    Had,
    Mat,
    Ones,
    chain,
    decimal,
    had,
    negative,
    number,
    prime,
    scalar_power,
    times,
    whole,
    written,
)


@record(eq=False)
class Term:
    """``coef`` times powers of scalars times ``body`` (None: a scalar, or one stretched to the others of its sum)."""

    coef: Fraction
    scalars: tuple[tuple[Mat, Fraction], ...] = ()
    body: Mat | None = None

    @property
    def turned(self) -> Term:
        """Its transpose."""
        return Term(self.coef, self.scalars, self.body and self.body.t)

    @cached_property
    def bare(self) -> Expr:
        """The term without its sign."""
        return self._written(False)

    @cached_property
    def signed(self) -> Expr:
        """The term with its sign."""
        return self._written(self.coef < 0)

    def _written(self, minus: bool) -> Expr:
        """Numbers, then scalars, then matrices, over what divides; ``minus`` puts a sign in front."""
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
        divides = isinstance(self.body, Had) and self.body.only_divides
        above += written(self.body.links) if self.body is not None and not divides else []
        parts = [*above, *late] or [whole(1)]
        if minus:  # at the very left
            parts[0] = t.Unary("-", parts[0]) if len(parts) > 1 else negative(parts[0])
        top = times(parts)
        made = t.Binary("/", top, times(below)) if below else top
        return self.body.below(made) if isinstance(self.body, Had) and divides else made

    @cached_property
    def text(self) -> str:
        """How it reads."""
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
    """Whether an expression is a sum or a difference."""
    return isinstance(e, t.Binary) and e.op in ("+", "-")


@record(eq=False)
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
    """Derived terms in an order to read: those of a polynomial in one name by its powers; otherwise positive first, numbers last, higher
    powers of names first, fewest primes, shortest, by text."""
    return _by_powers(terms) or sorted(terms, key=_reading)


def _by_powers(terms: Sequence[Term]) -> list[Term]:
    """The terms of a polynomial in one name from its highest power on, or from its lowest if of both that one alone is positive; none of
    other sums."""
    names = {m.text for x in terms for m, _ in x.scalars if isinstance(m.tree, t.Name | t.Index)}
    if len(names) != 1 or any(x.body is not None or x.scalars and not _degree(x) for x in terms):
        return []
    falling = sorted(terms, key=_degree, reverse=True)
    return falling[::-1] if falling[0].coef < 0 < falling[-1].coef else falling


def _reading(x: Term) -> tuple[object, ...]:
    """The key by which `arranged` sorts."""
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
