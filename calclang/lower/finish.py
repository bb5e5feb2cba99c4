"""From nodes to values: what may be infinite, whom to blame, when to warn. No nan or infinity appears in a value that was not put in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from calclang import errors
from calclang.backends.python.births import from_infinities, lost, tell
from calclang.backends.python.blame import explain, undefined
from calclang.backends.python.hints import idiom
from calclang.backends.python.interpret import evaluate
from calclang.errors import Diagnostic
from calclang.ir.node import Node, order
from calclang.lower.conditions import SIZES
from calclang.lower.kinks import Kinked
from calclang.lower.trace import Trace
from calclang.source import Span


def values(trace: Trace, nodes: Sequence[Node], known: Mapping[Node, Any]) -> list[Any]:
    """The values of ``nodes``. A nan or infinity that was born on the way is an error that names its operation; where only a derivative is
    not finite, it is the answer, with a warning (docs/language.md, derivatives at the edges)."""
    wanted = [n for n in nodes if n.value is None]
    computed = [*wanted, *([] if trace.ieee else trace.records.unnoticed)]
    found = dict(zip(computed, evaluate(computed, known), strict=True)) if computed else {}
    result = [found[n] if n.value is None else n.value for n in nodes]
    finite = all(np.isfinite(found[n]).all() for n in wanted)
    if not trace.ieee:
        judge_hidden(trace, wanted, known)
        if not all(np.isfinite(v).all() for v in found.values()):
            judge(trace, wanted, known)
    warn_of_kinks(trace, finite)
    return result


def judge_hidden(trace: Trace, nodes: Sequence[Node], known: Mapping[Node, Any]) -> None:
    """Raise the error of a nan that was born and vanished again, in a comparison (a derivative's own may). One of infinities is warned of."""
    suspects = lost(trace.records.primals if trace.records.derived else nodes, known)
    if not suspects:
        return
    found, derived = tell(suspects, known).birth(suspects, np.isnan), trace.records.of_derivatives()
    if found is not None and found.holder not in derived:
        raise explain(found)
    if found is None and (found := from_infinities(suspects, known)) is not None and found.holder not in derived:
        trace.records.warn(undefined(found).diagnostic)


def judge(trace: Trace, nodes: Sequence[Node], known: Mapping[Node, Any]) -> None:
    """Raise the error of a result that is not finite, or warn where only its derivative is not. What a value forgot on its way is no error
    of the derivatives that remember it. A nan of infinities that were put in is warned of."""
    story, derived = tell([*trace.records.primals, *nodes], known), trace.records.of_derivatives()
    own, found = set(derived), None
    for outputs in (*([p] for p in trace.records.primals), nodes):
        found = story.birth(outputs)
        if found is not None and found.holder not in own:
            raise explain(found)
        own.update(order(outputs) if outputs is not nodes else ())
    if found is None and (found := from_infinities(nodes, known)) is not None and found.holder not in derived:
        trace.records.warn(undefined(found).diagnostic)
        return
    if found is None or any(at.code == "W-AD" for at in kinks_at(trace)):
        return
    vanished = story.birth([n for n in order(trace.records.primals) if n not in derived])  # an infinity that the value forgot
    cause = explain(vanished or found).diagnostic
    place = cause.labels[0].span if cause.labels else None
    trace.records.warn(errors.infinite_derivative(cause.message, cause.help, place).diagnostic)


def warn_of_kinks(trace: Trace, finite: bool) -> None:
    """W-AD where a derivative follows a convention at this very point, once at each place of the program. A flat corner counts where the
    derivative is not finite. The step that the slope of a corner has is told as that corner. W-CONDITION where a matrix is nearly singular."""
    said: set[Span | None] = set()
    kinks = kinks_at(trace)
    corners = {at.span: at.kink.says for at in kinks if at.kink.corner}
    for at in kinks:
        if at.code == "W-CONDITION":
            size = SIZES[at.kink](*map(trace.peek, at.operands))
            trace.records.warn(errors.ill_conditioned(size, at.span).diagnostic)
        elif at.code == "W-AD" and not (at.flat and finite) and (at.span is None or at.span not in said):
            said.add(at.span)
            trace.records.warn(told(at, corners.get(at.span, at.kink.says) if at.kink.jump else at.kink.says))


def told(at: Kinked, says: str) -> Diagnostic:
    """The warning of a kink."""
    return errors.not_differentiable(says, at.span, idiom(at.span)).diagnostic


def kinks_at(trace: Trace) -> list[Kinked]:
    """The kinks on the way of a derivative that lie at this very point."""
    return [at for at in dict.fromkeys(trace.records.kinks) if np.any(at.at(trace.peek))]
