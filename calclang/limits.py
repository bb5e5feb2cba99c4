"""What a session may use: frozen numbers, two presets."""

from __future__ import annotations

from calclang.record import record


@record
class Limits:
    """One number for each thing that a program could have too much of."""

    source: int  # characters
    nesting: int  # levels of brackets
    nodes: int  # operations in a graph
    elements: int  # of one value
    work: int  # steps of one program, each about a nanosecond
    calls: int  # inside calls
    derivatives: int  # inside derivatives
    taylor_order: int
    output: int  # characters of a command's answer
    files: bool  # whether programs may read and write files


LOCAL = Limits(
    source=10_000_000, nesting=1_000, nodes=5_000_000, elements=500_000_000, work=10**15, calls=3_000, derivatives=20, taylor_order=1_000,
    output=10_000_000, files=True,
)  # fmt: skip
UNTRUSTED = Limits(
    source=10_000, nesting=100, nodes=100_000, elements=1_000_000, work=2_000_000_000, calls=100, derivatives=4, taylor_order=32,
    output=100_000, files=False,
)  # fmt: skip
