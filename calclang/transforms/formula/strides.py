"""Arrays in another shape, written: as a Kronecker product, or by where each element stood before.

``vec(X)[k]`` is ``X[mod(k - 1, m) + 1, floor((k - 1)/m) + 1]``.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce

from calclang.ir.contract import Unifier
from calclang.ir.dim import Dim, product
from calclang.syntax import tree as t
from calclang.transforms.formula.leaves import sized
from calclang.transforms.formula.matrices import Expr, call, whole
from calclang.transforms.formula.normal import Normal
from calclang.transforms.formula.reshapes import group
from calclang.transforms.formula.terms import Apply, Factor, Form, Product


def deep(form: Apply) -> bool:
    """Whether an array is reshaped that is written by its elements: some axes of it only, or to or from more than two."""
    return form.op.name == "reshape" and (form.args[0].rank != form.params[0] or max(form.args[0].rank, form.rank) > 2)


# ---- Kronecker products --------------------------------------------------------------------------------


def kronecker(to: Normal, form: Apply) -> list[tuple[Form, bool]] | None:
    """The two arrays of which a reshaped product is the Kronecker product, each with whether it is a row; None where it is none: there two axes
    become one, and what stands along the first of them has nothing to do with what stands along the second."""
    inner, made_of = form.args[0], _made_of(form)
    if not isinstance(inner, Product) or inner.coef != 1 or form.rank > 2 or made_of is None or max(map(len, made_of)) != 2:
        return None
    parts = _parts(inner)
    roots = [{parts.find(inner.out[old[side]]) for old in made_of if len(old) == 2} for side in (0, 1)]
    sides: tuple[dict[int, int], ...] = ({}, {})  # of each part: its axes in the result, and the labels along them
    for axis, old in enumerate(made_of):
        first = int(parts.find(inner.out[old[0]]) in roots[1]) if len(old) == 1 else 0
        for k, place in enumerate(old):
            sides[first + k][axis] = inner.out[place]
    own = [{parts.find(label) for label in side.values()} for side in sides]
    chosen = [[f for f in inner.factors if f.labels and parts.find(f.labels[0]) in labels] for labels in own]
    if not own[0].isdisjoint(own[1]) or sum(map(len, chosen)) != len(inner.factors):
        return None
    return [(_side(to, inner, number, tuple(side.values())), 0 not in side) for number, side in zip(chosen, sides, strict=True)]


def _side(to: Normal, inner: Product, factors: Sequence[Factor], out: tuple[int, ...]) -> Form:
    """One of the two: some of the factors, along some of the labels."""
    return to.product([(f.base, f.power, f.labels) for f in factors], out, {label: size for label, size in inner.free if label in out})


def _parts(inner: Product) -> Unifier:
    """The labels of a product, those joined that a factor connects."""
    union = Unifier()
    for f in inner.factors:
        for label in f.labels:
            union.join(f.labels[0], label)
    return union


def _made_of(form: Apply) -> list[list[int]] | None:
    """For each axis of the result those that it was made of; None where not each was made of some by itself."""
    rank, new = form.params
    old = form.args[0].shape
    found = [[axis] for axis in range(len(old) - rank)]
    at = len(found)
    while new:
        many, few = group(new, old[at:])
        if many > 1 or not few:
            return None
        found.append(list(range(at, at + few)))
        new, at = new[1:], at + few
    return found if at == len(old) else None


# ---- places ----------------------------------------------------------------------------------------------


def before(form: Apply, places: Sequence[Expr]) -> list[Expr]:
    """The places in what was reshaped, for those in the result."""
    rank, new = form.params
    old = form.args[0].shape
    lead = len(old) - rank
    made, here, there = list(places[:lead]), list(zip(new, places[lead:], strict=True)), list(old[lead:])
    while here or there:
        many, few = group(tuple(d for d, _ in here), tuple(there))
        made += _moved(here[:many], there[:few])
        here, there = here[many:], there[few:]
    return made


def _moved(here: Sequence[tuple[Dim, Expr]], there: Sequence[Dim]) -> list[Expr]:
    """The places along axes ``there`` of the element at places along axes ``here``."""
    if not here or not there:
        return [whole(1)] * len(there)
    flat = _flat(here)
    if len(there) == 1:
        return [flat]
    made: list[Expr] = []
    for axis, size in enumerate(there):
        step = product(tuple(there[axis + 1 :]))
        steps = _less(flat) if step == 1 else call("floor", t.Binary("/", _less(flat), sized(step)))
        made.append(t.Binary("+", call("mod", steps, sized(size)) if axis else steps, whole(1)))
    return made


def _flat(here: Sequence[tuple[Dim, Expr]]) -> Expr:
    """The number of an element among those of some axes, from 1."""
    steps = [product(tuple(size for size, _ in here[axis + 1 :])) for axis in range(len(here) - 1)]
    terms = [t.Binary("*", _less(place), sized(step)) for (_, place), step in zip(here, steps, strict=False)]
    return reduce(lambda a, b: t.Binary("+", a, b), [*terms, here[-1][1]])


def _less(place: Expr) -> Expr:
    """A place counted from 0."""
    if isinstance(place, t.Number):
        return whole(int(place.value) - 1)
    if isinstance(place, t.Binary) and place.op == "+" and place.right == whole(1):
        return place.left
    return t.Binary("-", place, whole(1))
