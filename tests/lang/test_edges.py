"""The edges, run as programs in every mode: each derivative operator, forwards and backwards, nested, as a series, and from Python."""

from __future__ import annotations

from math import factorial
from typing import Any

import numpy as np
import pytest

from calclang import CalcError, Session
from calclang.display.values import source
from calclang.values import Row
from tests.lang.edges import IEEE, Edge
from tests.lang.edges import TABLE as EDGES
from tests.lang.edges_linear import LINEAR

TABLE = [*EDGES, *LINEAR]
MODES = ("auto", "forward", "reverse")


def session_of(edge: Edge) -> Session:
    session = Session()
    session.run(edge.program)
    return session


def numbers(value: Any) -> Any:
    """Any value as one array of numbers."""
    return np.asarray(value.array if isinstance(value, Row) else value, dtype=float)


def answer(session: Session, text: str) -> tuple[Any, list[str], str]:
    """The value or code of an expression, its warnings' codes, and everything that was said."""
    try:
        result = session.run(text)[-1]
    except CalcError as error:
        return error.code, [], f"{error.diagnostic.message} {error.diagnostic.help}"
    return numbers(result.value), [w.code for w in result.warnings], " ".join(f"{w.message} {w.help}" for w in result.warnings)


def answer_codes(session: Session, text: str) -> list[str]:
    """The codes of what a command warns of."""
    return [w.code for w in session.run(text)[-1].warnings]


def agrees(found: Any, expected: Any) -> bool:
    if isinstance(expected, str) or isinstance(found, str):
        return bool(np.array_equal(found, expected))
    wanted = np.asarray(expected, dtype=float)
    if wanted.size == found.size:
        found = found.reshape(wanted.shape)
    return found.shape == wanted.shape and np.allclose(found, wanted, rtol=1e-14, atol=1e-14, equal_nan=True)


def check(edge: Edge, session: Session, text: str, expected: Any, warns: bool) -> None:
    found, codes, said = answer(session, text)
    assert agrees(found, expected), f"{text} is {found}"
    assert ("W-AD" in codes) == warns, f"{text} warns {codes}: {said}"
    if (warns or isinstance(expected, str)) and edge.says:
        assert edge.says in said, said


def dimension(edge: Edge) -> int:
    """How many numbers the function takes; -1 where it is one that is no vector."""
    if edge.at[0] != "[" and "," not in edge.at:
        return -1
    return np.size(Session().eval(f"[{edge.at}]" if edge.at[0] != "[" else edge.at))


@pytest.mark.parametrize("edge", TABLE, ids=str)
def test_value(edge: Edge) -> None:
    check(edge, session_of(edge), f"f({edge.at})", edge.value, False)


@pytest.mark.parametrize("edge", TABLE, ids=str)
def test_first_derivative(edge: Edge) -> None:
    session, n = session_of(edge), dimension(edge)
    if not edge.slopes:
        return
    for mode in MODES:
        for operator in ("grad", "jacobian") if n >= 0 else ("derivative", "grad", "jacobian"):
            check(edge, session, f"{operator}(f, mode = {mode})({edge.at})", edge.slopes[0], edge.warns)
    check(edge, session, f"vjp(f, ({edge.at}), 1)", edge.slopes[0], edge.warns)
    check(edge, session, f"grad f at ({edge.at})", edge.slopes[0], edge.warns)
    if not isinstance(edge.slopes[0], str):
        assert ("W-AD" in answer_codes(session, f"explain grad f at ({edge.at})")) == edge.warns
    if n < 0:
        check(edge, session, f"jvp(f, {edge.at}, 1)", edge.slopes[0], edge.warns)
        check(edge, session, f"f'({edge.at})", edge.slopes[0], edge.warns)
        check(edge, session, f"directional(f, 1)({edge.at})", edge.slopes[0], edge.warns)


@pytest.mark.parametrize("edge", [e for e in TABLE if dimension(e) >= 0 and ";" not in e.at], ids=str)
def test_along_each_axis(edge: Edge) -> None:
    """The tangent along an axis is the entry of the gradient, where nothing infinite meets the zeros of the axis."""
    session, n = session_of(edge), dimension(edge)
    if edge.slopes and not isinstance(edge.slopes[0], str) and np.isfinite(edge.slopes[0]).all() and "inf" not in edge.at:
        for k, axis in enumerate(np.eye(n)):
            check(edge, session, f"jvp(f, ({edge.at}), {axis.tolist()})", edge.slopes[0][k], edge.warns)


@pytest.mark.parametrize("edge", TABLE, ids=str)
def test_nested(edge: Edge) -> None:
    session, operator = session_of(edge), "jacobian" if dimension(edge) >= 0 else "derivative"
    for order, slope in enumerate(edge.slopes[1:], start=2):
        for modes in [(a, b) for a in MODES for b in MODES]:
            text = "f"
            for k in range(order):
                text = f"{'grad' if dimension(edge) >= 0 and k == 0 else operator}({text}, mode = {modes[k % 2]})"
            check(edge, session, f"{text}({edge.at})", slope, edge.warns)
    if len(edge.slopes) > 1 and dimension(edge) >= 0:
        for mode in MODES:
            check(edge, session, f"hessian(f, mode = {mode})({edge.at})", edge.slopes[1], edge.warns)


@pytest.mark.parametrize("edge", [e for e in TABLE if e.slopes and dimension(e) < 0 and e.at != "nan"], ids=str)
def test_series(edge: Edge) -> None:
    """The Taylor polynomial half a step away; where the derivative is a convention there is none."""
    session, order = session_of(edge), len(edge.slopes)
    session.run(f"at = {edge.at}")
    if isinstance(edge.slopes[0], str) or edge.warns:
        wanted = edge.value if isinstance(edge.value, str) else "E-AD"
        assert answer(session, f"taylor(f, at = at, order = {order})(at + 0.5)")[0] == wanted
        return
    expected = edge.value + sum(s * 0.5**k / factorial(k) for k, s in enumerate(edge.slopes, start=1))
    found = answer(session, f"taylor(f, at = at, order = {order})(at + 0.5)")[0]
    assert agrees(found, expected), found


@pytest.mark.parametrize("edge", TABLE, ids=str)
def test_from_python(edge: Edge) -> None:
    """The same called from Python, interpreted at first and compiled afterwards: values, errors, and what the session was warned of."""
    session = session_of(edge)
    point = tuple(session.eval(f"[{part}]")[0] for part in edge.at.split(",")) if "[" not in edge.at else (session.eval(edge.at),)
    f: Any = session["f"]
    for function, expected, warns in [(f, edge.value, False), *((f.grad, s, edge.warns) for s in edge.slopes[:1])]:
        for _ in range(3):
            session.warnings.clear()
            try:
                found = numbers(function(*point))
            except CalcError as error:
                found = error.code
            assert agrees(found, expected), found
            assert any(w.code == "W-AD" for w in session.warnings) == warns, session.warnings


@pytest.mark.parametrize(("program", "at", "value", "slopes"), IEEE, ids=[f"{p} at {a}" for p, a, _, _ in IEEE])
def test_ieee(program: str, at: str, value: Any, slopes: Any) -> None:
    """Infinities and nans are values like any other, also when a compiled function meets them again."""
    session = Session()
    session.run("set ieee true\n" + program)
    assert agrees(numbers(session.eval(f"f({at})")), value)
    for mode in MODES:
        assert agrees(numbers(session.eval(f"grad(f, mode = {mode})({at})")), slopes)
    point = (session.eval(at),) if at[0] == "[" else tuple(session.eval(f"[{at}]"))
    f: Any = session["f"]
    for _ in range(3):
        assert agrees(numbers(f(*point)), value)
        assert agrees(numbers(f.grad(*point)), slopes)
    session.run("set ieee false")
    if not np.isfinite(value):
        with pytest.raises(CalcError):
            session.run(f"f({at})")


NEARLY_SINGULAR = "[1, 1; 1, 1 + 1e-14]"
LOSES_DIGITS = [
    "f(A) = inv(A)[1, 1]", "f(A) = sum(A \\ [1, 2])", "f(A) = sum(solve(A, [1, 2]))", "f(A) = sum(A^-1)", "g(A) = inv(A)\nf(A) = tr(g(A))",
    "f(A) = sum(inv(k*A)[1, 1] for k in 1..20)", "f(A) = fold((s, k) -> s + tr(inv(k*A)), 0, 1..50)",
]  # fmt: skip


@pytest.mark.parametrize("program", LOSES_DIGITS)
def test_lost_digits_are_told(program: str) -> None:
    """Row 106: of a solve or an inverse, and of its derivative in every mode, once; also when it is called from Python and compiled."""
    session = Session()
    session.run(program)
    assert answer_codes(session, f"f({NEARLY_SINGULAR})") == ["W-CONDITION"]
    for mode in MODES:
        assert "W-CONDITION" in answer_codes(session, f"grad f at ({NEARLY_SINGULAR}) mode {mode}")
    f: Any = session["f"]
    for function in (f, f.grad):
        for _ in range(3):
            session.warnings.clear()
            function(session.eval(NEARLY_SINGULAR))
            assert "W-CONDITION" in [w.code for w in session.warnings]


@pytest.mark.parametrize("text", ["grad(A -> norm(A, 1))(zeros(2, 2))", "derivative(derivative(abs))(0)", "hessian(x -> norm(x, inf))([1, 1])"])
def test_one_warning_at_one_place(text: str) -> None:
    assert answer_codes(Session(), text) == ["W-AD"]


@pytest.mark.parametrize("call", ["f(0)", "sum(f(x) for x in [0, 0, 0, 0])", "map(f, [0, 0, 0, 0])"])
def test_a_call_that_is_made_often_is_warned_of_at_its_place(call: str) -> None:
    """Also when it is compiled: what that does leaves no other place behind."""
    session = Session()
    session.run("f = derivative(abs)")
    for _ in range(5):
        (warning,) = session.run(call)[-1].warnings
        assert warning.labels[0].span.source.text == call


@pytest.mark.parametrize(("text", "operation"), [("hessian(x -> 3*x^1.5)(0)", "x^1.5"), ("derivative(derivative(x -> 2 + x*abs(x)))(0)", "abs(x)"), ("hessian(x -> 1 + exp(800*x))(0.883)", "exp(800*x)")])
def test_what_a_derivative_is_warned_of_is_at_its_place(text: str, operation: str) -> None:
    """An operation of a derivative stands where the operation is that it is the derivative of, however it is asked for."""
    assert {w.labels[0].span.text for w in Session().run(text)[-1].warnings if w.labels[0].span} == {operation}


ROUGH = ["f(x) = sum(sin(x) .* exp(-x/3)) + norm(x) + logsumexp(2*x)", "f(x) = x[1]^3*atan2(x[2], x[3]) + log(det(x*x' + eye(3)))", "f(x) = prod(x)/hypot(x[1], x[2]) + gelu(x[3])"]


@pytest.mark.parametrize("program", ROUGH)
def test_modes_and_orders_agree(program: str) -> None:
    """Rows 112 to 114: the Hessian is symmetric, every nesting of modes gives it, and the Jacobian is one in both modes, to 1e-12."""
    session, at = Session(), "([0.7, -1.3, 2.1])"
    session.run(program)
    hessian = numbers(session.eval(f"hessian(f){at}"))
    assert np.allclose(hessian, hessian.T, rtol=1e-12, atol=1e-14)
    for outer in MODES:
        assert np.allclose(numbers(session.eval(f"grad(f, mode = {outer}){at}")), numbers(session.eval(f"grad(f){at}")), rtol=1e-12, atol=1e-14)
        for inner in MODES:
            found = numbers(session.eval(f"jacobian(grad(f, mode = {inner}), mode = {outer}){at}"))
            assert np.allclose(found, hessian, rtol=1e-12, atol=1e-13)
    along = numbers(session.eval(f"2*derivative(derivative(t -> f({at} + t*[1, 2, -1])))(0)"))
    assert np.allclose(along, 2 * np.array([1, 2, -1]) @ hessian @ np.array([1, 2, -1]), rtol=1e-12)


STRONG_ZEROS = [
    ("f(x, y) = x^1.5 + y^2", "hessian", "(0, 1)", "[inf, 0; 0, 2]"),
    ("f(v) = v[1]^1.5 + v[2]^2", "hessian", "([0, 1])", "[inf, 0; 0, 2]"),
    ("f(x, y) = [sqrt(x), y]", "jacobian", "(0, 1)", "[inf, 0; 0, 1]"),
    ("f(v) = [sqrt(v[1]), v[2]]", "jacobian", "([0, 1])", "[inf, 0; 0, 1]"),
    ("f(v) = [sqrt(v[1]); -v[2..3]]", "jacobian", "([0, 1, 2])", "[inf, 0, 0; 0, -1, 0; 0, 0, -1]"),
    ("f(x, y, z) = x^2 + y^2*x - 3*x*z", "hessian", "(1, 2, 3)", "[2, 4, -3; 4, 2, 0; -3, 0, 0]"),
    ("f(x, y) = x^2 - y^2", "hessian", "(1, 2)", "[2, 0; 0, -2]"),
    ("f(v) = -(v[1] + v[2])", "grad", "([1, 2, 3])", "[-1, -1, 0]"),
    ("f(x, y) = [-y, x, 0]", "jacobian", "(1, 2)", "[0, -1; 1, 0; 0, 0]"),
    ("f(x, y, z) = [-y, x, 0]", "curl", "(1, 2, 3)", "[0, 0, 2]"),
    ("f(x: R^n) = -x[2]", "grad", "([1, 2, 3])", "[0, -1, 0]"),
]


@pytest.mark.parametrize(("program", "operator", "at", "wanted"), STRONG_ZEROS, ids=[f"{o} of {p}" for p, o, _, _ in STRONG_ZEROS])
def test_a_zero_of_structure_is_never_multiplied(program: str, operator: str, at: str, wanted: str) -> None:
    """Rule R6: where a variable has no influence the slope is 0 beside an infinite one (no nan) and beside a negative one (no -0)."""
    session = Session()
    session.run(program)
    for mode in MODES:
        assert source(session.eval(f"{operator}(f, mode = {mode}){at}")) == wanted


def test_a_negative_zero_of_arithmetic_stays() -> None:
    """IEEE's sign of zero is kept where numbers of the program are multiplied: as the direction here."""
    assert source(Session().eval("jvp(x -> -x, [1, 2], [1, 0])")) == "[-1, -0]"


def test_data_that_changes_later() -> None:
    """Row 120: what a function was given, captured or gave is never changed by what happens to the array afterwards."""
    session = Session()
    data = np.array([1.0, 2.0])
    session["data"] = data
    session.run("f(x) = sum(x .* data)^2")
    f: Any = session["f"]
    x = np.array([3.0, 4.0])
    for _ in range(3):
        first = f.grad(x)
        kept = np.array(first)
        x[:] = data[:] = 100.0
        assert np.array_equal(first, kept)
        assert np.array_equal(session.eval("data"), [1, 2])
        x[:] = [3.0, 4.0]
        assert np.array_equal(f.grad(x), kept)
