"""Syntax tree → graph: one generator per construct, run on an explicit stack, so that neither deep programs nor deep calls recurse.

A construct asks for a part by yielding ``(expression, scope)``, or a generator of its own; the driver (``driver.py``) sends back the `Low`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import field
from itertools import count
from typing import Any

from calclang import errors
from calclang.ir.budget import set_here
from calclang.ir.node import Node
from calclang.limits import Limits
from calclang.lower import arrays, operators
from calclang.lower.calls import call, check_options, count_given
from calclang.lower.chain import place
from calclang.lower.driver import Step, drive
from calclang.lower.lowered import (
    FUNCTIONS,
    WHOLE,
    Arr,
    Builtin,
    Closure,
    Fn,
    Frame,
    Kept,
    Low,
    Rng,
    Scope,
    Str,
    Tup,
    boolean,
    nested,
    scalar,
    words,
)
from calclang.lower.parts import take_apart
from calclang.lower.ranges import between
from calclang.lower.trace import Trace
from calclang.record import record
from calclang.source import Span
from calclang.syntax import tree


@record(frozen=False)
class Lowering:
    """The work of one statement, or of one function specialised to its arguments.

    ``globals`` are the session's definitions, looked up by name when used. ``builtin(name)`` finds what the language brings.
    """

    globals: Mapping[str, Low]
    limits: Limits
    builtin: Callable[[str], Low | None]
    trace: Trace = field(default_factory=Trace)
    calls: dict[Any, Low] = field(default_factory=dict)  # calls made before, with their results
    frame: Frame | None = None  # the call in progress
    active: dict[Closure, tuple[int, tuple[Low, ...]]] = field(default_factory=dict)  # functions being called: in how many branches, with what
    read: Callable[[str, Span], Low] | None = None  # what a data file holds
    one_by_one: dict[int, tuple[tree.Tree, str]] = field(default_factory=dict)  # what could not be traced with symbolic elements, and why, by identity
    compiled: Callable[[Fn, tuple[Low, ...]], Low | None] = lambda fn, arguments: None  # calls on constants that are worth compiling
    recursions: dict[Closure, Any] = field(default_factory=dict)  # what is known of functions that call themselves (recursion.py)
    kept: Kept = field(default_factory=Kept)
    draws: Iterator[int] = field(default_factory=count)

    # ---- the driver ----

    def run(self, expression: tree.Expr, scope: Scope | None = None) -> Low:
        """The value of an expression."""
        return self.drive(self.step(expression, scope))

    def step(self, e: Any, scope: Scope | None) -> Step | Low:
        """The work of a construct: a generator, or at once what a leaf is."""
        result: Step | Low = getattr(self, "lower_" + type(e).__name__.lower())(e, scope)
        return result

    def drive(self, steps: Step | Low) -> Low:
        """The value that steps come to."""
        return drive(steps, self.step)

    # ---- leaves ----

    def lower_number(self, e: tree.Number, scope: Scope | None) -> Low:
        return scalar(e.value)

    def lower_string(self, e: tree.String, scope: Scope | None) -> Low:
        return Str(e.value)

    def lower_boolean(self, e: tree.Boolean, scope: Scope | None) -> Low:
        return boolean(e.value)

    def lower_name(self, e: tree.Name, scope: Scope | None) -> Low:
        return self.lookup(e.id, scope, e.span)

    def lower_end(self, e: tree.End, scope: Scope | None) -> Low:
        found = scope.find("end") if scope is not None else None
        if found is None:
            raise errors.end_outside_index(e.span)
        return found

    def lower_whole(self, e: tree.Whole, scope: Scope | None) -> Low:
        return WHOLE

    def lookup(self, name: str, scope: Scope | None, span: Span | None) -> Low:
        """A name: of the scopes around, of the top level, of the language."""
        if scope is not None and (local := scope.find(name)) is not None:
            return local
        self.trace.looked.add(name)
        if (low := self.globals.get(name)) is not None:
            return self.hide(name, low) if self.trace.open else low
        if (low := self.builtin(name)) is not None:
            return low
        from calclang.lower.spelling import unknown

        raise unknown(name, span, scope, self.globals, self.builtin)

    def hide(self, name: str, low: Low) -> Low:
        """A top-level array inside a function that is traced: an input of the graph, so that changing it needs no new graph."""
        if isinstance(low, Arr) and low.node.value is not None:
            node = self.trace.hidden.get(name)
            if node is None:
                node = self.trace.hidden_input(name, low.node)
            return Arr(node, low.row)
        return low

    # ---- operators ----

    def lower_unary(self, e: tree.Unary, scope: Scope | None) -> Step:
        return operators.unary(self, e, scope)

    def lower_binary(self, e: tree.Binary, scope: Scope | None) -> Step:
        return operators.binary(self, e, scope)

    def lower_compare(self, e: tree.Compare, scope: Scope | None) -> Step:
        return operators.compare(self, e, scope)

    def lower_prime(self, e: tree.Prime, scope: Scope | None) -> Step:
        return operators.prime(self, e, scope)

    # ---- parts ----

    def lower_array(self, e: tree.Array, scope: Scope | None) -> Step:
        rows: list[list[Arr]] = []
        for parts in e.rows:
            row: list[Arr] = []
            for part in parts:
                row.append(self.array((yield part, scope), part.span, "[ ]"))
            rows.append(row)
        set_here(place(e.span, scope))
        return arrays.literal(rows, e)

    def lower_tuple(self, e: tree.Tuple, scope: Scope | None) -> Step:
        parts = []
        for part in e.parts:
            parts.append((yield part, scope))
        return Tup(tuple(parts), e.names)

    def lower_range(self, e: tree.Range, scope: Scope | None) -> Step:
        return between(self, e, scope)

    def lower_index(self, e: tree.Index, scope: Scope | None) -> Step:
        from calclang.lower.indexing import read

        target = yield e.target, scope
        indices = []
        for axis, index in enumerate(e.indices):
            size = arrays.axis_size(target, axis)
            inner = nested(scope, {"end": size} if size is not None else None)
            indices.append((yield between(self, index, inner, sizes=True) if isinstance(index, tree.Range) else (index, inner)))
        set_here(place(e.span, scope))
        return read(self, target, indices, e)

    # ---- structure ----

    def lower_if(self, e: tree.If, scope: Scope | None) -> Step:
        condition = self.condition((yield e.condition, scope), e.condition.span)
        if self.trace.elements.vary(condition.node):
            from calclang.lower.choices import choice

            return (yield choice(self, e, condition.node, scope))
        return (yield (e.then if self.trace.decide(condition.node) else e.otherwise), scope)

    def lower_let(self, e: tree.Let, scope: Scope | None) -> Step:
        inner = nested(scope)
        for binding in e.bindings:
            yield self.bind(binding.target, binding.value, inner)
        return (yield e.body, inner)

    def bind(self, target: tree.Target, value: tree.Expr, scope: Scope) -> Step:
        """Give names to a value in ``scope``."""
        if isinstance(target, tree.FunctionTarget):
            made = Closure(target.parameters, value, scope, target.name, target.span)
            scope.names[target.name] = made
            return made
        low: Low = yield value, scope
        for name, part in take_apart(target, low):
            scope.names[name] = part
            if isinstance(part, Arr):
                self.trace.records.call_it(part.node, name)
        return low

    def lower_lambda(self, e: tree.Lambda, scope: Scope | None) -> Low:
        return Closure(e.parameters, e.body, scope, "", e.span)

    def lower_comprehension(self, e: tree.Comprehension, scope: Scope | None) -> Step:
        from calclang.lower.comprehension import comprehension

        return (yield comprehension(self, e, scope))

    def lower_call(self, e: tree.Call, scope: Scope | None) -> Step:
        function = self.called((yield e.function, scope), e)
        if e.arguments and isinstance(e.arguments[0], tree.Comprehension):
            from calclang.lower.ragged import reduction

            if (made := (yield reduction(self, function, e, scope))) is not None:
                return made
        arguments = []
        for argument in e.arguments:
            arguments.append((yield self.argument(function, argument, scope)))
        options: dict[str, Any] = {}
        for name, value in e.options:
            options[name] = value if name in tree.BARE else (yield value, scope)
        set_here(place(e.span, scope))
        try:
            return (yield self.call(function, tuple(arguments), options, e.span))
        except errors.DirectionError as error:
            maker = e if isinstance(function, Builtin) else e.function  # jvp(f, x, v), or directional(f, v)(x)
            raise error.written(e.span, maker.arguments[-1].span if isinstance(maker, tree.Call) else e.span) from None
        except errors.ArgumentError as error:
            places = [*zip(arguments, e.arguments, strict=True), *((options[name], value) for name, value in e.options)]
            raise error.written(e.span, [(low, part.span) for low, part in places if isinstance(part, tree.Tree)]) from None

    def argument(self, function: Fn, e: tree.Expr, scope: Scope | None) -> Any:
        """What is asked of the driver for an argument: of a loop without brackets its terms, where the function looks at them one by one."""
        if isinstance(e, tree.Comprehension) and e.bare and isinstance(function, Builtin):
            from calclang.lower.comprehension import TERM_BY_TERM, terms

            if function.name in TERM_BY_TERM:
                return terms(self, e, scope)
        return e, scope

    def call(self, function: Low | None, arguments: tuple[Low, ...], options: dict[str, Any], span: Span) -> Step:
        """Call any function."""
        assert isinstance(function, FUNCTIONS)
        return call(self, function, arguments, options, span)

    # ---- what a place needs ----

    def called(self, low: Low, e: tree.Call) -> Fn:
        """The function of a call. What a built-in is given is counted before it is looked at: ``diff(f, x)`` is no question of x."""
        if isinstance(low, Builtin):
            check_options(low, [name for name, _ in e.options], e.span)
            count_given(low, len(e.arguments), e.span)
        elif not isinstance(low, FUNCTIONS):
            written = e.function.span
            raise errors.not_a_function(words(low), written, written.text, written.source.text[written.stop : e.span.stop])
        return low

    def function(self, low: Low, span: Span) -> Fn:
        """A function. Raises E-TYPE for anything else."""
        if not isinstance(low, FUNCTIONS):
            raise errors.not_a_function(words(low), span).about(low)
        return low

    def array(self, low: Low, span: Span | None, use: str) -> Arr:
        """An array; a range becomes the vector of its numbers."""
        if isinstance(low, Arr):
            return low
        if isinstance(low, Rng):
            return arrays.range_vector(low.value)
        raise errors.no_arithmetic(words(low), use, span).about(low)

    def truth(self, low: Low, span: Span | None) -> Arr:
        """Truth values: one, or a mask. Raises E-TYPE for anything else."""
        if not isinstance(low, Arr) or not low.node.boolean:
            raise errors.needs_truth(words(low), span).about(low)
        return low

    def condition(self, low: Low, span: Span | None, use: str = "if") -> Arr:
        """One truth value."""
        truth = self.truth(low, span)
        if truth.rank:
            raise errors.mask_condition(use, truth.words(), span)
        return truth

    def number(self, low: Low, span: Span | None, use: str) -> float:
        """The value of a scalar that shapes the graph."""
        return float(self.trace.decide(self.shaping(low, span, use)))

    def shaping(self, low: Low, span: Span | None, use: str) -> Node:
        """A scalar whose value shapes the graph."""
        if not isinstance(low, Arr) or low.rank or low.node.boolean:
            raise errors.needs_number(words(low), use, span).about(low)
        self.trace.must_not_vary(low.node, use, span)
        return low.node

    def node(self, low: Low, span: Span | None, use: str) -> Node:
        """The node of an array."""
        return self.array(low, span, use).node
