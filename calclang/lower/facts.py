"""What a declaration says of a matrix beyond its shape: that it is symmetric, or diagonal. Checked when the function is called."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from calclang import errors
from calclang.ir.op import Kink
from calclang.lower.lowered import Arr, Closure, Derived, Fn
from calclang.lower.products import square
from calclang.lower.trace import Trace
from calclang.source import Span
from calclang.syntax import tree

TOLERANCE = 1e-9  # of the largest element: what was computed, such as A' * A or inv(S), is symmetric but for rounding

# word -> what a matrix must be equal to
FACTS: dict[str, Callable[[Any], Any]] = {"symmetric": np.transpose, "diagonal": lambda a: np.diag(np.diag(a))}


def breaks(word: str, a: Any) -> Any:
    """Which elements of a square matrix are not what the word says; no element that is nan."""
    ideal = FACTS[word](a)
    if np.array_equal(a, ideal):  # at once, where nothing was rounded
        return np.False_
    with np.errstate(invalid="ignore"):
        return np.abs(a - ideal) > TOLERANCE * np.max(np.abs(a))


# Compiled code looks where these lie, as it does for the corners of derivatives, and leaves the rest to the general path.
KINKS = {word: Kink(lambda a, word=word: breaks(word, a), f"the matrix is not {word}") for word in FACTS}


def check_facts(trace: Trace, function: str, parameter: tree.Parameter, argument: Arr, span: Span) -> None:
    """Raise E-TYPE where an argument is not what the words of its kind say, as far as its value is known."""
    for word in parameter.kind.words if parameter.kind is not None else ():
        if word not in FACTS:
            continue
        name = parameter.names[0]
        if argument.rank != 2 or argument.shape[0] != argument.shape[1]:
            raise errors.wrong_kind(function, name, f"a {word} matrix", argument.words(), span).of_sizes(*square(argument))
        value = trace.peek(argument.node)
        if value is None:
            continue
        if len(wrong := np.argwhere(breaks(word, value))):
            i, j = map(int, wrong[0])
            raise errors.breaks_fact(function, name, word, i + 1, j + 1, float(value[i, j]), float(value[j, i]), span)
        trace.records.watch(KINKS[word], argument.node)


def without_facts(fn: Fn) -> Fn:
    """The same function for matrices of any elements: differences move one element at a time."""
    if isinstance(fn, Derived):
        return replace(fn, function=without_facts(fn.function))
    if not isinstance(fn, Closure):
        return fn
    parameters = tuple(replace(p, kind=replace(p.kind, words=tuple(w for w in p.kind.words if w not in FACTS))) if p.kind else p for p in fn.parameters)
    return replace(fn, parameters=parameters)
