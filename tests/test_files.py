"""Data files: what is read, what is written, what is refused."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from calclang import UNTRUSTED, CalcError, Session
from calclang.formats import tables
from calclang.values import Parts

TABLES: list[tuple[str, str, Any]] = [
    ("a.csv", "1,2\n3,4\n", [[1, 2], [3, 4]]),
    ("a.csv", "\ufeff1;2\r\n3;4", [[1, 2], [3, 4]]),
    ("a.tsv", "1\t2\n3\t4\n", [[1, 2], [3, 4]]),
    ("a.dat", "# measured\n 1  2\n\n 3 4\n", [[1, 2], [3, 4]]),
    ("a.csv", "1\n2\n3\n", [1, 2, 3]),
    ("a.csv", "1e3, -inf, nan\n", [[1000, -np.inf, np.nan]]),
    ("a.csv", "1,2\r3,4\r", [[1, 2], [3, 4]]),
    ("a.csv", "# nothing was measured\n", []),
    ("a.csv", "−1.5,2\n3,−inf\n", [[-1.5, 2], [3, -np.inf]]),
    ("a.csv", '"1","2"\n"3","4"\n', [[1, 2], [3, 4]]),
    ("a.csv", '1\n"2"\n', [1, 2]),
    ("a.csv", "1,2\n  \n,\n# three\n3,4\n", [[1, 2], [3, 4]]),
    ("a.csv", '# the "first" of two\n1,2\n', [[1, 2]]),
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


@pytest.mark.parametrize("value", ["[1, 2.5e-7; -3, 4]", "[1/3, 2/3]", "[]", "[1..5, 0]", "(1, 2)", "[0.1, 0.2]'"])
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


@pytest.mark.parametrize(
    "names",
    [("7", "8"), ("1e5", "y"), ("nan", "inf"), ("one name",), ("7",), ("a\tb", "c"), ("a;b",), ('say "a"', "b, c"), ("#1", "2"), ("file", "self")],
    ids=" ".join,
)
@pytest.mark.parametrize("kind", ["csv", "tsv", "npz"])
def test_any_names_come_back(names: tuple[str, ...], kind: str, tmp_path: Path) -> None:
    session = Session()
    session["t"] = Parts(tuple(np.array([k, 0.1]) for k in range(len(names))), names)
    if kind != "npz" and names[0].startswith("#"):
        with pytest.raises(CalcError, match="would be read as something else"):
            session.run(f'write("{tmp_path}/t.{kind}", t)')
        return
    session.run(f'write("{tmp_path}/t.{kind}", t)')
    found = session.eval(f'read("{tmp_path}/t.{kind}")')
    assert found.names == names and all(np.array_equal(part, [k, 0.1]) for k, part in enumerate(found.values))


@pytest.mark.parametrize("name", [" a", "a\nb", "", "# a"])
def test_names_that_no_header_holds(name: str, tmp_path: Path) -> None:
    session = Session()
    session["t"] = Parts((np.ones(2), np.ones(2)), (name, "other"))
    with pytest.raises(CalcError, match="would be read as something else"):
        session.run(f'write("{tmp_path}/t.csv", t)')


@pytest.mark.parametrize("rows", [0, 1, 3])
def test_a_quoted_header_of_numbers(rows: int, tmp_path: Path) -> None:
    """Quotes make it one where nothing below has any; blanks may part the cells."""
    for text in ('"2019","2020"\n' + rows * "1,2\n", '"2019" "2020"\n' + rows * " 1  2\n"):
        (tmp_path / "t.csv").write_text(text)
        found = Session().eval(f'read("{tmp_path}/t.csv")')
        assert found.names == ("2019", "2020") and np.array_equal(found["2020"], np.full(rows, 2.0))


def test_regular_lines_are_read_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Lines are read one by one in the blocks that hold anything special, and errors name their line in any block."""
    read: list[int] = []
    one_by_one = tables.numbers_of
    monkeypatch.setattr(tables, "numbers_of", lambda name, row, line, span: read.append(line) or one_by_one(name, row, line, span))
    lines = [f"{k},{k / 7},{-k}e-3" for k in range(3 * tables.BLOCK)]
    for odd, expected in ({}, 0), ({5: "# remark"}, tables.BLOCK - 1), ({-3: "nan, inf, −1"}, tables.BLOCK):
        read.clear()
        for k, line in odd.items():
            lines[k] = line
        (tmp_path / "t.csv").write_text("a,b,c\n" + "\n".join(lines))
        found = Session().eval(f'read("{tmp_path}/t.csv")')
        assert len(found["a"]) == len(lines) - (5 in odd) and found["b"][4] == 4 / 7 and found["c"][3] == -0.003
        assert len(read) == expected
        lines[5] = "5,5,5"
    for wrong, says in ("1,2", "has 2 entries"), ("1,2,1e999", "too large for float64 in line 8194, column 3"), ("1,2,3,4", "has 4 entries"):
        (tmp_path / "t.csv").write_text("\n".join([*lines[: 2 * tables.BLOCK + 1], wrong, *lines[10:20]]))
        with pytest.raises(CalcError, match="line 8194") as caught:
            Session().eval(f'read("{tmp_path}/t.csv")')
        assert says in caught.value.message


CELLS = st.one_of(st.text("0123456789eE+-. ", max_size=4), st.floats(allow_nan=False).map(repr), st.integers().map(str))


@given(st.sampled_from(["", ",", ";", "\t"]), st.lists(st.lists(CELLS, min_size=2, max_size=2), min_size=1, max_size=4))
def test_both_readers_read_the_same(delimiter: str, rows: list[list[str]]) -> None:
    """What NumPy's takes, and is taken from it, the reader of single lines takes too, as the same numbers."""
    lines = [(delimiter or " ").join(row) for row in rows]
    if (found := tables._regular(lines, delimiter, 2)) is not None:
        assert np.array_equal(found, tables._irregular("a.csv", lines, 0, delimiter, 2, None))


BAD: list[tuple[str, bytes, str, str]] = [
    ("a.csv", b"1,2\n3\n", "E-IO", "line 2 has 1 entry,"),
    ("a.csv", b"x,y\n1,2\n3,four\n", "E-IO", "'four' is no number in line 3, column 2"),
    ("a.csv", b"x,y\n1,\n", "E-IO", "nothing stands in line 2, column 2"),
    ("a.csv", b"", "E-IO", "it is empty"),
    ("a.csv", b"x,y\n1,NA\n", "E-IO", "'NA' is no number in line 2, column 2"),
    ("a.csv", b"1,2\n\xff\xfe,3\n", "E-IO", "line 2 is no UTF-8 text"),
    ("a.npy", b"no array", "E-IO", "it holds no NumPy arrays of numbers"),
    ("a.csv", b"1.5x,2\n3,4\n", "E-IO", "'1.5x' is no number in line 1, column 1"),
    ("a.csv", b"2,0x10\n3,4\n", "E-IO", "'0x10' is no number in line 1, column 2"),
    ("a.csv", b"1\n1e400\n", "E-IO", "1e400 is too large for float64 in line 2, column 1"),
    ("a.csv", b"1\n" + 400 * b"9" + b"\n", "E-IO", "too large for float64 in line 2, column 1"),
    ("a.csv", b"1\n1_000\n", "E-IO", "'1_000' is no number in line 2"), ("a.csv", "1\n٣\n".encode(), "E-IO", "'٣' is no number in line 2"),
    ("a.csv", b"x,y,x\n1,2,3\n", "E-IO", "two columns are called 'x' in line 1"), ("a.csv", b"x,,y\n1,2,3\n", "E-IO", "column 2 has no name"),
    ("a.csv", b'x,y\n1,"2\n3,4\n', "E-IO", "a quote that begins in line 2 does not end"),
    ("a.csv", b"2019,where\n1,2\n", "E-IO", "'where' is no number in line 1, column 2"),
    ("a.npz", b"PK\x05\x06" + 18 * b"\0", "E-IO", "it is empty"),
    ("a.npz", b"PK\x03\x04 and then nothing", "E-IO", "it holds no NumPy arrays of numbers"),
]  # fmt: skip


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


@pytest.mark.parametrize(("data", "helps"), [
    ("5.1,setosa\n4.9,setosa\n", "numbers alone"), ("day,v\n2026-01-31,4\n", "numbers alone"), ("2019,rain\n1,2\n", "in quotes"), ("caf\xe9,1\n", "UTF-8"),
    ("x,y\n1,NA\n", "nan"), ("x;y\n1,5;2\n", "with a point"),
])  # fmt: skip
def test_what_helps_where_data_cannot_be_read(data: str, helps: str, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(data.encode("latin-1"))
    with pytest.raises(CalcError) as caught:
        Session().eval(f'read("{tmp_path}/a.csv")')
    assert helps in caught.value.diagnostic.help


@pytest.mark.parametrize(("text", "says"), [
    ('read("{}/dtaa.csv")', 'did you mean "{}/data.csv"?'), ('load "{}/lessn.calc"', 'did you mean "{}/lesson.calc"?'), ('read("{}/other.csv")', "no such file"), ('read("{}/folder")', "this is a folder"),
    ('read("{}/no/a.csv")', "there is no folder {}/no"), ('write("{}/no/a.csv", [1])', "there is no folder {}/no"), ('write("{}/folder.csv", [1])', "this is a folder"), ('read("")', "an empty name is refused"),
])  # fmt: skip
def test_where_a_file_was_sought(text: str, says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("data.csv", "lesson.calc", "data.calc"):
        (tmp_path / name).write_text("1\n")
    for name in ("folder", "folder.csv"):
        (tmp_path / name).mkdir()
    with pytest.raises(CalcError) as caught:
        Session().run(text.format("."))
    found = caught.value.diagnostic
    assert says.format(".") in found.message + found.help and ("did you mean" in found.help) == ("did you mean" in says)


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


@pytest.mark.parametrize("kind", ["npy", "npz"])
def test_arrays_at_standard_input(kind: str, tmp_path: Path) -> None:
    session = Session()
    session.run(f'write("{tmp_path}/x.{kind}", [1, 2])')
    session.stdin = io.BytesIO((tmp_path / f"x.{kind}").read_bytes()).read
    found: Any = session.eval('read("-")')
    assert np.array_equal(found["value"] if kind == "npz" else found, [1, 2])


@pytest.mark.parametrize("cell", ["", "NA", "n/a", "-", "null"])
def test_how_a_missing_value_is_written(cell: str, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(f"x,y\n1,{cell}\n")
    with pytest.raises(CalcError) as caught:
        Session().eval(f'read("{tmp_path}/a.csv")')
    assert caught.value.diagnostic.help == "a value that is missing is written nan"


def test_saved_columns_keep_their_names(tmp_path: Path) -> None:
    """Names that are none of the language too."""
    (tmp_path / "a.csv").write_text('height,"weight, kg",end,"a ""b"""\n1,2,3,4\n')
    session = Session()
    session.run(f't = read("{tmp_path}/a.csv"); (Q, R) = qr(eye(2)); s = qr(eye(2)); save "{tmp_path}/s.calc"')
    again = Session()
    again.run(f'load "{tmp_path}/s.calc"')
    assert again["t"].names == ("height", "weight, kg", "end", 'a "b"') and again["s"].names == ("Q", "R")
    assert float(again.eval('t["weight, kg"][1]')) == 2.0


def test_saved_definitions_load(tmp_path: Path) -> None:
    session = Session()
    session.run("a = [0.1, 2]\nf(x) = a' * x\ng = grad(y -> y' * y)\nt = (1, [2, 3]')\nb = 2 < 3")
    session.run(f'save "{tmp_path}/s.calc"')
    again = Session()
    again.run(f'load "{tmp_path}/s.calc"')
    for text in ("f([1, 2])", "g([1, 2])", "t[2] * [1, 1]", "b", "a"):
        assert np.array_equal(np.asarray(session.eval(text)), np.asarray(again.eval(text)))


def test_decimal_commas_get_a_hint(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("1,5;2,5\n")
    with pytest.raises(CalcError) as caught:
        Session().eval(f'read("{tmp_path}/a.csv")')
    assert caught.value.diagnostic.help == "decimals are written with a point, 1.5"


def test_whole_numbers_that_would_be_rounded(tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", np.array([2**53, -(2**60), 7]))
    np.save(tmp_path / "b.npy", np.array([7, 2**53 + 1], dtype=np.uint64))
    assert np.array_equal(np.asarray(Session().eval(f'read("{tmp_path}/a.npy")')), [2.0**53, -(2.0**60), 7])
    with pytest.raises(CalcError, match="2\\^53"):
        Session().eval(f'read("{tmp_path}/b.npy")')


def test_a_range_is_written(tmp_path: Path) -> None:
    session = Session()
    session.run(f'write("{tmp_path}/a.csv", 1..5)')
    assert np.array_equal(np.asarray(session.eval(f'read("{tmp_path}/a.csv")')), [1, 2, 3, 4, 5])


def test_links_in_a_circle(tmp_path: Path) -> None:
    (tmp_path / "a.csv").symlink_to(tmp_path / "b.csv")
    (tmp_path / "b.csv").symlink_to(tmp_path / "a.csv")
    for text in ('read("{0}/a.csv")', 'write("{0}/a.csv", 1)'):
        with pytest.raises(CalcError) as caught:
            Session().run(text.format(tmp_path))
        assert caught.value.code in ("E-PATH", "E-IO")


def test_a_written_file_keeps_its_permissions(tmp_path: Path) -> None:
    """Nothing else beside it is touched, and nothing is left over."""
    (tmp_path / "a.csv").write_text("1")
    (tmp_path / "a.csv").chmod(0o600)
    (tmp_path / "a.csv.part").write_text("mine")
    Session().run(f'write("{tmp_path}/a.csv", 2)')
    assert (tmp_path / "a.csv").stat().st_mode & 0o777 == 0o600 and (tmp_path / "a.csv").read_text() == "2\n"
    assert (tmp_path / "a.csv.part").read_text() == "mine" and len(list(tmp_path.iterdir())) == 2


@pytest.mark.parametrize("text", ["x = 3\ny = 1/0", "set digits 4\nx = 3\n1/0", 'load "inner.calc"\nx = 4\nnope'])
def test_a_failed_load_changes_nothing(text: str, tmp_path: Path) -> None:
    """A file that is loaded is one statement."""
    (tmp_path / "part.calc").write_text(text)
    (tmp_path / "inner.calc").write_text("z = 1\nx = 2")
    session = Session()
    session.run("x = 1; f() = x")
    before = session.settings.digits
    with pytest.raises(CalcError):
        session.run(f'load "{tmp_path}/part.calc"')
    assert session["x"] == session.eval("f()") == 1.0 and session.settings.digits == before and "z" not in session.definitions
    session.run(f'load "{tmp_path}/inner.calc"')
    assert session.eval("f() + z") == 3.0
