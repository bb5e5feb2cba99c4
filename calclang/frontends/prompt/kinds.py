"""What a value is, in words: ``vector of 3``; how a function is called: ``q(x: R^n, A: R^(n×n)) → R``."""

from __future__ import annotations

from calclang.display.numbers import count
from calclang.ir.dim import show_shape
from calclang.lower.formulas import operator_text
from calclang.lower.kinds import innermost, trace_declared
from calclang.lower.lowered import Arr, Builtin, Closure, Derived, Fn, Low, Rng, Str, Tup
from calclang.lower.specialise import Traced, World
from calclang.syntax import format_target, tree


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
    low = traced.result if isinstance(traced, Traced) else None
    if not isinstance(low, Arr) or low.node.boolean:
        return ""
    return f" → {'row ' if low.row else ''}{show_shape(low.shape) if low.rank else 'R'}"
