"""Data files: what is read, what is written, what is refused."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from calclang import UNTRUSTED, CalcError, Session
from calclang.values import Parts

TABLES: list[tuple[str, str, Any]] = [
    ("a.csv", "1,2\n3,4\n", [[1, 2], [3, 4]]),
    ("a.csv", "\ufeff1;2\r\n3;4", [[1, 2], [3, 4]]),
    ("a.tsv", "1\t2\n3\t4\n", [[1, 2], [3, 4]]),
    ("a.dat", "# measured\n 1  2\n\n 3 4\n", [[1, 2], [3, 4]]),
    ("a.csv", "1\n2\n3\n", [1, 2, 3]),
    ("a.csv", "1e3, -inf, nan\n", [[1000, -np.inf, np.nan]]),
]


@pytest.mark.parametrize(("name", "text", "expected"), TABLES)
def test_tables(name: str, text: str, expected: Any, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(text.encode())
    found: Any = Session().eval(f'read("{tmp_path / name}")')
    assert found.shape == np.shape(expected) and np.array_equal(found, np.array(expected, dtype=float), equal_nan=True)


def test_columns(tmp_path: Path) -> None:
    """A header names the columns; a quoted name may hold a comma."""
    (tmp_path / "a.csv").write_text('height,"weight, kg"\n1.7,60\n1.8,70\n')
    found = Session().eval(f'read("{tmp_path / "a.csv"}")')
    assert isinstance(found, Parts) and found.names == ("height", "weight, kg")
    assert np.array_equal(np.asarray(found["height"]), [1.7, 1.8])


@pytest.mark.parametrize("value", ["[1, 2.5e-7; -3, 4]", "[1/3, 2/3]", "(1, 2)", "[0.1, 0.2]'"])
@pytest.mark.parametrize("kind", [".csv", ".tsv", ".npy", ".npz"])
def test_written_is_read(value: str, kind: str, tmp_path: Path) -> None:
    """Bit for bit, in every form that can hold the value."""
    session = Session()
    path = tmp_path / f"a{kind}"
    if (kind == ".npy" and value == "(1, 2)") or (kind == ".npz" and value == "(1, 2)"):
        return
    session.run(f'write("{path}", {value})')
    found, expected = session.eval(f'read("{path}")'), session.eval(value)
    found = found.values[0] if isinstance(found, Parts) else found
    assert np.array_equal(np.ravel(np.asarray(found)), np.ravel(np.asarray(tuple(expected) if isinstance(expected, Parts) else expected)))


def test_named_columns_come_back(tmp_path: Path) -> None:
    session = Session()
    session["t"] = Parts((np.array([1.0, 2.0]), np.array([0.5, 1 / 3])), ("x", "y"))
    for kind in (".csv", ".npz"):
        session.run(f'write("{tmp_path}/t{kind}", t)')
        found = session.eval(f'read("{tmp_path}/t{kind}")')
        assert isinstance(found, Parts) and found.names == ("x", "y") and np.array_equal(np.asarray(found["y"]), [0.5, 1 / 3])


BAD: list[tuple[str, bytes, str, str]] = [
    ("a.csv", b"1,2\n3\n", "E-IO", "line 2 has 1 entries"),
    ("a.csv", b"x,y\n1,2\n3,four\n", "E-IO", "'four' is no number in line 3, column 2"),
    ("a.csv", b"x,y\n1,\n", "E-IO", "nothing stands in line 2, column 2"),
    ("a.csv", b"", "E-IO", "it is empty"),
    ("a.csv", b"1,2\n\xff\xfe,3\n", "E-IO", "line 2 is no UTF-8 text"),
    ("a.npy", b"no array", "E-IO", "it holds no NumPy arrays of numbers"),
]


@pytest.mark.parametrize(("name", "data", "code", "says"), BAD)
def test_bad_data(name: str, data: bytes, code: str, says: str, tmp_path: Path) -> None:
    """One error that says where; nothing is lost."""
    (tmp_path / name).write_bytes(data)
    session = Session()
    session.run("kept = 41")
    with pytest.raises(CalcError) as caught:
        session.eval(f'read("{tmp_path / name}")')
    assert caught.value.code == code and says in caught.value.diagnostic.message
    assert session["kept"] == 41.0


def test_no_pickles(tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", np.array([{"a": 1}], dtype=object), allow_pickle=True)
    np.save(tmp_path / "b.npy", np.array([1j]))
    for name in ("a.npy", "b.npy"):
        with pytest.raises(CalcError) as caught:
            Session().eval(f'read("{tmp_path / name}")')
        assert caught.value.code == "E-IO"


@pytest.mark.parametrize(
    "text", ['read("{0}")', 'read("{0}/nosuch.csv")', 'write("{0}", 1)', 'write("{0}/a.txt", 1)', 'write("{0}/no/such/folder.csv", 1)']
)
def test_wrong_files(text: str, tmp_path: Path) -> None:
    with pytest.raises(CalcError) as caught:
        Session().run(text.format(tmp_path))
    assert caught.value.code == "E-IO"


def test_strangers_touch_no_files(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("1")
    for text in ('read("{0}/a.csv")', 'write("{0}/b.csv", 1)', 'save "{0}/s.calc"', 'read("-")'):
        with pytest.raises(CalcError) as caught:
            Session(UNTRUSTED).run(text.format(tmp_path))
        assert caught.value.code == "E-CAP"
    assert [p.name for p in tmp_path.iterdir()] == ["a.csv"]


def test_a_failed_write_keeps_the_old_file(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("kept")
    with pytest.raises(CalcError):
        Session().run(f'write("{tmp_path}/a.csv", (1, [2, 3]))')
    assert (tmp_path / "a.csv").read_text() == "kept"


def test_beside_the_script(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("7\n8\n")
    session = Session()
    session.run('x = read("a.csv")', str(tmp_path / "script.calc"))
    assert np.array_equal(np.asarray(session["x"]), [7, 8])


def test_standard_input() -> None:
    session = Session()
    session.stdin = io.BytesIO(b"1,2\n3,4\n").read
    assert np.array_equal(np.asarray(session.eval('read("-")')), [[1, 2], [3, 4]])


def test_saved_definitions_load(tmp_path: Path) -> None:
    session = Session()
    session.run("a = [0.1, 2]\nf(x) = a' * x\ng = grad(y -> y' * y)\nt = (1, [2, 3]')\nb = 2 < 3")
    session.run(f'save "{tmp_path}/s.calc"')
    again = Session()
    again.run(f'load "{tmp_path}/s.calc"')
    for text in ("f([1, 2])", "g([1, 2])", "t[2] * [1, 1]", "b", "a"):
        assert np.array_equal(np.asarray(session.eval(text)), np.asarray(again.eval(text)))
