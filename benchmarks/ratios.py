"""What all benchmarks use: ratios of two ways of doing the same, measured in turns, and how they are printed."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from typing import Any

import calclang


def seconds(run: Callable[[], Any], times: int) -> float:
    """The time of one of so many runs."""
    start = time.perf_counter()
    for _ in range(times):
        run()
    return (time.perf_counter() - start) / times


def ratio(ours: Callable[[], Any], theirs: Callable[[], Any], times: int, rounds: int = 15, times_theirs: int = 0) -> float:
    """Median of ours/theirs over rounds that take turns."""
    ours(), theirs()
    return statistics.median(seconds(ours, times) / seconds(theirs, times_theirs or times) for _ in range(rounds))


def say(what: str, value: float, target: str = "") -> None:
    """Print a figure, and what it is to be."""
    print(f"{value:8.2f}  {what}" + (f"   (aim: {target})" if target else ""), flush=True)


def functions(text: str) -> Any:
    """A session in which a program has run."""
    session = calclang.Session()
    session.run(text)
    return session
