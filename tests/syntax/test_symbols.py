"""Every symbol that can be typed with a backslash is either accepted by the grammar or has its word of this language."""

from __future__ import annotations

import pytest

from calclang import CalcError, Session
from calclang.syntax.symbols import INSTEAD, MEANS, SYMBOLS, typed, ways


def reads(text: str) -> bool:
    try:
        Session().parse(text, "<test>")
    except CalcError:
        return False
    return True


def accepted(sign: str) -> bool:
    """Whether a sign may stand somewhere: as a name, in one, or as an operator."""
    return any(reads(form.format(sign)) for form in ("{} = 3", "x{} = 3", "x {} y", "x{}", "{}f", "{}x", "x{}²"))


@pytest.mark.parametrize("sign", sorted(set(SYMBOLS.values())))
def test_accepted_or_said_otherwise(sign: str) -> None:
    assert accepted(sign) != (sign in INSTEAD)


def test_operators_mean_what_is_said() -> None:
    assert all(accepted(sign) for sign in MEANS)
    letters = {s for s in SYMBOLS.values() if s not in INSTEAD and not (s.isalnum() or s == "⁻")}
    assert letters <= set(MEANS)


def test_there_are_enough() -> None:
    assert len(SYMBOLS) >= 130
    assert set(INSTEAD) <= set(SYMBOLS.values())


def test_both_ways() -> None:
    assert ways("α") == ["alpha"]
    assert ways("∇") == ["nabla", "grad"]
    assert ways("ϵ") == ["epsilon", "varepsilon"]
    assert ways("x") == [] and ways("²") == ["^2"]
    assert typed("alpha") == "α" and typed("infty") == "inf"
