"""State of modules: tables that are filled while they are imported, the one table of nodes, and the caches listed here. Nothing else remembers."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "calclang"
FILES = sorted(PACKAGE.rglob("*.py"))
# What outlives a call, each with its reason.
TABLES = {
    "frontends/prompt/colon.py: COLON",  # the colon commands enter themselves
    "ir/node.py: OPERATORS",  # + - * / ^ of nodes are rows, which stand above
    "lower/library/given.py: TABLE",  # built-ins enter themselves
    "ops/base.py: ROWS",  # rows enter themselves
    "ops/control.py: RUN",  # what runs loops and choices is a backend, which stands above
    "registry.py: COMMANDS",  # commands enter themselves
}
KEPT = {
    "ir/node.py: _interned": "equal expressions are one object; weak, so that a program's nodes go with it",
    "ir/node.py: _serials": "inputs have smaller numbers than what is made of them",
    "ir/apply.py: _identities": "no two symbolic identities are one",
    "ir/budget.py: _budget": "of this context: what the running statement may still spend",
    "ir/budget.py: _span": "of this context: the place of the source that runs",
    "progress.py: _listener": "of this context: who is told of long work",
    "syntax/reading.py: _lock": "one parser serves all threads in turn",
}
CACHES = {
    "backends/python/control.py: compiled": "code of a loop, for as long as its record lives",
    "backends/python/recursion.py: compiled_body": "code of a function that calls itself, for as long as its record lives",
    "backends/python/control.py: compiled_branch": "code of a branch, for as long as its record lives",
    "backends/python/control.py: compiled_until": "code of a condition, for as long as its record lives",
    "frontends/prompt/colon.py: table": "the table, filled when first asked for",
    "frontends/prompt/roles.py: _read_line": "the prompt colours the same lines again at each key",
    "help/codes.py: kinds": "what the docstrings of the errors say",
    "ir/scalars.py: _function": "the expression of a row as code, at most 1,024 of them",
    "ir/signature.py: parse": "signatures of rows; there are as many as rows",
    "lower/domains.py: _partial": "by row; there are as many as rows",
    "lower/library/__init__.py: elementwise": "built-ins of rows, made when first asked for",
    "lower/library/__init__.py: find": "every name that is asked for",
    "lower/library/__init__.py: names": "the names of the library",
    "ops/contraction.py: _scalar_spec": "labels of products of scalars, at most 4,096 of them",
    "registry.py: table": "the table, filled when first asked for",
    "syntax/grammar.py: parser": "the tables of the parser take long to make",
    "syntax/tokens.py: _terminals": "the expressions of the tokens take long to compile",
}
MAKERS = {"ContextVar", "Lock", "RLock", "count", "WeakValueDictionary", "WeakKeyDictionary", "defaultdict", "deque", "Counter", "Cache", "cycle"}
REMEMBERING = {"cache", "lru_cache", "remembered"}
CHANGING = {"add", "append", "clear", "discard", "extend", "insert", "pop", "popitem", "remove", "setdefault", "update"}


def called(node: ast.AST) -> str:
    """The name of what is called, applied or used as a decorator: ``lru_cache`` of ``lru_cache(maxsize=5)(read)``."""
    while isinstance(node, ast.Call):
        node = node.func
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def assigned(tree: ast.Module) -> Iterator[tuple[str, ast.expr]]:
    """The names of a module and what they are given."""
    for node in tree.body:
        targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
        yield from ((t.id, node.value) for t in targets if isinstance(t, ast.Name) and getattr(node, "value", None))


def changed(tree: ast.Module) -> Iterator[str]:
    """The names of a module, its own and imported ones, that a function changes."""
    known = {name for name, _ in assigned(tree)} | {a.asname or a.name for n in tree.body if isinstance(n, ast.ImportFrom) for a in n.names}
    for function in (n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.Lambda)):
        arguments = function.args
        own = {a.arg for a in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)}
        own |= {n.id for n in ast.walk(function) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
        for node in ast.walk(function):
            if isinstance(node, ast.Global):
                yield from node.names
            held: ast.AST | None = None
            if isinstance(node, ast.Subscript | ast.Attribute) and isinstance(node.ctx, ast.Store | ast.Del):
                held = node.value
            elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in CHANGING:
                held = node.func.value
            if isinstance(held, ast.Name) and held.id in known - own:
                yield held.id


def states(file: Path) -> Iterator[tuple[str, str]]:
    """What a file keeps: ``changed``, ``kept`` or ``cache``, and its name."""
    tree, name = ast.parse(file.read_text(encoding="utf-8")), file.relative_to(PACKAGE).as_posix()
    brought = [n for n in tree.body if isinstance(n, ast.ImportFrom) and (n.module or "").startswith("calclang.")]
    homes = {a.asname or a.name: f"{(n.module or '').removeprefix('calclang.').replace('.', '/')}.py" for n in brought for a in n.names}
    yield from (("changed", f"{homes.get(n, name)}: {n}") for n in changed(tree))
    for n, value in assigned(tree):
        if isinstance(value, ast.Call) and called(value) in MAKERS | REMEMBERING:
            yield "cache" if called(value) in REMEMBERING else "kept", f"{name}: {n}"
    for function in (n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef)):
        if any(called(d) in REMEMBERING for d in function.decorator_list):
            yield "cache", f"{name}: {function.name}"


FOUND = [state for file in FILES for state in states(file)]


def test_functions_change_no_module() -> None:
    """But those that enter a record into its table, and the one that makes nodes."""
    tables = TABLES | {"ir/node.py: _interned"}
    assert {what for kind, what in FOUND if kind == "changed"} <= tables


@pytest.mark.parametrize(("kind", "listed"), [("kept", KEPT), ("cache", CACHES)])
def test_what_is_remembered_is_listed(kind: str, listed: dict[str, str]) -> None:
    assert {what for found, what in FOUND if found == kind} == set(listed)


def test_tables_are_filled_in_one_way() -> None:
    """A dictionary that begins empty is one of the tables."""
    empty = {
        f"{file.relative_to(PACKAGE).as_posix()}: {name}"
        for file in FILES
        for name, value in assigned(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(value, ast.Dict) and not value.keys or isinstance(value, ast.List | ast.Set) and not value.elts
    }
    assert empty <= TABLES


PROGRAMS = {
    "X: list[int] = []\ndef f(): X.append(1)": "X",
    "from a import TABLE\ndef f(x): TABLE[x] = x": "TABLE",
    "N = 0\ndef f():\n    global N\n    N = 1": "N",
    "X = {}\ndef f(X): X[1] = 2": "",
    "X = {}\ndef f():\n    X = {}\n    X[1] = 2": "",
}


@pytest.mark.parametrize("program", PROGRAMS)
def test_changes_are_seen(program: str) -> None:
    assert " ".join(changed(ast.parse(program))) == PROGRAMS[program]
