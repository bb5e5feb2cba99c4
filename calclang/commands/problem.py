"""What is sought: a function of any arguments as one of a flat vector of unknowns, with its derivatives."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from calclang import errors
from calclang.commands.clauses import assigned, clause, function_about, operand_of, point_of
from calclang.errors import NOWHERE, UNDEFINED, CalcError
from calclang.functions import function_of, make_function
from calclang.ir.dim import numbers, product
from calclang.lower.calls import check_point
from calclang.lower.convert import to_low
from calclang.lower.derivatives import derived, parameter_names, product_call
from calclang.lower.lowered import UNNAMED, Arr, Builtin, Closure, Fn, Low, Tup, function_name, words
from calclang.lower.unknowns import of_unknowns
from calclang.solvers.ends import Objective
from calclang.source import Span
from calclang.syntax import tree
from calclang.values import Parts, Row, Value, flat

if TYPE_CHECKING:
    from calclang.session import Session


@dataclass
class Problem:
    """A function of one flat vector of unknowns, made of a function of arguments ``like`` these. ``together``: it is differentiated by the
    vector of all of them; a lone argument keeps its name and its kind. ``start`` is the clause that gives them."""

    session: Session
    function: Fn
    like: list[Arr]
    span: Span
    start: str
    together: bool
    calls: dict[str, int] = field(default_factory=dict)
    made: dict[str, Any] = field(default_factory=dict)

    def arguments(self, x: Any) -> list[Any]:
        """The unknowns as the arguments of the function."""
        shapes = [numbers(a.shape) for a in self.like]
        cuts = np.cumsum([product(s) for s in shapes])[:-1]
        pieces = [np.reshape(piece, shape) for piece, shape in zip(np.split(np.asarray(x, dtype=float), cuts), shapes, strict=True)]
        return [Row(p) if a.row else p if p.shape else float(p) for p, a in zip(pieces, self.like, strict=True)]

    def call(self, operator: str, x: Any, along: Any = None) -> Any:
        """The function, or a derivative of it, at unknowns."""
        self.calls[operator] = self.calls.get(operator, 0) + 1
        if operator not in self.made:
            self.made[operator] = make_function(self.session, self._made(operator))
        if operator != "value" and self.together:
            return self.made[operator].inside(*(np.asarray(v, dtype=float) for v in (x, along) if v is not None))
        return self.made[operator].inside(*self.arguments(x), *(self.arguments(along) if along is not None else ()))

    def _made(self, operator: str) -> Fn:
        if operator == "value":
            return self.function
        function = of_unknowns(self.function, self.like) if self.together else self.function
        return hessian_times(function) if operator == "hvp" else derived(operator, function, {})

    def defined(self, operator: str, x: Any, along: Any = None) -> Any:
        """The same, all numbers in a row; None where the function is not defined. It has a value at the start: what it cannot do elsewhere, such
        as to end a loop, tells of the place."""
        try:
            return flat(self.call(operator, x, along))
        except CalcError as error:
            if error.code in (NOWHERE if operator == "value" else UNDEFINED):
                return None
            raise

    def value(self, x: Any) -> float:
        """The one number that the function gives. Raises E-SHAPE where it gives another value, and what the function raises."""
        found = self.call("value", x)
        if not isinstance(found, float):
            raise errors.not_one_number(function_name(self.function), words(to_low(found, function_of)), self.squares(found), self.span)
        return found

    def squares(self, found: Any) -> str:
        """The command that minimizes the sum of squares of the function's values, one of which was ``found``, as it is written from the same
        start; empty where these are no array, or the function has no name and no text."""
        name, names = function_name(self.function), ", ".join(parameter_names(self.function, len(self.like)))
        if UNNAMED not in name:
            value = f"{name}({names})"
        elif isinstance(self.function, Closure):
            value = self.function.body.span.text
        else:
            return ""
        if isinstance(found, Parts) or no_numbers(found) is not None:
            return ""
        return f"minimize {names if len(self.like) == 1 else f'({names})'} -> norm({value})^2 {self.start}"

    def residual(self, x: Any) -> Any:
        """The numbers that should become zero, as many as unknowns. Raises E-TYPE where they are none, E-SHAPE where they are more or fewer,
        and what the function raises."""
        found = self.call("value", x)
        if (other := no_numbers(found)) is not None:
            raise errors.not_an_equation(words(to_low(other, function_of)), difference(self.function), self.span)
        self.together |= isinstance(found, Parts)
        if len(value := flat(found)) != len(x):
            raise errors.not_as_many(len(value), len(x), self.squares(found), self.span)
        return value

    def objective(self) -> Objective:
        def value(x: Any) -> Any:
            found = self.defined("value", x)
            return None if found is None else float(found[0])

        return Objective(value, lambda x: self.defined("grad", x), self.square("hessian"), lambda x, v: self.defined("hvp", x, v))

    def square(self, operator: str) -> Callable[[Any], Any]:
        """A derivative as a matrix with a column for each unknown."""

        def matrix(x: Any) -> Any:
            found = self.defined(operator, x)
            return None if found is None else np.reshape(found, (-1, len(x)))

        return matrix


def no_numbers(value: Value) -> Value | None:
    """The first part of a value that is neither a number nor an array of them; None where there is none."""
    if isinstance(value, Parts):
        return next((found for part in value if (found := no_numbers(part)) is not None), None)
    numbers = isinstance(value, float | Row | np.ndarray) and np.asarray(value).dtype != np.bool_
    return None if numbers else value


def difference(function: Fn) -> str:
    """What becomes zero where the equation that the function tells of holds; empty where it is none."""
    body = function.body if isinstance(function, Closure) else None
    if not isinstance(body, tree.Compare) or body.ops != ("==",):
        return ""
    left, right = body.operands
    simple = isinstance(right, tree.Number | tree.Name | tree.Call)
    return f"{left.span.text} - {right.span.text if simple else f'({right.span.text})'}"


def hessian_times(function: Fn) -> Builtin:
    """The function (x, v) -> H(x) v."""

    def call(lowering: Any, arguments: tuple[Low, ...], options: dict[str, Any], span: Span) -> Any:
        return product_call("hvp")(lowering, (function, *arguments), options, span)

    return Builtin("hvp", call, 2, 2, "hvp(x, v)", "", "")


def problem(session: Session, cmd: tree.Command) -> tuple[Problem, Any]:
    """The function that a command is about, and the unknowns at which it begins."""
    if (start := clause(cmd, "from")) is None:
        raise errors.clause_missing(cmd.word, "from", cmd.span.text, cmd.span)
    function, free = function_about(session, cmd, operand_of(cmd), assigned(cmd, "from"))
    given = point_of(session, cmd, "from", function)
    if len(free) > len(given):
        raise errors.more_unknowns(free, len(given), start.span)
    sought = errors.shorten(operand_of(cmd).span.text)
    check_point(function, given, f"{cmd.word} {sought} from ({', '.join(parameter_names(function, 1))})", start.span)
    arrays = [a for a in given if isinstance(a, Arr) and not a.node.boolean]
    if len(arrays) != len(given):
        raise errors.start_kind(cmd.word, words(given[0] if len(given) == 1 else Tup(given)), start.span)
    x = flat(Parts(tuple(session.value(a) for a in arrays)))
    if not len(x):
        raise errors.no_unknowns(cmd.word, start.span)
    if not np.isfinite(x).all():
        raise errors.point_not_finite(cmd.word, start.span)
    return Problem(session, function, arrays, cmd.span, start.span.text, len(arrays) > 1), x


def point(asked: Problem, x: Any) -> Value:
    """The unknowns as the start was given: one argument, or a tuple of them; several scalars as a vector."""
    arguments = asked.arguments(x)
    if len(arguments) > 1 and all(isinstance(a, float) for a in arguments):
        return np.array(arguments)
    return arguments[0] if len(arguments) == 1 else Parts(tuple(arguments))
