"""One constant is one node, however it is given; bits that differ are different constants."""

from __future__ import annotations

import numpy as np
import pytest

from calclang.ir.apply import const


@pytest.mark.parametrize("x", [0.0, -0.0, 2.0, 1e300, float("inf"), float("nan")])
def test_a_number_is_one_node(x: float) -> None:
    assert const(x) is const(np.float64(x)) is const(np.array(x))
    assert type(const(x).value) is float


def test_zeros_differ_by_their_sign() -> None:
    assert const(0.0) is not const(-0.0)
    assert const(True) is not const(1.0)
