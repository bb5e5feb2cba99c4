"""What each operator of differentiation makes of a function traced at twins: `Point` -> value."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from calclang import errors
from calclang.ir.dim import Shape, product
from calclang.ir.node import Node
from calclang.lower.lowered import Arr, Low, Tup, words
from calclang.lower.parts import leaves, rebuilt
from calclang.lower.point import Point
from calclang.lower.products import square
from calclang.ops import ROWS
from calclang.ops.contraction import contract
from calclang.transforms import operators

SECOND_ORDER = ("hessian", "laplacian", "hvp")  # derivatives of what is halfway


def gradient(point: Point) -> Low:
    """The kind and shape of the argument; several scalars: a vector; other lists: a tuple named by parameter."""
    found = point.slopes(point.scalar())
    return like_arguments(point, found)


def like_arguments(point: Point, nodes: Sequence[Node]) -> Low:
    """One array for each argument, as the arguments are: one alone, a vector for several scalars, else a tuple with their names."""
    if point.scalars:
        return Arr(ROWS["stack"](*nodes, params=(0,)))
    parts = tuple(Arr(n, a.row) for n, a in zip(nodes, point.arguments, strict=True))
    return parts[0] if len(parts) == 1 else Tup(parts, point.names)


def value_and_gradient(point: Point) -> Low:
    """Both, as a tuple with the parts value and grad."""
    return Tup((Arr(point.scalar()), gradient(point)), ("value", "grad"))


def derivative(point: Point) -> Low:
    """Of a function of one scalar: the shape of its value."""
    if not point.lone or point.twins[0].rank:
        what = f"{len(point.twins)} arguments" if not point.lone else f"an argument in {point.arguments[0].words()}"
        raise errors.not_of_one_scalar(point.function, what, point.span)
    return rebuilt(point.value, (point.slopes(n)[0] for n in point.outputs()))


def jacobian(point: Point) -> Low:
    """Numerator layout: shape(value) ++ shape(argument)."""
    value = point.result()
    found = point.slopes(value.node)
    if point.scalars:
        stacked = _last_axis(found, value.rank)
        return Arr(stacked, row=value.rank == 0)
    flat = point.options.get("flatten")
    flatten = isinstance(flat, Arr) and flat.node.value is True
    parts = tuple(_laid_out(n, value, a, flatten) for n, a in zip(found, point.arguments, strict=True))
    return parts[0] if len(parts) == 1 else Tup(parts, point.names)


def _last_axis(parts: Sequence[Node], rank: int) -> Node:
    """Arrays of one shape put together along a new last axis."""
    stacked = ROWS["stack"](*parts, params=(rank,))
    axes = tuple(range(rank + 1))
    return contract([stacked], [axes], (*axes[1:], 0))


def _laid_out(node: Node, value: Arr, argument: Arr, flatten: bool) -> Arr:
    """A scalar by a vector is a row; by request the axes are flattened, columns stacked."""
    if flatten:
        return Arr(_flattened(node, value.shape, argument.shape))
    return Arr(node, row=value.rank == 0 and argument.rank == 1)


def _flattened(node: Node, value: Shape, argument: Shape) -> Node:
    """∂vec(A)/∂vec(B)': columns stacked, so the axes of each side are reversed before they are joined."""
    axes = tuple(range(node.rank))
    split = len(value)
    turned = contract([node], [axes], (*reversed(axes[:split]), *reversed(axes[split:])))
    return ROWS["reshape"](turned, params=(node.rank, (product(value), product(argument))))


def hessian(point: Point) -> Low:
    """The derivative of the gradient: reverse over reverse (or as the mode says); vector f: m×n×n."""
    value, first = point.result(), point.halfway
    if point.scalars:
        grad = _last_axis(first, value.rank)
        return Arr(_last_axis(point.slopes(grad), value.rank + 1))
    if point.lone:
        return Arr(point.slopes(first[0])[0])
    blocks = [Tup(tuple(Arr(n) for n in point.slopes(g)), point.names) for g in first]
    return Tup(tuple(blocks), point.names)


def divergence(point: Point) -> Low:
    """The trace of the Jacobian."""
    matrix = _square_jacobian(point)
    return Arr(contract([matrix], ["ii"], ""))


def _square_jacobian(point: Point) -> Node:
    made = jacobian(point)
    if not isinstance(made, Arr) or made.rank != 2 or made.shape[0] != made.shape[1]:
        sizes = square(made) if isinstance(made, Arr) else []
        raise errors.not_a_field(point.operator, point.function, words(point.value), point.span).of_sizes(*sizes)
    return made.node


def curl(point: Point) -> Low:
    """∇ × F in R^3; the scalar ∂F2/∂x - ∂F1/∂y in R^2."""
    matrix = _square_jacobian(point)

    def antisymmetric(i: int, j: int) -> Node:
        return ROWS["take"](matrix, params=((i, j),)) - ROWS["take"](matrix, params=((j, i),))

    if matrix.shape[0] == 2:
        return Arr(antisymmetric(1, 0))
    if matrix.shape[0] != 3:
        raise errors.curl_dimension(str(matrix.shape[0]), point.span)
    return Arr(ROWS["stack"](antisymmetric(2, 1), antisymmetric(0, 2), antisymmetric(1, 0), params=(0,)))


def laplacian(point: Point) -> Low:
    """The trace of the Hessian; of a vector function, component by component."""
    made = hessian(point)
    value = point.result()
    if isinstance(made, Arr) and made.rank == value.rank + 2:
        axes = tuple(range(value.rank))
        return Arr(contract([made.node], [(*axes, "i", "i")], axes))
    if isinstance(made, Arr) and point.lone and not point.twins[0].rank:
        return made
    raise errors.not_of_one_vector(point.operator, point.function, point.span)


# ---- products with a given direction --------------------------------------------------------------


def along(point: Point) -> list[Node]:
    """The direction of each argument: of its kind and shape. Several scalars take one vector."""
    v = point.options["along"]
    parts = v.parts if isinstance(v, Tup) else (v,)
    if point.scalars and len(parts) == 1 and isinstance(v, Arr) and v.rank == 1 and v.shape[0] == len(point.twins):
        return [ROWS["take"](v.node, params=((k,),)) for k in range(len(point.twins))]
    if len(parts) != len(point.twins):
        raise errors.wrong_direction("the direction", " and ".join(a.words() for a in point.arguments), words(v), point.span)
    for part, argument in zip(parts, point.arguments, strict=True):
        if not isinstance(part, Arr) or part.shape != argument.shape or part.row != argument.row:
            sizes = zip(part.shape, argument.shape, strict=False) if isinstance(part, Arr) else ()
            raise errors.wrong_direction("the direction", argument.words(), words(part), point.span).of_sizes(*sizes)
    return [p.node for p in parts if isinstance(p, Arr)]


def pushed(point: Point) -> Low:
    """J v: of the kind and shape of the value."""
    directions, outputs = along(point), point.outputs()
    if point.careful and point.mode == "reverse":
        return rebuilt(point.value, iter([operators.through(point.slopes(o), directions) for o in outputs]))
    return rebuilt(point.value, iter(operators.jvp(outputs, point.twins, directions, point.careful)))


def pulled(point: Point) -> Low:
    """u' J: of the kind and shape of the argument."""
    weights = leaves(point.options["from"])
    outputs = leaves(point.value)
    if [w.shape for w in weights] != [o.shape for o in outputs]:
        raise errors.wrong_direction("the weights", words(point.value), words(point.options["from"]), point.span)
    if point.careful and point.mode == "forward":
        slopes = zip(*(point.slopes(o) for o in outputs), strict=True)
        return like_arguments(point, [operators.through(of_one, weights, backwards=True) for of_one in slopes])
    return like_arguments(point, operators.vjp(outputs, point.twins, weights, point.careful))


def hessian_product(point: Point) -> Low:
    """H v without H: the tangent of the gradient, or the gradient of the tangent."""
    directions = along(point)
    value = point.scalar()
    if point.mode == "reverse":
        slope = operators.jvp([value], point.twins, directions, point.careful)[0]
        return like_arguments(point, point.slopes(slope))
    return like_arguments(point, operators.jvp(point.halfway, point.twins, directions, point.careful))


RULES: dict[str, Callable[[Point], Low]] = {
    "grad": gradient, "value_and_grad": value_and_gradient, "derivative": derivative, "jacobian": jacobian, "hessian": hessian,
    "divergence": divergence, "curl": curl, "laplacian": laplacian, "directional": pushed, "jvp": pushed, "vjp": pulled,
    "hvp": hessian_product,
}  # fmt: skip
# Words of the language for operators of another name.
ALIASES = {"gradient": "grad"}
# The option that gives the direction of a product.
DIRECTIONS = {"jvp": "along", "hvp": "along", "directional": "along", "vjp": "from"}
