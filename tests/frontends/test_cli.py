"""The command line, in process and (where only that shows it) as a process of its own."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from calclang.frontends.cli import Streams, main

ROOT = Path(__file__).parent.parent.parent


def run(*argv: str, stdin: bytes = b"", **environment: str) -> tuple[int, str, str]:
    stdout, stderr = io.StringIO(), io.StringIO()
    status = main(argv, Streams(io.BytesIO(stdin), stdout, stderr), environment)
    return status, stdout.getvalue(), stderr.getvalue()


def process(*argv: str, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    return subprocess.run([sys.executable, "-m", "calclang", *argv], input=stdin, capture_output=True, env=environment, timeout=60, check=False)


def test_texts_share_a_session() -> None:
    assert run("-e", "f(x) = x^2", "-e", "f(3); f(4)") == (0, "16\n", "")


def test_a_semicolon_hides() -> None:
    assert run("-e", "1;\n2") == (0, "2\n", "")


def test_pipe() -> None:
    assert run(stdin=b"1+1\r\n2+2\r\n") == (0, "2\n4\n", "")
    assert run("-", stdin=b"1+1") == (0, "2\n", "")


def test_script_with_arguments(tmp_path: Path) -> None:
    script = tmp_path / "sum.calc"
    script.write_text("#!/usr/bin/env calclang\nargs[1] + args[2]\nargs[3]\n")
    assert run(str(script), "3", "4.5", "name") == (0, '7.5\n"name"\n', "")


def test_an_error_stops_the_script(tmp_path: Path) -> None:
    script = tmp_path / "bad.calc"
    script.write_text("1\n1/0\n2\n")
    status, out, err = run(str(script))
    assert (status, out) == (1, "1\n")
    assert "E-DIVZERO" in err and "bad.calc:2:1" in err


def test_json_values() -> None:
    _, out, _ = run("--format", "json", "-e", "2\ntrue\n[1, 2]\n[1, 2]'\n[1, 2; 3, 4]\n(1, [2])\n1..3\n\"a\"\nf(x) = x^2\nf'\ninf")
    records = [json.loads(line) for line in out.splitlines()]
    assert [r["kind"] for r in records] == ["scalar", "boolean", "vector", "row", "matrix", "tuple", "range", "string", "function", "scalar"]
    assert records[3] == {"kind": "row", "shape": [1, 2], "value": [[1, 2]]}
    assert records[5]["parts"][1] == {"kind": "vector", "shape": [1], "value": [2]}
    assert records[8]["source"] == "x -> 2*x"
    assert records[9]["value"] == "inf"


def test_json_error() -> None:
    status, out, err = run("--format=json", "-e", "x = [1, 2]\nx * x")
    assert (status, out) == (1, "")
    error = json.loads(err)["error"]
    assert (error["code"], error["file"], error["line"], error["column"], error["length"]) == ("E-SHAPE", "<command line>", 2, 1, 1)
    assert "x' * y" in error["help"]


def test_latex() -> None:
    assert run("--format", "latex", "-e", "f(x) = sqrt(x)/2", "-e", "f")[1] == "f\\left(x\\right) = \\frac{\\sqrt{x}}{2}\n"


def test_digits() -> None:
    assert run("--digits", "3", "-e", "pi")[1] == "3.14\n"


@pytest.mark.parametrize(("digits", "shown"), [("9", "0.333333333"), ("10", "0.3333333333")])
def test_chosen_digits_count_also_where_they_are_those_of_the_screen(digits: str, shown: str) -> None:
    assert run("-e", f"1/3; set digits {digits}\n1/3")[1] == f"{shown}\n"
    assert run("--digits", digits, "-e", "1/3")[1] == f"{shown}\n"


@pytest.mark.parametrize("argv", [["--nonsense"], ["--digits", "0", "-e", "1"], ["--format", "xml"], ["-e"], ["check"], ["-e", "1", "file.calc"]])
def test_wrong_usage(argv: list[str]) -> None:
    status, out, err = run(*argv)
    assert (status, out) == (2, "")
    assert "calclang --help" in err


def test_help_and_version() -> None:
    assert "examples:" in run("--help")[1]
    assert run("--version")[1].startswith("calclang ")


def test_colour() -> None:
    assert "\x1b[" in run("--color", "always", "-e", "1/0")[2]
    assert "\x1b[" not in run("-e", "1/0")[2]


def test_check(tmp_path: Path) -> None:
    script = tmp_path / "shapes.calc"
    script.write_text("f(x: R^n, A: R^(m×n)) = x' * A * x\n")
    status, _, err = run("check", str(script))
    assert status == 1 and "E-SHAPE" in err
    script.write_text("f(x: R^n, A: R^(n×n)) = x' * A * x\nf([1, 2], eye(2))\n")
    assert run("check", str(script)) == (0, "", "")


def test_check_knows_what_a_script_will_know(tmp_path: Path) -> None:
    """Its arguments, and what the files that it loads define."""
    (tmp_path / "lib.calc").write_text("square(x) = x^2\nload \"lib.calc\"\n")
    script = tmp_path / "main.calc"
    for load in ('load "lib.calc"', 'load("lib.calc")'):
        script.write_text(f"{load}\nn = args[1]\nm = n + square(2)\nprint(square(m))\n")
        assert run("check", str(script)) == (0, "", "")
    script.write_text("n = args[1]\nk = other + 1\n")
    assert "other is not defined" in run("check", str(script))[2]


def test_check_knows_names_inside_functions(tmp_path: Path) -> None:
    """Of functions that are never called too; what is defined further down, the last value, and names of sizes and parameters are known."""
    script = tmp_path / "main.calc"
    script.write_text("f(x) = later(x) + sinn(x)\nlater(x) = ans*x\ng = (u: R^n) -> n + grad(h, wrt = y)(u, 1)\nh(x, y) = x'*x*y\n1 + 1\nans*2\n")
    err = run("check", str(script))[2]
    assert err.count("error") == 1 and "sinn is not defined" in err and "did you mean sin?" in err
    script.write_text('load "missing.calc"\nf(x) = theirs(x)\n')
    assert "theirs" not in run("check", str(script))[2]


def test_check_reports_an_error_in_a_function_once(tmp_path: Path) -> None:
    script = tmp_path / "main.calc"
    script.write_text("f(x) = x + missing\nf(1)\nf(2)\ng(x) = f(x) + 1\ng(3)\n")
    status, _, err = run("check", str(script))
    assert status == 1 and err.count("missing is not defined") == 1


@pytest.mark.parametrize("argv", [["--format", "json", "check"], ["check", "--format", "json"], ["check", "--format=json"]])
def test_options_of_check(argv: list[str], tmp_path: Path) -> None:
    script = tmp_path / "main.calc"
    script.write_text("nope")
    assert run(*argv, str(script))[2].startswith('{"error"')


def test_options_behind_the_file_to_check(tmp_path: Path) -> None:
    script = tmp_path / "main.calc"
    script.write_text("nope")
    assert run("check", str(script), "--format", "json")[2].startswith('{"error"')
    assert run("check", str(script), "more")[0] == 2


@pytest.mark.parametrize("name", ["missing.calc", "."])
def test_unreadable(name: str, tmp_path: Path) -> None:
    status, _, err = run(str(tmp_path / name))
    assert status == 1 and "E-IO" in err


def test_not_utf8(tmp_path: Path) -> None:
    script = tmp_path / "latin.calc"
    script.write_bytes(b"x = 1 # caf\xe9")
    status, _, err = run(str(script))
    assert status == 1 and "E-ENCODING" in err and "byte 12" in err


def test_load(tmp_path: Path) -> None:
    (tmp_path / "inner.calc").write_text("k = 5\n")
    (tmp_path / "outer.calc").write_text('load "inner.calc"\nk + 1\n')
    assert run(str(tmp_path / "outer.calc")) == (0, "6\n", "")
    (tmp_path / "inner.calc").write_text('load "outer.calc"\n')
    status, _, err = run(str(tmp_path / "outer.calc"))
    assert status == 1 and "E-RECURSION" in err


def test_as_a_process() -> None:
    done = process("-e", "f(x) = x^2; f(3)", "-e", "∇f(2)")
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.split() == [b"4"] or done.stdout.split() == [b"9", b"4"]


def test_closed_pipe_is_quiet() -> None:
    command = f"{sys.executable} -m calclang -e '{'; '.join(['1'] * 3)}' -e '[1..20000]' -e 'ones(200)' | head -c 1"
    done = subprocess.run(["bash", "-c", command], capture_output=True, env=os.environ | {"PYTHONPATH": str(ROOT)}, timeout=60, check=False)
    assert done.stderr == b""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is full")
def test_full_disk_is_said() -> None:
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "calclang", "-e", "1"], stdout=full, stderr=subprocess.PIPE, env=os.environ | {"PYTHONPATH": str(ROOT)}, check=False
        )
    assert done.returncode == 1
    assert done.stderr.decode() == "calclang: cannot write: no space left on device\n"


def test_interrupted() -> None:
    """Ctrl-C ends a long computation with status 130 and one line."""
    text = "f(x) = iterate(t -> cos(t + x), 0, 40000000); print(1); f(1)"
    running = subprocess.Popen(
        [sys.executable, "-m", "calclang", "-e", text], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=os.environ | {"PYTHONPATH": str(ROOT)}
    )
    assert running.stdout is not None
    running.stdout.readline()
    running.send_signal(signal.SIGINT)
    _, err = running.communicate(timeout=60)
    assert running.returncode == 130
    assert "E-INTERRUPT" in err.decode() and "Traceback" not in err.decode()


def test_a_defect_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*arguments: object) -> None:
        raise KeyError("inside")

    monkeypatch.setattr("calclang.session.Session.statements", broken)
    status, out, err = run("-e", "1")
    assert (status, out) == (1, "") and "E-INTERNAL" in err and "KeyError" in err
    with pytest.raises(KeyError):
        run("-e", "1", CALCLANG_DEBUG="1")
