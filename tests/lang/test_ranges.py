"""How many numbers a range holds: alone, as an index, in comprehensions, with ends that vary with the elements before them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from calclang import CalcError, RangeValue, Session
from calclang.lower.arrays import range_lengths, range_numbers
from calclang.source import Source, Span

NOWHERE = Span(Source("", ""), 0, 0)
RANGES = {
    (1, 1, 0): [], (2, 1, 1): [], (5, 1, -3): [], (1, 1, 1): [1], (1, 1, 3): [1, 2, 3], (1, 1, 0.5): [], (1, 1, 2.5): [1, 2],
    (3, -1, 1): [3, 2, 1], (1, -1, 2): [], (1, -1, 1): [1], (9, -4, 0): [9, 5, 1], (0, -0.5, -1): [0, -0.5, -1],
    (0, 0.1, 0.3): [0, 0.1, 0.2, 0.3], (0, 0.1, 1): [k / 10 for k in range(11)], (1000, 0.1, 1000.3): [1000, 1000.1, 1000.2, 1000.3],
    (0, 0.25, -0.1): [], (1, 0.1, 0.95): [], (1e308, 1, -1e308): [],
}  # fmt: skip


@pytest.mark.parametrize(("ends", "expected"), RANGES.items())
def test_length(ends: tuple[float, float, float], expected: list[float]) -> None:
    assert len(RangeValue(*ends)) == len(expected)
    start, step, stop = ends
    session = Session()
    assert np.allclose(session.eval(f"[i for i in {start}..{step}..{stop}]"), expected)


def test_many_at_once() -> None:
    ends = [np.array(column, dtype=float) for column in zip(*RANGES, strict=True)]
    lengths = range_lengths(ends, NOWHERE)
    assert lengths.tolist() == [len(r) for r in RANGES.values()]
    assert np.allclose(range_numbers(ends, lengths), np.concatenate(list(RANGES.values())))


@pytest.mark.parametrize(("program", "expected"), [
    ("length(1..0)", 0), ("sum(i for i in 1..0)", 0), ("[1, 2, 3][1..0]", []), ("[1, 2, 3][4..3]", []), ("[1, 2, 3][3..-1..4]", []),
    ("[sum([1, 2, 3][1..k-1]) for k in 1..3]", [0, 1, 3]), ("sum(i*j for i in 1..20, j in i+1..20)", 20615), ("sum(1 for i in 1..30, j in i..-2..1)", 240),
    ("[10i + j for i in 1..3, j in 1..i-1]", [21, 31, 32]), ("prod(i for i in 1..0)", 1), ("all(i > 5 for i in 1..0)", True), ("any(i > 5 for i in 1..0)", False),
    ("sum(1 for i in 1..9, j in i+1..i)", 0),
])  # fmt: skip
def test_empty(program: str, expected: Any) -> None:
    assert np.allclose(Session().eval(program), expected)


@pytest.mark.parametrize(("program", "expected"), [
    ("sum([i, i^2] for i in 1..3)", [6, 14]), ("sum([i, i^2] for i in 1..20)", [210, 2870]), ("sum([i, i^2]' for i in 1..3)*[1, 1]", 20), ("sum(i*eye(2) for i in 1..20)", 210*np.eye(2)),
    ("mean([i, i^2] for i in 1..3)", [2, 14/3]), ("mean([i, i^2]' for i in 1..20)*[1, 1]", 154), ("sum([i, j] for i in 1..9, j in i..9)", [165, 285]),
    ("sum([i, j] for i in 1..9, j in 1..9)", [405, 405]), ("sum([1, i] for i in 1..20 if i > 18)", [2, 39]), ("[sum([1, j] for j in 1..i) for i in 1..9]", [[i, i*(i + 1)/2] for i in range(1, 10)]),
    ("[mean([1, j]' for j in 1..i)*[1, 1] for i in 1..9]", [1 + (i + 1)/2 for i in range(1, 10)]), ("sum(A for A in (eye(2), 3*eye(2)))", 4*np.eye(2)),
    ("sum([[i, i^2] for i in 1..3])", 20), ("[sum([[1, j] for j in 1..i]) for i in 1..9]", [i + i*(i + 1)/2 for i in range(1, 10)]), ("mean([[i, i] for i in 1..3])", 2),
    ("let g = p -> sum(p) in g([i, i] for i in 1..3)", 12), ("max([i, -i] for i in 1..3)", 3), ("all([i > 0, i < 9] for i in 1..3)", True),
    ("any([any([i > 9, i > 5]) for k in 1..i] for i in 5..6 if i > 5)", True), ("sum(if any([i > 9, j > 5] for j in 1..i) then 1 else 0 for i in 1..20)", 15),
])  # fmt: skip
def test_terms_that_are_arrays_are_added_up(program: str, expected: Any) -> None:
    """Over an index a sum of vectors is a vector; brackets make one array, whose elements are added up."""
    assert np.allclose(Session().eval(program), expected)


@pytest.mark.parametrize("mode", ["forward", "reverse"])
def test_the_smallest_of_sums_of_nothing_has_a_derivative(mode: str) -> None:
    session = Session()
    session.run("f(A) = min(sum(A[j, i] for j in i..9 if j < i) for i in 1..9)")
    assert np.array_equal(session.eval(f"grad(f, mode = {mode})(ones(9, 9))"), np.zeros((9, 9)))


@pytest.mark.parametrize("program", [
    "sum(i for i in 2^53..2^53+4)", "[1e16..1e16+6]", "length(1e16..0.5..1e16+20)", "f(a) = sum(i for i in a..a+4); f(2^53)", "[1, 2, 3][1e17..1e17+16]",
    "sum(j for i in 1..20, j in 2^53*i..2^53*i+4)", "sum(sum(j for j in 2^53..2^53+2i) for i in 1..20)",
])  # fmt: skip
def test_a_step_that_is_lost_is_told(program: str) -> None:
    """Numbers would stand twice in such a range, others not at all."""
    with pytest.raises(CalcError, match="is lost beside"):
        Session().run(program)


def test_ranges_that_reach_the_last_exact_number() -> None:
    session = Session()
    assert session.eval("(1..2^53)[end]") == session.eval("sum(i for i in 2^53..2^53)") == session.eval("last(2^53-2..2^53)") == 2.0**53
    assert session.eval("sum(j for i in 1..20, j in 2^53*i..2^53*i-64)") == 0
