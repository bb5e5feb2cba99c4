"""Random programs: functions inside of functions."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random


def composed(random: Random, depth: int, atoms: Sequence[str], functions: Sequence[str], early: float) -> str:
    """A composition of ``functions``, with a hole for each argument, at most so deep; a branch ends ``early`` with that probability."""
    if depth == 0 or random.random() < early:
        return random.choice(atoms)
    function = random.choice(functions)
    return function.format(*(composed(random, depth - 1, atoms, functions, early) for _ in range(function.count("{}"))))
