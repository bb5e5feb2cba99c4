"""The interpreter: node by node over NumPy."""
from __future__ import annotations
from collections.abc import Mapping, Sequence
from typing import Any
import numpy as np
from calclang.ir.node import Node, order


def evaluate(outputs: Sequence[Node], known: Mapping[Node, Any], xp: Any = np) -> list[Any]:
    values: dict[Node, Any] = dict(known)
    with np.errstate(all="ignore"):
        for n in order(outputs):
            if n not in values:
                values[n] = n.value if n.value is not None else n.op.eval(xp, *(values[i] for i in n.inputs), *n.params)
    return [values[o] for o in outputs]
