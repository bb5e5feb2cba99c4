"""What a value is, in words: ``vector of 3``; how a function is called: ``q(x: R^n, A: R^(n×n)) → R``."""

from __future__ import annotations

from calclang.display.numbers import count
from calclang.ir.dim import show_shape
from calclang.lower.formulas import operator_text
from calclang.lower.kinds import trace_declared
from calclang.lower.lowered import Arr, Builtin, Closure, Derived, Fn, Low, Rng, Str, Tup, innermost
from calclang.lower.specialise import Branch, Traced, World
from calclang.syntax import format_target, tree

LONGEST = 20  # characters of a name before a list of parameters


def kind(low: Low) -> str:
    """The kind and shape of a value."""
    if isinstance(low, Arr):
        return _array(low)
    if isinstance(low, Tup):
        names = low.names or ("",) * len(low.parts)
        return "tuple of " + ", ".join(f"{name}: {kind(part)}" if name else kind(part) for name, part in zip(names, low.parts, strict=True))
    if isinstance(low, Rng):
        return f"range of {count(len(low.value), 'number')}"
    return "string" if isinstance(low, Str) else "function"


def _array(low: Arr) -> str:
    if not low.rank:
        return "boolean" if low.node.boolean else "number"
    shape = "×".join(f"{size:,}" for size in low.node.value.shape)
    if low.node.boolean:
        return f"mask of {shape}"
    return f"{low.kind} of {shape}"


def signature(world: World, fn: Fn, name: str = "") -> str:
    """How a function is called; what it gives, where the declared kinds of its parameters say so."""
    if isinstance(fn, Builtin):
        return fn.signature
    base = innermost(fn)
    if not isinstance(base, Closure):
        return f"{name or 'a function'}: {operator_text(world, fn)}" if isinstance(fn, Derived) else "a function"
    name = name or (operator_text(world, fn) if isinstance(fn, Derived) else fn.name)
    written = format_target(tree.FunctionTarget(name, base.parameters))
    return ("" if name else "function of ") + written + _gives(world, fn, base)


def _gives(world: World, fn: Fn, base: Closure) -> str:
    """`` → R^n``; nothing where the kinds do not say it."""
    if not base.parameters or any(p.kind is None and not p.vector for p in base.parameters):
        return ""
    traced = trace_declared(world, fn)
    return _arrow(traced.result) if isinstance(traced, Traced) else ""


def _arrow(low: Low) -> str:
    """`` → R^n``; nothing for what has no shape."""
    if not isinstance(low, Arr) or low.node.boolean:
        return ""
    return f" → {_shape(low)}"


def _shape(low: Arr) -> str:
    return f"{'row ' if low.row else ''}{show_shape(low.shape) if low.rank else 'R'}"


def result(world: World, fn: Fn) -> Low | None:
    """What a function gives, at its declared kinds or the likeliest ones; None where that is not known without values."""
    traced = _first(trace_declared(world, fn))
    return traced.result if traced is not None else None


def _first(traced: Traced | Branch[Traced] | None) -> Traced | None:
    while isinstance(traced, Branch):
        traced = traced.then
    return traced


def called(world: World, fn: Fn, name: str = "") -> str:
    """How a function is called and what it gives. Kinds that are not declared are the likeliest: ``f(x: R) → R, or other kinds that fit``."""
    base = innermost(fn)
    traced = _first(trace_declared(world, fn))
    if not isinstance(base, Closure) or not base.parameters or traced is None or all(p.kind is not None or p.vector for p in base.parameters):
        return signature(world, fn, name)
    parameters = [
        format_target(tree.FunctionTarget("", (p,))).strip("()") if p.kind is not None or p.vector else f"{p.names[0]}: {_shape(given)}"
        for p, given in zip(base.parameters, traced.inputs, strict=True)
    ]
    head = name or (operator_text(world, fn) if isinstance(fn, Derived) else base.name)
    return f"{head if len(head) <= LONGEST else ''}({', '.join(parameters)}){_arrow(traced.result)}, or other kinds that fit"
