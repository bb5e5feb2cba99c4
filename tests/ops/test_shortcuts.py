"""What is made at once when a node is asked for: an equal node without arithmetic, or none where an operation would change its place."""

from __future__ import annotations

from ops_support import evaluate

from calclang.ir.apply import const, input_node
from calclang.ir.node import Node, Symbol
from calclang.ops import ROWS
from calclang.ops.contraction import contract, is_zero, transpose

A, B = (input_node(Symbol(name), (2, 3)) for name in "AB")
x, y, z = (input_node(Symbol(name), ()) for name in "xyz")


def take(a: Node, *places: object) -> Node:
    return ROWS["take"](a, params=(places,))


def test_all_of_an_array_is_that_array() -> None:
    assert take(A, None, (0, 3, 1)) is A
    assert take(A, None, (0, 2, 1)) is not A


def test_one_part_of_a_stack_is_that_part() -> None:
    both = ROWS["stack"](A, B, params=(2,))
    assert take(both, 1, None, None) is B
    assert take(both, 1, None, 2) is take(B, None, 2)
    assert take(both, (0, 2, 1), 1, 2).op is ROWS["take"]


def test_several_parts_of_a_stack_are_read() -> None:
    parts = take(ROWS["stack"](x, y, z, params=(0,)), (1, 3, 1))
    assert evaluate([parts], {x: 1.0, y: 2.0, z: 3.0})[0].tolist() == [2.0, 3.0]


def test_one_of_several_results_is_that_result() -> None:
    layout = ((2, 3), (2, 3))
    packed, part, place = (ROWS[name] for name in ("pack", "part", "place"))
    assert [part(packed(A, B, params=(layout,)), params=(k, layout)) for k in (0, 1)] == [A, B]
    assert part(place(A, params=(1, layout)), params=(1, layout)) is A
    assert is_zero(part(place(A, params=(1, layout)), params=(0, layout)))
    both = place(A, params=(0, layout)) + place(B, params=(1, layout))
    assert [part(both, params=(k, layout)) for k in (0, 1)] == [A, B]


def test_what_only_relabels_is_no_factor() -> None:
    """Turned, stretched, on a diagonal, with another sign or times a power of two: exact, so it disappears."""
    v = contract([A], ["ij"], "ij", coef=-0.5)
    for factor, labels in ((transpose(A), "ji"), (v, "ij")):
        product = contract([factor, B], [labels, "ij"], "")
        assert set(product.inputs) == {A, B}


def test_what_adds_or_rounds_stays_a_factor() -> None:
    """A sum of rows, or a product by 3, is made where the program makes it."""
    sums, thrice = contract([A], ["ij"], "i"), contract([A], ["ij"], "ij", coef=3.0)
    assert sums in contract([sums, B], ["i", "ij"], "j").inputs
    assert thrice in contract([thrice, B], ["ij", "ij"], "").inputs
    assert sums in contract([sums], ["i"], "ij", {"j": 4}).inputs


def test_along_more_directions_than_it_has_rows_a_determinant_stands_still() -> None:
    m = input_node(Symbol("M"), (2, 2))
    change = ROWS["det_change"]
    assert change(m, m).op is change
    assert is_zero(change(m, m, m))


def test_a_constant_is_a_coefficient() -> None:
    assert contract([const(3.0), A], ["", "ij"], "ij") is contract([A], ["ij"], "ij", coef=3.0)
    assert contract([const(2.0), A, B], ["", "ij", "ij"], "").params[0].coef == 2.0
