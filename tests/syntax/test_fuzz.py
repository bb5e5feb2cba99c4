"""Whatever is typed is read or refused in the user's terms; what is read can be written and read again."""

from __future__ import annotations

from hypothesis import example, given, settings
from hypothesis import strategies as st

from calclang.errors import CalcError
from calclang.source import Source
from calclang.syntax import format_program, incomplete, parse
from tests.syntax.test_reading import COMMANDS

PIECES = (
    "x y f grad at time set 1 2.5 1e 0x1 .. ... . , ; : ( ) [ ] + - * / \\ @ ^ ** .* ./ .^ |> | -> → = == < >= ≈ ' ² ₁ ∇ · × let in where if then else for and or not true "
    'end R R^n " "a" # \n \t é а λ π { } ! & $ % ? ~ \x00 \u202e −'
).split(" ")
texts = st.lists(st.tuples(st.sampled_from(PIECES), st.sampled_from(["", " ", " "])), max_size=14).map(lambda t: "".join(a + b for a, b in t))


@given(st.one_of(texts, st.text(max_size=20)))
@settings(max_examples=600, deadline=None)
@example("f(x) = let")
@example("(x, y) -> ")
def test_anything(text: str) -> None:
    incomplete(text, COMMANDS)
    try:
        program = parse(Source("test", text), COMMANDS)
    except CalcError as error:
        assert error.code in ("E-SYNTAX", "E-OVERFLOW")
        assert (error.message + error.diagnostic.help).isprintable()
        assert error.diagnostic.labels
        for label in error.diagnostic.labels:
            assert 0 <= label.span.start < label.span.stop <= max(len(text), 1)
        return
    assert parse(Source("test", format_program(program)), COMMANDS) == program
