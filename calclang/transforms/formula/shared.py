"""Names for what the parts of a gradient share, as the error of a layer of a network: ``(W = t1*x', b = t1, x = W'*t1) where t1 = …``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import fields
from typing import Any

from calclang.syntax import tree as t
from calclang.syntax.format import format_expr as text
from calclang.transforms.formula import names

NAMED = (t.Binary, t.Call, t.Index)
SCOPES = (t.Comprehension, t.Lambda, t.Let, t.If)  # inside of which names may mean something else, or are not always looked at
COST = 12  # characters that a name costs, beside itself
SHORT = 60  # characters of a value that may stand in its place


def shared(body: t.Expr, values: Mapping[str, t.Expr], taken: frozenset[str], given: Iterable[str]) -> tuple[t.Expr, dict[str, t.Expr]]:
    """A formula and the values of its names, with new names for what makes it shorter. ``given``: names of the program, which stay."""
    named = dict(values)
    while (part := _worthiest([body, *named.values()])) is not None:
        name = names.fresh("t", taken | set(named))
        body, *others = (_replaced(e, part, t.Name(name)) for e in (body, *named.values()))
        named = _with(name, part, dict(zip(named, others, strict=True)))
    return _numbered(*_without_idle(body, named), taken, given) if len(named) > len(values) else (body, named)


def _without_idle(body: t.Expr, named: dict[str, t.Expr]) -> tuple[t.Expr, dict[str, t.Expr]]:
    """The same without short names that stand once by now."""
    for name, value in list(named.items()):
        everywhere = [body, *named.values()]
        used = [part for e in everywhere for part in t.walk(e) if part == t.Name(name)]
        if len(used) == 1 and len(text(value)) <= SHORT and any(part is used[0] for e in everywhere for part in _parts(e)):
            del named[name]
            body, *others = (_replaced(e, t.Name(name), value) for e in (body, *named.values()))
            named = dict(zip(named, others, strict=True))
    return body, named


def _numbered(body: t.Expr, named: dict[str, t.Expr], taken: frozenset[str], given: Iterable[str]) -> tuple[t.Expr, dict[str, t.Expr]]:
    """The same with names of one order: t1, t2, …"""
    kept = {*taken, *given}
    new: dict[str, str] = {}
    for name in named:
        new[name] = name if name in kept else names.fresh("t", kept | set(new.values()))

    def renamed(now: t.Tree) -> t.Tree | None:
        return t.Name(new[now.id]) if isinstance(now, t.Name) and now.id in new else None

    body, *others = (_rebuilt(e, list(t.walk(e)), renamed) for e in (body, *named.values()))
    return body, dict(zip(new.values(), others, strict=True))


def _worthiest(exprs: list[t.Expr]) -> t.Expr | None:
    """The part by whose name most is won; None where none is worth one."""
    found: dict[str, t.Expr] = {}
    uses: Counter[str] = Counter()
    for e in exprs:
        for part in _parts(e):
            if isinstance(part, NAMED):
                key = text(part)
                found[key] = part
                uses[key] += 1
    won = {key: (count - 1) * len(key) - 2 * count - COST for key, count in uses.items()}
    best = max(won, key=lambda key: won[key], default="")
    return found[best] if best and won[best] > 0 else None


def _parts(e: t.Tree) -> Iterator[t.Tree]:
    """The parts of an expression that mean the same everywhere in it. Iterative."""
    stack = [e]
    while stack:
        now = stack.pop()
        if not isinstance(now, SCOPES):
            yield now
            stack += t.parts(now)


def _replaced(e: t.Expr, part: t.Expr, by: t.Expr) -> t.Expr:
    """An expression with another one in the place of a part."""
    return _rebuilt(e, list(_parts(e)), lambda now: by if now == part else None)


def _rebuilt(e: t.Expr, parts: list[t.Tree], rule: Callable[[t.Tree], t.Tree | None]) -> t.Expr:
    """An expression of which some ``parts``, each before its own, are what a rule says."""
    done: dict[int, Any] = {}
    for now in reversed(parts):
        done[id(now)] = rule(now) or _again(now, done)
    made: t.Expr = done.get(id(e), e)
    return made


def _again(now: t.Tree, done: Mapping[int, t.Tree]) -> t.Tree:
    """A construct with its parts as they were made; itself where they are the same."""
    old = {f.name: getattr(now, f.name) for f in fields(now) if f.compare}
    new = {name: _mapped(value, done) for name, value in old.items()}
    return now if all(new[name] is old[name] for name in old) else type(now)(**new)


def _mapped(value: Any, done: Mapping[int, t.Tree]) -> Any:
    """A value of a field with the trees in it replaced."""
    if isinstance(value, tuple):
        made = tuple(_mapped(v, done) for v in value)
        return value if all(a is b for a, b in zip(made, value, strict=True)) else made
    return done.get(id(value), value) if isinstance(value, t.Tree) else value


def _with(name: str, part: t.Expr, named: Mapping[str, t.Expr]) -> dict[str, t.Expr]:
    """The values with one more, before the first that uses it."""
    made: dict[str, t.Expr] = {}
    for n, e in named.items():
        if name not in made and name in t.mentioned(e):
            made[name] = part
        made[n] = e
    return made if name in made else made | {name: part}
