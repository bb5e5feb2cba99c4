"""Random programs over numbers, vectors and matrices: both modes agree with each other and with differences of values, for first and second
derivatives, and what is shown of a derivative reads back as the derivative."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from calclang import CalcError, Session
from calclang.values import Parts, Row
from tests.differences import bend, slope

SIZES = {"m": 2, "n": 3}
PARAMETERS = {"s": "R", "v": "R^n", "u": "R^m", "A": "R^(m×n)", "B": "R^(n×n)"}
RNG = np.random.default_rng(7)
POINT = {"s": 0.8, "v": RNG.uniform(0.3, 1.2, 3), "u": RNG.uniform(0.3, 1.2, 2), "A": RNG.uniform(0.3, 1.2, (2, 3)), "B": RNG.uniform(0.3, 1.2, (3, 3))}
ELEMENTWISE = ["sin", "cos", "exp", "tanh", "sqrt", "log", "atan", "sigmoid", "softplus", "abs", "relu", "expm1"]

# What makes a value of each kind: templates over values of other kinds ({s}, {v}, …); {f} is an elementwise function.
TEMPLATES: dict[str, list[str]] = {
    "s": [
        "sum({v})", "{v}' * {v}", "dot({u}, {u})", "tr({B})", "norm({v})", "norm({A})", "logsumexp({v})", "{v}[1]", "{v}[end]", "{A}[1, 2]", "max({v})", "prod({v})",
        "mean({A})", "mean({v} + {s}^3)", "{s} + {s}", "{s} * {s}", "{s} - {s}", "{s} / (2 + {s}^2)", "{f}({s})", "{s}^2", "{s}^3", "2^{s}", "{u}' * {A} * {v}", "det(2*eye(n) + {B})",
        "1/(2 - {s}^2)", "{s}/(1 - {s}^2)", "sqrt({s} + 1)", "sqrt(3 - {s}^2)", "({s} - 1)^2", "{s}^0.5", "({s}^2)^1.5", "asin({s}/3)",
        "(if {s} > 0.6 then {s} else 2*{s})", "max({s}, {s}^2)", "(let a = {s} in a*a + a)", "log(1 + exp({s}))", "norm({v}, 3)", "var({v})", "log(1 - sigmoid({s}))", "sigmoid({s}) * sigmoid(-{s})", "sqrt(4 - 2*{s})/({s} - 2)^2", "log2({s}^2 + 1)/pi", "log(det(2*eye(n) + {B}))", "det([{s}, 1; 2, {s}])", "det([{s}, 1, 2; 3, {s}, 1; {s}, 0, {s}])", "sum({A} .* {A})",
    ],
    "v": [
        "{f}({v})", "({v} + {v})", "({v} - {v})", "({s} * {v})", "({v} .* {v})", "({A}' * {u})", "({B} * {v})", "({v} ./ (2 + {v} .^ 2))", "softmax({v})", "diag({B})",
        "{v} .^ 2", "exp({v})/sum(exp({v}))", "({v} + {s})", "{A}[1, :]", "ifelse({v} > 0.5, {v}, {v} .^ 2)", "(2*eye(n) + {B}) \\ {v}", "max({v}, 0.7)", "({v} .* log(sigmoid({v})) + (1 - {v}) .* log(1 - sigmoid({v})))", "{v} ./ sqrt({v})",
    ],
    "u": ["({A} * {v})", "{f}({u})", "({u} + {u})", "({s} * {u})", "{A}[:, 2]", "({u} .* {u})"],
    "A": ["({u} * {v}')", "({A} * {B})", "({s} * {A})", "{f}({A})", "({A} + {A})", "({A} .* {A})", "reshape(vec({A}), m, n)"],
    "B": ["({A}' * {A})", "({v} * {v}')", "{B}'", "({B} + {B})", "diag({v})", "inv(2*eye(n) + {B})", "({s} * {B})", "({B} * {B})"],
}  # fmt: skip


@st.composite
def bodies(draw: Any, kind: str = "s", depth: int = 3) -> str:
    """The text of an expression of a kind."""
    if depth == 0 or draw(st.integers(0, 9)) == 0:
        return kind
    template = draw(st.sampled_from(TEMPLATES[kind]))
    parts: list[str] = []
    rest = template
    while "{" in rest:
        before, _, rest = rest.partition("{")
        hole, _, rest = rest.partition("}")
        parts += [before, draw(st.sampled_from(ELEMENTWISE)) if hole == "f" else f"({draw(bodies(hole, depth - 1))})"]
    return "".join([*parts, rest])


def arrays(value: Any) -> list[Any]:
    """The arrays of a value; a row as a matrix."""
    if isinstance(value, Parts):
        return [a for part in value for a in arrays(part)]
    return [np.atleast_2d(value.array) if isinstance(value, Row) else np.asarray(value, dtype=float)]


def same(found: Any, expected: Any) -> bool:
    a, b = arrays(found), arrays(expected)
    return [x.shape for x in a] == [x.shape for x in b] and all(map(close, a, b))


def close(found: Any, expected: Any) -> bool:
    """Equal wherever the derivative exists."""
    here = np.isfinite(expected)
    return np.allclose(found[here], expected[here], rtol=1e-7, atol=1e-8)


def session_of(body: str) -> Session:
    session = Session()
    session.run(f"f({', '.join(f'{n}: {kind}' for n, kind in PARAMETERS.items())}) = {body}")
    return session


def check(body: str) -> None:
    """Both modes, and the formulas of the gradient and of a second derivative."""
    session = session_of(body)

    def call(text: str) -> Any:
        function: Any = session.eval(text)
        return function(*POINT.values())

    try:
        call("f")
    except CalcError:
        return  # it has no value at this point, and so no derivative
    for operator in ("grad(f)", "grad(f, wrt = v)", "hessian(f, wrt = v)", "jacobian(grad(f, wrt = A), wrt = v)", "hessian(f, wrt = s)"):
        expected = call(operator)
        if operator == "grad(f)":
            assert same(call("grad(f, mode = forward)"), call("grad(f, mode = reverse)"))
        source = session.eval(operator).source()
        assert same(call(source), expected), (operator, source)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(bodies())
def test_random_formulas(body: str) -> None:
    check(body)


# ---- against differences of values --------------------------------------------------------------------

def moved(function: Any, name: str, direction: Any) -> Any:
    """``f`` on a line through the point: one parameter moves."""
    return lambda t: function(*(value + t * direction if n == name else value for n, value in POINT.items()))


def against_differences(body: str) -> int:
    """Along a line in each parameter: slope and curvature in both modes against differences. Gives how many could be judged."""
    session, judged = session_of(body), 0
    for name, value in POINT.items():
        direction = RNG.standard_normal(np.shape(value))
        line = moved(session["f"], name, direction)
        try:
            (risen, rise_error), (bent, bend_error) = slope(line), bend(line)
        except CalcError:
            continue  # the end of its domain is near
        d = np.ravel(direction)
        for mode in ("forward", "reverse"):
            first, second = (session.eval(f"{operator}(f, wrt = {name}, mode = {mode})")(*POINT.values()) for operator in ("grad", "hessian"))
            along, twice = np.ravel(first) @ d, d @ np.reshape(second, (d.size, d.size)) @ d
            if rise_error < 1e-7 * max(1, abs(risen)) and np.isfinite(along):  # else a corner is near, or the values are too large for differences
                judged += 1
                assert np.isclose(along, risen, rtol=1e-6, atol=1e-6), (name, mode, risen)
            if bend_error < 1e-5 * max(1, abs(bent)) and np.isfinite(twice):
                judged += 1
                assert np.isclose(twice, bent, rtol=1e-4, atol=1e-4), (name, mode, bent)
    return judged


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(bodies())
def test_random_derivatives_against_differences(body: str) -> None:
    against_differences(body)


def test_differences_judge_nearly_all() -> None:
    """The referee is not silent: on smooth programs it judges every slope and curvature, and it notices a wrong one."""
    assert against_differences("sum({0} .* {0}) + {1}' * A * v + det(2*eye(n) + B)*s^2".format("exp(v)", "u")) == 4 * len(POINT)
    risen, error = slope(lambda t: np.sin(1 + t))
    assert abs(risen - np.cos(1)) < 1e-12 and error < 1e-9
