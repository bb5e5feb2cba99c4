"""The text of an expression as far as lengths and ties need it (the formatter proper is syntax/format.py)."""

from __future__ import annotations

from calclang.syntax import tree as t

LEVEL = {"or": 1, "and": 2, "+": 6, "-": 6, ".+": 6, ".-": 6, "*": 7, "/": 7, "\\": 7, ".*": 7, "./": 7, "@": 7, "^": 10, ".^": 10}
SPACED = {"+", "-", ".*", "./", ".^", "\\", "and", "or", ".+", ".-"}


def text(e: t.Expr) -> str:
    """How the expression reads. Recursive: for bounded depth."""
    return _at(e, 0)


def _at(e: t.Expr, level: int) -> str:
    made, own = _shown(e)
    return f"({made})" if own < level else made


def _shown(e: t.Expr) -> tuple[str, int]:
    match e:
        case t.Number():
            return e.text or repr(e.value), 12
        case t.Name():
            return e.id, 12
        case t.Unary():
            return (f"{e.op}{_at(e.operand, 8)}", 8) if e.op != "not" else (f"not {_at(e.operand, 3)}", 3)
        case t.Binary():
            return _infix(e)
        case t.Compare():
            parts = [_at(e.operands[0], 5)]
            for op, x in zip(e.ops, e.operands[1:], strict=True):
                parts += [op, _at(x, 5)]
            return " ".join(parts), 4
        case t.Prime():
            return _at(e.operand, 11) + "'", 11
        case t.Call():
            return f"{_at(e.function, 11)}({', '.join(_at(a, 0) for a in e.arguments)})", 11
        case t.Index():
            return f"{_at(e.target, 11)}[{', '.join(_at(a, 0) for a in e.indices)}]", 11
        case t.Range():
            return "..".join(_at(a, 6) for a in (e.start, e.step, e.stop) if a is not None), 5
        case t.Array():
            return "[" + "; ".join(", ".join(_at(p, 0) for p in row) for row in e.rows) + "]", 12
        case t.Comprehension():
            inside = f"{_at(e.body, 0)} for {', '.join(f'{c.name} in {_at(c.domain, 0)}' for c in e.clauses)}"
            return (inside if e.bare else f"[{inside}]"), 12
        case t.Let():
            bound = ", ".join(f"{b.target.name} = {_at(b.value, 1)}" for b in e.bindings if isinstance(b.target, t.NameTarget))
            return f"{_at(e.body, 1)} where {bound}", 0
        case t.Whole():
            return ":", 12
    raise TypeError(type(e).__name__)


def _infix(e: t.Binary) -> tuple[str, int]:
    """A chain of operators that lean left is read without recursion."""
    level = LEVEL[e.op]
    if level == 10:
        return f"{_at(e.left, 11)}{_spaced(e.op)}{_at(e.right, 10)}", 10
    parts: list[str] = []
    at: t.Expr = e
    while isinstance(at, t.Binary) and LEVEL[at.op] == level:
        parts += [_at(at.right, level + 1), _spaced(at.op)]
        at = at.left
    return "".join([_at(at, level), *reversed(parts)]), level


def _spaced(op: str) -> str:
    return f" {op} " if op in SPACED else op
