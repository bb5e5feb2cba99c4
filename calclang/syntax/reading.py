"""Run the parser; its complaints become errors in the user's terms."""

from __future__ import annotations

from threading import Lock

from lark.exceptions import UnexpectedInput, VisitError

from calclang import errors
from calclang.errors import CalcError
from calclang.source import Source, Span
from calclang.syntax import tree
from calclang.syntax.diagnose import diagnose
from calclang.syntax.grammar import parser
from calclang.syntax.prepare import readable

_lock = Lock()  # the parser keeps the source of the parse in progress


def parse_program(source: Source, commands: frozenset[str], nesting: int, length: int) -> tree.Program:
    """The syntax tree. Raises `CalcError`."""
    if len(source.text) > length:
        raise errors.source_too_long(len(source.text), length)
    text = readable(source)
    lark, layout, builder = parser(commands)
    with _lock:
        layout.begin(Source(source.name, text), nesting)
        layout.source = source
        builder.begin(source)
        try:
            program = builder.transform(lark.parse(text))
        except UnexpectedInput as problem:
            raise diagnose(source, text, problem) from None
        except VisitError as problem:
            if isinstance(problem.orig_exc, CalcError):
                raise problem.orig_exc from None
            raise
    assert isinstance(program, tree.Program)
    return program


__all__ = ["Span", "parse_program"]
