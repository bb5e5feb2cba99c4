"""The compiled function a person holds: argument checks, straight-line code, a finite check, and a way out.

Whatever is unusual (another kind or shape, a choice that falls otherwise, an exception, a result that is not finite) goes to ``slow``, the
general path, which interprets, judges and says what is wrong. Generated source contains names made here and constants, never a
character of a program.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import prod
from typing import Any

import numpy as np

from calclang.backends.python import arrays, scalar
from calclang.backends.python.lines import function, written
from calclang.ir.budget import Budget, charged
from calclang.ir.dim import numbers
from calclang.ir.node import Node, order
from calclang.ops.control import turns
from calclang.ops.stacks import laid
from calclang.record import record

TERMS = 200  # of a sum in one line
EXPECTED = ("ValueError", "OverflowError", "ZeroDivisionError", "TypeError", "IndexError")  # what math raises where IEEE has an answer
ARRAYS_FROM = 2_000  # lines of scalar code from which a graph of arrays is better run by NumPy


@record
class Watch:
    """A kink: ``at(*operands, *params)`` tells where it lies, element by element or of whole arrays."""

    at: Callable[..., Any]
    operands: Sequence[Node]
    params: Sequence[Any]
    elementwise: bool
    scalar: str = ""  # the same as a Python expression over {0}, {1}

    def __call__(self, *values: Any) -> Any:
        if self.elementwise:
            return self.at(*values, *self.params)
        return np.any(self.at(*map(laid, values), *self.params))


@record
class Job:
    """A graph to compile. The first inputs are arguments, the others are read from one-element lists (``cells``).

    ``guards``: nodes with the value they must have. ``kinks``: where a derivative is a convention, which is for the general path to say.
    ``clock``: a one-element list that must still hold ``time``. ``budget``: what loops are charged to outside of any statement. ``wrap`` makes the result
    of the output values.
    """

    inputs: Sequence[Node]
    cells: Sequence[list[Any]]
    outputs: Sequence[Node]
    guards: Sequence[tuple[Node, Any]]
    clock: list[int]
    budget: Callable[[], Budget]
    slow: Callable[..., Any]
    wrap: Callable[..., Any] | None = None
    kinks: Sequence[Watch] = ()

    @property
    def arguments(self) -> Sequence[Node]:
        return self.inputs[: len(self.inputs) - len(self.cells)]


class Missing:
    """Stands for an argument that was not given."""


def compile_job(job: Job) -> Callable[..., Any]:
    """The compiled function."""
    try:
        lines, names = _scalar_lines(job)
    except scalar.Unsupported:
        lines, names = arrays.lines(job)
    return _made(job, lines, names)


def _made(job: Job, body: list[str], names: dict[str, Any]) -> Callable[..., Any]:
    """Put the function together."""
    count = len(job.arguments)
    parameters = ", ".join([*(f"x{k}=missing" for k in range(count)), "*rest"])
    out = f"return slow({', '.join([*(f'x{k}' for k in range(count)), '*rest'])})"
    head = [f"if rest or clock[0] != {job.clock[0]}:", f"    {out}"]
    lines = [line.replace("@slow", out) for line in body]
    if any(n.op is turns for n in order([*job.outputs, *(g for g, _ in job.guards)])):  # how long that takes depends on the arguments
        lines = ["with charged(budget):", *("    " + line for line in lines)]
    lines = [*head, *lines, out]
    text = [f"def entry({parameters}):", *("    " + line for line in lines)]
    space: dict[str, Any] = {"slow": _without_missing(job.slow), "clock": job.clock, "missing": Missing, "ndarray": np.ndarray, "F8": np.dtype(np.float64)}
    space |= {"charged": charged, "budget": job.budget} | names | {f"c{k}": cell for k, cell in enumerate(job.cells)}
    return function("entry", text, "function", space)


def _without_missing(slow: Callable[..., Any]) -> Callable[..., Any]:
    """The general path, called with the arguments that were given."""
    return lambda *arguments: slow(*(a for a in arguments if a is not Missing))


# ---- scalar code ------------------------------------------------------------------------------------------


def _scalar_lines(job: Job) -> tuple[list[str], dict[str, Any]]:
    """Checks, guards and straight-line code over ``math``. Raises `scalar.Unsupported`."""
    inputs: dict[Node, Any] = {}
    checks: list[str] = []
    for k, node in enumerate(job.arguments):
        inputs[node] = _named(node, f"x{k}")
        checks += _check(node, f"x{k}")
    for k, node in enumerate(job.inputs[len(job.arguments) :]):
        inputs[node] = _named(node, f"h{k}")
        checks += [f"h{k} = c{k}[0]"] if not node.shape else [f"{_targets(inputs[node])} = c{k}[0].ravel().tolist()"]
    guards = [g for g, _ in job.guards]
    code, atoms = scalar.scalarise([*guards, *job.outputs, *(o for k in job.kinks for o in k.operands)], inputs)
    if len(code.lines) > ARRAYS_FROM and any(o.shape for o in job.outputs):
        raise scalar.Unsupported
    watched = _watched(job, atoms)
    wanted = [*(str(a) for o in [*guards, *job.outputs] for a in np.ravel(atoms[o])), *(a for _, _, operands in watched for a in operands)]
    hidden = _hidden(job, atoms)
    lines, names = written(code, [*wanted, *hidden])
    shown = {atom: names.get(atom, atom) for atom in [*wanted, *hidden]}
    tail, space = _tail(job, atoms, shown, [shown[a] for a in hidden])
    kinks = [line for k, text, operands in watched for line in (f"if {text.format(*map(shown.get, operands))}:", "    @slow")]
    space |= {f"at{k}": job.kinks[k] for k, _, _ in watched} | code.space
    inside = [*checks_after(checks), *lines, *_guard_lines(job, [shown[str(atoms[g].item())] for g in guards]), *kinks] or ["pass"]
    body = ["try:", *("    " + line for line in inside), f"except ({', '.join(EXPECTED)}):", "    @slow"]
    return [*checks_before(checks), *body, *tail], scalar.NAMES | space


def _hidden(job: Job, atoms: dict[Node, Any]) -> list[str]:
    """Temporaries whose nan an operation would hide: they must be finite too."""
    hiding = [i for node in order([*(g for g, _ in job.guards), *job.outputs]) if node.op.hides_nan for i in node.inputs if not i.boolean]
    return list(dict.fromkeys(str(a) for i in hiding for a in np.ravel(atoms[i]) if str(a)[0] == "t"))


def _watched(job: Job, atoms: dict[Node, Any]) -> list[tuple[int, str, list[str]]]:
    """Calls that tell whether a kink was met, with the atoms they look at: one per element, or one of a whole array."""
    found: list[tuple[int, str, list[str]]] = []
    for k, kink in enumerate(job.kinks):
        operands = [atoms[o] for o in kink.operands]
        if kink.elementwise:
            rows = zip(*(map(str, np.ravel(o)) for o in np.broadcast_arrays(*operands)), strict=True)
            text = kink.scalar or f"at{k}({', '.join(['{}'] * len(operands))})"
            found += [(k, text, list(row)) for row in dict.fromkeys(rows)]
        else:
            listed = [f"array([{', '.join(['{}'] * o.size)}]).reshape({o.shape!r})" for o in operands]
            found.append((k, f"at{k}({', '.join(listed)})", [str(a) for o in operands for a in np.ravel(o)]))
    return found


def checks_before(checks: list[str]) -> list[str]:
    return [c for c in checks if c.startswith(("if ", "    "))]


def checks_after(checks: list[str]) -> list[str]:
    return [c for c in checks if not c.startswith(("if ", "    "))]


def _named(node: Node, name: str) -> Any:
    """Local variables for the elements of an input."""
    if not node.shape:
        return np.array(name, dtype=object)
    if prod(numbers(node.shape)) > scalar.MOST_ELEMENTS:
        raise scalar.Unsupported
    result = np.empty(numbers(node.shape), dtype=object)
    for number, index in enumerate(np.ndindex(*result.shape)):
        result[index] = f"{name}_{number}"
    return result


def _targets(atoms: Any) -> str:
    """A list of variables, to be unpacked into."""
    return "[" + ", ".join(atoms.ravel()) + "]"


def _check(node: Node, name: str) -> list[str]:
    """An argument of the kind the graph was made for; whole numbers become floats."""
    if not node.shape:
        return [f"if type({name}) is not float:", f"    if type({name}) is not int:", "        @slow", f"    {name} = float({name})"]
    lines = [f"if type({name}) is not ndarray or {name}.dtype is not F8 or {name}.shape != {tuple(node.shape)!r}:", "    @slow"]
    flat = name if node.rank == 1 else f"{name}.ravel()"
    return [*lines, f"{_targets(_named(node, name))} = {flat}.tolist()"]


def _guard_lines(job: Job, found: list[str]) -> list[str]:
    """Each recorded decision, made again: where it falls otherwise, the general path. A nan decides nothing."""
    lines = []
    for name, (_, value) in zip(found, job.guards, strict=True):
        test = f"{name} is not {value}" if isinstance(value, bool) else f"{name} != {scalar.literal(value)}"
        lines += [f"if {test}:", "    @slow"]
    return lines


def _tail(job: Job, atoms: dict[Node, Any], shown: dict[str, str], hidden: list[str]) -> tuple[list[str], dict[str, Any]]:
    """The finite check and the result."""
    parts = []
    checked = list(hidden)
    for output in job.outputs:
        names = [shown[str(a)] for a in np.ravel(atoms[output])]
        if not output.boolean:
            checked += [n for n in names if n[:1] in "vxh"]
        if not output.shape:
            parts.append(names[0])
        else:
            listed = f"array([{', '.join(names)}])" if names else "zeros(0)"
            parts.append(listed if len(output.shape) == 1 else f"{listed}.reshape({tuple(output.shape)!r})")
    result = f"wrap({', '.join(parts)})" if job.wrap is not None else parts[0] if len(parts) == 1 else f"({', '.join(parts)})"
    return [*_finite(list(dict.fromkeys(checked))), f"    return {result}"], {"array": np.array, "zeros": np.zeros, "wrap": job.wrap}


def _finite(names: list[str]) -> list[str]:
    """A test whether all of these are finite. A sum of very many terms would be nested too deeply for Python's compiler."""
    if len(names) < 2:
        return [f"if {names[0]} - {names[0]} == 0.0:" if names else "if True:"]
    first, *others = (" + ".join(names[k : k + TERMS]) for k in range(0, len(names), TERMS))
    return [f"s = {first}", *(f"s += {terms}" for terms in others), "if s - s == 0.0:"]
