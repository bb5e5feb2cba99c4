"""Whom to blame: the operation in which a nan or an infinity was born (LANGUAGE.md, section 9)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from calclang import errors
from calclang.backends.python.hints import hint
from calclang.backends.python.interpret import evaluate, value_of
from calclang.errors import CalcError
from calclang.ir.node import Node, order

Values = Mapping[Node, Any]


def blame(outputs: Sequence[Node], known: Values) -> CalcError | None:
    """The error of results that are not finite though nothing was put in that is not; None where nobody is to blame.

    The birth is sought on the way to a result: an infinity that vanished again (``1/(1 + exp(1000))``) is nobody's fault.
    """
    found = birth(outputs, known)
    return None if found is None else explain(*found)


def birth(outputs: Sequence[Node], known: Values) -> tuple[Node, Values] | None:
    """The first operation on the way to a bad result whose value is bad though its arguments are good."""
    values = dict(known)
    nodes = order(outputs)
    with np.errstate(all="ignore"):
        for node in nodes:
            if node not in values:
                values[node] = value_of(node, values)
    given = _given(nodes, values)
    guilty: set[Node] = {o for o in outputs if bad(values[o])}
    first: Node | None = None
    for node in reversed(nodes):
        if node not in guilty or node in given:
            continue
        culprits = [i for i in node.inputs if bad(values[i])]
        guilty.update(culprits)
        if not culprits:
            first = node
    if first is None:
        first = _nan_from_infinities(nodes, guilty, given, values)
    if first is not None and first.op.kind == "control" and (inside := _inside(first, values)) is not None:
        return inside
    return None if first is None else (first, values)


def _inside(node: Node, values: Values) -> tuple[Node, Values] | None:
    """The birth in the body of a loop or a choice."""
    from calclang.backends.python.control import first_bad

    found = first_bad([values[i] for i in node.inputs], node.params[0])
    return None if found is None else birth(*found)


def hidden_nan(outputs: Sequence[Node], known: Values) -> tuple[Node, Values] | None:
    """The birth of a nan that an operation hides: a comparison, a power."""
    hiding = [i for node in order(outputs) if node.op.hides_nan for i in node.inputs if not i.boolean and i.value is None]
    hidden = [node for node, value in zip(hiding, evaluate(hiding, known), strict=True) if np.isnan(value).any()]
    return birth(hidden, known) if hidden else None


def _given(nodes: Sequence[Node], values: Values) -> set[Node]:
    """Nodes that are not finite only because a person put that in: such arguments and constants, and what follows from them."""
    given: set[Node] = set()
    for node in nodes:
        if bad(values[node]) and (node.op.kind == "leaf" or any(i in given for i in node.inputs)):
            given.add(node)
    return given


def _nan_from_infinities(nodes: Sequence[Node], guilty: set[Node], given: set[Node], values: Values) -> Node | None:
    """``inf - inf`` of infinities that were born: blame the first of those."""
    for node in nodes:
        if node in guilty and node not in given and not any(bad(values[i]) for i in node.inputs):
            return node
    return None


def bad(value: Any) -> bool:
    """Whether a value holds a nan or an infinity."""
    return not np.isfinite(value).all()


# ---- in words -------------------------------------------------------------------------------------------


def explain(node: Node, values: Values) -> CalcError:
    """The error of one operation, in the user's terms."""
    result = np.asarray(values[node])
    place = tuple(np.argwhere(~np.isfinite(result))[0]) if result.shape else ()
    operands = [_at(values[i], place) for i in node.inputs]
    element = f"element {', '.join(str(k + 1) for k in place)} of its argument is" if place else "its argument is"
    name, help = node.op.name, hint(node, values, shown)
    bad_value = float(result[place])
    if name in ("div", "power", "pow") and (message := _quotient_or_power(name, operands, node.params, element)):
        code, text = message
        maker = errors.division_by_zero if code == "E-DIVZERO" else errors.domain_error if code == "E-DOMAIN" else errors.overflow
        return maker(text, help, node.span)
    if np.isinf(bad_value) and operands and _is_pole(node, operands):
        return errors.division_by_zero(f"{name} is infinite at {shown(operands[0])}" + (f" (element {place[0] + 1})" if place else ""), help, node.span)
    domain = node.op.domain[0] if isinstance(node.op.domain, tuple) else node.op.domain
    if domain is not None and operands and operands[0] not in domain:
        return errors.domain_error(f"{name} needs {domain.says}, but {element} {shown(operands[0])}", help, node.span)
    if np.isnan(bad_value):
        return errors.domain_error(f"{_called(node)} is not defined here{_with(operands)}", help, node.span)
    return errors.overflow(f"the result of {_called(node)} is too large for float64{_with(operands)}", help, node.span)


def _called(node: Node) -> str:
    """What a message calls an operation."""
    words = {"contract": "the product", "add": "the sum", "sub": "the difference", "div": "the quotient", "power": "the power", "pow": "the power"}
    return words.get(node.op.name, node.op.name)


def _at(value: Any, place: tuple[int, ...]) -> float:
    array = np.asarray(value, dtype=float)
    return float(array[place]) if array.shape and len(array.shape) == len(place) else float(array.flat[0]) if array.size else 0.0


def _with(operands: Sequence[float]) -> str:
    return f" (with {', '.join(shown(x) for x in operands[:2])})" if operands else ""


def shown(x: float) -> str:
    """A number with as many digits as it takes to see why it does not fit."""
    short = f"{x:.10g}"
    return short if float(short) == x or abs(x) > 2 else repr(x)


def _quotient_or_power(name: str, operands: list[float], params: tuple[Any, ...], element: str) -> tuple[str, str] | None:
    """Code and sentence for a division or a power."""
    if name == "div":
        if operands[1] == 0:
            return ("E-DOMAIN", "0/0 is not defined") if operands[0] == 0 else ("E-DIVZERO", f"division of {shown(operands[0])} by zero")
        return None
    base, exponent = operands[0], params[0] if params else operands[1]
    if base == 0 and exponent < 0:
        return "E-DIVZERO", f"zero to the power {shown(exponent)} is a division by zero"
    if base < 0 and exponent != int(exponent):
        return "E-DOMAIN", f"{shown(base)} to the power {shown(exponent)} is no real number"
    return "E-OVERFLOW", f"{shown(base)} to the power {shown(exponent)} is too large for float64"


POLES: dict[str, Callable[[float], bool]] = {
    "log": lambda x: x == 0, "log2": lambda x: x == 0, "log10": lambda x: x == 0, "log1p": lambda x: x == -1, "atanh": lambda x: abs(x) == 1,
    "acoth": lambda x: abs(x) == 1, "gamma": lambda x: x <= 0 and x == int(x), "lgamma": lambda x: x <= 0 and x == int(x),
    "digamma": lambda x: x <= 0 and x == int(x), "cot": lambda x: x == 0, "csc": lambda x: x == 0, "coth": lambda x: x == 0,
    "csch": lambda x: x == 0, "asech": lambda x: x == 0, "acsch": lambda x: x == 0,
}  # fmt: skip


def _is_pole(node: Node, operands: Sequence[float]) -> bool:
    return node.op.name in POLES and POLES[node.op.name](operands[0])
