"""``minimize f from x0`` and ``solve F from x0``: with exact derivatives; SciPy's methods, and Newton's for roots."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from math import prod
from typing import TYPE_CHECKING, Any

import numpy as np

from calclang import errors
from calclang.commands.clauses import operand_of, single
from calclang.commands.registry import command
from calclang.errors import CalcError
from calclang.functions import make_function
from calclang.lower.calls import arguments_from, function_name
from calclang.lower.convert import to_low
from calclang.lower.derivatives import derived, product_call
from calclang.lower.lowered import FUNCTIONS, Arr, Builtin, Fn, Low, Tup, words
from calclang.progress import telling
from calclang.source import Span
from calclang.syntax import tree
from calclang.values import Parts, Row, Text, Value

if TYPE_CHECKING:
    from calclang.session import Result, Session

# What SciPy calls a method -> the derivatives that it takes beside the gradient.
METHODS = {
    "trust-exact": "hessian", "newton-cg": "product", "trust-krylov": "product", "bfgs": "", "l-bfgs-b": "", "cg": "", "nelder-mead": "none",
}  # fmt: skip
USED = {"hessian": "gradient and Hessian", "product": "gradient and products with the Hessian", "": "gradient", "none": "values"}
SECOND_ORDER = 60  # unknowns up to which the Hessian is worth forming
UNBOUNDED = 1e15  # a value below minus this counts as falling without bound
UNDEFINED = ("E-DOMAIN", "E-DIVZERO", "E-OVERFLOW", "E-SINGULAR")  # a step left the domain


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
    outside: float = 0.0  # the value that counts outside the domain: high, and still one that a line search can reckon with

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
        return self.made[operator](*self.arguments(x), *(self.arguments(along) if along is not None else ()))

    def _made(self, operator: str) -> Fn:
        if operator == "value":
            return self.function
        if operator == "hvp":
            return hessian_times(self.function, len(self.shapes))
        return derived(operator, self.function, {})

    def value(self, x: Any) -> float:
        try:
            found = self.call("value", x)
        except CalcError as error:
            if error.code in UNDEFINED:
                return self.outside
            raise
        if not isinstance(found, float):
            raise errors.needs_scalar_value("minimize", function_name(self.function), _words(found), self.span)
        return found

    def gradient(self, x: Any) -> Any:
        try:
            return flat(self.call("grad", x))
        except CalcError as error:
            if error.code in UNDEFINED:
                return np.zeros(len(x))
            raise

    def hessian(self, x: Any) -> Any:
        return np.reshape(flat(self.call("hessian", x)), (len(x), len(x)))

    def product(self, x: Any, v: Any) -> Any:
        """The Hessian times v."""
        return flat(self.call("hvp", x, v))


def hessian_times(function: Fn, count: int) -> Builtin:
    """The function (x, v) -> H(x) v of ``count`` arguments and as many parts of a direction."""

    def call(lowering: Any, arguments: tuple[Low, ...], options: dict[str, Any], span: Span) -> Any:
        point, direction = (given[0] if count == 1 else Tup(given) for given in (arguments[:count], arguments[count:]))
        return product_call("hvp", "along")(lowering, (function, point, direction), options, span)

    return Builtin("hvp", call, 2 * count, 2 * count, "hvp(x, v)", "", "")


def flat(value: Value) -> Any:
    """All numbers of a value in a row."""
    if isinstance(value, Parts):
        return np.concatenate([flat(v) for v in value])
    return np.ravel(np.asarray(value.array if isinstance(value, Row) else value, dtype=float))


def _words(value: Value) -> str:
    return words(to_low(value))


def problem(session: Session, cmd: tree.Command) -> tuple[Problem, Any]:
    """The function that a command is about, and the unknowns at which it begins."""
    operand = operand_of(cmd)
    function, _ = session.evaluate(operand)
    if not isinstance(function, FUNCTIONS):
        raise errors.command_needs_function(cmd.word, words(function), operand.span)
    start = single(cmd, "from")
    if start is None:
        raise errors.clause_missing(cmd.word, "from", cmd.span)
    low, _ = session.evaluate(start)
    given = arguments_from(function, low)
    arrays = [a for a in given if isinstance(a, Arr) and not a.node.boolean]
    if len(arrays) != len(given):
        raise errors.cannot_vary(cmd.word, "the start", words(low), start.span)
    shapes = [tuple(int(d) for d in a.shape) for a in arrays]  # type: ignore[arg-type]
    return Problem(session, function, shapes, [a.row for a in arrays], cmd.span), flat(Parts(tuple(session.value(a) for a in arrays)))


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


def answer(session: Session, cmd: tree.Command, names: dict[str, Value], lines: list[str]) -> Result:
    """The report for people; ``ans`` is a tuple with the parts by name."""
    from calclang.session import Result

    session.define("ans", to_low(Parts(tuple(names.values()), tuple(names))))
    return Result(Text("\n".join(lines)), not cmd.hidden)


# ---- minimize ------------------------------------------------------------------------------------------


@command("minimize", "minimize FUNCTION from POINT method NAME tol NUMBER max STEPS trace true", "the smallest value near a point, by exact derivatives",
         "minimize (x, y) -> (x - 1)^2 + (y + 2)^2 from (0, 0)", "from", "method", "tol", "max", "trace")  # fmt: skip
def minimize(session: Session, cmd: tree.Command) -> Result:
    from scipy.optimize import minimize as search

    asked, start = problem(session, cmd)
    method = method_of(cmd, len(start))
    first = flat(asked.call("value", start))  # an error at the start is the program's
    asked.outside = float(np.max(first) + 100 * (1 + np.max(np.abs(first))))
    steps: list[tuple[Any, float]] = []
    options: Any = {"maxiter": int(number(session, cmd, "max", 1_000))}
    tolerance = number(session, cmd, "tol", 1e-8)

    def seen(x: Any) -> None:
        steps.append((np.array(x), asked.value(x)))
        tell(len(steps))

    if METHODS[method] != "none":
        options["gtol" if method != "newton-cg" else "xtol"] = tolerance
    if method == "l-bfgs-b":
        options["ftol"] = 0.0  # a slow fall of the value is no reason to stop: the gradient is exact
    with telling("minimize") as tell, np.errstate(all="ignore"):  # SciPy's trust regions overflow where no step of theirs is taken
        found = search(
            asked.value, start, method=method, options=options, tol=tolerance if METHODS[method] == "none" else None,
            jac=asked.gradient if METHODS[method] != "none" else None, hess=asked.hessian if METHODS[method] == "hessian" else None,
            hessp=asked.product if METHODS[method] == "product" else None,
            callback=lambda x: seen(x),
        )  # fmt: skip
    if not found.fun > -UNBOUNDED:
        raise errors.no_minimum(cmd.span)
    slope = asked.gradient(found.x)
    shown = point(asked, found.x)
    lines = table(session, asked, steps) if single(cmd, "trace") is not None else []
    lines += [
        f"point  {_shown(session, shown)}",
        f"value  {_shown(session, float(found.fun))}",
        f"steps  {found.nit} ({method}, exact {USED[METHODS[method]]})",
        f"stop   {reason(found, slope, tolerance, len(steps))}",
    ]
    return answer(session, cmd, {"point": shown, "value": float(found.fun), "steps": float(found.nit), "gradient": point(asked, slope)}, lines)


def method_of(cmd: tree.Command, unknowns: int) -> Any:
    """The method that was asked for; else one that the number of unknowns suggests."""
    named = single(cmd, "method")
    if named is None:
        return "trust-exact" if unknowns <= SECOND_ORDER else "trust-krylov"
    name = named.value if isinstance(named, tree.String) else named.id if isinstance(named, tree.Name) else ""
    if name.lower() not in METHODS:
        raise errors.unknown_method(name, list(METHODS), named.span)
    return name.lower()


def reason(found: Any, slope: Any, tolerance: float, steps: int) -> str:
    """Why a search stopped, in words."""
    size = float(np.max(np.abs(slope), initial=0.0))
    if size <= 10 * tolerance:
        return f"the gradient is zero to {size:.1e}" if size else "the gradient is zero"
    return f"{str(found.message).rstrip('.').lower()}; the largest entry of the gradient is {size:.1e}"


def table(session: Session, asked: Problem, steps: list[tuple[Any, float]]) -> list[str]:
    """The steps: number, value, point."""
    rows = [[str(k), _shown(session, value), _shown(session, point(asked, x))] for k, (x, value) in enumerate(steps, 1)]
    rows.insert(0, ["step", "value", "point"])
    widths = [max(len(row[k]) for row in rows) for k in range(3)]
    return ["  ".join(cell.ljust(w) for cell, w in zip(row, widths, strict=True)).rstrip() for row in rows] + [""]


def _shown(session: Session, value: Value) -> str:
    from calclang.display.values import source

    return source(value, session.settings.digits)


# ---- solve ---------------------------------------------------------------------------------------------


@command("solve", "solve FUNCTION from POINT tol NUMBER max STEPS", "a root of a function near a point, by Newton's method",
         "solve x -> x^2 - 2 from 1", "from", "tol", "max")  # fmt: skip
def solve(session: Session, cmd: tree.Command) -> Result:
    asked, x = problem(session, cmd)
    tolerance, most = number(session, cmd, "tol", 1e-12), int(number(session, cmd, "max", 100))
    residual: Callable[[Any], Any] = lambda x: flat(asked.call("value", x))
    value = residual(x)
    if len(value) != len(x):
        raise errors.not_as_many(len(value), len(x), cmd.span)
    steps = 0
    with telling("solve") as tell:
        while float(np.max(np.abs(value))) > tolerance:
            if steps == most:
                raise errors.no_root(_shown(session, point(asked, x)), float(np.max(np.abs(value))), steps, cmd.span)
            x, value = newton_step(asked, residual, x, value, steps, cmd.span)
            steps += 1
            tell(steps)
    shown = point(asked, x)
    lines = [f"root   {_shown(session, shown)}", f"value  zero to {float(np.max(np.abs(value))):.1e}", f"steps  {steps} (Newton's method, exact Jacobian)"]
    return answer(session, cmd, {"root": shown, "steps": float(steps)}, lines)


def newton_step(asked: Problem, residual: Callable[[Any], Any], x: Any, value: Any, steps: int, span: Span) -> tuple[Any, Any]:
    """One step, halved until the residual falls (Armijo's rule for the sum of squares)."""
    jacobian = np.reshape(flat(asked.call("jacobian", x)), (len(value), len(x)))
    try:
        direction = np.linalg.solve(jacobian, -value)
    except np.linalg.LinAlgError:
        direction = np.linalg.lstsq(jacobian, -value, rcond=None)[0]
    length = 1.0
    while length > 1e-10:
        try:
            new = residual(x + length * direction)
            if np.linalg.norm(new) <= (1 - 1e-4 * length) * np.linalg.norm(value):
                return x + length * direction, new
        except CalcError as error:
            if error.code not in UNDEFINED:
                raise
        length /= 2
    raise errors.no_root(_shown(asked.session, point(asked, x)), float(np.max(np.abs(value))), steps, span)
