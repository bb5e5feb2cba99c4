"""The operators of differentiation, as functions of the language: they take a function and give a function.

A call of ``grad(f)`` traces f at twins of its arguments (fresh inputs that know their values), sweeps the graph, and puts the
arguments back in the twins' places. Twins are made per call, so that nothing a function has captured can be mistaken for its argument
(perturbation confusion).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any, get_args

from calclang import errors
from calclang.errors import CalcError
from calclang.ir.budget import set_here
from calclang.lower import indeterminate
from calclang.lower.calls import function_for
from calclang.lower.lowered import Arr, Builtin, Closure, Derived, Fn, Low, function_name, words
from calclang.lower.parameters import arguments_from
from calclang.lower.parts import leaves, rebuilt
from calclang.lower.point import Point
from calclang.lower.rules import DIRECTIONS, RULES, SECOND_ORDER
from calclang.source import Span
from calclang.syntax import tree
from calclang.transforms.operators import Mode

if TYPE_CHECKING:
    from calclang.lower.driver import Step
    from calclang.lower.evaluate import Lowering
    from calclang.lower.records import Mark
    from calclang.lower.trace import Trace

MODES: tuple[Mode, ...] = get_args(Mode)


def parameter_names(fn: Fn, count: int) -> tuple[str, ...]:
    """The names of a function's parameters; built-in ones are called x, or x1, x2, …"""
    if isinstance(fn, Closure):
        return tuple(p.names[0] if not p.vector else "[" + ", ".join(p.names) + "]" for p in fn.parameters)
    if isinstance(fn, Derived):
        return parameter_names(fn.function, count)
    return ("x",) if count == 1 else tuple(f"x{k + 1}" for k in range(count))


def varied_places(fn: Fn, count: int, options: dict[str, Any], span: Span) -> list[int]:
    """Which arguments are differentiated: those that ``wrt`` names, or all."""
    wrt = options.get("wrt")
    if wrt is None:
        return list(range(count))
    names = parameter_names(fn, count)
    parts = wrt.parts if isinstance(wrt, tree.Tuple) else (wrt,)
    places = []
    for part in parts:
        name = part.value if isinstance(part, tree.String) else part.id if isinstance(part, tree.Name) else ""
        if name not in names:
            raise errors.not_a_parameter(name, function_name(fn), list(names), part.span if part.span.source.text else span)
        places.append(names.index(name))
    return places


def mode_of(options: dict[str, Any], span: Span, usual: str = "auto") -> Mode:
    """The mode that the options ask for, or the usual one. Raises E-TYPE."""
    mode = options.get("mode", usual)
    name = mode.id if isinstance(mode, tree.Name) else getattr(mode, "value", mode)
    found = next((m for m in MODES if m == name), None)
    if found is None:
        raise errors.unknown_mode(str(name), mode.span if isinstance(mode, tree.Tree) and mode.span.source.text else span)
    return found


def at_twins(lowering: Lowering, derived: Derived, arguments: tuple[Low, ...], span: Span) -> Step:
    """Trace a function at twins of the chosen arguments; the answer is a `Point` (not a `Low`: for `call` below only)."""
    fn, options = derived.function, dict(derived.options)
    names = parameter_names(fn, len(arguments))
    places = varied_places(fn, len(arguments), options, span)
    varied = tuple(names[place] if place < len(names) else "x" for place in places)
    given, twins, originals = list(arguments), [], []
    for place, name in zip(places, varied, strict=True):
        if place >= len(arguments):
            break
        original = arguments[place]
        if not isinstance(original, Arr) or original.node.boolean:
            raise errors.cannot_vary(derived.operator, name, words(original), span)
        twin = lowering.trace.twin(original.node, name)
        given[place] = Arr(twin, original.row)
        twins.append(twin)
        originals.append(original)
    lowering.trace.fresh.clear()  # from here on the function may capture its arguments
    value = yield lowering.call(fn, tuple(given), {}, span)
    set_here(span)
    tried = lowering.trace.tried
    mode = tried or mode_of(options, span, lowering.trace.mode)
    return Point(
        tuple(originals), tuple(twins), varied, value, span, derived.operator, function_name(fn),
        mode, options, first=mode, careful=tried is not None,
    )  # fmt: skip


def call_derived(lowering: Lowering, derived: Derived, arguments: tuple[Low, ...], span: Span) -> Step:
    """The call of a derived function; where it is nan at an infinite slope, in every order (`lower/indeterminate.py`)."""
    trace = lowering.trace
    if trace.derivatives >= lowering.limits.derivatives:
        raise too_deep(lowering, derived.function, span)
    start = trace.records.mark()
    point: Any = yield traced(lowering, derived, arguments, span)
    sweeps = 2 if len(trace.records.derived) > start.derived or derived.operator in SECOND_ORDER else 1
    made = swept(trace, point, start)
    if trace.tried is not None:  # in the order that is tried now
        return made
    nodes = leaves(made)
    for first, last in indeterminate.orders(sweeps):
        if not indeterminate.undefined(trace, point, nodes, start.kinks):
            break
        mark, trace.tried = trace.records.mark(), first
        try:
            point = yield traced(lowering, derived, arguments, span)
            other = swept(trace, replace(point, mode=last), mark)
        finally:
            trace.tried = None
        nodes = indeterminate.filled(trace, nodes, leaves(other), (start, mark))
    return rebuilt(made, iter(nodes))


def traced(lowering: Lowering, derived: Derived, arguments: tuple[Low, ...], span: Span) -> Step:
    """`at_twins`, counted as a derivative that is being taken."""
    trace = lowering.trace
    trace.derivatives += 1
    trace.open += 1
    try:
        return (yield at_twins(lowering, derived, arguments, span))
    finally:
        trace.derivatives -= 1
        trace.open -= 1


def swept(trace: Trace, point: Point, mark: Mark) -> Low:
    """The rule of an operator applied at the twins, and the arguments put back; all that was recorded since the mark moves along."""
    made = RULES[point.operator](point)
    nodes = leaves(made)
    outputs = [n for n in leaves(point.value) if not n.boolean]
    steps = [outputs, point.halfway, nodes] if point.operator in SECOND_ORDER else [outputs, nodes]
    trace.records.differentiated(steps, point.twins, trace.peek)
    return rebuilt(made, iter(trace.close(nodes, point.twins, mark)))


def too_deep(lowering: Lowering, fn: Fn, span: Span) -> CalcError:
    """The error of derivatives inside of each other: of a function that is differentiated inside itself, or of too many operators."""
    name, frame, most = getattr(fn, "name", ""), lowering.frame, lowering.limits.derivatives
    while frame is not None and frame.function != name:
        frame = frame.caller
    return errors.too_many_derivatives(most, span) if frame is None else errors.endless_recursion([name, name], most, span)


def derived(operator: str, fn: Fn, options: dict[str, Any]) -> Derived:
    """The function that an operator makes."""
    return Derived(operator, fn, tuple(options.items()))


def check_lone(fn: Fn, span: Span) -> None:
    """Raise E-AD where a function has not one argument, by which ``f'`` could be the derivative."""
    inner = fn
    while isinstance(inner, Derived) and "wrt" not in dict(inner.options):
        inner = inner.function
    count = len(inner.parameters) if isinstance(inner, Closure) else inner.least if isinstance(inner, Builtin) and inner.least > 1 else 1
    if count != 1:
        raise errors.not_of_one_scalar(function_name(fn), f"{count} arguments", span)


def operator_call(operator: str) -> Callable[..., Low]:
    """``grad(f)``: a function of the language that gives a function."""

    def make(lowering: Lowering, arguments: tuple[Low, ...], options: dict[str, Any], span: Span) -> Low:
        fn = function_for(operator, arguments[0], span)
        mode_of(options, span)
        if isinstance(fn, Closure) and "wrt" in options:
            varied_places(fn, len(fn.parameters), options, span)
        if operator == "derivative" and "wrt" not in options:
            check_lone(fn, span)
        if operator in DIRECTIONS:
            options = options | {DIRECTIONS[operator]: arguments[1]}
        return derived(operator, fn, options)

    return make


def product_call(operator: str) -> Callable[..., Step]:
    """``jvp(F, x, v)``: the point comes with the call."""

    def make(lowering: Lowering, arguments: tuple[Low, ...], options: dict[str, Any], span: Span) -> Step:
        function = function_for(operator, arguments[0], span)
        fn = derived(operator, function, options | {DIRECTIONS[operator]: arguments[2]})
        return (yield lowering.call(fn, arguments_from(function, arguments[1]), {}, span))

    return make
