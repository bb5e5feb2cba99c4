"""Arrays in another shape as forms: what is left of a change of shape that others undo, or that is one of deltas and ones.

The graph has the last axis fastest. Axes are compared in groups of as many elements before as after.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from calclang.ir.dim import Dim, Shape, product
from calclang.ir.op import Op
from calclang.transforms.formula.canonical import Loose
from calclang.transforms.formula.functions import apply, only, stretched
from calclang.transforms.formula.normal import Normal, Part
from calclang.transforms.formula.sums import scaled
from calclang.transforms.formula.terms import ONE, Apply, Factor, Form, Labels, Product, Sum, make_apply, split


def reshaped(to: Normal, op: Op, params: tuple[Any, ...], form: Form) -> Form:
    """A number goes out, what is constant stays so, and what was reshaped from this very shape is that again, also among the factors and inside of
    elementwise functions. A sum of more than two axes is taken apart, as others are."""
    rank, new = params
    lead = form.rank - rank

    def again(part: Form) -> Form:
        return reshaped(to, op, params, part)

    inside = _undone(op, form, params)
    if isinstance(form, Apply) and form.op is op and inside:
        return form.args[0]
    if isinstance(form, Sum) and (form.rank > 2 or inside):
        return to.sum([(c, again(x)) for c, x in form.terms])
    if isinstance(form, Apply) and inside:
        return apply(to, form.op, form.params, tuple(map(again, form.args)), form.shape[:lead] + new)
    if not isinstance(form, Product):
        return make_apply(op, params, (form,), form.shape[:lead] + new)
    if all(stretched(form, axis) for axis in range(lead, form.rank)):
        kept, axes = only(to, form, range(lead)), range(lead + len(new))
        return to.product([(kept, ONE, axes[:lead])], axes, dict(zip(axes, form.shape[:lead] + new, strict=True)))
    if (made := _of_deltas(to, form, lead, new)) is not None:
        return made
    coef, body = split(form)
    if inside:
        return _factor_by_factor(to, form, params, again)
    return make_apply(op, params, (body,), form.shape[:lead] + new) if body == form else scaled(to, coef, again(body))


def _undone(op: Op, form: Form, params: tuple[Any, ...]) -> bool:
    """Whether a form is something elementwise of an array that was reshaped from this shape."""
    rank, new = params
    todo = [form]
    while todo:
        part = todo.pop()
        if isinstance(part, Apply) and part.op is op:
            if part.args[0].shape == part.shape[: part.rank - rank] + new:
                return True
        elif isinstance(part, Sum) or isinstance(part, Apply) and part.op.kind == "fn":
            todo += part.children
        elif isinstance(part, Product) and (whole := _with_all(part, part.out[part.rank - rank :])) is not None:
            todo += [f.base for f in whole]
    return False


def _with_all(form: Product, last: Labels) -> list[Factor] | None:
    """The factors that have all of these labels, as their last ones; None where one has some of them in another way."""
    found = []
    for f in form.factors:
        if f.labels[-len(last) :] == last and len(set(f.labels)) == len(f.labels):
            found.append(f)
        elif not set(last).isdisjoint(f.labels):
            return None
    return found if form.out.count(last[0]) == 1 and len(set(last)) == len(last) and set(last).isdisjoint(form.out[: -len(last)]) else None


def _factor_by_factor(to: Normal, form: Product, params: tuple[Any, ...], again: Callable[[Form], Form]) -> Form:
    """A product of which every factor is reshaped that has the axes."""
    rank, new = params
    out, last = form.out[: form.rank - rank], form.out[form.rank - rank :]
    whole, made = _with_all(form, last), [("reshaped", axis) for axis in range(len(new))]
    parts = [(again(f.base), f.power, (*f.labels[:-rank], *made)) if f in (whole or ()) else (f.base, f.power, f.labels) for f in form.factors]
    return to.product(parts, (*out, *made), dict(form.free), form.coef)


def _of_deltas(to: Normal, form: Product, lead: int, new: Shape) -> Form | None:
    """Deltas and ones reshaped, as deltas and ones; None where an axis is not reshaped as those are with which it is on a diagonal."""
    if form.factors:
        return None
    out: list[Any] = list(form.out[:lead])
    size: dict[Any, Dim] = dict(zip(out, form.shape, strict=False))
    standing: dict[int, Any] = {label: [label] for label in out}  # the labels that each becomes, with others
    here, there = new, form.out[lead:]
    while here and there:
        many, few = group(here, tuple(dict(form.free)[label] for label in there))
        old = there[:few]
        made = [(old, here[:many], k) for k in range(many)] if (many, few) != (1, 1) else [old[0]]
        if len(set(old)) < few or any(standing.setdefault(label, made) != made for label in old):
            return None
        out += made
        size.update(zip(made, here, strict=False))
        here, there = here[many:], there[few:]
    return None if here or there else to.product([], out, size, form.coef)


def unfolded(to: Normal, parts: Sequence[Loose], outs: Sequence[Any]) -> Sequence[Part] | None:
    """Factors of a product without a reshaped identity that is summed over with one other factor: that one is reshaped instead."""
    uses = Counter(label for _, _, labels in parts for label in labels)
    for one in parts:
        base, power, labels = one
        deltas = base.args[0] if isinstance(base, Apply) and base.op.name == "reshape" and power == 1 else None
        if not isinstance(deltas, Product) or deltas.factors or not isinstance(base, Apply):
            continue
        lead = base.rank - len(base.params[1])
        own = labels[lead:]
        other = next((p for p in parts if p is not one and p[1] == 1 and set(own) <= set(p[2])), None)
        if other is None or len(set(own)) < len(own) or any(label in outs or uses[label] != 2 for label in own):
            continue
        kept = [label for label in other[2] if label not in own]
        inner = [("unfolded", axis, *own) for axis in range(lead, deltas.rank)]
        turned = to.product([other], [*kept, *own])
        old = deltas.shape[lead:]
        folded = reshaped(to, base.op, (len(own), old), turned)
        rest = [p for p in parts if p is not one and p is not other]
        return [*rest, (deltas, ONE, (*labels[:lead], *inner)), (folded, ONE, (*kept, *inner))]
    return None


def group(new: Shape, old: Shape) -> tuple[int, int]:
    """How many of the first axes have as many elements after as before: the fewest that have, all where there are no fewer."""
    for many in range(1, len(new) + 1):
        for few in range(1, len(old) + 1):
            if product(new[:many]) == product(old[:few]):
                return many, few
    return len(new), len(old)
