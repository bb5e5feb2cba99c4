"""Syntax tree → canonical source: as few brackets as the grammar allows, and ``parse(format(t)) == t``.

Iterative: a stack of pieces of text and of trees still to be written.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from calclang.syntax import tree
from calclang.syntax.layout import KEYWORDS

# How tightly a construct binds; a part with less stands in brackets.
OPEN, PIPE, OR, AND, NOT, COMPARE, RANGE, SUM, PRODUCT, SIGN, TIGHT, POWER, POSTFIX, ATOM = range(14)
LEVELS = {"|>": PIPE, "or": OR, "and": AND, "+": SUM, "-": SUM, ".+": SUM, ".-": SUM, "^": POWER, ".^": POWER}

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
            return SIGN if e.value < 0 else ATOM
    return ATOM


def format_expr(e: tree.Expr) -> str:
    """The source of an expression."""
    return _write([(e, OPEN)])


def _write(pieces: list[Piece], full: bool = False) -> str:
    """Write pieces in order; a tree is replaced by its own pieces. ``full``: with brackets around every operation inside another."""
    out: list[str] = []
    stack: list[Piece] = list(reversed(pieces))
    while stack:
        piece = stack.pop()
        if isinstance(piece, str):
            out.append(piece)
            continue
        e, least = piece
        if full and isinstance(e, tree.Binary | tree.Unary | tree.Compare):
            e, parts = _enclosed(e)
        else:
            parts = WRITERS[type(e)](e)
        if level(e) < least:
            parts = ["(", *parts, ")"]
        stack.extend(reversed(parts))
    return "".join(out)


def _enclosed(e: Any) -> tuple[Any, list[Piece]]:
    """An operation without juxtaposition, and its pieces: its operands stand in brackets, but for sums of sums and the like."""
    if isinstance(e, tree.Binary) and e.tight:
        e = tree.Binary(e.op, e.left, e.right)

    def enclosed(piece: Piece) -> Piece:
        if isinstance(piece, str) or (isinstance(e, tree.Binary) and piece[0] is e.left and e.op in ("+", "*", "and", "or") and _same(piece[0], e)):
            return piece
        return piece[0], max(piece[1], POSTFIX)

    return e, [enclosed(piece) for piece in WRITERS[type(e)](e)]


def _same(e: Any, other: tree.Binary) -> bool:
    return isinstance(e, tree.Binary) and e.op == other.op and not e.tight


def number_text(e: tree.Number) -> str:
    """A literal: as written (but never with a point at its end, which a second point may follow), or the shortest text that reads back."""
    if e.text:
        text = f"0{e.text}" if e.text[0] == "." else e.text
        return text.replace(".e", "e").replace(".E", "e").rstrip(".")
    if e.value != e.value or e.value in (float("inf"), -float("inf")):
        return {"inf": "inf", "-inf": "-inf"}.get(str(e.value), "nan")
    return str(int(e.value)) if e.value == int(e.value) and abs(e.value) < 1e16 and str(e.value) != "-0.0" else repr(e.value)


def _string(e: tree.String) -> list[Piece]:
    text = e.value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
    return [f'"{text}"']


def _joined(parts: Any, separator: str = ", ", least: int = OPEN) -> list[Piece]:
    return _listed([([], part) for part in parts], separator, least)


def _listed(items: list[tuple[list[Piece], Any]], separator: str = ", ", least: int = OPEN) -> list[Piece]:
    """Parts, each with what stands before it, such as ``order = ``. The bindings of a ``where`` at the end of a part would go on behind
    the comma, so that it stands in brackets."""
    pieces: list[Piece] = []
    for number, (before, part) in enumerate(items):
        open_end = number + 1 < len(items) and ends_in_where(part)
        pieces += [*([separator] if number else []), *before, (part, PIPE if open_end else least)]
    return pieces


def _is_where(e: Any) -> bool:
    return isinstance(e, tree.Let) and e.where


def ends_in_where(e: Any) -> bool:
    """Whether the text of a tree ends with the bindings of a ``where`` outside brackets."""
    while isinstance(e, tree.Lambda | tree.Let | tree.If):
        if _is_where(e):
            return True
        if isinstance(e, tree.If) and _is_where(e.otherwise):
            return False  # it stands in brackets
        e = e.otherwise if isinstance(e, tree.If) else e.body
    return False


def _array(e: tree.Array) -> list[Piece]:
    pieces: list[Piece] = ["["]
    for number, row in enumerate(e.rows):
        pieces += ["; "] if number else []
        pieces += _joined(row)
    return [*pieces, "]"]


def _tuple(e: tree.Tuple) -> list[Piece]:
    names: list[list[Piece]] = [[f"{part_name(n)} = "] for n in e.names] or [[] for _ in e.parts]
    if len(e.parts) == 1:
        return ["(", *names[0], (e.parts[0], PIPE if ends_in_where(e.parts[0]) else OPEN), ",)"]
    return ["(", *_listed(list(zip(names, e.parts, strict=True))), ")"]


def part_name(name: str) -> str:
    """The name of a tuple's part as it is written: in quotes where it is no name of the language.

    >>> part_name("height"), part_name("weight, kg")
    ('height', '"weight, kg"')
    """
    plain = name.isascii() and name.isidentifier() and name.upper() not in KEYWORDS
    return name if plain else "".join(map(str, _string(tree.String(name))))


def _unary(e: tree.Unary) -> list[Piece]:
    return ["not ", (e.operand, NOT)] if e.op == "not" else [e.op, (e.operand, SIGN)]


def _binary(e: tree.Binary) -> list[Piece]:
    if e.tight:
        return [(e.left, ATOM), (e.right, POWER)] if _may_follow(e.left, e.right) else [(e.left, ATOM), "(", (e.right, OPEN), ")"]
    if e.op in ("^", ".^"):
        return [(e.left, POSTFIX), "^" if e.op == "^" else " .^ ", (e.right, _after_sign(e.right, POWER))]
    mine = LEVELS.get(e.op, PRODUCT)
    gap = "" if e.op in "*/" and _short(e.left) and _short(e.right) else " "
    least = _after_sign(e.right, POWER) if e.op in ("/", "./") else mine + 1
    return [(e.left, mine), f"{gap}{e.op}{gap}", (e.right, least)]


def _after_sign(e: Any, least: int) -> int:
    """The level that needs no brackets behind ``^`` and ``/``: signs may stand there, a number before a name may not."""
    inner = e
    while isinstance(inner, tree.Unary) and inner.op != "not":
        inner = inner.operand
    return SIGN if inner is not e and level(inner) >= least else least


def _may_follow(number: Any, e: Any) -> bool:
    """Whether a number may stand directly before a tree: it begins with a name or a bracket, and the two are not read as one number."""
    if level(e) < POWER:
        return False
    while (first := FIRST.get(type(e))) is not None:
        part = first(e)
        if level(part) < POSTFIX:
            return True  # it stands in brackets
        e = part
    if isinstance(e, tree.Name):
        return e.id[:1] not in "eE_" and not (number_text(number) == "0" and e.id[:1] in "xXbBoO")
    return isinstance(e, tree.Array | tree.Tuple)


FIRST: dict[type, Callable[[Any], Any]] = {
    tree.Binary: lambda e: e.left,
    tree.Prime: lambda e: e.operand,
    tree.Call: lambda e: e.function,
    tree.Index: lambda e: e.target,
}


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
    if len(e.arguments) == 1 and not e.options and isinstance(loop := e.arguments[0], tree.Comprehension) and loop.bare:
        return [(e.function, _called(e.function)), "(", *_comprehension(loop), ")"]
    items: list[tuple[list[Piece], Any]] = [([], a) for a in e.arguments]
    items += [([f"{name} = "], value) for name, value in e.options]
    return [(e.function, _called(e.function)), "(", *_listed(items), ")"]


def _called(e: Any) -> int:
    """What is called or indexed; a number directly before a bracket would be a factor."""
    return ATOM + 1 if isinstance(e, tree.Number) else POSTFIX


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
    otherwise = PIPE if _is_where(e.otherwise) else OPEN
    return ["if ", (e.condition, OPEN), " then ", (e.then, OPEN), " else ", (e.otherwise, otherwise)]


def _let(e: tree.Let) -> list[Piece]:
    items = [([*_target(b.target), " = "], b.value) for b in e.bindings]
    if not e.where:
        return ["let ", *_listed(items), " in ", (e.body, OPEN)]
    last = items.pop()
    value: Piece = (last[1], PIPE if _is_where(last[1]) else OPEN)
    pieces = [*_listed([*items, ([], None)])[:-1], *last[0], value]
    return [(e.body, PIPE if _takes_where(e.body) else OPEN), " where ", *pieces]


def _takes_where(e: Any) -> bool:
    """Whether a ``where`` behind a tree would belong to a part of it: to the body of a function or of ``let``."""
    while isinstance(e, tree.If) or _is_where(e):
        e = e.otherwise if isinstance(e, tree.If) else e.bindings[-1].value
        if _is_where(e):
            return False  # it stands in brackets
    return isinstance(e, tree.Lambda | tree.Let)


def format_target(target: tree.Target) -> str:
    """The source of what stands before ``=``."""
    return _write(_target(target))


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
    tree.Index: lambda e: [(e.target, _called(e.target)), "[", *_joined(e.indices), "]"],
    tree.Range: _range,
    tree.If: _if,
    tree.Let: _let,
    tree.Lambda: _lambda,
    tree.Comprehension: _comprehension,
}


# ---- statements -------------------------------------------------------------------------------------


def format_bracketed(s: tree.Statement) -> str:
    """The source of a statement with brackets around every operation inside another one."""
    return format_statement(s, full=True).removesuffix(";")


def format_statement(s: tree.Statement, full: bool = False) -> str:
    """The source of a statement."""
    if isinstance(s, tree.Definition):
        return ("let " if s.let else "") + _write([*_target(s.target), " = ", (s.value, OPEN)], full)
    if isinstance(s, tree.Show):
        return _write([(s.value, OPEN)], full) + (";" if s.hidden else "")
    if s.word == "help":
        return " ".join(["help", *(o.value for o in s.operands if isinstance(o, tree.String))]) + (";" if s.hidden else "")
    operands = " ".join(format_statement(o, full) if isinstance(o, tree.Command) else _write([(o, OPEN)], full) for o in s.operands)
    options = "".join(f" {o.word} {_write(_listed([_part(p) for p in o.parts]), full)}" for o in s.options)
    return f"{s.word} {operands}{options}" + (";" if s.hidden else "")


def _part(p: Any) -> tuple[list[Piece], Any]:
    return ([*_target(p.target), " = "], p.value) if isinstance(p, tree.Definition) else ([], p)


def format_program(program: tree.Program) -> str:
    """The source of a program, a statement a line."""
    return "".join(format_statement(s) + "\n" for s in program.statements)
