"""The edges once more, inside other constructs: in branches of comprehensions, in loops, and for every element of a vector.
Values, derivatives in both modes, warnings and errors are those of the function alone."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from calclang import CalcError, Session
from tests.lang.edges import TABLE as EDGES
from tests.lang.edges import Edge
from tests.lang.edges_linear import LINEAR
from tests.lang.test_edges import answer, answer_codes, dimension, numbers, session_of

TABLE = [*EDGES, *LINEAR]
SINGLE = [e for e in TABLE if dimension(e) < 0 and "[" not in e.at]

AROUND = {  # the same value and derivatives as f(…)
    "branch": "sum(if k <= 4 then f({0}) + 0*k else 0 for k in 1..9)/4",
    "loop": "fold((s, k) -> if k > 10 then s + f({0}) else s, 0, 1..20)/10",
}
OVER = {  # nine times the value, and the derivative by every element
    "elements": "sum(f(v) for v in x)",
    "branches of elements": "sum(if k <= 100 then f(x[k]) else 0 for k in 1..length(x))",
}


def parameters(edge: Edge) -> str:
    return edge.program.split("f(")[-1 if edge.program.count(" f(") else 1].split(")")[0]


def same(found: Any, expected: Any) -> bool:
    if isinstance(found, str) or isinstance(expected, str):
        return isinstance(found, str) and found == expected
    wanted = np.ravel(np.asarray(expected, dtype=float))
    return np.size(found) == wanted.size and np.allclose(np.ravel(found), wanted, rtol=1e-12, atol=1e-13, equal_nan=True)


@pytest.mark.parametrize("around", AROUND)
@pytest.mark.parametrize("edge", TABLE, ids=str)
def test_around(edge: Edge, around: str) -> None:
    session, names = session_of(edge), parameters(edge)
    session.run(f"whole({names}) = {AROUND[around].format(names.strip('[]'))}")
    found = answer(session, f"whole({edge.at})")[0]
    assert same(found, edge.value), found
    for mode in ("forward", "reverse") if edge.slopes else ():
        found, codes, said = answer(session, f"grad(whole, mode = {mode})({edge.at})")
        assert same(found, edge.slopes[0]), (mode, found)
        assert ("W-AD" in codes) == edge.warns, said
    for slope in edge.slopes[1:2]:
        found = answer(session, f"{'hessian(whole)' if dimension(edge) >= 0 else 'derivative(derivative(whole))'}({edge.at})")[0]
        assert same(found, slope), found


@pytest.mark.parametrize("over", OVER)
@pytest.mark.parametrize("edge", SINGLE, ids=str)
def test_over_elements(edge: Edge, over: str) -> None:
    """Also from Python, interpreted at first and compiled afterwards."""
    session = session_of(edge)
    session.run(f"whole(x) = {OVER[over]}")
    point = np.full(9, float(session.eval(edge.at)))
    session["at"] = point
    found = answer(session, "whole(at)")[0]
    assert same(found if isinstance(found, str) else found / 9, edge.value), found
    expected = [s if isinstance(s, str) else np.full(9, float(s)) for s in edge.slopes[:1]]
    for slope in expected:
        for mode in ("forward", "reverse"):
            found, codes, said = answer(session, f"grad(whole, mode = {mode})(at)")
            assert same(found, slope), (mode, found)
            assert ("W-AD" in codes) == edge.warns, said
        whole: Any = session["whole"]
        for _ in range(3):
            session.warnings.clear()
            try:
                found = numbers(whole.grad(point))
            except CalcError as error:
                found = error.code
            assert same(found, slope), found
            assert any(w.code == "W-AD" for w in session.warnings) == edge.warns, session.warnings


@pytest.mark.parametrize(
    ("program", "at", "warns"),
    [
        ("f(x) = sum(if k > 2 then (if x[k] > 0 then x[k] else -x[k]) else 0 for k in 1..9)", "[1, 1, 0, 1, 1, 1, 1, 1, 1]", True),
        ("f(x) = sum(if k > 2 then (if x[k] > 0 then x[k] else -x[k]) else 0 for k in 1..9)", "[0, 0, 1, 1, 1, 1, 1, 1, 1]", False),
        ("f(x) = sum(if k > 100 then abs(x[1]) else x[k] for k in 1..9)", "zeros(9)", False),
        ("f(x) = sum(if k == 3 then x[k] else 2*x[k] for k in 1..9)", "ones(9)", False),
        ("f(x) = sum(ifelse([1, 2] == [1, 3], x, 2*x))", "[1, 2]", False),
        ("f(x) = sum(norm([x[k], 2*x[k]]) for k in 1..9)", "[1, 1, 0, 1, 1, 1, 1, 1, 1]", True),
        ("f(x) = sum(norm([x[k], 2*x[k]])^2 for k in 1..9)", "[1, 1, 0, 1, 1, 1, 1, 1, 1]", False),
        ("f(x) = sum(if k > 2 then abs(x[k])^2 else 0 for k in 1..9)", "zeros(9)", False),
        ("f(x) = sum(max([x[k], 2]) for k in 1..9)", "[1, 1, 2, 1, 1, 1, 1, 1, 1]", True),
        ("f(x) = sum(max([x[k], k]) for k in 1..9)", "5.5*ones(9)", False),
        ("f(x) = sum(sort([x[k], 2])[1] for k in 1..9)", "[1, 1, 2, 1, 1, 1, 1, 1, 1]", True),
        ("f(x) = fold((s, k) -> if s > 0 then s + x[k] else x[k], 0, 1..9)", "ones(9)", False),
        ("f(x) = fold((s, k) -> if s > 1 then s else s + x[k], 0, 1..9)", "ones(9)", True),
        ("f(x) = sum(eigh(k*x*x' + k*eye(2))[\"values\"][1] for k in 1..9)", "[0, 0]", True),
    ],
)
def test_warnings_of_elements(program: str, at: str, warns: bool) -> None:
    """One element at a kink is enough, if it is differentiated there; another one's branch, or a tie between elements, is none."""
    session = Session()
    session.run(program)
    for mode in ("forward", "reverse"):
        assert ("W-AD" in answer_codes(session, f"grad f at {at} mode {mode}")) == warns


def test_a_decision_inside_a_branch_is_made_anew_for_other_arguments() -> None:
    session = Session()
    session.run("f(a) = sum(if k > 2 then (if a > 0 then k else -k) else 0 for k in 1..9)")
    session.run("g(a, n) = sum(if k > 2 then iterate(t -> t + a, 0, n) else 0 for k in 1..9)")
    f: Any = session["f"]
    g: Any = session["g"]
    assert [f(1.0), f(1.0), f(-1.0), f(1.0)] == [42, 42, -42, 42]
    assert [g(1.0, 3.0), g(1.0, 3.0), g(1.0, 5.0)] == [21, 21, 35]


@pytest.mark.parametrize("row", ["eigh", "eig"])
def test_equal_eigenvalues_of_elements(row: str) -> None:
    """Values alone share their derivative in a comprehension, too; vectors have none."""
    session = Session()
    session.run(f'f(A) = sum({row}(k*A)["values"][1] for k in 1..10)\ng(A) = sum({row}(k*A)["vectors"][1, 1] for k in 1..10)')
    for mode in ("forward", "reverse"):
        found, codes, _ = answer(session, f"grad(f, mode = {mode})([2, 0; 0, 2])")
        assert np.allclose(found, 55 / 2 * np.eye(2)) and codes == ["W-AD"]
        assert answer(session, f"grad(g, mode = {mode})([2, 0; 0, 2])")[0] == "E-AD"


def test_singular_matrices_in_a_branch_are_told() -> None:
    session = Session()
    session.run("f(A) = sum(if k > 5 then inv(k*A)[1, 1] else 0 for k in 1..10)")
    assert answer_codes(session, "f([1, 1; 1, 1 + 1e-14])") == ["W-CONDITION"]
