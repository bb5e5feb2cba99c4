"""Parse tree → syntax tree: one method per rule of the grammar, called bottom-up while parsing (nothing recurses).

Rules marked ``!`` in the grammar hand over every token, so that the span of a construct runs from its first to its last child.
"""

from __future__ import annotations

import re
from typing import Any, TypeAlias

from lark import Token

from calclang import errors
from calclang.source import Source, Span
from calclang.syntax import tree
from calclang.syntax.habits import FUNCTIONS
from calclang.syntax.numerals import number

Children: TypeAlias = list[Any]

SUPERSCRIPTS = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")
SPELLINGS = {
    "·": "*", "⋅": "*", "×": "*", "÷": "/", "−": "-", ".−": ".-", "≤": "<=", "≥": ">=", "≠": "!=", "~~": "≈", "**": "^",
}  # fmt: skip
NABLAS = {"·": "divergence", "⋅": "divergence", "×": "curl", "²": "laplacian", "∇": "grad"}
ESCAPES = {"n": "\n", "t": "\t", '"': '"', "\\": "\\"}
KIND_WORDS = frozenset({"symmetric", "diagonal", "row"})


def name_of(token: str) -> str:
    """A name as it is known: ``x₁`` is x1, ``ϵ`` is ε, ``π`` is pi."""
    if token.isascii():
        return str(token)
    from unicodedata import normalize

    text = normalize("NFKC", str(token))
    return "pi" if text == "π" else text


def nodes(children: Children) -> Children:
    """The children that are no tokens."""
    return [c for c in children if not isinstance(c, Token)]


def names(children: Children) -> tuple[str, ...]:
    return tuple(name_of(c) for c in children if isinstance(c, Token) and c.type == "NAME")


class Builder:
    """``begin`` tells it the source; then the parser calls a method per reduced rule."""

    def begin(self, source: Source) -> None:
        self.source = source

    def span(self, children: Children) -> Span:
        """From the first child to the last."""
        first, last = children[0], children[-1]
        start = first.start_pos or 0 if isinstance(first, Token) else first.span.start
        return Span(self.source, start, last.end_pos or 0 if isinstance(last, Token) else last.span.stop)

    # ---- statements ----

    def start(self, c: Children) -> tree.Program:
        statements: list[tree.Statement] = []
        last: Any = None
        for child in c:
            if not isinstance(child, Token):
                statements.append(child)
            elif child.type == "SEMI" and isinstance(last, tree.Show | tree.Command):
                statements[-1] = _with(last, hidden=True)
            last = child
        return tree.Program(tuple(statements), span=Span(self.source, 0, len(self.source.text)))

    def show(self, c: Children) -> tree.Show:
        return tree.Show(c[0], span=c[0].span)

    def definition(self, c: Children) -> tree.Definition:
        return tree.Definition(c[-3], c[-1], len(c) == 4, span=self.span(c))

    def command(self, c: Children) -> tree.Command:
        *words, operand = [child for child in c if not isinstance(child, tree.Option)]
        options = tuple(child for child in c if isinstance(child, tree.Option))
        for word in reversed(words[1:]):
            operand = tree.Command(str(word), (operand,), span=self.span([word, operand]))
        return tree.Command(str(words[0]), (operand,), options, span=self.span(c))

    def setting(self, c: Children) -> tree.Command:
        return tree.Command(str(c[0]), (self.name([c[1]]), c[2]), span=self.span(c))

    def help(self, c: Children) -> tree.Command:
        place = self.span(c)
        asked = str(c[0]).removeprefix("help").strip()
        asked = asked.strip('"') or asked
        return tree.Command("help", (tree.String(asked, span=place),) if asked else (), span=place)

    def clause(self, c: Children) -> tree.Option:
        return tree.Option(str(c[0]), tuple(c[1:]), span=self.span(c))

    def assignment(self, c: Children) -> tree.Definition:
        return tree.Definition(self.name_target([c[0]]), c[2], span=self.span(c))

    # ---- targets, parameters, kinds ----

    def name_target(self, c: Children) -> tree.NameTarget:
        return tree.NameTarget(name_of(c[0]), span=self.span(c))

    def function_target(self, c: Children) -> tree.FunctionTarget:
        return tree.FunctionTarget(name_of(c[0]), self.parameters(nodes(c)), span=self.span(c))

    def tuple_target(self, c: Children) -> tree.TupleTarget:
        found = names(c)
        if (twice := next((n for k, n in enumerate(found) if n in found[:k]), None)) is not None:
            raise errors.repeated_target(twice, self.span(c))
        return tree.TupleTarget(found, span=self.span(c))

    def binding(self, c: Children) -> tree.Binding:
        return tree.Binding(c[0], c[2], span=self.span(c))

    def parameters(self, listed: Children) -> tuple[tree.Parameter, ...]:
        """Parameters of one list. Raises `CalcError` for a name that stands twice."""
        seen: set[str] = set()
        for parameter in listed:
            for name in parameter.names:
                if name in seen:
                    raise errors.repeated_parameter(name, parameter.span)
                seen.add(name)
        return tuple(listed)

    def parameter(self, c: Children) -> tree.Parameter:
        return tree.Parameter((name_of(c[0]),), kind=c[2] if len(c) == 3 else None, span=self.span(c))

    def vector_parameter(self, c: Children) -> tree.Parameter:
        kind = c[-1] if isinstance(c[-1], tree.Kind) else None
        return tree.Parameter(names(c), True, kind, span=self.span(c))

    def kind(self, c: Children) -> tree.Kind:
        power = next((k for k, child in enumerate(c) if isinstance(child, Token) and child.type in ("POW", "SUPERSCRIPT")), len(c))
        *words, space = map(str, c[:power])
        if space != "R" or not KIND_WORDS.issuperset(words):
            raise errors.bad_kind(self.span(c))
        return tree.Kind(tuple(words), self.sizes(c[power:]), span=self.span(c))

    def sizes(self, c: Children) -> tuple[tree.Expr, ...]:
        """What stands behind R: ``^n``, ``^3``, ``³``, ``^(m×n)``."""
        found: list[tree.Expr] = []
        for child in c:
            if not isinstance(child, Token):
                if (pair := re.fullmatch(r"(\d+)x(\d+)", child.span.text)) is not None:
                    raise errors.sizes_need_brackets(pair[1], pair[2], child.span)
                found.append(child)
            elif child.type == "NAME" and re.fullmatch(r"[A-Za-z]x[A-Za-z]", child):
                raise errors.sizes_need_brackets(child[0], child[2], self.span([child]))
            elif child.type in ("NAME", "NUMBER"):
                found.append(self.name([child]) if child.type == "NAME" else self.number([child]))
            elif child.type == "SUPERSCRIPT":
                found.append(number(child.translate(SUPERSCRIPTS), self.span([child])))
        return tuple(found)

    def function(self, c: Children) -> tree.Lambda:
        head = [self.parameter([c[0]])] if c[0].type == "PARAMETER" else [p for p in c[:-2] if isinstance(p, tree.Parameter)]
        return tree.Lambda(self.parameters(head), c[-1], span=self.span(c))

    def vector_function(self, c: Children) -> tree.Lambda:
        return tree.Lambda((tree.Parameter(names(c), True, span=self.span(c[:-2])),), c[-1], span=self.span(c))

    # ---- operators ----

    def binary(self, c: Children) -> tree.Binary:
        left, op, right = c
        return tree.Binary(SPELLINGS.get(op, str(op)), left, right, span=self.span(c))

    def unary(self, c: Children) -> tree.Unary:
        return tree.Unary(SPELLINGS.get(c[0], str(c[0])), c[1], span=self.span(c))

    def juxtaposed(self, c: Children) -> tree.Binary:
        return tree.Binary("*", self.number([c[0]]), c[1], True, span=self.span(c))

    def two_readings(self, c: Children) -> tree.Expr:
        left, op, coefficient, right = c
        if op in ("^", "**") and isinstance(left, tree.Name) and left.id in FUNCTIONS:
            written = right.span.text
            raise errors.power_of_function(left.id, str(coefficient), written[1:-1] if written[0] == "(" and written[-1] == ")" else written, self.span(c))
        raise errors.tight_product(left.span.text, str(op), str(coefficient), right.span.text, self.span(c))

    def compare(self, c: Children) -> tree.Compare:
        return tree.Compare(tuple(c[::2]), tuple(SPELLINGS.get(op, str(op)) for op in c[1::2]), span=self.span(c))

    def range_(self, c: Children) -> tree.Range:
        return tree.Range(c[0], c[1] if len(c) == 3 else None, c[-1], span=self.span(c))

    def prime(self, c: Children) -> tree.Prime:
        return tree.Prime(c[0], span=self.span(c))

    def superscript(self, c: Children) -> tree.Binary:
        digits = c[1].translate(SUPERSCRIPTS)
        place = self.span([c[1]])
        power: tree.Expr = number(digits.lstrip("-"), place)
        if digits[0] == "-":
            power = tree.Unary("-", power, span=place)
        return tree.Binary("^", c[0], power, span=self.span(c))

    def nabla(self, c: Children) -> tree.Call:
        function = tree.Name(NABLAS[c[0][-1]], span=self.span([c[0]]))
        return tree.Call(function, (c[1],), span=self.span(c))

    # ---- calls, indices, loops ----

    def call(self, c: Children) -> tree.Call:
        given = nodes(c)
        options = tuple((o.word, o.parts[0]) for o in given if isinstance(o, tree.Option) and not isinstance(o.parts[0], tree.Definition))
        arguments = tuple(a for a in given[1:] if not isinstance(a, tree.Option))
        return tree.Call(c[0], arguments, options, span=self.span(c))

    def option(self, c: Children) -> tree.Option:
        return tree.Option(name_of(c[0]), (c[2],), span=self.span(c))

    def index(self, c: Children) -> tree.Index:
        given = nodes(c)
        return tree.Index(given[0], tuple(given[1:]), span=self.span(c))

    def generator(self, c: Children) -> tree.Comprehension:
        given = nodes(c)
        return tree.Comprehension(given[0], tuple(given[1:]), True, span=self.span(c))

    def comprehension(self, c: Children) -> tree.Comprehension:
        given = nodes(c)
        return tree.Comprehension(given[0], tuple(given[1:]), span=self.span(c))

    def for_clause(self, c: Children) -> tree.Clause:
        return tree.Clause(name_of(c[0]), c[2], c[4] if len(c) == 5 else None, span=self.span(c))

    # ---- choices and bindings ----

    def choice(self, c: Children) -> tree.If:
        return tree.If(c[1], c[3], c[5], span=self.span(c))

    def let(self, c: Children) -> tree.Let:
        given = nodes(c)
        return tree.Let(tuple(given[:-1]), given[-1], span=self.span(c))

    def where(self, c: Children) -> tree.Let:
        given = nodes(c)
        return tree.Let(tuple(given[1:]), given[0], True, span=self.span(c))

    # ---- atoms ----

    def number(self, c: Children) -> tree.Number:
        return number(str(c[0]), self.span(c))

    def string(self, c: Children) -> tree.String:
        place = self.span(c)

        def meant(match: re.Match[str]) -> str:
            if match[1] not in ESCAPES:
                start = place.start + 1 + match.start()
                raise errors.unknown_escape(match[0], Span(self.source, start, start + 2))
            return ESCAPES[match[1]]

        return tree.String(re.sub(r"\\(.)", meant, str(c[0])[1:-1]), span=place)

    def boolean(self, c: Children) -> tree.Boolean:
        return tree.Boolean(c[0] == "true", span=self.span(c))

    def name(self, c: Children) -> tree.Name:
        return tree.Name(name_of(c[0]), span=self.span(c))

    def end(self, c: Children) -> tree.End:
        return tree.End(span=self.span(c))

    def whole(self, c: Children) -> tree.Whole:
        return tree.Whole(span=self.span(c))

    def group(self, c: Children) -> Any:
        """The expression itself; its span takes in the brackets."""
        return _with(c[1], span=self.span(c))

    def tuple_(self, c: Children) -> tree.Tuple:
        return tree.Tuple(tuple(nodes(c)), span=self.span(c))

    def named_tuple(self, c: Children) -> tree.Tuple:
        fields = [f for f in c if isinstance(f, tree.Binding)]
        names = tuple(f.target.name for f in fields if isinstance(f.target, tree.NameTarget))
        for k, name in enumerate(names):
            if not name or name in names[:k]:
                place = fields[k].target.span
                raise errors.repeated_part(name, place) if name else errors.unnamed_part(place)
        return tree.Tuple(tuple(f.value for f in fields), names, span=self.span(c))

    def field(self, c: Children) -> tree.Binding:
        name = self.string([c[0]]).value if c[0].type == "STRING" else name_of(c[0])
        return tree.Binding(tree.NameTarget(name, span=self.span(c[:1])), c[2], span=self.span(c))

    def array(self, c: Children) -> tree.Array:
        return tree.Array(tuple(row.parts for row in nodes(c)), span=self.span(c))

    def row(self, c: Children) -> tree.Tuple:
        if not any(isinstance(child, Token) for child in c):
            return tree.Tuple(tuple(c), span=self.span(c))
        parts: list[tree.Expr] = []
        for child in c:
            parts.extend(self.literals(child) if isinstance(child, Token) else (child,))
        return tree.Tuple(tuple(parts), span=self.span(c))

    def literals(self, token: Token) -> list[tree.Expr]:
        """The numbers of one NUMBERS token."""
        found: list[tree.Expr] = []
        source, begin = self.source, token.start_pos or 0
        for match in re.finditer(r"(-?)([^-,\s][^,\s]*)", token):
            start, stop = begin + match.start(2), begin + match.end()
            literal: tree.Expr = number(match[2], Span(source, start, stop))
            if match[1]:
                literal = tree.Unary("-", literal, span=Span(source, start - 1, stop))
            found.append(literal)
        return found


def _with(node: Any, **changes: Any) -> Any:
    """A node with some fields changed."""
    return type(node)(**{**{f: getattr(node, f) for f in node.__dataclass_fields__}, **changes})
