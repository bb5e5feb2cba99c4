"""What strangers' programs may use: size is refused before anything is allocated, work before or while it is done."""

from __future__ import annotations

import tracemalloc
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from calclang import LOCAL, UNTRUSTED, CalcError, Session
from calclang.ir.budget import Budget, afford, charging, claimed, spend
from calclang.lower import library
from calclang.registry import WORDS
from calclang.transforms.formula import terms, write

MOST = 2_000 * UNTRUSTED.elements  # bytes: of what a program keeps there is room for some of the largest arrays
HUGE = ("10^9", "10^9, 10^9", "1..10^9", "1..10^9, 1..10^9", "10^9, 1..10^9", "0, 1, 10^9", "x -> x, 1..10^9", "(a, b) -> a, 0, 1..10^9", "x -> x, 1, 10^9")


def outcome(program: str, session: Session | None = None) -> str:
    """The code of the error that a stranger's program ends with; ``""`` where it ends without one."""
    try:
        (session or Session(UNTRUSTED)).run(program)
    except CalcError as error:
        return error.code
    return ""


def peak(program: str) -> int:
    """The most bytes that a stranger's program held at a time."""
    tracemalloc.start()
    outcome(program, Session(replace(UNTRUSTED, nodes=10_000)))
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return most


@pytest.fixture(autouse=True, scope="module")
def everything_is_imported() -> None:
    """What is imported when it is first asked for is no memory of a program's."""
    outcome("f(x) = sum(i*x[i]^2 for i in 1..2); grad f at [1, 2]")


@pytest.mark.parametrize("name", [n for n in library.names() if n not in library.CONSTANTS])
def test_huge_arguments_of_built_ins_are_refused_before_anything_is_allocated(name: str) -> None:
    for arguments in HUGE:
        assert peak(f"{name}({arguments})") < 10 * UNTRUSTED.elements, arguments


@pytest.mark.parametrize("word", sorted(WORDS))
def test_commands_about_huge_values(word: str) -> None:
    for program in (f"{word} rand(1000, 1000)", f"{word} (x -> sum(x.^2)) at rand(100000)", f"{word} grad (x -> sum(sin(x))) at rand(10000)",
                    f"{word} hessian (x -> sum(sin(x))) at rand(300)", f"{word} (x -> sum((x - 1).^2)) from zeros(10000)"):  # fmt: skip
        assert peak(program) < MOST, program


@pytest.mark.parametrize(("program", "code"), [
    ("eye(1000, 10^4)", "E-LIMIT-ELEMENTS"),
    ("linspace(0, 1, 3*10^8)", "E-LIMIT-ELEMENTS"),
    ("assert first(1..10^8) == 1 and last(1..10^15) == 10^15", ""),
    ("fold((t, i) -> (t, rand(10^6, seed = i)), (0, 0), 1..500)", "E-LIMIT-WORK"),
    ("map(i -> (rand(10^6, seed = i), 1), 1..500)", "E-LIMIT-WORK"),
    ("check grad (x -> sum(sin(x))) at rand(10000)", "E-LIMIT-WORK"),
    ("check hessian (x -> sum(sin(x))) at rand(300)", "E-LIMIT-WORK"),
    ("latex rand(1000, 1000)", "E-LIMIT-OUTPUT"),
    ("latex rand(200, 200)", "E-LIMIT-OUTPUT"),
    ("A = rand(900, 900)/900; iterate(B -> B*A, A, 10000)[1, 1]", "E-LIMIT-WORK"),
    ("A = rand(900, 900)/900; iterate(B -> inv(B + A), A, 5000)[1, 1]", "E-LIMIT-WORK"),
    ("f(k) = iterate(y -> y + 1, k, 90000); [f(i) for i in 1..10^5]", "E-LIMIT-WORK"),
    ("sum(iterate(y -> sin(y) + i, 0, 10000) for i in 1..100000)", "E-LIMIT-WORK"),
    ("iterate(t -> cos(t), 1, 250000000)", "E-LIMIT-WORK"),
    (";".join(["A = rand(900, 900)", *["A = A*A/900"] * 100]), "E-LIMIT-WORK"),  # the statements of a program share its work
    ("iterate(t -> (t, t), (1, 1), 60)", "E-LIMIT-ELEMENTS"),
    ("x0 = (1, 2);" + ";".join(f"x{k + 1} = (x{k}, x{k})" for k in range(60)), "E-LIMIT-ELEMENTS"),
    ("iterate(t -> (t, 1), 0, 10000)", "E-LIMIT-DEPTH"),
])  # fmt: skip
def test_programs_of_strangers(program: str, code: str) -> None:
    assert outcome(program) == code


@pytest.mark.parametrize("program", [
    "iterate(x -> x + 1, ones(1000), until = x -> false, max = 1000000000)",
    "iterate(x -> x + 1, 0, until = x -> x < 0, max = 1000000000)",
    "iterate(x -> if x > 3 then x/2 else x + 1, ones(100)[1], 10000000)",
])  # fmt: skip
def test_turns_are_charged_as_they_are_made(program: str) -> None:
    assert outcome(program, Session(replace(UNTRUSTED, work=2_000_000))) == "E-LIMIT-WORK"


def test_a_loop_whose_turns_depend_on_the_argument_is_charged_in_compiled_code_too() -> None:
    session = Session(replace(UNTRUSTED, work=20_000_000))
    session.run("f(x) = iterate(t -> t + 1, x, until = t -> t > 0, max = 10^12)")
    function = session["f"]
    for _ in range(1_000):  # each call has the work of a statement
        assert function(-3.0) == 1.0
    with pytest.raises(CalcError) as caught:
        function(-1e12)
    assert caught.value.code == "E-LIMIT-WORK"


def test_showing_a_formula_is_charged() -> None:
    """A formula that would be too long is shown as the call that makes it."""
    session = Session(UNTRUSTED)
    session.run("x0(x) = sin(x);" + ";".join(f"x{k + 1}(y) = x{k}(x{k}(y))" for k in range(60)))
    assert session.eval("x60'").source() == "derivative(x60)"


def product_of(factors: int) -> str:
    """A function that is a long product."""
    return "f(x) = " + "*".join(["x*sin(x)"] * (factors // 2))


def test_writing_a_formula_is_charged() -> None:
    session = Session(replace(UNTRUSTED, work=200_000_000))
    session.run(product_of(1_200))
    assert session.eval("f'").source() == "derivative(f)"
    session.run(product_of(40))
    assert session.eval("f'").source() == "x -> 20*x^19*sin(x)^19*(sin(x) + x*cos(x))"


def test_the_work_of_a_formula_grows_no_faster_than_the_program(monkeypatch: pytest.MonkeyPatch) -> None:
    def looked_at(factors: int) -> tuple[int, float]:
        """The parts that are gone through, and the work that is charged."""
        seen = 0

        def counted(*roots: terms.Form, **options: Any) -> list[terms.Form]:
            nonlocal seen
            found = terms.order(*roots, **options)
            seen += len(found)
            return found

        monkeypatch.setattr(write, "order", counted)
        session = Session(LOCAL)
        session.run(product_of(factors))
        with charging(session.budget()) as budget:
            session.eval("f'").source()
        return seen, budget.spent

    (seen, spent), (more_seen, more_spent) = looked_at(100), looked_at(400)
    assert more_seen < 5 * seen
    assert more_spent < 8 * spent


def test_a_series_in_several_numbers_makes_what_derivatives_share_once() -> None:
    session = Session(UNTRUSTED)
    session.run("f(x, y, z, w) = sin(x*y*z*w)")
    budget = Budget()
    session.execute(session.parse("p = taylor(f, at = (1, 1, 1, 1), order = 8)", "").statements[0], budget)
    assert budget.made < 50_000  # one derivative after the other takes more than a million
    session.run("g(x, y) = x*exp(x + y^2)/(2 + y); a = taylor(g, (0.5, -0.25), 4); b = taylor(g, (0.5, -0.25), 4, mode = \"reverse\")")
    session.run("assert abs(a(1.5, 2) - b(1.5, 2)) < 1e-12 and abs(p(1, 1, 1, 1.1) - sin(1.1)) < 1e-9")


def test_what_a_person_runs_is_not_refused() -> None:
    """Loops that take a minute, and matrices in loops."""
    with charging(Session(LOCAL).budget()):
        afford(200_000_000 * 300)
        afford(100_000 * 1e9)
        claimed((20_000, 20_000))


def test_shared_parts_of_a_tuple_are_kept_once() -> None:
    session = Session()
    session.run("x0 = (1, 2);" + ";".join(f"x{k + 1} = (x{k}, x{k})" for k in range(20)))
    low = session.definitions["x20"]
    assert low.size == 2**22 - 2 and low.parts[0] is low.parts[1]  # type: ignore[union-attr]


def test_budget() -> None:
    with charging(Budget(elements=10, work=1_000.0)) as used:
        spend(600)
        assert used.spent == 600
        with pytest.raises(CalcError) as caught:
            afford(500)
        assert (caught.value.code, used.spent) == ("E-LIMIT-WORK", 600)
        with pytest.raises(CalcError) as caught:
            claimed((3, 4))
        assert caught.value.code == "E-LIMIT-ELEMENTS"
    spend(np.inf)  # outside any session nothing is limited
