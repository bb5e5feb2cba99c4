"""What is known while a graph is built: values on the concrete path, the decisions taken, names, kinks, and places.

A graph is traced at concrete arguments: where the program must choose (``if``, an index, the length of a loop), `Trace.decide` looks
at the value and records it as a guard, so that the graph can be used again while the guards hold. Without values (formulas,
definition-time checks) it raises `Undecided`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import field, replace
from itertools import pairwise
from typing import Any

import numpy as np

from calclang import errors
from calclang.backends.python.births import from_infinities, hidden
from calclang.backends.python.blame import blame, explain, undefined
from calclang.backends.python.interpret import value_of
from calclang.errors import CalcError, Diagnostic
from calclang.ir.apply import INPUT, input_node
from calclang.ir.budget import here, set_here
from calclang.ir.dim import known
from calclang.ir.node import Node, Symbol, depends_on, order, span_of
from calclang.ir.op import Kink
from calclang.lower.kinks import Kinked, branches, met
from calclang.ops.base import again
from calclang.ops.contraction import CONTRACT
from calclang.record import record
from calclang.source import Span
from calclang.transforms.operators import Mode, seed
from calclang.transforms.reverse import reverse


class Undecided(Exception):
    """A choice that needs a value, where there is none yet."""

    def __init__(self, node: Node) -> None:
        super().__init__("what is done depends on a value that is not known yet")
        self.node = node


@record(frozen=False)
class Trace:
    """One graph in the making.

    ``known``: values of nodes (inputs to start with). ``twins``: inputs made for differentiation, with the node each stands for.
    """

    known: dict[Node, Any] = field(default_factory=dict)
    twins: dict[Node, Node] = field(default_factory=dict)
    within: dict[Node, frozenset[Axis | None]] = field(default_factory=dict)  # the axes that were open when a twin was made
    guards: list[tuple[Node, Any]] = field(default_factory=list)
    names: dict[Node, str] = field(default_factory=dict)
    kinks: list[Kinked] = field(default_factory=list)
    primals: list[Node] = field(default_factory=list)
    derived: list[Node] = field(default_factory=list)
    written: list[Node] = field(default_factory=list)  # nodes of what is differentiated that are no derivatives: at this very point both may be one
    unnoticed: list[Node] = field(default_factory=list)  # primals that may be undefined where their derivative is a number
    warnings: list[Diagnostic] = field(default_factory=list)
    hidden: dict[str, Node] = field(default_factory=dict)
    looked: set[str] = field(default_factory=set)  # top-level names that were looked up, also in vain
    fresh: set[Node] = field(default_factory=set)  # inputs of a derivative that is called on them, before its function is: they are their own twins
    varied: set[Node] = field(default_factory=set)  # inputs that something is or was differentiated by
    open: int = 0  # how many calls with symbolic arguments we are in: then top-level arrays become inputs
    derivatives: int = 0  # how deep operators are nested
    ieee: bool = False  # nan and infinity are values like any other
    mode: str = "auto"  # of derivatives that do not say one
    inside: Mode | None = None  # of every derivative inside of one that is tried in another order
    once: bool = False  # whether the graph serves this call alone
    idle: bool = False  # whether an operation on arrays was given numbers alone
    elements: dict[Node, Axis | None] = field(default_factory=dict)  # symbolic elements, with the axis they run over, if it is known
    masks: list[Node] = field(default_factory=list)  # which elements choose the branches that we are in
    partial: int = 0  # how often something was made that holds only for the elements of the branch that we were in
    decide_by: Callable[[Node], bool] | None = None  # who decides where no value is known: formulas walk every path

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

    def decide(self, node: Node) -> Any:
        """The value of a scalar or truth value that shapes the graph, recorded as a guard where it could change."""
        if node.value is not None:
            return node.value
        try:
            value = self.value(node)
        except Undecided:
            asked = self.grounded(node)
            if self.decide_by is None or not node.boolean or self.varies(asked):
                raise
            value = self.decide_by(asked) if asked.value is None else asked.value
        value = value.item() if hasattr(value, "item") else value
        self._no_new_nan(node)
        self.guards.append((node, value))
        self.branched(node)
        return value

    def branched(self, condition: Node) -> None:
        """Remember that the program branches here: where a comparison of what is differentiated is a tie, the derivative is one-sided."""
        if self.derivatives and condition.boolean:
            self.kinks += [k for k in branches(condition) if self.varied_in(k.operands)]

    def must_not_vary(self, node: Node, use: str, span: Span | None) -> None:
        """Refuse a number that shapes the graph where something is differentiated by it. (Through ``floor`` it may: that is a constant.)"""
        if not self.derivatives or node.value is not None:
            return
        whole = self.everywhere(node) or node
        varied = self.varied_in([whole])
        if varied and any(d is not None for d in reverse({whole: seed(whole.shape)}, varied)):
            raise errors.shapes_the_graph(varied[0].params[0].name, use, span)

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
                self.warn(undefined(nan).diagnostic)
        if node.op.name in ("turns", "choose") and (found := hidden([node], self.known)) is not None:
            raise explain(found)

    def decide_array(self, node: Node) -> Any:
        """The values of an array that shapes the graph (a mask or a list of places); the graph then serves this call alone."""
        if node.value is not None:
            return node.value
        self.once = True
        value = self.value(node)
        if not self.ieee and (found := hidden([node], self.known)) is not None:
            raise explain(found)
        return value

    def peek(self, node: Node) -> Any:
        """The value of a node, or None where it is not known."""
        try:
            return self.value(node)
        except Undecided:
            return None

    def varies(self, node: Node) -> bool:
        """Whether a node depends on a symbolic element, so that it has no value of its own."""
        return bool(self.elements) and any(n in self.elements for n in order([node]))

    def varied_in(self, nodes: Sequence[Node]) -> list[Node]:
        """The inputs that something is differentiated by, of those that nodes depend on, directly or through what their elements stand for."""
        below = dict.fromkeys(order(nodes))
        for element, axis in reversed(self.elements.items()):  # the innermost first: its elements may depend on those further out
            if element in below and axis is not None:
                below |= dict.fromkeys(order([axis.arrays[element]]))
        return [n for n in below if n in self.varied]

    def everywhere(self, node: Node) -> Node | None:
        """A node for all the elements it depends on, one leading axis per axis of theirs; None where an axis is not known."""
        from calclang.transforms.batch import batch

        for axis in reversed(dict.fromkeys(self.elements.values())):  # the innermost first: its elements may depend on those further out
            if any(self.elements.get(n, self) is axis for n in order([node])):
                if axis is None:
                    return None
                (node,) = batch([node], axis.arrays, axis.size)
        return node

    def over(self, node: Node) -> Any:
        """The values of a node for all the elements it depends on; None where they are not known."""
        made = self.everywhere(node)
        return None if made is None else self.peek(made)

    def always(self, node: Node) -> Any:
        """The values of a node for all the elements, if they are there and the same whatever a function is given; else None."""
        made = self.everywhere(node)
        if made is None or any(n.op is INPUT for n in order([made])):
            return None
        try:
            return self.peek(made)
        except CalcError:  # of elements that perhaps no branch chooses
            return None

    def fixed(self, node: Node) -> bool:
        """Whether a node depends on top-level names alone, directly or through what its elements stand for: no argument of a function varies it."""
        known, below = set(self.hidden.values()), dict.fromkeys(order([node]))
        for element, axis in reversed(self.elements.items()):
            if element in below and axis is not None:
                below |= dict.fromkeys(order([axis.arrays[element]]))
                known.add(element)
        return all(n.op is not INPUT or n in known for n in below)

    def call_it(self, node: Node, name: str) -> None:
        """Remember the program's own name of a node (the first one)."""
        if node.value is None and node.op is not INPUT:
            self.names.setdefault(node, name)

    def warn(self, warning: Diagnostic) -> None:
        """Keep a warning, each once."""
        if warning not in self.warnings:
            self.warnings.append(warning)

    def idles(self, *operands: Node) -> None:
        """Remember that an operation on arrays has only numbers to work on: what they stand for was probably meant to be an array."""
        self.idle |= not any(n.rank for n in operands) and any(n.value is None for n in operands)

    def beside(self, *operands: Node, data: bool = True) -> None:
        """An argument that is a number, beside an array that is another argument, or data (that no argument varies), was probably meant to be an array."""
        numbers = [n for n in operands if not n.rank and n.op is INPUT and not self.fixed(n)]
        if numbers and any(n.rank and (data if self.fixed(n) else n.op is INPUT) for n in operands):
            self.idles(*numbers)

    def before(self, a: Node, b: Node) -> None:
        """An argument with a capital letter that is a number, before an array, was probably meant to be a matrix."""
        if b.rank and a.op is INPUT and a.params[0].name[:1].isupper():
            self.idles(a)

    def inverted(self, how: Kink, *operands: Node) -> None:
        """Remember that a matrix is inverted here: one that is nearly singular is worth a warning. ``how``: one of `lower/conditions.py`, with its operands."""
        self.kinks.append(Kinked(how, operands, (), here(), "W-CONDITION"))

    def watch(self, kink: Kink, node: Node) -> None:
        """Remember what does not lie at this value, but may at another one for which the graph is used."""
        if node.value is None:
            self.kinks.append(Kinked(kink, (node,), (), here(), "E-TYPE"))

    # ---- inputs ----

    def hidden_input(self, name: str, node: Node) -> Node:
        """The input that stands for a top-level array."""
        made = self.hidden[name] = input_node(Symbol(name), node.shape)
        self.known[made] = node.value
        return made

    def twin(self, node: Node, name: str, facts: frozenset[str] = frozenset()) -> Node:
        """A fresh input that stands for ``node`` while a function is differentiated at it (so that nothing the function has
        captured is mistaken for its argument)."""
        if node in self.fresh:
            self.fresh.discard(node)
            self.varied.add(node)
            return node
        made = input_node(Symbol(name, facts), node.shape)
        self.twins[made] = node
        self.within[made] = frozenset(self.elements.values())
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
        return self.moved(nodes, since, lambda group: substitute(group, table)) if table else list(nodes)

    def moved(self, nodes: Sequence[Node], since: Mark, how: Callable[[Sequence[Node]], list[Node]]) -> list[Node]:
        """``how(nodes)``, with all that was recorded since the mark moved in the same way."""
        new_guards, new_kinks, new_primals = self.guards[since.guards :], self.kinks[since.kinks :], self.primals[since.primals :]
        names = list(self.names.items())
        groups = [
            list(nodes), [g for g, _ in new_guards], [n for k in new_kinks for n in k.operands], new_primals,
            self.derived[since.derived :], self.unnoticed[since.unnoticed :], [n for n, _ in names], self.written[since.written :],
        ]  # fmt: skip
        at = iter(how([node for group in groups for node in group]))
        result, guards, operands, primals, derived, unnoticed, named, written = [[next(at) for _ in group] for group in groups]
        self.names = {n: name for n, (_, name) in zip(named, names, strict=True) if n.value is None}
        self.guards[since.guards :] = [(n, v) for n, (_, v) in zip(guards, new_guards, strict=True) if n.value is None]
        moved = iter(operands)
        self.kinks[since.kinks :] = [replace(k, operands=tuple(next(moved) for _ in k.operands)) for k in new_kinks]
        self.primals[since.primals :] = [n for n in primals if n.value is None]
        self.derived[since.derived :] = [n for n in derived if n.value is None]
        self.written[since.written :] = [n for n in written if n.value is None]
        self.unnoticed[since.unnoticed :] = [n for n in unnoticed if n.value is None]
        return result

    def of_derivatives(self) -> set[Node]:
        """The nodes that derivatives alone need."""
        return set(self.derived).difference(self.written)

    def mark(self) -> Mark:
        """Where the records stand now."""
        return Mark(len(self.guards), len(self.kinks), len(self.primals), len(self.derived), len(self.unnoticed), len(self.warnings), len(self.written), self.once)

    def recorded(self, since: Mark) -> list[Node]:
        """The nodes at which somebody will look that were recorded since the mark: operands of kinks, and values that must be defined."""
        operands = [n for k in self.kinks[since.kinks :] for n in k.operands]
        return [*operands, *self.unnoticed[since.unnoticed :], *self.primals[since.primals :]]

    def back(self, to: Mark) -> None:
        """Forget what was recorded since the mark: an attempt that came to nothing."""
        del self.guards[to.guards :], self.kinks[to.kinks :], self.primals[to.primals :], self.warnings[to.warnings :]
        del self.derived[to.derived :], self.unnoticed[to.unnoticed :], self.written[to.written :]
        self.once = to.once

    def differentiated(self, steps: Sequence[Sequence[Node]], inputs: Sequence[Node]) -> None:
        """Remember which nodes are derivatives (not the program's own), and the kinks on the way: each of the ``steps``, the first of which is
        the program's own, is differentiated by ``inputs`` and so gives the next one."""
        from calclang.lower.domains import unnoticed

        earlier = set(self.derived)
        self.written.extend(n for n in order(steps[0]) if n not in earlier and n.value is None)
        for outputs, made in pairwise(steps):
            below = set(order(outputs))
            self.primals.extend(outputs)
            self.derived.extend(n for n in order(made) if n not in below and n.value is None)
            self.unnoticed += unnoticed(outputs, made)
            self.kinks += met(outputs, inputs, self.peek)


@record(eq=False, frozen=False)
class Axis:
    """What symbolic elements run over together: for each the array of all its values, all of one length."""

    size: Any
    arrays: dict[Node, Node] = field(default_factory=dict)


@record
class Mark:
    guards: int
    kinks: int
    primals: int
    derived: int
    unnoticed: int
    warnings: int
    written: int
    once: bool


def substitute(nodes: Sequence[Node], table: Mapping[Node, Node]) -> list[Node]:
    """The same nodes with some inputs replaced: rebuilt through the constructors, each shared node once. Each keeps its place."""
    at = here()
    done: dict[Node, Node] = dict(table)
    touched = depends_on(nodes, table)
    for node in order(nodes):
        if node in done:
            continue
        if node not in touched:
            done[node] = node
            continue
        set_here(span_of(node))
        done[node] = again(node, [done[i] for i in node.inputs])
    set_here(at)
    return [done[n] for n in nodes]
