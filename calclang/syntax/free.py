"""The names that an expression takes from around it."""

from __future__ import annotations

from typing import Any

from calclang.syntax import tree


def free(root: tree.Tree) -> dict[str, list[tree.Name]]:
    """The names that nothing in an expression binds, those of sizes in kinds among them, each with where it stands. Iterative."""
    found: dict[str, list[tree.Name]] = {}
    stack: list[tuple[Any, frozenset[str]]] = [(root, frozenset())]
    while stack:
        part, bound = stack.pop()
        if isinstance(part, tree.Name):
            if part.id not in bound:
                found.setdefault(part.id, []).append(part)
        elif isinstance(part, tree.Lambda):
            stack += [(part.body, bound | names_of(part.parameters)), *((p.kind, bound) for p in part.parameters if p.kind)]
        elif isinstance(part, tree.Let):
            stack += _of_let(part, bound)
        elif isinstance(part, tree.Comprehension):
            stack += _of_comprehension(part, bound)
        elif isinstance(part, tree.Call):
            values = [value for name, value in part.options if name not in tree.BARE]
            stack += [(inner, bound) for inner in reversed((part.function, *part.arguments, *values))]
        else:
            stack += [(inner, bound) for inner in reversed(tree.parts(part))]
    return found


def names_of(parameters: tuple[tree.Parameter, ...]) -> frozenset[str]:
    """The names that parameters give."""
    return frozenset(name for parameter in parameters for name in parameter.names)


def _of_let(let: tree.Let, bound: frozenset[str]) -> list[tuple[tree.Tree, frozenset[str]]]:
    """The parts of a ``let``, each with the names that are bound there: a function knows its own name."""
    made: list[tuple[tree.Tree, frozenset[str]]] = []
    for binding in let.bindings:
        target = binding.target
        if isinstance(target, tree.FunctionTarget):
            bound |= {target.name}
            made.append((tree.Lambda(target.parameters, binding.value), bound))
        else:
            made.append((binding.value, bound))
            bound |= set(target.names) if isinstance(target, tree.TupleTarget) else {target.name}
    return [(let.body, bound), *reversed(made)]


def _of_comprehension(whole: tree.Comprehension, bound: frozenset[str]) -> list[tuple[tree.Tree, frozenset[str]]]:
    """The parts of a comprehension; each clause sees the names of those before it."""
    made: list[tuple[tree.Tree, frozenset[str]]] = []
    for clause in whole.clauses:
        made.append((clause.domain, bound))
        bound |= {clause.name}
        made += [(clause.condition, bound)] if clause.condition is not None else []
    return [*reversed(made), (whole.body, bound)]
