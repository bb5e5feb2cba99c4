"""Scalars and small arrays as straight-line Python over ``math``: every element of every array is a local variable.

About twenty times faster than NumPy on arrays of a few elements. What a row cannot say in scalar code is left to the array compiler
(`emit` answers None).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from itertools import product as indices
from typing import Any

import numpy as np

from calclang.ir import scalars
from calclang.ir.contract import Spec, sizes
from calclang.ir.dim import numbers
from calclang.ir.node import Node, order
from calclang.ops.averages import mean_of_numbers
from calclang.ops.control import Body, Choice
from calclang.ops.structure import read_index
from calclang.record import record

MOST_ELEMENTS = 16  # of one array; larger ones are faster in NumPy
MOST_LINES = 60_000

Atoms = Any  # an object array of texts: a local variable or a literal per element


def _small_norm(xs: Sequence[str]) -> str:
    """The length of a few numbers, without overflow."""
    return f"hypot({', '.join(xs)})"


# Rows of whole vectors that have a scalar form.
VECTORS: dict[str, Callable[..., str]] = {  # of the elements and the parameters
    "norm": _small_norm,
    "frobenius": _small_norm,
    "prod": lambda xs: " * ".join(xs) or "1.0",
    "mean": lambda xs, rank: f"mean({' + '.join(xs)}, {', '.join(xs)})",
}


@dataclass
class Code:
    """Lines ``target = expression`` over atoms, in order. Atoms that begin with ``t`` are temporaries."""

    lines: list[tuple[str, str, tuple[str, ...]]] = field(default_factory=list)
    known: dict[str, str] = field(default_factory=dict)
    space: dict[str, Any] = field(default_factory=dict)  # what the lines refer to, besides `NAMES`
    serial: count[int] = field(default_factory=count)

    def let(self, template: str, *operands: str) -> str:
        """A temporary for an expression; the same expression is computed once."""
        text = template.format(*operands)
        if text not in self.known:
            target = f"t{next(self.serial)}"
            self.lines.append((target, template, operands))
            self.known[text] = target
        return self.known[text]

    def refer(self, value: Any) -> str:
        """A name for a value that the code uses."""
        name = f"f{next(self.serial)}"
        self.space[name] = value
        return name


@record
class Listed:
    """A long vector that is only read at places: a Python list of this name."""

    name: str
    length: int


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
    code = Code()
    return code, into(code, outputs, inputs)


def into(code: Code, outputs: Sequence[Node], inputs: Mapping[Node, Atoms]) -> dict[Node, Atoms]:
    """Every needed node as atoms of ``code``. Raises `Unsupported`."""
    atoms = dict(inputs)
    for node in order(outputs):
        if node in atoms:
            continue
        if (node.shape and math.prod(numbers(node.shape)) > MOST_ELEMENTS) or len(code.lines) > MOST_LINES:
            raise Unsupported
        xs = [atoms[i] for i in node.inputs]
        if node.op.name != "gather" and any(isinstance(x, Listed) for x in xs):
            raise Unsupported
        atoms[node] = _node(code, node, xs)
    return atoms


def _node(code: Code, node: Node, xs: list[Atoms]) -> Atoms:
    """One operation, element by element, by the rule of its row or of its kind. Raises `Unsupported`."""
    if node.value is not None:
        return _filled(np.shape(node.value), lambda i: literal(np.asarray(node.value)[i]))
    rule = RULES.get(node.op.name) or KINDS.get(node.op.kind)
    if rule is None:
        raise Unsupported
    return rule(code, node, xs)


def _filled(shape: Sequence[Any], at: Callable[[Any], str]) -> Atoms:
    """An array of atoms, ``at`` each place."""
    result = np.empty(tuple(shape), dtype=object)
    if not shape:
        result[()] = at(())
        return result
    for index in np.ndindex(*result.shape):
        result[index] = at(index)
    return result


def _elementwise(code: Code, node: Node, xs: list[Atoms]) -> Atoms:
    """A function of numbers, of each element."""
    expression = scalars.template(node.op, node.params)
    if expression is None:
        raise Unsupported
    return _filled(node.shape, lambda i: code.let(expression, *(x[i] for x in xs)))


def _select(code: Code, node: Node, xs: list[Atoms]) -> Atoms:
    """One of two elements."""
    mask = np.broadcast_to(xs[0], numbers(node.shape))
    return _filled(node.shape, lambda i: code.let("({1} if {0} else {2})", mask[i], xs[1][i], xs[2][i]))


def _whole_vector(code: Code, node: Node, xs: list[Atoms]) -> Atoms:
    """A number of a whole vector."""
    if not xs[0].size:
        raise Unsupported
    names = tuple(str(x) for x in xs[0].ravel())
    template = VECTORS[node.op.name]([f"{{{k}}}" for k in range(len(names))], *node.params)
    return _filled((), lambda i: code.let(template, *names))


def _length_power(code: Code, node: Node, xs: list[Atoms]) -> Atoms:
    """A power of a multiple of a length. The length is a line of its own: slopes of the power have it, too."""
    names = tuple(str(x) for x in xs[0].ravel())
    if not names:
        raise Unsupported
    length = code.let(_small_norm([f"{{{k}}}" for k in range(len(names))]), *names)
    power, *factors = node.params
    multiple = code.let("{{0}} * {!r} / {!r}".format(*factors), length) if factors else length
    return _filled((), lambda i: code.let(f"mpow({{0}}, {power!r})", multiple))


def _contract(code: Code, node: Node, xs: list[Atoms]) -> Atoms:
    """A contraction written out: a sum of products per element."""
    spec: Spec = node.params[0]
    if not spec.out and not spec.free and not any(spec.labels):
        return _filled((), lambda i: _sum_of_products(code, _present(node, [[x.item() for x in xs]]), spec.coef))
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
            terms.append([str(x[tuple(where[l] for l in ls)]) for x, ls in zip(xs, spec.labels, strict=True)])
        return _sum_of_products(code, _present(node, terms), coef)

    return _filled(node.shape, at)


def _present(node: Node, terms: list[list[str]]) -> list[list[str]]:
    """The products that are not absent."""
    return [factors for factors in terms if "0.0" not in factors or not _structural_zero(node, factors)]


def _structural_zero(node: Node, factors: list[str]) -> bool:
    """A product with a zero that stands for an absent entry is absent, whatever else is infinite; a zero that the program wrote is a number."""
    return any(f == "0.0" and i.op.name in ("contract", "put", "stack", "concat", "reshape") and i.value is None for f, i in zip(factors, node.inputs, strict=True))


def _sum_of_products(code: Code, terms: list[list[str]], coef: float) -> str:
    """The atom of ``coef`` times a sum of products, each a list of factors."""
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


def _put(code: Code, node: Node, xs: list[Atoms]) -> Atoms:
    """Elements at their places among zeros; places that meet have no scalar form."""
    (g,), (places, shape) = xs, node.params
    lost = sum(not isinstance(p, int) for p in places)
    result = _filled(g.shape[: g.ndim - lost] + tuple(shape), lambda i: "0.0")
    if any(isinstance(p, tuple) and p[0] == "at" and len(set(p[1:])) < len(p) - 1 for p in places):
        raise Unsupported
    result[read_index(places)] = g
    return result


def _reshape(code: Code, node: Node, xs: list[Atoms]) -> Atoms:
    """The same atoms in another shape."""
    (x,), (rank, shape) = xs, node.params
    return np.reshape(x, x.shape[: x.ndim - rank] + tuple(shape))


def _gather(code: Code, node: Node, xs: list[Atoms]) -> Atoms:
    """Reading at places: fixed ones are known now, others are looked up."""
    (x, places), (rest,) = xs, node.params
    if isinstance(x, Listed):
        return _filled(places.shape, lambda i: code.let(f"{x.name}[place({{0}}, {x.length})]", places[i]))
    if x.ndim != rest + 1:
        raise Unsupported
    result = np.empty(places.shape + x.shape[1:], dtype=object)
    for index in np.ndindex(*result.shape):
        column = x[(slice(None), *index[places.ndim :])]
        listed = ", ".join(f"{{{k}}}" for k in range(1, len(column) + 1))
        result[index] = code.let(f"({listed},)[place({{0}}, {len(column)})]", places[index[: places.ndim]], *column)
    return result


def place(index: float, size: int) -> int:
    """A place counted from 0. Raises IndexError."""
    whole = int(index)
    if whole != index or not 0 <= whole < size:
        raise IndexError(index, size)
    return whole


# ---- choices and loops ---------------------------------------------------------------------------------


def _choose(code: Code, node: Node, xs: list[Atoms]) -> Atoms:
    """A conditional expression for each element: only the branch taken is computed."""
    choice: Choice = node.params[0]
    mask, given = xs[0], xs[1:]
    lead = mask.ndim
    spread = [x if p is None else np.moveaxis(x, range(p, p + lead), range(lead)) for x, p in zip(given, choice.places, strict=True)]
    values = np.empty(mask.shape + numbers(choice.then.outputs[0].shape), dtype=object)
    for index in np.ndindex(*mask.shape):
        inputs = [x if p is None else _array(x[index]) for x, p in zip(spread, choice.places, strict=True)]
        values[index] = _branches(code, mask[index], choice, inputs)
    if choice.out is None:
        return _filled(values.shape[lead:], lambda i: _added(code, list(values.reshape(-1, *values.shape[lead:])[(slice(None), *i)])))
    return np.moveaxis(values, range(lead), range(choice.out, choice.out + lead))


def _array(atom: Any) -> Atoms:
    """Atoms as an array; one as an array of rank 0."""
    return np.array(atom, dtype=object)


def _added(code: Code, terms: list[str]) -> str:
    """The atom of a sum."""
    return code.let(" + ".join(f"{{{k}}}" for k in range(len(terms))), *terms) if terms else "0.0"


def hidden(body: Body, atoms: Mapping[Node, Atoms]) -> list[str]:
    """Temporaries whose nan a comparison would hide: where one is nan the interpreter runs the body, and whoever asked is told."""
    hiding = [i for n in order(body.outputs) if n.op.hides_nan for i in n.inputs if not i.boolean]
    return list(dict.fromkeys(a for i in hiding for a in map(str, np.ravel(atoms[i])) if a[0] == "t"))


def vanished() -> None:
    """Leave the compiled code: a nan would be lost here."""
    raise ValueError


def _branches(code: Code, condition: str, choice: Choice, inputs: list[Atoms]) -> Any:
    """The atoms of a choice for one element."""
    outer: dict[str, str] = {condition: "{0}"}
    texts = [_branch(code, body, inputs, outer) for body in (choice.then, choice.otherwise)]
    shape = numbers(choice.then.outputs[0].shape)
    chosen = code.let(f"({texts[0]} if {{0}} else {texts[1]})", *outer)
    if not shape:
        return chosen
    count = math.prod(shape)
    return np.array([code.let(f"{{0}}[{k}]", chosen) for k in range(count)], dtype=object).reshape(shape)


def _branch(code: Code, body: Body, inputs: list[Atoms], outer: dict[str, str]) -> str:
    """A branch as one expression: its temporaries are named on the way. ``outer`` numbers the atoms that come from outside."""
    inner = Code(space=code.space, serial=code.serial)
    atoms = into(inner, body.outputs, dict(zip(body.inputs, inputs, strict=True)))
    own = {target for target, _, _ in inner.lines}

    def text(atom: str) -> str:
        if atom in own or not (atom[0].isalpha() and (atom[1:2].isdigit() or "_" in atom)):
            return atom  # a temporary of this branch, or a literal
        return outer.setdefault(atom, f"{{{len(outer)}}}")

    steps = []
    lost = own.intersection(hidden(body, atoms))
    for target, template, operands in inner.lines:
        steps.append(f"{target} := {template.format(*map(text, operands))}")
        steps += [f"{target} != {target} and vanished()"] if target in lost else []
    found = [text(str(a)) for a in np.ravel(atoms[body.outputs[0]])]
    result = found[0] if not body.outputs[0].rank else f"({', '.join(found)},)"
    return f"({', '.join(steps)}, {result})[-1]" if steps else result


def _loop(code: Code, node: Node, xs: list[Atoms]) -> Atoms:
    """A loop inside: a compiled function of its own."""
    from calclang.backends.python.control import compiled

    run = compiled(node.params[0])
    if run is None:
        raise Unsupported
    operands: list[str] = []
    texts = []
    for x in xs:
        places = [f"{{{len(operands) + k}}}" for k in range(x.size)]
        operands += [str(a) for a in x.ravel()]
        texts.append(places[0] if not x.ndim else f"array([{', '.join(places)}]).reshape({x.shape!r})")
    code.space["array"] = np.array
    packed = code.let(f"{code.refer(run)}({', '.join(texts)}).tolist()", *operands)
    return _filled(node.shape, lambda i: code.let(f"{{0}}[{i[0]}]", packed))


def _recursion(code: Code, node: Node, xs: list[Atoms]) -> Atoms:
    """A call of a function that calls itself: it runs on a stack of its own."""
    from calclang.backends.python.recursion import caller, compiled_body

    record, room = node.params
    if compiled_body(record) is None:
        raise Unsupported
    name = code.refer(caller(record, room))
    return _filled(xs[0].shape, lambda i: code.let(_called(name, len(xs)), *(x[i] for x in xs)))


def _called(name: str, count: int) -> str:
    """A call of ``count`` arguments."""
    return f"{name}({', '.join(f'{{{k}}}' for k in range(count))})"


def _again(code: Code, node: Node, xs: list[Atoms]) -> Atoms:
    """The call of a function in its own body, which yields its arguments and is sent the value. The last call of a body is its arguments."""
    given = f"{_called('', len(xs))[:-1]},)"
    return _filled((), lambda i: code.let(given if node.params[1] else f"(yield {given})", *(x[i] for x in xs)))


# ---- the rules -------------------------------------------------------------------------------------------

Rule = Callable[[Code, Node, list[Atoms]], Atoms]
RULES: dict[str, Rule] = {
    "select": _select,
    "take": lambda code, node, xs: np.asarray(xs[0][read_index(node.params[0])], dtype=object),
    "put": _put,
    "gather": _gather,
    "stack": lambda code, node, xs: np.stack(xs, axis=-(node.params[0] + 1)),
    "concat": lambda code, node, xs: np.concatenate(xs, axis=-node.params[0]),
    "reshape": _reshape,
    "choose": _choose,
    "loop": _loop,
    "recursion": _recursion,
    "again": _again,
    **dict.fromkeys(VECTORS, _whole_vector),
    **dict.fromkeys(("norm_power", "frobenius_power"), _length_power),
}
KINDS: dict[str, Rule] = {"contract": _contract, "fn": _elementwise}

NAMES: dict[str, Any] = scalars.NAMES | {"place": place, "mean": mean_of_numbers, "vanished": vanished}
