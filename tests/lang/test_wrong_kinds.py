"""Programs with values of the wrong kind or shape: an error that says so, whatever is combined with what."""

from __future__ import annotations

import pytest

from calclang import UNTRUSTED, CalcError, Session

DEFINITIONS = "f(x) = sin(x)*x\nq(x: R^n, A: R^(n×n)) = x' * A * x\nv = [1, 2]\nw = [3, 4, 5]\nA = [1, 2; 3, 4]"

# program -> the code of its error
WRONG: list[tuple[str, str]] = [
    ("[1, 2] ≈ zeros(0, 2)", "E-SHAPE"), ("A > 1 > v", "E-SHAPE"), ("v > 1 and A > 1", "E-SHAPE"), ("[1, 2] == [1, 2, 3]", "E-SHAPE"), ("true ≈ 1", "E-TYPE"),
    ("first([])", "E-DOMAIN"), ("last(3..1)", "E-DOMAIN"), ("softmax([])", "E-DOMAIN"), ("logsumexp([])", "E-DOMAIN"),
    ("A ^ nan", "E-DOMAIN"), ("A ^ inf", "E-DOMAIN"), ("3..1e300", "E-LIMIT-ELEMENTS"), ("sum(i for i in 1..0..5)", "E-DOMAIN"), ("[i for i in 1..nan]", "E-DOMAIN"),
    ("sum(j for i in 1..2, j in A..1)", "E-TYPE"), ("[i for i in 1..3 if v > 1]", "E-TYPE"), ("sum(i for i in 1..3 if 1)", "E-TYPE"),
    ("iterate(x -> x .+ 1, v, until = x -> x > 4)", "E-TYPE"), ("taylor(grad(q))", "E-ARITY"), ("explain jvp f at (1, 2)", "E-TYPE"), ("graph f at (1, 2)", "E-ARITY"),
]  # fmt: skip


@pytest.mark.parametrize(("program", "code"), WRONG, ids=[p for p, _ in WRONG])
def test_error(program: str, code: str) -> None:
    session = Session(UNTRUSTED)
    session.run(DEFINITIONS)
    with pytest.raises(CalcError) as caught:
        session.run(program)
    assert caught.value.code == code


@pytest.mark.parametrize("program", ["clamp(v, w, 0)", "clamp(v, 0, w)", "clamp(1, sin, 2)"])
def test_clamp_goes_by_its_own_name(program: str) -> None:
    session = Session()
    session.run(DEFINITIONS)
    with pytest.raises(CalcError, match="clamp needs"):
        session.run(program)


def test_what_does_fit() -> None:
    session = Session()
    session.run(DEFINITIONS)
    session.run("assert all(delta(3, w) == [1, 0, 0])\nassert all([1, 2] .+ [1] == [2, 3])\nassert all([1, 2]' .* [3]' == [3, 6]')")
    session.run("assert all([1, 2] ≈ [1, 2]) and 2 ≈ 2 + 1e-12\nassert all(true and [true, true])")
    assert "divergence" in session.eval("divergence(x -> [x, x^2])").source()


@pytest.mark.parametrize("program", ['derivative(x -> "a")(1)', 'jvp(x -> "a", 1, 1)', 'directional(x -> "a", 1)(1)', 'jvp (x -> "a") at 1 along 1'])
def test_a_text_has_no_derivative(program: str) -> None:
    with pytest.raises(CalcError, match="E-TYPE"):
        Session().run(program)


# A call, and the characters of the argument that is wrong: by position, by name, inside of a function; of a call that stands nowhere, all of it.
ARGUMENTS = [
    ("norm([1, 2], -1)", "-1"), ('norm([1, 2], "max")', '"max"'), ("rand(3, seed = -1)", "-1"), ("linspace(0, 1, 2.5)", "2.5"), ("taylor(sin, at = 0, order = 1.5)", "1.5"),
    ("iterate(x -> x/2, 1, until = x -> x < 1, max = -1)", "-1"), ("iterate(x -> x/2, 1, until = 3)", "3"), ("fold(1, 2, 3)", "1"), ("map(3, [1])", "3"), ('max(1, "a")', '"a"'),
    ("ifelse(1, 2, 3)", "1"), ("det([1, 2])", "[1, 2]"), ("cross([1, 2], [3, 4, 5])", "[3, 4, 5]"), ("stack([1], [1, 2])", "[1, 2]"), ("sin(true)", "true"), ("tr(inv([1, 2, 3; 4, 5, 6]))", "[1, 2, 3; 4, 5, 6]"),
    ("f(n) = eye(n); f(2.5)", "n"), ("map(eye, [1.5])", "map(eye, [1.5])"),
]  # fmt: skip


@pytest.mark.parametrize(("program", "underlined"), ARGUMENTS)
def test_the_argument_is_underlined(program: str, underlined: str) -> None:
    with pytest.raises(CalcError) as caught:
        Session().run(program)
    assert caught.value.diagnostic.labels[0].span.text == underlined
