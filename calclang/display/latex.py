"""Formulas and values as LaTeX."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from calclang.display.clean import clean, clean_lines
from calclang.display.values import exact, source
from calclang.source import Source
from calclang.syntax import parse, tree
from calclang.syntax.format import AND, NOT, OPEN, OR, PIPE, POSTFIX, POWER, PRODUCT, RANGE, SIGN, SUM, format_expr, level
from calclang.values import Row, Text, Value

if TYPE_CHECKING:
    from calclang.values import Array

Piece = Any  # text, or (tree, the least level that needs no brackets)

GREEK = (
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi rho sigma tau upsilon phi chi psi omega pi "
    "Gamma Delta Theta Lambda Xi Pi Sigma Phi Psi Omega"
).split()  # fmt: skip
LETTERS = dict(zip("αβγδεζηθικλμνξρστυφχψωπΓΔΘΛΞΠΣΦΨΩ", GREEK, strict=True))
FUNCTIONS = {
    "sin", "cos", "tan", "sec", "csc", "cot", "sinh", "cosh", "tanh", "coth", "exp", "det", "max", "min", "arg",
}  # fmt: skip
RENAMED = {
    "log": r"\ln", "log2": r"\log_2", "log10": r"\log_{10}", "asin": r"\arcsin", "acos": r"\arccos", "atan": r"\arctan", "tr": r"\operatorname{tr}",
    "asinh": r"\operatorname{arsinh}", "acosh": r"\operatorname{arcosh}", "atanh": r"\operatorname{artanh}",
}  # fmt: skip
SIGNS = {"*": " ", "@": " ", ".*": r" \odot ", ".+": " + ", ".-": " - ", "./": r" \oslash ", "and": r" \wedge ", "or": r" \vee ",
         "<=": r" \le ", ">=": r" \ge ", "!=": r" \ne ", "==": " = ", "≈": r" \approx ", "|>": r" \triangleright "}  # fmt: skip
RAISED = ("^", "'")  # with what a sign begins that stands above its argument
OVER = 1_000  # a level that no expression has without brackets
LEVELS = {"+": SUM, "-": SUM, ".+": SUM, ".-": SUM, "or": OR, "and": AND, "|>": PIPE}


def latex_value(value: Value) -> str:
    """A value, or a function's formula, as LaTeX."""
    if isinstance(value, Text):  # an answer in words, or LaTeX already
        return clean_lines(value)
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, bool | float):
        return _entry(value)
    if isinstance(value, Row):
        return _pmatrix(value.array.reshape(1, -1))
    if isinstance(value, np.ndarray) and value.ndim in (1, 2):  # a vector is a column
        return _pmatrix(value if value.ndim == 2 else value.reshape(-1, 1))
    program = parse(Source("<value>", source(value)), frozenset(), nesting=10_000)
    statement = program.statements[0]
    if isinstance(statement, tree.Definition) and isinstance(statement.target, tree.FunctionTarget):
        head = tree.Call(tree.Name(statement.target.name), tuple(tree.Name(n) for p in statement.target.parameters for n in p.names))
        return f"{latex_expr(head)} = {latex_expr(statement.value)}"
    assert isinstance(statement, tree.Show)
    shown = statement.value
    return latex_expr(shown)


def _pmatrix(array: Array) -> str:
    rows = r" \\ ".join(" & ".join(map(_entry, row)) for row in array.tolist())
    return rf"\begin{{pmatrix}} {rows} \end{{pmatrix}}"


def _entry(x: float | bool) -> str:
    return rf"\text{{{exact(x)}}}" if x != x or isinstance(x, bool) else _scientific(exact(x)).replace("inf", r"\infty")


def latex_expr(e: tree.Expr) -> str:
    """An expression as LaTeX (math mode). Iterative."""
    out: list[str] = []
    stack: list[Piece] = [(e, OPEN)]
    while stack:
        piece = stack.pop()
        if isinstance(piece, str):
            out.append(piece)
            continue
        inner, least = piece
        parts = WRITERS.get(type(inner), _as_text)(inner)
        if _level(inner) < least:
            parts = [r"\left(", *parts, r"\right)"]
        stack.extend(reversed(parts))
    return "".join(out)


def _level(e: Any) -> int:
    """As in source, but a fraction needs no brackets around it in a product."""
    if isinstance(e, tree.Binary) and e.op == "/":
        return POWER
    if _series(e) is not None:
        return SUM
    return level(e)


def name(text: str) -> str:
    """``x1`` as x_1, ``alpha`` as \\alpha, longer names upright."""
    head = text.rstrip("0123456789")
    index = text[len(head) :]
    head = head.rstrip("_") or head if index else head
    head = LETTERS.get(head, head)
    shown = f"\\{head}" if head in GREEK else head if len(head) == 1 and head != "_" else rf"\mathrm{{{head}}}".replace("_", r"\_")
    return f"{shown}_{{{index}}}" if index else shown


def _as_text(e: Any) -> list[Piece]:
    """A construct that mathematics has no sign for: as source."""
    return [rf"\mathtt{{{escaped(format_expr(e))}}}"]


def escaped(text: str) -> str:
    """Text with LaTeX's own signs made ordinary."""
    return "".join(ESCAPED.get(c, c) for c in clean(text))


def quoted(text: str) -> str:
    """A text as text."""
    return rf"\text{{{escaped(text)}}}"


ESCAPED = {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"} | {sign: "\\" + sign for sign in "_#&%{}$"}


def _number(e: tree.Number) -> list[Piece]:
    text = format_expr(e).replace("_", "")
    return [r"\infty" if text == "inf" else _scientific(text)]


def _scientific(text: str) -> str:
    """``2.5e-3`` as 2.5 · 10^-3."""
    mantissa, _, exponent = text.partition("e")
    if not exponent:
        return text
    power = rf"10^{{{int(exponent)}}}"
    return {"1": power, "-1": "-" + power}.get(mantissa, rf"{mantissa} \cdot {power}")


def _binary(e: tree.Binary) -> list[Piece]:
    if e.op == "/":
        return [r"\frac{", (e.left, OPEN), "}{", (e.right, OPEN), "}"]
    if e.op in ("^", ".^"):
        dot = r"\circ " if e.op == ".^" else ""
        return [_base(e.left), f"^{{{dot}", (e.right, OPEN), "}"]
    if e.op == "\\":
        return [_base(e.left), "^{-1} ", (e.right, POWER)]
    mine = LEVELS.get(e.op, PRODUCT)
    sign = SIGNS.get(e.op, f" {e.op} ")
    if e.op in "*@" and isinstance(e.right, tree.Number):
        sign = r" \cdot "
    return [(e.left, mine), sign, (e.right, mine + 1)]


def _base(e: tree.Expr, script: str = "^") -> Piece:
    """What a script is written above (``^``) or below (``_``) of: in brackets where it has such a script already, for LaTeX refuses two."""
    own, inner = _script(e)
    return e, OVER if script in (own, inner is not None and _script(inner)[0]) else POSTFIX


def _script(e: tree.Expr) -> tuple[str, tree.Expr | None]:
    """The script with which an expression ends, ``^`` or ``_`` (empty: with none), and what it stands at."""
    if isinstance(e, tree.Prime):
        return "^", _inverted(e.operand) or e.operand
    if isinstance(e, tree.Index):
        return "_", e.target
    if isinstance(e, tree.Call):
        return _script_of_call(e)
    shown = name(e.id) if isinstance(e, tree.Name) else _number(e)[0] if isinstance(e, tree.Number) else ""
    return "_" if "_{" in shown else "^" if "^{" in shown else "", None


def _script_of_call(e: tree.Call) -> tuple[str, tree.Expr | None]:
    """The same of a call: that of a function's sign."""
    known = e.function.id if isinstance(e.function, tree.Name) else ""
    if known not in SPECIAL or len(e.arguments) != 1:
        return "_" if known == "norm" and len(e.arguments) == 2 else "", None
    before, after, _ = SPECIAL[known]
    if not after:
        return _script(e.arguments[0])
    if after == "}":
        return before[-2] if before[-2] in "^_" else "", None
    return ("^", e.arguments[0]) if after[0] in RAISED else ("", None)


def _inverted(e: tree.Expr) -> tree.Expr | None:
    """A of inv(A)."""
    return e.arguments[0] if isinstance(e, tree.Call) and e.function == tree.Name("inv") and len(e.arguments) == 1 else None


def _unary(e: tree.Unary) -> list[Piece]:
    return [r"\neg ", (e.operand, NOT)] if e.op == "not" else [e.op, (e.operand, SIGN)]


def _call(e: tree.Call) -> list[Piece]:
    if (series := _series(e)) is not None:
        return series
    known = e.function.id if isinstance(e.function, tree.Name) else ""
    listed = [piece for k, a in enumerate(e.arguments) for piece in ([", "] if k else []) + [(a, OPEN)]]
    if known in SPECIAL and len(e.arguments) == 1:
        before, after, least = SPECIAL[known]
        inside = e.arguments[0]
        beside = after == "'" and isinstance(inside, tree.Call) and inside.function == e.function  # primes may: g''
        return [before, _base(inside) if after[:1] in RAISED and not beside else (inside, least), after]
    if known == "norm" and len(e.arguments) == 2:
        return [r"\left\| ", (e.arguments[0], OPEN), r" \right\|_{", (e.arguments[1], OPEN), "}"]
    if any(isinstance(a, tree.Comprehension) for a in e.arguments):
        return _as_text(e)
    head: list[Piece] = [_function(known)] if known else [(e.function, POSTFIX)]
    return [*head, r"\left(", *listed, r"\right)"]


def _series(e: Any) -> list[Piece] | None:
    """``sum(x[i]^2 for i in 1..n)`` with a sign for each loop; None where it is no such call or has filters."""
    if not (isinstance(e, tree.Call) and isinstance(e.function, tree.Name) and e.function.id in SERIES and len(e.arguments) == 1):
        return None
    loop = e.arguments[0]
    if not isinstance(loop, tree.Comprehension) or any(c.condition is not None for c in loop.clauses):
        return None
    pieces: list[Piece] = []
    for clause in loop.clauses:
        pieces.append(SERIES[e.function.id] + "_{" + name(clause.name))
        if isinstance(clause.domain, tree.Range) and clause.domain.step is None:
            pieces += ["=", (clause.domain.start, OPEN), "}^{", (clause.domain.stop, OPEN), "} "]
        else:
            pieces += [r" \in ", (clause.domain, OPEN), "} "]
    return [*pieces, (loop.body, PRODUCT)]


SERIES = {"sum": r"\sum", "prod": r"\prod"}


def _function(known: str) -> str:
    return RENAMED.get(known) or (f"\\{known}" if known in FUNCTIONS else name(known) if len(known) < 3 else rf"\operatorname{{{known}}}")


SPECIAL: dict[str, tuple[str, str, int]] = {
    "sqrt": (r"\sqrt{", "}", OPEN),
    "cbrt": (r"\sqrt[3]{", "}", OPEN),
    "abs": (r"\left| ", r" \right|", OPEN),
    "norm": (r"\left\| ", r" \right\|", OPEN),
    "floor": (r"\lfloor ", r" \rfloor", OPEN),
    "ceil": (r"\lceil ", r" \rceil", OPEN),
    "inv": ("", "^{-1}", POSTFIX),
    "pinv": ("", "^{+}", POSTFIX),
    "exp": ("e^{", "}", OPEN),
    "derivative": ("", "'", POSTFIX),
    "grad": (r"\nabla ", "", POSTFIX),
    "transpose": ("", r"^{\top}", POSTFIX),
    "eye": ("I_{", "}", OPEN),
    "logdet": (r"\ln \det \left(", r"\right)", OPEN),
}


def _prime(e: tree.Prime) -> list[Piece]:
    if (inner := _inverted(e.operand)) is not None:
        return [_base(inner), r"^{-\top}"]
    return [_base(e.operand), r"^{\top}"]


def _array(e: tree.Array) -> list[Piece]:
    rows = e.rows if len(e.rows) != 1 else tuple((part,) for part in e.rows[0])  # a vector is a column
    pieces: list[Piece] = [r"\begin{pmatrix} "]
    for number, row in enumerate(rows):
        pieces += [r" \\ "] if number else []
        pieces += [piece for k, part in enumerate(row) for piece in ([" & "] if k else []) + [(part, OPEN)]]
    return [*pieces, r" \end{pmatrix}"]


def _tuple(e: tree.Tuple) -> list[Piece]:
    names = [[rf"\text{{{escaped(n)}}} = "] for n in e.names] or [[] for _ in e.parts]
    pieces = [piece for k, (name, p) in enumerate(zip(names, e.parts, strict=True)) for piece in [*([", "] if k else []), *name, (p, OPEN)]]
    return [r"\left(", *pieces, r"\right)"]


def _compare(e: tree.Compare) -> list[Piece]:
    pieces: list[Piece] = [(e.operands[0], RANGE)]
    for op, operand in zip(e.ops, e.operands[1:], strict=True):
        pieces += [SIGNS.get(op, f" {op} "), (operand, RANGE)]
    return pieces


def _if(e: tree.If) -> list[Piece]:
    return [r"\begin{cases} ", (e.then, OPEN), r" & \text{if } ", (e.condition, OPEN), r" \\ ", (e.otherwise, OPEN), r" & \text{otherwise} \end{cases}"]


def _index(e: tree.Index) -> list[Piece]:
    return [_base(e.target, "_"), "_{", *(piece for k, i in enumerate(e.indices) for piece in ([", "] if k else []) + [(i, OPEN)]), "}"]


def _lambda(e: tree.Lambda) -> list[Piece]:
    pieces = [piece for k, p in enumerate(e.parameters) for piece in ([", "] if k else []) + _parameter(p)]
    head = pieces if len(e.parameters) == 1 and not e.parameters[0].vector else ["(", *pieces, ")"]
    return [*head, r" \mapsto ", (e.body, OPEN)]


def _parameter(p: tree.Parameter) -> list[Piece]:
    """A parameter with the space that its kind says, so that no size in a formula is unexplained."""
    names, dims = ", ".join(map(name, p.names)), p.kind.dims if p.kind is not None else ()
    if not dims:
        return [names]
    return [names, r" \in \mathbb{R}^{", *(piece for k, d in enumerate(dims) for piece in ([r" \times "] if k else []) + [(d, PRODUCT + 1)]), "}"]


def _let(e: tree.Let) -> list[Piece]:
    pieces: list[Piece] = [(e.body, PIPE), r" \quad \text{where } "]
    for number, binding in enumerate(e.bindings):
        shown = getattr(binding.target, "name", "…")
        pieces += ([", "] if number else []) + [f"{name(shown)} = ", (binding.value, PIPE)]
    return pieces


WRITERS: dict[type, Callable[[Any], list[Piece]]] = {
    tree.Number: _number, tree.Name: lambda e: [name(e.id)], tree.Binary: _binary, tree.Unary: _unary, tree.Call: _call, tree.Prime: _prime,
    tree.Array: _array, tree.Tuple: _tuple, tree.Compare: _compare, tree.If: _if, tree.Index: _index, tree.Lambda: _lambda,
    tree.Let: _let, tree.Whole: lambda e: [":"], tree.Boolean: lambda e: [rf"\text{{{'true' if e.value else 'false'}}}"],
    tree.String: lambda e: [quoted(e.value)],
}  # fmt: skip
