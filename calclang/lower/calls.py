"""Calls: arguments meet parameters, kinds are checked, bodies are inlined. Equal calls are made once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from types import GeneratorType
from typing import TYPE_CHECKING, Any

from calclang import errors
from calclang.errors import CalcError
from calclang.ir.budget import charge, set_here
from calclang.ir.dim import Dim, Shape, show_shape, symbol
from calclang.lower.arrays import dim_of, size_node
from calclang.lower.chain import within
from calclang.lower.facts import check_facts
from calclang.lower.lowered import FUNCTIONS, Arr, Builtin, Closure, Derived, Fn, Frame, Low, Scope, Tup, words
from calclang.ops import ROWS
from calclang.source import Span
from calclang.syntax import format_expr, tree
from calclang.transforms.batch import CannotBatch

if TYPE_CHECKING:
    from calclang.lower.driver import Step
    from calclang.lower.evaluate import Lowering


CALL_COST = 10  # operations that a call is charged as


def call(lowering: Lowering, fn: Fn, arguments: tuple[Low, ...], options: dict[str, Any], span: Span, scope: Scope | None) -> Step:
    """The value of a call."""
    if not options and worth_compiling(lowering, fn) and (known := lowering.compiled(fn, arguments)) is not None:
        return known
    if isinstance(fn, Closure):
        return (yield call_closure(lowering, fn, arguments, options, span, scope))
    check_options(fn, options, span)
    if isinstance(fn, Builtin):
        count_given(fn, len(arguments), span)
    made = fn.call(lowering, arguments, options, span) if isinstance(fn, Builtin) else fn.call(lowering, fn, arguments, span)
    return (yield made) if isinstance(made, GeneratorType) else made


def worth_compiling(lowering: Lowering, fn: Fn) -> bool:
    """Whether a call on constants may be handed to compiled code: not while something is traced, and not from inside itself (recursion on
    data takes another path each time)."""
    if lowering.trace.open or lowering.trace.derivatives or isinstance(fn, Builtin):
        return False
    while isinstance(fn, Derived):
        fn = fn.function
    return fn not in lowering.active


def check_options(fn: Fn, options: Iterable[str], span: Span) -> None:
    """Raise E-ARITY where a function has no option of such a name."""
    allowed = fn.options if isinstance(fn, Builtin) else ()
    for name in options:
        if name not in allowed:
            raise errors.unknown_option(function_name(fn), name, list(allowed), span, instead(fn))


def instead(fn: Fn) -> str:
    """How it is written here what other languages ask of a built-in."""
    return errors.CALLS.get(fn.name, "") if isinstance(fn, Builtin) else ""


def count_given(fn: Builtin, given: int, span: Span) -> None:
    """Raise E-ARITY where a built-in takes more or fewer arguments."""
    check_count(fn.name, fn.least, fn.most, given, fn.signature, span, instead(fn))


def check_count(name: str, least: int, most: int | None, given: int, signature: str, span: Span, instead: str = "") -> None:
    """Raise E-ARITY where a call has too few or too many arguments; ``signature`` is how it is made."""
    if given < least or (most is not None and given > most):
        raise errors.wrong_arity(name, least, most, given, signature, span, instead)


def check_point(fn: Fn, point: Sequence[Low], how: str, span: Span) -> None:
    """Whether a point has as many parts as a function (or the one under its derivatives) has parameters."""
    inner = fn
    while isinstance(inner, Derived):
        inner = inner.function
    if isinstance(inner, Closure):
        check_count(function_name(fn), len(inner.parameters), len(inner.parameters), len(point), how, span)


UNNAMED = "the function"


def function_name(fn: Fn) -> str:
    """What a message calls a function."""
    if isinstance(fn, Derived):
        return f"{fn.operator}({function_name(fn.function)})"
    return fn.name or UNNAMED


def function_for(operator: str, low: Low, span: Span) -> Fn:
    """What an operator, or a built-in such as ``map``, is given to work on. Raises E-TYPE where it is no function."""
    if not isinstance(low, FUNCTIONS):
        raise errors.needs_function(operator, words(low), span)
    return low


def _of_one_vector(fn: Closure, arguments: Sequence[Low]) -> str:
    """What to write where a function of several numbers is called with one vector of them."""
    given = arguments[0] if len(arguments) == 1 else None
    if fn.name and isinstance(given, Arr) and given.rank == 1 and given.shape[0] == len(fn.parameters):
        return f"define it of one vector:  {fn.name}([{', '.join(p.names[0] for p in fn.parameters)}]) = …"
    return ""


def call_closure(
    lowering: Lowering, fn: Closure, arguments: tuple[Low, ...], options: dict[str, Any], span: Span, scope: Scope | None
) -> Step:
    """Inline the body of a function of the program. A call with the same arguments was made before: its value is known."""
    key = (fn, *(_identity(a) for a in arguments))
    if (known := lowering.calls.get(key)) is not None:
        return known
    signature = f"{fn.name}({', '.join(show_parameter(p) for p in fn.parameters)})"
    if options:
        raise errors.unknown_option(function_name(fn), next(iter(options)), [], span, f"arguments stand in their order, without names: {signature}")
    check_count(function_name(fn), len(fn.parameters), len(fn.parameters), len(arguments), signature, span, _of_one_vector(fn, arguments))
    caller = lowering.frame
    depth = caller.depth + 1 if caller is not None else 1
    if depth > lowering.limits.calls:
        raise errors.endless_recursion(_cycle(function_name(fn), caller), lowering.limits.calls, span)
    frame = Frame(function_name(fn), span, depth, caller)
    charge(CALL_COST)
    inner = Scope(bind_parameters(lowering, fn, arguments, span), fn.scope, frame)
    branches = len(lowering.trace.masks)
    before, given = lowering.active.get(fn, (branches, arguments))
    if branches > before and any(_identity(a) != _identity(b) and _varies(lowering, a) for a, b in zip(arguments, given, strict=True)):
        raise CannotBatch("each element ends a recursion somewhere else")
    partial = lowering.trace.partial
    outermost = fn not in lowering.active
    lowering.frame = frame
    lowering.active.setdefault(fn, (branches, arguments))
    try:
        result = yield fn.body, inner
    except CalcError as error:
        raise within(error, frame) from None
    finally:
        lowering.frame = caller
        if outermost:
            del lowering.active[fn]
    set_here(span)
    if lowering.trace.partial == partial:
        lowering.calls[key] = result
    return result


def _identity(low: Low) -> Any:
    """What makes two arguments the same."""
    if isinstance(low, Tup):
        return tuple(_identity(p) for p in low.parts)
    return (low.node, low.row, low.range) if isinstance(low, Arr) else low


def _varies(lowering: Lowering, low: Low) -> bool:
    """Whether an argument depends on a symbolic element."""
    if isinstance(low, Tup):
        return any(_varies(lowering, part) for part in low.parts)
    return isinstance(low, Arr) and lowering.trace.varies(low.node)


def _cycle(name: str, caller: Frame | None) -> list[str]:
    """The functions that call each other, in order: ``f -> g -> f``."""
    names = [name]
    while caller is not None and len(names) < 8:
        names.append(caller.function)
        if caller.function == name:
            break
        caller = caller.caller
    return names[::-1]


def show_parameter(p: tree.Parameter) -> str:
    """A parameter without its kind: ``x``, ``[x, y]``."""
    text = f"[{', '.join(p.names)}]" if p.vector else p.names[0]
    return text


# ---- parameters -----------------------------------------------------------------------------------


def bind_parameters(lowering: Lowering, fn: Closure, arguments: tuple[Low, ...], span: Span) -> dict[str, Low]:
    """The names that a call gives: parameters, parts of vectors, sizes."""
    names: dict[str, Low] = {}
    sizes: dict[str, Dim] = {}
    for parameter, argument in zip(fn.parameters, arguments, strict=True):
        learn_sizes(lowering, fn, parameter, argument, sizes)
    for parameter, argument in zip(fn.parameters, arguments, strict=True):
        if parameter.kind is not None:
            argument = check_kind(lowering, fn, parameter, argument, sizes, span)
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


def learn_sizes(lowering: Lowering, fn: Closure, parameter: tree.Parameter, argument: Low, sizes: dict[str, Dim]) -> None:
    """The sizes that stand as plain names in a kind: in x: R^(m*n), A: R^(m×n) they come from A."""
    if parameter.kind is None or not isinstance(argument, Arr) or argument.rank != len(parameter.kind.dims):
        return
    for dim, size in zip(parameter.kind.dims, argument.shape, strict=True):
        if isinstance(dim, tree.Name) and dim.id not in sizes and not isinstance(_known_size(lowering, dim, fn), int):
            sizes[dim.id] = size


def check_kind(lowering: Lowering, fn: Closure, parameter: tree.Parameter, argument: Low, sizes: dict[str, Dim], span: Span) -> Low:
    """The argument, if it is of the declared kind; sizes are compared with those that the names mean."""
    kind = parameter.kind
    assert kind is not None
    fits = isinstance(argument, Arr) and not argument.node.boolean and argument.rank == len(kind.dims)
    if fits and isinstance(argument, Arr) and argument.rank == 1 and argument.row != ("row" in kind.words):
        fits = False
    if not fits or not isinstance(argument, Arr):
        raise errors.wrong_kind(function_name(fn), show_parameter(parameter), show_kind(kind, sizes), words(argument), span)
    for dim, size in zip(kind.dims, argument.shape, strict=True):
        if (wanted := size_of(lowering, dim, sizes, fn)) != size:
            shown = show_kind(kind, sizes)
            error = errors.wrong_size(function_name(fn), show_parameter(parameter), shown, words(argument), str(wanted), str(size), span)
            raise error.of_sizes((wanted, size))
    check_facts(lowering.trace, function_name(fn), parameter, argument, span)
    return argument


def _known_size(lowering: Lowering, dim: tree.Name, fn: Closure) -> Dim | None:
    """A dimension name that an enclosing function has already fixed."""
    found = fn.scope.find(dim.id) if fn.scope is not None else None
    if isinstance(found, Arr) and not found.rank:
        return int(found.node.value) if found.node.value is not None else dim_of(found.node)
    return None


def size_of(lowering: Lowering, e: tree.Expr, sizes: dict[str, Dim], fn: Closure | None = None, fresh: bool = False) -> Dim:
    """The size that an expression in a kind means: numbers, names, sums, differences and products of them."""
    if isinstance(e, tree.Number) and e.value == int(e.value) and e.value >= 0:
        return int(e.value)
    if isinstance(e, tree.Name):
        if e.id not in sizes:
            known = _known_size(lowering, e, fn) if fn is not None else None
            if known is None and not fresh:
                raise errors.unknown_size(e.id, e.span)
            sizes[e.id] = symbol(e.id) if known is None else known
        return sizes[e.id]
    if isinstance(e, tree.Binary) and e.op in ("+", "-", "*"):
        a, b = size_of(lowering, e.left, sizes, fn, fresh), size_of(lowering, e.right, sizes, fn, fresh)
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
