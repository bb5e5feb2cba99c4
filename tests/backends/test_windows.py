"""Evenly spaced places are read as views and added up as slices; other places as they come."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from calclang import Session
from calclang.backends.python.windows import SPACED, Even, evenly
from calclang.ir.apply import const, input_node
from calclang.ir.node import Node, Symbol
from calclang.ops import structure
from calclang.ops.structure import gather, scatter

PLACES = {
    "windows": (np.add.outer(np.arange(16.0), np.arange(5.0)), True),
    "every second": (2 * np.arange(8.0) + 3, True),
    "windows apart": (np.add.outer(3 * np.arange(6.0), np.arange(3.0)), True),
    "windows of holes": (np.add.outer(np.arange(9.0), 4 * np.arange(3.0)), True),
    "one row": (np.arange(7.0)[None] + 2, True),
    "three axes": (np.add.outer(np.arange(9.0), np.add.outer(np.arange(3.0), np.arange(4.0))), False),
    "backwards": (19 - np.arange(20.0), False),
    "one place": (np.full(6, 4.0), False),
}


@pytest.mark.parametrize("name", PLACES)
def test_even_places(name: str) -> None:
    places, slices = PLACES[name]
    x, g = (input_node(Symbol("x"), shape) for shape in ((20,), places.shape))
    numbers = np.random.default_rng(1)
    reads, adds = gather(x, const(places), params=(0,)), scatter(g, const(places), params=(20, 0))
    for node, value, even in ((reads, numbers.normal(size=20), True), (adds, numbers.normal(size=places.shape), slices)):
        found = evenly(node)
        assert (found is not None) == even
        if found is not None:
            assert np.allclose(SPACED[node.op](value, found), node.op.eval(np, value, places, *node.params), rtol=1e-14)


def test_uneven_places() -> None:
    x = input_node(Symbol("x"), (20,))

    def spaced(places: Node) -> Even | None:
        return evenly(gather(x, places, params=(0,)))

    assert spaced(const(np.array([0.0, 1.0, 3.0]))) is None and spaced(const(np.array([0.5, 1.5]))) is None
    assert spaced(const(np.array([18.0, 19.0, 20.0]))) is None and spaced(input_node(Symbol("p"), (3,))) is None


@pytest.mark.parametrize("program", ["sum(mean(x[i..i+4])^2 for i in 1..n-4)", "sum(sort(x[i..i+4])[3]*i for i in 1..n-4)", "sum(max(x[2i..2i+2]) for i in 1..n/2-2)"])
def test_places_of_windows_are_not_looked_up(program: str, monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[int] = []
    checked = structure._checked
    monkeypatch.setattr(structure, "_checked", lambda *given: looked.append(1) or checked(*given))
    session = Session()
    session.run(f"n = 2000\nf(x) = {program}")
    x = np.sin(np.arange(2000.0))
    for function in (session["f"], session.eval("grad(f)")):
        call: Any = function
        first = call(x)
        looked.clear()
        assert np.allclose(call(x), first, rtol=1e-12)
        assert not looked
