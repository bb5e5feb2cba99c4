"""``minimize f from x0`` and ``solve F from x0``: what a person asks for, and the report. The searching is done in ``solvers``."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import inf
from typing import TYPE_CHECKING, Any

import numpy as np

from calclang import errors
from calclang.commands import answers
from calclang.commands.clauses import single
from calclang.commands.problem import Problem, point, problem
from calclang.display.columns import aligned
from calclang.ir.budget import MADE, afford
from calclang.lower.lowered import UNNAMED, Arr, Derived, Fn, function_name, words
from calclang.progress import telling
from calclang.registry import command
from calclang.solvers.ends import Minimum
from calclang.solvers.minima import METHODS, SQUARES, minimum, suggested
from calclang.solvers.newton import Root, System
from calclang.solvers.roots import FIRST, root
from calclang.solvers.search import Search
from calclang.syntax import tree
from calclang.values import Value

if TYPE_CHECKING:
    from calclang.session import Result, Session

USED = {"hessian": "exact gradient and Hessian", "product": "exact gradient and products with the Hessian", "": "exact gradient", "none": "values alone"}


def number(session: Session, cmd: tree.Command, word: str, default: float, whole: bool = False) -> float:
    """The positive number of a clause. Raises E-TYPE."""
    expression = single(cmd, word)
    if expression is None:
        return default
    low, _ = session.evaluate(expression)
    value = float(low.node.value) if isinstance(low, Arr) and not low.rank and not low.node.boolean else None
    if value is None or not 0 < value < np.inf or (whole and value != int(value)):
        raise errors.clause_number(word, words(low) if value is None else f"{value:.10g}", whole, expression.span)
    return value


def wanted(session: Session, cmd: tree.Command, word: str) -> bool:
    """Whether a clause that is true or false says true. Raises E-TYPE."""
    expression = single(cmd, word)
    if expression is None:
        return False
    if isinstance(expression, tree.Name) and expression.id == word not in session.definitions:
        raise errors.repeated_clause(word, expression.span)
    low, _ = session.evaluate(expression)
    if not isinstance(low, Arr) or low.rank or not low.node.boolean:
        raise errors.needs_truth(words(low), expression.span)
    return bool(low.node.value)


# ---- minimize ------------------------------------------------------------------------------------------


@command("minimize", "minimize FUNCTION from POINT method NAME tol NUMBER max STEPS trace", "the smallest value near a point, by exact derivatives",
         "minimize (x, y) -> (x - 1)^2 + (y + 2)^2 from (0, 0)", "from", "method", "tol", "max", "trace")  # fmt: skip
def minimize(session: Session, cmd: tree.Command) -> Result:
    asked, start = problem(session, cmd)
    methods, tolerance = methods_of(cmd, len(start)), number(session, cmd, "tol", 1e-8)
    most, traced = int(number(session, cmd, "max", 1_000, whole=True)), wanted(session, cmd, "trace")
    asked.value(start)  # an error at the start is the program's
    afford(MADE * SQUARES.get(methods[0], 0) * len(start) ** 2)
    steps = Steps()
    with telling("minimize") as tell:
        found = minimum(asked.objective(), start, methods, Search(tolerance, most, scale_of(start), lambda x, value: tell(steps.add(x, value))))
    if not found.bounded:
        raise errors.no_minimum(cmd.span)
    shown = point(asked, found.x)
    slope = point(asked, np.full(len(start), np.nan) if found.gradient is None else found.gradient)
    lines = [
        *(steps.table(asked, "value") if traced else []),
        *_entry("point", session, shown), *_entry("value", session, found.value),
        f"steps  {found.steps} ({'' if found.method == methods[0] else 'at last '}{found.method}, {USED[METHODS[found.method]]})",
        f"stop   {reason(found, methods, tolerance, most)}",
    ]  # fmt: skip
    return answers.report(session, {"point": shown, "value": found.value, "steps": float(found.steps), "gradient": slope}, lines, cmd)


def methods_of(cmd: tree.Command, unknowns: int) -> tuple[str, ...]:
    """The method that was asked for; else those that the number of unknowns suggests."""
    named = single(cmd, "method")
    if named is None:
        return suggested(unknowns)
    name = named.value if isinstance(named, tree.String) else "".join(named.span.text.split())  # nelder-mead is one word here
    if name.lower() not in METHODS:
        raise errors.unknown_method(name, list(METHODS), named.span)
    return (name.lower(),)


def scale_of(start: Any) -> Any:
    """What counts beside an unknown that is zero: the size of its start, where that is small, else 1."""
    return np.where(start == 0, 1.0, np.minimum(np.abs(start), 1.0))


def reason(found: Minimum, methods: tuple[str, ...], tolerance: float, most: int) -> str:
    """Why a search stopped, in words."""
    if found.slope == inf:
        return "the gradient is not finite here: an end of the domain, or a corner"
    if found.slope <= 10 * tolerance:
        return (f"the gradient is zero to {found.slope:.1e}" if found.slope else "the gradient is zero") + remark(found)
    left = f"the largest entry of the gradient is {found.slope:.2g}"
    if found.rounded:
        return f"the value is the smallest but for rounding; {left}"
    if found.steps >= most:
        return f"{most:,} steps were taken, and more are allowed with max; {left}"
    if len(methods) > 1:
        return f"no smaller value was found, as at a corner or a jump; {left}"
    return f"{found.method} finds no smaller value, another method may; {left}"


def remark(found: Minimum) -> str:
    """What the Hessian says of a point where the gradient is zero."""
    if found.bend < 0:
        return f", but this is no minimum: along some line the second derivative is {found.bend:.2g}"
    if found.flat:
        return ", and so is the Hessian: a corner, or the value is constant here"
    return f", but the minimum may be some {found.far:.2g} away, for the value is flat here" if found.far else ""


@dataclass
class Steps:
    """The steps of a search: the points, with a number for each that should become small."""

    rows: list[tuple[Any, float]] = field(default_factory=list)

    def add(self, x: Any, size: float) -> int:
        """Remember a step; how many there are now."""
        self.rows.append((np.array(x), size))
        return len(self.rows)

    def table(self, asked: Problem, title: str) -> list[str]:
        """The steps: number, value, point."""
        digits = asked.session.settings.digits
        rows = [[str(k), f"{size:.{digits}g}", _brief(asked.session, point(asked, x))] for k, (x, size) in enumerate(self.rows, 1)]
        rows.insert(0, ["step", title, "point"])
        return [*aligned(rows), ""]


def _brief(session: Session, value: Value) -> str:
    """A point on one line."""
    from calclang.display.values import source

    return errors.shorten(source(value, session.settings.digits), 80)


def _entry(name: str, session: Session, value: Value) -> list[str]:
    """A line of the report, or several: a big array is cut like every value."""
    from calclang.display.style import Style
    from calclang.display.values import display

    text = display(value, style=Style(session.settings.digits, width=100, name=f'ans["{name}"]'))
    first, *rest = text.split("\n")
    return [f"{name:<7}{first}", *(" " * 7 + line for line in rest)]


# ---- solve ---------------------------------------------------------------------------------------------


@command("solve", "solve FUNCTION from POINT tol NUMBER max STEPS trace", "a root of a function near a point, by Newton's method and others",
         "solve x -> x^2 - 2 from 1", "from", "tol", "max", "trace")  # fmt: skip
def solve(session: Session, cmd: tree.Command) -> Result:
    asked, x = problem(session, cmd)
    tolerance, most = number(session, cmd, "tol", 1e-12), int(number(session, cmd, "max", 100, whole=True))
    traced = wanted(session, cmd, "trace")
    value, steps = asked.residual(x), Steps()
    system = System(lambda x: asked.defined("value", x), asked.square("jacobian"))
    with telling("solve") as tell:
        found = root(system, x, value, Search(tolerance, most, scale_of(x), lambda x, residual: tell(steps.add(x, residual))))
    shown = point(asked, found.x)
    if not found.found:
        raise errors.no_root(_brief(session, shown), found.residual, found.steps, found.why, potential(asked.function), cmd.span)
    lines = [
        *(steps.table(asked, "residual") if traced else []),
        *_entry("root", session, shown), f"value  {zero(found)}",
        f"steps  {found.steps} ({found.method}, exact Jacobian)" if found.method == FIRST else f"steps  {found.steps} (at last {found.method})",
    ]  # fmt: skip
    return answers.report(session, {"root": shown, "steps": float(found.steps)}, lines, cmd)


def zero(found: Root) -> str:
    """How near to zero the value of a root is, and what is to be said of the root."""
    size = f"zero to {found.residual:.1e}" if found.residual else "zero"
    rounding = ", which is rounding" if found.rounded else ""
    if found.doubt:
        return f"{size}{rounding}; the root itself may be off by some {found.doubt:.2g}, as multiple roots are"
    return size + rounding + ("; the Jacobian is singular here: a multiple root, one of many, or a corner" if found.singular else "")


def potential(function: Fn) -> str:
    """The name of what a function is the gradient of; empty where it is none, or that has no name."""
    name = function_name(function.function) if isinstance(function, Derived) and function.operator == "grad" else UNNAMED
    return "" if name == UNNAMED else name
