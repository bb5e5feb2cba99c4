"""Functions of a program as Python callables.

The compiled function is the fast path: a class is made per function whose ``__call__`` is the compiled code itself, with its argument
checks; whatever is unusual falls through to `Function.general`, which traces, interprets, judges, and compiles for the next call.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from calclang.ir.apply import const
from calclang.ir.budget import charged, spend
from calclang.ir.node import order
from calclang.ir.work import total
from calclang.lower import finish
from calclang.lower.convert import to_low, to_value
from calclang.lower.derivatives import derived
from calclang.lower.lowered import FUNCTIONS, Arr, Fn, Low, Tup
from calclang.lower.parts import leaves, rebuilt
from calclang.lower.specialise import Traced, trace_call
from calclang.lower.trace import Trace, Unwanted
from calclang.syntax.tree import NOWHERE

if TYPE_CHECKING:
    from calclang.errors import Diagnostic
    from calclang.session import Session

CALLED = 10_000  # steps of work of a call from Python, beside its operations
RETRACED = 2  # calls the general way after which no graph is made any more for a function that calls itself
COMPILE_AT_ONCE = 1_000  # nodes; a larger graph is interpreted the first time and compiled when it is called again


class Function:
    """A function of a session: call it with numbers and arrays, get numbers and arrays.

    >>> from calclang import Session
    >>> session = Session()
    >>> _ = session.run("f(x, y) = (x + 2y^3)^2")
    >>> session["f"](1.0, 2.0)
    289.0
    >>> session["f"].grad(1.0, 2.0)
    array([ 34., 816.])

    Nothing is printed: what a call warns of, such as a derivative at a corner, is in ``session.warnings``.

    >>> _ = session.run("g(x) = abs(x)")
    >>> session["g"].grad(0.0)
    0.0
    >>> session.warnings[0].message
    'not differentiable here: abs has a corner at 0; the slope given there is 0'
    """

    name: str
    low: Fn
    session: Session
    waiting: tuple[Any, Traced, list[Arr]] | None
    has_code: bool  # whether compiled code serves its calls
    heard: list[Diagnostic]  # where its warnings go
    recursive: bool  # whether it calls itself, and so takes another path for other arguments
    traces: int  # how often the general path was taken
    size: int  # nodes of the compiled graph
    work: float  # steps of a call, but for the turns of its loops

    def __call__(self, *arguments: Any) -> Any:
        return self.general(*arguments)

    def __repr__(self) -> str:
        return f"<calc function {self.source()}>"

    def source(self) -> str:
        """The function in calc; a derivative as its formula."""
        from calclang.lower.formulas import function_source

        with charged(self.session.budget):
            return function_source(self.session.world, self.low)

    def shown(self, numbers: int) -> tuple[str, str]:
        """The function for a reader: its source with at most so many ``numbers`` of what it captured, and what is to be said beside it."""
        from calclang.lower.formulas import shown

        with charged(self.session.budget):
            made = shown(self.session.world, self.low, numbers)
        return made.text, made.remark

    @property
    def grad(self) -> Any:
        """The gradient, a function of the same arguments."""
        made = make_function(self.session, derived("grad", self.low, {}))
        self.__dict__["grad"] = made
        return made

    def compiled(self, *arguments: Any) -> Callable[..., Any]:
        """This function for arguments of the kinds and shapes of these, as a plain Python function: the quickest call, with all its checks.

        Whatever else it is given goes the general way. Raises `CalcError` as a call would.

        >>> from calclang import Session
        >>> session = Session()
        >>> _ = session.run("f(x) = x*sin(x)")
        >>> slope = session["f"].grad.compiled(1.0)
        >>> round(slope(2.0), 9)
        0.077003754
        """
        self(*arguments)
        self(*arguments)  # a large graph is compiled when it is called again
        call = vars(type(self)).get("__call__")
        return self if call is None else call.__func__

    def inside(self, *arguments: Any) -> Any:
        """A call in the course of a statement, charged to it. Raises E-LIMIT-WORK and what a call raises."""
        spend(CALLED + self.work)
        return self(*arguments)

    def general(self, *arguments: Any) -> Any:
        """The general path: any kinds, with everything checked. Raises `CalcError`."""
        given = tuple(to_low(a, function_of) for a in arguments)
        self.traces += 1
        with charged(self.session.budget):
            if (waiting := self.waiting) is not None and waiting[0] == _kinds(given):
                self.waiting = None
                self.compile(waiting[1], waiting[2])
                return self(*arguments)
            if self.recursive and self.traces > RETRACED:
                return self.followed(given)
            try:
                traced, inputs = self.trace(given, optional=True)
            except Unwanted:
                self.recursive = True
                return self.followed(given)
            self.recursive = traced.recursive
            nodes = leaves(traced.result)
            values = finish.values(traced.trace, nodes, traced.trace.known)
            self.hear(traced.trace.records.warnings)
            self.offer(given, traced, inputs)
            return to_value(rebuilt(traced.result, map(const, values)), lambda fn: make_function(self.session, fn))

    def hear(self, warnings: Sequence[Diagnostic]) -> None:
        """Keep warnings, each once."""
        self.heard += [w for w in warnings if w not in self.heard]

    def followed(self, given: tuple[Low, ...]) -> Any:
        """The value of a call for which no graph is kept."""
        trace = Trace()
        lowering = self.session.world.lowering(trace)
        low = self.session.settle(lowering.drive(lowering.call(self.low, given, {}, NOWHERE)), trace)
        self.hear(trace.records.warnings)
        return to_value(low, lambda fn: make_function(self.session, fn))

    def offer(self, given: tuple[Low, ...], traced: Traced, inputs: list[Arr]) -> None:
        """Compile a traced call: a small graph at once, a large one when it is called again."""
        if any(isinstance(g, Tup) for g in given):
            return
        nodes = order(leaves(traced.result))
        self.size, self.work = len(nodes), total(nodes)
        if self.size <= COMPILE_AT_ONCE:
            self.compile(traced, inputs)
        else:
            self.waiting = (_kinds(given), traced, inputs)

    def trace(self, given: tuple[Low, ...], optional: bool = False) -> tuple[Traced, list[Arr]]:
        """The graph at inputs of the kinds of ``given``, with their values. Raises `Unwanted` where it is ``optional``."""
        arguments, known, inputs = opened(given)
        return trace_call(self.session.world, self.low, arguments, known, NOWHERE, optional=optional), inputs

    def compile(self, traced: Traced, inputs: list[Arr]) -> None:
        """Make the compiled graph this function's call, where it can serve other arguments of the same kinds."""
        entry = self.session.compiled(self, traced, inputs)
        self.has_code = entry is not None
        if entry is not None:
            type(self).__call__ = staticmethod(entry)  # type: ignore[method-assign]


def function_of(value: Any) -> Fn | None:
    """What lowering calls a function value; None for other values."""
    if isinstance(value, Function):
        return value.low
    return value if isinstance(value, FUNCTIONS) else None


def _kinds(given: tuple[Low, ...]) -> Any:
    """The kinds and shapes of arguments."""
    return tuple((g.shape, g.row, g.node.boolean) if isinstance(g, Arr) else g for g in given)


def make_function(session: Session, low: Fn, heard: list[Diagnostic] | None = None) -> Function:
    """A callable of its own class, so that its compiled code can be its ``__call__``. ``heard``: where its warnings go (the session's)."""
    made: Function = type("Function", (Function,), {"__doc__": Function.__doc__})()
    made.name, made.low, made.session, made.waiting = getattr(low, "name", ""), low, session, None
    made.has_code, made.recursive, made.traces, made.size, made.work = False, False, 0, 0, 0.0
    made.heard = session.warnings if heard is None else heard
    return made


def opened(given: tuple[Low, ...]) -> tuple[list[Low], dict[Any, Any], list[Arr]]:
    """Arguments with inputs of a graph in the places of their numbers; the values of the inputs; the inputs."""
    from calclang.ir.apply import input_node
    from calclang.ir.node import Symbol

    known: dict[Any, Any] = {}
    inputs: list[Arr] = []

    def open_up(low: Low) -> Low:
        if isinstance(low, Tup):
            return Tup(tuple(open_up(p) for p in low.parts), low.names)
        if not isinstance(low, Arr) or low.node.boolean:
            return low
        node = input_node(Symbol(f"x{len(inputs) + 1}"), low.shape)
        known[node] = low.node.value
        inputs.append(Arr(node, low.row))
        return inputs[-1]

    return [open_up(g) for g in given], known, inputs
