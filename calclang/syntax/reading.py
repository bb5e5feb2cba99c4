"""Run the parser; its complaints become errors in the user's terms."""

from __future__ import annotations

from threading import Lock

from lark.exceptions import UnexpectedInput

from calclang import errors
from calclang.errors import CalcError
from calclang.source import Source, Span
from calclang.syntax import tree
from calclang.syntax.brackets import CLOSING, Marks, look_over
from calclang.syntax.depth import check_depth
from calclang.syntax.grammar import parser
from calclang.syntax.prepare import readable

_lock = Lock()  # the parser keeps the source of the parse in progress


def parse_program(source: Source, commands: frozenset[str], nesting: int, length: int) -> tree.Program:
    """The syntax tree. Raises `CalcError`."""
    if len(source.text) > length:
        raise errors.source_too_long(len(source.text), length)
    text = readable(source)
    marks = look_over(source, text, nesting)
    if marks.unclosed:
        sign, at = marks.unclosed[-1]
        raise errors.unclosed_bracket(sign, CLOSING[sign], Span(source, at, at + 1))
    layout = parser()[1]
    with _lock:
        try:
            program = _run(source, text, marks, commands, nesting)
        except UnexpectedInput as problem:
            from calclang.syntax.diagnose import diagnose

            raise diagnose(source, text, problem, layout) from None
        deepest = layout.deepest
    if deepest > nesting:
        check_depth(program, nesting)
    return program


def _run(source: Source, text: str, marks: Marks, commands: frozenset[str], nesting: int) -> tree.Program:
    lark, layout, builder = parser()
    layout.begin(source, text, marks, commands, nesting)
    builder.begin(source)
    program = lark.parse(text)
    assert isinstance(program, tree.Program)
    return program


def incomplete(text: str, commands: frozenset[str]) -> bool:
    """Whether a text fails to parse only because it stops too early, so that a prompt may ask for more lines: an open bracket, an
    operator at the end, ``if`` without ``else``. Raises nothing."""
    source = Source("", text)
    try:
        text = readable(source)
        marks = look_over(source, text, 1_000)
        if marks.unclosed:
            return True
        with _lock:
            _run(source, text, marks, commands, 1_000)
    except CalcError:
        return False
    except UnexpectedInput as problem:
        from calclang.syntax.diagnose import wants_more

        return wants_more(problem, text, parser()[1])
    return False
