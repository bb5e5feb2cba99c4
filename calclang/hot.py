"""Calls on constants inside a statement: a function that is called again and again, as in a training loop, is compiled."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from calclang.errors import CalcError
from calclang.functions import Function, function_of, make_function
from calclang.ir.budget import charge, keeping_place
from calclang.ir.dim import show_shape
from calclang.lower.convert import to_low
from calclang.lower.lowered import Arr, Derived, Fn, Low
from calclang.syntax import tree

if TYPE_CHECKING:
    from calclang.session import Session

CALLS = 3  # from this call on with arguments of one kind
RETRACED = 2  # general calls after which a function is left alone
MOST = 1_000  # functions remembered


class Hot:
    """Which functions a session calls often. A function whose call cannot be compiled, or could warn, is left to the general path."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.counts: dict[Any, int] = {}
        self.functions: dict[Any, Function | None] = {}

    def call(self, fn: Fn, arguments: tuple[Low, ...]) -> Low | None:
        """The value of a call that is worth compiling; None for any other. Raises `CalcError` as the call would."""
        kinds = tuple((a.shape, a.node.boolean) if isinstance(a, Arr) and a.node.value is not None and not a.row else None for a in arguments)
        key = (identity(fn), kinds)
        if None in kinds or key[0] is None or (function := self._function(key, fn)) is None:
            return None
        charge(1 + function.size // 10)  # compiled code is about ten times as fast
        try:
            with keeping_place():
                value = function.inside(*(a.node.value for a in arguments if isinstance(a, Arr)))
        except CalcError:  # the general path says where it was called
            return None
        if not function.has_code:
            self.functions[key] = None
            return None
        if function.heard:  # the general path says it where the statement hears it
            function.heard.clear()
            return None
        return to_low(value, function_of)

    def _function(self, key: Any, fn: Fn) -> Function | None:
        """What serves the calls of a function on arguments of one kind; None where that is not, or not yet, worth it."""
        if key not in self.functions:
            self.counts[key] = count = self.counts.get(key, 0) + 1
            if len(self.counts) > MOST:
                self.counts.clear()
            if count < CALLS:
                return None
            self.functions[key] = make_function(self.session, fn, [])
        function = self.functions[key]
        if function is not None and function.traces > RETRACED:  # it takes another path each time, as recursion on data does
            function = self.functions[key] = None
        return function

    def compiled_for(self, fn: Fn) -> list[str]:
        """The kinds of arguments for which a function is compiled: ``R^3, R``."""
        mine = [kinds for (it, kinds), made in self.functions.items() if it == identity(fn) and made is not None and "__call__" in vars(type(made))]
        return [", ".join(show_shape(shape) if shape else "R" for shape, _ in kinds) for kinds in mine]

    def forget(self) -> None:
        """A definition has changed."""
        self.counts.clear()
        self.functions.clear()


def identity(fn: Fn) -> Any:
    """What makes two functions the same: operators are looked through, because ``grad(f)`` is a new one each time it is written."""
    if not isinstance(fn, Derived):
        return fn
    inner = identity(fn.function)
    options = tuple((k, v if isinstance(v, tree.Tree) else v.node if isinstance(v, Arr) else None) for k, v in fn.options)
    return None if inner is None or any(v is None for _, v in options) else (fn.operator, inner, options)
