"""``graph`` and ``explain``: the very graph that is executed, as text, with the program's own names.

A vertex is an argument, a node that the program names, one that is used more than once, or the result. In a program without names every
operation is a vertex. What lies between vertices is written into their expressions.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from string import ascii_lowercase
from typing import TYPE_CHECKING, Any

import numpy as np

from calclang import errors
from calclang.commands import answers
from calclang.commands.clauses import Request, inner_request
from calclang.display.columns import aligned
from calclang.errors import CalcError
from calclang.ir.apply import INPUT, input_node
from calclang.ir.budget import charging
from calclang.ir.dim import numbers, show_shape
from calclang.ir.node import Node, Symbol, order
from calclang.lower.calls import check_point
from calclang.lower.derivatives import parameter_names
from calclang.lower.lowered import Arr, Low, function_name, words
from calclang.lower.point import one_array
from calclang.lower.specialise import trace_call
from calclang.lower.trace import Trace
from calclang.record import record
from calclang.registry import command
from calclang.syntax import format_expr, tree
from calclang.transforms.operators import jacobian
from calclang.transforms.substitute import substitute

if TYPE_CHECKING:
    from calclang.session import Result, Session


@record
class Vertex:
    """A row of the table: a node, its name, what it is of the vertices before it, and its partials by each of them."""

    node: Node
    name: str
    expression: str
    parents: tuple[Node, ...]
    partials: tuple[tuple[str, Any], ...]


@record
class Picture:
    """A function's graph at a point."""

    vertices: tuple[Vertex, ...]
    inputs: tuple[Node, ...]
    output: Node
    trace: Trace


def picture(session: Session, asked: Request, point: tuple[Low, ...]) -> Picture:
    """Trace the function at inputs with the values of the point, and choose the vertices."""
    check_point(asked.function, point, f"{function_name(asked.function)}(…)", asked.span)
    names = parameter_names(asked.function, len(point))
    known: dict[Node, Any] = {}
    arguments: list[Low] = []
    for low, name in zip(point, names, strict=True):
        if not isinstance(low, Arr):
            arguments.append(low)
            continue
        node = input_node(Symbol(name), low.shape)
        known[node] = low.node.value
        arguments.append(Arr(node, low.row))
    with charging(session.budget()):
        traced = trace_call(session.world, asked.function, arguments, known, asked.span)
    result = one_array(traced.result)
    if result is None:
        raise errors.cannot_differentiate("graph", function_name(asked.function), words(traced.result), asked.span)
    inputs = tuple(i.node for i in traced.inputs)
    named = vertex_names(result.node, inputs, traced.trace.records.names, function_name(asked.function))
    return Picture(tuple(vertices(named, traced.trace)), inputs, result.node, traced.trace)


def vertex_names(output: Node, inputs: Sequence[Node], names: Mapping[Node, str], function: str) -> dict[Node, str]:
    """The vertices, each with its letter: the arguments, then the others in order of evaluation."""
    nodes = [*inputs, *(n for n in order([output]) if (n.value is None or n is output) and n not in inputs)]
    uses = Counter(child for n in nodes for child in n.inputs)
    plain = not any(n in names for n in nodes)
    found: dict[Node, str] = {n: n.params[0].name for n in nodes if n.op is INPUT}
    taken = set(found.values()) | set(names.values()) | {function}
    letters = (letter for letter in [*ascii_lowercase, *(f"v{k}" for k in range(1, len(nodes) + 1))] if letter not in taken)
    for node in nodes:
        if node in found or _trivial(node):
            continue
        if node in names:
            found[node] = names[node]
        elif node is output:
            found[node] = function if function.isidentifier() else "result"
        elif plain or uses[node] > 1:
            found[node] = next(letters)
    return found


def _trivial(node: Node) -> bool:
    """A node that only relabels or picks a part: not worth a row of its own."""
    from calclang.ops.contraction import structural

    return node.op.name == "take" or structural(node)


def vertices(named: Mapping[Node, str], trace: Trace) -> list[Vertex]:
    """Each vertex as an expression of the vertices before it, with its partials."""
    symbols = {n: input_node(Symbol(name), n.shape) for n, name in named.items()}
    found = []
    for node, name in named.items():
        if node.op is INPUT:
            found.append(Vertex(node, name, "", (), ()))
            continue
        below = {s: symbols[s] for s in named if s is not node}
        local = substitute([node], below)[0] if node not in below else symbols[node]
        used = set(order([local]))
        parents = tuple(p for p in below if symbols[p] in used)
        slopes = jacobian(local, [symbols[p] for p in parents], "reverse")
        values = {symbols[p]: trace.value(p) for p in parents}
        partials = tuple((_text(d), _value(d, values)) for d in slopes)
        found.append(Vertex(node, name, _text(local), parents, partials))
    return found


def _text(node: Node) -> str:
    from calclang.transforms.formula import formula  # a large layer, needed only where a formula is shown

    made = formula(node)
    return format_expr(made) if made is not None else "…"


def _value(node: Node, known: Mapping[Node, Any]) -> Any:
    """The value of a local partial; nan where an operation has none, as one of all eigenvectors."""
    try:
        return Trace(known=dict(known)).value(node)
    except CalcError as error:
        if error.code != "E-AD":
            raise
        return np.full(numbers(node.shape), np.nan)


# ---- the answer ----------------------------------------------------------------------------------------


def number(value: Any, digits: int) -> str:
    """A number, a small array, or the shape of a larger one."""
    array = np.asarray(value)
    if array.dtype == np.bool_:
        return str(value).lower()
    if not array.shape:
        return f"{float(array) + 0.0:.{digits}g}"
    if array.size <= 4 and array.ndim <= 2:
        return "[" + "; ".join(", ".join(f"{v + 0.0:.{min(digits, 6)}g}" for v in row) for row in np.atleast_2d(array)) + "]"
    return show_shape(tuple(array.shape))


@command("graph", "graph FUNCTION at POINT", "the computation graph, with values", "f(x) = let a = x^2 in a + exp(a); graph f at 0.7", "at", "wrt", "mode", "as", "to")
def graph(session: Session, cmd: tree.Command) -> Result:
    for word in ("as", "to"):
        for option in cmd.options:
            if option.word == word and not (word == "as" and option.parts == (tree.Name("text"),)):
                raise errors.not_yet(f'clause "{word}" of graph', option.span)
    asked = inner_request(session, cmd)
    drawn = picture(session, asked, asked.point_for("graph"))
    digits = session.settings.digits
    children = {v.node: [w.name for w in drawn.vertices if v.node in w.parents] for v in drawn.vertices}
    rows = [("", "of", "is", "value", "goes into")]
    for v in drawn.vertices:
        parents = ", ".join(next(w.name for w in drawn.vertices if w.node is p) for p in v.parents)
        value = number(drawn.trace.value(v.node), digits)
        rows.append((v.name, parents or "input", v.expression, value, ", ".join(children[v.node]) or ("result" if v.node is drawn.output else "nothing")))
    return answers.text(session, "\n".join(aligned(rows)), cmd)
