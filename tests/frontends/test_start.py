"""The program while it starts."""

from __future__ import annotations

import pickle
import subprocess
import sys

import pytest

import calclang
from calclang.frontends.start import entry


class Interrupting:
    """A module that Ctrl-C meets while it is imported."""

    def __getattr__(self, name: str) -> object:
        raise KeyboardInterrupt


def test_an_interrupt_while_the_program_is_imported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "calclang.frontends.cli", Interrupting())
    with pytest.raises(SystemExit) as ended:
        entry()
    assert ended.value.code == 130


def test_the_entry_imports_nothing_that_takes_long() -> None:
    code = "import sys, calclang.frontends.start; sys.exit(not {'numpy', 'lark', 'typing', 'calclang.session'}.isdisjoint(sys.modules))"
    assert subprocess.run([sys.executable, "-S", "-c", code], env={"PYTHONPATH": "."}).returncode == 0


def test_a_short_program_imports_what_it_needs() -> None:
    """Neither what other programs need, nor libraries that take as long as a tenth of the start."""
    code = "import sys\nfrom calclang.frontends.cli import main, standard_streams\nmain(['-e', 'f(x) = x^2; f(3)'], standard_streams())\nprint(*sys.modules)"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert said[0] == "9"
    ours = {name.removeprefix("calclang.") for name in said if name.startswith("calclang.")}
    for part in ("commands", "solvers", "help", "files", "backends.python.control", "backends.python.scalar", "transforms.formula", "lower.loops"):
        assert not any(name == part or name.startswith(f"{part}.") for name in ours), part
    assert {"scipy", "prompt_toolkit", "json", "pathlib", "fractions"}.isdisjoint(said)
    assert len(ours) < 170


def test_public_names() -> None:
    assert all(getattr(calclang, name).__module__.startswith("calclang.") for name in calclang.__all__ if isinstance(getattr(calclang, name), type))
    assert set(calclang.__all__) <= set(dir(calclang))
    with pytest.raises(AttributeError):
        calclang.nothing  # noqa: B018


def test_an_error_travels_to_another_process() -> None:
    with pytest.raises(calclang.CalcError) as caught:
        calclang.Session().run("f(x) = log(x)\nf(-1)")
    again = pickle.loads(pickle.dumps(caught.value))
    assert again.diagnostic == caught.value.diagnostic
