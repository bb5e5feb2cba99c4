"""Long vectors in blocks: everything elementwise over one range runs in one loop over blocks that stay in the cache.

A group is all elementwise operations of one length that can run together. Inside it live only blocks; what a group leaves behind are
sums (added up block by block), parts added into a larger vector (``put``: one buffer for a whole sum of them), and the vectors that are
used otherwise. A group that needs a result of another one runs on a later level.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from calclang.ir.dim import number
from calclang.ir.node import Node, order
from calclang.ops.arithmetic import add
from calclang.ops.averages import mean
from calclang.ops.choice import select
from calclang.ops.contraction import CONTRACT
from calclang.ops.control import choose
from calclang.ops.structure import put, take

if TYPE_CHECKING:
    from calclang.backends.python.arrays import Writer

LONG = 30_000  # elements from which blocks pay
BLOCK = 8_192  # elements of a block: in the cache, and too short for BLAS to wake its threads
CHOOSING = 4  # blocks of a loop with branches are so many times longer: a branch costs more calls, and has few elements

UFUNCS = {"add": "add", "sub": "subtract", "div": "divide"}


@dataclass
class Group:
    """One loop: its length, what it computes, and what it leaves behind."""

    length: int
    members: list[Node] = field(default_factory=list)
    sums: list[Node] = field(default_factory=list)
    puts: list[Node] = field(default_factory=list)


@dataclass
class Plan:
    """Levels in order: the nodes that are no member of a group, then the groups of that level."""

    levels: dict[int, list[Node]] = field(default_factory=dict)
    groups: dict[int, dict[int, Group]] = field(default_factory=dict)
    stored: set[Node] = field(default_factory=set)  # members that are needed as whole vectors
    buffer: dict[Node, Node] = field(default_factory=dict)  # of a put, or a sum of puts: the first put of that sum
    numbers: set[Node] = field(default_factory=set)  # stretched numbers, which only members use
    begun: dict[Node, str] = field(default_factory=dict)  # the names of such buffers


def plan(outputs: Sequence[Node], given: set[Node]) -> Plan | None:
    """How the graph of ``outputs`` runs in blocks; None where there is nothing long in it. ``given`` nodes are there already."""
    nodes = [n for n in order(outputs) if n not in given]
    members = {n for n in nodes if _elementwise(n)}
    if not members:
        return None
    uses = Counter(i for n in nodes for i in n.inputs)
    uses.update(outputs)
    result = Plan()
    level: dict[Node, int] = {}
    for node in nodes:
        if node.op is add and _joins(node, level, uses, result):
            first, second = node.inputs
            keep = result.buffer[first]
            result.buffer |= {n: keep for n, b in result.buffer.items() if b is result.buffer[second]} | {node: keep}
            level[node] = level[first]
            members.discard(node)
            continue
        level[node] = max((_after(node, i, level, members, result) for i in node.inputs if i in level), default=0)
        if node in members:
            group = result.groups.setdefault(level[node], {}).setdefault(_length(node), Group(_length(node)))
            group.members.append(node)
        elif found := _leaves(node, members):  # what the last of the members that it needs leaves behind
            group = result.groups.setdefault(level[node], {}).setdefault(_length(found[0]), Group(_length(found[0])))
            (group.puts if node.op is put else group.sums).append(node)
            if node.op is put:
                result.buffer[node] = node
        else:
            result.levels.setdefault(level[node], []).append(node)
    _find_stored(nodes, set(outputs), members, level, result)
    return result


def _length(node: Node) -> int:
    """How many elements a vector of known length has."""
    return number(node.shape[-1])


def _elementwise(node: Node) -> bool:
    """Whether a node of a long vector is computed element by element."""
    if node.rank != 1 or not isinstance(node.shape[0], int) or node.shape[0] < LONG or node.value is not None:
        return False
    return MEMBERS.get(node.op.name, _is_function)(node)


def _is_function(node: Node) -> bool:
    """A function of numbers, or a selection, of at least one vector that is no number stretched."""
    return (node.op.kind == "fn" or node.op is select) and any(scalar_of(i) is None for i in node.inputs)


def _is_product(node: Node) -> bool:
    """An elementwise product."""
    spec = node.params[0]
    return not spec.free and bool(node.inputs) and all(ls in ((), spec.out) for ls in spec.labels)


def _is_slice(node: Node) -> bool:
    """A slice of a vector."""
    return node.inputs[0].rank == 1 and isinstance(node.params[0][0], tuple) and node.params[0][0][0] != "at"


def _is_choice(node: Node) -> bool:
    """A choice with a number for each element, of what is the same for all or has a number for each."""
    choice, given = node.params[0], node.inputs[1:]
    return choice.out == 0 and all(p is None or p == 0 and i.rank == 1 for p, i in zip(choice.places, given, strict=True))


# By the name of the row: whether a node of it is computed element by element.
MEMBERS: dict[str, Callable[[Node], bool]] = {CONTRACT.name: _is_product, take.name: _is_slice, choose.name: _is_choice}


def _as_a_whole(node: Node) -> set[Node]:
    """The inputs that a member does not use element by element."""
    if node.op is choose:
        return {i for i, p in zip(node.inputs[1:], node.params[0].places, strict=True) if p is None}
    return set(node.inputs) if node.op is take else set()


def scalar_of(node: Node) -> tuple[Node | None, float] | None:
    """A stretched number as that number (None: just the factor) and a factor in front; None where the node is none."""
    if node.op is not CONTRACT or not node.rank or len(node.inputs) > 1 or node.value is not None or any(i.rank for i in node.inputs):
        return None
    spec = node.params[0]
    return None if spec.summed or spec.deltas else (node.inputs[0] if node.inputs else None, spec.coef)


def _after(node: Node, operand: Node, level: dict[Node, int], members: set[Node], plan: Plan) -> int:
    """The first level at which ``node`` can use an operand."""
    if operand in members:
        together = node in members and operand not in _as_a_whole(node) and _length(node) == _length(operand)
        leaves = node not in members and bool(_leaves(node, members))
        return level[operand] + (not together and not leaves)
    grouped = operand in plan.buffer or any(operand in g.sums for g in plan.groups.get(level[operand], {}).values())
    return level[operand] + grouped


def _leaves(node: Node, members: set[Node]) -> list[Node]:
    """The members that a sum adds up, or the one that a put puts."""
    if node.op is put:
        places = node.params[0]
        plain = len(places) == 1 and isinstance(places[0], tuple) and places[0][0] != "at" and node.rank == 1
        return [i for i in node.inputs if plain and i in members]
    if node.op is mean:
        return [i for i in node.inputs if i in members]
    if node.op is not CONTRACT or node.rank or node.value is not None or node.params[0].free:
        return []
    labels = {ls for ls in node.params[0].labels if ls}
    return [i for i in node.inputs if i in members] if len(labels) == 1 and len(next(iter(labels))) == 1 else []


def _joins(node: Node, level: dict[Node, int], uses: Counter[Node], plan: Plan) -> bool:
    """Whether a sum of two puts can use one buffer."""
    a, b = node.inputs
    if a is b or a not in plan.buffer or b not in plan.buffer or uses[a] > 1 or uses[b] > 1:
        return False
    return level[a] == level[b]


def _find_stored(nodes: Sequence[Node], outputs: set[Node], members: set[Node], level: dict[Node, int], plan: Plan) -> None:
    """Members that are outputs, or used outside their own loop."""
    plan.stored |= outputs & members
    inside = {n for groups in plan.groups.values() for g in groups.values() for n in [*g.members, *g.sums, *g.puts]}
    plan.numbers = {n for n in nodes if scalar_of(n) is not None} - outputs
    for node in nodes:
        plan.numbers -= set() if node in inside and node.op is not put else set(node.inputs)
        plan.numbers -= _as_a_whole(node)
        for operand in (i for i in node.inputs if i in members):
            elsewhere = level[node] != level[operand] or (node in members and _length(node) != _length(operand))
            if node not in inside or operand in _as_a_whole(node) or elsewhere:
                plan.stored.add(operand)


# ---- the loop of a group ---------------------------------------------------------------------------------


class Block:
    """Writes one group."""

    def __init__(self, writer: Writer, group: Group, plan: Plan) -> None:
        self.writer, self.group, self.plan = writer, group, plan
        self.before: list[str] = []
        self.lines: list[str] = []
        self.after: list[str] = []
        self.local: dict[Node, str] = {}
        self.slot: dict[Node, str] = {}  # members in buffers of ours
        self.free: list[str] = []
        self.made = 0
        self.sequence = self.in_order()
        self.last = {i: n for n in self.sequence for i in n.inputs}

    def in_order(self) -> list[Node]:
        """Members in their order; sums and puts as soon as what they need is there."""
        group = self.group
        place = {m: k for k, m in enumerate(group.members)}
        sinks = [(max((place[i] for i in s.inputs if i in place), default=-1), s) for s in [*group.sums, *group.puts]]
        first = [s for at, s in sinks if at < 0]
        return first + [n for k, m in enumerate(group.members) for n in (m, *(s for at, s in sinks if at == k))]

    def write(self) -> None:
        """Append the loop to the writer's lines."""
        group, writer = self.group, self.writer
        for node in self.sequence:
            (self.put if node.op is put else self.average if node.op is mean else self.sum if not node.rank else self.member)(node)
            self.release(node)
        n = group.length
        size = BLOCK * (CHOOSING if any(m.op is choose for m in group.members) and not any(map(_is_dot, group.sums)) else 1)
        head = [f"for lo in stretches('elements', {n}, {size}):", f"    hi = lo + {size} if lo < {n - size} else {n}"]
        sized = [f"    b{k} = t{k}[:hi - lo]" for k in range(self.made)]
        self.before += [f"t{k} = np.empty({size})" for k in range(self.made)]
        busy = group.sums or group.puts or any(m.op is not take for m in group.members)  # else there are only views of other vectors
        writer.lines += [*self.before, *([*head, *sized, *("    " + line for line in self.lines)] if busy else []), *self.after]
        for node in self.sequence:
            for operand in node.inputs:
                if operand in writer.names:
                    writer.use(operand)

    def release(self, node: Node) -> None:
        """Buffers that nobody needs after this node may be written into."""
        for i in dict.fromkeys((*node.inputs, node)):
            if i in self.slot and self.last.get(i, node) is node:
                self.free.append(self.slot.pop(i))

    def operand(self, node: Node) -> str:
        """A block of a vector, or a number."""
        if node in self.local:
            return self.local[node]
        if not node.rank:
            return self.writer.names[node] if node.value is None else repr(node.value)
        if (number := scalar_of(node)) is not None:
            return self.number(*number)
        name = f"v{len(self.local)}"
        self.local[node] = name
        self.lines.append(f"{name} = {self.whole(node)}[lo:hi]")
        return name

    def number(self, node: Node | None, coef: float) -> str:
        if node is None:
            return repr(coef)
        return self.operand(node) if coef == 1 else f"({coef!r} * {self.operand(node)})"

    def whole(self, node: Node) -> str:
        """The name of a vector that is there as a whole."""
        return self.writer.names[node] if node in self.writer.names else self.writer.refer(node.value)

    def member(self, node: Node) -> None:
        """One operation on blocks."""
        if node.op is take:
            self.view(node)
            return
        whole = _as_a_whole(node)
        operands = [self.whole(i) if i in whole else self.operand(i) for i in node.inputs]
        for i in dict.fromkeys(node.inputs):  # an operand used for the last time is written over
            if i in self.slot and self.last[i] is node:
                self.free.append(self.slot.pop(i))
        target = self.target(node)
        if node.op is CONTRACT:
            self.product(node, operands, target)
        elif node.op.name in UFUNCS:
            self.lines.append(f"np.{UFUNCS[node.op.name]}({', '.join(operands)}, out={target})")
        elif node.op.name == "power" and node.params[0] == 2:
            self.lines.append(f"np.multiply({operands[0]}, {operands[0]}, out={target})")
        else:
            self.general(node, operands)
            return
        self.local[node] = target

    def general(self, node: Node, operands: list[str]) -> None:
        """A row as it evaluates itself, on blocks."""
        writer = self.writer
        if node in self.slot:
            self.free.append(self.slot.pop(node))
        name = f"v{len(self.local)}"
        params = [writer.refer(p) for p in node.params]
        self.lines.append(f"{name} = {writer.refer(node.op.eval)}({', '.join(['np', *operands, *params])})")
        if node in self.plan.stored:
            self.lines.append(f"{writer.names[node]}[lo:hi] = {name}")
        self.local[node] = name

    def target(self, node: Node) -> str:
        """Where a member's block is written: into its whole vector, or a buffer."""
        if node in self.plan.stored:
            name = f"w{len(self.writer.lines)}_{len(self.local)}_{len(self.before)}"
            self.before.append(f"{name} = np.empty({self.group.length}{', dtype=bool' if node.boolean else ''})")
            self.writer.call(node, name, None)
            block = f"v{len(self.local)}"
            self.lines.append(f"{block} = {name}[lo:hi]")
            return block
        if not self.free:
            self.free.append(f"b{self.made}")
            self.made += 1
        self.slot[node] = self.free.pop()
        return self.slot[node]

    def product(self, node: Node, operands: list[str], target: str) -> None:
        """Factors from the left, vectors first, then the coefficient."""
        coef = node.params[0].coef
        factors = sorted(operands, key=lambda o: o[0] not in "vb")  # blocks are called v… and b…
        factors += [repr(coef)] if coef != 1 or len(factors) == 1 else []
        self.lines.append(f"np.multiply({factors[0]}, {factors[1]}, out={target})")
        self.lines += [f"np.multiply({target}, {f}, out={target})" for f in factors[2:]]

    def view(self, node: Node) -> None:
        """A slice of another vector: a view of its block, no operation."""
        start, stop, step = node.params[0][0]
        name = f"v{len(self.local)}"
        source = self.whole(node.inputs[0])
        self.lines.append(f"{name} = {source}[{_places(start, step)}]")
        self.local[node] = name
        if node in self.plan.stored:
            whole = f"w{len(self.writer.lines)}_{len(self.local)}_view"
            self.before.append(f"{whole} = {source}[{start}:{stop}:{step}]")
            self.writer.call(node, whole, [source])

    def sum(self, node: Node) -> None:
        """Added up block by block."""
        spec = node.params[0]
        name = f"s{len(self.writer.lines)}_{len(self.after)}"
        vectors = [self.operand(i) for i in node.inputs if i.rank and scalar_of(i) is None]
        numbers = [self.operand(i) for i in node.inputs if not i.rank or scalar_of(i) is not None]
        if len(vectors) > 2:
            self.lines.append(f"p = np.multiply({vectors[0]}, {vectors[1]})")
            self.lines += [f"np.multiply(p, {v}, out=p)" for v in vectors[2:-1]]
            vectors = ["p", vectors[-1]]
        self.before.append(f"{name} = 0.0")
        self.lines.append(f"{name} += " + (f"np.add.reduce({vectors[0]})" if len(vectors) == 1 else f"np.dot({', '.join(vectors)})"))
        factors = [name, *numbers, *([repr(spec.coef)] if spec.coef != 1 else [])]
        self.after.append(f"{name} = {' * '.join(factors)}")
        self.writer.names[node] = name

    def average(self, node: Node) -> None:
        """The sum over the number of elements. Where the sum is too large, the row itself knows a way."""
        name = f"s{len(self.writer.lines)}_{len(self.after)}"
        self.before.append(f"{name} = 0.0")
        self.lines.append(f"{name} += np.add.reduce({self.operand(node.inputs[0])})")
        self.after += [f"{name} = {name} / {self.group.length}", f"if not np.isfinite({name}):", "    raise ArithmeticError"]
        self.writer.names[node] = name

    def put(self, node: Node) -> None:
        """Added into a buffer, which a whole sum of puts may share."""
        first = self.plan.buffer[node]
        if first not in self.plan.begun:
            buffer = self.plan.begun[first] = f"g{len(self.plan.begun)}"
            self.before.append(f"{buffer} = np.zeros({tuple(node.shape)!r})")
            shared = [n for n, b in self.plan.buffer.items() if b is first]
            inner = {i for n in shared if n.op is add for i in n.inputs}
            for n in shared:
                if n in inner:
                    self.writer.names[n] = buffer
                else:
                    self.writer.call(n, buffer, None)
        start, _, step = node.params[0][0]
        self.lines.append(f"{self.plan.begun[first]}[{_places(start, step)}] += {self.operand(node.inputs[0])}")


def _is_dot(node: Node) -> bool:
    """Whether a sum is a product of two vectors, which BLAS adds up."""
    return sum(i.rank for i in node.inputs) > 1


def _places(start: int, step: int) -> str:
    """The places of a block in a slice."""
    return f"{start} + lo:{start} + hi" if step == 1 else f"{start} + {step} * lo:{start} + {step} * (hi - 1) + 1:{step}"
