"""What is known while a graph is built: values on the concrete path, the decisions taken, and the inputs made for differentiation.

A graph is traced at concrete arguments: where the program must choose (``if``, an index, the length of a loop), `Trace.decide` looks
at the value and records it as a guard, so that the graph can be used again while the guards hold. Without values (formulas,
definition-time checks) it raises `Undecided`. What is remembered of the way lies in `Records`, what stands for all elements in `Elements`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import field
from typing import Any

import numpy as np

from calclang import errors
from calclang.backends.python.births import from_infinities, hidden
from calclang.backends.python.blame import blame, explain, undefined
from calclang.backends.python.interpret import value_of
from calclang.errors import CalcError
from calclang.ir.apply import INPUT, input_node
from calclang.ir.dim import known
from calclang.ir.node import Node, Symbol, order
from calclang.lower.elements import Axis, Elements
from calclang.lower.kinks import branches
from calclang.lower.records import Mark, Records
from calclang.ops.contraction import CONTRACT
from calclang.record import record
from calclang.source import Span
from calclang.transforms.operators import Mode, seed
from calclang.transforms.reverse import reverse
from calclang.transforms.substitute import substitute


class Undecided(Exception):
    """A choice that needs a value, where there is none yet."""

    def __init__(self, node: Node) -> None:
        super().__init__("what is done depends on a value that is not known yet")
        self.node = node


class Unwanted(Exception):
    """A graph that is not worth making: for every other argument it would be another one, and the value is sooner had without it."""


@record(frozen=False)
class Trace:
    """One graph in the making.

    ``known``: values of nodes (inputs to start with). ``twins``: inputs made for differentiation, with the node each stands for.
    """

    known: dict[Node, Any] = field(default_factory=dict)
    records: Records = field(default_factory=Records)
    elements: Elements = field(default_factory=Elements)
    twins: dict[Node, Node] = field(default_factory=dict)
    within: dict[Node, frozenset[Axis | None]] = field(default_factory=dict)  # the axes that were open when a twin was made
    varied: set[Node] = field(default_factory=set)  # inputs that something is or was differentiated by
    fresh: set[Node] = field(default_factory=set)  # inputs of a derivative that is called on them, before its function is: they are their own twins
    hidden: dict[str, Node] = field(default_factory=dict)
    looked: set[str] = field(default_factory=set)  # top-level names that were looked up, also in vain
    optional: bool = False  # whether a value may be had without its graph
    open: int = 0  # how many calls with symbolic arguments we are in: then top-level arrays become inputs
    derivatives: int = 0  # how deep operators are nested
    mode: str = "auto"  # of derivatives that do not say one
    tried: Mode | None = None  # of every derivative inside of one that is tried in another order
    ieee: bool = False  # nan and infinity are values like any other
    decide_by: Callable[[Node], bool] | None = None  # who decides where no value is known: formulas walk every path

    @contextmanager
    def attempt(self) -> Iterator[Mark]:
        """What is tried inside may come to nothing: then none of its records stays, nor does an element that it added."""
        mark, axes = self.records.mark(), dict(self.elements.axes)
        try:
            yield mark
        except Exception:
            self.records.back(mark)
            self.elements.axes = axes
            raise

    # ---- values ----

    def value(self, node: Node) -> Any:
        """The value of a node on the concrete path. Raises `Undecided` where an input has none. Iterative, each node once."""
        stack = [node]
        while stack:
            now = stack[-1]
            if now in self.known or now.value is not None:
                stack.pop()
            elif missing := [c for c in self._below(now) if c.value is None and c not in self.known]:
                stack.extend(missing)
            else:
                self.known[now] = self._compute(now)
                stack.pop()
        return self._get(node)

    def _below(self, node: Node) -> tuple[Node, ...]:
        return (self.twins[node],) if node in self.twins else node.inputs

    def _get(self, node: Node) -> Any:
        return node.value if node.value is not None else self.known[node]

    def _compute(self, node: Node) -> Any:
        if node in self.twins:
            return self._get(self.twins[node])
        if node.op is INPUT or not known(node.shape) or (node.op is CONTRACT and not known(tuple(d for _, d in node.params[0].free))):
            raise Undecided(node)
        with np.errstate(all="ignore"):
            return value_of(node, {i: self._get(i) for i in node.inputs})

    def peek(self, node: Node) -> Any:
        """The value of a node, or None where it is not known."""
        try:
            return self.value(node)
        except Undecided:
            return None

    def over(self, node: Node) -> Any:
        """The values of a node for all the elements it depends on; None where they are not known."""
        made = self.elements.everywhere(node)
        return None if made is None else self.peek(made)

    def always(self, node: Node) -> Any:
        """The values of a node for all the elements, if they are there and the same whatever a function is given; else None."""
        made = self.elements.everywhere(node)
        if made is None or any(n.op is INPUT for n in order([made])):
            return None
        try:
            return self.peek(made)
        except CalcError:  # of elements that perhaps no branch chooses
            return None

    # ---- decisions ----

    def decide(self, node: Node) -> Any:
        """The value of a scalar or truth value that shapes the graph, recorded as a guard where it could change."""
        if node.value is not None:
            return node.value
        try:
            value = self.value(node)
        except Undecided:
            asked = self.grounded(node)
            if self.decide_by is None or not node.boolean or self.elements.vary(asked):
                raise
            value = self.decide_by(asked) if asked.value is None else asked.value
        value = value.item() if hasattr(value, "item") else value
        self._no_new_nan(node)
        self.records.guards.append((node, value))
        self.branched(node)
        return value

    def decide_array(self, node: Node) -> Any:
        """The values of an array that shapes the graph (a mask or a list of places); the graph then serves this call alone."""
        if node.value is not None:
            return node.value
        self.records.once = True
        value = self.value(node)
        if not self.ieee and (found := hidden([node], self.known)) is not None:
            raise explain(found)
        return value

    def _no_new_nan(self, node: Node) -> None:
        """A nan that was born may not vanish in a comparison: true, false, and how often a loop turned would not tell of it."""
        if self.ieee:
            return
        stack, operands, seen = [node], [], {node}
        while stack:
            now = stack.pop()
            stack += [n for n in now.inputs if n.boolean and n not in seen]
            seen.update(now.inputs)
            operands += [n for n in now.inputs if not n.boolean and now.op.kind != "control" and self.peek(n) is not None]
        if any(np.isnan(self.value(n)).any() for n in operands):
            if (error := blame(operands, self.known)) is not None:
                raise error
            if (nan := from_infinities(operands, self.known)) is not None:
                self.records.warn(undefined(nan).diagnostic)
        if node.op.name in ("turns", "choose") and (found := hidden([node], self.known)) is not None:
            raise explain(found)

    def branched(self, condition: Node) -> None:
        """Remember that the program branches here: where a comparison of what is differentiated is a tie, the derivative is one-sided."""
        if self.derivatives and condition.boolean:
            self.records.kinks += [k for k in branches(condition) if self.varied_in(k.operands)]

    def must_not_vary(self, node: Node, use: str, span: Span | None) -> None:
        """Refuse a number that shapes the graph where something is differentiated by it. (Through ``floor`` it may: that is a constant.)"""
        if not self.derivatives or node.value is not None:
            return
        whole = self.elements.everywhere(node) or node
        varied = self.varied_in([whole])
        if varied and any(d is not None for d in reverse({whole: seed(whole.shape)}, varied)):
            raise errors.shapes_the_graph(varied[0].params[0].name, use, span)

    # ---- what moves a node ----

    def varied_in(self, nodes: Sequence[Node]) -> list[Node]:
        """The inputs that something is differentiated by, of those that nodes depend on, directly or through what their elements stand for."""
        return [n for n in self.elements.below(nodes) if n in self.varied]

    def fixed(self, node: Node) -> bool:
        """Whether a node depends on top-level names alone, directly or through what its elements stand for: no argument of a function varies it."""
        hidden, axes = set(self.hidden.values()), self.elements.axes
        return all(n.op is not INPUT or n in hidden or axes.get(n) is not None for n in self.elements.below([node]))

    # ---- inputs ----

    def hidden_input(self, name: str, node: Node) -> Node:
        """The input that stands for a top-level array."""
        made = self.hidden[name] = input_node(Symbol(name), node.shape)
        self.known[made] = node.value
        return made

    def twin(self, node: Node, name: str) -> Node:
        """A fresh input that stands for ``node`` while a function is differentiated at it (so that nothing the function has
        captured is mistaken for its argument)."""
        if node in self.fresh:
            self.fresh.discard(node)
            self.varied.add(node)
            return node
        made = input_node(Symbol(name), node.shape)
        self.twins[made] = node
        self.within[made] = frozenset(self.elements.axes.values())
        self.varied.add(made)
        return made

    def grounded(self, node: Node) -> Node:
        """A node with what twins stand for in their places, also where that is made of twins again."""
        while table := {n: self.twins[n] for n in order([node]) if n in self.twins}:
            (node,) = substitute([node], table)
        return node

    def close(self, nodes: Sequence[Node], twins: Sequence[Node], since: Mark) -> list[Node]:
        """Put what the twins stand for in their places: in ``nodes`` and in all that was recorded since the mark."""
        table = {t: self.twins[t] for t in twins if t in self.twins}
        return self.records.moved(nodes, since, lambda group: substitute(group, table)) if table else list(nodes)
