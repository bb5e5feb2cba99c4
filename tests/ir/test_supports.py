"""Supports of tangents inside of loops: carried where a slope can be infinite, and nowhere else."""

from __future__ import annotations

from typing import Any

import pytest

from calclang.ir.apply import const, input_node
from calclang.ir.node import Node, Symbol, order
from calclang.ops import ROWS
from calclang.ops.control import Body, Loop, loop
from calclang.ops.structure import take
from calclang.transforms.operators import jacobian


def fold(row: str, turns: int = 50) -> tuple[Node, Node]:
    """``sum(row(v) for v in x)`` as a loop, and x."""
    x, carry, element = input_node(Symbol("x"), (turns,)), input_node(Symbol("s"), ()), input_node(Symbol("v"), ())
    body = Body((carry, element), (carry + ROWS[row](element),))
    return take(loop(const(1.0), x, params=(Loop(body, turns, 1, 1),)), params=((0,),)), x


@pytest.mark.parametrize(("row", "mode", "carries"), [("sin", "forward", 2), ("sqrt", "forward", 3), ("sin", "reverse", 1), ("sqrt", "reverse", 1)])
def test_loops_carry_no_more_than_they_need(row: str, mode: Any, carries: int) -> None:
    output, x = fold(row)
    [loops] = [[n.params[0] for n in order(jacobian(output, [x], mode)) if n.op is loop]]
    assert max(record.carries for record in loops) == carries
