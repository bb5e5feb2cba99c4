"""How large what is computed on the way becomes: counted, not timed."""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np
import pytest

from calclang import Session
from calclang.ir.node import order
from calclang.lower.convert import to_low
from calclang.lower.parts import leaves

# The misfit of a matrix and a product of two thin ones: its Hessian is V'V on the diagonal of a large array (Koren, Bell, Volinsky, 2009).
MISFITS = ["norm(Y - U*V')^2", "sum((Y - U*V') .^ 2)", "tr((Y - U*V')' * (Y - U*V'))", "sum((Y[i, j] - U[i, :]'*V[j, :])^2 for i in 1..12, j in 1..50)"]


@pytest.mark.parametrize("mode", ["auto", "reverse"])
@pytest.mark.parametrize("misfit", MISFITS)
def test_nothing_larger_than_the_hessian(misfit: str, mode: str) -> None:
    rng = np.random.default_rng(0)
    session = Session()
    session["Y"], session["V"] = rng.normal(size=(12, 50)), rng.normal(size=(50, 3))
    session.run(f"f(U) = {misfit}\nH = hessian(f, mode = {mode})")
    hessian: Any = session["H"]
    u = rng.normal(size=(12, 3))
    gram = session["V"].T @ session["V"]
    assert np.allclose(hessian(u), 2 * np.einsum("ik,jl->ijkl", np.eye(12), gram), atol=1e-12)
    traced, _ = hessian.trace((to_low(u),))
    sizes = [prod(n.shape) for n in order(leaves(traced.result))]
    assert max(sizes) <= (12 * 3) ** 2
