"""Rows on many short arrays: taken in pieces that stay in the cache, first numbers together, with the values and slopes of each array alone."""

from __future__ import annotations

import tracemalloc
from typing import Any

import numpy as np
import pytest

from calclang import Session
from calclang.backends.python import branches, control
from calclang.backends.python.products import plan
from calclang.ir.contract import Spec
from calclang.ops.stacks import laid

COUNT = 1_000
ROWS = np.random.default_rng(0).uniform(-2.0, 2.0, size=(COUNT, 3))
ROWS[[3, 700]] = [0.0, 0.0, 0.0], [1e200, -1e200, 1e-200]
PROGRAMS = [
    "norm(A[i,:])", "norm(A[i,:]/1e160)^2", "norm(A[i,:], 3)", "max(A[i,:])", "min(A[i,:])", "sort(A[i,:])[2]", "prod(A[i,:]/(1 + norm(A[i,:])))",
    "cumsum(A[i,:])[2]", "cumprod(A[i,:]/(1 + norm(A[i,:])))[3]", "logsumexp(A[i,:])", "softmax(A[i,:])[1]", "mean(A[i,:])", "std(A[i,:])", "argmax(A[i,:])*A[i,1]",
    "max([A[i,1], A[i,2]])", "norm([A[i,1], A[i,2]; A[i,2], A[i,3]])", "if A[i,1] > 0 then norm(A[i,:]) else max(A[i,:])",
]  # fmt: skip


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("program", PROGRAMS)
def test_each_as_alone(program: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(branches, "LEAST", 64)
    monkeypatch.setattr(branches, "PIECE", 300)
    session = Session()
    session.run(f"f(A, n) = [{program} for i in 1..n]\ng = grad((A, n) -> sum(f(A, n)), wrt = A)")
    session["A"] = ROWS
    values, slopes = session.eval(f"f(A, {COUNT})"), session.eval(f"g(A, {COUNT})")
    for k in [*range(0, COUNT, 97), 3, 700]:
        session["A"] = np.tile(ROWS[k], (9, 1))
        assert np.allclose(values[k], session.eval("f(A, 9)")[0], rtol=1e-13, atol=1e-300), k
        assert np.allclose(slopes[k], session.eval("g(A, 9)")[0], rtol=1e-13, atol=1e-300), k


def test_first_numbers_lie_together_in_every_piece(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Any] = []
    monkeypatch.setattr(control, "laid", lambda x: seen.append(laid(x)) or seen[-1])
    session = Session()
    session["A"] = np.tile(ROWS, (40, 1))
    assert np.isclose(session.eval("sum(max(A[i,:]) for i in 1..40000)"), np.max(session["A"], axis=1).sum())
    assert len(seen) > 1 and sum(map(len, seen)) == 40_000
    assert all(x.strides[0] == 8 for x in seen)


def test_memory_is_that_of_the_result() -> None:
    a = np.random.default_rng(0).normal(size=(100_000, 4))
    session = Session()
    session.run("f(A) = sum(logsumexp(A[i,:])*norm(A[i,:]) for i in 1..100000)\ng = grad(f)")
    gradient: Any = session["g"]
    gradient(a)
    tracemalloc.start()
    gradient(a)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 5.5 * a.nbytes  # two results, their sum, and what the kinks look at


def test_long_products_of_two_vectors_go_in_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """A long product wakes the threads of BLAS, which wait for each other on a busy machine."""
    x, y = np.random.default_rng(0).normal(size=(2, 20_000))
    lengths: list[int] = []
    dot = np.dot
    monkeypatch.setattr(np, "dot", lambda a, b: lengths.append(len(a)) or dot(a, b))
    found = plan(Spec(((0,), (0,)), (), (), 1.0), [(20_000,), (20_000,)])(x, y)
    assert np.isclose(found, dot(x, y)) and sum(lengths) == 20_000 and max(lengths) <= 8_192
