"""A malformed graph is noticed: each law of `verify` broken on purpose."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from calclang.ir import node as ir
from calclang.ir.apply import const, input_node
from calclang.ir.contract import Spec
from calclang.ir.node import Graph, Node, Symbol
from calclang.ir.verify import Malformed, verify
from calclang.ops import ROWS
from calclang.ops.contraction import CONTRACT, contract, identity, transpose, zeros


def forged(like: Node, **parts: Any) -> Node:
    """A node that no constructor made."""
    node = object.__new__(Node)
    for name in ("op", "inputs", "params", "shape", "boolean", "value", "serial"):
        setattr(node, name, parts.get(name, getattr(like, name)))
    return node


def kept(like: Node, **parts: Any) -> Node:
    """The same, put into the table under its key, so that only the other laws can notice it."""
    node = forged(like, serial=10**12, **parts)
    ir._interned[node.op, node.inputs, node.params] = node
    return node


X = input_node(Symbol("X"), (2, 3))
V = input_node(Symbol("v"), (3,))
Y = contract([X, V], ["ij", "j"], "i")


def test_what_constructors_make_is_well_formed() -> None:
    verify([Y, transpose(X), identity((2, 3)), zeros((4,)), const(np.ones(3)), const(True), ROWS["sin"](Y), ROWS["less"](V, 0.0)])
    verify(Graph((X, V), (Y,)))


def test_what_reads_or_moves_a_mask_is_one() -> None:
    mask = ROWS["less"](V, 0.0)
    read, moved = ROWS["take"](mask, params=(((0, 2, 1),),)), contract([ROWS["less"](X, 0.0)], ["ij"], "ji")
    assert read.boolean and moved.boolean
    verify([read, moved])


def spec(**parts: Any) -> Spec:
    found: Spec = replace(Y.params[0], **parts)
    return found


BROKEN = {
    "one object": lambda: forged(Y),
    "hashable": lambda: forged(Y, params=([],)),
    "the shape": lambda: kept(ROWS["sin"](V), shape=(4,), params=("other",)),
    "read-only": lambda: kept(const(np.ones(3)), value=np.ones(3), params=("own",)),
    "takes 1": lambda: kept(ROWS["sin"](V), inputs=(V, V)),
    "truth values": lambda: kept(ROWS["sin"](V), inputs=(ROWS["less"](V, 0.0),)),
    "one size": lambda: kept(Y, params=(spec(labels=((0, 0), (1,))),)),
    "numbered": lambda: kept(Y, params=(spec(labels=((5, 1), (1,)), out=(5,)),)),
    "every axis": lambda: kept(Y, params=(spec(labels=((0,), (1,))),)),
    "every output": lambda: kept(Y, params=(spec(out=(7,)),)),
    "is free where": lambda: kept(Y, params=(spec(free=((1, 3),)),)),
    "only constants": lambda: kept(ROWS["sin"](V), value=1.0, inputs=(V,), params=("again",)),
}


@pytest.mark.parametrize("law", BROKEN)
def test_broken_laws_are_noticed(law: str) -> None:
    with pytest.raises(Malformed, match=law):
        verify([BROKEN[law]()])


def test_a_contraction_stays_one_row() -> None:
    assert CONTRACT.kind == "contract"
    assert Y.op is CONTRACT
