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
    monkeypatch.setitem(sys.modules, "calclang.frontends.cli", Interrupting())  # type: ignore[arg-type]
    with pytest.raises(SystemExit) as ended:
        entry()
    assert ended.value.code == 130


def test_the_entry_imports_nothing_that_takes_long() -> None:
    code = "import sys, calclang.frontends.start; sys.exit(not {'numpy', 'lark', 'typing', 'calclang.session'}.isdisjoint(sys.modules))"
    assert subprocess.run([sys.executable, "-S", "-c", code], env={"PYTHONPATH": "."}).returncode == 0


def test_public_names() -> None:
    assert all(getattr(calclang, name).__module__.startswith("calclang.") for name in calclang.__all__ if isinstance(getattr(calclang, name), type))
    assert set(calclang.__all__) <= set(dir(calclang))
    with pytest.raises(AttributeError):
        calclang.nothing  # type: ignore[attr-defined]  # noqa: B018


def test_an_error_travels_to_another_process() -> None:
    with pytest.raises(calclang.CalcError) as caught:
        calclang.Session().run("f(x) = log(x)\nf(-1)")
    again = pickle.loads(pickle.dumps(caught.value))
    assert again.diagnostic == caught.value.diagnostic
