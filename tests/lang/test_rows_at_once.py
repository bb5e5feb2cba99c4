"""Rows on arrays inside comprehensions run for all elements together, in the value and in derivatives: none is asked element by element."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from calclang import Session
from calclang.backends.python import control
from calclang.ir.node import order
from calclang.lower.convert import to_low
from calclang.lower.parts import leaves

X = np.linspace(-1.0, 1.2, 40)
MATRIX = "[x[i] + 3, 1; x[i+1], 2]"
TALL = "[x[i] + 3, 1; x[i+1], 2; 1, x[i]]"
SYMMETRIC = "[x[i] + 3, 1; 1, x[i+1] + 4]"
PROGRAMS = [
    f"tr(expm({MATRIX}))",
    f"logm({MATRIX})[1, 2]",
    f"sqrtm({MATRIX})[1, 2]",
    f'svd({TALL})["S"][1]',
    f'qr({TALL})["R"][1, 2]',
    f'lu({MATRIX})["U"][2, 2]',
    f"cholesky({SYMMETRIC})[2, 1]",
    f'eigh({SYMMETRIC})["vectors"][1, 1]',
    'eig([x[i] + 3, 1; 2, x[i+1]])["values"][1]',
    f"inv({MATRIX})[1, 2]",
    f"det([{MATRIX}, [0; i]; 1, 2, x[i]])",
    f"({MATRIX} \\ [1, x[i]])[2]",
    f"({TALL} \\ [1, x[i], 2])[2]",
    f"pinv({TALL})[1, 2]",
    f"cond({MATRIX})",
    f"norm({MATRIX}, 2)",
    "norm([x[i], 1, x[i+1]], 3)",
    "sort([x[i], 1, x[i+1]])[2]",
    "cumprod([x[i], 2, x[i+1]])[3]",
    "logsumexp([x[i], 1, x[i+1]])*softmax([x[i], 1])[1]",
]


@pytest.mark.parametrize("program", PROGRAMS)
def test_rows_are_run_together(program: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def answers() -> list[Any]:
        session = Session()
        session["x0"] = X
        session.run(f"f(x) = sum({program} for i in 1..39)")
        return [session.eval(text) for text in ("f(x0)", "grad(f)(x0)", "grad(f, mode = forward)(x0)", "hvp(f, x0, cos(x0))")]

    apart: list[int] = []
    one_by_one = control._one_by_one
    monkeypatch.setattr(control, "_one_by_one", lambda *given: apart.append(1) or one_by_one(*given))
    together = answers()
    assert not apart
    monkeypatch.setattr(control, "compiled_branch", refused)
    for a, b in zip(together, answers(), strict=True):
        assert np.allclose(a, b, rtol=1e-9, atol=1e-9)


def refused(*given: Any) -> Any:
    raise control.CannotBatch("in this test")


def test_only_one_of_many_is_not_finite() -> None:
    """An infinity that the program put in is met by its own element alone."""
    session = Session()
    found = session.eval("[cholesky([v, 0; 0, 2])[2, 2] + svd([v, 0; 0, 1])[\"S\"][2] + expm([0, 0; 0, v])[1, 1] for v in [1, 2, 3, 4, 5, 6, 7, 8, 9, inf]]")
    assert np.allclose(found[:9], 2 + np.sqrt(2)) and np.isnan(found[9])


def test_small_elements_of_an_exponential() -> None:
    """Beside the diagonal they keep their digits, and a large matrix is as exact as its condition lets it be."""
    session = Session()
    assert np.allclose(session.eval("expm(1e-9*[1, 2; 3, 4]) - eye(2)")[0, 1], 2e-9 + 5e-18, rtol=1e-14)
    assert np.allclose(session.eval("expm(50*[0, 1; -1, 0])"), [[np.cos(50), np.sin(50)], [-np.sin(50), np.cos(50)]], rtol=1e-12)


@pytest.mark.parametrize("name", ["max", "min"])
def test_two_numbers_in_brackets_are_compared_as_two_arguments(name: str) -> None:
    """No vectors of two are made of all elements, and ties share as ever."""
    A = np.array([[1.0, 2.0], [3.0, 3.0], [5.0, 4.0]] * 20)
    session = Session()
    session.run(f"f(A) = sum({name}([A[i, 1], 2A[i, 2]]) for i in 1..60)\ng(A) = sum({name}([A[i, 1], A[i, 2]]) for i in 1..60)")
    function: Any = session["f"]
    assert not {"largest", "smallest", "stack"} & {n.op.name for n in order(leaves(function.trace((to_low(A),))[0].result))}
    first = (A[:, 0] > A[:, 1]) + 0.5 * (A[:, 0] == A[:, 1])
    share = first if name == "max" else 1 - first
    assert np.array_equal(session["g"].grad(A), np.stack([share, 1 - share], axis=1))
    assert [w.code for w in session.warnings] == ["W-AD"]
