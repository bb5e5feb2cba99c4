"""Reading graph nodes (level D or P) as forms. Iterative; each node once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any, TypeAlias

import numpy as np

from calclang.ir import node as ir
from calclang.ir.apply import INPUT
from calclang.ir.contract import sizes
from calclang.ir.dim import Dim
from calclang.ir.node import Node
from calclang.ops import ROWS
from calclang.ops.contraction import CONTRACT
from calclang.ops.linear_algebra import inv as INV
from calclang.ops.structure import read_length
from calclang.transforms.formula.determinants import det_along
from calclang.transforms.formula.explicit import STRUCTURE, Elements, elements, is_explicit, packed, read_explicit, small
from calclang.transforms.formula.functions import LINEAR, apply
from calclang.transforms.formula.normal import Normal, TooBig
from calclang.transforms.formula.numeric import number
from calclang.transforms.formula.terms import ONE, Apply, Form, Product, Sum, array, split, variable

NODES = 6_000  # larger graphs have no formula that a person would read
Rule: TypeAlias = Callable[[Normal, Node, tuple[Form, ...]], Form]


def read(to: Normal, root: Node, written: bool = False) -> dict[Node, Form]:
    """The form of every node below ``root``. ``written``: the user wrote it, so its sums are remembered as they stand."""
    forms: dict[Node, Form] = {}
    names: dict[str, Node] = {}
    todo = [root]
    while todo:
        node = todo[-1]
        if node in forms:
            todo.pop()
            continue
        missing = [made for n in _below(node, forms) if (made := _formula_of(n)) is not None and made not in forms]
        if missing:
            todo += missing
            continue
        todo.pop()
        _read(to, node, forms, names, written)
    return forms


def _below(root: Node, forms: Mapping[Node, Form]) -> list[Node]:
    """The nodes below ``root`` that have no form yet, parts first. Raises `TooBig` where the graph is too large."""
    nodes = ir.order([root])
    if len(nodes) > NODES:
        raise TooBig
    return [n for n in nodes if n not in forms]


def _formula_of(node: Node) -> Node | None:
    """What a person writes for an operation that is built for accuracy."""
    rule = EXTRA.get(node.op.name) or node.op.facts.get("formula")
    return rule(*node.inputs, node, *node.params) if rule is not None else None


EXTRA: dict[str, Callable[..., Node | None]] = {"det_change": det_along, "cofactor": det_along}


def _read(to: Normal, root: Node, forms: dict[Node, Form], names: dict[str, Node], written: bool) -> None:
    """Give forms to a node and to all below it that have none yet."""
    nodes = _below(root, forms)
    explicit = to.explicit
    uses = Counter(child for node in nodes for child in node.inputs)
    whole = {c for n in nodes if n.op.name in LINEAR for c in n.inputs if c.op.name in LINEAR and uses[c] == 1 and c not in forms}
    inner = {n for n in whole if not small(n)}
    structured = bool(explicit) or any(n.op.name in STRUCTURE and small(n) or n.op.name == "take" for n in nodes)
    for node in nodes:
        if node in inner:
            continue
        made = _formula_of(node)
        if made is not None:
            forms[node] = forms[made]
            if made in explicit:
                explicit[node] = explicit[made]
            elif made.value is not None and small(made):
                explicit[node], structured = elements(to, forms[made]), True
        elif structured and is_explicit(node, explicit):
            array = read_explicit(to, node, [_elements(to, i, forms) for i in node.inputs])
            if node.rank:
                explicit[node] = array
            forms[node] = packed(to, array) if node.rank else array[()]
        else:
            forms[node] = _one(to, node, forms, inner, names, written)


def _elements(to: Normal, node: Node, forms: Mapping[Node, Form]) -> Elements:
    """The elements of an input of an explicit node."""
    if node in to.explicit:
        return to.explicit[node]
    form = forms[node]
    if node.rank:
        return elements(to, form)
    made = np.empty((), dtype=object)
    made[()] = form
    return made


def _one(to: Normal, node: Node, forms: Mapping[Node, Form], inner: set[Node], names: dict[str, Node], written: bool) -> Form:
    """The form of one node from those of its inputs."""
    if node.op is INPUT:
        return _variable(node, names)
    if node.value is not None:
        return number(to, node.value) if node.shape == () and not node.boolean else array(np.asarray(node.value))
    if node.op.name in LINEAR:
        return to.sum([(c, forms[n]) for c, n in _gather(node, inner)], written)
    rule = RULES.get(node.op.name)
    args = tuple(forms[i] for i in node.inputs)
    return rule(to, node, args) if rule else apply(to, node.op, node.params, args, node.shape)


def _variable(node: Node, names: dict[str, Node]) -> Form:
    """An input as a variable. Raises `TooBig` where another input has its name."""
    symbol = node.params[0]
    if names.setdefault(symbol.name, node) is not node:
        raise TooBig  # two variables of one name have no formula
    return variable(symbol.name, node.shape, symbol.facts)


def _gather(root: Node, inner: set[Node]) -> list[tuple[Fraction, Node]]:
    """The terms of a tree of sums, in order."""
    terms: list[tuple[Fraction, Node]] = []
    stack = [(ONE, root)]
    while stack:
        sign, node = stack.pop()
        if node is not root and node not in inner:
            terms.append((sign, node))
            continue
        a, b = node.inputs
        stack += [(sign * LINEAR[node.op.name], b), (sign, a)]
    return terms


# ---- rules of operations that are products ---------------------------------------------------------------


def _contract(to: Normal, node: Node, args: tuple[Form, ...]) -> Form:
    """A contraction as a product with the same labels."""
    spec = node.params[0]
    size = sizes(spec, [i.shape for i in node.inputs])
    coef = number(to, spec.coef)
    parts = [(a, ONE, ls) for a, ls in zip(args, spec.labels, strict=True)]
    return to.product([(coef, ONE, ()), *parts], spec.out, size)


def _solve(to: Normal, node: Node, args: tuple[Form, ...]) -> Form:
    """A \\ b is inv(A)*b, and written as it came."""
    a, b = args
    lead = tuple(range(2, b.rank + 1))
    inverse = apply(to, INV, (), (a,), a.shape)
    to.solved.add(a.key)
    return to.product([(inverse, ONE, (0, 1)), (b, ONE, (*lead, 1))], (*lead, 0))


def _inv(to: Normal, node: Node, args: tuple[Form, ...]) -> Form:
    """An inverse, remembered as one that the program itself writes."""
    to.inverted.add(args[0].key)
    return apply(to, INV, (), args, node.shape)


def _put(to: Normal, node: Node, args: tuple[Form, ...]) -> Form:
    """Parts among zeros, in a matrix: the part times unit vectors, eye(m)[:, 1]*x'. (In a vector they stand in their places.)"""
    places, shape = node.params
    if len(shape) == 1 and node.rank == 1:
        return apply(to, node.op, node.params, args, node.shape)
    lead = [f"d{k}" for k in range(node.rank - len(shape))]
    inner: list[str] = []
    parts: list[tuple[Form, Fraction, list[str]]] = []
    for axis, (place, size) in enumerate(zip(places, shape, strict=True)):
        if place is None:
            inner.append(f"a{axis}")
            continue
        chosen, own = _chosen(to, place, size, axis)
        inner += own
        parts.append((chosen, ONE, [f"a{axis}", *own]))
    size_of = {f"a{axis}": size for axis, size in enumerate(shape)} | dict(zip(lead, node.shape, strict=False))
    return to.product([(_in_units(to, args[0]), ONE, [*lead, *inner]), *parts], [*lead, *(f"a{axis}" for axis in range(len(shape)))], size_of)


def _in_units(to: Normal, form: Form) -> Form:
    """Numbers among zeros, in a vector, as multiples of unit vectors."""
    coef, body = split(form)
    if isinstance(body, Sum) and body.rank == 1:
        return to.sum([(coef * c, _in_units(to, x)) for c, x in body.terms])
    if not isinstance(body, Apply) or body.op.name != "put" or body.rank != 1 or body.args[0].rank:
        return form
    unit, _ = _chosen(to, body.params[0][0], body.shape[0], 0)
    return to.product([(body.args[0], ONE, ()), (unit, ONE, (0,))], (0,), None, coef)


def _take(to: Normal, node: Node, args: tuple[Form, ...]) -> Form:
    """Parts of an array; of deltas and ones alone a product with unit vectors."""
    (form,), places = args, node.params[0]
    if not isinstance(form, Product) or form.factors or form.rank < 3:
        return apply(to, node.op, node.params, args, node.shape)
    lead = form.rank - len(places)
    axes: list[Any] = list(range(form.rank))
    parts: list[tuple[Form, Fraction, list[Any]]] = [(form, ONE, list(axes))]
    out: list[Any] = axes[:lead]
    for axis, place in enumerate(places, start=lead):
        if place is None:
            out.append(axis)
            continue
        chosen, inner = _chosen(to, place, form.shape[axis], axis)
        parts.append((chosen, ONE, [axis, *inner]))
        out += inner
    return to.product(parts, out)


def _chosen(to: Normal, place: Any, size: Dim, axis: int) -> tuple[Form, list[str]]:
    """Columns of the identity: those that an axis is read at or put at. One column is a unit vector, and its own label is gone."""
    length = read_length(place, size)
    identity = to.product([], (0, 0), {0: size})
    inner = [] if length is None else [f"p{axis}"]
    return apply(to, ROWS["take"], ((None, place),), (identity,), (size, *(() if length is None else (length,)))), inner


RULES: dict[str, Rule] = {"put": _put, "take": _take, CONTRACT.name: _contract, "inv": _inv, "solve": _solve}
