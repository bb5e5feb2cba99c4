"""How an input was read, with all brackets, where it could be misread. A table of tree patterns decides; brackets that were typed settle a case."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from calclang.syntax import format_bracketed, tree
from calclang.syntax.format import level

Pattern: TypeAlias = Callable[[Any], bool]
PRODUCTS = ("*", "/", "\\", "@", ".*", "./")
POWERS = ("^", ".^")
SUPERSCRIPTS = tuple("⁻⁰¹²³⁴⁵⁶⁷⁸⁹")  # nobody misreads x²


def is_binary(e: Any, *ops: str) -> bool:
    """An operation with one of these signs around which nobody typed brackets."""
    return isinstance(e, tree.Binary) and e.op in ops and not typed_brackets(e) and e.right.span.text[:1] not in SUPERSCRIPTS


def typed_brackets(e: Any) -> bool:
    """Whether brackets of its own stand around an operation: its span takes them in."""
    first = e.left if isinstance(e, tree.Binary) else e.operands[0] if isinstance(e, tree.Compare) else None
    return first is not None and e.span.start < first.span.start


def factors(e: Any) -> list[tree.Binary]:
    """The products and quotients of a chain without brackets, from the last operator on."""
    found = []
    while is_binary(e, *PRODUCTS) and not e.tight:
        found.append(e)
        e = e.left
    return found


def divides_then_goes_on(e: Any) -> bool:
    """``1/2*x``, ``a/b/c``, ``A \\ b * c``: something stands behind what was divided."""
    chain = factors(e)
    return any(part.op in ("/", "./", "\\") for part in chain[1:]) or (len(chain) > 1 and chain[0].op == "\\")


def mixes_dots(e: Any) -> bool:
    """``x .* y * z``: elementwise and other products in one chain."""
    return len({part.op[0] == "." for part in factors(e)}) > 1


def sign_of_power(e: Any) -> bool:
    """``-2^2``: the minus belongs to the power."""
    return isinstance(e, tree.Unary) and e.op == "-" and is_binary(e.operand, *POWERS)


def number_times_power(e: Any) -> bool:
    """``2x^2``: the number belongs to the power, too."""
    return isinstance(e, tree.Binary) and e.tight and is_binary(e.right, *POWERS)


def tower(e: Any) -> bool:
    """``2^3^2``: powers go from the right."""
    return isinstance(e, tree.Binary) and e.op in POWERS and is_binary(e.right, *POWERS)


def signed_exponent(e: Any) -> bool:
    """``2^-x^2``."""
    return isinstance(e, tree.Binary) and e.op in POWERS and isinstance(e.right, tree.Unary) and is_binary(e.right.operand, *POWERS)


def and_in_or(e: Any) -> bool:
    """``a or b and c``."""
    return isinstance(e, tree.Binary) and e.op == "or" and (is_binary(e.left, "and") or is_binary(e.right, "and"))


def not_compared(e: Any) -> bool:
    """``not a == b``."""
    return isinstance(e, tree.Unary) and e.op == "not" and isinstance(e.operand, tree.Compare) and not typed_brackets(e.operand)


def blanks_mislead(e: Any) -> bool:
    """``1+2 * 3``: the looser operator is the one without blanks."""
    if not isinstance(e, tree.Binary) or e.tight or _spaced(e):
        return False
    return any(isinstance(c, tree.Binary) and level(c) > level(e) and not (c.tight or typed_brackets(c)) and _spaced(c) for c in (e.left, e.right))


def _spaced(e: tree.Binary) -> bool:
    """Whether blanks stand around an operator."""
    return " " in e.span.source.text[e.left.span.stop : e.right.span.start]


PATTERNS: tuple[Pattern, ...] = (
    divides_then_goes_on, mixes_dots, sign_of_power, number_times_power, tower, signed_exponent, and_in_or, not_compared, blanks_mislead,
)  # fmt: skip


def interpretation(statement: tree.Statement) -> str:
    """A statement with all brackets, if it could be misread and they say something new; else nothing.

    >>> from calclang.source import Source
    >>> from calclang.syntax import parse
    >>> [interpretation(parse(Source("", text), frozenset()).statements[0]) for text in ("1/2*x", "(1/2)*x", "f(x) = -2^2 + x")]
    ['(1/2)*x', '', 'f(x) = (-(2^2)) + x']
    """
    if not any(pattern(part) for part in tree.walk(statement) for pattern in PATTERNS):
        return ""
    text = format_bracketed(statement)
    return "" if _plain(text) == _plain(statement.span.text) else text


def _plain(text: str) -> str:
    return "".join(text.split()).replace("**", "^")
