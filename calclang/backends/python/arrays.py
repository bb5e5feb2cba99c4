"""Arrays as straight-line Python over NumPy: one call per node, products in the cheapest order, results written into dead buffers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from calclang.backends.python import blocks
from calclang.backends.python.layers import layered
from calclang.backends.python.products import plan
from calclang.backends.python.rewrite import rewritten
from calclang.backends.python.windows import SPACED, evenly
from calclang.ir.node import Node, order
from calclang.ops.structure import gather, read_index, scatter
from calclang.progress import stretches

if TYPE_CHECKING:
    from calclang.backends.python.entry import Job

IN_PLACE = {"add": "add", "sub": "subtract", "div": "divide"}


class Writer:
    """The lines so far, and what they refer to."""

    def __init__(self, outputs: list[Node]) -> None:
        self.lines: list[str] = []
        self.space: dict[str, Any] = {"np": np, "stretches": stretches}
        self.names: dict[Node, str] = {}
        self.left = Counter(child for node in order(outputs) for child in node.inputs)
        self.left.update(outputs)
        self.users: dict[Node, list[Node]] = {}
        for node in order(outputs):
            for child in node.inputs:
                self.users.setdefault(child, []).append(node)
        self.deferred: set[Node] = set()  # puts that wait for the sum that uses them
        self.grouped: set[Node] = set()  # what is done in blocks
        self.buffers: dict[str, set[str]] = {}  # the buffers made here that an array may lie in; a new array is its own
        self.pending: Counter[str] = Counter()  # uses to come of a buffer, views of it included
        self.watched = _watched(outputs)

    def refer(self, value: Any) -> str:
        """A name for a value that the code uses."""
        name = f"k{len(self.space)}"
        self.space[name] = value
        return name

    def use(self, node: Node) -> str:
        """The name of an operand; one use less is left."""
        self.left[node] -= 1
        self.pending.subtract(self.buffers.get(self.names[node], ()))
        return self.names[node]

    def call(self, node: Node, name: str, operands: list[str] | None) -> None:
        """Name a node's array: a new one, or one that may be a view of its operands."""
        self.names[node] = name
        self.buffers[name] = {name} if operands is None else set().union(*(self.buffers.get(o, ()) for o in operands))
        for buffer in self.buffers[name]:
            self.pending[buffer] += self.left[node]

    def dies(self, node: Node) -> bool:
        """Whether the operand just used is a buffer that may be written into: nobody will look at it again."""
        name = self.names[node]
        return self.buffers.get(name) == {name} and not self.pending[name]


def lines(job: Job) -> tuple[list[str], dict[str, Any]]:
    """Checks, guards and one line per node."""
    job = _rewritten(job)
    watched = [o for k in job.kinks for o in k.operands]
    outputs = [*job.outputs, *(g for g, _ in job.guards), *watched]
    writer = Writer(outputs)
    checks = _arguments(job, writer)
    guards = dict(job.guards)
    body: list[str] = []
    _body(writer, [*guards, *job.outputs, *watched])
    for node, value in job.guards:
        body += [f"if {writer.names[node]} != {value!r}:", "    @slow"]
    for kink in job.kinks:
        writer.lines += [f"if np.any({writer.refer(kink)}({', '.join(writer.names[o] for o in kink.operands)})):", "    @slow"]
    tail = _results(job, writer)
    head = ["with np.errstate(over='ignore', under='ignore', divide='ignore', invalid='raise'):", "    try:", *("        " + line for line in writer.lines or ["pass"])]
    head += ["    except (ArithmeticError, ValueError, IndexError, np.linalg.LinAlgError):", "        @slow"]
    return [*checks, *head, *body, *tail], writer.space


def straight(outputs: Sequence[Node], names: Mapping[Node, str]) -> tuple[list[str], list[str], dict[str, Any]]:
    """The lines of a graph whose inputs have these names, what the outputs are called, and what the lines refer to."""
    wanted = layered(rewritten(outputs))
    writer = Writer(wanted)
    writer.names |= names
    _body(writer, wanted)
    return writer.lines, [writer.names[o] for o in wanted], writer.space


def _body(writer: Writer, wanted: list[Node]) -> None:
    """The lines of every node that is not there yet; long vectors in blocks."""
    found = blocks.plan(wanted, set(writer.names))
    if found is None:
        for node in order(wanted):
            if node not in writer.names:
                _node(writer, node)
        return
    writer.grouped |= {m for groups in found.groups.values() for group in groups.values() for m in group.members}
    for level in range(1 + max([*found.levels, *found.groups])):
        for node in found.levels.get(level, ()):
            if node not in found.numbers:
                _node(writer, node)
        for group in found.groups.get(level, {}).values():
            blocks.Block(writer, group, found).write()


def _rewritten(job: Job) -> Job:
    """The job with its graph as it is run."""
    groups = [list(job.outputs), [g for g, _ in job.guards], *(list(k.operands) for k in job.kinks)]
    changed = iter(layered(rewritten([node for group in groups for node in group])))
    outputs, guards, *operands = [[next(changed) for _ in group] for group in groups]
    kinks = [replace(kink, operands=tuple(new)) for kink, new in zip(job.kinks, operands, strict=True)]
    return replace(job, outputs=outputs, guards=[(g, v) for g, (_, v) in zip(guards, job.guards, strict=True)], kinks=kinks)


def _arguments(job: Job, writer: Writer) -> list[str]:
    checks: list[str] = []
    for k, node in enumerate(job.arguments):
        writer.names[node] = f"x{k}"
        if node.shape:
            checks += [f"if type(x{k}) is not ndarray or x{k}.dtype is not F8 or x{k}.shape != {tuple(node.shape)!r}:", "    @slow"]
        else:
            checks += [f"if type(x{k}) is not float:", f"    if type(x{k}) is not int:", "        @slow", f"    x{k} = float(x{k})"]
    for k, node in enumerate(job.inputs[len(job.arguments) :]):
        writer.names[node] = f"h{k}"
        checks.append(f"h{k} = c{k}[0]")
    return checks


def _node(writer: Writer, node: Node) -> None:
    """The line of one node."""
    if node.value is not None:
        writer.names[node] = writer.refer(node.value)
        return
    if _defer(writer, node) or (node.op.name == "add" and _scattered(writer, node)):
        return
    operands = [writer.use(i) for i in node.inputs]
    target = f"n{len(writer.lines)}"
    writer.lines.append(f"{target} = {_expression(writer, node, operands)}")
    writer.call(node, target, None if _is_new(node) else operands)
    if node in writer.watched:
        writer.lines += [f"if not np.isfinite({target}).all():", "    raise ArithmeticError"]


def _is_new(node: Node) -> bool:
    """Whether a node's array is certainly fresh memory that may be written into."""
    if node.op.kind == "contract":
        spec = node.params[0]
        stretched = any(not any(l in ls for ls in spec.labels) for l in spec.out)  # a view with strides of zero
        return bool(spec.deltas) or (not stretched and (len(node.inputs) > 1 or spec.coef != 1))
    return node.op.name in ("put", "stack", "concat") or (node.op.kind == "fn" and node.op.name != "stop_gradient")


def _watched(outputs: list[Node]) -> set[Node]:
    """Products whose nan could vanish in a comparison or choice: BLAS raises no flag, so they are looked at."""
    hiding = [i for node in order(outputs) if node.op.hides_nan for i in node.inputs]
    return {node for node in order(hiding) if node.op.kind == "contract" or not node.op.reliable}


def _expression(writer: Writer, node: Node, operands: list[str]) -> str:
    """The code of one operation, written into an operand that dies where there is one."""
    op = node.op
    if op.kind == "contract":
        return _product(writer, node, operands)
    if op.name in IN_PLACE and node.shape:
        out = next((o for o, i in zip(operands, node.inputs, strict=True) if i.shape == node.shape and writer.dies(i)), None)
        return f"np.{IN_PLACE[op.name]}({', '.join(operands)}" + (f", out={out})" if out else ")")
    params = [writer.refer(p) for p in node.params]
    if op in (gather, scatter) and (even := evenly(node)) is not None:
        return f"{writer.refer(SPACED[op])}({operands[0]}, {writer.refer(even)})"
    return f"{writer.refer(op.eval)}({', '.join(['np', *operands, *params])})"


def _product(writer: Writer, node: Node, operands: list[str]) -> str:
    """A contraction: an elementwise product into a dead buffer, or what the plan says."""
    spec = node.params[0]
    shapes = [i.shape for i in node.inputs]
    plain = not spec.deltas and not spec.free  # no delta to place, nothing to stretch
    if len(operands) == 2 and plain and spec.coef == 1 and node.shape and all(ls == spec.out or not ls for ls in spec.labels):
        out = next((o for o, i in zip(operands, node.inputs, strict=True) if i.shape == node.shape and writer.dies(i)), None)
        return f"np.multiply({operands[0]}, {operands[1]}" + (f", out={out})" if out else ")")
    if len(operands) == 1 and plain and spec.labels[0] == spec.out and spec.coef != 1:
        out = operands[0] if node.shape and writer.dies(node.inputs[0]) else ""
        return f"np.multiply({operands[0]}, {spec.coef!r}" + (f", out={out})" if out else ")")
    return f"{writer.refer(plan(spec, shapes))}({', '.join(operands)})"


def _defer(writer: Writer, node: Node) -> bool:
    """A put into slices that one sum alone uses waits for that sum: its zeros need not be written out."""
    users = writer.users.get(node, [])
    if node.op.name != "put" or writer.left[node] != 1 or len(users) != 1 or users[0].op.name != "add" or users[0].inputs[0] is users[0].inputs[1]:
        return False
    if users[0] in writer.grouped or any(isinstance(p, tuple) and p[0] == "at" for p in node.params[0]) or node.shape != tuple(node.params[1]):
        return False
    writer.deferred.add(node)
    return True


def _scattered(writer: Writer, node: Node) -> bool:
    """``a + put(g)``: g is added into a buffer of its own, which is a's where a is dead otherwise."""
    waiting = [i for i in node.inputs if i in writer.deferred]
    if not waiting:
        return False
    put = waiting[-1]
    other = next(i for i in node.inputs if i is not put)
    if other in writer.deferred:
        source = writer.use(other.inputs[0])
        target = f"n{len(writer.lines)}"
        writer.lines += [f"{target} = np.zeros({tuple(other.shape)!r})", f"{target}[{_index(writer, other)}] = {source}"]
    else:
        target = writer.use(other)
        if not writer.dies(other):
            writer.lines.append(f"n{len(writer.lines)} = {target}.copy()")
            target = f"n{len(writer.lines) - 1}"
    writer.lines.append(f"{target}[{_index(writer, put)}] += {writer.use(put.inputs[0])}")
    writer.call(node, target, None)
    return True


def _index(writer: Writer, put: Node) -> str:
    """The code of the places of a put."""
    return writer.refer(read_index(put.params[0]))


def _results(job: Job, writer: Writer) -> list[str]:
    """The finite check and the result: fresh arrays, plain numbers."""
    parts = []
    tests = []
    for output in job.outputs:
        name = writer.names[output]
        if not output.boolean:
            tests.append(f"np.isfinite({name}).all()")
        if not output.shape:
            parts.append(f"bool({name})" if output.boolean else f"float({name})")
        else:
            own = writer.buffers.get(name) == {name} and writer.pending[name] == 1
            parts.append(name if own else f"np.array({name})")
    writer.space["wrap"] = job.wrap
    result = f"wrap({', '.join(parts)})" if job.wrap is not None else parts[0] if len(parts) == 1 else f"({', '.join(parts)})"
    return [f"if {' and '.join(tests) or 'True'}:", f"    return {result}"]
