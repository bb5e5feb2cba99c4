"""Float64 numbers as the numbers a person means."""

from __future__ import annotations

from fractions import Fraction
from math import e, isfinite, pi, ulp

from calclang.transforms.formula.normal import Normal
from calclang.transforms.formula.terms import ONE, Form, constant, scalar

NAMED = (("pi", pi), ("e", e))


def number(to: Normal, value: float) -> Form:
    """A float64 as a form: a fraction, or a fraction of a named number, or itself where it is not finite."""
    if not isfinite(value):
        return constant("nan" if value != value else "inf" if value > 0 else "-inf", value)
    for name, known in NAMED:
        if name in to.shadowed:
            continue
        share = Fraction(value / known).limit_denominator(64)
        if share and abs(share.numerator) <= 64 and float(share) * known == value:
            return to.product([(constant(name, known), ONE, ())], (), {}, share)
    return scalar(fraction(value))


def fraction(value: float) -> Fraction:
    """The number a person means by a float64: 0.1 is one tenth, 1/3 a third, and so is what is one rounding away from them."""
    exact = Fraction(value)
    if exact.denominator <= 64:
        return exact
    short = exact.limit_denominator(1000)
    return short if abs(float(short) - value) <= 2 * ulp(value) else Fraction(repr(float(value)))
