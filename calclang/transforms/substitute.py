"""Graphs with other nodes in the places of some: how a body is closed over its inputs, and how arguments are put in the places of their twins."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from calclang.ir.budget import keeping_place, set_here
from calclang.ir.node import Node, depends_on, order, span_of
from calclang.ops.base import again


def substitute(nodes: Sequence[Node], table: Mapping[Node, Node]) -> list[Node]:
    """The same nodes with those of the table replaced: rebuilt through the constructors, each shared node once. Each keeps its place.

    >>> from calclang.ir.apply import const, input_node
    >>> from calclang.ir.node import Symbol
    >>> x = input_node(Symbol("x"), ())
    >>> substitute([x + 1.0], {x: const(2.0)})[0].value
    3.0
    """
    done: dict[Node, Node] = dict(table)
    touched = depends_on(nodes, table)
    with keeping_place():
        for node in order(nodes):
            if node in done:
                continue
            if node not in touched:
                done[node] = node
                continue
            set_here(span_of(node))
            done[node] = again(node, [done[i] for i in node.inputs])
    return [done[n] for n in nodes]
