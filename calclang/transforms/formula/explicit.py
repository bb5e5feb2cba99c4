"""Small arrays made of parts, element by element: ``[2*x, -3, 1; 1, -3*y^2, 2*z]``.

A node whose shape is a few known numbers, and that puts parts together or reads single places, is read as an array of scalar forms;
whatever only rearranges them or multiplies them out is computed on the elements. Anything else gets the array packed as one form.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import product as every
from typing import Any, TypeAlias

import numpy as np

from calclang.ir.contract import sizes
from calclang.ir.dim import known, product
from calclang.ir.node import Node
from calclang.ir.op import Op
from calclang.ops.contraction import CONTRACT
from calclang.ops.structure import read_index
from calclang.transforms.formula.functions import LINEAR, apply
from calclang.transforms.formula.normal import Normal
from calclang.transforms.formula.numeric import number
from calclang.transforms.formula.terms import ONE, Apply, Form, Leaf, Product, Sum, is_zero, make_apply, scalar

Elements: TypeAlias = Any  # an object array of rank-0 forms
MANY = 64  # elements of an array that is written out
FEW = 8  # and of one that is cut into slices
STRUCTURE = frozenset({"stack", "concat", "reshape", "take", "put"})
ARRAY = Op(name="array", kind="linear", arity=None, eval=lambda xp, *parts: parts, hidden=True)  # params: the shape
AT = Op(name="at", kind="linear", eval=lambda xp, x, *place: x[place], hidden=True)  # params: the place, from 0


def small(node: Node) -> bool:
    """Whether an array has few enough elements, of a known number, to be written out."""
    return node.rank > 0 and known(node.shape) and 0 < _count(node) <= MANY


def _count(node: Node) -> int:
    """How many elements a node of known shape has."""
    count = product(node.shape)
    assert isinstance(count, int)
    return count


def is_explicit(node: Node, done: dict[Node, Elements]) -> bool:
    """Whether a node is read element by element."""
    if node.boolean or node.value is not None or not all(i.rank == 0 or small(i) for i in node.inputs):
        return False
    if node.rank and not small(node):
        return False
    name = node.op.name
    if name in STRUCTURE:
        slices = name in ("take", "put") and not any(isinstance(p, int) for p in node.params[0])
        return not slices or node.inputs[0] in done or _count(node.inputs[0]) <= FEW >= _count(node)
    if node.op is CONTRACT and not known(tuple(d for _, d in node.params[0].free)):
        return False
    if node.op is CONTRACT and not node.inputs:
        return bool(node.params[0].deltas)  # the identity has places; one number everywhere is no array made of parts
    return any(i in done for i in node.inputs) and (node.op is CONTRACT or node.op.kind == "fn" or name == "select")


def empty(shape: Sequence[Any]) -> Elements:
    """An array to be filled with forms."""
    return np.empty(tuple(shape), dtype=object)


def elements(to: Normal, form: Form) -> Elements:
    """The elements of an array that is no explicit one."""
    made = empty(form.shape)
    for place in np.ndindex(made.shape):
        made[place] = at(to, form, place)
    return made


def at(to: Normal, form: Form, place: tuple[int, ...]) -> Form:
    """One element."""
    if is_zero(form):
        return scalar(0)
    if isinstance(form, Apply) and form.op.name == "take" and len(form.params[0]) == len(form.args[0].shape):
        return at(to, form.args[0], _inside(form.params[0], place))
    if isinstance(form, Leaf) and form.value is not None:
        return number(to, float(form.value[place]))
    if isinstance(form, Sum):
        return to.sum([(c, at(to, x, place)) for c, x in form.terms])
    if isinstance(form, Product) and not form.summed:
        where = dict(zip(form.out, place, strict=True))
        if any(where[label] != k for label, k in zip(form.out, place, strict=True)):
            return scalar(0)
        parts = [(at(to, f.base, tuple(where[label] for label in f.labels)) if f.labels else f.base, f.power, ()) for f in form.factors]
        return to.product(parts, (), {}, form.coef)
    return make_apply(AT, place, (form,), ())


def _inside(places: Any, place: tuple[int, ...]) -> tuple[int, ...]:
    """The place of the array that was read, for a place of what was read."""
    rest = iter(place)
    return tuple(p if isinstance(p, int) else _counted(p, next(rest)) for p in places)


def _counted(place: Any, k: int) -> int:
    """The place, from 0, of element ``k`` of a slice, of a list of places or of a whole axis."""
    if place is None:
        return k
    found = place[1 + k] if place[0] == "at" else range(*place)[k]
    return int(found)


def packed(to: Normal, array: Elements) -> Form:
    """An array of forms as one form."""
    flat = tuple(array.flat)
    if all(is_zero(f) for f in flat):
        return scalar(0, array.shape)
    return make_apply(ARRAY, tuple(array.shape), flat, tuple(array.shape))


def read_explicit(to: Normal, node: Node, inputs: list[Elements]) -> Elements:
    """The elements of a node from those of its inputs (rank-0 forms are arrays of rank 0)."""
    to.charge(_count(node) if node.rank else 1)
    return RULES.get(node.op.name, _elementwise)(to, node, inputs)


def _moved(to: Normal, node: Node, inputs: list[Elements]) -> Elements:
    """A row that only puts its parts together, on arrays of forms."""
    return _object(node.op.eval(np, *inputs, *node.params))


def _take(to: Normal, node: Node, inputs: list[Elements]) -> Elements:
    """Elements read at their places."""
    return _object(inputs[0][read_index(node.params[0])])


def _object(x: Any) -> Elements:
    """A form by itself as an array of rank 0; arrays stay as they are."""
    if isinstance(x, np.ndarray):
        return x
    made = empty(())
    made[()] = x
    return made


def _put(to: Normal, node: Node, inputs: list[Elements]) -> Elements:
    """Elements at their places among zeros, added where places meet."""
    (g,), (places, shape) = inputs, node.params
    made = empty((*g.shape[: node.rank - len(shape)], *shape))
    made[...] = scalar(0)
    where = read_index(places)
    targets = np.arange(made.size).reshape(made.shape)[where]
    flat = made.reshape(-1)
    for place, value in zip(np.asarray(targets).reshape(-1), g.reshape(-1), strict=True):
        flat[place] = to.sum([(ONE, flat[place]), (ONE, value)])
    return made


def _elementwise(to: Normal, node: Node, inputs: list[Elements]) -> Elements:
    """A row that works element by element, on the elements of its arguments."""
    made = empty(node.shape)
    spread: list[Any] = [np.broadcast_to(x, made.shape) for x in inputs]
    for place in np.ndindex(made.shape):
        args = tuple(x[place] for x in spread)
        if node.op.name in LINEAR:
            made[place] = to.sum([(ONE, args[0]), (Fraction(LINEAR[node.op.name]), args[1])])
        else:
            made[place] = apply(to, node.op, node.params, args, ())
    return made


def _contract(to: Normal, node: Node, inputs: list[Elements]) -> Elements:
    """Every entry as a sum of products."""
    spec = node.params[0]
    size: dict[int, Any] = dict(sizes(spec, [i.shape for i in node.inputs]))
    summed = sorted(set(size) - set(spec.out))
    made = empty([size[l] for l in spec.out])
    coef = number(to, spec.coef)
    for place in np.ndindex(made.shape):
        where = dict(zip(spec.out, place, strict=True))
        if any(where[l] != p for l, p in zip(spec.out, place, strict=True)) or is_zero(coef):
            made[place] = scalar(0)
            continue
        terms = []
        for inner in every(*(range(size[l]) for l in summed)):
            at_ = where | dict(zip(summed, inner, strict=True))
            factors = [x[tuple(at_[l] for l in ls)] for x, ls in zip(inputs, spec.labels, strict=True)]
            if not any(is_zero(f) for f in factors):
                terms.append((ONE, to.product([(f, ONE, ()) for f in (coef, *factors)], ())))
        made[place] = to.sum(terms) if terms else scalar(0)
    return made


# By the name of the row; any other works element by element.
RULES: dict[str, Callable[[Normal, Node, list[Elements]], Elements]] = {
    **dict.fromkeys(STRUCTURE, _moved), "take": _take, "put": _put, CONTRACT.name: _contract,
}  # fmt: skip
