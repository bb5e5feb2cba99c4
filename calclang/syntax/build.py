"""Parse tree → syntax tree: one method per rule of the grammar, called bottom-up on an explicit stack (nothing recurses)."""

from __future__ import annotations

from typing import Any

from lark import Token, v_args
from lark.tree import Meta
from lark.visitors import Transformer_NonRecursive

from calclang import errors
from calclang.source import Source, Span
from calclang.syntax import tree

SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
SUBSCRIPTS = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")
SPELLINGS = {"·": "*", "⋅": "*", "×": "*", "−": "-", "≤": "<=", "≥": ">=", "≠": "!=", "**": "^"}
NAMES = {"π": "pi"}
TIMES = "×"


class Typed(tree.Tree):
    """``x: R^n`` where it stood; only parameter lists may hold it."""

    def __init__(self, target: Any, kind: tree.Kind, span: Span) -> None:
        object.__setattr__(self, "span", span)
        self.__dict__.update(target=target, kind=kind)


class Named(tree.Tree):
    """``name = value`` where it stood; only argument lists may hold it."""

    def __init__(self, target: Any, value: Any, span: Span) -> None:
        object.__setattr__(self, "span", span)
        self.__dict__.update(target=target, value=value)


@v_args(meta=True)
class Builder(Transformer_NonRecursive[Token, Any]):
    """``begin`` tells it the source; then ``transform`` calls a method per rule."""

    def __init__(self) -> None:
        super().__init__()
        self.source = Source("", "")

    def begin(self, source: Source) -> None:
        self.source = source

    def span(self, meta: Meta) -> Span:
        return Span(self.source, getattr(meta, "start_pos", 0), getattr(meta, "end_pos", 0))

    def of(self, token: Token) -> Span:
        start = token.start_pos or 0
        return Span(self.source, start, token.end_pos or start)

    # ---- statements ----

    def start(self, meta: Meta, parts: list[Any]) -> tree.Program:
        statements: list[tree.Statement] = []
        for part in parts:
            if isinstance(part, Token):
                if part.type == "SEMI" and statements and isinstance(statements[-1], tree.Show | tree.Command):
                    last = statements[-1]
                    statements[-1] = type(last)(**{**_fields(last), "hidden": True})
            else:
                statements.append(part)
        return tree.Program(tuple(statements), span=Span(self.source, 0, len(self.source.text)))

    def show(self, meta: Meta, parts: list[Any]) -> tree.Show:
        return tree.Show(plain(parts[0]), span=self.span(meta))

    def definition(self, meta: Meta, parts: list[Any]) -> tree.Definition:
        let, target, value = parts if len(parts) == 3 else (None, *parts)
        return tree.Definition(self.target(target), plain(value), let is not None, span=self.span(meta))

    def command(self, meta: Meta, parts: list[Any]) -> tree.Command:
        operands = tuple(p for p in parts[1:] if not isinstance(p, tree.Option))
        options = tuple(p for p in parts[1:] if isinstance(p, tree.Option))
        if isinstance(operands[0], tree.Command) and operands[0].options:  # the clauses stand at the outermost command
            inner = operands[0]
            operands, options = (tree.Command(inner.word, inner.operands, span=inner.span),), inner.options + options
        return tree.Command(str(parts[0]), operands, options, span=self.span(meta))

    def setting(self, meta: Meta, parts: list[Any]) -> tree.Command:
        return tree.Command("set", (tree.Name(str(parts[1]), span=self.of(parts[1])), parts[2]), span=self.span(meta))

    def clause(self, meta: Meta, parts: list[Any]) -> tree.Option:
        return tree.Option(str(parts[0]), tuple(parts[1:]), span=self.span(meta))

    def assignment(self, meta: Meta, parts: list[Any]) -> tree.Definition:
        return tree.Definition(self.target(parts[0]), parts[1], span=self.span(meta))

    # ---- targets and parameters ----

    def target(self, e: Any) -> tree.Target:
        """What stands left of ``=``, read as the thing that is defined."""
        if isinstance(e, tree.Name):
            return tree.NameTarget(e.id, span=e.span)
        if isinstance(e, tree.Call) and isinstance(e.function, tree.Name) and not e.options:
            return tree.FunctionTarget(e.function.id, tuple(map(self.parameter, e.arguments)), span=e.span)
        if isinstance(e, tree.Tuple) and all(isinstance(p, tree.Name) for p in e.parts):
            return tree.TupleTarget(tuple(p.id for p in e.parts if isinstance(p, tree.Name)), span=e.span)
        raise errors.digit_first(e.span) if e.span.text[:1].isdigit() else errors.bad_target(e.span)

    def parameter(self, e: Any) -> tree.Parameter:
        """An expression read as a parameter: ``x``, ``x: R^n``, ``[x, y]``."""
        kind = None
        span = e.span
        if isinstance(e, Typed):
            e, kind = e.__dict__["target"], e.__dict__["kind"]
        if isinstance(e, tree.Name):
            return tree.Parameter((e.id,), kind=kind, span=span)
        if isinstance(e, tree.Array) and len(e.rows) == 1 and all(isinstance(p, tree.Name) for p in e.rows[0]):
            return tree.Parameter(tuple(p.id for p in e.rows[0] if isinstance(p, tree.Name)), True, kind, span=span)
        raise errors.bad_parameter(span)

    def function(self, meta: Meta, parts: list[Any]) -> tree.Lambda:
        left = parts[0]
        listed = left.parts if isinstance(left, tree.Tuple) else (left,)
        return tree.Lambda(tuple(map(self.parameter, listed)), plain(parts[1]), span=self.span(meta))

    def typed(self, meta: Meta, parts: list[Any]) -> Typed:
        return Typed(parts[0], parts[1], self.span(meta))

    def option(self, meta: Meta, parts: list[Any]) -> Named:
        return Named(parts[0], plain(parts[1]), self.span(meta))

    def kind(self, meta: Meta, parts: list[Any]) -> tree.Kind:
        words = [str(p) for p in parts if isinstance(p, Token) and p.type == "NAME"]
        dims = next((p for p in parts if p is not None and not isinstance(p, Token)), None)
        if words[-1] != "R" or any(w not in ("symmetric", "diagonal", "row") for w in words[:-1]):
            raise errors.bad_kind(self.span(meta))
        sizes = () if dims is None else dims if isinstance(dims, tuple) else (dims,)
        return tree.Kind(tuple(words[:-1]), sizes, span=self.span(meta))

    def sizes(self, meta: Meta, parts: list[Any]) -> tuple[tree.Expr, ...]:
        found: list[tree.Expr] = []
        for part in parts:
            while isinstance(part, tree.Binary) and part.op == TIMES:
                found.insert(0, part.right)
                part = part.left
            found.insert(0, part) if len(parts) == 1 else found.append(part)
        return tuple(found)

    # ---- expressions ----

    def group(self, meta: Meta, parts: list[Any]) -> Any:
        if len(parts) == 2:
            return Typed(parts[0], parts[1], self.span(meta))
        inner = parts[0]
        if isinstance(inner, tree.Binary) and inner.tight:  # brackets end the question what 1/(2x) means
            return tree.Binary(inner.op, inner.left, inner.right, True, span=self.span(meta))
        fields = _fields(inner) if not isinstance(inner, Typed | Named) else None
        return inner if fields is None else type(inner)(**{**fields, "span": self.span(meta)})

    def tuple(self, meta: Meta, parts: list[Any]) -> tree.Tuple:
        return tree.Tuple(tuple(p for p in parts if p is not None), span=self.span(meta))

    def empty(self, meta: Meta, parts: list[Any]) -> tree.Array:
        return tree.Array((), span=self.span(meta))

    def row(self, meta: Meta, parts: list[Any]) -> tree.Tuple:
        return tree.Tuple(tuple(parts), span=self.span(meta))

    def array(self, meta: Meta, parts: list[Any]) -> tree.Array:
        return tree.Array(tuple(p.parts for p in parts if isinstance(p, tree.Tuple)), span=self.span(meta))

    def comprehension(self, meta: Meta, parts: list[Any]) -> tree.Comprehension:
        return tree.Comprehension(parts[0], tuple(parts[1:]), span=self.span(meta))

    def generator(self, meta: Meta, parts: list[Any]) -> tree.Comprehension:
        return tree.Comprehension(parts[0], tuple(parts[1:]), True, span=self.span(meta))

    def for_clause(self, meta: Meta, parts: list[Any]) -> tree.Clause:
        return tree.Clause(name_of(parts[0]), parts[1], parts[2] if len(parts) > 2 else None, span=self.span(meta))

    def number(self, meta: Meta, parts: list[Token]) -> tree.Number:
        return number(parts[0], self.of(parts[0]))

    def string(self, meta: Meta, parts: list[Token]) -> tree.String:
        text = str(parts[0])[1:-1]
        return tree.String(text.replace('\\"', '"').replace("\\n", "\n").replace("\\\\", "\\"), span=self.of(parts[0]))

    def boolean(self, meta: Meta, parts: list[Token]) -> tree.Boolean:
        return tree.Boolean(parts[0].value == "true", span=self.of(parts[0]))

    def name(self, meta: Meta, parts: list[Token]) -> tree.Name:
        if len(parts[0]) > 1_000:
            raise errors.name_too_long(self.of(parts[0]))
        return tree.Name(name_of(parts[0]), span=self.of(parts[0]))

    def end(self, meta: Meta, parts: list[Token]) -> tree.End:
        return tree.End(span=self.span(meta))

    def whole(self, meta: Meta, parts: list[Any]) -> tree.Whole:
        return tree.Whole(span=self.span(meta))

    def nabla(self, meta: Meta, parts: list[Any]) -> tree.Call:
        return tree.Call(tree.Name("grad", span=self.of(parts[0])), (parts[1],), span=self.span(meta))

    def binary(self, meta: Meta, parts: list[Any]) -> tree.Binary:
        left, token, right = parts
        op = SPELLINGS.get(str(token), str(token)) if token.type != "TIMES" else TIMES
        if isinstance(right, tree.Binary) and right.tight and op in ("/", "^", ".^", "./") and right.span.text[:1] != "(":
            raise errors.tight_product(left.span.text, op, right.left.span.text, right.right.span.text, left.span.to(right.span))
        return tree.Binary(op, left, right, span=self.span(meta))

    def juxtaposed(self, meta: Meta, parts: list[Any]) -> tree.Binary:
        return tree.Binary("*", number(parts[0], self.of(parts[0])), parts[1], True, span=self.span(meta))

    def unary(self, meta: Meta, parts: list[Any]) -> tree.Unary:
        op = SPELLINGS.get(str(parts[0]), str(parts[0]))
        return tree.Unary(op, parts[1], span=self.span(meta))

    def compare(self, meta: Meta, parts: list[Any]) -> tree.Compare:
        ops = tuple(SPELLINGS.get(str(p), str(p)) for p in parts[1::2])
        return tree.Compare(tuple(parts[::2]), ops, span=self.span(meta))

    def range(self, meta: Meta, parts: list[Any]) -> tree.Range:
        start, second, third = (*parts, None)[:3]
        return tree.Range(start, second if third is not None else None, third if third is not None else second, span=self.span(meta))

    def prime(self, meta: Meta, parts: list[Any]) -> tree.Prime:
        return tree.Prime(parts[0], span=self.span(meta))

    def superscript(self, meta: Meta, parts: list[Any]) -> tree.Binary:
        token = parts[1]
        power = tree.Number(float(str(token).translate(SUPERSCRIPTS)), str(token).translate(SUPERSCRIPTS), span=self.of(token))
        return tree.Binary("^", parts[0], power, span=self.span(meta))

    def call(self, meta: Meta, parts: list[Any]) -> tree.Call:
        arguments = tuple(p for p in parts[1:] if p is not None and not isinstance(p, Named))
        options = []
        for part in parts[1:]:
            if isinstance(part, Named):
                target = part.__dict__["target"]
                if not isinstance(target, tree.Name):
                    raise errors.bad_option(target.span)
                options.append((target.id, part.__dict__["value"]))
        return tree.Call(parts[0], arguments, tuple(options), span=self.span(meta))

    def index(self, meta: Meta, parts: list[Any]) -> tree.Index:
        return tree.Index(parts[0], tuple(parts[1:]), span=self.span(meta))

    def choice(self, meta: Meta, parts: list[Any]) -> tree.If:
        return tree.If(parts[0], parts[1], parts[2], span=self.span(meta))

    def binding(self, meta: Meta, parts: list[Any]) -> tree.Binding:
        return tree.Binding(self.target(parts[0]), plain(parts[1]), span=self.span(meta))

    def let(self, meta: Meta, parts: list[Any]) -> tree.Let:
        bindings = tuple(p for p in parts if isinstance(p, tree.Binding))
        return tree.Let(bindings, parts[-1], span=self.span(meta))

    def where(self, meta: Meta, parts: list[Any]) -> tree.Let:
        return tree.Let(tuple(parts[1:]), parts[0], True, span=self.span(meta))


def plain(e: Any) -> Any:
    """An expression that may stand anywhere: no ``x: R^n``, no ``x = 1`` in a bracket that turned out to be no parameter list."""
    if isinstance(e, Typed):
        raise errors.kind_outside_parameters(e.span)
    for part in e.parts if isinstance(e, tree.Tuple) else e.arguments if isinstance(e, tree.Call) else ():
        if isinstance(part, Typed):
            raise errors.kind_outside_parameters(part.span)
        if isinstance(part, Named):
            raise errors.bad_option(part.span)
    return e


def number(token: Token, span: Span) -> tree.Number:
    """A literal. Raises E-OVERFLOW where it is beyond float64."""
    text = str(token).replace("_", "")
    value = float(text)
    if value == float("inf"):
        raise errors.literal_overflow(span)
    return tree.Number(value, str(token), span=span)


def name_of(token: Token) -> str:
    """A name as it is known: ``x₁`` is x1, ``π`` is pi."""
    text = str(token).translate(SUBSCRIPTS)
    return NAMES.get(text, text)


def _fields(node: Any) -> dict[str, Any]:
    return {f: getattr(node, f) for f in node.__dataclass_fields__}
