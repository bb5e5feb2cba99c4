"""Scalars and small arrays as straight-line Python over ``math``: every element of every array is a line of its own.

About twenty times faster than NumPy on arrays of a few elements. An *atom* stands for an element: the number of the line that computes
it, or a text (a literal, an argument). Rows without a scalar form are called whole.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache, reduce
from itertools import product as indices
from typing import Any, TypeAlias

import numpy as np

from calclang.backends.python.ieee import lenient
from calclang.ir.contract import Spec, sizes
from calclang.ir.dim import numbers
from calclang.ir.node import Node, order
from calclang.ops.structure import read_index

MOST_ELEMENTS = 16  # of one array; larger ones are faster in NumPy
MOST_LINES = 1_000_000
MOST_TERMS = 64  # of one element of a product

Atom: TypeAlias = "int | str"
Atoms: TypeAlias = Any  # an atom, or an object array of atoms
Line: TypeAlias = tuple[str, tuple[Atom, ...]]

NOTHING = "0."  # an entry that is not there (a structural zero, strong by rule R6); a zero that the program wrote is "0.0"
COMPARISONS = frozenset({"less", "less_equal", "equal", "not_equal"})


@dataclass
class Code:
    """Lines in order. A template that ends in a colon is a test: where it holds, the general path decides."""

    lines: list[Line] = field(default_factory=list)
    known: dict[Line, int] = field(default_factory=dict)
    references: dict[str, Any] = field(default_factory=dict)
    answer: Callable[[str], str] = str  # makes the templates lenient in the second form

    def let(self, template: str, *operands: Atom) -> Atom:
        """An atom for an expression; the same expression is computed once."""
        line = (template, operands)
        found = self.known.get(line)
        if found is None:
            found = self.known[line] = len(self.lines)
            self.lines.append(line)
        return found

    def unless(self, template: str, *operands: Atom) -> None:
        """Leave the compiled path where ``template`` holds."""
        self.lines.append((f"if {template}:", operands))

    def refer(self, value: Any) -> str:
        """A name for a value that the code uses."""
        name = f"k{len(self.references)}"
        self.references[name] = value
        return name


class Unsupported(Exception):
    """This graph has no scalar form."""


def literal(x: Any) -> str:
    """A constant as Python text."""
    if isinstance(x, bool | np.bool_):
        return str(bool(x))
    x = float(x)
    if not math.isfinite(x):
        return "nan" if x != x else "inf" if x > 0 else "(-inf)"
    return repr(x) if math.copysign(1.0, x) > 0 else f"({x!r})"


def scalarise(
    outputs: Sequence[Node], guards: Sequence[tuple[Node, Any]], inputs: Mapping[Node, Atoms], ieee: bool = False
) -> tuple[Code, dict[Node, Atoms]]:
    """Every needed node as atoms; guards come first, each tested as soon as it is known. Raises `Unsupported`."""
    code, atoms = Code(answer=lenient if ieee else str), dict(inputs)
    for node, value in guards:
        _add(code, atoms, [node])
        test = f"{{0}} is not {value}" if isinstance(value, bool) else f"{{0}} != {literal(value)}"
        code.unless(test, atoms[node])
    _add(code, atoms, outputs)
    return code, atoms


def _add(code: Code, atoms: dict[Node, Atoms], outputs: Sequence[Node]) -> None:
    if len(outputs) == 1 and outputs[0] in atoms:
        return
    for node in order(outputs):
        if node not in atoms:
            if node.shape and math.prod(numbers(node.shape)) > MOST_ELEMENTS or len(code.lines) > MOST_LINES:
                raise Unsupported
            atoms[node] = _node(code, node, [atoms[i] for i in node.inputs])


def _node(code: Code, node: Node, xs: list[Atoms]) -> Atoms:
    """One operation, element by element."""
    op = node.op
    if node.value is not None:
        return literal(node.value) if not node.shape else _filled(node.shape, lambda i: literal(node.value[i]))
    if op.kind == "contract":
        return _scalar_product(code, node.params[0].coef, xs) if not any(map(_rank, xs)) and not node.shape else _contract(code, node, xs)
    if op.kind == "fn":
        return _elementwise(code, node, xs)
    if op.name in STRUCTURE:
        return _plain(STRUCTURE[op.name](code, xs, *node.params))
    if op.name in VECTORS and xs[0].ndim and xs[0].size:
        return VECTORS[op.name](code, list(xs[0].ravel()))
    return _whole(code, node, xs)


def _rank(x: Atoms) -> int:
    return x.ndim if isinstance(x, np.ndarray) else 0


def _plain(x: Atoms) -> Atoms:
    """An array of rank zero is its element."""
    return x.item() if isinstance(x, np.ndarray) and not x.ndim else x


def _array(x: Atoms) -> Any:
    if isinstance(x, np.ndarray):
        return x
    result = np.empty((), dtype=object)
    result[()] = x
    return result


def _filled(shape: Sequence[Any], at: Callable[[Any], Atom]) -> Any:
    result = np.empty(tuple(shape), dtype=object)
    for index in np.ndindex(*result.shape):
        result[index] = at(index)
    return result


# ---- elementwise ------------------------------------------------------------------------------------------


def _elementwise(code: Code, node: Node, xs: list[Atoms]) -> Atoms:
    make = _maker(code, node)
    return make(*xs) if not node.shape else _filled(node.shape, lambda i: make(*[x[i] for x in xs]))


def _maker(code: Code, node: Node) -> Callable[..., Atom]:
    """What makes an element of an elementwise operation of the elements of its arguments."""
    op = node.op
    if op.name == "add":
        return lambda x, y: y if x == NOTHING else x if y == NOTHING else code.let("{0} + {1}", x, y)
    if op.name == "sub":
        return lambda x, y: x if y == NOTHING else code.let("-{0}", y) if x == NOTHING else code.let("{0} - {1}", x, y)
    if op.name in COMPARISONS:
        return lambda x, y: _compare(code, op.name == "not_equal", op.scalar, x, y)
    template = _template(op.name, op.native, op.scalar, len(node.inputs), node.params)
    if template is None:
        name = code.refer(_quiet(op.eval, node.params))
        return lambda *xs: code.let(f"{name}({', '.join(f'{{{k}}}' for k in range(len(xs)))})", *xs)
    answer = code.answer(template)
    if op.name == "pow":
        return lambda x, y: _power_of(code, answer, x, y)
    return lambda *xs: code.let(answer, *xs)


def _compare(code: Code, unlike: bool, template: str, x: Atom, y: Atom) -> Atom:
    """A comparison. A nan that was born may not vanish in it; only the side that a nan falls to is tested, and no argument or literal."""
    found = code.let(template, x, y)
    born = [a for a in (x, y) if isinstance(a, int)]
    if born and found == len(code.lines) - 1:
        nan = " or ".join(f"{{{k + 1}}} != {{{k + 1}}}" for k in range(len(born)))
        code.unless(f"{'' if unlike else 'not '}{{0}} and ({nan})", found, *born)
    return found


def _power_of(code: Code, template: str, x: Atom, y: Atom) -> Atom:
    """x^y; 1^nan and nan^0 are 1, so a nan is looked for."""
    for a in (x, y):
        if isinstance(a, int):
            code.unless("{0} != {0}", a)
    return code.let(template, x, y)


@lru_cache(4_096)
def _template(name: str, native: str, scalar: str, arity: int, params: tuple[Any, ...]) -> str | None:
    """The scalar expression of an elementwise row; None where it has none."""
    if name == "power":
        return _power(params[0])
    if params:
        return None
    if native:
        return f"{native}({', '.join(f'{{{k}}}' for k in range(arity))})"
    return scalar or None


def _power(n: float) -> str:
    if n == int(n) and 1 <= n <= 4:
        return " * ".join(["{0}"] * int(n))
    return {0.5: "sqrt({0} + 0.0)", -1.0: "1.0 / {0}"}.get(n, f"pow({{0}}, {n!r})")


def _quiet(eval: Callable[..., Any], params: tuple[Any, ...]) -> Callable[..., float]:
    """An elementwise row without scalar form, by NumPy."""

    def call(*xs: float) -> float:
        with np.errstate(all="ignore"):
            return float(eval(np, *xs, *params))

    return call


# ---- whole arrays -----------------------------------------------------------------------------------------


def _largest(code: Code, sign: str, xs: list[Atom]) -> Atom:
    """The largest or smallest of some numbers; a nan stays."""
    template = f"({{0}} if {{0}} {sign}= {{1}} else {{1}} if {{1}} {sign} {{0}} else {{0}} + {{1}})"
    return reduce(lambda x, y: code.let(template, x, y), xs)


def _hypot(code: Code, xs: list[Atom]) -> Atom:
    return code.let(f"hypot({', '.join(f'{{{k}}}' for k in range(len(xs)))})", *xs)


# Rows of whole vectors that have a scalar form.
VECTORS: dict[str, Callable[[Code, list[Atom]], Atom]] = {
    "norm": _hypot,
    "frobenius": _hypot,
    "prod": lambda code, xs: reduce(lambda x, y: code.let("{0} * {1}", x, y), xs),
    "largest": lambda code, xs: _largest(code, ">", xs),
    "smallest": lambda code, xs: _largest(code, "<", xs),
}


def _whole(code: Code, node: Node, xs: list[Atoms]) -> Atoms:
    """A row without scalar form: one call on the arrays made of the elements."""
    shapes = [_array(x).shape for x in xs]
    name = code.refer(_gathered(node, shapes))
    operands = [a for x in xs for a in _array(x).ravel()]
    result = code.let(f"{name}({', '.join(f'{{{k}}}' for k in range(len(operands)))})", *operands)
    if not node.shape:
        return code.let("{0}[0]", result)
    return _filled(node.shape, lambda i: code.let(f"{{0}}[{np.ravel_multi_index(i, numbers(node.shape))}]", result))


def _gathered(node: Node, shapes: Sequence[tuple[int, ...]]) -> Callable[..., list[Any]]:
    """The row as a function of all elements of its arguments, one after another; gives the list of the elements of its result."""
    starts = np.cumsum([0, *(math.prod(s) for s in shapes)]).tolist()
    parts = [(a, b, s) for a, b, s in zip(starts, starts[1:], shapes, strict=False)]
    eval, params = node.op.eval, node.params

    def call(*xs: float) -> list[Any]:
        arrays = [np.array(xs[a:b]).reshape(s) if s else xs[a] for a, b, s in parts]
        with np.errstate(all="ignore"):
            return np.ravel(eval(np, *arrays, *params)).tolist()  # type: ignore[no-any-return]

    return call


# ---- products ---------------------------------------------------------------------------------------------


def _scalar_product(code: Code, coef: float, xs: Sequence[Atom]) -> Atom:
    """A product of numbers, the coefficient first."""
    if NOTHING in xs:
        return NOTHING
    xs = [x for x in xs if x != "1.0"]
    if not xs:
        return literal(coef)
    if coef == 1:
        return xs[0] if len(xs) == 1 else code.let(_factors(len(xs)), *xs)
    if len(xs) > 1 and (found := code.known.get((f"{literal(coef)} * {{0}}", (xs[0],)))) is not None:
        return code.let(_factors(len(xs)), found, *xs[1:])
    return code.let(f"-{_factors(len(xs))}" if coef == -1 else f"{literal(coef)} * {_factors(len(xs))}", *xs)


@lru_cache(256)
def _factors(count: int) -> str:
    return " * ".join(f"{{{k}}}" for k in range(count))


def _contract(code: Code, node: Node, xs: list[Atoms]) -> Atoms:
    """A contraction, element by element."""
    spec: Spec = node.params[0]
    found = sizes(spec, [i.shape for i in node.inputs])
    size = dict(zip(found, numbers(tuple(found.values())), strict=True))
    inner = sorted(label for label in spec.summed if any(label in ls for ls in spec.labels))
    coef = spec.coef * math.prod(size[label] for label, _ in spec.free if label not in spec.out)
    if math.prod(size[l] for l in inner) > MOST_TERMS:
        raise Unsupported
    if not xs and coef == 0:
        return _plain(_filled(node.shape, lambda index: NOTHING))
    factors = [(_array(x), ls) for x, ls in zip(xs, spec.labels, strict=True)]
    insides = [dict(zip(inner, inside, strict=True)) for inside in indices(*(range(size[l]) for l in inner))]

    def at(index: tuple[int, ...]) -> Atom:
        place: dict[int, int] = {}
        for label, k in zip(spec.out, index, strict=True):
            if place.setdefault(label, k) != k:
                return NOTHING  # off the diagonal of a delta
        wheres = [place | inside for inside in insides]
        return _sum_of_products(code, [[x[tuple(where[l] for l in ls)] for x, ls in factors] for where in wheres], coef)

    return _plain(_filled(node.shape, at))


def _sum_of_products(code: Code, terms: list[list[Atom]], coef: float) -> Atom:
    """``coef * (x0*y0 + x1*y1 + …)`` in one line; entries that are not there are left out."""
    terms = [[f for f in term if f != "1.0"] for term in terms if NOTHING not in term]
    if not terms:
        return NOTHING
    if len(terms) == 1:
        return _scalar_product(code, coef, terms[0])
    if not any(terms):
        return literal(coef * len(terms))
    names: dict[Atom, int] = {}
    texts = [" * ".join(f"{{{names.setdefault(f, len(names))}}}" for f in term) or "1.0" for term in terms]
    return _scalar_product(code, coef, [code.let(" + ".join(texts), *names)])


# ---- parts and wholes ---------------------------------------------------------------------------------------


def _put(code: Code, xs: list[Atoms], places: Any, shape: Any) -> Any:
    g = _array(xs[0])
    lost = sum(not isinstance(p, int) for p in places)
    if any(isinstance(p, tuple) and p[0] == "at" and len(set(p[1:])) < len(p) - 1 for p in places):
        raise Unsupported
    result = _filled(g.shape[: g.ndim - lost] + tuple(shape), lambda i: NOTHING)
    result[read_index(places)] = g
    return result


def _select(code: Code, xs: list[Atoms]) -> Any:
    mask, a, b = (_array(x) for x in xs)
    mask = np.broadcast_to(mask, a.shape)
    return _filled(a.shape, lambda i: code.let("({1} if {0} else {2})", mask[i], a[i], b[i]))


STRUCTURE: dict[str, Callable[..., Any]] = {
    "take": lambda code, xs, places: _array(xs[0])[read_index(places)],
    "put": _put,
    "stack": lambda code, xs, rank: np.stack([_array(x) for x in xs], axis=-(rank + 1)),
    "concat": lambda code, xs, axis: np.concatenate(xs, axis=-axis),
    "reshape": lambda code, xs, rank, shape: np.reshape(_array(xs[0]), _array(xs[0]).shape[: _array(xs[0]).ndim - rank] + tuple(shape)),
    "select": _select,
}
