"""Functions of numbers that call themselves: most of their calls are made by compiled code, and nothing that a program can see depends on that."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from calclang import LOCAL, UNTRUSTED, CalcError, Session
from calclang.backends.python import recursion as backend
from calclang.lower import calls, recursion

GCD = "gcd(a, b) = if b == 0 then a else gcd(b, mod(a, b))\n"
COLLATZ = "steps(n, s) = if n == 1 then s else steps(if mod(n, 2) == 0 then n/2 else 3n + 1, s + 1)\n"
PRIME = "prime(n, d) = if d*d > n then true else if mod(n, d) == 0 then false else prime(n, d + 1)\n"
PARITY = "even(n) = if n == 0 then true else odd(n - 1)\nodd(n) = if n == 0 then false else even(n - 1)\n"
PROGRAMS = [
    GCD + "sum(gcd(k, 360) for k in 1..500)",
    GCD + "fold((s, k) -> s + gcd(k, 360), 0, 1..300)",
    GCD + "fold((s, k) -> gcd(s + k, 360), 0, 1..300)",
    GCD + "scan((s, k) -> gcd(s + k, 360), 0, 1..60)",
    GCD + "fold((s, k) -> s + sum(gcd(s + j, 360) for j in 1..20), 0, 1..40)",
    GCD + "fold((s, k) -> iterate(t -> gcd(t + k, 360), s, 40), 0, 1..40)",
    GCD + "[fold((s, k) -> gcd(s + k, 30 + i), 0, 1..40) for i in 1..9]",
    GCD + "[if i > 3 then fold((s, k) -> gcd(s + k, i), i, 1..40) else 0 for i in [-1, 2, 3, 4, 5, 6, 7, 8, 9]]",
    GCD + "sum(fold((s, k) -> gcd(s + k + j, 36), i, 1..40) for i in 1..9, j in 1..5)",
    GCD + "iterate(s -> s + 1 + gcd(s, 12), 1, until = s -> gcd(s, 77) == 77, max = 500)",
    GCD + "fold((s, k) -> if gcd(s + k, 6) > 1 and s < 10 then s + 1 else gcd(s, 4), 1, 1..50)",
    GCD + "sum(if k > 3 then gcd(k, 12) else k for k in 0..300)",
    COLLATZ + "max(steps(k, 0) for k in 1..100)",
    COLLATZ + "steps(27, 0)",
    PRIME + "sum(k for k in 2..300 if prime(k, 2))",
    PRIME + "count(n) = if n < 2 then 0 else count(n - 1) + (if prime(n, 2) then 1 else 0)\ncount(300)",
    PARITY + "even(201) or odd(401)",
    "ack(m, n) = if m == 0 then n + 1 else if n == 0 then ack(m - 1, 1) else ack(m - 1, ack(m, n - 1))\nack(2, 30)",
    "binom(n, k) = if k == 0 or k == n then 1 else binom(n - 1, k - 1) + binom(n - 1, k)\nbinom(40, 20)",
    "fib(n) = if n < 2 then n else fib(n - 1) + fib(n - 2)\nfib(70)",
    "p(x, n) = if n == 0 then 1 else if mod(n, 2) == 0 then p(x*x, n/2) else let r = p(x, n - 1) in x*r\nsum(p(1.01, k) for k in 1..200)",
    "s(n) = if n == 0 then -0.0 else let r = s(n - 1) in if r == 0 then -r else r + n\ns(100)",
    "f(n) = if n == 0 then 0 else abs(derivative(t -> t^2)(n)) + f(n - 1)\nf(100)",
    "v(n) = if n == 0 then [1, 2] else [0, 1; 1, 1]*v(n - 1)\nv(70)",
]


def nothing(*given: Any) -> Generator[Any, Any, None]:
    """No compiled code for any call."""
    return None
    yield


@pytest.mark.parametrize("program", PROGRAMS)
def test_compiled_calls_are_followed_calls(program: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def answer() -> Any:
        return Session().run(program)[-1].value

    compiled = answer()
    monkeypatch.setattr(recursion, "OFTEN", 10**9)
    monkeypatch.setattr(recursion, "call", nothing)
    assert np.array_equal(compiled, answer())


def followed(program: str, monkeypatch: pytest.MonkeyPatch) -> int:
    """How many calls of functions of a program are followed."""
    made: list[int] = []
    bind = calls.bind_parameters
    monkeypatch.setattr(calls, "bind_parameters", lambda *given: made.append(1) or bind(*given))
    Session().run(program)
    return len(made)


@pytest.mark.parametrize("program", [
    GCD + "sum(gcd(k, 360) for k in 1..5000)", GCD + "fold((s, k) -> gcd(s + k, 360), 0, 1..5000)",
    GCD + "[fold((s, k) -> gcd(s + k, 360 + i), 0, 1..100) for i in 1..100]", COLLATZ + "max(steps(k, 0) for k in 1..1000)", PRIME + "sum(1 for k in 2..1000 if prime(k, 2))",
    "fib(n) = if n < 2 then n else fib(n - 1) + fib(n - 2)\nfib(900)", PARITY + "even(2001)",
    "ack(m, n) = if m == 0 then n + 1 else if n == 0 then ack(m - 1, 1) else ack(m - 1, ack(m, n - 1))\nack(2, 100)",
])  # fmt: skip
def test_few_calls_are_followed(program: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert followed(program, monkeypatch) < 150


def code_of(session: Session, text: str) -> CalcError:
    with pytest.raises(CalcError) as caught:
        session.eval(text)
    return caught.value


def test_errors_are_those_of_the_path() -> None:
    session = Session()
    session.run("f(n) = if n == 0 then 1/n else f(n - 1)\ng(n) = 1 + g(n + 1)\nh(n) = if n == 0 then 0 else 1 + h(n - 1)\nl(n) = if n < -1 then 0 else log(n) + l(n - 1)")
    session.run("t(n, s) = if n == 0 then s else t(n - 1, s + n)\nw(n, s) = if n == 0 then 1/s else w(n - 1, s*0)\nu(n, s) = if n == 0 then s else u(n - 1, s*1e10)")
    assert session.eval("h(2990)") == 2990 and session.eval("t(2999, 0)") == 2999 * 1500 and session.eval("sum(t(2999, k) for k in 1..20)") == 20 * 2999 * 1500 + 210
    assert code_of(session, "t(3001, 0)").diagnostic.code == code_of(session, "sum(t(k, 0) for k in 3001..3020)").diagnostic.code == "E-RECURSION"
    assert code_of(session, "w(90, 1)").diagnostic.code == "E-DIVZERO" and code_of(session, "u(90, 1)").diagnostic.code == "E-OVERFLOW"
    error = code_of(session, "f(100)").diagnostic
    assert error.code == "E-DIVZERO" and error.labels[0].span is not None and error.labels[0].span.text == "1/n"
    assert code_of(session, "g(0)").diagnostic.code == code_of(session, "h(3001)").diagnostic.code == "E-RECURSION"
    assert code_of(session, "sum(h(k) for k in 3001..3020)").diagnostic.code == "E-RECURSION"
    assert code_of(session, "sum(l(k) for k in 40..60)").diagnostic.code == "E-DIVZERO"
    assert code_of(session, "iterate(x -> h(2x + 1), 1, 50)").diagnostic.code == "E-RECURSION"
    assert code_of(session, "iterate(x -> if x > 40 then g(x) else x + 1, 0, 50)").diagnostic.code == "E-RECURSION"
    assert code_of(session, "[fold((x, k) -> if h(x) > 20 then x else h(x + 2990), i, 1..50) for i in 10..30]").diagnostic.code == "E-RECURSION"
    assert code_of(session, "iterate(x -> l(x), 3, 50)").diagnostic.code == "E-DIVZERO"
    assert code_of(session, "fold((x, k) -> if log(40 - k) > l(-2) then x else l(x - 9), 0, 1..50)").diagnostic.code == "E-DOMAIN"
    session = Session(limits=UNTRUSTED)
    session.run("h(n) = if n == 0 then 0 else 1 + h(n - 1)")
    assert session.eval("h(98)") == 98 and code_of(session, "h(101)").diagnostic.code == "E-RECURSION"


@pytest.mark.parametrize(("program", "last"), [(GCD + "gcd(360, 7)", True), (COLLATZ + "steps(27, 0)", True), ("fact(n) = if n == 0 then 1 else n*fact(n - 1)\nfact(9)", False)])
def test_a_call_with_nothing_left_to_do_is_a_turn(program: str, last: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Such calls do not wait for each other: the body is a loop, and no generator."""
    monkeypatch.setattr(recursion, "OFTEN", 0)
    made: list[Any] = []
    compile_body = backend.compile_body
    monkeypatch.setattr(backend, "compiled_body", lambda record: made.append(compile_body(record)) or made[-1])
    Session().run(program)
    assert made and all(body.last == last for body in made)


@pytest.mark.parametrize("turn", ["f(n + 1, s + 1)", "1 + f(n + 1, s)"])
def test_no_nan_vanishes_in_the_condition_of_a_body(turn: str) -> None:
    session = Session()
    session.run(f"f(n, s) = if exp(n)*1e280*exp(n) - exp(n)*1e280*exp(n) > 0 then s else if n > 60 then s else {turn}")
    assert code_of(session, "f(0, 0)").diagnostic.code == "E-OVERFLOW"


def test_calls_are_work() -> None:
    session = Session(limits=replace(LOCAL, work=10**8))
    session.run("t(n, k) = if k == 0 then n else t(t(n + 1, k - 1), k - 1)\n" + GCD)
    assert code_of(session, "t(0, 60)").diagnostic.code == "E-LIMIT-WORK"
    assert code_of(session, "fold((s, k) -> gcd(s + k, 360), 0, 1..60000)").diagnostic.code == "E-LIMIT-WORK"


def test_calls_can_be_stopped() -> None:
    """Compiled calls tell of themselves, and whoever listens may stop them."""

    class Stop(Exception):
        pass

    def hook(what: str, done: int, total: int) -> None:
        if what == "calls":
            raise Stop

    session = Session()
    session.progress = hook
    session.run("t(n, k) = if k == 0 then n else t(t(n + 1, k - 1), k - 1)")
    with pytest.raises(Stop):
        session.run("t(0, 60)")


def test_no_graph_is_kept_for_each_call(monkeypatch: pytest.MonkeyPatch) -> None:
    """Called from Python with ever new arguments, a function that calls itself is not compiled along each of its paths."""
    session = Session()
    session.run(GCD)
    made: list[int] = []
    compiled = session.compiled
    monkeypatch.setattr(session, "compiled", lambda *given: made.append(1) or compiled(*given))
    function: Any = session["gcd"]
    assert [function(float(k), 360.0) for k in range(1, 31)] == [float(np.gcd(k, 360)) for k in range(1, 31)]
    assert len(made) <= 4


def test_bodies_are_kept_for_the_next_statements(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither calls from Python nor statements follow a function that one before has traced."""
    made: list[int] = []
    bind = calls.bind_parameters
    monkeypatch.setattr(calls, "bind_parameters", lambda *given: made.append(1) or bind(*given))
    session = Session()
    session.run(COLLATZ)
    function: Any = session["steps"]
    lengths = [function(float(k), 0.0) for k in range(1, 6)] + [session.eval(f"steps({k}, 0)") for k in range(6, 11)]
    assert lengths == [0, 1, 7, 2, 5, 8, 16, 3, 19, 6]
    made.clear()
    assert [function(float(k), 0.0) for k in range(27, 30)] + [session.eval(f"steps({k}, 0)") for k in (31, 41)] == [111, 18, 18, 106, 109]
    assert not made


@pytest.mark.parametrize("body", ["fold((s, k) -> gcd(s + k, 360), x, 1..400)", "fold((s, k) -> gcd(s + k, 359 + x), 0, 1..400)", "iterate(s -> gcd(s + 7, 360) + x, 1, 400)"])
def test_no_graph_of_the_turns_is_made_for_a_value(body: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another argument takes another path in each turn: from Python, and where a statement calls a function often, the loop is run at once."""
    made: list[int] = []
    bind = calls.bind_parameters
    monkeypatch.setattr(calls, "bind_parameters", lambda *given: made.append(1) or bind(*given))
    session = Session()
    session.run(f"{GCD}f(x) = {body}")
    first = [session.eval(f"f({k})") for k in range(1, 6)]
    function: Any = session["f"]
    assert [function(float(k)) for k in range(1, 6)] == first
    assert len(made) < 500


@pytest.mark.parametrize(("change", "after"), [
    ("c = 5", 500), ("c = [1, 2]", [100, 200]), ("g(n) = 3", 300), ("mod(a, b) = 7", 700), ("f(n) = 0", 0), ("undo", 50), ("undefine", "E-NAME"),
])  # fmt: skip
def test_bodies_are_kept_while_names_mean_the_same(change: str, after: Any) -> None:
    session = Session()
    session.run("c = 2\ng(n) = mod(c, 9)\nf(n) = if n == 0 then 0 else f(n - 1) + g(n)")
    before = session.snapshot()
    assert session.eval("f(100)") == session.eval("f(100)") == 200
    if change == "undo":
        session.restore(before)
        session.run("c = 0.5")
    elif change == "undefine":
        session.undefine("c")
    else:
        session.run(change)
    if isinstance(after, str):
        assert code_of(session, "f(100)").diagnostic.code == after
    else:
        assert np.array_equal(session.eval("f(100)"), after)


def test_derivatives_follow_the_path() -> None:
    session = Session()
    session.run("p(x, n) = if n == 0 then 1 else x*p(x, n - 1)")
    assert session.eval("grad(x -> p(x, 50))(1)") == 50
    assert np.allclose(session.eval("grad(x -> sum(p(v, 40) for v in x))([1, 1, 1])"), 40)
    assert session.eval("(x -> p(x, 40))''(1)") == 40 * 39


def test_a_path_of_very_many_decisions_is_compiled() -> None:
    """Every number that decides is looked at once; a sum of all of them in one line would be too deep for Python."""
    session = Session()
    session.run("s(x, n) = if n == 0 then x else if x > n then x else s(x + n/9, n - 1)")
    f: Any = session["s"]
    assert [f(-1e6, 2500.0) for _ in range(3)] == [session.eval("s(-1e6, 2500)")] * 3
    assert f.has_code
