"""Random graphs over every row, for comparing two ways of running them."""

from __future__ import annotations

from collections.abc import Callable
from inspect import signature
from typing import Any

import numpy as np

from calclang.ir.apply import const, input_node
from calclang.ir.node import Node, Symbol
from calclang.ops import ROWS
from calclang.ops.contraction import contract, stretch
from calclang.ops.structure import concat, put, reshape, stack, take


def elementwise(arity: int) -> list[str]:
    """Rows without parameters that take so many numbers."""
    return [name for name, row in ROWS.items() if row.kind == "fn" and not row.boolean and row.arity == arity == len(signature(row.eval).parameters) - 1]


ONE, TWO = elementwise(1), elementwise(2)
COMPARE = ["less", "less_equal", "equal", "not_equal"]


class Maker:
    """Grows a graph whose vectors have ``n`` elements and whose matrices are n×n."""

    def __init__(self, seed: int, n: int) -> None:
        self.rng = np.random.default_rng(seed)
        self.n = n
        self.inputs = [input_node(Symbol(f"x{k}"), s) for k, s in enumerate(((), (), (n,), (n,), (n, n)))]
        self.nodes = list(self.inputs)

    def pick(self, rank: int | None = None) -> Node:
        found = [m for m in self.nodes if not m.boolean and (rank is None or m.rank == rank) and all(d == self.n for d in m.shape)]
        return found[int(self.rng.integers(len(found)))]

    def choose(self, names: Any) -> Any:
        return names[int(self.rng.integers(len(names)))]

    def step(self) -> None:
        """One operation more."""
        self.nodes.append(self.choose(STEPS)(self))

    def mixed(self) -> tuple[Node, Node]:
        a = self.pick()
        return a, self.choose([self.pick(a.rank), self.pick(0)])

    def product(self) -> Node:
        """A contraction of one to three factors; outputs may repeat or be carried by no factor."""
        factors = [self.pick() for _ in range(int(self.rng.integers(1, 4)))]
        labels = [[int(l) for l in self.rng.integers(0, 3, size=f.rank)] for f in factors]
        out = [int(l) for l in self.rng.integers(0, 3, size=int(self.rng.integers(0, 3)))]
        coef = self.choose([1.0, 1.0, -1.0, 0.3])
        return contract(factors, labels, out, dict.fromkeys(range(3), self.n), coef)

    def slices(self) -> Node:
        """A sum of parts put at two places."""
        x, y = take(self.pick(1), params=(((0, self.n - 1, 1),),)), take(self.pick(1), params=(((1, self.n, 1),),))
        a, b = put(x, params=(((1, self.n, 1),), (self.n,))), put(x * y, params=(((0, self.n - 1, 1),), (self.n,)))
        return self.choose([a + b, a + self.pick(1), self.pick(1) + b, a])

    def turned(self) -> Node:
        x = self.pick(1)
        halves = take(x, params=(((0, self.n // 2, 1),),)), take(x, params=(((self.n // 2, self.n, 1),),))
        return concat(halves[1], halves[0], params=(1,))

    def flat(self) -> Node:
        x = take(reshape(self.pick(2), params=(2, (self.n * self.n,))), params=(((0, self.n, 1),),))
        return self.choose([x, take(self.pick(2), params=((int(self.rng.integers(self.n)), None),))])

    def picked(self) -> Node:
        places = ("at", *(int(k) for k in self.rng.integers(0, self.n, size=self.n)))
        return self.choose([take(self.pick(1), params=((places,),)), put(self.pick(1), params=((places,), (self.n,)))])


def _chosen(m: Maker) -> Node:
    a = m.pick()
    return ROWS["select"](ROWS[m.choose(COMPARE)](a, m.pick(a.rank)), m.pick(a.rank), m.pick(a.rank))


def _power(m: Maker) -> Node:
    return ROWS["power"](m.pick(), params=(m.choose([0.5, -1.0, 2.0, 3.0, 4.0, 5.0, -2.0, 1.5]),))


STEPS: list[Callable[[Maker], Node]] = [
    lambda m: ROWS[m.choose(ONE)](m.pick()),
    lambda m: ROWS[m.choose(["sin", "tanh", "exp", "stop_gradient", "floor"])](m.pick()),
    lambda m: ROWS[m.choose(TWO)](*m.mixed()),
    lambda m: ROWS[m.choose(["add", "sub"])](*m.mixed()),
    lambda m: ROWS[m.choose(["add", "sub"])](*m.mixed()),
    lambda m: m.pick() * m.choose([2.0, -1.0, 0.5, 1.1]),
    lambda m: contract([a := m.pick(), m.pick(a.rank)], [range(a.rank)] * 2, range(a.rank)),
    Maker.product,
    Maker.product,
    Maker.slices,
    Maker.turned,
    Maker.flat,
    Maker.picked,
    _chosen,
    _power,
    lambda m: ROWS["norm"](m.pick(1)),
    lambda m: ROWS["largest"](m.pick(1)),
    lambda m: stretch(m.pick(0), (m.n,)),
    lambda m: take(m.pick(1), params=((int(m.rng.integers(m.n)),),)),
    lambda m: stack(m.pick(1), *(m.pick(1) for _ in range(m.n - 1)), params=(1,)),
    lambda m: const(m.choose([0.0, 1.0, -2.5])),
]
