"""Level E: formulas multiplied out, to prove two of them equal wherever both are defined."""

from __future__ import annotations

from fractions import Fraction

from calclang.ir.node import Node
from calclang.transforms.formula.normal import Normal, TooBig
from calclang.transforms.formula.read import read
from calclang.transforms.formula.terms import ONE, Form, Product, Sum, is_zero

ROUNDS = 6  # denominators inside denominators


def prove_equal(a: Node, b: Node) -> bool:
    """Whether two graphs over variables of the same names are proved to be the same function. False says only that there is no proof.

    >>> from calclang.ir.apply import input_node
    >>> from calclang.ir.node import Symbol
    >>> x, y, z = (input_node(Symbol(name), ()) for name in "xyz")
    >>> prove_equal(x*(y + z), x*y + x*z)
    True
    """
    if a is b:
        return True
    if a.shape != b.shape:
        return False
    try:
        plain = Normal()
        if read(plain, a)[a] == read(plain, b)[b]:
            return True
        full = Normal(expanding=True)
        return vanishes(full, full.sum([(ONE, read(full, a)[a]), (-ONE, read(full, b)[b])]))
    except TooBig:
        return False


def vanishes(to: Normal, difference: Form) -> bool:
    """Whether a form is zero, if need be after multiplying by the denominators of its terms."""
    for _ in range(ROUNDS):
        if is_zero(difference):
            return True
        below = denominators(difference)
        if not below:
            return False
        axes = tuple(range(difference.rank))
        free = dict(enumerate(difference.shape))
        terms = difference.terms if isinstance(difference, Sum) else ((ONE, difference),)
        parts = [(base, -power, ()) for base, power in below.items()]
        difference = to.sum([(c, to.product([(x, ONE, axes), *parts], axes, free)) for c, x in terms])
    return False


def denominators(form: Form) -> dict[Form, Fraction]:
    """The scalar sums that terms are divided by, with the lowest of their powers."""
    found: dict[Form, Fraction] = {}
    for _, part in form.terms if isinstance(form, Sum) else ((ONE, form),):
        for f in part.factors if isinstance(part, Product) else ():
            if f.power < 0 and not f.labels:
                found[f.base] = min(found.get(f.base, f.power), f.power)
    return found
