"""A traced call as a compiled function."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from calclang.backends.python.entry import Job, Watch, compile_job
from calclang.errors import Diagnostic
from calclang.ir.apply import INPUT
from calclang.ir.node import Node, order
from calclang.ir.op import anywhere
from calclang.lower.finish import told
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
    watches = list(dict.fromkeys(Watch(k.kink.at, k.operands, k.params, k.elementwise, k.kink.scalar) for k in kinks if k.kink.at is not anywhere))
    always = list(dict.fromkeys(told(k, k.kink.says) for k in kinks if k.kink.at is anywhere))
    wrap = _wrap(traced.result, function, always)
    cells = [session.cells.of(name, session.definitions[name]) for name in trace.hidden]
    session.cells.watched.update(trace.looked)
    nodes: list[Node] = [*(i.node for i in inputs), *hidden]
    return compile_job(Job(nodes, cells, outputs, guards, session.cells.clock, session.budget, function.general, wrap, [*watches, *undefined]))


def _arrays_only(low: Low) -> bool:
    return all(map(_arrays_only, low.parts)) if isinstance(low, Tup) else isinstance(low, Arr)


def _wrap(low: Low, function: Function, always: Sequence[Diagnostic]) -> Callable[..., Any] | None:
    """What makes the result of the outputs' values; None where they are the result. ``always``: what every call warns of."""
    if isinstance(low, Arr) and not low.row and not always:
        return None

    def made(*values: Any) -> Any:
        function.hear(always)
        return _built(low, iter(values))

    return made


def _built(low: Low, values: Any) -> Any:
    if isinstance(low, Tup):
        return Parts(tuple(_built(p, values) for p in low.parts), low.names)
    value = next(values)
    return Row(value) if isinstance(low, Arr) and low.row else value
