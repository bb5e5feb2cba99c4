"""A nan that an operation made may not vanish again in a comparison: not in a decision, a filter, a branch, a loop or its condition; on the first call
as on later ones. One that was put in may."""

from __future__ import annotations

from typing import Any

import pytest

from calclang import CalcError, Session

LONG = "[k - 1 for k in 1..200]"
VANISHED = [
    ("if 0/0 != 1 then 1 else 2", "0/0"), ("if not (0/0 < 1) then 1 else 2", "0/0"), ("x = 0; if x > 1 or 0/x < 1 then 1 else 2", "0/x"),
    ("sum(x for x in [1, 2, 3, 4, 5, 6, 7, 8, 0] if 0/x < 1)", "0/x"), ("f(y) = sum(x for x in y if 0/x < 1); f([1, 2, 3, 4, 5, 6, 7, 8, 0])", "0/x"),
    (f"fold((s, v) -> if 0/v < 1 then s else s + v, 0, {LONG})", "0/v"), (f"fold((s, v) -> s + ifelse(0/v < 1, 1, 2), 0, {LONG})", "0/v"),
    (f"f(x) = fold((s, v) -> if 1e308*v - 1e308*v < 1 then s else s + v, 0, x); x = {LONG}; f(x)", "1e308*v"),
    ("iterate(v -> ifelse(v*0/v < 1, v, v + 1), 0, 1000)", "v*0/v"), ("iterate(v -> v + 1, 0, until = v -> 0/(v - 3) > 1 or v > 10)", "0/(v - 3)"),
    ("iterate(v -> v + 1, 0, until = v -> v > 9 and 0/(v - 10) != 1)", "0/(v - 10)"),
    (f"fold((s, v) -> s + (if v > 1 then (if 1e308*v - 1e308*v > 0 then 1 else 2) else 3), 0, {LONG})", "1e308*v"),
    (f"x = {LONG}; sum(if v > -5 then (if 0/v < 1 then 1 else 2) else 1 for v in x)", "0/v"),
    ("2^sqrt(-1)", "sqrt(-1)"), ("x = -1; 1^sqrt(x)", "sqrt(x)"), ("f(x) = x^log(-1); f(1)", "log(-1)"), ("sqrt(-1)^0", "sqrt(-1)"), ("f(x) = sqrt(x)^0; f(-1)", "sqrt(x)"),
    ("sort([1, sqrt(-1)])[1]", "sqrt(-1)"), ("f(x) = argmax([1, 2, sqrt(x)]); f(-1)", "sqrt(x)"), ("argmin([0/0, 1])", "0/0"),
    ("[sort([1, sqrt(v)])[1] for v in -1..9]", "sqrt(v)"), ("fold((s, v) -> s + sqrt(v)^0, 0, -1..30)", "sqrt(v)"),
    (f"x = {LONG}; fold((s, k) -> s + sum(if v > k then 1 else 0 for v in 0 ./ x), 0, 1..30)", "0 ./ x"),
]  # fmt: skip


@pytest.mark.parametrize(("program", "place"), VANISHED)
def test_told(program: str, place: str) -> None:
    with pytest.raises(CalcError) as caught:
        Session().run(program)
    span = caught.value.diagnostic.labels[0].span
    assert caught.value.code in ("E-DOMAIN", "E-OVERFLOW") and span is not None and span.text == place


@pytest.mark.parametrize(
    ("program", "fine", "wrong"),
    [
        (f"f(a) = fold((s, v) -> if a/v < 1 then s + 1 else s, 0, {LONG} .+ a)", 1.0, 0.0),
        (f"f(a) = sum(if v > -5 then (if a/v < 1 then 1 else 2) else 1 for v in {LONG} .+ a)", 1.0, 0.0),
        ("f(a) = sort([1, 0/a])[1] + argmax([1, 0/a]) + (0/a)^0", 1.0, 0.0),
        ("f(a) = iterate(v -> v + 1, a, until = v -> 0/(v - 3) > 1 or v > 10)", 4.0, 0.0),
    ],
)
def test_later_calls(program: str, fine: float, wrong: float) -> None:
    session = Session()
    session.run(program)
    f: Any = session["f"]
    value = f(fine)
    for _ in range(3):
        assert f(fine) == value
        with pytest.raises(CalcError, match="0/0"):
            f(wrong)


def test_what_was_put_in_may_vanish() -> None:
    session = Session()
    assert session.eval(f"sum(if v > 0 then (if inf*v - inf*v > 0 then 1 else 2) else 1 for v in {LONG})") == 399
    session.run(f"x = nan*{LONG}")
    assert session.eval("fold((s, v) -> if v < 1 then s else s + 1, 0, x)") == 200
    assert session.eval("sum(if k > 3 then (if x[k] < 1 then 1 else 2) else 0 for k in 1..9)") == 12
    assert session.eval("sum(1 for v in x if not (v < 1))") == 200
    session.run("set ieee true")
    assert session.eval(VANISHED[5][0]) == 0
