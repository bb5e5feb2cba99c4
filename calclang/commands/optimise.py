"""``minimize f from x0`` and ``solve F from x0``: what a person asks for, and the report. The searching is done in ``solvers``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from math import prod
from typing import TYPE_CHECKING, Any

import numpy as np

from calclang import errors
from calclang.commands import answers
from calclang.commands.clauses import assigned, clause, function_about, operand_of, point_of, single
from calclang.display.columns import aligned
from calclang.errors import UNDEFINED, CalcError
from calclang.functions import make_function
from calclang.ir.budget import MADE, afford
from calclang.ir.dim import numbers
from calclang.lower.calls import check_point
from calclang.lower.convert import to_low
from calclang.lower.derivatives import derived, parameter_names, product_call
from calclang.lower.lowered import Arr, Builtin, Closure, Fn, Low, Tup, function_name, words
from calclang.progress import telling
from calclang.registry import command
from calclang.solvers.minima import METHODS, SQUARES, Minimum, Objective, minimum, suggested
from calclang.solvers.roots import Root, newton
from calclang.source import Span
from calclang.syntax import tree
from calclang.values import Parts, Row, Value, flat

if TYPE_CHECKING:
    from calclang.session import Result, Session

USED = {"hessian": "gradient and Hessian", "product": "gradient and products with the Hessian", "": "gradient", "none": "values"}


@dataclass
class Problem:
    """A function of one flat vector of unknowns, made of a function of any arguments."""

    session: Session
    function: Fn
    shapes: list[tuple[int, ...]]
    rows: list[bool]
    span: Span
    calls: dict[str, int] = field(default_factory=dict)
    made: dict[str, Any] = field(default_factory=dict)

    def arguments(self, x: Any) -> list[Any]:
        """The unknowns as the arguments of the function."""
        cuts = np.cumsum([prod(s) for s in self.shapes])[:-1]
        pieces = [np.reshape(piece, shape) for piece, shape in zip(np.split(np.asarray(x, dtype=float), cuts), self.shapes, strict=True)]
        return [Row(p) if row else p if p.shape else float(p) for p, row in zip(pieces, self.rows, strict=True)]

    def call(self, operator: str, x: Any, along: Any = None) -> Any:
        """The function, or a derivative of it, at unknowns; arrays flat, a Hessian or Jacobian with the unknowns last."""
        self.calls[operator] = self.calls.get(operator, 0) + 1
        if operator not in self.made:
            self.made[operator] = make_function(self.session, self._made(operator))
        return self.made[operator].inside(*self.arguments(x), *(self.arguments(along) if along is not None else ()))

    def _made(self, operator: str) -> Fn:
        if operator == "value":
            return self.function
        if operator == "hvp":
            return hessian_times(self.function, len(self.shapes))
        return derived(operator, self.function, {})

    def defined(self, operator: str, x: Any, along: Any = None) -> Any:
        """The same, all numbers in a row; None where the function is not defined."""
        try:
            return flat(self.call(operator, x, along))
        except CalcError as error:
            if error.code in UNDEFINED:
                return None
            raise

    def value(self, x: Any) -> float:
        """The one number that the function gives. Raises E-SHAPE where it gives another value, and what the function raises."""
        found = self.call("value", x)
        if not isinstance(found, float):
            raise errors.needs_scalar_value("minimize", function_name(self.function), words(to_low(found)), self.span)
        return found

    def residual(self, x: Any) -> Any:
        """The numbers that should become zero. Raises E-TYPE where they are true or false, and what the function raises."""
        found = self.call("value", x)
        if any(np.asarray(part).dtype == np.bool_ for part in (found if isinstance(found, Parts) else (found,))):
            raise errors.not_an_equation(difference(self.function), self.span)
        return flat(found)

    def objective(self) -> Objective:
        def value(x: Any) -> Any:
            found = self.defined("value", x)
            return None if found is None else float(found[0])

        def hessian(x: Any) -> Any:
            found = self.defined("hessian", x)
            return None if found is None else np.reshape(found, (len(x), len(x)))

        return Objective(value, lambda x: self.defined("grad", x), hessian, lambda x, v: self.defined("hvp", x, v))

    def jacobian(self, x: Any) -> Any:
        found = self.defined("jacobian", x)
        return None if found is None else np.reshape(found, (-1, len(x)))


def difference(function: Fn) -> str:
    """What becomes zero where the equation that the function tells of holds; empty where it is none."""
    body = function.body if isinstance(function, Closure) else None
    if not isinstance(body, tree.Compare) or body.ops != ("==",):
        return ""
    left, right = body.operands
    simple = isinstance(right, tree.Number | tree.Name | tree.Call)
    return f"{left.span.text} - {right.span.text if simple else f'({right.span.text})'}"


def hessian_times(function: Fn, count: int) -> Builtin:
    """The function (x, v) -> H(x) v of ``count`` arguments and as many parts of a direction."""

    def call(lowering: Any, arguments: tuple[Low, ...], options: dict[str, Any], span: Span) -> Any:
        point, direction = (given[0] if count == 1 else Tup(given) for given in (arguments[:count], arguments[count:]))
        return product_call("hvp", "along")(lowering, (function, point, direction), options, span)

    return Builtin("hvp", call, 2 * count, 2 * count, "hvp(x, v)", "", "")


def problem(session: Session, cmd: tree.Command) -> tuple[Problem, Any]:
    """The function that a command is about, and the unknowns at which it begins."""
    if (start := clause(cmd, "from")) is None:
        raise errors.clause_missing(cmd.word, "from", cmd.span.text, cmd.span)
    function, _ = function_about(session, cmd, operand_of(cmd), assigned(cmd, "from"))
    given = point_of(session, cmd, "from", function)
    check_point(function, given, f"{cmd.word} {function_name(function)} from ({', '.join(parameter_names(function, 1))})", start.span)
    arrays = [a for a in given if isinstance(a, Arr) and not a.node.boolean]
    if len(arrays) != len(given):
        raise errors.cannot_vary(cmd.word, "the start", words(given[0] if len(given) == 1 else Tup(given)), start.span)
    shapes = [numbers(a.shape) for a in arrays]
    x = flat(Parts(tuple(session.value(a) for a in arrays)))
    if not np.isfinite(x).all():
        raise errors.point_not_finite(cmd.word, start.span)
    return Problem(session, function, shapes, [a.row for a in arrays], cmd.span), x


def number(session: Session, cmd: tree.Command, word: str, default: float) -> float:
    """The number of a clause."""
    expression = single(cmd, word)
    if expression is None:
        return default
    low, _ = session.evaluate(expression)
    if not isinstance(low, Arr) or low.rank or low.node.boolean or not low.node.value > 0:
        raise errors.clause_number(word, words(low), expression.span)
    return float(low.node.value)


def point(asked: Problem, x: Any) -> Value:
    """The unknowns as the start was given: one argument, or a tuple of them; several scalars as a vector."""
    arguments = asked.arguments(x)
    if len(arguments) > 1 and all(isinstance(a, float) for a in arguments):
        return np.array(arguments)
    return arguments[0] if len(arguments) == 1 else Parts(tuple(arguments))


# ---- minimize ------------------------------------------------------------------------------------------


@command("minimize", "minimize FUNCTION from POINT method NAME tol NUMBER max STEPS trace true", "the smallest value near a point, by exact derivatives",
         "minimize (x, y) -> (x - 1)^2 + (y + 2)^2 from (0, 0)", "from", "method", "tol", "max", "trace")  # fmt: skip
def minimize(session: Session, cmd: tree.Command) -> Result:
    asked, start = problem(session, cmd)
    method, tolerance = method_of(cmd, len(start)), number(session, cmd, "tol", 1e-8)
    asked.value(start)  # an error at the start is the program's
    afford(MADE * SQUARES.get(method, 0) * len(start) ** 2)
    objective, steps = asked.objective(), Steps()
    with telling("minimize") as tell:
        found = minimum(objective, start, method, tolerance, int(number(session, cmd, "max", 1_000)), lambda x: tell(steps.add(x, objective.value(x))))
    if not found.bounded:
        raise errors.no_minimum(cmd.span)
    shown = point(asked, found.x)
    slope = point(asked, np.full(len(start), np.nan) if found.gradient is None else found.gradient)
    lines = [
        *(steps.table(asked, "value") if single(cmd, "trace") is not None else []),
        *_entry("point", session, shown), *_entry("value", session, found.value),
        f"steps  {found.steps} ({method}, exact {USED[METHODS[method]]})",
        f"stop   {reason(found, tolerance)}",
    ]  # fmt: skip
    return answers.report(session, {"point": shown, "value": found.value, "steps": float(found.steps), "gradient": slope}, lines, cmd)


def method_of(cmd: tree.Command, unknowns: int) -> str:
    """The method that was asked for; else one that the number of unknowns suggests."""
    named = single(cmd, "method")
    if named is None:
        return suggested(unknowns)
    name = named.value if isinstance(named, tree.String) else "".join(named.span.text.split())  # nelder-mead is one word here
    if name.lower() not in METHODS:
        raise errors.unknown_method(name, list(METHODS), named.span)
    return name.lower()


def reason(found: Minimum, tolerance: float) -> str:
    """Why a search stopped, in words."""
    if found.gradient is None or not np.isfinite(found.gradient).all():
        return "the gradient is not finite here: an end of the domain, or a corner"
    size = float(np.max(np.abs(found.gradient), initial=0.0))
    if size <= 10 * tolerance:
        return f"the gradient is zero to {size:.1e}" if size else "the gradient is zero"
    return f"{found.message}; the largest entry of the gradient is {size:.1e}"


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


@command("solve", "solve FUNCTION from POINT tol NUMBER max STEPS trace true", "a root of a function near a point, by Newton's method",
         "solve x -> x^2 - 2 from 1", "from", "tol", "max", "trace")  # fmt: skip
def solve(session: Session, cmd: tree.Command) -> Result:
    asked, x = problem(session, cmd)
    tolerance, most = number(session, cmd, "tol", 1e-12), int(number(session, cmd, "max", 100))
    value, steps = asked.residual(x), Steps()
    if len(value) != len(x):
        raise errors.not_as_many(len(value), len(x), cmd.span)
    with telling("solve") as tell:
        hear: Callable[[Root], object] = lambda root: tell(steps.add(root.x, root.residual))
        found = newton(lambda x: asked.defined("value", x), asked.jacobian, x, value, tolerance, most, hear)
    shown = point(asked, found.x)
    if not found.found:
        raise errors.no_root(_brief(session, shown), found.residual, found.steps, cmd.span)
    lines = [
        *(steps.table(asked, "residual") if single(cmd, "trace") is not None else []),
        *_entry("root", session, shown), f"value  zero to {found.residual:.1e}",
        f"steps  {found.steps} (Newton's method, exact Jacobian)",
    ]  # fmt: skip
    return answers.report(session, {"root": shown, "steps": float(found.steps)}, lines, cmd)
