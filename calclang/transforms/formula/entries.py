"""Formulas by entries: results of rank above two, and products that have no matrix notation.

The same reduction, with all output labels as terminals; what is left is written entry by entry:
``[2*(V'*V)[j, l]*delta(i, k) for i in 1..m, …]``. Labels that cannot be summed away become an inner ``sum(… for p in 1..n)``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction

from calclang.ir.dim import Dim
from calclang.ops.base import ROWS
from calclang.record import record
from calclang.syntax import tree as t
from calclang.transforms.formula import names
from calclang.transforms.formula.linearise import Graph, graph_of, reduced
from calclang.transforms.formula.matrices import ONE, Atom, Expr, Had, Mat, atom, call, gathered, times, whole
from calclang.transforms.formula.summands import Term
from calclang.transforms.formula.terms import Factor, Form, Product

Sized = Callable[[Dim], Expr]


def indexed(e: Expr, places: Sequence[Expr], arrays: Mapping[str, bool]) -> Expr:
    """``e[places]``, the index pushed through transposition and elementwise operations on names.

    ``arrays`` says of each name in sight whether it is an array.
    """
    if isinstance(e, t.Prime):
        return indexed(e.operand, places[::-1], arrays)
    pushed = _pushed(e, places, arrays)
    return t.Index(e, tuple(places)) if pushed is None else pushed


UNDOTTED = {".^": "^", ".*": "*", "./": "/", "+": "+", "-": "-"}


def _pushed(e: Expr, places: Sequence[Expr], arrays: Mapping[str, bool]) -> Expr | None:
    """The entry of an elementwise expression of names; None for anything else."""
    if isinstance(e, t.Number):
        return e
    if isinstance(e, t.Name):
        return (t.Index(e, tuple(places)) if arrays[e.id] else e) if e.id in arrays else None
    if isinstance(e, t.Unary):
        inner = _pushed(e.operand, places, arrays)
        return None if inner is None else t.Unary(e.op, inner)
    if isinstance(e, t.Binary) and e.op in UNDOTTED:
        left, right = _pushed(e.left, places, arrays), _pushed(e.right, places, arrays)
        return None if left is None or right is None else t.Binary(UNDOTTED[e.op], left, right)
    if isinstance(e, t.Index) and sum(isinstance(i, t.Whole) for i in e.indices) == len(places):  # A[:, 2][i] is A[i, 2]
        rest = iter(places)
        return t.Index(e.target, tuple(next(rest) if isinstance(i, t.Whole) else i for i in e.indices))
    if isinstance(e, t.Call) and isinstance(e.function, t.Name):
        return _pushed_call(e, e.function.id, places, arrays)
    return None


def _pushed_call(e: t.Call, name: str, places: Sequence[Expr], arrays: Mapping[str, bool]) -> Expr | None:
    """The entry of an elementwise function of names, or of ones and zeros; None for any other call."""
    if name in ("ones", "zeros"):
        return whole(int(name == "ones"))
    row = ROWS.get(name)
    inner = [_pushed(a, places, arrays) for a in e.arguments]
    if row is None or row.kind != "fn" or any(a is None for a in inner):
        return None
    return t.Call(e.function, tuple(a for a in inner if a is not None))


def _scalars_of(mat: Mat, power: Fraction, places: Sequence[Expr], arrays: Mapping[str, bool]) -> list[tuple[Mat, Fraction]]:
    """The entry at ``places`` of a power of a matrix or a vector, as scalar factors."""
    parts = mat.parts if isinstance(mat, Had) else ((mat, ONE),)
    return [(atom(indexed(m.tree, places, arrays)), p * power) for m, p in parts]


@record
class Means:
    """What entries are written with.

    ``single(base, power)`` is a factor as one term, ``element(form, places)`` one element of a factor of rank above two, ``sized(dim)`` a size.
    ``taken`` are the names that no index may have; ``arrays`` says of each name in sight whether it is an array.
    """

    single: Callable[[Form, Fraction], Term]
    element: Callable[[Form, Sequence[Expr]], Term]
    sized: Sized
    taken: frozenset[str]
    arrays: Mapping[str, bool]


def entry(product: Product, places: Sequence[Expr], means: Means) -> Term:
    """The entry of a product at ``places``, one per axis of it.

    The index graph is reduced as far as it goes. Of the labels that it still has, those of the output stand at the given places, and each
    other one gets an index that is summed over.
    """
    thick = [f for f in product.factors if f.base.rank > 2]
    graph = graph_of(product, means.single, means.sized, [f for f in product.factors if f.base.rank <= 2])
    assert graph is not None
    graph.terminals = tuple(dict.fromkeys([*product.out, *(l for f in thick for l in f.labels)]))
    reduced(graph)
    at, deltas = _given_places(product.out, places)
    summed = _summed(graph, at, means.taken.union(*map(t.mentioned, places)))
    at |= {label: t.Name(index) for label, index in summed.items()}
    return _closed(graph, _factors(graph, thick, at, means), deltas, summed, means.sized)


def _given_places(out: Sequence[int], places: Sequence[Expr]) -> tuple[dict[int, Expr], list[Mat]]:
    """The place of each output label; where one stands twice, a delta for its second place."""
    at: dict[int, Expr] = {}
    deltas: list[Mat] = []
    for label, place in zip(out, places, strict=True):
        if label in at:
            deltas.append(atom(call("delta", at[label], place)))
        else:
            at[label] = place
    return at, deltas


def _summed(graph: Graph, at: Mapping[int, Expr], used: frozenset[str]) -> dict[int, str]:
    """An index for each label that has no place, by a name that is not ``used``."""
    found: dict[int, str] = {}
    labels = {l for e in graph.edges for l in (e.a, e.b)} | set(graph.vectors) | set(graph.terminals)
    for label in sorted(labels - set(at), key=str):
        found[label] = names.index(used | set(found.values()))
    return found


def _factors(graph: Graph, thick: Sequence[Factor], at: Mapping[int, Expr], means: Means) -> list[tuple[Mat, Fraction]]:
    """What is left of a product, at the places of its labels, as scalar factors; numbers go to the coefficient of the graph."""
    found: list[tuple[Mat, Fraction]] = []
    for f in thick:
        x = means.element(f.base, [at[l] for l in f.labels])
        graph.coef *= x.coef if f.power == 1 else ONE
        found += x.scalars if f.power == 1 else [(atom(x.signed), f.power)]
    placed: list[tuple[tuple[Mat, Fraction], tuple[Expr, ...]]] = [(part, (at[e.a], at[e.b])) for e in graph.edges for part in e.parts]
    placed += [(part, (at[label],)) for label, parts in graph.vectors.items() for part in parts]
    return found + [x for (mat, power), where in placed for x in _scalars_of(mat, power, where, means.arrays)]


def _closed(graph: Graph, local: list[tuple[Mat, Fraction]], deltas: list[Mat], summed: Mapping[int, str], sized: Sized) -> Term:
    """The whole entry; what depends on an index that is summed over stands inside its sum."""
    pairs = [(d, ONE) for d in deltas]
    if not summed:
        return Term(graph.coef, gathered([*graph.scalars, *local, *pairs]))
    clauses = tuple(t.Clause(name, t.Range(whole(1), None, sized(graph.size[label]))) for label, name in summed.items())
    body = Term(ONE, gathered(local)).bare
    inner = atom(call("sum", t.Comprehension(body, clauses, bare=True)))
    return Term(graph.coef, gathered([*graph.scalars, (inner, ONE), *pairs]))


def comprehension(body: Expr, shape: Sequence[Dim], letters: Sequence[str], sized: Sized) -> Mat:
    """``[body for i in 1..m, j in 1..n]`` as an expression of its own."""
    clauses = tuple(t.Clause(n, t.Range(whole(1), None, sized(d))) for n, d in zip(letters, shape, strict=True))
    made = t.Comprehension(body, clauses)
    turned = t.Comprehension(body, clauses[::-1]) if len(shape) == 2 else made
    return Atom(True, len(shape) > 1, made, turned if len(shape) == 2 else t.Prime(made))


__all__ = ["Means", "comprehension", "entry", "indexed", "times"]
