"""Derivatives of the determinant of any order as a person writes them: with the determinant and the inverse, where that exists."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import numpy as np

from calclang.ir.apply import const
from calclang.ir.node import Node
from calclang.ops import ROWS
from calclang.ops.contraction import CONTRACT, contract
from calclang.ops.linear_algebra import inv

WRITTEN_OUT = frozenset({"stack", "concat", "reshape", "add", "sub"})  # operations that put the elements of a literal together


def det_along(x: Node, *rest: Node) -> Node | None:
    """The matrix of derivatives of det along E1, …, Ek: det(X) times the sum over the permutations of these and an open place m. A cycle of
    some of them is tr(Y*E*Y*F…) with Y = inv(X), the cycle of m the matrix (Y*E*Y*F…*Y)'. Of a small matrix that is written out it is a
    polynomial of its elements."""
    along = rest[:-1]
    if len(along) > 3:
        return None
    lead = [f"d{k}" for k in range(along[0].rank - 2)] if along else []
    if isinstance(n := x.shape[0], int) and 1 < n < 4 and _is_written_out(x):
        return _polynomial(n, _elements(n, x), along, lead)
    total: Node | None = None
    for places in permutations(range(len(along) + 1)):
        cycles = _cycles(places)
        term = _cycle_product(x, along, cycles, lead)
        even = (len(places) - len(cycles)) % 2 == 0
        total = term if total is None else total + term if even else total - term
    return total


def _is_written_out(x: Node) -> bool:
    """Whether a matrix is put together of numbers and scalars: [x, 1; 2, y], [1, 2; 3, 4] - x*eye(2)."""
    todo, parts = [x], 0
    while todo:
        node = todo.pop()
        if node.rank and node.value is None:
            arrays = [i for i in node.inputs if i.rank]
            if node.op.name not in WRITTEN_OUT and not (node.op is CONTRACT and not node.params[0].summed and all(i.value is not None for i in arrays)):
                return False
            parts += len(arrays) < len(node.inputs)
            todo += arrays
    return parts > 0


def _elements(n: int, x: Node) -> Node:
    """The same matrix as a stack of its elements."""
    stack, take = ROWS["stack"], ROWS["take"]
    rows = [stack(*(take(x, params=((i, j),)) for j in range(n)), params=(0,)) for i in range(n)]
    return stack(*rows, params=(1,))


def _polynomial(n: int, x: Node, along: tuple[Node, ...], lead: list[str]) -> Node:
    """The same by the signs of permutations e: the cofactors are e*e*X of a 2 by 2 matrix and e*e*X*X/2 of a 3 by 3 one."""
    if len(along) >= n:
        size = dict(zip(lead, along[0].shape, strict=False))
        return contract([], [], [*lead, "r", "c"], {**size, "r": n, "c": n}, coef=0.0)
    signs = const(_signs(n))
    others = [*along, *[x] * (n - 1 - len(along))]
    labels = [[*(lead if k < len(along) else []), f"r{k}", f"c{k}"] for k in range(n - 1)]
    rows, columns = ([side, *(f"{side}{k}" for k in range(n - 1))] for side in "rc")
    made = contract([signs, signs, *others], [rows, columns, *labels], [*lead, "r", "c"])
    return made if n == 2 or along else made * 0.5


def _signs(n: int) -> Any:
    """1 or -1 at the places that are a permutation."""
    made = np.zeros((n,) * n)
    for places in permutations(range(n)):
        made[places] = round(np.linalg.det(np.eye(n)[list(places)]))
    return made


def _cycles(places: tuple[int, ...]) -> list[list[int]]:
    """The cycles of a permutation, each from its largest place on."""
    left = set(range(len(places)))
    found = []
    while left:
        at = max(left)
        cycle = []
        while at in left:
            left.remove(at)
            cycle.append(at)
            at = places[at]
        found.append(cycle)
    return found


def _cycle_product(x: Node, along: tuple[Node, ...], cycles: list[list[int]], lead: list[str]) -> Node:
    """The term of one permutation without its sign: det(X), a trace for each closed cycle, and the matrix of the open one."""
    y = inv(x)
    factors: list[Node] = [ROWS["det"](x)]
    labels: list[list[str]] = [[]]
    for at, cycle in enumerate(cycles):
        inner = [k for k in cycle if k < len(along)]
        opened = len(inner) < len(cycle)
        start, end = ("j", "i") if opened else (f"a{at}", f"a{at}")
        for step, k in enumerate(inner):
            here, middle = (start if step == 0 else f"b{at},{step}"), f"c{at},{step}"
            after = end if not opened and step == len(inner) - 1 else f"b{at},{step + 1}"
            factors += [y, along[k]]
            labels += [[here, middle], [*lead, middle, after]]
        if opened:
            factors.append(y)
            labels.append([f"b{at},{len(inner)}" if inner else start, end])
    return contract(factors, labels, [*lead, "i", "j"])
