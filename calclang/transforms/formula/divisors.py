"""Fractions in fractions: a divisor with divisors of its own, and a sum that is a multiple of what it is divided by.

``y/(x^2*(1 + y^2/x^2))`` is ``y/(x^2 + y^2)``, and ``(1 + x/sqrt(1 + x^2))/(x + sqrt(1 + x^2))`` is ``1/sqrt(1 + x^2)``: equal wherever both
are defined.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TypeAlias

from calclang.ir.dim import Dim
from calclang.transforms.formula.normal import Normal, TooBig
from calclang.transforms.formula.sums import terms_of
from calclang.transforms.formula.terms import ONE, Factor, Form, Labels, Product, Sum, split

BUDGET = 5_000  # of what multiplying out may cost
Powers: TypeAlias = dict[tuple[Form, Labels], Fraction]  # of bases, along the axes of a sum


def cleared(to: Normal, form: Product) -> Form:
    """A product without such fractions; itself where it has none. One that clearing leads back to is as clear as it gets."""
    now: Form = form
    seen: set[bytes] = set()
    while isinstance(now, Product) and now.key not in seen:
        seen.add(now.key)
        now = _cleared_once(to, now)
    return now


def _cleared_once(to: Normal, form: Product) -> Form:
    """A product with the first of such fractions cleared; itself where it has none."""
    for f in form.factors:
        if not isinstance(f.base, Sum) or f.power.denominator != 1 or len(set(f.labels)) < len(f.labels):
            continue
        below = _divisors(f.base.terms)
        if not below:
            continue
        whole = _spread_if_shorter(to, _times(to, f.base, below))
        rest = [g for g in form.factors if g is not f]
        if not isinstance(split(whole)[1], Sum) or any(_meets(g, f, below) or f.power > 0 and _cancels(g, f, whole) for g in rest):
            back = [(base, -power * f.power, tuple(f.labels[axis] for axis in axes)) for (base, axes), power in below.items()]
            parts = [(whole, f.power, f.labels), *back, *((g.base, g.power, g.labels) for g in rest)]
            return to.product(parts, form.out, sizes_of(form), form.coef)
    return form


def over_one(to: Normal, form: Sum) -> Form | None:
    """A sum over one divisor, multiplied out above it and rid of what it shares with it: 2*x/(1 + x^2) - 2*x^3/(1 + x^2)^2 is 2*x/(1 + x^2)^2. None
    where no sum is below. Raises `TooBig`."""
    full = Normal(expanding=True, budget=BUDGET)
    spread = _times(full, form, {})
    below = _divisors(terms_of(full, spread))
    if not any(isinstance(split(base)[1], Sum) for base, _ in below):
        return None
    coef, top = split(_times(full, spread, below))
    powers = [whole_powers(x) for _, x in terms_of(full, top)]
    shared = {key: min(p[key] for p in powers) for key in powers[0] if all(key in p for p in powers)}
    rest = _times(full, top, {key: -power for key, power in shared.items()})
    outside = [(base, power, at) for (base, at), power in shared.items()]
    axes, size = tuple(range(form.rank)), dict(enumerate(form.shape))
    return to.product([(rest, ONE, axes), *outside, *((base, -power, at) for (base, at), power in below.items())], axes, size, coef)


def whole_powers(form: Form) -> Powers:
    """The whole positive powers in a product of what stands along its own axes, with these axes."""
    if not isinstance(form, Product):
        return {(form, tuple(range(form.rank))): ONE}
    if form.deltas:
        return {}
    own = [f for f in form.factors if set(f.labels) <= set(form.out) and f.power > 0 and f.power.denominator == 1]
    return {(f.base, tuple(form.out.index(l) for l in f.labels)): f.power for f in own}


def _divisors(terms: Sequence[tuple[Fraction, Form]]) -> Powers:
    """What terms of a sum are divided by, and the highest power of each."""
    found: Powers = {}
    for _, x in terms:
        if isinstance(x, Product) and not x.deltas:
            for f in x.factors:
                if f.power < 0 and set(f.labels) <= set(x.out):
                    key = f.base, tuple(x.out.index(label) for label in f.labels)
                    found[key] = max(found.get(key, -f.power), -f.power)
    return found


def _times(to: Normal, form: Form, powers: Powers) -> Form:
    """A form times some powers, which every term of a sum takes in."""
    axes, size = tuple(range(form.rank)), dict(enumerate(form.shape))
    factors = [(base, power, at) for (base, at), power in powers.items()]
    return to.sum([(c, to.product([(x, ONE, axes), *factors], axes, size)) for c, x in terms_of(to, form)])


def _spread_if_shorter(to: Normal, form: Form) -> Form:
    """A sum multiplied out, where that has no more terms: (1 + x)^2 + (1 - x)^2 is 2*x^2 + 2. Tried once; the work counts as that of ``to``."""
    if form not in to.spread:
        to.spread[form] = form
        full = Normal(expanding=True, budget=BUDGET)
        try:
            spread = _times(full, form, {})
            if len(terms_of(full, spread)) <= len(terms_of(full, form)):
                to.spread[form] = spread
        except TooBig:  # then it stays as it is
            pass
        to.work += full.work
    return to.spread[form]


def _meets(g: Factor, f: Factor, below: Powers) -> bool:
    """Whether a factor is, on the same side of the fraction as a divisor in the sum ``f`` has, a power of that, or a sum with it on the other."""
    here = {(base, tuple(f.labels[axis] for axis in axes)) for base, axes in below}
    if f.power * g.power > 0:
        return (g.base, g.labels) in here
    there = _divisors(g.base.terms) if isinstance(g.base, Sum) else {}
    return not here.isdisjoint((base, tuple(g.labels[axis] for axis in axes)) for base, axes in there)


def _cancels(g: Factor, f: Factor, whole: Form) -> bool:
    """Whether a factor divides by a multiple of a sum."""
    return g.power < 0 and g.power.denominator == 1 and g.labels == f.labels and g.base in _bases(whole)


def _bases(whole: Form) -> Sequence[Form]:
    """A form, and the factors that it has along all of its axes."""
    factors = whole.factors if isinstance(whole, Product) else ()
    return [whole, *(g.base for g in factors if g.labels == tuple(range(whole.rank)))]


def sizes_of(form: Product) -> dict[int, Dim]:
    """The size of every label."""
    return {label: size for f in form.factors for label, size in zip(f.labels, f.base.shape, strict=True)} | dict(form.free)
