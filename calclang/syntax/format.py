"""Syntax tree → canonical source: as few brackets as the grammar allows, and ``parse(format(t)) == t``.

Iterative: a stack of pieces of text and of trees still to be written.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from calclang.syntax import tree

# How tightly a construct binds; a part with less stands in brackets.
OPEN, PIPE, OR, AND, NOT, COMPARE, RANGE, SUM, PRODUCT, SIGN, TIGHT, POWER, POSTFIX, ATOM = range(14)
LEVELS = {"|>": PIPE, "or": OR, "and": AND, "+": SUM, "-": SUM, ".+": SUM, ".-": SUM, "^": POWER, ".^": POWER}
CLOSE_UP = frozenset({"^"})  # written without blanks; products are, where both sides are short

Piece: TypeAlias = "str | tuple[Any, int]"


def level(e: Any) -> int:
    """How tightly the outermost construct of a tree binds."""
    match e:
        case tree.Binary():
            return TIGHT if e.tight else LEVELS.get(e.op, PRODUCT)
        case tree.Unary():
            return NOT if e.op == "not" else SIGN
        case tree.Compare():
            return COMPARE
        case tree.Range():
            return RANGE
        case tree.If() | tree.Let() | tree.Lambda():
            return OPEN
        case tree.Prime() | tree.Call() | tree.Index():
            return POSTFIX
        case tree.Number():
            return ATOM
    return ATOM


def format_expr(e: tree.Expr) -> str:
    """The source of an expression."""
    return _write([(e, OPEN)])


def _write(pieces: list[Piece]) -> str:
    """Write pieces in order; a tree is replaced by its own pieces."""
    out: list[str] = []
    stack: list[Piece] = list(reversed(pieces))
    while stack:
        piece = stack.pop()
        if isinstance(piece, str):
            out.append(piece)
            continue
        e, least = piece
        parts = WRITERS[type(e)](e)
        if level(e) < least:
            parts = ["(", *parts, ")"]
        stack.extend(reversed(parts))
    return "".join(out)


def number_text(e: tree.Number) -> str:
    """A literal: as written, or the shortest text that reads back."""
    if e.text:
        return e.text
    if e.value == int(e.value) and abs(e.value) < 1e16 if e.value - e.value == 0 else False:
        return str(int(e.value))
    return {float("inf"): "inf"}.get(e.value, repr(e.value)) if e.value == e.value else "nan"


def _string(e: tree.String) -> list[Piece]:
    text = e.value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return [f'"{text}"']


def _joined(parts: Any, separator: str = ", ", least: int = OPEN) -> list[Piece]:
    pieces: list[Piece] = []
    for part in parts:
        pieces += [separator] if pieces else []
        pieces.append(part if isinstance(part, str) else (part, least))
    return pieces


def _array(e: tree.Array) -> list[Piece]:
    pieces: list[Piece] = ["["]
    for number, row in enumerate(e.rows):
        pieces += ["; "] if number else []
        pieces += _joined(row)
    return [*pieces, "]"]


def _tuple(e: tree.Tuple) -> list[Piece]:
    return ["(", *_joined(e.parts), ",)" if len(e.parts) == 1 else ")"]


def _unary(e: tree.Unary) -> list[Piece]:
    return ["not ", (e.operand, NOT)] if e.op == "not" else [e.op, (e.operand, SIGN)]


def _binary(e: tree.Binary) -> list[Piece]:
    if e.tight:
        return [(e.left, ATOM), (e.right, POWER)] if _may_follow(e.right) else [(e.left, ATOM), "(", (e.right, OPEN), ")"]
    if e.op in ("^", ".^"):
        return [(e.left, POSTFIX), "^" if e.op == "^" else " .^ ", _exponent(e.right)]
    mine = LEVELS.get(e.op, PRODUCT)
    gap = "" if e.op in "*/" and not e.op.startswith(".") and _short(e.left) and _short(e.right) else " "
    right: Piece = (e.right, mine + 1)
    if isinstance(e.right, tree.Binary) and e.right.tight and e.op in ("/", "./"):
        right = (e.right, ATOM)
    return [(e.left, mine), f"{gap}{e.op}{gap}", right]


def _exponent(e: Any) -> Piece:
    """A power may stand there, and a signed one; a number before a name may not."""
    if isinstance(e, tree.Unary) and e.op in "+-":
        return (e, SIGN) if level(e.operand) >= POWER or (isinstance(e.operand, tree.Unary) and e.operand.op in "+-") else (e, ATOM)
    return (e, ATOM) if isinstance(e, tree.Binary) and e.tight else (e, POWER)


def _may_follow(e: Any) -> bool:
    """Whether a number may stand directly before it: it begins with a name or a bracket."""
    while isinstance(e, tree.Binary | tree.Prime | tree.Call | tree.Index):
        if level(e) < POWER:
            return False
        e = e.left if isinstance(e, tree.Binary) else e.operand if isinstance(e, tree.Prime) else e.function if isinstance(e, tree.Call) else e.target  # fmt: skip
    return isinstance(e, tree.Name | tree.Array | tree.Tuple) and not (isinstance(e, tree.Name) and e.id[:1] in "eE")


def _short(e: Any) -> bool:
    """Whether a factor is read at a glance, so that ``2*x`` needs no blanks."""
    if isinstance(e, tree.Binary):
        return not e.op.startswith(".") or e.op == ".^"
    return True


def _compare(e: tree.Compare) -> list[Piece]:
    pieces: list[Piece] = [(e.operands[0], RANGE)]
    for op, operand in zip(e.ops, e.operands[1:], strict=True):
        pieces += [f" {op} ", (operand, RANGE)]
    return pieces


def _call(e: tree.Call) -> list[Piece]:
    options = [piece for name, value in e.options for piece in (", ", f"{name} = ", (value, OPEN))]
    listed = _joined(e.arguments) if not (len(e.arguments) == 1 and _bare(e.arguments[0])) else _comprehension(e.arguments[0])  # type: ignore[arg-type]
    if not e.arguments and options:
        options = options[1:]
    return [(e.function, POSTFIX), "(", *listed, *options, ")"]


def _bare(e: Any) -> bool:
    return isinstance(e, tree.Comprehension) and e.bare


def _comprehension(e: tree.Comprehension) -> list[Piece]:
    pieces: list[Piece] = [(e.body, OPEN)]
    for number, clause in enumerate(e.clauses):
        pieces += [", " if number else " for ", f"{clause.name} in ", (clause.domain, PIPE)]
        if clause.condition is not None:
            pieces += [" if ", (clause.condition, PIPE)]
    return pieces if e.bare else ["[", *pieces, "]"]


def _range(e: tree.Range) -> list[Piece]:
    parts = [e.start, e.stop] if e.step is None else [e.start, e.step, e.stop]
    return _joined(parts, "..", SUM)


def _if(e: tree.If) -> list[Piece]:
    return ["if ", (e.condition, OPEN), " then ", (e.then, OPEN), " else ", (e.otherwise, OPEN)]


def _let(e: tree.Let) -> list[Piece]:
    pieces: list[Piece] = []
    for binding in e.bindings:
        value: Piece = (binding.value, PIPE if isinstance(binding.value, tree.Let) else OPEN)
        pieces += [*([", "] if pieces else []), *_target(binding.target), " = ", value]
    return [(e.body, PIPE if isinstance(e.body, tree.Let) else OPEN), " where ", *pieces] if e.where else ["let ", *pieces, " in ", (e.body, OPEN)]


def _target(target: tree.Target) -> list[Piece]:
    if isinstance(target, tree.FunctionTarget):
        return [f"{target.name}(", *_parameters(target.parameters), ")"]
    return [f"({', '.join(target.names)})" if isinstance(target, tree.TupleTarget) else target.name]


def _parameters(parameters: tuple[tree.Parameter, ...]) -> list[Piece]:
    return [piece for number, p in enumerate(parameters) for piece in [*([", "] if number else []), *_parameter(p)]]


def _parameter(p: tree.Parameter) -> list[Piece]:
    name = f"[{', '.join(p.names)}]" if p.vector else p.names[0]
    return [name] if p.kind is None else [f"{name}: ", *_kind(p.kind)]


def _kind(kind: tree.Kind) -> list[Piece]:
    words = " ".join([*kind.words, "R"])
    if not kind.dims:
        return [words]
    if len(kind.dims) == 1 and isinstance(kind.dims[0], tree.Name | tree.Number):
        return [f"{words}^", (kind.dims[0], ATOM)]
    return [f"{words}^(", *_joined(kind.dims, "×", PRODUCT + 1 if len(kind.dims) > 1 else OPEN), ")"]


def _lambda(e: tree.Lambda) -> list[Piece]:
    listed = _parameters(e.parameters)
    if len(e.parameters) == 1 and e.parameters[0].kind is None:
        return [*listed, " -> ", (e.body, OPEN)]
    return ["(", *listed, ") -> ", (e.body, OPEN)]


WRITERS: dict[type, Callable[[Any], list[Piece]]] = {
    tree.Number: lambda e: [number_text(e)],
    tree.String: _string,
    tree.Boolean: lambda e: ["true" if e.value else "false"],
    tree.Name: lambda e: [e.id],
    tree.Array: _array,
    tree.Tuple: _tuple,
    tree.Unary: _unary,
    tree.Binary: _binary,
    tree.Compare: _compare,
    tree.Prime: lambda e: [(e.operand, POSTFIX), "'"],
    tree.Call: _call,
    tree.Whole: lambda e: [":"],
    tree.End: lambda e: ["end"],
    tree.Index: lambda e: [(e.target, POSTFIX), "[", *_joined(e.indices), "]"],
    tree.Range: _range,
    tree.If: _if,
    tree.Let: _let,
    tree.Lambda: _lambda,
    tree.Comprehension: _comprehension,
}


# ---- statements -------------------------------------------------------------------------------------


def format_statement(s: tree.Statement) -> str:
    """The source of a statement."""
    if isinstance(s, tree.Definition):
        return ("let " if s.let else "") + _write([*_target(s.target), " = ", (s.value, OPEN)])
    if isinstance(s, tree.Show):
        return format_expr(s.value) + (";" if s.hidden else "")
    operands = " ".join(format_statement(o) if isinstance(o, tree.Command) else format_expr(o) for o in s.operands)
    options = "".join(f" {o.word} {', '.join(_part(p) for p in o.parts)}" for o in s.options)
    return f"{s.word} {operands}{options}" + (";" if s.hidden else "")


def _part(p: Any) -> str:
    return format_statement(p) if isinstance(p, tree.Definition) else format_expr(p)


def format_program(program: tree.Program) -> str:
    """The source of a program, a statement a line."""
    return "".join(format_statement(s) + "\n" for s in program.statements)
