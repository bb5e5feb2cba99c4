"""Kinds of parameters that declare none: every choice of them that a function's own shape rules allow, the likeliest first.

The function is traced with numbers, vectors, matrices and rows in the places of its parameters, each size a name of its own. Where two sizes would
have to be equal, one takes the meaning of the other, and the function is traced again. What is allowed only to arrays of one element is not looked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import chain, count, islice

from calclang.errors import CalcError
from calclang.ir.apply import input_node
from calclang.ir.budget import spending
from calclang.ir.dim import Dim, Shape, Size, replaced, solution, symbol
from calclang.ir.node import Symbol, order
from calclang.lower.derivatives import parameter_names
from calclang.lower.lowered import Arr, Builtin, Closure, Derived, Fn, innermost
from calclang.lower.parameters import size_of
from calclang.lower.specialise import Branch, Traced, World, explore, trace_call
from calclang.lower.trace import Undecided
from calclang.record import record
from calclang.syntax import tree

# Nobody reads a formula of more than this: operations of one reading, of all that are tried, calls inside calls.
ONE_READING = 10_000
ALL_READINGS = 30_000
DEEPEST = 100
MOST_CHOICES = 256

SIZES = ("n", "m", "p", "q", "k", "l", "r", "s")  # names of sizes, unless they are taken

# kind -> how unlikely it is; of a parameter with a capital letter
SMALL = {"scalar": 0, "vector": 1, "matrix": 2, "row": 4}
CAPITAL = {"matrix": 0, "vector": 1, "scalar": 2, "row": 4}


@record
class Slot:
    """A parameter with the kind that it declares, or that is assumed of it."""

    name: str
    shape: Shape
    row: bool = False
    facts: frozenset[str] = frozenset()
    assumed: bool = False

    @property
    def kind(self) -> tuple[int, bool]:
        """What tells kinds apart: the number of axes, and the orientation."""
        return len(self.shape), self.row

    def input(self) -> Arr:
        """An input of a graph of this kind."""
        return Arr(input_node(Symbol(self.name, self.facts), self.shape), self.row)


@record
class Kinds:
    """Kinds for all parameters. ``free``: names of sizes that may be any size."""

    slots: tuple[Slot, ...]
    free: tuple[str, ...]

    def apart(self, other: Kinds) -> frozenset[str]:
        """The parameters of which another choice assumes another kind."""
        return frozenset(a.name for a, b in zip(self.slots, other.slots, strict=True) if a.assumed and a.kind != b.kind)


@record
class Reading(Kinds):
    """A function traced at inputs of certain kinds."""

    traced: Traced | Branch[Traced]

    @property
    def idle(self) -> bool:
        """Whether an operation on arrays had numbers alone to work on."""
        return any(end.trace.records.idle for end in ends(self.traced))


def ends(traced: Traced | Branch[Traced]) -> list[Traced]:
    """The graphs at the ends of all choices."""
    return [*ends(traced.then), *ends(traced.otherwise)] if isinstance(traced, Branch) else [traced]


# ---- reading a function -----------------------------------------------------------------------------


def likeliest(world: World, fn: Fn) -> Reading | None:
    """The function at the first choice of kinds under which every operation on arrays has an array; else at the first that it takes at all."""
    idle: Reading | None = None
    with spending(ALL_READINGS):
        for choice in islice(choices(world, fn), MOST_CHOICES):
            try:
                reading = read_at(world, fn, choice)
            except (CalcError, Undecided):
                continue
            if not reading.idle:
                return reading
            idle = idle or reading
    return idle


def told_apart(world: World, fn: Fn, likely: Reading, agree: Callable[[Kinds], bool]) -> frozenset[str]:
    """The parameters whose assumed kinds must be told, because a formula found for them does not ``agree`` with the function at others."""
    assumed = frozenset(slot.name for slot in likely.slots if slot.assumed)
    found = choices(world, fn)
    others = sorted(islice(found, MOST_CHOICES), key=lambda other: len(likely.apart(other)))
    if next(found, None) is not None:
        return frozenset() if _numbers_alone(fn, likely) else assumed
    told: frozenset[str] = frozenset()
    with spending(ALL_READINGS):
        for other in others:
            names = likely.apart(other)
            if names and not names & told and not agree(other):
                told |= names
    return told


def read_at(world: World, fn: Fn, choice: Kinds) -> Reading:
    """The function traced at these kinds, at the most general sizes that it takes. Raises `CalcError`, `Undecided`."""
    world = replace(world, limits=replace(world.limits, calls=min(DEEPEST, world.limits.calls)))
    slots, free = choice.slots, choice.free
    while True:
        inputs = [slot.input() for slot in slots]
        try:
            with spending(ONE_READING):
                traced = explore(partial(trace_call, world, fn, inputs, {}, tree.NOWHERE))
        except CalcError as error:
            unequal = [(a, b) for a, b in error.diagnostic.unequal if a != b]
            solved = [solution(a, b, free) for a, b in unequal]
            if error.code.startswith(("E-LIMIT", "E-RECURSION")) or (solved == [None] and any(isinstance(d, Size) for d in unequal[0])):
                raise Undecided(inputs[0].node) from error  # it may take other sizes, such as m and n with m*n = 4
            if not solved or solved[0] is None or solved[0][1] == 1:
                raise
            name, size = solved[0]
            slots = tuple(replace(slot, shape=tuple(replaced(d, name, size) for d in slot.shape)) for slot in slots)
            free = tuple(other for other in free if other != name)
            continue
        if traced is None:
            raise Undecided(inputs[0].node)
        return Reading(slots, free, traced)


VALUE_IS_A_NUMBER = ("grad", "value_and_grad", "hvp")


def _numbers_alone(fn: Fn, reading: Reading) -> bool:
    """Whether a gradient has arguments that are numbers, and nothing in the function makes a number of arrays."""
    operators = []
    while isinstance(fn, Derived):
        operators.append(fn)
        fn = fn.function
    if not operators or operators[-1].operator not in VALUE_IS_A_NUMBER or "wrt" in dict(operators[-1].options):
        return False
    if reading.idle or not isinstance(reading.traced, Traced):
        return False
    nodes = order(reading.traced.trace.records.primals)
    plain = all(not node.rank and node.op.kind in ("fn", "contract", "leaf") for node in nodes)
    return plain and {i.node for i in reading.traced.inputs} <= set(nodes)


def trace_declared(world: World, fn: Fn) -> Traced | Branch[Traced] | None:
    """The graph of a function at the likeliest kinds of its parameters; None where it has none without values."""
    reading = likeliest(world, fn)
    return reading.traced if reading is not None else None


# ---- kinds that are declared, and others ------------------------------------------------------------


def declared_inputs(closure: Closure) -> list[Arr]:
    """Inputs of a function whose parameters all declare their kinds."""
    sizes: dict[str, Dim] = {}
    slots = [_declared(parameter, sizes) for parameter in closure.parameters]
    return [slot.input() for slot in slots if slot is not None]


def _declared(parameter: tree.Parameter, sizes: dict[str, Dim]) -> Slot | None:
    """The slot of a parameter that says its kind; names of sizes stand for themselves."""
    if parameter.vector:
        return Slot("[" + ", ".join(parameter.names) + "]", (len(parameter.names),))
    if parameter.kind is None:
        return None
    shape = tuple(size_of(dim, sizes, fresh=True) for dim in parameter.kind.dims)
    return Slot(parameter.names[0], shape, "row" in parameter.kind.words, frozenset(parameter.kind.words))


def choices(world: World, fn: Fn) -> Iterator[Kinds]:
    """Kinds for all parameters: numbers, and then the likeliest first."""
    base = innermost(fn)
    names = parameter_names(base, base.least if isinstance(base, Builtin) else 1)
    sizes: dict[str, Dim] = {}
    declared = [_declared(p, sizes) for p in base.parameters] if isinstance(base, Closure) else [None] * len(names)
    taken = {*names, *sizes, *_in_sight(world, base)}
    missing = [name for name, slot in zip(names, declared, strict=True) if slot is None]
    free = tuple(islice((name for name in chain(SIZES, (f"n{k}" for k in count(1))) if name not in taken), 2 * len(missing)))
    for kinds in _by_likelihood(missing):
        fresh = iter(free)
        assumed = iter([_assumed(name, kind, fresh) for name, kind in zip(missing, kinds, strict=True)])
        yield Kinds(tuple(slot or next(assumed) for slot in declared), free)


def _in_sight(world: World, base: Fn) -> set[str]:
    """Names that mean something in the body of a function."""
    if not isinstance(base, Closure):
        return set(world.globals)
    scope, local = base.scope, set(tree.mentioned(base.body))
    while scope is not None:
        local |= set(scope.names)
        scope = scope.parent
    return local | set(world.globals)


def _by_likelihood(names: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """A kind for each name, in every way: numbers first, and then the likelier."""
    numbers = ("scalar",) * len(names)
    yield numbers
    costs = [CAPITAL if name[0].isupper() else SMALL for name in names]
    for total in range(sum(max(c.values()) for c in costs) + 1):
        yield from (kinds for kinds in _costing(total, costs) if kinds != numbers)


def _costing(total: int, costs: Sequence[Mapping[str, int]]) -> Iterator[tuple[str, ...]]:
    """The ways to spend a total on kinds."""
    if not costs:
        yield from [()] if not total else []
        return
    for kind, cost in costs[0].items():
        if cost <= total:
            yield from ((kind, *rest) for rest in _costing(total - cost, costs[1:]))


def _assumed(name: str, kind: str, fresh: Iterator[str]) -> Slot:
    """A slot of a kind, with sizes of new names."""
    shape: Shape = ()
    if kind == "matrix":
        a, b = symbol(next(fresh)), symbol(next(fresh))
        shape = (b, a) if a == symbol(SIZES[0]) else (a, b)  # R^(m×n)
    elif kind != "scalar":
        shape = (symbol(next(fresh)),)
    return Slot(name, shape, kind == "row", frozenset({"row"} if kind == "row" else ()), assumed=True)
