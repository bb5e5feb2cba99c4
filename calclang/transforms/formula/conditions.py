"""Conditions that are decided whatever the values are: ``x < x`` is false, and what is built on it follows."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from calclang.ir.op import Op
from calclang.transforms.formula.terms import Form, truth

Rule: TypeAlias = Callable[..., "Form | None"]
TRUE, FALSE = truth(True), truth(False)


def decided(op: Op, args: tuple[Form, ...]) -> Form | None:
    """What an operation on numbers is if a condition in it is decided; None for any other."""
    rule = RULES.get(op.name)
    return rule(*args) if rule is not None and not any(a.shape for a in args) else None


def _either(certain: Form) -> Rule:
    """``or`` and ``and``: one operand that is ``certain`` decides, one that is its opposite leaves the other."""
    return lambda a, b: certain if certain in (a, b) else b if a in (TRUE, FALSE) else a if b in (TRUE, FALSE) else None


RULES: dict[str, Rule] = {
    "less": lambda a, b: FALSE if a == b else None,
    "both": _either(FALSE),
    "either": _either(TRUE),
    "negation": lambda a: FALSE if a == TRUE else TRUE if a == FALSE else None,
    "select": lambda mask, a, b: a if mask == TRUE else b if mask == FALSE else None,
}
