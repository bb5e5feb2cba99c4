"""Scalar functions that answer as IEEE 754 does where Python's `math` raises: the second form of compiled scalar code.

The rows say their scalar form once, over `math`. `lenient` rewrites such an expression: each call and each division goes to a
function of this table.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Callable
from functools import cache
from importlib import import_module
from typing import Any

import numpy as np

# What math can raise, with NumPy's or SciPy's name of the same function. Functions that never raise are not here.
NUMPY = {
    "exp": "exp", "expm1": "expm1", "log": "log", "log1p": "log1p", "log2": "log2", "log10": "log10", "sqrt": "sqrt", "sin": "sin", "cos": "cos",
    "tan": "tan", "asin": "arcsin", "acos": "arccos", "sinh": "sinh", "cosh": "cosh", "acosh": "arccosh", "atanh": "arctanh",
    "floor": "floor", "ceil": "ceil", "pow": "power",
}  # fmt: skip
SPECIAL = {"gamma": "gamma", "lgamma": "gammaln"}
OPERATORS: dict[type[ast.operator], tuple[str, str]] = {
    ast.Div: ("div_", "divide"), ast.FloorDiv: ("floordiv_", "floor_divide"), ast.Mod: ("mod_", "mod")
}  # fmt: skip


def _answering(plain: Callable[..., Any], module: str, name: str) -> Callable[..., float]:
    """``plain``, and where it raises what NumPy or SciPy says."""

    def answer(*xs: float) -> float:
        try:
            return plain(*xs)  # type: ignore[no-any-return]
        except (ArithmeticError, ValueError):
            with np.errstate(all="ignore"):
                return float(getattr(import_module(module), name)(*xs))

    return answer


FUNCTIONS: dict[str, Callable[..., float]] = (
    {f"{name}_": _answering(getattr(math, name), "numpy", other) for name, other in NUMPY.items()}
    | {f"{name}_": _answering(getattr(math, name), "scipy.special", other) for name, other in SPECIAL.items()}
    | {
        "div_": _answering(lambda x, y: x / y, "numpy", "divide"),
        "floordiv_": _answering(lambda x, y: x // y, "numpy", "floor_divide"),
        "mod_": _answering(lambda x, y: x % y, "numpy", "mod"),
    }
)


class _Lenient(ast.NodeTransformer):
    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        self.generic_visit(node)
        found = OPERATORS.get(type(node.op))
        return node if found is None else ast.Call(ast.Name(found[0]), [node.left, node.right], [])

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        if isinstance(node.func, ast.Name) and f"{node.func.id}_" in FUNCTIONS:
            node.func = ast.Name(f"{node.func.id}_")
        return node


@cache
def lenient(template: str) -> str:
    """The same expression over functions that never raise; ``{0}``, ``{1}``, … stand for operands.

    >>> lenient("1 / cos({0})")
    'div_(1, cos_({0}))'
    """
    count = template.count("{")
    text = template.format(*(f"operand{k}" for k in range(count)))
    changed = ast.unparse(_Lenient().visit(ast.parse(text, mode="eval")))
    for k in reversed(range(count)):
        changed = changed.replace(f"operand{k}", f"{{{k}}}")
    return changed
