"""What rows ask of an array namespace beyond NumPy's functions: whether values can be looked at, how parts are added, and which SciPy goes
with it. This is the one place that knows of namespaces by name."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import numpy as np


def shows(xp: Any) -> bool:
    """Whether a row may look at values, to refuse some or to choose a way. What is not NumPy may be tracing, and has none yet."""
    return xp is np


def added(xp: Any, whole: Any, where: Any, part: Any) -> Any:
    """``whole`` with ``part`` added at places, as often as they stand there; a new array where arrays never change."""
    if hasattr(whole, "at"):
        return whole.at[where].add(part)
    xp.add.at(whole, where, part)
    return whole


def companion(xp: Any, module: str) -> Any:
    """The module of SciPy that goes with a namespace: ``special``, ``linalg``."""
    return import_module(f"jax.scipy.{module}" if xp.__name__ == "jax.numpy" else f"scipy.{module}")
