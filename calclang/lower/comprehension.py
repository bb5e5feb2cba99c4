"""Comprehensions: ``[body for i in …, j in … if …]``.

The body is traced once with symbolic elements and batched: all elements at once, as array operations. Where that does not go (a choice
that needs values, shapes that vary, a row without a batched form) it is traced element by element.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from calclang import errors
from calclang.errors import CalcError
from calclang.ir.apply import const, input_node
from calclang.ir.dim import known
from calclang.ir.node import Node, Symbol
from calclang.lower.arrays import range_vector
from calclang.lower.control import elements
from calclang.lower.lowered import Arr, Low, Rng, Scope, scalar
from calclang.lower.trace import Mark, Undecided
from calclang.ops import ROWS
from calclang.syntax import tree
from calclang.transforms.batch import CannotBatch, batch, lead

if TYPE_CHECKING:
    from calclang.lower.evaluate import Lowering, Step

FEWEST = 8  # elements; fewer are written out


def comprehension(lowering: Lowering, e: tree.Comprehension, scope: Scope | None) -> Step:
    """The array of all elements, batched if possible."""
    if e not in lowering.one_by_one:
        mark, known_elements = lowering.trace.mark(), dict(lowering.trace.elements)
        try:
            return (yield batched(lowering, e, scope))
        except (Undecided, CannotBatch, CalcError):
            lowering.trace.back(mark)
            lowering.trace.elements = known_elements
            lowering.one_by_one.add(e)
    return (yield written_out(lowering, e, scope))


# ---- all at once ------------------------------------------------------------------------------------


def batched(lowering: Lowering, e: tree.Comprehension, scope: Scope | None) -> Step:
    """Clause by clause: each adds a leading axis. Raises `CannotBatch` and what tracing the body raises."""
    mark = lowering.trace.mark()
    inner = Scope({}, scope, scope.frame if scope else None)
    made: list[tuple[Node, Node]] = []
    for clause in e.clauses:
        if clause.condition is not None:
            raise CannotBatch("a filter")
        domain = yield clause.domain, inner
        element, everything = symbolic(clause.name, domain)
        lowering.trace.elements[element] = everything
        inner.names[clause.name] = Arr(element)
        made.append((element, everything))
    if np.prod([float(a.shape[0]) for _, a in made]) < FEWEST:  # type: ignore[arg-type]
        raise CannotBatch("few elements")
    body = lowering.array((yield e.body, inner), e.body.span, "a comprehension")
    return Arr(joined(lowering, body.node, made, mark))


def symbolic(name: str, domain: Low) -> tuple[Node, Node]:
    """An element that stands for all elements of a domain, and the array of them. Raises `CannotBatch`."""
    if isinstance(domain, Rng):
        domain = range_vector(domain.value)
    if not isinstance(domain, Arr) or not domain.rank or not known(domain.shape) or domain.node.boolean:
        raise CannotBatch("a domain")
    return input_node(Symbol(name), domain.shape[1:]), domain.node


def joined(lowering: Lowering, body: Node, made: Sequence[tuple[Node, Node]], mark: Mark) -> Node:
    """The body for all elements: the last clause is the innermost axis."""
    for element, everything in reversed(made):
        size = everything.shape[0]

        def all_at_once(nodes: Sequence[Node], element: Node = element, everything: Node = everything, size: Any = size) -> list[Node]:
            return batch(nodes, {element: everything}, size)

        (result,) = lowering.trace.moved([body], mark, all_at_once)
        body = lead(body, size) if result is body else result
        del lowering.trace.elements[element]
    return body


# ---- one by one -------------------------------------------------------------------------------------


def written_out(lowering: Lowering, e: tree.Comprehension, scope: Scope | None) -> Step:
    """One axis per clause; with a filter, or inner ranges that vary, a vector."""
    values: list[Low] = []
    counts: list[set[int]] = [set() for _ in e.clauses]
    yield _walk(lowering, e, scope, 0, values, counts)
    if not values:
        return Arr(const(np.zeros(0)))
    arrays = [lowering.array(v, e.body.span, "a comprehension") for v in values]
    for a in arrays:
        if a.shape != arrays[0].shape:
            raise errors.ragged_body(arrays[0].words(), a.words(), e.body.span)
    stacked = ROWS["stack"](*(a.node for a in arrays), params=(arrays[0].rank,))
    if len(e.clauses) == 1 or any(c.condition is not None for c in e.clauses) or any(len(c) > 1 for c in counts):
        return Arr(stacked)
    shape = tuple(next(iter(c)) for c in counts) + arrays[0].shape
    return Arr(ROWS["reshape"](stacked, params=(stacked.rank, shape)))


def _walk(
    lowering: Lowering, e: tree.Comprehension, scope: Scope | None, level: int, values: list[Low], counts: list[set[int]]
) -> Step:
    """All turns of the clauses from ``level`` on, in order."""
    if level == len(e.clauses):
        values.append((yield e.body, scope))
        return scalar(0)
    clause = e.clauses[level]
    domain = yield clause.domain, scope
    turns = 0
    for element in elements(domain, clause.domain.span, "for"):
        inner = Scope({clause.name: element}, scope, scope.frame if scope else None)
        if clause.condition is not None:
            keep = lowering.truth((yield clause.condition, inner), clause.condition.span)
            if not lowering.trace.decide(keep.node):
                continue
        turns += 1
        yield _walk(lowering, e, inner, level + 1, values, counts)
    counts[level].add(turns)
    return scalar(0)
