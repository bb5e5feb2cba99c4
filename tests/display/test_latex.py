"""Formulas as LaTeX: what each construct is typeset as, and no bracket more than needed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from calclang.display.latex import latex_expr
from calclang.source import Source
from calclang.syntax import parse
from calclang.syntax import tree as t

RECORDED = Path(__file__).parents[1] / "formula" / "recorded.txt"
TYPESET = {
    "x'*A*x": r"x^{\top} A x", "inv(A)*b": "A^{-1} b", "inv(A)'": r"A^{-\top}", "(A*B)'": r"\left(A B\right)^{\top}", "A \\ b": "A^{-1} b",
    "a/b/c": r"\frac{\frac{a}{b}}{c}", "(a + b)/c^2": r"\frac{a + b}{c^{2}}", "(a/b)^2": r"\left(\frac{a}{b}\right)^{2}", "a*(b/c)": r"a \frac{b}{c}",
    "-x^2": "-x^{2}", "(-x)^2": r"\left(-x\right)^{2}", "-(a + b)": r"-\left(a + b\right)", "a - (b - c)": r"a - \left(b - c\right)", "2x*3": r"2 x \cdot 3", "2*3": r"2 \cdot 3",
    "2^-1": "2^{-1}", "(x^2)^3": r"\left(x^{2}\right)^{3}", "sin(x)^2": r"\sin\left(x\right)^{2}", "log(x)": r"\ln\left(x\right)", "sqrt(x + 1)": r"\sqrt{x + 1}",
    "abs(x)": r"\left| x \right|", "norm(x)": r"\left\| x \right\|", "norm(x, 1)": r"\left\| x \right\|_{1}", "det(A)": r"\det\left(A\right)", "tr(A)": r"\operatorname{tr}\left(A\right)",
    "floor(x/2)": r"\lfloor \frac{x}{2} \rfloor", "ceil(x)": r"\lceil x \rceil", "pinv(A*B)": r"\left(A B\right)^{+}", "log10(x)": r"\log_{10}\left(x\right)",
    "inv(A)^2": r"\left(A^{-1}\right)^{2}", "(A')^2": r"\left(A^{\top}\right)^{2}", "exp(x)^2": r"\left(e^{x}\right)^{2}", "sqrt(x)^3": r"\sqrt{x}^{3}",
    "inv(A')": r"\left(A^{\top}\right)^{-1}", "pinv(A)'": r"\left(A^{+}\right)^{\top}", "A' \\ b": r"\left(A^{\top}\right)^{-1} b",
    "asinh(x)": r"\operatorname{arsinh}\left(x\right)", "exp(-x)": "e^{-x}", "[1, 2; 3, 4]": r"\begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix}", "[1, 2]": r"\begin{pmatrix} 1 \\ 2 \end{pmatrix}",
    "alpha1 + θ": r"\alpha_{1} + \theta", "x_1 + my_name + _": r"x_{1} + \mathrm{my\_name} + \mathrm{\_}", "x[i, 1]": "x_{i, 1}", "1e-3*x": "10^{-3} x", "2.5e6": r"2.5 \cdot 10^{6}",
    "if x < 0 then -1 else 1": r"\begin{cases} -1 & \text{if } x < 0 \\ 1 & \text{otherwise} \end{cases}", "x -> x^2": r"x \mapsto x^{2}", "(x, y) -> x": r"(x, y) \mapsto x",
    "(A: R^(m×n), x: R^n) -> x": r"(A \in \mathbb{R}^{m \times n}, x \in \mathbb{R}^{n}) \mapsto x", "(x: R^n) -> ones(n)": r"x \in \mathbb{R}^{n} \mapsto \operatorname{ones}\left(n\right)",
    "0 < x <= 1": r"0 < x \le 1", "x .* y": r"x \odot y", "f(x)": r"f\left(x\right)", "x where x = 3": r"x \quad \text{where } x = 3",
    "2*sum(x[i]^2 for i in 1..n) + y": r"2 \left(\sum_{i=1}^{n} x_{i}^{2}\right) + y", "prod(a + b for a in v)": r"\prod_{a \in v} \left(a + b\right)",
    "eye(n)[:, 1]": r"\left(I_{n}\right)_{:, 1}", "x1[2]": r"\left(x_{1}\right)_{2}", "A[1, 2]^2": "A_{1, 2}^{2}", "A'[1]'": r"\left(A^{\top}_{1}\right)^{\top}",
    "inv(A')'": r"\left(A^{\top}\right)^{-\top}", "1e5^2": r"\left(10^{5}\right)^{2}", "norm(x, 1)[2]": r"\left(\left\| x \right\|_{1}\right)_{2}",
    "derivative(inv(f))": r"\left(f^{-1}\right)'", "A[1][2]": r"\left(A_{1}\right)_{2}", "inv(A1)'[1]": r"\left(A_{1}^{-\top}\right)_{1}",
    "sum(A[i, j] for i in 1..m, j in 1..n)": r"\sum_{i=1}^{m} \sum_{j=1}^{n} A_{i, j}",
}  # fmt: skip


@pytest.mark.parametrize("text", TYPESET)
def test_typeset(text: str) -> None:
    (statement,) = parse(Source("test", text), frozenset()).statements
    assert isinstance(statement, t.Show)
    assert latex_expr(statement.value) == TYPESET[text]


def doubled(latex: str) -> bool:
    """Whether anything has two scripts above or two below, which LaTeX refuses."""
    while (flat := re.sub(r"(?<!\\)\{((?:[^{}\\]|\\.)*)\}", lambda m: "!" if DOUBLED.search(m[1]) else "§", latex)) != latex and "!" not in flat:
        latex = flat
    return "!" in flat or DOUBLED.search(flat) is not None


DOUBLED = re.compile(r"\^§(_§)?\s*[\^']|(?<!\\)_§(\^§)?\s*_")


def test_no_formula_has_two_scripts_on_one_side() -> None:
    assert doubled("I_{n}_{1}") and doubled(r"\sqrt{x^{2}_{1}^{3}}") and not doubled(r"x_{1}^{2} y_{1}")
    for line in RECORDED.read_text().splitlines():
        shown = line.split(" | ")[-1]
        (statement,) = parse(Source("test", shown), frozenset()).statements
        assert isinstance(statement, t.Show)
        assert not doubled(latex_expr(statement.value)), shown


@pytest.mark.parametrize("text", TYPESET)
def test_indexed_raised_and_turned(text: str) -> None:
    (statement,) = parse(Source("test", text), frozenset()).statements
    assert isinstance(statement, t.Show)
    e = statement.value
    for made in (t.Index(e, (t.Name("i"),)), t.Binary("^", e, t.Name("k")), t.Prime(e), t.Call(t.Name("inv"), (e,))):
        for outer in (made, t.Index(made, (t.Name("i"),)), t.Binary("^", made, t.Name("k")), t.Prime(made)):
            assert not doubled(latex_expr(outer)), latex_expr(outer)


def test_deep() -> None:
    """Long chains and deep brackets need no recursion."""
    e: t.Expr = t.Name("x")
    for _ in range(10_000):
        e = t.Binary("+", t.Prime(e), t.Name("x"))
    assert latex_expr(e).count("+") == 10_000
