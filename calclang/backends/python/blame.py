"""Whom to blame, in words: the operation in which a nan or an infinity was born."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from calclang import errors
from calclang.backends.python.births import Birth, Place, Values, tell
from calclang.backends.python.hints import hint
from calclang.errors import CalcError
from calclang.ir.node import Node, span_of
from calclang.ops.domains import is_pole


def blame(outputs: Sequence[Node], known: Values) -> CalcError | None:
    """The error of results that are not finite though nothing was put in that is not; None where nobody is to blame.

    The birth is sought on the way to a result: an infinity that vanished again (``1/(1 + exp(1000))``) is nobody's fault.
    """
    found = tell(outputs, known).birth(outputs)
    return None if found is None else explain(found)


def undefined(birth: Birth) -> CalcError:
    """The warning of an operation that made a nan of infinities."""
    cause = explain(birth).diagnostic
    return errors.nan_of_infinities(cause.message, cause.help, span_of(birth.node))


def explain(birth: Birth) -> CalcError:
    """The error of one operation, in the user's terms."""
    node, name, span = birth.node, birth.node.op.name, span_of(birth.node)
    operands = _operands(birth)
    element = f"element {', '.join(str(k + 1) for k in birth.element)}" if birth.element else ""
    where = f" ({element})" if element else ""
    help = hint(node, operands, shown)
    result = float(np.asarray(birth.values[node])[birth.place])
    if name in ("div", "power", "pow") and (found := _quotient_or_power(name, operands, node.params)):
        maker, text = found
        return maker(text + where, help, span)
    if name in POLES and POLES[name](*operands):
        return errors.division_by_zero(f"{name} is infinite at {', '.join(map(shown, operands))}{where}", help, span)
    domains = node.op.domain if isinstance(node.op.domain, tuple) else (node.op.domain,)
    for domain, operand in zip(domains, operands, strict=False):
        if domain is not None and operand not in domain:
            its = f"{element} of its argument" if element else "its argument"
            return errors.domain_error(f"{name} needs {domain.says}, but {its} is {shown(operand)}", help, span)
    if np.isnan(result):
        why = node.op.facts.get("undefined", "is not defined here")
        return errors.domain_error(f"{_called(node)} {why}{_with(operands, element)}", help, span)
    return errors.overflow(f"the result of {_called(node)} is too large for float64{_with(operands, element)}", help, span)


# What a message calls an operation that has no name in the language.
CALLED = {
    "add": "the sum", "sub": "the difference", "div": "the quotient", "power": "the power", "pow": "the power", "coprod": "prod",
    "frobenius": "norm", "general_norm": "norm", "norm_power": "the power", "frobenius_power": "the power",
    "cond": "cond", "quotient": "the quotient", "hypot": "hypot",
    "cumsum": "the running sum", "cumprod": "the running product",
}  # fmt: skip


SLOPES = frozenset({"factor_solve"})  # operations that derivatives alone are made of, at the place of what is differentiated

# A call of these differentiates: what goes wrong there is an operation of the derivative.
OPERATORS = frozenset("derivative grad gradient value_and_grad jacobian hessian divergence curl laplacian directional jvp vjp hvp taylor".split())


def _called(node: Node) -> str:
    """What a message calls an operation: as a person wrote it."""
    from calclang.syntax.terms import name_of_call

    op, span = node.op, span_of(node)
    hidden = op.kind == "contract" or op.hidden or op.name in CALLED
    if hidden and span is not None and (call := name_of_call(span.text)) and call not in OPERATORS:  # var is a sum of squares over a number, and a person wrote neither
        return f"the derivative of {call}" if op.name in SLOPES else call
    if op.kind == "contract":
        return "the sum" if len(node.inputs) < 2 and node.params[0].summed else "the product"
    written, bracket, _ = op.show.partition("(")  # max({}, {})
    return CALLED.get(op.name) or (op.name if not op.hidden else written if bracket and written.isalpha() else "this operation")


def _operands(birth: Birth) -> list[float]:
    """The numbers that the operation was given for its bad element, as far as each is one number."""
    node, found = birth.node, []
    if node.op.kind == "contract" and node.params[0].coef != 1:
        found.append(node.params[0].coef)
    for k, child in enumerate(node.inputs):
        place = _place_in(node, k, birth.place)
        if place is not None:
            found.append(float(np.asarray(birth.values[child], dtype=float)[place]))
    return found


def _place_in(node: Node, k: int, place: Place) -> Place | None:
    """The element of an argument that alone takes part in this element of the value; None where several do."""
    if node.op.kind == "contract":
        spec = node.params[0]
        at = dict(zip(spec.out, place, strict=True))
        return tuple(at[l] for l in spec.labels[k]) if all(l in at for l in spec.labels[k]) else None
    return place if node.inputs[k].rank == len(place) and (node.op.kind == "fn" or not place) else None


def _with(operands: Sequence[float], element: str) -> str:
    """On which numbers, and in which element."""
    parts = [*(["with " + ", ".join(map(shown, operands[:2]))] if operands else []), *([element] if element else [])]
    return f" ({'; '.join(parts)})" if parts else ""


def shown(x: float) -> str:
    """A number with as many digits as it takes to see why it does not fit."""
    short = f"{x:.10g}"
    return short if float(short) == x or abs(x) > 2 else repr(x)


def _quotient_or_power(name: str, operands: list[float], params: tuple[Any, ...]) -> tuple[Callable[..., CalcError], str] | None:
    """Error and sentence for a division or a power."""
    if name == "div":
        if operands[1] == 0:
            return (errors.domain_error, "0/0 is not defined") if operands[0] == 0 else (errors.division_by_zero, f"division of {shown(operands[0])} by zero")
        return None
    base, exponent = operands[0], params[0] if params else operands[1]
    if base == 0 and exponent < 0:
        return errors.division_by_zero, f"zero to the power {shown(exponent)} is a division by zero"
    if base < 0 and exponent != int(exponent):
        return errors.domain_error, f"{shown(base)} to the power {shown(exponent)} is no real number"
    return errors.overflow, f"{shown(base)} to the power {shown(exponent)} is too large for float64"


def _zero(x: float) -> bool:
    return x == 0


POLES: dict[str, Callable[..., bool]] = {
    "log": _zero, "log2": _zero, "log10": _zero, "log1p": lambda x: x == -1, "atanh": lambda x: abs(x) == 1, "acoth": lambda x: abs(x) == 1,
    "gamma": is_pole, "lgamma": is_pole, "digamma": is_pole, "beta": lambda x, y: min(x, y) == 0, "xlogy": lambda x, y: x != 0 == y,
    "cot": _zero, "csc": _zero, "coth": _zero, "csch": _zero, "asech": _zero, "acsch": _zero,
}  # fmt: skip
