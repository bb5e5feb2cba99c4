"""Sums factored as a person would: common ends of chains, common scalars, common elementwise factors; always the shorter text."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import reduce
from math import gcd, lcm
from typing import TypeAlias

from calclang.syntax.format import format_expr as text
from calclang.transforms.formula.matrices import ONE, Diag, Mat, chain, factors_of, gathered, had
from calclang.transforms.formula.normal import spend
from calclang.transforms.formula.summands import Plus, Term, arranged

MANY = 24  # longer sums are written as they are
ONES = 8  # characters that a vector of ones counts more
FEW = 6  # terms of a sum of which every group is tried
CHARACTER = 1_500  # steps of work for each character of a text that is measured
Terms: TypeAlias = list[Term]


def combined(terms: Sequence[Term]) -> Terms:
    """Terms that mean the same sum, factored where that is shorter."""
    return Factoring().combined(terms)


@dataclass
class Factoring:
    """One sum being factored, with the parts of it that were factored on the way: a part that several candidates share is done once."""

    known: dict[tuple[str, ...], Terms] = field(default_factory=dict)

    def combined(self, terms: Sequence[Term]) -> Terms:
        """The shortest way to write a sum of ``terms``, looked up where it was found before."""
        key = tuple(x.text for x in terms)
        if key not in self.known:
            self.known[key] = self._searched(terms)
        return self.known[key]

    def _searched(self, terms: Sequence[Term]) -> Terms:
        """The shortest way to write a sum, found by the best single step again and again, as long as it reads shorter."""
        now = merged(terms)
        while 1 < len(now) <= MANY:
            best = min(_candidates(now, self), key=length, default=now)
            if (length(best), len(best)) >= (length(now), len(now)):
                break
            now = best
        return now


def length(terms: Sequence[Term]) -> int:
    """How long the sum reads; a prime counts twice, and a vector of ones in a product as much as what it sums up. Raises `TooBig` where
    the session has no time for it: whatever is searched is measured here."""
    found = sum(len(x.text) + 3 + x.text.count("'") + ONES * x.text.count("ones(") for x in terms)
    spend(CHARACTER * found)
    return found


def merged(terms: Sequence[Term]) -> Terms:
    """Terms that differ by a number only are one term, and none where the numbers cancel (but the last one)."""
    found: dict[str, Term] = {}
    for x in terms:
        old = found.get(x.kind)
        found[x.kind] = Term(old.coef + x.coef, x.scalars, x.body) if old else x
    return [x for x in found.values() if x.coef] or list(found.values())[:1]


def folded(terms: Sequence[Term], order: bool = True) -> Term:
    """One term: common content, sign and scalars outside, the sum inside."""
    if len(terms) == 1:
        return terms[0]
    content = _content([x.coef for x in terms])
    common = _common([x.scalars for x in terms])
    inside = merged([y for x in terms for y in _opened(Term(x.coef / content, _without(x.scalars, common), x.body))])
    if len(inside) == 1:
        (x,) = inside
        return Term(content * x.coef, gathered((*common, *x.scalars)), x.body)
    if (more := _content([x.coef for x in inside])) != 1:
        content, inside = content * more, [Term(x.coef / more, x.scalars, x.body) for x in inside]
    inside = arranged(inside) if order else inside
    if inside[0].coef < 0:
        content, inside = -content, [Term(-x.coef, x.scalars, x.body) for x in inside]
        inside = arranged(inside) if order else inside
    rows, cols = next(((x.body.rows, x.body.cols) for x in inside if x.body), (False, False))
    turned = cols and not rows  # a row is the transpose of a column
    plus = Plus(True, False, tuple(x.turned for x in inside)).t if turned else Plus(rows, cols, tuple(inside))
    return Term(content, common, plus) if rows or cols else Term(content, gathered((*common, (plus, ONE))), None)


def _opened(term: Term) -> list[Term]:
    """A number times a sum of scalars, as the sum: 2*x + (x + y) is 3*x + y."""
    if term.body is not None or len(term.scalars) != 1 or term.scalars[0][1] != 1:
        return [term]
    plus = term.scalars[0][0]
    return [Term(term.coef * x.coef, x.scalars, x.body) for x in plus.terms] if isinstance(plus, Plus) else [term]


def _candidates(terms: Terms, to: Factoring) -> Iterator[Terms]:
    """Every way to take one common factor out of a sum."""
    makers: tuple[Callable[[Terms, Factoring], Iterator[Terms]], ...] = (_outside, _ends, _diagonals, _elementwise)
    for maker in makers:
        yield from maker(terms, to)


def _outside(terms: Terms, to: Factoring) -> Iterator[Terms]:
    """Scalars (and numbers) that all, or several, terms have."""
    if not all(x.body is None for x in terms) and any(x.body is None for x in terms):
        return
    made = folded(terms)
    if abs(made.coef) != 1 or len(made.scalars) > (made.body is None):
        yield [made]
    for group in _sharing(terms):
        yield [x for x in terms if x not in group] + [folded(to.combined(group))]


def _sharing(terms: Terms) -> list[Terms]:
    """The groups of terms that have a scalar in common, each once. Of a long sum that one alone which saves most: to try them all takes a
    time that doubles with each term."""
    holders: dict[tuple[str, bool], dict[int, Term]] = {}
    for at, x in enumerate(terms):
        for m, p in x.scalars:
            holders.setdefault((m.text, p > 0), {})[at] = x
    several = [(name, group) for (name, _), group in holders.items() if 1 < len(group) < len(terms)]
    if len(terms) > FEW and several:
        several = [max(several, key=lambda found: len(found[0]) * (len(found[1]) - 1))]
    return [list(group.values()) for group in {tuple(group): group for _, group in several}.values()]


def _ends(terms: Terms, to: Factoring) -> Iterator[Terms]:
    """Chains with the same right end, then with the same left end."""
    for left in (False, True):
        groups: dict[str, Terms] = {}
        for x in terms:
            if x.body is not None and len(x.body.links) > 1:
                groups.setdefault(x.body.links[0 if left else -1].text, []).append(x)
        for group in groups.values():
            if len(group) > 1:
                yield [x for x in terms if x not in group] + [_pulled(group, left, to)]


def _pulled(group: Terms, left: bool, to: Factoring) -> Term:
    """A group of terms whose products begin (``left``) or end with the same matrix, as that matrix times the sum of the rest."""
    bodies = [x.body for x in group if x.body is not None]
    end = bodies[0].links[0 if left else -1]
    rests = [Term(x.coef, x.scalars, chain(b.links[1:] if left else b.links[:-1])) for x, b in zip(group, bodies, strict=True)]
    inner = folded(to.combined(rests))
    if inner.body is None:
        return Term(inner.coef, inner.scalars, end)
    return Term(inner.coef, inner.scalars, chain([end, inner.body] if left else [inner.body, end]))


def _diagonals(terms: Terms, to: Factoring) -> Iterator[Terms]:
    """diag(a) and diag(b) are one diag."""
    group = [x for x in terms if isinstance(x.body, Diag)]
    if len(group) > 1:
        inner = folded(to.combined([Term(x.coef, x.scalars, x.body.vector) for x in group if isinstance(x.body, Diag)]))
        if inner.body is not None:
            yield [x for x in terms if x not in group] + [Term(inner.coef, inner.scalars, Diag(True, True, inner.body))]


def _elementwise(terms: Terms, to: Factoring) -> Iterator[Terms]:
    """A common factor of elementwise products."""
    several = [factors_of(x.body) for x in terms if x.body is not None and len(factors_of(x.body)) > 1]
    names = dict.fromkeys(m.text for parts in several for m, p in parts if p > 0)
    for name in names:
        group = [x for x in terms if x.body is not None and any(m.text == name and p > 0 for m, p in factors_of(x.body))]
        if len(group) < 2:
            continue
        shared = next(m for m, _ in factors_of(_body(group[0])) if m.text == name)
        rests = [_less(x, name) for x in group]
        inner = folded(to.combined(rests))
        plus = inner.body or Plus(shared.rows, shared.cols, (inner,))
        outer = Term(ONE, (), plus) if inner.body is None else Term(inner.coef, inner.scalars, plus)
        yield [x for x in terms if x not in group] + [Term(outer.coef, outer.scalars, had([(shared, ONE), *factors_of(plus)]))]


def _body(term: Term) -> Mat:
    """The matrix part of a term that has one."""
    assert term.body is not None
    return term.body


def _less(term: Term, name: str) -> Term:
    """A term without one power of an elementwise factor."""
    factors = factors_of(_body(term))
    first = next(k for k, (m, p) in enumerate(factors) if m.text == name and p > 0)
    left = [(m, p - 1 if k == first else p) for k, (m, p) in enumerate(factors)]
    left = [(m, p) for m, p in left if p]
    return Term(term.coef, term.scalars, had(left) if left else None)


def _content(coefs: Sequence[Fraction]) -> Fraction:
    """The greatest number by which all coefficients can be divided to be whole; 1 where it would not be a short one."""
    if not any(coefs) or any(c.denominator > 1000 for c in coefs):
        return ONE
    return Fraction(reduce(gcd, (abs(c.numerator) for c in coefs)), reduce(lcm, (c.denominator for c in coefs)))


def _common(lists: Sequence[tuple[tuple[Mat, Fraction], ...]]) -> tuple[tuple[Mat, Fraction], ...]:
    """The scalars that all have: the smallest of the powers above, or of those below. Of powers of one base that are kept apart for their
    domain (B^-1*B^(-1/2)) the first counts."""
    firsts = [_firsts(scalars) for scalars in lists]
    found = []
    for (name, above), (mat, _) in firsts[0].items():
        powers = [first[name, above][1] if (name, above) in first else Fraction(0) for first in firsts]
        if all(powers) and (above or len(set(powers)) == 1):  # no fractions in fractions
            found.append((mat, min(powers)))
    return tuple(found)


def _without(scalars: tuple[tuple[Mat, Fraction], ...], common: tuple[tuple[Mat, Fraction], ...]) -> tuple[tuple[Mat, Fraction], ...]:
    """Scalars less the common ones, each taken out once."""
    taken = {(m.text, p > 0): p for m, p in common}
    left = [(m, p - taken.pop((m.text, p > 0), Fraction(0))) for m, p in scalars]
    return tuple((m, p) for m, p in left if p)


def _firsts(scalars: tuple[tuple[Mat, Fraction], ...]) -> dict[tuple[str, bool], tuple[Mat, Fraction]]:
    """The first power of each base above, and below."""
    found: dict[tuple[str, bool], tuple[Mat, Fraction]] = {}
    for mat, power in scalars:
        found.setdefault((mat.text, power > 0), (mat, power))
    return found


__all__ = ["combined", "folded", "length", "merged", "text"]
