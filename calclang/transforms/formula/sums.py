"""The normal form of sums: like terms, content, sign and orientation, each with the spelling that came first."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from fractions import Fraction
from math import gcd, lcm
from typing import TypeAlias

from calclang.transforms.formula.normal import Normal, Spelling, TooBig
from calclang.transforms.formula.terms import ONE, Factor, Form, Product, Sum, is_zero, make_product, make_sum, scalar, split

Terms: TypeAlias = list[tuple[Fraction, Form]]


def normal_sum(to: Normal, terms: Sequence[tuple[Fraction, Form]], written: bool) -> Form:
    """``sum of coefficient * form`` over terms of one shape."""
    shape = terms[0][1].shape
    flat = _collect(to, terms)
    if not flat:
        return scalar(0, shape)
    if len(flat) == 1:
        return scaled(to, *flat[0])
    if (smaller := _smaller(to, flat, written)) is not None:
        return smaller
    return _oriented(to, flat, written)


def scaled(to: Normal, coef: Fraction, form: Form) -> Form:
    """A number times a form."""
    axes = tuple(range(form.rank))
    return form if coef == 1 else to.product([(form, ONE, axes)], axes, dict(zip(axes, form.shape, strict=True)), coef)


def _collect(to: Normal, terms: Sequence[tuple[Fraction, Form]]) -> Terms:
    """Flatten sums in sums and add the coefficients of equal bodies, first seen first."""
    found: dict[Form, Fraction] = {}
    for coef, form in terms:
        for c, body in terms_of(to, form):
            to.charge(1)
            if not is_zero(body):
                found[body] = found.get(body, Fraction(0)) + coef * c
        if len(found) > to.terms:
            raise TooBig
    return [(c, body) for body, c in found.items() if c]


def terms_of(to: Normal, form: Form) -> Terms:
    """A form as terms without coefficients: a sum (in whatever orientation, and stretched) is opened."""
    coef, body = split(form)
    if isinstance(body, Sum):
        return [(coef * c, t) for c, t in body.terms]
    only = body.factors[0] if isinstance(body, Product) and len(body.factors) == 1 else None
    if only is None or not isinstance(body, Product) or not isinstance(only.base, Sum) or only.power != 1:
        return [(coef, body)]
    if not body.deltas and len(set(only.labels)) == len(only.labels) and set(only.labels) <= set(body.out):
        free = dict(body.free)
        return [(coef * c, to.product([(t, ONE, only.labels)], body.out, free)) for c, t in only.base.terms]
    return [(coef, body)]


# ---- axes that every term treats alike -----------------------------------------------------------------


def _smaller(to: Normal, terms: Terms, written: bool) -> Form | None:
    """A sum whose terms are all constant along an axis, or all diagonal in two, is a smaller sum, stretched or placed.

    Only where that leaves a matrix at most: what is larger is written term by term. Not when sums are multiplied out."""
    shape = terms[0][1].shape
    outs = [t.out if isinstance(t, Product) else tuple(range(t.rank)) for _, t in terms]
    frees = [{l for l, _ in t.free} if isinstance(t, Product) else set() for _, t in terms]
    same: dict[int, int | None] = {}
    for axis in range(len(shape)):
        twin = next((other for other in range(axis) if other not in same and all(o[axis] == o[other] for o in outs)), None)
        if twin is not None or all(o[axis] in f and o.count(o[axis]) == 1 for o, f in zip(outs, frees, strict=True)):
            same[axis] = twin
    if not same or len(shape) - len(same) > 2 or to.expanding:
        return None
    return _without(to, terms, same, written)


def _without(to: Normal, terms: Terms, same: dict[int, int | None], written: bool) -> Form:
    """The sum over the other axes, put back along those in ``same``: constant, or equal to another axis."""
    shape = terms[0][1].shape
    smaller = to.sum([(c, _drop(to, t, same)) for c, t in terms], written)
    out = [axis if same.get(axis) is None else same[axis] for axis in range(len(shape))]
    labels = [axis for axis in range(len(shape)) if axis not in same]
    return to.product([(smaller, ONE, labels)], out, {axis: shape[axis] for axis, twin in same.items() if twin is None})


def _drop(to: Normal, form: Form, axes: Collection[int]) -> Form:
    """A form without axes on which it does not depend, or which repeat others."""
    assert isinstance(form, Product)
    out = [l for a, l in enumerate(form.out) if a not in axes]
    free = {l: d for l, d in form.free if l in out}
    return to.product([(f.base, f.power, f.labels) for f in form.factors], out, free, form.coef)


# ---- content, sign, orientation ------------------------------------------------------------------------


def _oriented(to: Normal, terms: Terms, written: bool) -> Form:
    """The canonical sum times its content, sign and orientation."""
    content = _content([c for c, _ in terms])
    terms = [(c / content, t) for c, t in terms]
    upright = sorted(terms, key=lambda t: t[1].key)
    flipped, symmetric = False, False
    if terms[0][1].rank == 2:
        turned = sorted(((c, to.transposed(t, (1, 0))) for c, t in terms), key=lambda t: t[1].key)
        keys = [[(t.key, abs(c)) for c, t in side] for side in (upright, turned)]
        signs = [[c * (1 if side[0][0] > 0 else -1) for c, _ in side] for side in (upright, turned)]
        symmetric = keys[0] == keys[1] and upright[0][0] == turned[0][0] and signs[0] == signs[1]
        flipped = (keys[1], signs[1]) < (keys[0], signs[0])
        upright = turned if flipped else upright
    sign = 1 if upright[0][0] > 0 else -1
    scale = content * sign
    made = make_sum([(c * sign, t) for c, t in upright], symmetric)
    if made.key not in to.spelt or (written and not to.spelt[made.key].written):
        keys_of = {t.key: (to.transposed(t, (1, 0)) if flipped else t).key for _, t in terms}
        to.spelt[made.key] = Spelling(tuple(keys_of[t.key] for _, t in terms), scale, flipped, written)
    axes = tuple(range(made.rank))
    labels = axes[::-1] if flipped else axes
    if scale == 1 and not flipped:
        return made
    return make_product(scale, (Factor(made, ONE, labels),), axes, (), tuple(terms[0][1].shape), symmetric)


def _content(coefs: Sequence[Fraction]) -> Fraction:
    """The largest fraction that divides all coefficients into whole numbers without a common factor; 1 where a decimal is among them."""
    if any(c.denominator > 1000 for c in coefs):
        return ONE
    top, bottom = 0, 1
    for c in coefs:
        top, bottom = gcd(top, abs(c.numerator)), lcm(bottom, c.denominator)
    return Fraction(top, bottom)


__all__ = ["normal_sum", "scaled"]
