"""How a function of numbers that calls itself runs: its body is compiled once, to a generator that yields the arguments of each call inside and
at last its value. The calls wait on a list, so that no call of Python stands inside of another one, however deep they are."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from itertools import repeat
from math import copysign, isfinite
from typing import Any

import numpy as np

from calclang.backends.python import scalar
from calclang.backends.python.control import UNUSUAL, leave, remembered
from calclang.backends.python.lines import function, written
from calclang.ir.budget import MADE, budget, spend
from calclang.ir.node import order
from calclang.ir.work import total
from calclang.ops.recursion import Recursion
from calclang.progress import telling

CALL = 500  # steps of work of a call, beside its operations
STRETCH = 4096  # calls between which it is told how many there were
MOST = 1_000_000  # calls whose values are remembered

Value = float | bool
Call = Generator[tuple[float, ...] | Value, Value | None, None]
Compiled = tuple[Callable[..., Call], float]


def compile_body(record: Recursion) -> Compiled | None:
    """The generator of one call, and the steps of work of it; None where only the general path serves."""
    atoms = {node: np.array(f"x{k}_", dtype=object) for k, node in enumerate(record.body.inputs)}
    try:
        code, found = scalar.scalarise(record.body.outputs, atoms)
    except scalar.Unsupported:
        return None
    value = str(found[record.body.outputs[0]].item())
    lines, names = written(code, [value])
    text = [f"def body({', '.join(str(a) for a in atoms.values())}):", *(f"    {line}" for line in lines), f"    yield {names.get(value, value)}"]
    return function("body", text, "recursion", scalar.NAMES | code.space), CALL + total(order(record.body.outputs))


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

    return call


def _body(record: Recursion) -> Compiled:
    """The compiled body. Raises ValueError where there is none."""
    if (body := compiled_body(record)) is None:
        raise ValueError("no scalar form")
    return body


class Calls:
    """Calls of one function, each value made once. ``room``: how many may wait for each other; ``tell``: who hears of them."""

    def __init__(self, body: Compiled, room: int, tell: Callable[[int], None]) -> None:
        (self.body, self.work), self.room, self.tell = body, room, tell
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
        known, body = self.known, self.body
        waiting: list[tuple[Call, Any]] = []
        now, key = body(*given), _key(given)
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

    def told(self) -> None:
        """A stretch of calls is charged, and told of."""
        spend(STRETCH * (self.work + MADE))
        self.tell(self.made)

    def charged(self) -> None:
        """What is left of the last stretch is charged, too."""
        spend(self.made % STRETCH * (self.work + MADE))


def _key(given: tuple[float, ...]) -> Any:
    """What makes two calls the same: 0.0 is not -0.0."""
    return given if 0.0 not in given else (*given, *map(copysign, repeat(1.0), given))
