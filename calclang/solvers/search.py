"""What a search for a root or for a minimum is told."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from calclang.record import record

EPS = 2.0**-52


@record
class Search:
    """When a search ends: what counts as zero, and the steps that are allowed. ``scale``: what counts beside an unknown that is zero; ``seen``
    hears of the point of every step, and of the number that should become small there."""

    tolerance: float
    most: int
    scale: Any
    seen: Callable[[Any, float], object]
