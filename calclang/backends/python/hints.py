"""What to write instead, where the formula is one that everybody stumbles over."""

from __future__ import annotations

import re
from typing import Any

import numpy as np

from calclang.ir.node import Node, span_of
from calclang.source import Span

OPERAND = r"(?:(?P<u>[\w.]+(?:\[[^][]*\]|\([^()]*\))?)|\((?P<group>[^()]+)\))"  # a name, an element, a call; or what stands in parentheses
AGAIN = r"(?:(?P=u)|\((?P=group)\))"
SQUARE = rf"{OPERAND}(?:\^2|\*\*2|²|\*{AGAIN})"
SQUARES = r"(?P<u>[\w.]+)(?:\^2|\*\*2|²)\+(?P<v>[\w.]+)(?:\^2|\*\*2|²)"

# what a person wrote, without blanks -> what it is called; u is the part that stands twice
IDIOMS: tuple[tuple[str, str], ...] = (
    (r"sin\((?P<u>.+)\)/\(?(?P=u)\)?", "sinc({u}) is this quotient with its limit at 0"),
    (rf"sqrt\({SQUARE}\)", "the square root of a square is abs({u})"),
    (rf"\({SQUARE}\)\^(0\.5|\(1/2\))", "the square root of a square is abs({u})"),
    (rf"sqrt\({SQUARES}\)", "hypot({u}, {v}) is this length, with the slope 0 where both are 0"),
    (rf"cbrt\({OPERAND}(?:\^3|\*\*3|³)\)", "the cube root of {u}^3 is {u}"),
    (r"(?P<u>[^=]*[^=<>!~])==[^=]+", "a value at one point has no slope: write the other formula alone if it holds there; sinc(x) and xlogy(x, y) know their limits"),
)


def idiom(span: Span | None) -> str:
    """The name of a formula as it was written; empty where it is none of these."""
    text = "" if span is None else re.sub(r"\s", "", span.text[:200])
    for pattern, says in IDIOMS:
        if (match := re.fullmatch(pattern, text)) is not None:
            parts = match.groupdict()
            return says.format(**parts | {"u": parts["u"] or parts["group"]})
    return ""


def hint(node: Node, operands: list[float], shown: Any) -> str:
    """What helps where this operation is not defined, on these numbers."""
    if (named := idiom(span_of(node))) != "":
        return named
    if node.op.name == "log" and operands[0] == 0 and in_product(span_of(node)):
        return "xlogy(x, x) is x*log(x) with its limit at 0"
    rule = RULES.get(node.op.name)
    return "" if rule is None or not operands else rule(operands, node.params, shown)


def in_product(span: Span | None) -> bool:
    """Whether what was written stands beside a ``*``."""
    if span is None:
        return False
    before, after = span.source.text[max(span.start - 5, 0) : span.start].rstrip(), span.source.text[span.stop : span.stop + 5].lstrip()
    return before.endswith("*") or after.startswith(("*", ".*"))


def _root(operands: list[float], params: tuple[Any, ...], shown: Any) -> str:
    """Of a power."""
    if operands[0] >= 0:
        return ""
    exponent = params[0] if params else operands[1]
    root = np.cbrt(operands[0])
    return f"cbrt({shown(operands[0])}) = {root:.10g}" if abs(exponent * 3 - 1) < 1e-12 else "the power of a negative number needs a whole exponent"


def _beyond(operands: list[float], params: tuple[Any, ...], shown: Any) -> str:
    """Of a function on [-1, 1]."""
    return "rounding went past the end: clamp(x, -1, 1) keeps it inside" if 1 < abs(operands[0]) < 1 + 1e-9 else ""


RULES: dict[str, Any] = {
    "power": _root, "pow": _root, "asin": _beyond, "acos": _beyond, "atanh": _beyond,
    "exp": lambda operands, params, shown: "log(1 + exp(x)) without overflow is softplus(x), 1/(1 + exp(-x)) is sigmoid(x)",
}  # fmt: skip
