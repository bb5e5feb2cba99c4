"""What building graphs may use is counted per statement, and per formula shown; outside any session nothing adds up."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from calclang import CalcError, Session
from calclang.ir.budget import Budget, budget, charge, charging, spending
from calclang.limits import LOCAL


def test_outside_any_session_nothing_adds_up() -> None:
    charge(1_000)
    assert budget() == Budget()
    with charging(Budget(nodes=10)) as inner:
        charge(10)
        assert budget() is inner and inner.made == 10
    assert budget() == Budget()


def test_a_formula_is_charged_to_its_session() -> None:
    shown = {}
    for nodes in (LOCAL.nodes, 5):
        session = Session(LOCAL)
        session.run("f(x) = x*sin(x)")
        session.limits = replace(LOCAL, nodes=nodes)
        f: Any = session["f"]
        shown[nodes] = f.grad.source()
    assert shown == {LOCAL.nodes: "x -> sin(x) + x*cos(x)", 5: "grad(f)"}


def test_a_part_of_a_budget_is_spent_from_it() -> None:
    with charging(Budget(nodes=100)) as outer:
        charge(50)
        with pytest.raises(CalcError), spending(20):
            charge(21)
        assert outer.made == 71
        with spending(1_000) as inner:
            assert inner.nodes == 29
