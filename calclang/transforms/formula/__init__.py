"""Derivative graphs shown as a formula a person would write (levels F and E of the graph)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from re import findall

from calclang.ir.dim import Size
from calclang.ir.node import Node
from calclang.syntax import tree
from calclang.syntax.format import format_expr as text
from calclang.transforms.formula.expand import prove_equal
from calclang.transforms.formula.leaves import plain
from calclang.transforms.formula.normal import Normal, TooBig
from calclang.transforms.formula.read import read
from calclang.transforms.formula.stable import recognised
from calclang.transforms.formula.terms import Form, Leaf, order
from calclang.transforms.formula.write import CHARACTERS, Writer

NO_NAMES: Mapping[Node, str] = {}


def formula(
    node: Node,
    *,
    row: bool = False,
    names: Mapping[Node, str] = NO_NAMES,
    reserved: frozenset[str] = frozenset(),
    program: Sequence[Node] = (),
    shadowed: frozenset[str] = frozenset(),
) -> tree.Expr | None:
    """The formula of ``node``; None where it would be too long for a person.

    ``row``: a result of rank 1 is written as a row. ``names``: the program's own names of nodes. ``reserved``: names not to be used
    for new ones. ``program``: what the user wrote (outputs of graphs over variables of the same names); its sums keep their order.
    ``shadowed``: names that no longer mean what they mean in the language.
    """
    try:
        to, forms = _normal(Normal(shadowed=shadowed), node, program)
        better = recognised(to, forms[node])
        given = {better.get(forms[n], forms[n]): name for n, name in names.items() if n in forms}
        return written(to, better[forms[node]], row, given, reserved)
    except TooBig:
        return None


def _normal(to: Normal, node: Node, program: Sequence[Node]) -> tuple[Normal, dict[Node, Form]]:
    """The normal forms of a graph, the program's own sums remembered first."""
    for output in program:
        read(to, output, written=True)
    return to, read(to, node)


def written(to: Normal, root: Form, row: bool, given: Mapping[Form, str], reserved: frozenset[str]) -> tree.Expr:
    """The tree of a form."""
    taken = reserved | names_in(root)
    single: frozenset[Form] = frozenset()
    while True:
        writer = Writer(to, taken, given, single)
        terms = writer.write(root)
        body = plain([x.turned for x in terms] if row and root.rank == 1 else terms)
        made = _where(writer, body)
        shown = text(made)
        if len(shown) > CHARACTERS:
            raise TooBig
        uses = Counter(findall(r"\w+", shown))
        once = {form for name, form in writer.bindings.items() if uses[name] <= 2} - single
        if not once:
            return made
        single |= once


def names_in(root: Form) -> frozenset[str]:
    """Every variable and every size in sight."""
    forms = order(root)
    sizes = {n for f in forms for d in f.shape if isinstance(d, Size) for m, _ in d.terms for n in m}
    return frozenset(sizes | {f.name for f in forms if isinstance(f, Leaf)})


def _where(writer: Writer, body: tree.Expr) -> tree.Expr:
    if not writer.bindings:
        return body
    return tree.Let(tuple(tree.Binding(tree.NameTarget(n), e) for n, e in writer.values.items()), body, where=True)


def shorter(*exprs: tree.Expr) -> tree.Expr:
    """The expression that reads shortest; the first of equals. There must be one."""
    return min(exprs, key=lambda e: len(text(e)))


__all__ = ["formula", "prove_equal", "shorter"]
