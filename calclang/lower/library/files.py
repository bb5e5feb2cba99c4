"""Data from files."""

from __future__ import annotations

from calclang import errors
from calclang.lower.library.given import Given, builtin
from calclang.lower.lowered import Low, Str, words


@builtin('read("file.csv")', "The numbers in a file: CSV or TSV (a header names the columns of a tuple), .npy, .npz; \"-\" is standard input.", 'read("examples/data/misra1a.csv")["y"][1]', least=1, group="files")  # fmt: skip
def read(given: Given) -> Low:
    name = given.arguments[0]
    if not isinstance(name, Str):
        raise errors.argument_kind("read", 0, "the name of a file in double quotes", words(name), given.span).about(name)
    if given.lowering.read is None:
        raise errors.no_files("read", given.span)
    return given.lowering.read(name.value, given.span)
