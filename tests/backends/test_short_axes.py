"""Sums over a short axis beside a long one run layer by layer, in blocks: windows and their products are never made."""

from __future__ import annotations

import tracemalloc
from typing import Any

import numpy as np
import pytest

from calclang import Session
from calclang.backends.python import arrays

N = 80_000
X = np.sin(np.arange(N) ** 1.3)
W = np.array([0.1, -0.2, 0.4, 0.3, 0.2])
PROGRAMS = [
    "sum(sum(x[i+k-1]*w[k] for k in 1..5)^2 for i in 1..n-5)",
    "sum(dot(x[i..i+4], w)^3 for i in 1..n-5)",
    "sum(dot(x[2i..2i+4], w)*x[i] for i in 1..n/2-5)",
    "sum([sum(x[i+k-1]*w[6-k] for k in 1..5) for i in 1..n-5].^2)",
    "sum(x[i+k]*w[k]*x[i] for i in 1..n-5, k in 1..5)",
    "sum(norm(x[i..i+1])^2*x[i] for i in 1..n-5)",
    "sum(log(sum(exp(-(t - w[k])^2/2) for k in 1..5)) for t in x)",
    "sum(sum([t, t^2, w[1]])^2 for t in x)",
    "sum((sum(x[i..i+9])/10 - x[i])^2 for i in 1..n-10)",
    "sum(sum(x[i + j] for j in 1..12)^2*w[2] for i in 1..n-12)",
]


@pytest.mark.parametrize("program", PROGRAMS)
def test_the_same_as_whole_windows(program: str, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = [answer(program)]
    monkeypatch.setattr(arrays, "layered", list)
    answers.append(answer(program))
    for a, b in zip(*answers, strict=True):
        assert np.allclose(a, b, rtol=1e-10, atol=1e-10)


def answer(program: str) -> list[Any]:
    session = Session()
    session.run(f"n = {N}\nf(x, w) = {program}\ng = grad(f, wrt = x)\nh = grad(f, wrt = w)")
    return [session[name](X, W) for name in "fgh"]


@pytest.mark.parametrize("program", PROGRAMS[:5])
def test_memory_is_that_of_the_result(program: str) -> None:
    session = Session()
    session.run(f"n = {N}\nf(x, w) = {program}\ng = grad(f, wrt = x)\nh = grad(f, wrt = w)")
    for name, vectors in (("f", 1), ("g", 3), ("h", 2)):
        function: Any = session[name]
        function(X, W)
        tracemalloc.start()
        function(X, W)
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert most < (vectors + 1) * X.nbytes, (name, most / X.nbytes)
