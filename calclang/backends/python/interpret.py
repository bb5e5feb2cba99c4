"""The interpreter: node by node over an array namespace. It serves the first call, blame, `explain`, and every other arithmetic."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from math import prod
from typing import Any

import numpy as np

from calclang import errors
from calclang.ir import scalars
from calclang.ir.budget import spend
from calclang.ir.dim import numbers
from calclang.ir.node import Node, order, span_of
from calclang.ir.work import steps
from calclang.ops.control import RUN
from calclang.ops.namespaces import shows
from calclang.progress import portions

LONG = 1_000_000  # elements of which is told
STEPS = 4_000  # of work for one operation, beside the operation itself


def _later(module: str, name: str) -> Callable[..., Any]:
    """A function of a module that is imported when a program first needs it."""

    def run(*given: Any) -> Any:
        return getattr(import_module(f"calclang.backends.python.{module}"), name)(*given)

    return run


RUN |= {
    "choose": _later("control", "choose"),
    "loop": _later("control", "loop"),
    "turns": _later("control", "turns_until"),
    "recursion": _later("recursion", "run"),
}


def evaluate(outputs: Sequence[Node], known: Mapping[Node, Any], xp: Any = np) -> list[Any]:
    """The values of ``outputs``, given the values of inputs (or of any nodes). An array is freed after its last use.

    Answers as IEEE 754 does: nan and infinity are values. Raises E-SINGULAR where a matrix has no inverse.
    """
    nodes = order(outputs)
    spend(STEPS * len(nodes))
    left = Counter(child for node in nodes for child in node.inputs)
    left.update(outputs)
    values: dict[Node, Any] = dict(known)
    with np.errstate(all="ignore"):
        for node in portions("elements", nodes, _size, LONG):
            if node not in values:
                values[node] = value_of(node, values, xp)
            for child in node.inputs:
                left[child] -= 1
                if not left[child] and child not in known:
                    values.pop(child, None)
    return [values[output] for output in outputs]


def _size(node: Node) -> int:
    return prod(numbers(node.shape)) if node.value is None else 0


def value_of(node: Node, values: Mapping[Node, Any], xp: Any = np) -> Any:
    """One operation on known values. Scalars are Python numbers."""
    if node.value is not None:
        return node.value
    spend(steps(node.op, node.inputs, node.params, node.shape))
    try:
        arguments = [values[i] for i in node.inputs]
        value = scalars.value(node.op, arguments, node.params) if xp is np else node.op.eval(xp, *arguments, *node.params)
    except np.linalg.LinAlgError as problem:
        raise errors.refused_matrix(node.op.name, str(problem), span_of(node)) from None
    except IndexError as problem:
        raise errors.index_outside(problem.args[0] + 1, problem.args[1], span_of(node)) from None
    except ZeroDivisionError:
        value = xp.nan
    except OverflowError:
        value = xp.inf
    return value.item() if shows(xp) and not node.shape and hasattr(value, "item") else value
