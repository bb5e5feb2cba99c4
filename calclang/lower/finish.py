"""From nodes to values, under the rules of LANGUAGE.md section 9: what may be infinite, whom to blame, when to warn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from calclang import errors
from calclang.backends.python.blame import birth, explain
from calclang.backends.python.hints import idiom
from calclang.backends.python.interpret import evaluate
from calclang.ir.node import Node, order
from calclang.lower.trace import Kinked, Trace, condition


def values(trace: Trace, nodes: Sequence[Node], known: Mapping[Node, Any], ieee: bool = False) -> list[Any]:
    """The values of ``nodes``. A nan or infinity that was born on the way is an error that names its operation; where only a derivative is
    not finite, it is the answer, with a warning (rules R4 and R5 of the edge cases)."""
    wanted = [n for n in nodes if n.value is None]
    found = dict(zip(wanted, evaluate(wanted, known), strict=True)) if wanted else {}
    result = [found[n] if n.value is None else n.value for n in nodes]
    finite = all(np.isfinite(v).all() for v in found.values())
    if not finite and not ieee:
        judge(trace, wanted, known)
    warn_of_kinks(trace)
    return result


def judge(trace: Trace, nodes: Sequence[Node], known: Mapping[Node, Any]) -> None:
    """Raise the error of a result that is not finite, or warn where only its derivative is not."""
    derived = set(trace.derived)
    for outputs in (trace.primals, nodes):
        found = birth(outputs, known)
        if found is not None and found[0] not in derived:
            raise explain(*found)
    if found is None or any(at.code == "W-AD" for at in kinks_at(trace)):
        return
    if (vanished := birth([n for n in order(trace.primals) if n not in derived], known)) is not None:
        raise explain(*vanished)  # an infinity that the value forgot and the derivative did not
    error = explain(*found)
    place = error.diagnostic.labels[0].span if error.diagnostic.labels else None
    trace.warn(errors.not_differentiable("the derivative is not finite here", place).diagnostic)


def warn_of_kinks(trace: Trace) -> None:
    """W-AD where a derivative follows a convention at this very point."""
    for at in kinks_at(trace):
        if at.code == "W-AD":
            trace.warn(errors.not_differentiable(at.kink.says, at.span, idiom(at.span)).diagnostic)
        else:
            size = condition(at.operands[0].value if at.operands[0].value is not None else trace.peek(at.operands[0]))
            trace.warn(errors.ill_conditioned(size, at.span).diagnostic)


def kinks_at(trace: Trace) -> list[Kinked]:
    """The kinks on the way of a derivative that lie at this very point."""
    found = []
    for at in dict.fromkeys(trace.kinks):
        operands = [n.value if n.value is not None else trace.peek(n) for n in at.operands]
        if all(o is not None for o in operands) and np.any(at.kink.at(*operands, *at.params)):
            found.append(at)
    return found
