"""Float64 numbers as the numbers a person means."""

from __future__ import annotations

from fractions import Fraction
from math import e, isfinite, log, pi, sqrt, ulp

from calclang.ops import ROWS
from calclang.record import record
from calclang.transforms.formula.normal import Normal
from calclang.transforms.formula.terms import ONE, Form, constant, make_apply, scalar

HALF = Fraction(1, 2)
DIGITS = 15  # a number of fewer digits is meant as it stands
POWERS = (1, -1, 2, -2, 3)  # in which named numbers stand: (2^x)'' has log(2)^2
SHARES = 360  # the largest denominator of a fraction of a named number: a degree is pi/180


@record
class Known:
    """A number with a name: ``function(times * name)``, each part of which may be missing."""

    value: float
    function: str = ""
    times: int = 1
    name: str = ""

    def form(self, to: Normal) -> Form:
        named = [(constant(self.name, NAMES[self.name]), ONE, ())] if self.name else []
        inner = to.product(named, (), {}, Fraction(self.times))
        if self.function == "sqrt":
            return to.product([(inner, HALF, ())], ())
        return make_apply(ROWS[self.function], (), (inner,), ()) if self.function else inner


NAMES = {"pi": pi, "e": e}
KNOWN = (
    Known(pi, name="pi"),
    Known(e, name="e"),
    *(Known(log(k), "log", k) for k in (2, 10, 3, 5, 7)),
    *(Known(sqrt(k), "sqrt", k) for k in (2, 3, 5, 7, 6, 10)),
    *(Known(sqrt(k * pi), "sqrt", k, "pi") for k in (1, 2)),
)


def number(to: Normal, value: float) -> Form:
    """A float64 as a form: a fraction, or a fraction of a power of a named number, or itself where it is not finite."""
    if not isfinite(value):
        return constant("nan" if value != value else "inf" if value > 0 else "-inf", value)
    short = fraction(value)
    if short.denominator <= 1000 or len(str(short.numerator)) < DIGITS:
        return scalar(short)
    for known in KNOWN:
        if not to.shadowed.isdisjoint((known.function, known.name)):
            continue
        shares = [(_share(value, known.value, power), power) for power in POWERS]
        found = [(share, power) for share, power in shares if share is not None]
        if found:  # 1/sqrt(2) rather than sqrt(2)/2
            share, power = min(found, key=lambda way: abs(way[0].numerator) * way[0].denominator)
            return to.product([(known.form(to), Fraction(power), ())], (), {}, share)
    return scalar(short)


def _share(value: float, known: float, power: int) -> Fraction | None:
    """The short fraction that a number is of a power of a known one; None where it is none to rounding."""
    share = Fraction(value / known**power).limit_denominator(SHARES)
    if not 0 < abs(share.numerator) <= SHARES or abs(float(share) * known**power - value) > 2 * ulp(value):
        return None
    return share


def fraction(value: float) -> Fraction:
    """The number a person means by a float64: 0.1 is one tenth, 1/3 a third, and so is what is one rounding away from them."""
    exact = Fraction(value)
    if exact.denominator <= 64:
        return exact
    short = exact.limit_denominator(1000)
    return short if abs(float(short) - value) <= 2 * ulp(value) else Fraction(repr(float(value)))
