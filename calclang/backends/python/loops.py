"""A loop as one Python function: its body is written inline, over local variables where everything is small, else over NumPy arrays."""

from __future__ import annotations

from array import array as tape
from collections.abc import Callable, Iterator
from math import prod
from typing import Any

import numpy as np

from calclang.backends.python import arrays, scalar
from calclang.backends.python.lines import function, written
from calclang.ir.budget import afford, spend
from calclang.ir.dim import known, number, numbers
from calclang.ir.node import Node, order
from calclang.ir.work import total
from calclang.ops.control import Body, Loop, Until
from calclang.ops.structure import gather
from calclang.progress import stretches


def compile_loop(record: Loop) -> Callable[..., Any] | None:
    """The function of the loop's inputs that gives its one vector; None where only the interpreter serves."""
    try:
        return _made(*_scalar_loop(record))
    except scalar.Unsupported:
        return _made(*_array_loop(record)) if all(known(n.shape) for n in order(record.body.outputs)) else None


def compile_until(record: Until) -> Callable[..., Any] | None:
    """The function of the loop's inputs that gives the number of its turns; None where only the interpreter serves."""
    try:
        return _made(*_scalar_until(record))
    except scalar.Unsupported:
        return _made(*_array_until(record)) if all(known(n.shape) for n in order(record.body.outputs)) else None


def _made(lines: list[str], names: dict[str, Any]) -> Callable[..., Any]:
    """The compiled function of these lines."""
    return function("run", lines, "loop", names | {"turns": turns})


def _scalar_loop(record: Loop) -> tuple[list[str], dict[str, Any]]:
    """Source of the function. Raises `scalar.Unsupported`."""
    body, c, s = record.body, record.carries, record.sequences
    atoms = {node: named(node, f"x{k}_") if k < c + s else _constant(body, node, f"x{k}_") for k, node in enumerate(body.inputs)}
    code, found = scalar.scalarise(body.outputs, atoms)
    outputs = [[str(a) for a in np.ravel(found[o])] for o in body.outputs]
    hidden = scalar.hidden(body, found)
    lines, names = written(code, [a for group in [*outputs, hidden] for a in group])
    lines += [f"if {' or '.join(f'{names.get(a, a)} != {names.get(a, a)}' for a in hidden)}:", "    raise ValueError"] if hidden else []
    outputs = [[names.get(a, a) for a in group] for group in outputs]
    carried, kept = outputs[:c], outputs[c:]
    head = [f"def run({', '.join(f'x{k}' for k in range(len(body.inputs)))}):"]
    for k, node in enumerate(body.inputs):
        head += [] if c <= k < c + s else [f"    {_unpacked(atoms[node], f'x{k}')}"]
    elements = [a for node in body.inputs[c : c + s] for a in atoms[node].ravel()]
    columns = [_columns(f"x{c + k}", node, record.backwards) for k, node in enumerate(body.inputs[c : c + s])]
    for j, group in enumerate(kept):
        for i, _ in enumerate(group):
            head += [f"    k{j}_{i} = tape('d')", f"    a{j}_{i} = k{j}_{i}.append"]
    head += ["    " + line for line in _for(elements, [text for column in columns for text in column], record.turns, pace(body))]
    inner = [*lines, *(f"a{j}_{i}({a})" for j, group in enumerate(kept) for i, a in enumerate(group))]
    targets = [str(a) for node in body.inputs[:c] for a in atoms[node].ravel()]
    moved = [(t, a) for t, a in zip(targets, [a for group in carried for a in group], strict=True) if t != a]
    if moved:
        inner.append(f"{', '.join(t for t, _ in moved)} = {', '.join(a for _, a in moved)}")
    tail = [f"array([{', '.join(targets)}])"] if targets else []
    turn = "[::-1]" if record.backwards else ""
    tail += [f"packed([{', '.join(f'k{j}_{i}' for i, _ in enumerate(group))}]){turn}.ravel()" for j, group in enumerate(kept)]
    text = [*head, *("            " + line for line in inner or ["pass"]), f"    return joined([{', '.join(tail)}])"]
    return text, scalar.NAMES | code.space | {"array": _array, "packed": _packed, "joined": _joined, "columns": _split, "tape": tape}


def _array_loop(record: Loop) -> tuple[list[str], dict[str, Any]]:
    """Source of the function over NumPy: a turn makes new arrays, so that carries of the turns before may be kept."""
    body, c, s = record.body, record.carries, record.sequences
    names = {node: f"x{k}" if k < c or k >= c + s else f"e{k}" for k, node in enumerate(body.inputs)}
    lines, outputs, space = arrays.straight(body.outputs, names)
    turn = "[::-1]" if record.backwards else ""
    text = [f"def run({', '.join(f'x{k}' for k in range(len(body.inputs)))}):"]
    text += [f"    kept{j} = []" for j in range(len(outputs) - c)]
    text.append("    with np.errstate(over='ignore', under='ignore', divide='ignore', invalid='raise'):")
    head = _for([f"e{c + k}" for k in range(s)], [f"x{c + k}{turn}" for k in range(s)], record.turns, pace(body))
    text += ["        " + line for line in head]
    inner = [*lines, *(f"kept{j}.append({name})" for j, name in enumerate(outputs[c:]))]
    inner += [f"{', '.join(f'x{k}' for k in range(c))} = {', '.join(outputs[:c])}"] if c else []
    text += ["                " + line for line in inner or ["pass"]]
    flat = [f"ravel(x{k})" for k in range(c)] + [f"ravel(array(kept{j}{turn}))" for j in range(len(outputs) - c)]
    text.append(f"    return joined([{', '.join(flat)}])")
    return text, space | {"np": np, "ravel": np.ravel, "array": _array, "joined": _joined}


def _scalar_until(record: Until) -> tuple[list[str], dict[str, Any]]:
    """Source of the function. Raises `scalar.Unsupported`."""
    body, c = record.body, record.carries
    atoms = {node: named(node, f"x{k}_") if k < c else _constant(body, node, f"x{k}_") for k, node in enumerate(body.inputs)}
    text = [f"def run({', '.join(f'x{k}' for k in range(len(body.inputs)))}):"]
    text += [f"    {_unpacked(atoms[node], f'x{k}')}" for k, node in enumerate(body.inputs)]
    code, found = scalar.scalarise(body.outputs[:1], atoms)
    space = code.space
    lines, names = written(code, [str(found[body.outputs[0]].item())])
    step, work, _ = pace(body)
    text += [f"    for lo in turns({record.most + 1}, {step}, {work}):", f"        for k in range(lo, min(lo + {step}, {record.most + 1})):"]
    text += ["            " + line for line in lines]
    stop = str(found[body.outputs[0]].item())
    text += [f"            if {names.get(stop, stop)}:", "                return k"]
    code, found = scalar.scalarise(body.outputs[1:], atoms)
    outputs = [str(a) for o in body.outputs[1:] for a in np.ravel(found[o])]
    lines, names = written(code, outputs)
    targets = [str(a) for node in body.inputs[:c] for a in atoms[node].ravel()]
    text += ["            " + line for line in lines]
    text += [f"            {', '.join(targets)} = {', '.join(names.get(a, a) for a in outputs)}", f"    return {record.most + 1}"]
    return text, scalar.NAMES | space | code.space


def _array_until(record: Until) -> tuple[list[str], dict[str, Any]]:
    """Source of the function over NumPy. A turn's condition and its new carries are one piece of code, for they have much in common."""
    body, c = record.body, record.carries
    lines, (stop, *outputs), space = arrays.straight(body.outputs, {node: f"x{k}" for k, node in enumerate(body.inputs)})
    step, work, _ = pace(body)
    text = [f"def run({', '.join(f'x{k}' for k in range(len(body.inputs)))}):"]
    text += ["    with np.errstate(over='ignore', under='ignore', divide='ignore', invalid='raise'):"]
    text += [f"        for lo in turns({record.most + 1}, {step}, {work}):", f"            for k in range(lo, min(lo + {step}, {record.most + 1})):"]
    inner = [*lines, f"if {stop}:", "    return k", f"{', '.join(f'x{k}' for k in range(c))} = {', '.join(outputs)}"]
    return [*text, *("                " + line for line in inner), f"    return {record.most + 1}"], space | {"np": np}


def named(node: Node, name: str) -> Any:
    """Local variables for the elements of an input."""
    if prod(numbers(node.shape)) > scalar.MOST_ELEMENTS or node.boolean:
        raise scalar.Unsupported
    result = np.empty(numbers(node.shape), dtype=object)
    for k, index in enumerate(np.ndindex(*result.shape)):
        result[index] = f"{name}{k}"
    return result


def _constant(body: Body, node: Node, name: str) -> Any:
    """Local variables, or a list where the body only reads a long vector at places."""
    if node.rank == 1 and prod(numbers(node.shape)) > scalar.MOST_ELEMENTS:
        users = [n for n in order(body.outputs) if node in n.inputs]
        if all(n.op is gather and n.inputs[0] is node and n.inputs[1] is not node for n in users) and node not in body.outputs:
            return scalar.Listed(name, number(node.shape[0]))
    return named(node, name)


def _unpacked(atoms: Any, name: str) -> str:
    """The elements of an argument as local variables."""
    if isinstance(atoms, scalar.Listed):
        return f"{atoms.name} = {name}.tolist()"
    if not atoms.ndim:
        return f"{atoms.item()} = float({name})"
    return f"[{', '.join(atoms.ravel())}] = {name}.ravel().tolist()"


def _columns(name: str, node: Node, backwards: bool) -> list[str]:
    """What a loop over a sequence walks along: one view for each element of a part."""
    turn = "[::-1]" if backwards else ""
    if not node.shape:
        return [f"memoryview({name}{turn})"]
    return [f"*columns({name}{turn})"] if prod(numbers(node.shape)) else []


def _for(elements: list[str], columns: list[str], turns: int, pace: Pace) -> list[str]:
    """The heads of the loop: over stretches of turns, between which it tells how far it is, and over the turns of a stretch."""
    step, work, whole = pace
    outer = f"for lo in turns({turns}, {step}, {work}, {turns * whole}):"
    if not elements:
        return [outer, f"    for _ in range(min({step}, {turns} - lo)):"]
    if len(elements) == 1:
        return [f"(column,) = [{columns[0]}]", outer, f"    for {elements[0]} in column[lo:lo + {step}]:"]
    return [f"whole = [{', '.join(columns)}]", outer, f"    for {', '.join(elements)} in zip(*[column[lo:lo + {step}] for column in whole]):"]


TURN = 50  # steps of work of a turn, beside its operations
Pace = tuple[int, int, int]  # turns of a stretch; steps of work of a turn, without the loops inside, and with them


def pace(body: Body) -> Pace:
    """How a loop runs: a stretch takes about ten milliseconds, and has 4096 turns at most."""
    work = TURN + int(total(order(body.outputs)))
    whole = work + _inside(body)
    return max(1, min(4096, 10_000_000 // (1 + whole))), work, whole


def _inside(body: Body) -> int:
    """The work of the loops inside, with all their turns."""
    records: list[Loop] = [n.params[0] for n in order(body.outputs) if n.op.name == "loop"]
    return sum(record.turns * pace(record.body)[2] for record in records)


def turns(count: int, step: int, work: int, whole: int | None = None) -> Iterator[int]:
    """Where stretches of turns begin. Each is charged before it is made; ``whole``, the work of all of them, is refused before the first."""
    if whole is not None:
        afford(whole)
    for start in stretches("loop", count, step, whole is not None):
        spend(min(step, count - start) * work)
        yield start


def _split(rows: Any) -> list[memoryview]:
    """The columns of rows, each as plain numbers."""
    return [memoryview(column) for column in rows.reshape(len(rows), -1).T]


def _array(values: list[Any]) -> Any:
    return np.array(values, dtype=float)


def _packed(columns: list[Any]) -> Any:
    """What was kept, a row per turn. (An array of doubles takes 8 bytes per turn, a list of floats 32.)"""
    return np.frombuffer(columns[0]) if len(columns) == 1 else np.array([np.frombuffer(column) for column in columns]).T


def _joined(parts: list[Any]) -> Any:
    """Vectors end to end."""
    return np.concatenate(parts) if len(parts) != 1 else parts[0]
