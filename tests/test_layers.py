"""The house: imports point down, heavy libraries are imported where they are needed, files keep one subject."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "calclang"

# From the bottom up; a file may import its own layer and anything below. Two names on a line do not import each other.
LAYERS: tuple[tuple[str, ...], ...] = (
    ("errors", "source", "values", "limits", "progress", "settings", "files", "disk"),
    ("ir", "syntax", "solvers"),
    ("ops",),
    ("transforms",),
    ("backends",),
    ("lower",),
    ("session", "functions", "hot"),
    ("commands", "display", "help"),
    ("frontends",),
)
LEVEL = {name: level for level, names in enumerate(LAYERS) for name in names}
# Imports upwards inside a function, each with its reason.
ALLOWED = {
    ("session", "commands"),  # a command is a statement: the session hands it to its table
    ("lower", "session"),  # types only
    ("lower", "functions"),  # types only
}
FILES = sorted(PACKAGE.rglob("*.py"))


def layer(module: str) -> str:
    return module.split(".")[1] if module.count(".") else ""


def imported(file: Path) -> list[tuple[str, int]]:
    """The modules of calclang that a file imports, with their lines."""
    found = []
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        names = [node.module] if isinstance(node, ast.ImportFrom) and node.module else [a.name for a in node.names] if isinstance(node, ast.Import) else []
        for name in names:
            if name == "calclang" and isinstance(node, ast.ImportFrom):
                found += [(f"calclang.{a.name}", node.lineno) for a in node.names]
            elif name.startswith("calclang."):
                found.append((name, node.lineno))
    return found


@pytest.mark.parametrize("file", FILES, ids=lambda f: str(f.relative_to(PACKAGE)))
def test_imports_point_down(file: Path) -> None:
    parts = file.relative_to(PACKAGE).with_suffix("").parts
    mine = parts[0]
    if mine in ("__init__", "__main__"):
        return
    for name, line in imported(file):
        other = layer(name)
        if other in LEVEL and other != mine and (mine, other) not in ALLOWED:
            assert LEVEL[other] <= LEVEL[mine], f"{file.name}:{line} imports {name}"


@pytest.mark.parametrize("library", ["scipy", "prompt_toolkit"])
def test_heavy_libraries_are_imported_late(library: str) -> None:
    """Only inside functions, so that starting stays quick."""
    for file in FILES:
        for node in ast.parse(file.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.Import | ast.ImportFrom):
                names = [node.module or ""] if isinstance(node, ast.ImportFrom) else [a.name for a in node.names]
                assert not any(n.split(".")[0] == library for n in names), f"{file.name}:{node.lineno}"


def test_only_frontends_print() -> None:
    for file in FILES:
        if "frontends" in file.parts:
            continue
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            assert not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"), f"{file}:{node.lineno}"


@pytest.mark.parametrize("file", FILES, ids=lambda f: str(f.relative_to(PACKAGE)))
def test_files_keep_one_subject(file: Path) -> None:
    if file.name in ("tables.py", "library.py"):  # tables: a record after the other
        return
    assert len(file.read_text(encoding="utf-8").splitlines()) <= 410
