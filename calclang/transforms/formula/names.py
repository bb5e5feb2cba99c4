"""Fresh names that avoid every name in sight."""

from __future__ import annotations

from collections.abc import Collection
from itertools import count


def fresh(stem: str, taken: Collection[str]) -> str:
    """``t1``, ``t2`` …: the first that nothing is called."""
    return next(name for k in count(1) if (name := f"{stem}{k}") not in taken)


def index(taken: Collection[str]) -> str:
    """An index letter: i, j, k, l, p, q, r, s, then i1, i2 …"""
    return next((c for c in "ijklpqrs" if c not in taken), None) or fresh("i", taken)
