"""Run the parser; its complaints become errors in the user's terms."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from threading import Lock

from lark import Lark
from lark.exceptions import UnexpectedInput

from calclang import errors
from calclang.errors import CalcError
from calclang.source import Source, Span
from calclang.syntax import tree
from calclang.syntax.brackets import CLOSING, Marks, look_over
from calclang.syntax.depth import check_depth
from calclang.syntax.grammar import parser
from calclang.syntax.layout import Layout
from calclang.syntax.prepare import readable

NOTHING, UNMARKED = Source("", ""), Marks(frozenset(), {}, frozenset(), ())
_lock = Lock()  # there is one parser, and it keeps the source of the parse in progress


def parse_program(source: Source, commands: Collection[str], nesting: int, length: int) -> tree.Program:
    """The syntax tree. Raises `CalcError`."""
    if len(source.text) > length:
        raise errors.source_too_long(len(source.text), length)
    text = readable(source)
    marks = look_over(source, text, nesting)
    if marks.unclosed:
        sign, at = marks.unclosed[-1]
        raise errors.unclosed_bracket(sign, CLOSING[sign], Span(source, at, at + 1))
    with _reading(source, text, marks, commands, nesting) as (lark, layout):
        try:
            program = lark.parse(text)
        except UnexpectedInput as problem:
            from calclang.syntax.diagnose import diagnose

            raise diagnose(source, text, problem, layout) from None
        deepest = layout.deepest
    assert isinstance(program, tree.Program)
    if deepest > nesting:
        check_depth(program, nesting)
    return program


@contextmanager
def _reading(source: Source, text: str, marks: Marks, commands: Collection[str], nesting: int) -> Iterator[tuple[Lark, Layout]]:
    """The parser, for one text alone. It forgets the text: other people's programs are read with it, too."""
    with _lock:
        lark, layout, builder = parser()
        layout.begin(source, text, marks, commands, nesting)
        builder.begin(source)
        try:
            yield lark, layout
        finally:
            layout.begin(NOTHING, "", UNMARKED, frozenset(), nesting)
            builder.begin(NOTHING)


def incomplete(text: str, commands: Collection[str]) -> bool:
    """Whether a text fails to parse only because it stops too early, so that a prompt may ask for more lines: an open bracket, an
    operator at the end, ``if`` without ``else``. Raises nothing."""
    source = Source("", text)
    try:
        text = readable(source)
        marks = look_over(source, text, 1_000)
        if marks.unclosed:
            return True
        with _reading(source, text, marks, commands, 1_000) as (lark, layout):
            try:
                lark.parse(text)
            except UnexpectedInput as problem:
                from calclang.syntax.diagnose import wants_more

                return wants_more(problem, text, layout)
    except CalcError:
        pass
    return False
