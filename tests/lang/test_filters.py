"""Sums and products of a part of the elements, which a filter or a range of each turn says, are compiled once."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from calclang import CalcError, Session
from calclang.functions import function_of
from calclang.ir.node import order
from calclang.lower import filters, ragged
from calclang.lower.convert import to_low
from calclang.lower.trace import Undecided

X = np.cos(np.arange(40.0))

SUMS = [
    "sum(x[i]^2*x[i+1] for i in 1..39 if x[i] > 0)",
    "sum(x[i]^2*x[i-1] for i in 1..40 if i > 1 and x[i] > 0 and mod(i, 3) == 0)",
    "sum(sqrt(x[i]) for i in 1..40 if x[i] > 0)",
    "sum(1/x[i] for i in 1..40 if x[i] != x[1])",
    "prod(1 + x[i]/10 for i in 1..40 if x[i] > 0 or x[i] < -0.5)",
    "sum(x[i]*x[j]^2 for i in 1..40, j in 1..40 if x[i] < x[j])",
    "sum(sum(x[j]^2 for j in 1..40 if x[j] > x[i])*x[i] for i in 1..40)",
    "sum(prod(x[j] for j in 1..40 if abs(x[j]) > 0.5 + x[i]^2/4) for i in 1..40)",
    "fold((s, t) -> s/2 + sum(x[i]*t for i in 1..40 if x[i] > s), 0.1, x)",
    "sum(if x[i] > 0 then sum(x[j]^2 for j in 1..40 if x[j] > x[i]) else x[i] for i in 1..40)",
]


@pytest.mark.parametrize("program", SUMS)
def test_the_same_as_with_the_elements_taken_out(program: str, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = [answer(program)]
    monkeypatch.setattr(filters, "as_choice", taken_out)
    answers.append(answer(program))
    for a, b in zip(*answers, strict=True):
        assert np.allclose(a, b, rtol=1e-12, atol=1e-12)


def answer(program: str) -> list[Any]:
    session = Session()
    session["x0"] = X
    session.run(f"f(x) = {program}")
    return [session.eval(text) for text in ("f(x0)", "grad(f, mode = reverse)(x0)", "grad(f, mode = forward)(x0)", "hvp(f, x0, cos(x0))")]


def taken_out(*given: Any) -> Any:
    raise Undecided(None)
    yield


@pytest.mark.parametrize("program", SUMS)
def test_one_graph_serves_every_call(program: str) -> None:
    session = Session()
    session.run(f"f(x) = {program}")
    function: Any = session["f"]
    traced, _ = function.trace((to_low(X, function_of),))
    assert not traced.trace.records.once and not traced.trace.records.guards


def test_a_filter_of_numbers_alone_keeps_fewer_elements() -> None:
    session = Session()
    session.run("f(x) = sum(exp(x[i]) for i in 1..40 if mod(i, 4) == 0)")
    function: Any = session["f"]
    traced, _ = function.trace((to_low(X, function_of),))
    assert (10,) in [n.shape for n in traced.result.node.inputs]


def test_what_no_element_reads_is_no_error() -> None:
    session = Session()
    session["x0"] = X
    session.run("f(x) = sum(x[i + 1] for i in 1..40 if x[i] > 0 and i < 40)")
    assert session.eval("f(x0)") == pytest.approx(sum(X[i + 1] for i in range(39) if X[i] > 0))
    session.run("g(x) = sum(x[i + 1] for i in 1..40 if x[i] < 2)")
    with pytest.raises(CalcError, match="E-INDEX"):
        session.eval("g(x0)")


LOOPS = [
    "fold((s, k) -> s/2 + sum(sin(s + x[j]) for j in 1..k)/k, 0.1, 1..40)",
    "fold((s, k) -> s/2 + sum(sqrt(x[j] + s/9) for j in k-2..40-k if x[j] > 0.1)/40, 1, 3..36)",
    "fold((s, k) -> s/2 + prod(1 + s*x[j]/40 for j in 1..mod(k, 9)), 0.1, 1..40)",
    "norm(iterate(z -> [z[1]/2 + sum(z[2]*x[j] for j in 1..9), cos(z[1])], x[1..2], 40))",
    "fold((s, k) -> s/2 + sum(if s > x[j] then s*x[j] else x[j] for j in k..min(k + 11, 40))/20, 0.1, 1..35)",
]


@pytest.mark.parametrize("program", LOOPS)
def test_ranges_that_vary_with_the_turn_are_no_other_graph_in_each_turn(program: str, monkeypatch: pytest.MonkeyPatch) -> None:
    session = Session()
    session.run(f"f(x) = {program}")
    function: Any = session["f"]
    traced, _ = function.trace((to_low(X, function_of),))
    assert "loop" in {n.op.name for n in order([traced.result.node])} and len(order([traced.result.node])) < 50
    answers = [answer(program)]
    monkeypatch.setattr(ragged, "over_longest", taken_out)
    answers.append(answer(program))
    for a, b in zip(*answers, strict=True):
        assert np.allclose(a, b, rtol=1e-10, atol=1e-10)
