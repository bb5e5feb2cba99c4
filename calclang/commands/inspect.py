"""``latex``, ``time``, ``check``: looking at functions and values."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from calclang import errors
from calclang.commands.clauses import Request, operand_of, request, single, unknowns
from calclang.commands.derivatives import value_of
from calclang.commands.numeric import differentiate
from calclang.lower.calls import function_name
from calclang.lower.derivatives import RULES
from calclang.lower.formulas import derivative_tree, operator_tree
from calclang.lower.lowered import FUNCTIONS, Builtin, Closure, Derived, Fn, Low
from calclang.lower.parts import leaves
from calclang.registry import command
from calclang.syntax import tree
from calclang.values import Text

if TYPE_CHECKING:
    from calclang.errors import Diagnostic
    from calclang.session import Result, Session


def answer(session: Session, text: str, cmd: tree.Command, warnings: tuple[Diagnostic, ...] = (), layouts: tuple[str, ...] = ()) -> Result:
    """Text as the answer of a command; ``layouts``: how it may stand on a screen, the widest first. Raises E-LIMIT-OUTPUT."""
    from calclang.session import Result

    if len(text) > session.limits.output:
        raise errors.too_long_answer(session.limits.output, cmd.span)
    return Result(Text.of(text, *layouts), not cmd.hidden, warnings)


# ---- latex ------------------------------------------------------------------------------------------


@command("latex", "latex EXPRESSION", "LaTeX of a formula or value", "f(x) = x^2; latex f'")
def latex(session: Session, cmd: tree.Command) -> Result:
    from calclang.display.latex import latex_expr

    if isinstance(cmd.operands[0], tree.Command):  # latex grad f
        made = callable_of(inner_request(session, cmd))
        return answer(session, latex_expr(shown_tree(session, made, tree.Name("f"))), cmd)
    operand = operand_of(cmd)
    if unknowns(session, operand):  # a formula as it stands
        return answer(session, latex_expr(operand), cmd)
    low, _ = session.evaluate(operand)
    return answer(session, latex_expr(shown_tree(session, low, operand)), cmd)


def shown_tree(session: Session, low: Low, operand: tree.Expr) -> tree.Expr:
    """What is typeset: the body of a function, the numbers of a value."""
    if isinstance(low, Closure):
        return low.body
    if isinstance(low, Derived):
        made = derivative_tree(session.world, low)
        return made.body if isinstance(made, tree.Lambda) else operator_tree(session.world, low)
    if isinstance(low, Builtin):
        return operand
    from calclang.display.values import source
    from calclang.source import Source
    from calclang.syntax import parse

    most = session.limits.output
    if 2 * sum(n.value.size for n in leaves(low) if n.shape) > most:  # a digit and a sign for each number, at least
        raise errors.too_long_answer(most, operand.span)
    if len(text := source(session.value(low))) > most:
        raise errors.too_long_answer(most, operand.span)
    program = parse(Source("<value>", text), frozenset())
    statement = program.statements[0]
    assert isinstance(statement, tree.Show)
    return statement.value


# ---- time --------------------------------------------------------------------------------------------


@command("time", "time EXPRESSION at POINT", "how long a call or an expression takes, and the operations of a call's graph", "time grad sin at 1",
         "at", "wrt", "mode", "order")  # fmt: skip
def time(session: Session, cmd: tree.Command) -> Result:
    from calclang.functions import make_function
    from calclang.ir.node import order

    if (expression := _complete(session, cmd)) is not None:
        return answer(session, spent(lambda: session.evaluate(expression)), cmd)
    asked = inner_request(session, cmd)
    fn: Any = make_function(session, callable_of(asked))
    if asked.point is None:
        raise errors.needs_point("time", cmd.span)
    arguments = [session.value(p) for p in asked.point]
    said = spent(lambda: fn(*arguments))
    traced, _ = fn.trace(asked.point)
    return answer(session, f"{said}; {len(order(leaves(traced.result)))} nodes", cmd)


def _complete(session: Session, cmd: tree.Command) -> tree.Expr | None:
    """The expression that a command is about, where it has a value by itself: it is no function, and nothing in it is unknown."""
    operand = cmd.operands[0]
    if isinstance(operand, tree.Command) or cmd.options or unknowns(session, operand):
        return None
    return None if isinstance(session.evaluate(operand)[0], FUNCTIONS) else operand


def spent(run: Callable[[], object]) -> str:
    """How long something takes, the first time and at best."""
    from time import perf_counter

    start = perf_counter()
    run()
    first = best = perf_counter() - start
    total, runs = 0.0, 0
    while total < 0.2 and runs < 10_000:
        start = perf_counter()
        run()
        took = perf_counter() - start
        best, total, runs = min(best, took), total + took, runs + 1
    return f"first call {duration(first)}, then {duration(best)} (best of {runs})"


def duration(seconds: float) -> str:
    """Seconds with a fitting unit."""
    for unit, size in (("s", 1.0), ("ms", 1e-3), ("µs", 1e-6)):
        if seconds >= size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds / 1e-9:.3g} ns"


def inner_request(session: Session, cmd: tree.Command) -> Request:
    """The request of a command about a command: ``explain grad f at 0.7``; an operator of its own, or ``value``."""
    inner = cmd.operands[0] if cmd.operands else None
    if isinstance(inner, tree.Command):
        if inner.word not in RULES and inner.word != "gradient":
            raise errors.command_operand(cmd.word, inner.span)
        joined = tree.Command(inner.word, inner.operands, (*inner.options, *cmd.options), span=cmd.span)
        return request(session, joined, "grad" if inner.word == "gradient" else inner.word)
    return request(session, cmd, "value")


def callable_of(asked: Request) -> Fn:
    """The function that a request is about."""
    from calclang.lower.derivatives import derived

    return asked.function if asked.operator == "value" else derived(asked.operator, asked.function, asked.options)


# ---- check -------------------------------------------------------------------------------------------


@command("check", "check grad FUNCTION at POINT", "a derivative against an independent numerical one, or against your own claim",
         "f(x) = sin(x); check grad f at 1", "at", "wrt", "mode", "against")  # fmt: skip
def check(session: Session, cmd: tree.Command) -> Result:
    asked = inner_request(session, cmd)
    if asked.operator == "value":
        asked = Request("jacobian", asked.function, asked.point, asked.options, asked.span)
    if asked.point is None:
        raise errors.needs_point("check", cmd.span)
    low, trace = value_of(session, asked)
    exact = _flat(low)
    claim = single(cmd, "against")
    if claim is not None:
        return _check_claim(session, cmd, asked, exact, claim)
    numeric = differentiate(session, asked)
    error = relative_error(exact, numeric.value, numeric.rounding)
    verdict = "agrees" if error < 1e-6 else "DIFFERS"
    name = f"{asked.operator}({function_name(asked.function)})"
    return answer(session, f"{name} {verdict} with a numerical derivative: relative error {error:.2g}", cmd, tuple(trace.warnings))


def _check_claim(session: Session, cmd: tree.Command, asked: Request, exact: Any, claim: tree.Expr) -> Result:
    """Compare with what a person claims: a value, or a function of the same arguments."""
    low, trace = session.evaluate(claim)
    if isinstance(low, FUNCTIONS) and asked.point is not None:
        lowering = session.world.lowering(trace)
        low = session.settle(lowering.drive(lowering.call(low, asked.point, {}, claim.span)), trace)
    claimed = _flat(low)
    if claimed.shape != exact.shape:
        raise errors.wrong_direction("the claim", f"{exact.size} numbers", f"{claimed.size} numbers", claim.span)
    error = relative_error(exact, claimed)
    if error > 1e-8:
        raise errors.claim_fails(_brief(claimed), _brief(exact), error, claim.span)
    return answer(session, f"the claim holds: relative error {error:.2g}", cmd)


def _flat(low: Low) -> Any:
    return np.concatenate([np.ravel(n.value) for n in leaves(low)] or [np.zeros(0)])


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
