"""Small arrays are numbers in compiled code, each element by itself; what would be long stays an array."""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np
import pytest

from calclang.backends.python.scalar import Unsupported, scalarise
from calclang.ir.apply import input_node
from calclang.ir.node import Node, Symbol
from calclang.ops.contraction import contract
from calclang.ops.lengths import length_power
from calclang.ops.vectors import norm


def names(name: str, *shape: int) -> Any:
    """The elements of an array as names."""
    return np.array([f"{name}{k}" for k in range(prod(shape))], dtype=object).reshape(shape)


def lines(output: Node, inputs: dict[Node, Any]) -> list[str]:
    """The right sides of what is computed."""
    code, _ = scalarise([output], inputs)
    return [template.format(*operands) for _, template, operands in code.lines]


def test_a_small_product_is_written_out() -> None:
    A, x = input_node(Symbol("A"), (2, 3)), input_node(Symbol("x"), (3,))
    made = lines(contract([A, x], ["ij", "j"], "i"), {A: names("a", 2, 3), x: names("x", 3)})
    assert made == ["(a0 * x0 + a1 * x1 + a2 * x2)", "(a3 * x0 + a4 * x1 + a5 * x2)"]


def square(length: int) -> list[str]:
    x = input_node(Symbol("x"), (length,))
    return lines(contract([x, x], ["i", "i"], ""), {x: names("x", length)})


def test_a_long_sum_stays_an_array() -> None:
    assert square(64)
    with pytest.raises(Unsupported):
        square(65)


def test_a_length_and_its_powers_are_one_length() -> None:
    x = input_node(Symbol("x"), (3,))
    made = lines(length_power(norm(x), 3) + norm(x) + length_power(norm(x), 4), {x: names("x", 3)})
    assert [line for line in made if "hypot" in line] == ["hypot(x0, x1, x2)"]
