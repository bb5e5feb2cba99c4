"""Random trees that a program can be read to, and help to compare them."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from calclang.syntax import tree as t

NAMES = st.sampled_from(["x", "y", "A", "f", "e", "e1", "E", "pi", "x1", "α", "grad", "time", "show", "at", "b0", "_", "endless", "xs", "lets"])
LABELS = NAMES | st.sampled_from(["weight, kg", "end", 'a "b"', "2nd"])
NUMBERS = st.sampled_from(["0", "1", "2.5", "1e3", "1.5e-3", "1_000", ".5", "3.", "0.1", "12"])
SUMS = ["+", "-", ".+", ".-", "*", "/", "\\", "@", ".*", "./", "^", ".^", "and", "or", "|>"]
names = st.builds(t.Name, NAMES)
numbers = NUMBERS.map(lambda s: t.Number(float(s.replace("_", "")), s))
atoms = st.one_of(names, numbers, st.builds(t.String, st.text('ab"\\\n\té λ#', max_size=5)), st.builds(t.Boolean, st.booleans()), st.just(t.End()))
sizes = st.recursive(
    st.one_of(names, numbers),
    lambda s: st.builds(t.Binary, st.sampled_from(["+", "-", "*"]), s, s),
    max_leaves=3,
)
kinds = st.builds(t.Kind, st.sampled_from([(), ("symmetric",), ("row",), ("diagonal",)]), st.lists(sizes, max_size=3).map(tuple))


def parameters(least: int = 1) -> st.SearchStrategy[tuple[t.Parameter, ...]]:
    """A list of parameters that name nothing twice."""
    lists = st.lists(st.tuples(st.lists(NAMES, min_size=1, max_size=2, unique=True), st.booleans(), st.none() | kinds), min_size=least, max_size=3)

    def made(entries: list[tuple[list[str], bool, t.Kind | None]]) -> tuple[t.Parameter, ...]:
        seen: set[str] = set()
        out = []
        for found, vector, kind in entries:
            fresh = [n for n in found if n not in seen][: None if vector else 1]
            if fresh:
                seen.update(fresh)
                out.append(t.Parameter(tuple(fresh), vector, kind))
        return tuple(out)

    return lists.map(made).filter(lambda p: len(p) >= least)


targets: st.SearchStrategy[t.Target] = st.one_of(
    st.builds(t.NameTarget, NAMES),
    st.builds(t.FunctionTarget, NAMES, parameters(0)),
    st.builds(t.TupleTarget, st.lists(NAMES, min_size=2, max_size=3, unique=True).map(tuple)),
)


def grown(e: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Constructs around smaller ones."""
    some = st.lists(e, min_size=1, max_size=3).map(tuple)
    bindings = st.lists(st.builds(t.Binding, targets, e), min_size=1, max_size=3).map(tuple)
    clauses = st.lists(st.builds(t.Clause, NAMES, e, st.none() | e), min_size=1, max_size=2).map(tuple)
    options = st.lists(st.tuples(NAMES, e), max_size=2).map(tuple)
    loops = st.builds(t.Comprehension, e, clauses)
    bare = st.builds(lambda b, c: t.Comprehension(b, c, True), e, clauses)
    return st.one_of(
        st.builds(t.Binary, st.sampled_from(SUMS), e, e),
        st.builds(t.Binary, st.sampled_from(SUMS), e, e),
        st.builds(lambda n, f, a: t.Binary("*", n, t.Call(f, a), True), numbers, names.filter(lambda n: n.id[0] not in "eE_b"), some),
        st.builds(lambda n, x: t.Binary("*", n, x, True), numbers, names.filter(lambda n: n.id[0] not in "eE_xb")),
        st.builds(t.Unary, st.sampled_from(["-", "+", "not"]), e),
        st.builds(lambda a, b, ops: t.Compare((a, *b), tuple(ops[: len(b)])), e, some, st.lists(st.sampled_from(["==", "!=", "<", "<=", ">", ">=", "≈"]), min_size=3, max_size=3)),
        st.builds(t.Prime, e),
        st.builds(t.Call, e, st.lists(e, max_size=2).map(tuple), options),
        st.builds(lambda f, c: t.Call(f, (c,)), e, bare),
        st.builds(t.Index, e, st.lists(st.one_of(e, st.just(t.Whole())), min_size=1, max_size=3).map(tuple)),
        st.builds(t.Range, e, st.none() | e, e),
        st.builds(t.If, e, e, e),
        st.builds(t.Let, bindings, e, st.booleans()),
        st.builds(t.Lambda, parameters(), e),
        st.builds(t.Array, st.lists(some, max_size=3).map(tuple)),
        st.builds(t.Tuple, some),
        some.flatmap(lambda parts: st.builds(t.Tuple, st.just(parts), st.lists(LABELS, min_size=len(parts), max_size=len(parts), unique=True).map(tuple))),
        loops,
    )


expressions = st.recursive(atoms, grown, max_leaves=12)
clauses = st.lists(
    st.builds(t.Option, st.sampled_from(["at", "wrt", "order", "to"]), st.lists(st.one_of(expressions, st.builds(t.Definition, st.builds(t.NameTarget, NAMES), expressions)), min_size=1, max_size=2).map(tuple)),
    max_size=2,
).map(tuple)
statements = st.one_of(
    st.builds(t.Show, expressions, st.booleans()),
    st.builds(t.Definition, targets, expressions, st.booleans()),
    st.builds(t.Command, st.sampled_from(["grad", "time", "show"]), expressions.map(lambda e: (e,)), clauses, st.booleans()),
)
programs = st.lists(statements, max_size=3).map(lambda s: t.Program(tuple(s)))
