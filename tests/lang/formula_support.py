"""What is shown of a derivative, and whether it is that function."""

from __future__ import annotations

from typing import Any

import numpy as np

from calclang import Session
from calclang.syntax import format_expr
from calclang.values import Parts, Row


def case(row: tuple[str, str, str]) -> str:
    """The name of a test: a derivative of a program."""
    program, derivative, _ = row
    return f"{derivative} of {program}"


def source(session: Session, text: str) -> str:
    """What is shown of a derivative."""
    shown: Any = session.eval(text)
    return str(shown.source())


def assert_shown(program: str, derivative: str, shown: str) -> None:
    """The derivative is shown so, and what is shown is the derivative."""
    session = Session()
    session.run(program)
    assert source(session, derivative) == shown
    assert_same(session, derivative)


def assert_same(session: Session, derivative: str, formula: str = "") -> None:
    """The derivative and a formula (what is shown of it, where none is given) have the same value."""
    f: Any = session["f"]
    rng = np.random.default_rng(1)
    sizes = {"m": 3, "n": 4, "p": 2, "q": 5, "k": 3}
    shapes = [[eval(format_expr(d), {}, sizes) for d in p.kind.dims] if p.kind else [] for p in f.low.parameters]
    point = [rng.uniform(0.5, 1.5, shape) if shape else 0.7 for shape in shapes]
    found, expected = (arrays(session.eval(t)(*point)) for t in (formula or source(session, derivative), derivative))
    assert [a.shape for a in found] == [a.shape for a in expected]
    for a, b in zip(found, expected, strict=True):
        assert np.allclose(a, b, rtol=1e-11)


def arrays(value: Any) -> list[Any]:
    """The arrays of a value; a row as a matrix."""
    if isinstance(value, Parts):
        return [a for part in value for a in arrays(part)]
    return [np.atleast_2d(value.array) if isinstance(value, Row) else np.asarray(value)]
