"""Functions as forms: orientation leaves elementwise functions and inverses, and a few functions of functions are known."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from math import isfinite
from typing import Any, TypeAlias

from calclang.ir.dim import Shape
from calclang.ir.op import Op
from calclang.transforms.formula.conditions import decided
from calclang.transforms.formula.normal import Normal
from calclang.transforms.formula.numeric import fraction
from calclang.transforms.formula.terms import ONE, Apply, Form, Product, is_zero, make_apply, scalar

Rule: TypeAlias = Callable[[Normal, Op, Form], "Form | None"]


def apply(to: Normal, op: Op, params: tuple[Any, ...], args: tuple[Form, ...], shape: Shape) -> Form:
    """``op(args; params)`` in normal form."""
    to.charge(len(args) + 1)
    if len(args) == 1 and (rule := KNOWN.get(op.name)) is not None and (made := rule(to, op, args[0])) is not None:
        return made
    if (powers := QUOTIENTS.get(op.name)) is not None and all(map(isfinite, params)):
        return _powers(to, powers(params), args)
    if (made := decided(op, args)) is not None:
        return made
    if op.name == "select":
        return _select(to, op, args, shape)
    if op.kind == "fn" and shape:
        return _elementwise(to, op, params, args)
    if op.name == "reshape":
        from calclang.transforms.formula.reshapes import reshaped

        return reshaped(to, op, params, args[0])
    return make_apply(op, params, args, shape)


def _powers(to: Normal, powers: tuple[Fraction, ...], args: tuple[Form, ...]) -> Form:
    """An elementwise product of powers."""
    axes = tuple(range(args[0].rank))
    parts = [(a, p, axes) for a, p in zip(args, powers, strict=True)]
    return to.product(parts, axes, dict(zip(axes, args[0].shape, strict=True)))


# Sums, with the signs of their second terms; and what is a product of powers of its arguments.
LINEAR = {"add": 1, "sub": -1}
QUOTIENTS: dict[str, Callable[[tuple[Any, ...]], tuple[Fraction, ...]]] = {
    "power": lambda params: (fraction(params[0]),),
    "div": lambda params: (ONE, -ONE),
    "sqrt": lambda params: (Fraction(1, 2),),
}

# ---- elementwise: axes that the arguments do not have, and orientation -----------------------------------


def _elementwise(to: Normal, op: Op, params: tuple[Any, ...], args: tuple[Form, ...]) -> Form:
    """An elementwise function of the axes on which its arguments depend, stretched along the others, in canonical orientation."""
    shape = args[0].shape
    kept = [axis for axis in range(len(shape)) if not all(stretched(a, axis) for a in args)]
    small = tuple(only(to, a, kept) for a in args)
    axes: list[int] = list(range(len(kept)))
    if len(kept) == 2:
        turned = tuple(to.transposed(a, (1, 0)) for a in small)
        if [a.key for a in turned] < [a.key for a in small]:
            small, axes = turned, [1, 0]
    inner = make_apply(op, params, small, tuple(shape[kept[a]] for a in axes))
    return to.product([(inner, ONE, [kept[a] for a in axes])], range(len(shape)), dict(enumerate(shape)))


def stretched(form: Form, axis: int) -> bool:
    """Whether a form is constant along an axis, structurally."""
    if not isinstance(form, Product):
        return False
    label = form.out[axis]
    return form.out.count(label) == 1 and any(label == l for l, _ in form.free)


def only(to: Normal, form: Form, kept: Sequence[int]) -> Form:
    """A form without the axes along which it is constant."""
    if len(kept) == form.rank:
        return form
    assert isinstance(form, Product)
    out = [form.out[a] for a in kept]
    return to.product([(f.base, f.power, f.labels) for f in form.factors], out, {l: d for l, d in form.free if l in out}, form.coef)


def _select(to: Normal, op: Op, args: tuple[Form, ...], shape: Shape) -> Form:
    """A choice between things on one diagonal (or zero) is made on the diagonal alone."""
    mask, a, b = args
    lead = len(shape) - mask.rank
    axes = tuple(range(len(shape)))
    if is_zero(a) and is_zero(b):
        return a
    full = to.product([(mask, ONE, axes[lead:])], axes, dict(enumerate(shape))) if lead else mask
    outs = {f.out if isinstance(f, Product) else axes for f in (a, b) if not is_zero(f)}
    out = outs.pop()
    if outs or len(set(out)) == len(out):
        return _elementwise(to, op, (), (full, a, b)) if shape else make_apply(op, (), (full, a, b), shape)
    unique = list(dict.fromkeys(out))
    size = dict(zip(out, shape, strict=True))
    small = tuple(size[l] for l in unique)
    parts = tuple(scalar(0, small) if is_zero(f) else to.product([(f, ONE, out)], unique, size) for f in (full, a, b))
    return to.product([(_elementwise(to, op, (), parts), ONE, unique)], out, size)


# ---- functions of functions ----------------------------------------------------------------------------


def _inv(to: Normal, op: Op, x: Form) -> Form | None:
    """inv(c*s*X') = inv(X)'/(c*s), and inv(inv(X)) = X; of pinv likewise."""
    if isinstance(x, Apply) and x.op is op:
        return x.args[0]
    matrices = [f for f in x.factors if f.labels] if isinstance(x, Product) else []
    if not isinstance(x, Product) or len(matrices) != 1 or x.coef == 0 or x.deltas:
        return None
    (f,) = matrices
    if f.power != 1 or sorted(f.labels) != [0, 1]:
        return None
    scalars = [(s.base, -s.power, ()) for s in x.factors if not s.labels]
    return to.product([(make_apply(op, (), (f.base,), f.base.shape[::-1]), ONE, f.labels), *scalars], x.out, {}, 1 / x.coef)


def _of_inverse(power: int) -> Rule:
    """det(inv(X)) = det(X)^-1; det(X') = det(X); logdet likewise with a factor -1."""

    def rule(to: Normal, op: Op, x: Form) -> Form | None:
        only = x.factors[0] if isinstance(x, Product) and x.coef == 1 and len(x.factors) == 1 and not x.deltas else None
        if only is not None and sorted(only.labels) == [0, 1] and only.power == 1:
            return apply(to, op, (), (only.base,), ())
        if isinstance(x, Apply) and x.op.name == "inv":
            inner = apply(to, op, (), x.args, ())
            return to.product([(inner, Fraction(-1), ())], ()) if power else to.product([(inner, ONE, ())], (), {}, Fraction(-1))
        return None

    return rule


KNOWN: dict[str, Rule] = {"inv": _inv, "pinv": _inv, "det": _of_inverse(1), "logdet": _of_inverse(0)}
