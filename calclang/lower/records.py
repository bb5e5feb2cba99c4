"""What is recorded while a graph is built: what it depends on, where its derivatives are conventions, and what was said on the way.

A `Mark` is a place in these records. What was recorded since can be forgotten (an attempt that came to nothing) or moved along with the graph
(into a batch, a loop, from twins to what they stand for).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import field, replace
from itertools import pairwise
from typing import Any

from calclang.errors import Diagnostic
from calclang.ir.apply import INPUT
from calclang.ir.budget import here
from calclang.ir.node import Node, order
from calclang.ir.op import Kink
from calclang.lower.kinks import Kinked, met
from calclang.record import record

NODES = ("primals", "derived", "written", "unnoticed")  # the lists of nodes
LISTS = ("guards", "kinks", "warnings", *NODES)


@record
class Mark:
    """How long each of the `LISTS` was, and whether the graph served one call alone."""

    guards: int
    kinks: int
    warnings: int
    primals: int
    derived: int
    written: int
    unnoticed: int
    once: bool


@record(frozen=False)
class Records:
    """The records of one graph.

    ``guards``: decisions that shaped the graph, which serves while they come out the same. ``primals``: the values that were differentiated,
    in order; of these ``unnoticed`` may be undefined where their derivative is a number. ``derived``: nodes of derivatives; ``written``: nodes of what
    is differentiated, for at this very point a node may be both. ``idle``: whether an operation on arrays was given numbers alone.
    """

    guards: list[tuple[Node, Any]] = field(default_factory=list)
    kinks: list[Kinked] = field(default_factory=list)
    warnings: list[Diagnostic] = field(default_factory=list)
    primals: list[Node] = field(default_factory=list)
    derived: list[Node] = field(default_factory=list)
    written: list[Node] = field(default_factory=list)
    unnoticed: list[Node] = field(default_factory=list)
    names: dict[Node, str] = field(default_factory=dict)
    once: bool = False  # whether the graph serves this call alone
    idle: bool = False

    def call_it(self, node: Node, name: str) -> None:
        """Remember the program's own name of a node (the first one)."""
        if node.value is None and node.op is not INPUT:
            self.names.setdefault(node, name)

    def warn(self, warning: Diagnostic) -> None:
        """Keep a warning, each once."""
        if warning not in self.warnings:
            self.warnings.append(warning)

    def inverted(self, how: Kink, *operands: Node) -> None:
        """Remember that a matrix is inverted here: one that is nearly singular is worth a warning. ``how``: one of `lower/conditions.py`, with its operands."""
        self.kinks.append(Kinked(how, operands, (), here(), "W-CONDITION"))

    def watch(self, kink: Kink, node: Node) -> None:
        """Remember what does not lie at this value, but may at another one for which the graph is used."""
        if node.value is None:
            self.kinks.append(Kinked(kink, (node,), (), here(), "E-TYPE"))

    def differentiated(self, steps: Sequence[Sequence[Node]], inputs: Iterable[Node], peek: Callable[[Node], Any]) -> None:
        """Remember which nodes are derivatives (not the program's own), and the kinks on the way: each of the ``steps``, the first of which is
        the program's own, is differentiated by ``inputs`` and so gives the next one."""
        from calclang.lower.domains import unnoticed

        inputs, earlier = list(inputs), set(self.derived)
        self.written += [n for n in order(steps[0]) if n not in earlier and n.value is None]
        for outputs, made in pairwise(steps):
            below = set(order(outputs))
            self.primals += outputs
            self.derived += [n for n in order(made) if n not in below and n.value is None]
            self.unnoticed += unnoticed(outputs, made)
            self.kinks += met(outputs, inputs, peek)

    def of_derivatives(self) -> set[Node]:
        """The nodes that derivatives alone need."""
        return set(self.derived).difference(self.written)

    # ---- marks ----

    def mark(self) -> Mark:
        """Where the records stand now."""
        return Mark(once=self.once, **{name: len(getattr(self, name)) for name in LISTS})

    def back(self, to: Mark) -> None:
        """Forget what was recorded since the mark."""
        for name in LISTS:
            del getattr(self, name)[getattr(to, name) :]
        self.once = to.once

    def looked_at(self, since: Mark) -> list[Node]:
        """The nodes at which somebody will look that were recorded since the mark: operands of kinks, and values that must be defined."""
        operands = [n for k in self.kinks[since.kinks :] for n in k.operands]
        return [*operands, *self.unnoticed[since.unnoticed :], *self.primals[since.primals :]]

    def moved(self, nodes: Sequence[Node], since: Mark, how: Callable[[Sequence[Node]], list[Node]]) -> list[Node]:
        """``how(nodes)``, with all that was recorded since the mark moved in the same way. What became a constant needs no record."""
        guards, kinks = self.guards[since.guards :], self.kinks[since.kinks :]
        lists = [getattr(self, name)[getattr(since, name) :] for name in NODES]
        groups = [list(nodes), [n for n, _ in guards], [n for k in kinks for n in k.operands], list(self.names), *lists]
        at = iter(how([node for group in groups for node in group]))
        result, guarded, operands, named, *found = [[next(at) for _ in group] for group in groups]
        self.guards[since.guards :] = [(n, value) for n, (_, value) in zip(guarded, guards, strict=True) if n.value is None]
        left = iter(operands)
        self.kinks[since.kinks :] = [replace(k, operands=tuple(next(left) for _ in k.operands)) for k in kinks]
        self.names = {n: name for n, name in zip(named, self.names.values(), strict=True) if n.value is None}
        for name, made in zip(NODES, found, strict=True):
            getattr(self, name)[getattr(since, name) :] = [n for n in made if n.value is None]
        return result
