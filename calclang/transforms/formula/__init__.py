"""Derivative graphs shown as a formula a person would write (levels F and E of the graph)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from re import findall
from types import MappingProxyType

from calclang.ir.dim import Size
from calclang.ir.node import Node
from calclang.syntax import tree
from calclang.syntax.format import format_expr as text
from calclang.transforms.formula.expand import prove_equal
from calclang.transforms.formula.leaves import plain
from calclang.transforms.formula.normal import Normal, TooBig, Unspelt
from calclang.transforms.formula.read import read
from calclang.transforms.formula.shared import shared
from calclang.transforms.formula.stable import recognised
from calclang.transforms.formula.terms import Form, Leaf, order
from calclang.transforms.formula.write import CHARACTERS, Writer

NO_NAMES: Mapping[Node, str] = MappingProxyType({})


def formula(
    node: Node,
    *,
    row: bool = False,
    names: Mapping[Node, str] = NO_NAMES,
    reserved: frozenset[str] = frozenset(),
    program: Sequence[Node] = (),
    shadowed: frozenset[str] = frozenset(),
) -> tree.Expr | None:
    """The formula of ``node``; None where it would be too long for a person, or has an operation without a name.

    ``row``: a result of rank 1 is written as a row. ``names``: the program's own names of nodes. ``reserved``: names not to be used
    for new ones. ``program``: what the user wrote (outputs of graphs over variables of the same names); its sums keep their order.
    ``shadowed``: names that no longer mean what they mean in the language.
    """
    try:
        return formulas([(node, row)], lambda parts: parts[0], names=names, reserved=reserved, program=program, shadowed=shadowed)
    except TooBig:
        return None


def formulas(
    parts: Sequence[tuple[Node, bool]],
    joined: Callable[[Sequence[tree.Expr]], tree.Expr],
    *,
    names: Mapping[Node, str] = NO_NAMES,
    reserved: frozenset[str] = frozenset(),
    program: Sequence[Node] = (),
    shadowed: frozenset[str] = frozenset(),
) -> tree.Expr:
    """The formulas of several nodes (each with whether it is a row) ``joined`` to one expression, with one ``where`` for what they
    share. The options are those of `formula`. Raises `TooBig`, or `Unspelt` with the operation that has no formula."""
    to = Normal(shadowed=shadowed)
    for output in program:  # first, so that its own sums are remembered
        read(to, output, written=True)
    forms = {n: form for node, _ in parts for n, form in read(to, node).items()}
    better = recognised(to, *(forms[node] for node, _ in parts))
    given = {better.get(forms[n], forms[n]): name for n, name in names.items() if n in forms}
    return written(to, [(better[forms[node]], row) for node, row in parts], joined, given, reserved)


def written(
    to: Normal,
    roots: Sequence[tuple[Form, bool]],
    joined: Callable[[Sequence[tree.Expr]], tree.Expr],
    given: Mapping[Form, str],
    reserved: frozenset[str],
) -> tree.Expr:
    """The tree of some forms, each with whether it is a row."""
    taken = reserved | names_in(*(form for form, _ in roots))
    single: frozenset[Form] = frozenset()
    while True:
        writer = Writer(to, taken, given, single)
        found = zip(writer.write(*(form for form, _ in roots)), roots, strict=True)
        body = joined([plain([x.turned for x in terms] if row and form.rank == 1 else terms) for terms, (form, row) in found])
        shown = text(_where(body, writer.values))
        if len(shown) > CHARACTERS:
            raise TooBig
        uses = Counter(findall(r"\w+", shown))
        once = {form for name, form in writer.bindings.items() if uses[name] <= 2} - single
        if not once:
            return _where(*(shared(body, writer.values, taken, given.values()) if len(roots) > 1 else (body, writer.values)))
        single |= once


def names_in(*roots: Form) -> frozenset[str]:
    """Every variable and every size in sight."""
    forms = order(*roots)
    sizes = {n for f in forms for d in f.shape if isinstance(d, Size) for m, _ in d.terms for n in m}
    return frozenset(sizes | {f.name for f in forms if isinstance(f, Leaf)})


def _where(body: tree.Expr, values: Mapping[str, tree.Expr]) -> tree.Expr:
    """``body where …``, or the body alone where nothing is named."""
    if not values:
        return body
    return tree.Let(tuple(tree.Binding(tree.NameTarget(n), e) for n, e in values.items()), body, where=True)


def shorter(*exprs: tree.Expr) -> tree.Expr:
    """The expression that reads shortest; the first of equals. There must be one."""
    return min(exprs, key=lambda e: len(text(e)))


__all__ = ["TooBig", "Unspelt", "formula", "formulas", "prove_equal", "shorter"]
