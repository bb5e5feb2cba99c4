"""Settings: every one is read in programs, and a wrong value is one error that says what is possible."""

from __future__ import annotations

import pytest

from calclang import CalcError, Session
from calclang.settings import SETTINGS, Settings


@pytest.mark.parametrize("name", SETTINGS)
def test_every_setting(name: str) -> None:
    for value in SETTINGS[name].values or ("4",):
        session = Session()
        session.run(f"set {name} {value}")
        assert str(getattr(session.settings, name)).lower() == value
    with pytest.raises(CalcError, match=f"{name} needs {SETTINGS[name].says}"):
        Session().run(f"set {name} nonsense")


def test_the_table_is_complete() -> None:
    assert vars(Settings()).keys() - {"chosen"} == SETTINGS.keys()
    assert all(SETTINGS[name].fits(getattr(Settings(), name)) for name in SETTINGS)


@pytest.mark.parametrize(
    ("program", "name", "value"),
    [
        ("n = 3; set digits n", "digits", 3),
        ("plain = 3; set style plain", "style", "plain"),
        ('set format "fixed"', "format", "fixed"),
        ("off = false; set echo off", "echo", False),
    ],
)
def test_values_and_words(program: str, name: str, value: object) -> None:
    session = Session()
    session.run(program)
    assert getattr(session.settings, name) == value


@pytest.mark.parametrize("program", ["set digits true", "set digits 2.5", "set chop 1", "set style [1, 2]", "set nothing at", "set digits"])
def test_refused(program: str) -> None:
    with pytest.raises(CalcError):
        Session().run(program)
