"""A session: definitions, settings, limits. The one object that every frontend and every embedder holds. It prints nothing."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from threading import Thread, current_thread
from typing import TYPE_CHECKING, Any

from calclang import disk, errors, registry
from calclang.cells import Cells
from calclang.errors import CalcError, Diagnostic
from calclang.functions import Function, function_of, make_function
from calclang.hot import Hot
from calclang.ir.apply import const
from calclang.ir.budget import Budget, charging
from calclang.limits import LOCAL, Limits
from calclang.lower import finish, library
from calclang.lower.chain import loaded_from, with_calls
from calclang.lower.convert import to_low, to_value
from calclang.lower.lowered import Arr, Closure, Fn, Low, Scope
from calclang.lower.parts import distinct, replaced, take_apart
from calclang.lower.specialise import Traced, World
from calclang.lower.spoken import spoken
from calclang.lower.trace import Trace
from calclang.progress import Hook, Stopped, listening
from calclang.record import record
from calclang.settings import SETTINGS, Settings
from calclang.source import Source, Span
from calclang.syntax import parse, tree
from calclang.values import Value

if TYPE_CHECKING:
    from pathlib import Path


@record
class Result:
    """What one statement gave. ``value`` is None for a definition or an assertion; ``name`` is what a definition defines;
    ``printed`` are the arguments of ``print(…)``."""

    value: Value | None = None
    shown: bool = False
    warnings: tuple[Diagnostic, ...] = ()
    name: str = ""
    printed: tuple[Value, ...] | None = None


@record
class Snapshot:
    """The state of a session between two statements."""

    definitions: dict[str, Low]
    settings: Settings


class Session:
    """A calc session. One thread at a time may use it; separate sessions may run in parallel.

    >>> session = Session()
    >>> [result.value for result in session.run("f(x) = x^2; f(3)") if result.shown]
    [9.0]
    >>> session["f"](4.0)
    16.0
    """

    def __init__(self, limits: Limits = LOCAL) -> None:
        self.limits = limits
        self.settings = Settings()
        self.definitions: dict[str, Low] = {}
        self.cells = Cells()
        self.loading: list[Path] = []
        self.loaded: list[Path] = []  # files that were loaded, each once; not those that they load themselves
        self.numbered: Mapping[str, Low] = {}  # results that the prompt has given names to, which a definition of the same name hides
        self.stdin: Callable[[], bytes] = lambda: sys.stdin.buffer.read()
        self.warnings: list[Diagnostic] = []  # of functions called from Python, each once, until you clear it; statements give theirs in `Result`
        self.progress: Hook | None = None  # told now and then how far long work is; it may raise to stop it
        self.left_behind: set[Thread] = set()
        self.hot = Hot(self)
        self.world = World(self.definitions, limits, self.find, self.hot.call, lambda: self.settings.ieee, self.read, lambda: self.settings.mode, self.cells.kept)

    # ---- running ----

    def statements(self, text: str | bytes, name: str = "<input>") -> Iterator[Result]:
        """Run a program, one statement per ``next()``. The whole text is parsed first. Raises `CalcError`; what stood before stands."""
        program, spent = self.parse(text, name), 0.0
        for statement in program.statements:
            budget = self.budget(spent)
            yield self.execute(statement, budget)
            spent = budget.spent

    def run(self, text: str | bytes, name: str = "<input>") -> list[Result]:
        """All results of a program. Raises `CalcError` at the first statement that fails."""
        return list(self.statements(text, name))

    def parse(self, text: str | bytes, name: str) -> tree.Program:
        """The syntax tree of a program, which is not run. Raises `CalcError`, and `TypeError` for what is neither a text nor bytes."""
        if not isinstance(text, str | bytes):
            raise TypeError(f"a program is a text (str or bytes), but got {type(text).__name__}")
        from calclang.syntax import source_of

        source = source_of(text, name) if isinstance(text, bytes) else Source(name, text)
        return parse(source, registry.WORDS, nesting=self.limits.nesting, length=self.limits.source)

    def eval(self, text: str) -> Any:
        """The value of one expression, of a kind that `calclang.values` lists. Raises `CalcError`.

        >>> Session().eval("[1, 2; 3, 4] * [1, 1]")
        array([3., 7.])
        """
        results = self.run(text)
        if not results or results[-1].value is None:
            raise errors.no_expression()
        return results[-1].value

    def __getitem__(self, name: str) -> Any:
        """What a name means, of a kind that `calclang.values` lists; functions can be called. Raises E-NAME.

        >>> Session()["sin"](0.0)
        0.0
        """
        low = self.definitions.get(name) or self.find(name)
        if low is None:
            raise errors.unknown_name(name, [*self.definitions, *library.names()])
        return self.value(low)

    def __contains__(self, name: object) -> bool:
        """Whether the session defines a name."""
        return name in self.definitions

    def __iter__(self) -> Iterator[str]:
        """The names that the session defines.

        >>> session = Session()
        >>> _ = session.run("f(x) = x; a = 1")
        >>> list(session), "f" in session, "sin" in session
        (['f', 'a'], True, False)
        """
        return iter(tuple(self.definitions))

    def __setitem__(self, name: str, value: Any) -> None:
        self.define(name, to_low(value, function_of))

    def find(self, name: str) -> Low | None:
        """What a name means that the session does not define."""
        return self.numbered.get(name) or library.find(name)

    def reset(self) -> None:
        """Forget every definition."""
        self.definitions.clear()
        self._forget_compiled()

    def undefine(self, name: str) -> None:
        """Forget one definition. Raises E-NAME."""
        if name not in self.definitions:
            raise errors.not_yours(name, list(self.definitions), library.find(name) is not None)
        del self.definitions[name]
        self._forget_compiled()

    def _forget_compiled(self) -> None:
        self.hot.forget()
        self.cells.forget()

    def snapshot(self) -> Snapshot:
        """What `restore` brings back. Cheap: values never change.

        >>> session = Session()
        >>> before = session.snapshot()
        >>> _ = session.run("a = 1")
        >>> session.restore(before)
        >>> "a" in session
        False
        """
        return Snapshot(dict(self.definitions), replace(self.settings))

    def new(self, before: Snapshot) -> list[str]:
        """The names that mean something else now than then, or meant nothing; ``ans`` does not count."""
        return [name for name, low in self.definitions.items() if name != "ans" and before.definitions.get(name) is not low]

    def restore(self, before: Snapshot, without: Thread | None = None) -> None:
        """Definitions and settings as they were. ``without``: a thread that could not be stopped, and can change nothing from now on."""
        self.left_behind = {*filter(Thread.is_alive, self.left_behind), *([without] if without else [])}
        self.loading = []
        self._put_back(before)

    def _put_back(self, before: Snapshot) -> None:
        other = self.settings.mode != before.settings.mode
        self.settings = replace(before.settings)
        old, now = before.definitions, self.definitions
        if other or old.keys() != now.keys() or any(old[name] is not now[name] for name in old):
            now.clear()
            now.update(old)
            self._forget_compiled()

    def check(self, text: str | bytes, name: str = "<input>") -> list[Diagnostic]:
        """What is wrong with a program, found without running it: syntax, and shapes as far as declarations determine them. Files that it
        loads are read for what they define.

        >>> [found.message for found in Session().check("g(A: R^(2×3)) = A*A")]
        ['the inner sizes 3 and 2 differ']
        """
        from calclang.lower.check import check_program

        read: set[Path] = set()

        def load(named: str, span: Span) -> tree.Program | None:
            path = disk.loadable(named, span)
            if path in read or not self.limits.files:  # what is wrong with a load itself is said when it runs
                return None
            read.add(path)
            return self.parse(disk.program_bytes(path, named, span), str(path))

        try:
            return check_program(self.world, self.parse(text, name), self.budget(), load)
        except CalcError as error:
            return [error.diagnostic]

    # ---- one statement ----

    def execute(self, statement: tree.Statement, budget: Budget | None = None) -> Result:
        """Run one statement: a transaction, charged to ``budget`` (a fresh one)."""
        try:
            with charging(budget or self.budget(), statement.span), listening(self.progress):
                return self._execute(statement)
        except CalcError as error:
            raise CalcError(with_calls(error.diagnostic)) from None
        except RecursionError as problem:
            raise errors.too_deep(statement.span) from problem
        except MemoryError as problem:
            raise errors.out_of_memory(statement.span) from problem

    def budget(self, spent: float = 0.0) -> Budget:
        """A fresh budget for one statement of a program that has spent so much work already."""
        return Budget(self.limits.nodes, self.limits.elements, self.limits.work, spent=spent)

    def _execute(self, statement: tree.Statement) -> Result:
        if isinstance(statement, tree.Command):
            return registry.execute(self, statement)
        if isinstance(statement, tree.Definition):
            return self._define(statement)
        if (call := spoken(statement.value)) is not None:
            return registry.speak(self, call)
        low, trace = self._evaluate(statement.value)
        self.define("ans", low)
        return Result(self.value(low), not statement.hidden, tuple(trace.records.warnings))

    def _evaluate(self, value: tree.Expr) -> tuple[Low, Trace]:
        """An expression that is a statement."""
        try:
            return self.evaluate(value)
        except CalcError as error:
            if not isinstance(value, tree.Call) or not value.span.text.endswith(")"):
                raise
            if isinstance(value.function, tree.Name) and value.function.id not in self.definitions:  # a built-in has no formula to show
                raise
            raise errors.perhaps_a_formula(error, value.function.span, [a.span for a in value.arguments]) from None

    def load(self, name: str, span: Span, tell: Callable[[Result], object] = lambda result: None) -> list[Diagnostic]:
        """Run another file's statements, named relative to the file that loads it; what they warn of. ``tell`` hears of each
        result. Where one of them fails, none has changed anything. Raises what it raises, E-IO, E-PATH, E-RECURSION.

        >>> from pathlib import Path
        >>> from tempfile import TemporaryDirectory
        >>> session = Session()
        >>> with TemporaryDirectory() as folder:
        ...     _ = Path(folder, "half.calc").write_text("half(x) = x/2")
        ...     session.load(f"{folder}/half.calc", tree.NOWHERE)
        []
        >>> session["half"](3.0)
        1.5
        """
        path = disk.loadable(name, span)
        if not self.limits.files:
            raise errors.no_files("load", span)
        if path in self.loading:
            raise errors.load_cycle([p.name for p in [*self.loading[self.loading.index(path) :], path]], span)
        data = disk.program_bytes(path, name, span)
        if not self.loading and path not in self.loaded:
            self.loaded.append(path)
        self.loading.append(path)
        before = self.snapshot()
        try:
            warnings: list[Diagnostic] = []
            for result in self.statements(data, str(path)):
                tell(result)
                warnings += result.warnings
            return warnings
        except CalcError as error:
            self._put_back(before)
            raise loaded_from(error, span) from None
        finally:
            self.loading.pop()

    def read(self, name: str, span: Span) -> Low:
        """What a data file holds, named relative to the program that reads it; ``-`` is standard input. Raises E-IO, E-PATH, E-CAP."""
        from calclang import formats

        if not self.limits.files:
            raise errors.no_files("read", span)
        data = self.stdin() if name == "-" else disk.contents(name, span, 16 * self.limits.elements)
        return to_low(formats.parse("standard input" if name == "-" else name, data, span))

    def write(self, name: str, data: bytes, span: Span) -> None:
        """Put bytes into a file, whole or not at all. Raises E-IO, E-PATH, E-CAP."""
        if not self.limits.files:
            raise errors.no_files("write", span)
        disk.replace(name, data, span)

    def set(self, name: str, value: Any, span: Span) -> None:
        """Change a setting. Raises E-NAME, E-TYPE."""
        if name not in SETTINGS:
            raise errors.unknown_setting(name, list(SETTINGS), span)
        if not SETTINGS[name].fits(value):
            raise errors.bad_setting(name, SETTINGS[name].says, span)
        self.settings.choose(name, int(value) if isinstance(value, float) else value)
        if name == "mode":
            self._forget_compiled()

    def evaluate(self, expression: tree.Expr, scope: Scope | None = None) -> tuple[Low, Trace]:
        """An expression's value as constants, with what was recorded on the way."""
        trace = Trace()
        lowering = self.world.lowering(trace)
        return self.settle(lowering.run(expression, scope), trace), trace

    def settle(self, low: Low, trace: Trace) -> Low:
        """The same value with every node computed."""
        nodes = list(dict.fromkeys(part.node for part in distinct(low) if isinstance(part, Arr)))
        values = finish.values(trace, nodes, trace.known)
        return replaced(low, {node: const(value) for node, value in zip(nodes, values, strict=True)})

    def _define(self, statement: tree.Definition) -> Result:
        target = statement.target
        if isinstance(target, tree.FunctionTarget):
            closure = Closure(target.parameters, statement.value, None, target.name, target.span)
            self._check_definition(closure)
            return Result(name=target.name, warnings=self.define(target.name, closure, target.span))
        try:
            low, trace = self.evaluate(statement.value)
        except CalcError as error:
            raise errors.perhaps_a_function(error, getattr(target, "name", ""), statement.value.span) from None
        warnings = list(trace.records.warnings)
        for name, part in take_apart(target, low):
            warnings += self.define(name, part, target.span)
        return Result(name=getattr(target, "name", ""), warnings=tuple(warnings))

    def _check_definition(self, closure: Closure) -> None:
        """Shapes are checked where the declared kinds determine them all."""
        from calclang.lower.check import check_closure

        if closure.parameters and all(p.kind is not None for p in closure.parameters):
            check_closure(self.world, closure)

    def define(self, name: str, low: Low, span: Span | None = None) -> tuple[Diagnostic, ...]:
        """Give a name a meaning, at a place of a program. Redefining a built-in works and says so. Raises `Stopped`, which ends a thread, in
        one that was left behind: what it computes counts no more.

        >>> session = Session()
        >>> [warning.code for warning in session.define("e", Arr(const(3.0)))]
        ['W-SHADOW']
        >>> session.eval("e + 1")
        4.0
        """
        if self.left_behind and current_thread() in self.left_behind:
            raise Stopped
        if isinstance(low, Closure) and not low.name:
            low = Closure(low.parameters, low.body, low.scope, "", low.span)
        first = name not in self.definitions
        self.cells.announce(name, self.definitions.get(name), low)
        self.definitions[name] = low
        return (errors.shadows_builtin(name, span).diagnostic,) if first and library.find(name) is not None else ()

    # ---- values and functions ----

    def value(self, low: Low) -> Value:
        """A value as embedders receive it: numbers, arrays, `Function`, and the rest of `calclang.values`."""
        return to_value(low, self.function)

    def function(self, fn: Fn) -> Function:
        """A function as a Python callable."""
        return make_function(self, fn)

    def compiled(self, function: Function, traced: Traced, inputs: list[Arr]) -> Any:
        """The compiled call of a traced function; None where only the general path serves."""
        from calclang.lower.compile import entry

        return entry(self, function, traced, inputs)
