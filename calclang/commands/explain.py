"""``explain``: a derivative step by step, over the vertices of the graph that is executed (``graphs.py``)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from calclang import errors
from calclang.commands import answers
from calclang.commands.clauses import inner_operator, inner_request
from calclang.commands.derivatives import value_of
from calclang.commands.graphs import Picture, Vertex, number, picture
from calclang.display.columns import aligned, beside
from calclang.ir.apply import const
from calclang.ir.node import Node, depends_on
from calclang.lower.derivatives import derived, mode_of, varied_places
from calclang.lower.lowered import UNNAMED, function_name
from calclang.ops.contraction import zeros
from calclang.registry import command
from calclang.syntax import tree
from calclang.transforms.forward import forward
from calclang.transforms.operators import choose, seed
from calclang.transforms.reverse import adjoints

if TYPE_CHECKING:
    from calclang.session import Result, Session

EXPLAINED = ("value", "grad", "derivative", "jacobian", "hessian")
CODE = re.compile(r"[EW](?:-[A-Z]+)+")  # of an error: `explain E-SHAPE`


@command("explain", "explain grad FUNCTION at POINT", "step by step: variables, values, local partials, then adjoints (or tangents)",
         "f(x) = let a = x^2 in a + exp(a); explain grad f at 0.7", "at", "wrt", "mode")  # fmt: skip
def explain(session: Session, cmd: tree.Command) -> Result:
    if cmd.operands and CODE.fullmatch(code := cmd.operands[0].span.text):
        from calclang.help import about

        return answers.text(session, about(session, code), cmd)
    if (operator := inner_operator(cmd)) not in EXPLAINED:
        raise errors.not_explained(cmd.word, operator, cmd.span)
    asked = inner_request(session, cmd)
    if asked.operator == "hessian":  # the Jacobian of the gradient
        asked = replace(asked, operator="jacobian", function=derived("grad", asked.function, asked.options))
    drawn = picture(session, asked, asked.point_for("explain"))
    places = varied_places(asked.function, len(drawn.inputs), asked.options, asked.span)
    varied = [drawn.inputs[p] for p in places]
    mode, digits = mode_of(asked.options, asked.span, session.settings.mode), session.settings.digits
    if asked.operator == "value":
        _, trace = value_of(session, asked)  # for what it warns of
        return answers.text(session, _table(_value_rows(drawn, digits)), cmd, tuple(trace.records.warnings))
    if mode == "forward" or (mode == "auto" and drawn.output.rank and choose("auto", drawn.output.shape, [v.shape for v in varied]) == "forward"):
        text, *layouts = _forward(drawn, varied, digits)
    else:
        name = function_name(asked.function)
        text, *layouts = _reverse(drawn, varied, digits, "result" if name == UNNAMED else name)
    _, trace = value_of(session, replace(asked, operator="jacobian"))  # for what it warns of
    return answers.text(session, text, cmd, tuple(trace.records.warnings), tuple(layouts))


def _value_rows(drawn: Picture, digits: int) -> list[tuple[str, ...]]:
    return [("", "is", "value"), *((v.name, v.expression, number(drawn.trace.value(v.node), digits)) for v in drawn.vertices)]


def _table(rows: Sequence[Sequence[str]]) -> str:
    return "\n".join(aligned(rows))


def _names(drawn: Picture) -> dict[Node, str]:
    return {v.node: v.name for v in drawn.vertices}


def _partials(drawn: Picture, v: Vertex, digits: int) -> list[str]:
    """``∂c/∂a = 2*a = 1.4``: every local partial with its formula and value."""
    names = _names(drawn)
    texts = []
    for parent, (text, value) in zip(v.parents, v.partials, strict=True):
        shown = number(value, digits)
        texts.append(f"∂{v.name}/∂{names[parent]} = {text}" + ("" if text == shown else f" = {shown}"))
    return texts


def _tables(drawn: Picture, slopes: Mapping[Node, Node | None], absent: str, title: str, digits: int) -> tuple[str, str, str]:
    """The table of all vertices with their local partials; the same without these; and these in a list."""
    wide, narrow, listed = [("", "is", "value", "local partials", title)], [("", "is", "value", title)], ["local partials:"]
    for v in drawn.vertices:
        slope = slopes.get(v.node)
        start = (v.name, v.expression, number(drawn.trace.value(v.node), digits))
        end = absent if slope is None else number(drawn.trace.value(slope), digits)
        partials = _partials(drawn, v, digits)
        wide.append((*start, ", ".join(partials), end))
        narrow.append((*start, end))
        listed += [f"  {p}" for p in partials]
    return _table(wide), _table(narrow), "\n".join(listed)


def _said(drawn: Picture, slopes: Mapping[Node, Node | None], what: str, digits: int) -> str:
    """The same in sentences, for screen readers and narrow screens: ``a is x^2, 0.49; adjoint 2.33``."""
    names, lines = _names(drawn), []
    for v in drawn.vertices:
        slope = slopes.get(v.node)
        value = number(drawn.trace.value(v.node), digits)
        head = f"{v.name} is {', '.join(dict.fromkeys(text for text in (v.expression, value) if text))}"
        lines.append(head + ("" if slope is None else f"; {what} {number(drawn.trace.value(slope), digits)}"))
        lines += [f"  by {names[parent]}: {text}, {number(value, digits)}" for parent, (text, value) in zip(v.parents, v.partials, strict=True)]
    return "\n".join(lines)


def _reverse(drawn: Picture, varied: Sequence[Node], digits: int, function: str) -> tuple[str, ...]:
    """Values from the top down, adjoints as sums over the children: the text, then layouts for a screen, the widest first."""
    out = drawn.output
    seeds = {out: seed(out.shape)}
    active = depends_on([out], varied)
    nodes = [v.node for v in drawn.vertices if v.node in active]
    bars = dict(zip(nodes, adjoints(seeds, varied, nodes), strict=True))
    bars |= {x: zeros(out.shape + x.shape) for x in varied if bars.get(x) is None}
    wide, narrow, partials = _tables(drawn, bars, "", f"adjoint ∂{function}/∂·", digits)
    sums = "\n".join(_sums(drawn, [n for n in nodes if bars[n] is not None], {n: b for n, b in bars.items() if b is not None}, digits, function))
    title = "adjoints, from the result back"
    text = f"{wide}\n\n{title} (each is the sum over what the variable goes into):\n{sums}"
    sums = f"{title}:\n{sums}"
    said = _said(drawn, bars, "adjoint", digits)
    return text, beside(wide, sums), beside(narrow, f"{partials}\n{sums}"), f"{wide}\n\n{sums}", f"{narrow}\n\n{partials}\n\n{sums}", said


def _sums(drawn: Picture, nodes: Sequence[Node], bars: Mapping[Node, Node], digits: int, function: str) -> list[str]:
    """The general rule, written out: the adjoint of a variable is the sum over its children of their adjoint times the partial."""
    names = _names(drawn)
    lines = []
    for node in reversed(nodes):
        name = names[node]
        if node is drawn.output:
            lines.append(f"  ∂{function}/∂{name} = {number(drawn.trace.value(bars[node]), digits)}")
            continue
        ways = [f"∂{function}/∂{w.name} * ∂{w.name}/∂{name}" for w in drawn.vertices if node in w.parents]
        lines.append(f"  ∂{function}/∂{name} = {' + '.join(ways)}{' = ' if ways else ''}{number(drawn.trace.value(bars[node]), digits)}")
    return lines


def _forward(drawn: Picture, varied: Sequence[Node], digits: int) -> tuple[str, ...]:
    """Values and tangents from the top down, one table per direction of a scalar, along ones for an array: the text, then layouts."""
    names, tables, said = _names(drawn), [], []
    for x in varied:
        direction = const(1.0) if not x.rank else const(np.ones(x.shape))
        nodes = [v.node for v in drawn.vertices]
        tangents = dict(zip(nodes, forward(nodes, {x: direction}), strict=True))
        tables.append(_tables(drawn, tangents, "0", f"tangent ∂·/∂{names[x]}", digits))
        said.append(_said(drawn, tangents, f"tangent by {names[x]}", digits))
    text = "\n\n".join(wide for wide, _, _ in tables)
    below = "\n\n".join([*(narrow for _, narrow, _ in tables), tables[0][2]]) if tables else ""
    side = tables[0][0] if tables else ""
    for _, narrow, _ in tables[1:]:
        side = beside(side, narrow)
    return text, side, text, below, "\n\n".join(said)
