"""Calls: arguments meet parameters (``parameters.py``), bodies are inlined. Equal calls are made once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from types import GeneratorType
from typing import TYPE_CHECKING, Any

from calclang import errors
from calclang.errors import CalcError
from calclang.ir.budget import charge, set_here
from calclang.lower.chain import within
from calclang.lower.lowered import FUNCTIONS, Arr, Builtin, Closure, Derived, Fn, Frame, Low, Scope, Tup, function_name, innermost, words
from calclang.lower.parameters import bind_parameters, show_parameter
from calclang.source import Span

if TYPE_CHECKING:
    from calclang.lower.driver import Step
    from calclang.lower.evaluate import Lowering


WRITTEN_OUT = 16  # calls inside of calls of one function, each in a branch of the one before, that are written out for all elements
CALL_COST = 10  # operations that a call is charged as


def call(lowering: Lowering, fn: Fn, arguments: tuple[Low, ...], options: dict[str, Any], span: Span) -> Step:
    """The value of a call."""
    if not options and worth_compiling(lowering, fn) and (known := lowering.compiled(fn, arguments)) is not None:
        return known
    if isinstance(fn, Closure):
        return (yield call_closure(lowering, fn, arguments, options, span))
    check_options(fn, options, span)
    if isinstance(fn, Derived):
        from calclang.lower.derivatives import call_derived

        return (yield call_derived(lowering, fn, arguments, span))
    count_given(fn, len(arguments), span)
    made = fn.call(lowering, arguments, options, span)
    return (yield made) if isinstance(made, GeneratorType) else made


def worth_compiling(lowering: Lowering, fn: Fn) -> bool:
    """Whether a call on constants may be handed to compiled code: not while something is traced, not from inside itself (recursion on
    data takes another path each time), and not what may have captured a symbolic element."""
    if lowering.trace.open or lowering.trace.derivatives or isinstance(fn, Builtin):
        return False
    called = innermost(fn)
    captures = isinstance(called, Closure) and called.scope is not None
    return called not in lowering.active and not (captures and lowering.trace.elements.axes)


def check_options(fn: Fn, options: Iterable[str], span: Span) -> None:
    """Raise E-ARITY where a function has no option of such a name."""
    allowed = fn.options if isinstance(fn, Builtin) else ()
    for name in options:
        if name not in allowed:
            raise errors.unknown_option(function_name(fn), name, list(allowed), span, instead(fn))


def instead(fn: Fn) -> str:
    """How it is written here what other languages ask of a built-in, or of a derivative where it is called."""
    if isinstance(fn, Derived):
        return f"options stand where the derivative is made:  {fn.operator}(f, …)"
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
    inner = innermost(fn)
    if isinstance(inner, Closure):
        check_count(function_name(fn), len(inner.parameters), len(inner.parameters), len(point), how, span)


def function_for(operator: str, low: Low, span: Span) -> Fn:
    """What an operator, or a built-in such as ``map``, is given to work on. Raises E-TYPE where it is no function."""
    if not isinstance(low, FUNCTIONS):
        raise errors.needs_function(operator, words(low), span).about(low)
    return low


def call_closure(lowering: Lowering, fn: Closure, arguments: tuple[Low, ...], options: dict[str, Any], span: Span) -> Step:
    """Inline the body of a function of the program. A call with the same arguments was made before: its value is known."""
    key = (fn, *(_identity(a) for a in arguments))
    if (known := lowering.calls.get(key)) is not None:
        return known
    if options or len(arguments) != len(fn.parameters):
        raise _misfit(fn, arguments, options, span)
    if fn in lowering.active or fn in lowering.recursions or fn in lowering.kept.functions:
        from calclang.lower import recursion

        if (found := (yield recursion.answer(lowering, fn, arguments, span))) is not None:
            return found
    frame, caller, partial = _frame(lowering, fn, span), lowering.frame, lowering.trace.elements.partial
    charge(CALL_COST)
    inner = Scope(bind_parameters(lowering.trace, fn, arguments, span), fn.scope, frame)
    if _by_elements(lowering, fn, arguments):
        from calclang.lower import recursion

        return (yield recursion.of_elements(lowering, fn, arguments, span))
    outermost = fn not in lowering.active
    lowering.active.setdefault(fn, (len(lowering.trace.elements.masks), arguments))
    lowering.frame = frame
    try:
        result = yield fn.body, inner
    except CalcError as error:
        raise within(error, frame) from None
    finally:
        lowering.frame = caller
        if outermost:
            del lowering.active[fn]
    set_here(span)
    if lowering.trace.elements.partial == partial:
        lowering.calls[key] = result
    return result


def _misfit(fn: Closure, arguments: Sequence[Low], options: dict[str, Any], span: Span) -> CalcError:
    """The error of a call with options, or with too many or too few arguments."""
    name, count = function_name(fn), len(fn.parameters)
    signature = f"{fn.name}({', '.join(show_parameter(p) for p in fn.parameters)})"
    if options:
        return errors.unknown_option(name, next(iter(options)), [], span, f"arguments stand in their order, without names: {signature}")
    return errors.wrong_arity(name, count, count, len(arguments), signature, span, _of_one_argument(fn, arguments))


def _of_one_argument(fn: Closure, arguments: Sequence[Low]) -> str:
    """What to write where a function of several values is called with one vector or tuple of them, be it with other arguments behind it."""
    first, *others = arguments or (None,)
    names = [p.names[0] for p in fn.parameters]
    parts, rest = names[: len(names) - len(others)], names[len(names) - len(others) :]
    if isinstance(first, Arr) and first.rank == 1 and first.shape[0] == len(parts):
        one, how = f"[{', '.join(parts)}]", "define it of one vector"
    elif isinstance(first, Tup) and len(first.parts) == len(parts):
        one = next(name for name in ("t", "s", "u", *(f"t{k}" for k in range(len(rest)))) if name not in rest)
        how = f"a tuple is one argument, {one} with the parts {', '.join(f'{one}[{k}]' for k in range(1, len(parts) + 1))}"
    else:
        return ""
    head = ", ".join([one, *rest])
    return f"{how}:  {fn.name}({head}) = …" if fn.name else f"{how}:  {f'({head})' if rest else one} -> …"


def _frame(lowering: Lowering, fn: Closure, span: Span) -> Frame:
    """The frame of a call that begins now. Raises E-RECURSION."""
    caller = lowering.frame
    depth = caller.depth + 1 if caller is not None else 1
    if depth > lowering.limits.calls:
        raise errors.endless_recursion(_cycle(function_name(fn), caller), lowering.limits.calls, span)
    return Frame(function_name(fn), span, depth, caller)


def _by_elements(lowering: Lowering, fn: Closure, arguments: Sequence[Low]) -> bool:
    """Whether a function calls itself in a branch that elements choose, with other elements than before or too deep to be written out: each
    element ends such a recursion somewhere else."""
    branches = len(lowering.trace.elements.masks)
    before, given = lowering.active.get(fn, (branches, arguments))
    if branches <= before:
        return False
    return branches - before > WRITTEN_OUT or any(_identity(a) != _identity(b) and _varies(lowering, a) for a, b in zip(arguments, given, strict=True))


def _identity(low: Low) -> Any:
    """What makes two arguments the same."""
    if isinstance(low, Tup):
        return tuple(_identity(p) for p in low.parts)
    return (low.node, low.row, low.range) if isinstance(low, Arr) else low


def _varies(lowering: Lowering, low: Low) -> bool:
    """Whether an argument depends on a symbolic element."""
    if isinstance(low, Tup):
        return any(_varies(lowering, part) for part in low.parts)
    return isinstance(low, Arr) and lowering.trace.elements.vary(low.node)


def _cycle(name: str, caller: Frame | None) -> list[str]:
    """The functions that call each other, in order: ``f -> g -> f``."""
    names = [name]
    while caller is not None and len(names) < 8:
        names.append(caller.function)
        if caller.function == name:
            break
        caller = caller.caller
    return names[::-1]
