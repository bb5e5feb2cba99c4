"""``check``: a derivative against differences of values, or against what a person claims."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from calclang import errors
from calclang.commands import answers
from calclang.commands.clauses import Request, inner_request, single
from calclang.commands.derivatives import value_of
from calclang.commands.numeric import differentiate
from calclang.lower.lowered import FUNCTIONS, Low, function_name
from calclang.lower.parts import flat
from calclang.registry import command
from calclang.syntax import tree

if TYPE_CHECKING:
    from calclang.session import Result, Session

NEAR = 1e-6  # a relative error up to which a numerical derivative agrees


@command("check", "check grad FUNCTION at POINT", "a derivative against an independent numerical one, or against your own claim",
         "f(x) = sin(x); check grad f at 1", "at", "wrt", "mode", "along", "from", "against")  # fmt: skip
def check(session: Session, cmd: tree.Command) -> Result:
    asked = inner_request(session, cmd)
    if asked.operator == "value":
        asked = Request("jacobian", asked.function, asked.point, asked.options, asked.span)
    point = asked.point_for("check")
    low, trace = value_of(session, asked)
    exact = flat(low)
    claim = single(cmd, "against")
    if claim is not None:
        return _check_claim(session, cmd, point, exact, claim)
    numeric = differentiate(session, asked, point)
    error = relative_error(exact, numeric.value, numeric.rounding)
    if error >= NEAR and numeric.uncertain >= NEAR:
        raise errors.doubtful_differences(function_name(asked.function), asked.span)
    verdict = "agrees with" if error < NEAR else "DIFFERS from"
    name = f"{asked.operator}({function_name(asked.function)})"
    return answers.text(session, f"{name} {verdict} a numerical derivative{_told(error, ' within its rounding')}", cmd, tuple(trace.records.warnings))


def _check_claim(session: Session, cmd: tree.Command, point: tuple[Low, ...], exact: Any, claim: tree.Expr) -> Result:
    """Compare with what a person claims: a value, or a function of the same arguments."""
    low, trace = session.evaluate(claim)
    if isinstance(low, FUNCTIONS):
        lowering = session.world.lowering(trace)
        low = session.settle(lowering.drive(lowering.call(low, point, {}, claim.span)), trace)
    claimed = flat(low)
    if claimed.shape != exact.shape:
        raise errors.claim_size(exact.size, claimed.size, claim.span)
    error = relative_error(exact, claimed)
    if error > 1e-8:
        raise errors.claim_fails(_brief(claimed), _brief(exact), error, claim.span)
    return answers.text(session, f"the claim holds{_told(error, ' exactly')}", cmd)


def _told(error: float, none: str) -> str:
    """A relative error, or what is said instead of 0, which nobody would believe of a numerical derivative."""
    return f": relative error {error:.2g}" if error else none


def _brief(values: Any) -> str:
    shown = ", ".join(f"{v:.10g}" for v in values[:4])
    return shown if values.size == 1 else f"[{shown}{', …' if values.size > 4 else ''}]"


def relative_error(exact: Any, other: Any, rounding: float = 0.0) -> float:
    """The largest difference over the largest entry (at least 1e-300); differences as small as the ``rounding`` of the other do not count."""
    if not exact.size:
        return 0.0
    scale = max(float(np.max(np.abs(exact))), float(np.max(np.abs(other))), 1e-300)
    difference = float(np.max(np.abs(exact - other)))
    return 0.0 if difference <= rounding else difference / scale
