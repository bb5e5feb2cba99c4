"""What has no parts: variables, arrays of numbers, sizes, zeros."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from calclang.ir.dim import Dim, Size
from calclang.syntax import tree as t
from calclang.transforms.formula.matrices import Atom, Expr, Mat, atom, call, number, prime, whole
from calclang.transforms.formula.normal import TooBig
from calclang.transforms.formula.numeric import fraction
from calclang.transforms.formula.summands import Plus, Term
from calclang.transforms.formula.terms import Form, Leaf


def plain(terms: Sequence[Term]) -> Expr:
    """The sum as it stands."""
    return Plus(False, False, tuple(terms)).tree


def leaf(form: Leaf) -> Mat:
    """How a variable, a number with a name, a size or an array of numbers is written."""
    if form.size is not None:
        return atom(sized(form.size))
    if form.name:
        name = written(form.name)
        if form.rank == 1 and "row" in form.facts:
            return Atom(True, False, prime(name), name)
        return atom(name, form.rank > 0, form.rank > 1, form.symmetric)
    return literal(form.value)


def written(name: str) -> Expr:
    """A variable; a vector that the parameters take apart, ``[a, b]``, as the array of its parts."""
    return t.Array((tuple(map(t.Name, name[1:-1].split(", "))),)) if name.startswith("[") else t.Name(name)


def literal(value: Any) -> Mat:
    """An array of numbers, or true or false."""
    if isinstance(value, bool):
        return atom(t.Boolean(value))
    if value.ndim == 1:
        e: Expr = t.Array((tuple(_entry(v) for v in value),))
        return atom(e, True)
    if value.ndim != 2:
        raise TooBig
    made = [t.Array(tuple(tuple(_entry(v) for v in row) for row in v)) for v in (value, value.T)]
    return Atom(True, True, *made)


def _entry(v: Any) -> Expr:
    """An element of an array of numbers: true, 2/3, nan."""
    if isinstance(v, (bool, np.bool_)):
        return t.Boolean(bool(v))
    return number(fraction(float(v))) if np.isfinite(v) else t.Name(str(float(v)))


def sized(dim: Dim) -> Expr:
    """A size: n, n - 1, 3."""
    if not isinstance(dim, Size):
        return whole(dim)
    parts = [Term(Fraction(c), tuple((atom(t.Name(n)), Fraction(k)) for n, k in Counter(m).items()), None) for m, c in dim.terms]
    return plain(parts)


def zero(form: Form) -> Mat:
    """An array of zeros."""
    sizes = [sized(d) for d in form.shape]
    made = call("zeros", *sizes)
    return Atom(True, form.rank > 1, made, call("zeros", *reversed(sizes)) if form.rank > 1 else prime(made))
