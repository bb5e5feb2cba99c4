"""Results that can be used later: ``ans1``, ``ans2`` and so on, which are names at the prompt and nowhere else."""

from __future__ import annotations

import re

from calclang.lower.lowered import Low
from calclang.lower.parts import leaves
from calclang.session import Session

NAME = re.compile(r"ans[1-9]\d*")
MOST = 20_000_000  # elements that are kept; of more, the oldest results go


class Results:
    """The numbered results of a session."""

    def __init__(self, session: Session) -> None:
        self.values: dict[str, Low] = {}
        self.count = self.size = 0
        session.numbered = self.values

    @property
    def following(self) -> str:
        """The name that the next result gets."""
        return f"ans{self.count + 1}"

    def add(self, low: Low) -> None:
        """Keep a result."""
        self.values[self.following] = low
        self.count += 1
        self.size += elements(low)
        while self.size > MOST and len(self.values) > 1:
            self.size -= elements(self.values.pop(next(iter(self.values))))


def elements(low: Low) -> int:
    """How many numbers a value holds."""
    return sum(getattr(node.value, "size", 1) for node in leaves(low))
