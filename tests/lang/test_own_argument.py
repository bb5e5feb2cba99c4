"""A function that differentiates at its own argument, which the function inside has captured, has one value however it is called."""

from __future__ import annotations

import pytest

from calclang import Session

# a program, and the factor c of f(x) = c*x^p
OWN: list[tuple[str, float, int]] = [
    ("f(x) = derivative(y -> x*y)(x)", 1, 1), ("f(x) = x*derivative(y -> x*y)(x)", 1, 2), ("f(x) = derivative(y -> x*y^2)(x^2)", 2, 3),
    ("f(x) = derivative(y -> derivative(z -> x*y*z^2)(x))(x)", 2, 2), ("f(x) = derivative(y -> derivative(z -> x*y*z^2)(y))(x)", 4, 2),
    ("h(x) = y -> x*y^2; f(x) = derivative(h(x))(x)", 2, 2), ("h(x, y) = x*y^2; f(x) = grad(h, wrt = y)(x, x)", 2, 2),
    ("h(x, y) = derivative(z -> y*z^2)(y); f(x) = grad(h, wrt = x)(x, x) + grad(h, wrt = y)(x, x)", 4, 1),
    ("f(x) = grad(v -> x*prod(v))([x, x, x])[1]", 1, 3), ("f(x) = sum(hessian(v -> x*prod(v))([x, x, x]))", 6, 2),
    ("f(x) = jvp(y -> x*y^2, x, x)", 2, 3), ("f(x) = vjp(y -> x*y^2, x, x)", 2, 3), ("f(x) = hvp(y -> x*y^3, x, x)", 6, 3),
    ("f(x) = directional(y -> x*y^2, x)(x)", 2, 3), ("f(x) = divergence(v -> [x*v[1]^2, x*v[1]*v[2]])([x, x])", 3, 2),
    ("f(x) = let g = y -> x*y^2 in g''(x)", 2, 1), ("f(x) = derivative(y -> if y > 0 then x*y else y)(x)", 1, 1),
    ("f(x) = sum(derivative(y -> x*y*i)(x) for i in 1..3)", 6, 1), ("f(x) = fold((a, i) -> a + derivative(y -> x*y*i)(x), 0, 1..3)", 6, 1),
]  # fmt: skip


@pytest.mark.parametrize(("program", "factor", "power"), OWN)
def test_a_captured_argument_is_not_varied(program: str, factor: float, power: int) -> None:
    session, at = Session(), 0.8
    session.run(program)
    value, slope = factor * at**power, factor * power * at ** (power - 1)
    once = [session.eval(f"f({at})") for _ in range(5)]  # from the third on the function is compiled
    python = [session["f"](at), session["f"](at)]
    together = session.eval(f"[f({at} + 0*i) for i in 1..9]")
    assert [*once, *python, *together] == pytest.approx([value] * 16, rel=1e-14)
    slopes = [session.eval(f"derivative(f, mode = {mode})({at})") for mode in ("forward", "reverse")] + [session["f"].grad(at), session["f"].grad(at)]
    assert slopes == pytest.approx([slope] * 4, rel=1e-14)
    assert session.eval("derivative(f)")(at) == pytest.approx(slope, rel=1e-14)


@pytest.mark.parametrize(("program", "shown"), [
    ("f(x) = derivative(y -> if y > x - 1 then x*y^2 else y)(x)", "x -> if x - 1 < x then 4*x else 0"),
    ("f(x) = derivative(y -> derivative(z -> if z*y > x then z^2*y else z)(2*y))(3*x)", "x -> if x < 18*x^2 then 24 else 0"),
])  # fmt: skip
def test_the_condition_of_a_formula_is_about_the_arguments(program: str, shown: str) -> None:
    session = Session()
    session.run(program)
    formula = session.eval("derivative(f)").source()
    assert formula == shown
    assert session.eval(formula)(0.7) == session.eval("derivative(f)")(0.7)


@pytest.mark.parametrize("body", ["sum(derivative(d -> if d < 1 then d^2*x else y)(k*y) for k in 1..9)", "sum(sum(if d < b then y else x for d in [x, b]) for b in x)"])
def test_a_formula_never_chooses_for_one_element(body: str) -> None:
    """What is chosen for each element in its own way has no formula; it was one of names that nothing defined."""
    session = Session()
    session.run(f"f(x, y) = {body}")
    assert session.eval("grad(f)").source() == "grad(f)"
