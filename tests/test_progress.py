"""Long work tells a session's hook how far it is: rarely, and the outermost loop alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from calclang import Session


def told(program: str) -> list[tuple[str, int, int]]:
    session, found = Session(), []
    session.progress = lambda *report: found.append(report)
    session.run(program)
    return found


@pytest.mark.parametrize(
    ("program", "what", "total"),
    [
        ("fold((s, i) -> sin(s) + i, 0, 1..20000)", "loop", 20_000),
        ("scan((s, i) -> sin(s) + i, 0, 1..20000)", "loop", 20_000),
        ("iterate(cos, 1, 20000)", "loop", 20_000),
        ("iterate(x -> x + 1, 0, until = x -> x > 9000, max = 50000)", "loop", 0),
        ("fold((A, i) -> A*A/norm(A), eye(60) + 1, 1..500)", "loop", 500),
        ("iterate(x -> fold((s, i) -> s/2 + i, x, 1..9000), 1, 100)", "loop", 100),
        ("derivative(a -> fold((s, i) -> sin(s*a) + i, 0, 1..20000), mode = reverse)(1)", "loop", 20_000),
        ("f(x) = sum(sin(x .* x)); x = linspace(0, 1, 100000); f(x); f(x); f(x); f(x)", "elements", 100_000),
        ("g(n) = if n < 2 then [n] else g(n-1) + g(n-2); [g(mod(k, 5))[1] for k in 1..100]", "comprehension", 100),
        ("minimize x -> (x - 1)^2 from 3", "minimize", 0),
        ("solve x -> x^2 - 2 from 1", "solve", 0),
        ("check grad (x -> sum(x .^ 3)) at [1, 2, 3]", "check", 3),
    ],
)
def test_who_tells(program: str, what: str, total: int) -> None:
    reports = [r for r in told(program) if r[0] == what and r[2] == total]
    done = [r[1] for r in reports]
    assert len(done) > 1 and (done == sorted(done) or done.count(0) > 1)
    assert len(done) <= 600


@pytest.mark.parametrize("program", ["jacobian(v -> v*sum(v .* v)/norm(v))(rand(600))", "hessian(v -> sum(sin(v))^2)(rand(800))", "sum(sin(i)*cos(j) for i in 1..2000, j in 1..1000)"])
def test_wide_work(program: str) -> None:
    """Operations on large arrays tell how many elements are done."""
    reports = told(program)
    done, totals = [r[1] for r in reports], {r[2] for r in reports}
    assert len(done) > 2 and done == sorted(done) and 0 < done[-1] < max(totals) and len(totals) == 1


def test_reading(tmp_path: Path) -> None:
    file = tmp_path / "long.csv"
    file.write_text("1,2\n" * 10_000)
    assert told(f'sum(read("{file}"))') == [(f"reading {file}", k, 10_000) for k in (0, 4096, 8192)]


def test_short_work_is_quiet() -> None:
    assert told("fold((s, i) -> s + i, 0, 1..1000); sum(k for k in 1..1000)") == []


def test_the_hook_may_stop_it() -> None:
    def stop(what: str, done: int, total: int) -> None:
        if done > 5000:
            raise KeyboardInterrupt

    session = Session()
    session.run("x = 1")
    session.progress = stop
    with pytest.raises(KeyboardInterrupt):
        session.run("x = fold((s, i) -> sin(s) + i, 0, 1..100000)")
    assert session.eval("x") == 1
    session.progress = None
    assert session.eval("iterate(x -> x/2, 1, 20000)") == 0  # nothing is left of the loop that was stopped
