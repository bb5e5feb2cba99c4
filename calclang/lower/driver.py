"""Generators run on an explicit stack: neither deep programs nor deep calls recurse."""

from __future__ import annotations

from collections.abc import Callable, Generator
from types import GeneratorType
from typing import Any, TypeAlias

from calclang.lower.lowered import Low

Step: TypeAlias = Generator[Any, Any, Any]  # gives a Low in the end; asks for others by yielding generators, or what `step` makes one of


def drive(steps: Step | Low, step: Callable[..., Step | Low]) -> Low:
    """Run generators until the first one is done. What they ask for by a tuple, ``step(*asked)`` is."""
    stack: list[GeneratorType[Any, Any, Any]] = []
    value: Any = steps
    error: Exception | None = None
    while True:
        if error is None and isinstance(value, GeneratorType):
            stack.append(value)
            value = None
        elif not stack:
            if error is not None:
                raise error
            result: Low = value
            return result
        try:
            asked = stack[-1].send(value) if error is None else stack[-1].throw(error)
            error = None
            value = step(*asked) if type(asked) is tuple else asked
        except StopIteration as done:
            stack.pop()
            value, error = done.value, None
        except Exception as raised:
            if stack[-1].gi_frame is None:
                stack.pop()
            value, error = None, raised
