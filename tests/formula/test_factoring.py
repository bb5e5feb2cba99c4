"""Factoring a sum takes work that grows with its terms, not with the number of their subsets."""

from __future__ import annotations

from fractions import Fraction

import pytest

from calclang import Session
from calclang.syntax import tree
from calclang.transforms.formula.factor import Factoring
from calclang.transforms.formula.matrices import ONE, atom
from calclang.transforms.formula.summands import Term


def product_rule(n: int) -> list[Term]:
    """The derivative of u1*u2*…*un."""
    factors = [(atom(tree.Name(f"u{k}")), ONE) for k in range(n)]
    slopes = [(atom(tree.Name(f"d{k}")), ONE) for k in range(n)]
    return [Term(Fraction(1), (*factors[:k], slopes[k], *factors[k + 1 :])) for k in range(n)]


def test_the_parts_of_a_product_rule_that_are_factored_are_few() -> None:
    parts = {}
    for n in range(4, 21, 2):
        factoring = Factoring()
        assert len(factoring.combined(product_rule(n))) == 2
        parts[n] = len(factoring.known)
    assert parts[20] <= parts[4] + 2**6 + 20


@pytest.mark.parametrize("many", [8, 12])
def test_the_derivative_of_a_long_product_reads_back(many: int) -> None:
    session = Session()
    session.run(f"f(x) = {' * '.join(f'sin(x + {k})' for k in range(many))}\ng(x) = iterate(y -> y^2 + x, x, 30)")
    for name in "fg":
        shown = session.eval(f"derivative({name})").source()
        assert "derivative" not in shown
        assert session.eval(f"({shown})(-0.3)") == pytest.approx(session.eval(f"derivative({name})(-0.3)"), rel=1e-12)
