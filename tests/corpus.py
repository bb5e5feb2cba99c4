"""The corpus of inputs that must never hurt: its macros, and what each line expects."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from pathlib import Path

FILE = Path(__file__).parent / "data" / "bad-inputs.txt"


@dataclass(frozen=True)
class Case:
    number: int
    data: bytes
    group: str
    expectation: str

    @property
    def codes(self) -> tuple[str, ...]:
        """The error and warning codes that the expectation names."""
        return tuple(re.findall(r"\b[EW]-[A-Z]+(?:-[A-Z]+)?", self.expectation))


def expand(text: str) -> bytes:
    """A line of the corpus as the bytes it stands for."""
    out = b""
    for part in re.split(r"(<<.*?>>)", text):
        macro = re.fullmatch(r"<<(\w\+?\w*)\s*(.*?)>>", part, re.S)
        out += part.encode() if macro is None else _macro(macro.group(1), macro.group(2))
    return out


def _macro(name: str, rest: str) -> bytes:
    if name.startswith("U+"):
        return chr(int(name[2:], 16)).encode("utf-8", "surrogatepass")
    plain = {"EMPTY": b"", "NL": b"\n", "CRLF": b"\r\n", "TAB": b"\t"}
    if name in plain:
        return plain[name]
    if name == "HEX":
        return bytes.fromhex(rest)
    count, text = re.fullmatch(r"(\d+)\s+(\".*\")", rest, re.S).groups()  # type: ignore[union-attr]
    body = str(ast.literal_eval(text))
    if name == "REP":
        return (body * int(count)).encode()
    assert name == "CHAIN"
    return "".join(body.replace("{n}", str(n)).replace("{m}", str(n - 1)) for n in range(1, int(count) + 1)).encode()


def cases() -> list[Case]:
    found = []
    for number, line in enumerate(FILE.read_text(encoding="utf-8").splitlines(), 1):
        if number <= 8 and line.startswith("#") and "\t" not in line:
            continue
        text, _, expectation = line.partition("\t")
        group = re.match(r"\[([\w-]+)\]", expectation)
        if group is not None:
            found.append(Case(number, expand(text), group.group(1), expectation))
    return found
