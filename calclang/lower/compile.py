"""A traced call as a compiled function."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from calclang.backends.python.entry import Job, Watch, compile_job
from calclang.ir.apply import INPUT
from calclang.ir.node import Node, order
from calclang.lower.lowered import Arr, Low, Tup
from calclang.lower.parts import leaves
from calclang.lower.specialise import Traced
from calclang.values import Parts, Row

if TYPE_CHECKING:
    from calclang.functions import Function
    from calclang.session import Session


def entry(session: Session, function: Function, traced: Traced, inputs: list[Arr]) -> Callable[..., Any] | None:
    """The compiled call; None where only the general path serves (rows as arguments, functions or text as results)."""
    trace = traced.trace
    if trace.records.once or not _arrays_only(traced.result) or any(i.row for i in inputs):
        return None
    outputs = leaves(traced.result)
    guards = list(dict(trace.records.guards).items())
    hidden = list(trace.hidden.values())
    allowed = {i.node for i in inputs} | set(hidden)
    if any(n.op is INPUT and n not in allowed for n in order([*outputs, *(g for g, _ in guards)])):
        return None
    kinks = list(dict.fromkeys(trace.records.kinks))
    if any(n.op is INPUT and n not in allowed for n in order([o for k in kinks for o in k.operands])):
        return None
    undefined = [Watch(lambda v: ~np.isfinite(v), (n,), (), True, "{0} - {0} != 0.0") for n in dict.fromkeys(trace.records.unnoticed)]
    watches = list(dict.fromkeys(Watch(k.kink.at, k.operands, k.params, k.elementwise, k.kink.scalar) for k in kinks))
    cells = [session.cells.of(name, session.definitions[name]) for name in trace.hidden]
    session.cells.watched.update(trace.looked)
    nodes: list[Node] = [*(i.node for i in inputs), *hidden]
    return compile_job(Job(nodes, cells, outputs, guards, session.cells.clock, session.budget, function.general, _wrap(traced.result), [*watches, *undefined]))


def _arrays_only(low: Low) -> bool:
    return all(map(_arrays_only, low.parts)) if isinstance(low, Tup) else isinstance(low, Arr)


def _wrap(low: Low) -> Callable[..., Any] | None:
    """What makes the result of the outputs' values; None where they are the result."""
    if isinstance(low, Arr) and not low.row:
        return None
    return lambda *values: _built(low, iter(values))


def _built(low: Low, values: Any) -> Any:
    if isinstance(low, Tup):
        return Parts(tuple(_built(p, values) for p in low.parts), low.names)
    value = next(values)
    return Row(value) if isinstance(low, Arr) and low.row else value
