"""Values and functions as syntax trees that give them again: numbers in full, functions with what they captured."""

from __future__ import annotations

from typing import Any

import numpy as np

from calclang.backends.python.interpret import evaluate
from calclang.ir.apply import INPUT
from calclang.ir.dim import show_shape
from calclang.ir.node import order
from calclang.lower.lowered import FUNCTIONS, Arr, Builtin, Closure, Derived, Fn, Low, Rng, Str, Tup
from calclang.lower.specialise import World
from calclang.syntax import tree
from calclang.syntax.free import free, names_of

NUMBERS = 100_000  # of all arrays in a function; more are not written
CLOSURES = 100  # functions in a function
DEEPEST = 10  # functions inside each other


class Unwritten(Exception):
    """A value that is not written; the message says why."""


class Writer:
    """One value being written, in at most so many ``numbers``."""

    def __init__(self, world: World, numbers: int = NUMBERS) -> None:
        self.world = world
        self.numbers = numbers
        self.closures = CLOSURES
        self.depth = 0

    def value(self, low: Low, name: str = "it") -> tree.Expr:
        """The tree of a value that has a ``name``. Raises `Unwritten`."""
        if isinstance(low, FUNCTIONS):
            return self.function(low)
        if isinstance(low, Tup):
            return tree.Tuple(tuple(self.value(part, name) for part in low.parts), low.names)
        if isinstance(low, Str):
            return tree.String(low.value)
        if isinstance(low, Rng):
            step = None if low.value.step == 1 else number(low.value.step)
            return tree.Range(number(low.value.start), step, number(low.value.stop))
        assert isinstance(low, Arr)
        array = value_of(low, name)
        self.numbers -= array.size
        if array.size > 1 and self.numbers < 0:
            raise Unwritten(f"{name} in {show_shape(array.shape)} is not written out")
        return tree.Prime(array_tree(array)) if low.row else array_tree(array)

    def function(self, fn: Fn) -> tree.Expr:
        """A function by the name that the session has for it; else as it is made."""
        known = next((name for name, low in self.world.globals.items() if low is fn), "")
        return tree.Name(known) if known else self.made(fn)

    def made(self, fn: Fn) -> tree.Expr:
        """How a function is made: a lambda, the call of an operator, the name of a built-in function. Raises `Unwritten`."""
        if isinstance(fn, Builtin):
            if fn.name in self.world.globals:
                raise Unwritten(f"{fn.name} of the language has lost its name")
            return tree.Name(fn.name)
        self.closures -= 1
        if self.closures < 0 or self.depth >= DEEPEST:
            raise Unwritten("too many functions are inside each other")
        self.depth += 1
        made = self.operator(fn) if isinstance(fn, Derived) else self.closure(fn)
        self.depth -= 1
        return made

    def operator(self, fn: Derived) -> tree.Expr:
        """The call that makes a derivative, with all its options; the direction is an operand."""
        options: list[tuple[str, Any]] = [(name, v if isinstance(v, tree.Tree) else self.value(v, name)) for name, v in fn.options]
        operands = (self.function(fn.function), *(value for name, value in options if name == "along"))
        return tree.Call(tree.Name(fn.operator), operands, tuple(option for option in options if option[0] != "along"))

    def closure(self, fn: Closure) -> tree.Expr:
        """A lambda ``where`` its captured names have their values; a local function that calls itself by its name."""
        captured = captures(fn)
        own = captured.get(fn.name) is fn
        values = {name: self.value(low, name) for name, low in captured.items() if low is not fn}
        wanted = {name for value in values.values() for name in free(value)}
        if wanted & set(captured):
            raise Unwritten(f"{min(wanted & set(captured))} means two things in it")
        bindings = tuple(tree.Binding(tree.NameTarget(name), value) for name, value in values.items())
        if own:
            return tree.Let((*bindings, tree.Binding(tree.FunctionTarget(fn.name, fn.parameters), fn.body)), tree.Name(fn.name), where=True)
        made = tree.Lambda(fn.parameters, fn.body)
        if not bindings:
            return made
        if wanted & names_of(fn.parameters) or set(captured) & {name for p in fn.parameters if p.kind for name in free(p.kind)}:
            return tree.Let(bindings, made, where=True)
        return tree.Lambda(fn.parameters, tree.Let(bindings, fn.body, where=True))


def captures(fn: Closure) -> dict[str, Low]:
    """What a function took from the functions around it, by name."""
    if fn.scope is None:
        return {}
    found = {name: fn.scope.find(name) for name in free(tree.Lambda(fn.parameters, fn.body))}
    return {name: low for name, low in found.items() if low is not None}


def value_of(low: Arr, name: str) -> Any:
    """The numbers of an array. Raises `Unwritten` where they depend on an argument."""
    if low.node.value is not None:
        return np.asarray(low.node.value)
    if any(node.op is INPUT for node in order([low.node])):
        raise Unwritten(f"{name} has no value yet")
    return np.asarray(evaluate([low.node], {})[0])


def array_tree(array: Any) -> tree.Expr:
    """An array as brackets, and the calls that give the shapes which brackets do not."""
    if not array.ndim:
        return tree.Boolean(bool(array)) if array.dtype == np.bool_ else number(float(array))
    if array.ndim == 1:
        return tree.Array((tuple(map(array_tree, array)),) if array.size else ())
    if array.ndim == 2 and min(array.shape) > 1:
        return tree.Array(tuple(tuple(map(array_tree, row)) for row in array))
    if array.dtype == np.bool_:  # what makes the other shapes takes numbers
        return tree.Compare((array_tree(array.astype(np.float64)), number(1.0)), ("==",))
    if not array.size:
        return call("zeros", *map(number, array.shape))
    if array.ndim > 2:
        return call("stack", *map(array_tree, array))
    return call("reshape", array_tree(array.ravel()), *map(number, array.shape))  # [1, 2] and [1; 2] are vectors


def number(x: float) -> tree.Expr:
    """A number; below zero with a sign."""
    return tree.Unary("-", number(-x)) if x < 0 or str(x) == "-0.0" else tree.Number(float(x))


def call(name: str, *arguments: tree.Expr) -> tree.Expr:
    """A call of a function of the language."""
    return tree.Call(tree.Name(name), arguments)
