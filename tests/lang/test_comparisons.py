"""What the comparisons say of infinities, tuples, and equality but for rounding."""

from __future__ import annotations

import numpy as np
import pytest

from calclang import CalcError, Session


def test_nearly_equal_element_by_element() -> None:
    session = Session()
    session.run("near(x, y) = x ~~ y; x = [1, inf, nan, -inf, 3, 1e308, -inf]; y = [1 + 1e-12, inf, nan, inf, 3 + 1e-7, -1e308, -inf]")
    expected = [True, True, False, False, False, False, True]
    assert session.eval("x ≈ y").tolist() == expected
    assert session.eval("near(x, y)").tolist() == expected
    assert session.eval("[near(x[i], y[i]) for i in 1..7]").tolist() == expected


def test_a_branch_on_near_values_is_no_tie() -> None:
    """Inside the eight digits nothing changes, so the derivative is no convention."""
    session = Session()
    result = session.run("f(x) = if x ≈ 1 then x else 2x; g(x, y) = if x ≈ y then x*y else 0\nf'(1)\ngrad(g)(2, 2)")
    assert result[-2].value == 1
    assert np.array_equal(result[-1].value, [2, 2])  # type: ignore[arg-type]
    assert not any(r.warnings for r in result)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("(1, [2, 3]) == (1, [2, 3])", True), ("(1, [2, 3]) == (1, [2, 4])", False), ("(1, [2, 3]) != (1, [2, 4])", True), ('(1, "a") == (1, "b")', False), ("(1, 2) == (1, 2, 3)", False),
        ("(1, 2) != (1, 2, 3)", True), ("(1, (2, 3)) ≈ (1, (2, 3 + 1e-12))", True), ("(1, true) == (1, true)", True), ('(1, "a") ≈ (1 + 1e-12, "a")', True), ('(1, "a") ≈ (1, "b")', False), ("qr([1, 2; 3, 4]) ≈ qr([1, 2; 3, 4 + 1e-13])", True),
    ],
)  # fmt: skip
def test_tuples_are_equal_part_by_part(text: str, value: bool) -> None:
    assert Session().eval(text) is value


def test_tuples_have_no_order() -> None:
    with pytest.raises(CalcError, match="this is a tuple"):
        Session().eval("(1, 2) < (1, 3)")
