"""Loops that take the same steps run once: a derivative's loop takes those of the value's again, and keeps more of them.

A loop is absorbed by a *host* whose carries, steps and inputs include its own; what it kept, the host keeps as well.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import prod
from typing import Any, TypeAlias

from calclang.ir.apply import apply
from calclang.ir.dim import numbers
from calclang.ir.node import Node, order
from calclang.ops.control import Body, Loop, loop
from calclang.ops.structure import concat, take

Part: TypeAlias = "tuple[str, Node]"  # a carry (its input of the body), or what is kept (its output)


def shared(outputs: Sequence[Node]) -> list[Node]:
    """Nodes of the same values, with loops that take the same steps made one."""
    nodes = order(outputs)
    loops = [n for n in nodes if n.op is loop]
    if len(loops) < 2:
        return list(outputs)
    depth: dict[Node, int] = {}
    for node in nodes:
        depth[node] = 1 + max((depth[i] for i in node.inputs), default=0)
    host: dict[Node, Node] = {}
    records: dict[Node, Loop] = {}  # of the hosts, with all that they keep
    for node in sorted(loops, key=lambda n: (-n.params[0].carries, -len(n.params[0].body.outputs))):
        found = next((h for h in records if depth[h] <= depth[node] and _within(node, h)), node)
        host[node] = found
        records[found] = _keeping(records.get(found, node.params[0]), node.params[0])
    if len(records) == len(loops):
        return list(outputs)
    done: dict[Node, Node] = {}
    for node in sorted(nodes, key=depth.__getitem__):  # a host is no deeper than what it absorbed, so that its inputs are done
        if node.op is loop:
            run = loop(*(done[i] for i in host[node].inputs), params=(records[host[node]],))
            done[node] = run if records[host[node]] == node.params[0] else _whole(node.params[0], run)
        elif node.op is take and (outer := node.inputs[0]) in host and (moved := _moved(node.params[0], outer.params[0], records[host[outer]])):
            run = loop(*(done[i] for i in host[outer].inputs), params=(records[host[outer]],))
            done[node] = take(run, params=moved)
        else:
            inputs = tuple(done[i] for i in node.inputs)
            done[node] = node if inputs == node.inputs else apply(node.op, inputs, node.params)
    return [done[o] for o in outputs]


def _within(node: Node, other: Node) -> bool:
    """Whether another loop takes all steps of this one, on the same inputs."""
    a, b = node.params[0], other.params[0]
    return (a.turns, a.backwards) == (b.turns, b.backwards) and _steps(node) <= _steps(other)


def _steps(node: Node) -> set[tuple[Any, ...]]:
    """What each input of the body is, where it comes from, and how each carry goes on."""
    record: Loop = node.params[0]
    body, c, s = record.body, record.carries, record.sequences
    rest = len(body.inputs) - c
    roles = ["carry"] * c + ["sequence"] * s + ["constant"] * (rest - s)
    return set(zip(roles, body.inputs, node.inputs, [*body.outputs[:c], *[None] * rest], strict=True))


def _keeping(host: Loop, other: Loop) -> Loop:
    """The host, keeping also what another loop keeps."""
    kept = dict.fromkeys((*host.body.outputs[host.carries :], *other.body.outputs[other.carries :]))
    return replace(host, body=Body(host.body.inputs, (*host.body.outputs[: host.carries], *kept)))


def _layout(record: Loop) -> list[tuple[Part, int, int]]:
    """The parts of a loop's vector: where each starts and stops."""
    parts = [*(("carry", i) for i in record.body.inputs[: record.carries]), *(("kept", o) for o in record.body.outputs[record.carries :])]
    found, start = [], 0
    for part, shape in zip(parts, record.shapes, strict=True):
        stop = start + prod(numbers(shape))
        found.append((part, start, stop))
        start = stop
    return found


def _whole(record: Loop, run: Node) -> Node:
    """The vector of an absorbed loop, from that of its host."""
    begins = {part: (start, stop) for part, start, stop in _layout(run.params[0])}
    pieces = [take(run, params=(((*begins[part], 1),),)) for part, _, _ in _layout(record)]
    return pieces[0] if len(pieces) == 1 else concat(*pieces, params=(1,))


def _moved(places: tuple[Any, ...], record: Loop, host: Loop) -> tuple[Any, ...] | None:
    """The place in the host's vector of a slice of one part of an absorbed loop's; None for other reads."""
    (place,) = places
    if not isinstance(place, tuple) or place[0] == "at":
        return None
    begins = {part: start for part, start, _ in _layout(host)}
    for part, start, stop in _layout(record):
        if start <= place[0] and place[1] <= stop:
            shift = begins[part] - start
            return (((place[0] + shift, place[1] + shift, place[2]),),)
    return None
