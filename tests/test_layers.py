"""The house: imports point down, heavy libraries are imported where they are needed, files keep one subject."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "calclang"

# From the bottom up; a file may import its own package and what stands below. Two names on a line do not import each other.
LAYERS: tuple[tuple[str, ...], ...] = (
    ("record",),
    ("source", "values", "limits", "progress", "settings"),
    ("errors",),
    ("formats", "disk"),
    ("ir", "syntax", "solvers"),
    ("ops",),
    ("transforms",),
    ("backends",),
    ("lower",),
    ("registry", "functions", "display"),
    ("cells", "hot"),
    ("session",),
    ("help",),
    ("commands",),
    ("frontends",),
)
LEVEL = {name: level for level, names in enumerate(LAYERS) for name in names}
# Imports upwards, each with where it may stand: for types only, or inside a function.
ALLOWED = {
    ("registry", "commands"): "function",  # the commands enter themselves into the table, which is filled when it is first asked for
    ("registry", "session"): "types",
    ("functions", "session"): "types",
    ("hot", "session"): "types",
    ("lower", "session"): "types",
    ("lower", "functions"): "types",
}
FILES = sorted(PACKAGE.rglob("*.py"))
WRITTEN = [file for file in FILES if file != PACKAGE / "syntax" / "tables.py"]  # by people; the other is generated


def layer(module: str) -> str:
    return module.split(".")[1] if module.count(".") else ""


def names(node: ast.AST) -> list[str]:
    """The modules of calclang that a statement imports."""
    if isinstance(node, ast.Import):
        return [a.name for a in node.names if a.name.startswith("calclang.")]
    if isinstance(node, ast.ImportFrom) and node.module == "calclang":
        return [f"calclang.{a.name}" for a in node.names]
    return [node.module] if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("calclang.") and node.module else []


def imported(node: ast.AST, where: str = "module") -> Iterator[tuple[str, int, str]]:
    """The modules of calclang that are imported, their lines, and whether that is when the module is, for ``types`` only, or in a ``function``."""
    for child in ast.iter_child_nodes(node):
        inside = where
        if isinstance(child, ast.FunctionDef | ast.Lambda):
            inside = "function"
        elif isinstance(child, ast.If) and ast.unparse(child.test) == "TYPE_CHECKING":
            inside = "types"
        yield from ((name, child.lineno, where) for name in names(child))
        yield from imported(child, inside)


def upwards(file: Path) -> Iterator[tuple[str, str, int, str]]:
    """The imports of a file that do not point down: its layer, the other's, the line, where it stands."""
    mine = file.relative_to(PACKAGE).with_suffix("").parts[0]
    for name, line, where in imported(ast.parse(file.read_text(encoding="utf-8"))):
        other = layer(name)
        if mine in LEVEL and other in LEVEL and other != mine and LEVEL[other] >= LEVEL[mine]:
            yield mine, other, line, where


@pytest.mark.parametrize("file", FILES, ids=lambda f: str(f.relative_to(PACKAGE)))
def test_imports_point_down(file: Path) -> None:
    assert file.relative_to(PACKAGE).with_suffix("").parts[0] in (*LEVEL, "__init__", "__main__")
    for mine, other, line, where in upwards(file):
        assert ALLOWED.get((mine, other)) == where, f"{file.name}:{line} imports {other}"


def test_every_exception_is_needed() -> None:
    assert {(mine, other) for file in FILES for mine, other, _, _ in upwards(file)} == set(ALLOWED)


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


@pytest.mark.parametrize("file", WRITTEN, ids=lambda f: str(f.relative_to(PACKAGE)))
def test_files_keep_one_subject(file: Path) -> None:
    assert len(file.read_text(encoding="utf-8").splitlines()) <= 410
