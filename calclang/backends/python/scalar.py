"""Scalars and small arrays as straight-line Python over ``math``: every element of every array is a local variable.

About twenty times faster than NumPy on arrays of a few elements. What a row cannot say in scalar code is left to the array compiler
(`emit` answers None).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product as indices
from typing import Any

import numpy as np

from calclang.ir.contract import Spec, sizes
from calclang.ir.dim import numbers
from calclang.ir.node import Node, order
from calclang.ops.structure import read_index

MOST_ELEMENTS = 16  # of one array; larger ones are faster in NumPy
MOST_LINES = 60_000

Atoms = Any  # an object array of texts: a local variable or a literal per element


def _small_norm(xs: Sequence[str]) -> str:
    return f"hypot({', '.join(xs)})"


# Rows of whole vectors that have a scalar form.
VECTORS: dict[str, Callable[[Sequence[str]], str]] = {
    "norm": _small_norm,
    "frobenius": _small_norm,
    "prod": lambda xs: " * ".join(xs) or "1.0",
}


@dataclass
class Code:
    """Lines ``target = expression`` over atoms, in order. Atoms that begin with ``t`` are temporaries."""

    lines: list[tuple[str, str, tuple[str, ...]]] = field(default_factory=list)
    known: dict[str, str] = field(default_factory=dict)

    def let(self, template: str, *operands: str) -> str:
        """A temporary for an expression; the same expression is computed once."""
        text = template.format(*operands)
        if text not in self.known:
            target = f"t{len(self.lines)}"
            self.lines.append((target, template, operands))
            self.known[text] = target
        return self.known[text]


class Unsupported(Exception):
    """This graph has no scalar form."""


def literal(x: Any) -> str:
    """A constant as Python text."""
    if isinstance(x, bool | np.bool_):
        return str(bool(x))
    x = float(x)
    if math.isnan(x) or math.isinf(x):
        return "nan" if x != x else "inf" if x > 0 else "(-inf)"
    return repr(x) if math.copysign(1.0, x) > 0 else f"({x!r})"


def scalarise(outputs: Sequence[Node], inputs: Mapping[Node, Atoms]) -> tuple[Code, dict[Node, Atoms]]:
    """Every needed node as atoms. Raises `Unsupported`."""
    code, atoms = Code(), dict(inputs)
    for node in order(outputs):
        if node in atoms:
            continue
        if math.prod(numbers(node.shape)) > MOST_ELEMENTS or len(code.lines) > MOST_LINES:
            raise Unsupported
        atoms[node] = _node(code, node, [atoms[i] for i in node.inputs])
    return code, atoms


def _node(code: Code, node: Node, xs: list[Atoms]) -> Atoms:
    """One operation, element by element."""
    op = node.op
    if node.value is not None:
        return _filled(np.shape(node.value), lambda i: literal(np.asarray(node.value)[i]))
    if op.kind == "contract":
        return _contract(code, node, xs)
    if op.name in STRUCTURE:
        return STRUCTURE[op.name](code, xs, *node.params)
    if op.name == "select":
        mask = np.broadcast_to(xs[0], numbers(node.shape))
        return _filled(node.shape, lambda i: code.let("({1} if {0} else {2})", mask[i], xs[1][i], xs[2][i]))
    if op.name in VECTORS and xs[0].size:
        names = tuple(str(x) for x in xs[0].ravel())
        template = VECTORS[op.name]([f"{{{k}}}" for k in range(len(names))])
        return _filled((), lambda i: code.let(template, *names))
    if op.kind != "fn":
        raise Unsupported
    template = _template(node)
    return _filled(node.shape, lambda i: code.let(template, *(x[i] for x in xs)))


def _template(node: Node) -> str:
    """The scalar expression of an elementwise row."""
    op = node.op
    if op.name == "power":
        return _power(node.params[0])
    if op.native and op.name != "pow":
        return f"{op.native}({', '.join(f'{{{k}}}' for k in range(len(node.inputs)))})"
    if op.name == "pow":
        return "mpow({0}, {1})"
    if not op.scalar or node.params:
        raise Unsupported
    return f"({op.scalar})" if op.scalar[0] != "(" else op.scalar


def _power(n: float) -> str:
    if n == int(n) and 1 <= n <= 4:
        return " * ".join(["{0}"] * int(n))
    return {0.5: "sqrt({0} + 0.0)", -1.0: "1.0 / {0}"}.get(n, f"mpow({{0}}, {n!r})")


def _filled(shape: Sequence[Any], at: Callable[[Any], str]) -> Atoms:
    result = np.empty(tuple(shape), dtype=object)
    for index in np.ndindex(*result.shape):
        result[index] = at(index)
    return result


def _contract(code: Code, node: Node, xs: list[Atoms]) -> Atoms:
    """A contraction written out: a sum of products per element."""
    spec: Spec = node.params[0]
    found = sizes(spec, [i.shape for i in node.inputs])
    size = dict(zip(found, numbers(tuple(found.values())), strict=True))
    inner = sorted(label for label in spec.summed if any(label in ls for ls in spec.labels))
    coef = spec.coef
    for label, _ in spec.free:
        coef *= size[label] if label not in spec.out else 1
    if math.prod([size[l] for l in inner]) > 64:
        raise Unsupported

    def at(index: tuple[int, ...]) -> str:
        place: dict[int, int] = {}
        for label, k in zip(spec.out, index, strict=True):
            if place.setdefault(label, k) != k:
                return "0.0"  # off the diagonal of a delta
        terms = []
        for inside in indices(*(range(size[l]) for l in inner)):
            where = place | dict(zip(inner, inside, strict=True))
            factors = [str(x[tuple(where[l] for l in ls)]) for x, ls in zip(xs, spec.labels, strict=True)]
            if "0.0" not in factors or not _structural_zero(node, factors):
                terms.append(factors)
        return _sum_of_products(code, terms, coef)

    return _filled(node.shape, at)


def _structural_zero(node: Node, factors: list[str]) -> bool:
    """A product with a zero that stands for an absent entry is absent (rule R6); a zero that the program wrote is a number."""
    return any(f == "0.0" and i.op.name in ("contract", "put", "stack", "concat", "reshape") and i.value is None for f, i in zip(factors, node.inputs, strict=True))


def _sum_of_products(code: Code, terms: list[list[str]], coef: float) -> str:
    if not terms or (not terms[0] and coef == 0):
        return "0.0"
    names = tuple(dict.fromkeys(f for term in terms for f in term))
    place = {name: f"{{{k}}}" for k, name in enumerate(names)}
    texts = []
    for term in terms:
        ones = [place[f] for f in term if f != "1.0"]
        texts.append(" * ".join(ones) or "1.0")
    body = " + ".join(texts)
    if coef == 1:
        if len(terms) == 1 and body == "{0}":
            return names[0]
        return literal(len(terms)) if set(texts) == {"1.0"} else code.let(f"({body})" if len(terms) > 1 else body, *names)
    if body == "1.0":
        return literal(coef)
    if len(terms) > 1:
        body = f"({body})"
    return code.let(f"-{body}" if coef == -1 else f"{literal(coef)} * {body}", *names)


def _put(code: Code, xs: list[Atoms], places: Any, shape: Any) -> Atoms:
    g = xs[0]
    lost = sum(not isinstance(p, int) for p in places)
    result = _filled(g.shape[: g.ndim - lost] + tuple(shape), lambda i: "0.0")
    if any(isinstance(p, tuple) and p[0] == "at" and len(set(p[1:])) < len(p) - 1 for p in places):
        raise Unsupported
    result[read_index(places)] = g
    return result


STRUCTURE: dict[str, Callable[..., Atoms]] = {
    "take": lambda code, xs, places: np.asarray(xs[0][read_index(places)], dtype=object),
    "put": _put,
    "stack": lambda code, xs, rank: np.stack(xs, axis=-(rank + 1)),
    "concat": lambda code, xs, axis: np.concatenate(xs, axis=-axis),
    "reshape": lambda code, xs, rank, shape: np.reshape(xs[0], xs[0].shape[: xs[0].ndim - rank] + tuple(shape)),
}


NAMES: dict[str, Any] = {
    name: getattr(math, name)
    for name in (
        "acos acosh asin asinh atan atan2 atanh cbrt ceil copysign cos cosh erf erfc exp expm1 fabs floor gamma hypot lgamma log log10 log1p "
        "log2 sin sinh sqrt tan tanh inf nan"
    ).split()
} | {"mpow": math.pow}


def written(code: Code, wanted: Sequence[str]) -> tuple[list[str], dict[str, str]]:
    """The lines as Python, names used again after their last use; and what each wanted atom is called."""
    last: dict[str, int] = {}
    for number, (target, _, operands) in enumerate(code.lines):
        last[target] = number
        last.update(dict.fromkeys(operands, number))
    last.update(dict.fromkeys(wanted, len(code.lines)))
    names: dict[str, str] = {}
    free: list[str] = []
    made = 0
    lines = []
    for number, (target, template, operands) in enumerate(code.lines):
        text = template.format(*(names.get(o, o) for o in operands))
        for operand in set(operands):
            if operand in names and last[operand] == number:
                free.append(names[operand])
        if not free:
            free.append(f"v{made}")
            made += 1
        names[target] = free.pop()
        lines.append(f"{names[target]} = {text}")
    return lines, names
