"""The operators of differentiation, as functions of the language: they take a function and give a function.

A call of ``grad(f)`` traces f at twins of its arguments (fresh inputs that know their values), sweeps the graph, and puts the
arguments back in the twins' places. Twins are made per call, so that nothing a function has captured can be mistaken for its argument
(perturbation confusion).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from calclang import errors
from calclang.ir.apply import const
from calclang.ir.budget import set_here
from calclang.ir.dim import Shape, product
from calclang.ir.node import Node
from calclang.lower.calls import arguments_from, function_name
from calclang.lower.lowered import FUNCTIONS, Arr, Builtin, Closure, Derived, Fn, Low, Tup, words
from calclang.lower.parts import leaves, rebuilt
from calclang.lower.products import square
from calclang.ops import ROWS
from calclang.ops.contraction import contract, zeros
from calclang.source import Span
from calclang.syntax import tree
from calclang.transforms import operators
from calclang.transforms.operators import Mode

if TYPE_CHECKING:
    from calclang.lower.evaluate import Lowering, Step

SECOND_ORDER = ("hessian", "laplacian", "hvp")
MODES = ("auto", "forward", "reverse")


@dataclass(frozen=True)
class Point:
    """A function traced at twins: the arguments that are differentiated, their names, and the value."""

    arguments: tuple[Arr, ...]
    twins: tuple[Node, ...]
    names: tuple[str, ...]
    value: Low
    span: Span
    operator: str
    function: str
    mode: Mode

    @property
    def scalars(self) -> bool:
        """Whether several scalar arguments count as one vector."""
        return len(self.twins) > 1 and all(not t.rank for t in self.twins)

    @property
    def lone(self) -> bool:
        return len(self.twins) == 1

    def result(self) -> Arr:
        """The value as one array."""
        made = one_array(self.value)
        if made is None:
            raise errors.cannot_differentiate(self.operator, self.function, words(self.value), self.span)
        return made

    def scalar(self) -> Node:
        """The value, which must be a scalar."""
        result = self.result()
        if result.rank:
            raise errors.needs_scalar_value(self.operator, self.function, result.words(), self.span)
        return result.node


def one_array(value: Low) -> Arr | None:
    """A value as one array of numbers: a tuple of scalars counts as a vector. None for other values."""
    if isinstance(value, Tup) and all(isinstance(p, Arr) and not p.rank for p in value.parts):
        return Arr(ROWS["stack"](*(p.node for p in value.parts if isinstance(p, Arr)), params=(0,)))
    return value if isinstance(value, Arr) and not value.node.boolean else None


def parameter_names(fn: Fn, count: int) -> tuple[str, ...]:
    """The names of a function's parameters; built-in ones are called x, or x1, x2, …"""
    if isinstance(fn, Closure):
        return tuple(p.names[0] if not p.vector else "[" + ", ".join(p.names) + "]" for p in fn.parameters)
    if isinstance(fn, Derived):
        return parameter_names(fn.function, count)
    return ("x",) if count == 1 else tuple(f"x{k + 1}" for k in range(count))


def chosen(fn: Fn, count: int, options: dict[str, Any], span: Span) -> list[int]:
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
    mode = options.get("mode", usual)
    name = mode.id if isinstance(mode, tree.Name) else getattr(mode, "value", mode)
    if name not in MODES:
        raise errors.unknown_mode(str(name), span)
    return name  # type: ignore[return-value]


def at_twins(lowering: Lowering, derived: Derived, arguments: tuple[Low, ...], span: Span) -> Step:
    """Trace a function at twins of the chosen arguments; the answer is a `Point` (not a `Low`: for `call` below only)."""
    fn, options = derived.function, dict(derived.options)
    places = chosen(fn, len(arguments), options, span)
    names = parameter_names(fn, len(arguments))
    given, twins, originals = list(arguments), [], []
    for place in places:
        if place >= len(arguments):
            break
        original = arguments[place]
        if not isinstance(original, Arr) or original.node.boolean:
            raise errors.cannot_vary(derived.operator, names[place] if place < len(names) else "x", words(original), span)
        twin = lowering.trace.twin(original.node, names[place] if place < len(names) else "x")
        given[place] = Arr(twin, original.row)
        twins.append(twin)
        originals.append(original)
    value = yield lowering.call(fn, tuple(given), {}, span)
    set_here(span)
    chosen_names = tuple(names[p] if p < len(names) else "x" for p in places)
    return Point(tuple(originals), tuple(twins), chosen_names, value, span, derived.operator, function_name(fn), mode_of(options, span, lowering.trace.mode))


Rule = Callable[["Lowering", Point, dict[str, Any]], Low]


def call_derived(rule: Rule) -> Callable[[Lowering, Derived, tuple[Low, ...], Span], Step]:
    """The call of a derived function: trace, apply the rule at the twins, put the arguments back."""

    def call(lowering: Lowering, derived: Derived, arguments: tuple[Low, ...], span: Span) -> Step:
        trace = lowering.trace
        if trace.derivatives >= lowering.limits.derivatives:
            if (cycle := own_callers(lowering, derived.function)) is not None:
                raise errors.endless_recursion(cycle, lowering.limits.derivatives, span)
            raise errors.too_many_derivatives(lowering.limits.derivatives, span)
        mark = trace.mark()
        trace.derivatives += 1
        trace.open += 1
        try:
            point: Any = yield at_twins(lowering, derived, arguments, span)
            made = rule(lowering, point, dict(derived.options))
        finally:
            trace.derivatives -= 1
            trace.open -= 1
        nodes = leaves(made)
        outputs = [n for n in leaves(point.value) if not n.boolean]
        trace.differentiated(outputs, point.twins, nodes, derived.operator not in SECOND_ORDER)
        return rebuilt(made, iter(trace.close(nodes, point.twins, mark)))

    return call


def own_callers(lowering: Lowering, fn: Fn) -> list[str] | None:
    """``f -> f`` where a function is differentiated inside itself."""
    name, frame = getattr(fn, "name", ""), lowering.frame
    while frame is not None and frame.function != name:
        frame = frame.caller
    return [name, name] if frame is not None else None


# ---- the rules: Point -> value ----------------------------------------------------------------------


def gradient(lowering: Lowering, point: Point, options: dict[str, Any]) -> Low:
    """The kind and shape of the argument; several scalars: a vector; other lists: a tuple named by parameter."""
    found = operators.jacobian(point.scalar(), point.twins, point.mode)
    return like_arguments(point, found)


def like_arguments(point: Point, nodes: Sequence[Node]) -> Low:
    if point.scalars:
        return Arr(ROWS["stack"](*nodes, params=(0,)))
    parts = tuple(Arr(n, a.row) for n, a in zip(nodes, point.arguments, strict=True))
    return parts[0] if len(parts) == 1 else Tup(parts, point.names)


def value_and_gradient(lowering: Lowering, point: Point, options: dict[str, Any]) -> Low:
    return Tup((Arr(point.scalar()), gradient(lowering, point, options)), ("value", "grad"))


def derivative(lowering: Lowering, point: Point, options: dict[str, Any]) -> Low:
    """Of a function of one scalar: the shape of its value."""
    if not point.lone or point.twins[0].rank:
        what = f"{len(point.twins)} arguments" if not point.lone else f"an argument in {point.arguments[0].words()}"
        raise errors.not_of_one_scalar(point.function, what, point.span)
    value = point.value
    outputs = leaves(value)
    found = [operators.jacobian(n, point.twins, point.mode)[0] for n in outputs]
    if not found:
        raise errors.cannot_differentiate(point.operator, point.function, words(value), point.span)
    return rebuilt(value, iter(found))


def jacobian(lowering: Lowering, point: Point, options: dict[str, Any]) -> Low:
    """Numerator layout: shape(value) ++ shape(argument)."""
    value = point.result()
    found = operators.jacobian(value.node, point.twins, point.mode)
    if point.scalars:
        stacked = _last_axis(found, value.rank)
        return Arr(stacked, row=value.rank == 0)
    parts = tuple(_laid_out(n, value, a, options) for n, a in zip(found, point.arguments, strict=True))
    return parts[0] if len(parts) == 1 else Tup(parts, point.names)


def _last_axis(parts: Sequence[Node], rank: int) -> Node:
    """Arrays of one shape put together along a new last axis."""
    stacked = ROWS["stack"](*parts, params=(rank,))
    axes = tuple(range(rank + 1))
    return contract([stacked], [axes], (*axes[1:], 0))


def _laid_out(node: Node, value: Arr, argument: Arr, options: dict[str, Any]) -> Arr:
    """A scalar by a vector is a row; by request the axes are flattened, columns stacked."""
    flat = options.get("flatten")
    if isinstance(flat, Arr) and flat.node.value is True:
        return Arr(_flattened(node, value.shape, argument.shape))
    return Arr(node, row=value.rank == 0 and argument.rank == 1)


def _flattened(node: Node, value: Shape, argument: Shape) -> Node:
    """∂vec(A)/∂vec(B)': columns stacked, so the axes of each side are reversed before they are joined."""
    axes = tuple(range(node.rank))
    split = len(value)
    turned = contract([node], [axes], (*reversed(axes[:split]), *reversed(axes[split:])))
    return ROWS["reshape"](turned, params=(node.rank, (product(value), product(argument))))


def hessian(lowering: Lowering, point: Point, options: dict[str, Any]) -> Low:
    """The derivative of the gradient: reverse over reverse (or as the mode says); vector f: m×n×n."""
    value = point.result()
    first = operators.jacobian(value.node, point.twins, point.mode)
    if point.scalars:
        grad = _last_axis(first, value.rank)
        return Arr(_last_axis(operators.jacobian(grad, point.twins, point.mode), value.rank + 1))
    if point.lone:
        return Arr(operators.jacobian(first[0], point.twins, point.mode)[0])
    blocks = [Tup(tuple(Arr(n) for n in operators.jacobian(g, point.twins, point.mode)), point.names) for g in first]
    return Tup(tuple(blocks), point.names)


def divergence(lowering: Lowering, point: Point, options: dict[str, Any]) -> Low:
    """The trace of the Jacobian."""
    matrix = _square_jacobian(lowering, point, options)
    return Arr(contract([matrix], ["ii"], ""))


def _square_jacobian(lowering: Lowering, point: Point, options: dict[str, Any]) -> Node:
    made = jacobian(lowering, point, {})
    if not isinstance(made, Arr) or made.rank != 2 or made.shape[0] != made.shape[1]:
        sizes = square(made) if isinstance(made, Arr) else []
        raise errors.not_a_field(point.operator, point.function, words(point.value), point.span).of_sizes(*sizes)
    return made.node


def curl(lowering: Lowering, point: Point, options: dict[str, Any]) -> Low:
    """∇ × F in R^3; the scalar ∂F2/∂x - ∂F1/∂y in R^2."""
    matrix = _square_jacobian(lowering, point, options)

    def antisymmetric(i: int, j: int) -> Node:
        return ROWS["take"](matrix, params=((i, j),)) - ROWS["take"](matrix, params=((j, i),))

    if matrix.shape[0] == 2:
        return Arr(antisymmetric(1, 0))
    if matrix.shape[0] != 3:
        raise errors.curl_dimension(str(matrix.shape[0]), point.span)
    return Arr(ROWS["stack"](antisymmetric(2, 1), antisymmetric(0, 2), antisymmetric(1, 0), params=(0,)))


def laplacian(lowering: Lowering, point: Point, options: dict[str, Any]) -> Low:
    """The trace of the Hessian; of a vector function, component by component."""
    made = hessian(lowering, point, options)
    value = point.result()
    if isinstance(made, Arr) and made.rank == value.rank + 2:
        axes = tuple(range(value.rank))
        return Arr(contract([made.node], [(*axes, "i", "i")], axes))
    if isinstance(made, Arr) and point.lone and not point.twins[0].rank:
        return made
    raise errors.not_of_one_vector(point.operator, point.function, point.span)


# ---- products with a given direction --------------------------------------------------------------


def along(lowering: Lowering, point: Point, v: Low, what: str) -> list[Node]:
    """The direction of each argument: of its kind and shape. Several scalars take one vector."""
    parts = v.parts if isinstance(v, Tup) else (v,)
    if point.scalars and len(parts) == 1 and isinstance(v, Arr) and v.rank == 1 and v.shape[0] == len(point.twins):
        return [ROWS["take"](v.node, params=((k,),)) for k in range(len(point.twins))]
    if len(parts) != len(point.twins):
        raise errors.wrong_direction(what, " and ".join(a.words() for a in point.arguments), words(v), point.span)
    for part, argument in zip(parts, point.arguments, strict=True):
        if not isinstance(part, Arr) or part.shape != argument.shape or part.row != argument.row:
            sizes = zip(part.shape, argument.shape, strict=False) if isinstance(part, Arr) else ()
            raise errors.wrong_direction(what, argument.words(), words(part), point.span).of_sizes(*sizes)
    return [p.node for p in parts if isinstance(p, Arr)]


def pushed(lowering: Lowering, point: Point, options: dict[str, Any]) -> Low:
    """J v: of the kind and shape of the value."""
    directions = along(lowering, point, options["along"], "the direction")
    return rebuilt(point.value, iter(operators.jvp(leaves(point.value), point.twins, directions)))


def pulled(lowering: Lowering, point: Point, options: dict[str, Any]) -> Low:
    """u' J: of the kind and shape of the argument."""
    weights = leaves(options["from"])
    outputs = leaves(point.value)
    if [w.shape for w in weights] != [o.shape for o in outputs]:
        raise errors.wrong_direction("the weights", words(point.value), words(options["from"]), point.span)
    return like_arguments(point, operators.vjp(outputs, point.twins, weights))


def hessian_product(lowering: Lowering, point: Point, options: dict[str, Any]) -> Low:
    """H v without H: the tangent of the gradient, or the gradient of the tangent."""
    directions = along(lowering, point, options["along"], "the direction")
    value = point.scalar()
    if point.mode == "reverse":
        slope = operators.jvp([value], point.twins, directions)[0]
        return like_arguments(point, operators.jacobian(slope, point.twins, "reverse"))
    grads = operators.jacobian(value, point.twins, point.mode)
    return like_arguments(point, operators.jvp(grads, point.twins, directions))


RULES: dict[str, Rule] = {
    "grad": gradient, "value_and_grad": value_and_gradient, "derivative": derivative, "jacobian": jacobian, "hessian": hessian,
    "divergence": divergence, "curl": curl, "laplacian": laplacian, "directional": pushed, "jvp": pushed, "vjp": pulled,
    "hvp": hessian_product,
}  # fmt: skip


def derived(operator: str, fn: Fn, options: dict[str, Any]) -> Derived:
    """The function that an operator makes."""
    return Derived(operator, fn, tuple(options.items()), call_derived(RULES[operator]))


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
        if not isinstance(arguments[0], FUNCTIONS):
            raise errors.needs_function(operator, words(arguments[0]), span)
        fn = lowering.function(arguments[0], span)
        mode_of(options, span)
        if isinstance(fn, Closure) and "wrt" in options:
            chosen(fn, len(fn.parameters), options, span)
        if operator == "derivative" and "wrt" not in options:
            check_lone(fn, span)
        if operator == "directional":
            options = options | {"along": arguments[1]}
        return derived(operator, fn, options)

    return make


def product_call(operator: str, clause: str) -> Callable[..., Step]:
    """``jvp(F, x, v)``: the point comes with the call."""

    def make(lowering: Lowering, arguments: tuple[Low, ...], options: dict[str, Any], span: Span) -> Step:
        if not isinstance(arguments[0], FUNCTIONS):
            raise errors.needs_function(operator, words(arguments[0]), span)
        function = lowering.function(arguments[0], span)
        fn = derived(operator, function, options | {clause: arguments[2]})
        return (yield lowering.call(fn, arguments_from(function, arguments[1]), {}, span))

    return make


__all__ = ["Builtin", "RULES", "const", "derived", "operator_call", "product_call", "zeros"]
