"""How a function of numbers that calls itself runs: its body is compiled once, to a generator that yields the arguments of each call inside and
at last its value. The calls wait on a list, so that no call of Python stands inside of another one, however deep they are. Where nothing is left to
do after a call, none waits: the body is a loop."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from dataclasses import replace
from itertools import repeat
from math import copysign, isfinite
from typing import Any

import numpy as np

from calclang.backends.python import scalar
from calclang.backends.python.control import UNUSUAL, leave, remembered
from calclang.backends.python.lines import function, written
from calclang.ir.budget import MADE, budget, spend
from calclang.ir.node import Node, order
from calclang.ir.work import total
from calclang.ops.control import Body, choose
from calclang.ops.recursion import AGAIN, Recursion
from calclang.progress import telling
from calclang.record import record

CALL = 500  # steps of work of a call, beside its operations
STRETCH = 4096  # calls between which it is told how many there were
MOST = 1_000_000  # calls whose values are remembered

Value = float | bool
Call = Generator[tuple[float, ...] | Value, Value | None, None]


@record
class Compiled:
    """A compiled body, and the steps of work of a call. ``run``: of the arguments, a generator; where no call has anything left to do after the one
    that it makes (``last``), of how many calls there may be and the arguments, the value and how many there were."""

    run: Callable[..., Any]
    work: float
    last: bool

    def repeat(self, room: int, given: tuple[float, ...]) -> tuple[Value, int]:
        """The value of a call whose body is a loop, and how many calls it made."""
        made: tuple[Value, int] = self.run(room, *given)
        return made


def compile_body(record: Recursion) -> Compiled | None:
    """The compiled body; None where only the general path serves."""
    atoms = {node: np.array(f"x{k}_", dtype=object) for k, node in enumerate(record.body.inputs)}
    output = last_calls(record.body.outputs[0])
    last = not _calls_again(output)
    output = output if last else record.body.outputs[0]
    try:
        code, found = scalar.scalarise([output], atoms)
    except scalar.Unsupported:
        return None
    value, hidden = str(found[output].item()), scalar.hidden(Body(record.body.inputs, (output,)), found)
    lines, names = written(code, [value, *hidden])
    lines += [line for a in hidden for line in (f"if {names[a]} != {names[a]}:", "    raise ValueError")]
    text = (_repeated if last else _yielding)([str(a) for a in atoms.values()], lines, names.get(value, value))
    made = function("body", text, "recursion", scalar.NAMES | code.space)
    return Compiled(made, CALL + total(order([output])), last)


def _yielding(given: list[str], lines: list[str], value: str) -> list[str]:
    """Source of a generator."""
    return [f"def body({', '.join(given)}):", *(f"    {line}" for line in lines), f"    yield {value}"]


def _repeated(given: list[str], lines: list[str], value: str) -> list[str]:
    """Source of a loop, in which the arguments of a call take the place of those before. What is no number is for the general path."""
    head = [f"def body(room, {', '.join(given)}):", "    for made in range(room + 1):", *(f"        {line}" for line in lines)]
    numbers = " + ".join(f"({name} - {name})" for name in given)
    found = [f"found = {value}", "if type(found) is not tuple:", "    if found - found != 0:", "        break", "    return found, made"]
    return [*head, *(f"        {line}" for line in [*found, f"{', '.join(given)}, = found", f"if {numbers} != 0:", "    break"]), "    raise ValueError"]


def last_calls(node: Node) -> Node:
    """A body in which the calls after which nothing is left to do say so."""
    if node.op in AGAIN.values():
        return AGAIN[node.boolean](*node.inputs, params=(node.params[0], True))
    if node.op is not choose or node.rank or node.params[0].out is None:
        return node
    then, otherwise = (Body(b.inputs, (last_calls(b.outputs[0]),)) for b in (node.params[0].then, node.params[0].otherwise))
    return choose(*node.inputs, params=(replace(node.params[0], then=then, otherwise=otherwise),))


def _calls_again(node: Node) -> bool:
    """Whether a body makes a call whose value it needs."""
    nodes = order([node])
    inside = [b.outputs[0] for n in nodes if n.op is choose for b in (n.params[0].then, n.params[0].otherwise)]
    return any(n.op in AGAIN.values() and not n.params[1] for n in nodes) or any(map(_calls_again, inside))


compiled_body = remembered(compile_body)


def run(xp: Any, arrays: Sequence[Any], record: Recursion, room: int) -> Any:
    """The value of a call, or of as many as the arrays have elements (nan, or false, for one that the general path must answer). Raises ValueError
    where the one call, or all, must be answered there. Over any namespace the calls are of numbers, which must be there: not inside of a tracer."""
    if not any(np.ndim(a) for a in arrays):
        return caller(record, room)(*map(float, arrays))
    given = np.broadcast_arrays(*arrays)
    with telling("calls") as tell:
        calls = Calls(_body(record), room, tell)
        found = [calls.value_or_nan(row) for row in zip(*(a.ravel().tolist() for a in given), strict=True)]
        calls.charged()
    return xp.reshape(xp.asarray(found), given[0].shape)


def caller(record: Recursion, room: int) -> Callable[..., Value]:
    """A call as a function of its numbers, which raises ValueError and the like where the general path must answer it."""
    body = _body(record)

    def call(*given: float) -> Value:
        with telling("calls") as tell:
            calls = Calls(body, room, tell)
            value = calls.value(given)
            calls.charged()
        return value

    def call_of_last(*given: float) -> Value:
        value, made = body.repeat(room, given)
        spend(made * body.work)
        return value

    return call_of_last if body.last else call


def _body(record: Recursion) -> Compiled:
    """The compiled body. Raises ValueError where there is none."""
    if (body := compiled_body(record)) is None:
        raise ValueError("no scalar form")
    return body


class Calls:
    """Calls of one function, each value made once. ``room``: how many may wait for each other; ``tell``: who hears of them."""

    def __init__(self, body: Compiled, room: int, tell: Callable[[int], None]) -> None:
        self.body, self.room, self.tell = body, room, tell
        self.known: dict[Any, Value] = {}
        self.most = min(MOST, budget().elements // 4)  # a value takes as much memory as some numbers
        self.made = 0

    def value_or_nan(self, given: tuple[float, ...]) -> Value:
        """The value, or nan where there is none here; also that is remembered."""
        key = _key(given)
        if key in self.known:
            return self.known[key]
        try:
            return self.value(given)
        except UNUSUAL:
            leave()
            return self.known.setdefault(key, float("nan"))

    def value(self, given: tuple[float, ...]) -> Value:
        """The value of a call. Raises ValueError and the like where it is unusual: no number, too deep, an operation with no result."""
        if self.body.last:
            return self.repeated(given)
        known, body = self.known, self.body.run
        waiting: list[tuple[Call, Any]] = []
        now: Call = body(*given)
        key = _key(given)
        value: Value | None = None
        while True:
            asked = now.send(value)
            if isinstance(asked, tuple):
                if (value := known.get(wanted := _key(asked))) is None:
                    if len(waiting) >= self.room or not all(map(isfinite, asked)):
                        raise ValueError("too deep, or no number")
                    waiting.append((now, key))
                    now, key = body(*asked), wanted
                    self.made += 1
                    if not self.made % STRETCH:
                        self.told()
                continue
            if asked - asked != 0:
                raise ValueError("no number")
            if len(known) < self.most:
                known[key] = asked
            if not waiting:
                return asked
            value = asked
            now, key = waiting.pop()

    def repeated(self, given: tuple[float, ...]) -> Value:
        """The value of a call that is a loop."""
        value, made = self.body.repeat(self.room, given)
        stretches = self.made // STRETCH
        self.made += made
        if self.made // STRETCH > stretches:
            self.told()
        if len(self.known) < self.most:
            self.known[_key(given)] = value
        return value

    def told(self) -> None:
        """A stretch of calls is charged, and told of."""
        spend(STRETCH * (self.body.work + MADE))
        self.tell(self.made)

    def charged(self) -> None:
        """What is left of the last stretch is charged, too."""
        spend(self.made % STRETCH * (self.body.work + MADE))


def _key(given: tuple[float, ...]) -> Any:
    """What makes two calls the same: 0.0 is not -0.0."""
    return given if 0.0 not in given else (*given, *map(copysign, repeat(1.0), given))
