"""Parameters and the arguments that they are given: kinds are checked, sizes are learnt, vectors are taken apart."""

from __future__ import annotations

from calclang import errors
from calclang.ir.dim import Dim, Shape, show_shape, symbol
from calclang.lower.arrays import dim_of, size_node
from calclang.lower.facts import check_facts
from calclang.lower.lowered import Arr, Closure, Fn, Low, Tup, function_name, words
from calclang.lower.trace import Trace
from calclang.ops import ROWS
from calclang.source import Span
from calclang.syntax import format_expr, tree


def show_parameter(p: tree.Parameter) -> str:
    """A parameter without its kind: ``x``, ``[x, y]``."""
    return f"[{', '.join(p.names)}]" if p.vector else p.names[0]


def bind_parameters(trace: Trace, fn: Closure, arguments: tuple[Low, ...], span: Span) -> dict[str, Low]:
    """The names that a call gives: parameters, parts of vectors, sizes."""
    names: dict[str, Low] = {}
    sizes: dict[str, Dim] = {}
    for parameter, argument in zip(fn.parameters, arguments, strict=True):
        learn_sizes(fn, parameter, argument, sizes)
    for parameter, argument in zip(fn.parameters, arguments, strict=True):
        if parameter.kind is not None:
            argument = check_kind(trace, fn, parameter, argument, sizes, span)
        if not parameter.vector:
            names[parameter.names[0]] = argument
        else:
            names.update(zip(parameter.names, vector_parts(fn, parameter, argument, span), strict=True))
    for name, size in sizes.items():
        names.setdefault(name, size_node(size))
    return names


def vector_parts(fn: Closure, parameter: tree.Parameter, argument: Low, span: Span) -> list[Low]:
    """The elements of a vector argument that the parameter takes apart."""
    count = len(parameter.names)
    if isinstance(argument, Arr) and argument.kind == "vector" and argument.shape[0] == count:
        return [Arr(ROWS["take"](argument.node, params=((k,),))) for k in range(count)]
    sizes = [(argument.shape[0], count)] if isinstance(argument, Arr) and argument.kind == "vector" else []
    raise errors.wrong_kind(function_name(fn), show_parameter(parameter), f"a vector in R^{count}", words(argument), span).of_sizes(*sizes)


def learn_sizes(fn: Closure, parameter: tree.Parameter, argument: Low, sizes: dict[str, Dim]) -> None:
    """The sizes that stand as plain names in a kind: in x: R^(m*n), A: R^(m×n) they come from A."""
    if parameter.kind is None or not isinstance(argument, Arr) or argument.rank != len(parameter.kind.dims):
        return
    for dim, size in zip(parameter.kind.dims, argument.shape, strict=True):
        if isinstance(dim, tree.Name) and dim.id not in sizes and not isinstance(_known_size(dim, fn), int):
            sizes[dim.id] = size


def check_kind(trace: Trace, fn: Closure, parameter: tree.Parameter, argument: Low, sizes: dict[str, Dim], span: Span) -> Low:
    """The argument, if it is of the declared kind; sizes are compared with those that the names mean."""
    kind = parameter.kind
    assert kind is not None
    fits = isinstance(argument, Arr) and not argument.node.boolean and argument.rank == len(kind.dims)
    if fits and isinstance(argument, Arr) and argument.rank == 1 and argument.row != ("row" in kind.words):
        fits = False
    if not fits or not isinstance(argument, Arr):
        raise errors.wrong_kind(function_name(fn), show_parameter(parameter), show_kind(kind, sizes), words(argument), span)
    for dim, size in zip(kind.dims, argument.shape, strict=True):
        if (wanted := size_of(dim, sizes, fn)) != size:
            shown = show_kind(kind, sizes)
            error = errors.wrong_size(function_name(fn), show_parameter(parameter), shown, words(argument), str(wanted), str(size), span)
            raise error.of_sizes((wanted, size))
    check_facts(trace, function_name(fn), parameter, argument, span)
    return argument


def _known_size(dim: tree.Name, fn: Closure) -> Dim | None:
    """A dimension name that an enclosing function has already fixed."""
    found = fn.scope.find(dim.id) if fn.scope is not None else None
    if isinstance(found, Arr) and not found.rank:
        return int(found.node.value) if found.node.value is not None else dim_of(found.node)
    return None


def size_of(e: tree.Expr, sizes: dict[str, Dim], fn: Closure | None = None, fresh: bool = False) -> Dim:
    """The size that an expression in a kind means: numbers, names, sums, differences and products of them."""
    if isinstance(e, tree.Number) and e.value == int(e.value) and e.value >= 0:
        return int(e.value)
    if isinstance(e, tree.Name):
        if e.id not in sizes:
            known = _known_size(e, fn) if fn is not None else None
            if known is None and not fresh:
                raise errors.unknown_size(e.id, e.span)
            sizes[e.id] = symbol(e.id) if known is None else known
        return sizes[e.id]
    if isinstance(e, tree.Binary) and e.op in ("+", "-", "*"):
        a, b = size_of(e.left, sizes, fn, fresh), size_of(e.right, sizes, fn, fresh)
        return a + b if e.op == "+" else a - b if e.op == "-" else a * b
    raise errors.bad_size(e.span)


def show_kind(kind: tree.Kind, sizes: dict[str, Dim]) -> str:
    """A kind as it was declared, with the sizes known so far."""
    shape: Shape = tuple(sizes.get(d.id, symbol(d.id)) if isinstance(d, tree.Name) else symbol(format_expr(d)) for d in kind.dims)
    return " ".join([*kind.words, show_shape(shape)])


def arguments_from(function: Fn, low: Low) -> tuple[Low, ...]:
    """A point as the arguments of a function: a tuple is several; a vector may stand for several scalars, and the other way round."""
    count = len(function.parameters) if isinstance(function, Closure) else 0
    parts = low.parts if isinstance(low, Tup) else (low,)
    if len(parts) == 1 and count > 1 and isinstance(low, Arr) and low.rank == 1 and low.shape[0] == count:
        return tuple(Arr(ROWS["take"](low.node, params=((k,),))) for k in range(count))
    one_vector = count == 1 and isinstance(function, Closure) and (function.parameters[0].vector or function.parameters[0].kind is not None)
    if one_vector and len(parts) > 1 and all(isinstance(p, Arr) and not p.rank for p in parts):
        return (Arr(ROWS["stack"](*(p.node for p in parts if isinstance(p, Arr)), params=(0,))),)
    return parts
