"""Squares that are known: ``cos(u)^2 + sin(u)^2`` and ``cosh(u)^2 - sinh(u)^2`` are 1, and the square of a projection is itself.

The former also as factors of what stands beside them; of the latter ``eye(n) - ones(n, n)/n`` is one, which takes the mean away.
"""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from itertools import combinations, product

from calclang.ops import ROWS
from calclang.transforms.formula.divisors import sizes_of
from calclang.transforms.formula.normal import Normal
from calclang.transforms.formula.terms import ONE, Apply, Factor, Form, Product, Sum, make_apply, split

PARTNERS = {"cos": ("sin", ONE), "cosh": ("sinh", -ONE)}  # the other square, and its sign
TWO = Fraction(2)
FEW = 4  # terms of a sum that is squared


def with_ones(to: Normal, form: Sum) -> Form | None:
    """A sum with such squares put together; None where it has none."""
    known = {x: c for c, x in form.terms}
    for c, x in form.terms:
        if not isinstance(x, Product) or x.deltas:
            continue
        for f in x.factors:
            if not isinstance(f.base, Apply) or f.base.op.name not in PARTNERS or f.power < 2 or not set(f.labels) <= set(x.out):
                continue
            name, sign = PARTNERS[f.base.op.name]
            other = _with(to, x, f, Factor(make_apply(ROWS[name], (), f.base.args, f.base.shape), TWO, f.labels))
            if known.get(other) == c * sign:
                rest = [(d, y) for d, y in form.terms if y not in (x, other)]
                return to.sum([*rest, (c, _with(to, x, f, None))])
    return None


def projected(to: Normal, form: Product) -> Form:
    """A product in which a sum of matrices that is a multiple of its own square stands twice in a row, with it once; itself where there is none."""
    matrices = [f for f in form.factors if isinstance(f.base, Sum) and f.base.symmetric and f.power == 1 and len(f.base.terms) <= FEW]
    uses = Counter(label for f in form.factors for label in set(f.labels))
    for f, g in combinations(matrices, 2):
        common = set(f.labels) & set(g.labels)
        if f.base != g.base or len(common) != 1 or not common.isdisjoint(form.out) or any(uses[label] != 2 for label in common):
            continue
        times, square = split(_squared(to, f.base))
        if square == f.base:
            ends = [label for label in (*f.labels, *g.labels) if label not in common]
            rest = [(h.base, h.power, h.labels) for h in form.factors if h is not f and h is not g]
            size = {label: d for label, d in sizes_of(form).items() if label not in common}
            return to.product([*rest, (f.base, ONE, ends)], form.out, size, form.coef * times)
    return form


def _squared(to: Normal, form: Form) -> Form:
    """The matrix product of a sum with itself, multiplied out."""
    size = dict(zip((0, 2), form.shape, strict=True))
    pairs = product(form.terms if isinstance(form, Sum) else (), repeat=2)
    return to.sum([(c * d, to.product([(x, ONE, (0, 1)), (y, ONE, (1, 2))], (0, 2), size)) for (c, x), (d, y) in pairs])


def _with(to: Normal, form: Product, f: Factor, square: Factor | None) -> Form:
    """A product with another square in the place of one of a factor, or none."""
    parts = [(g.base, g.power - TWO * (g is f), g.labels) for g in form.factors]
    added = [(square.base, square.power, square.labels)] if square is not None else []
    return to.product([*(part for part in parts if part[1]), *added], form.out, sizes_of(form), form.coef)
