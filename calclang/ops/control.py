"""Choices and loops as nodes with sub-graphs.

A body is a closed graph: what it uses of the world outside are inputs of the node. So nothing needs to look inside but the rules of these
two rows (``transforms/loops.py``, ``transforms/choices.py``) and the backend that runs them, which fills `RUN`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from calclang.ir.dim import Shape, product
from calclang.ir.node import Node
from calclang.ops.base import Row, register
from calclang.record import record

RUN: dict[str, Callable[..., Any]] = {}  # how the backend runs a row: (namespace, arrays, its record)


@record
class Body:
    """A closed graph: ``outputs`` of ``inputs``."""

    inputs: tuple[Node, ...]
    outputs: tuple[Node, ...]


def _row(name: str, shape: Callable[..., Shape], doc: str) -> Row:
    """A row whose last parameter is the record of what it runs."""

    def run(xp: Any, *given: Any) -> Any:
        return RUN[name](xp, given[:-1], given[-1])

    return register(Row(name=name, kind="control", arity=None, eval=run, shape=shape, reliable=False, hidden=True, doc=doc))


# ---- choose: if … then … else … for one element or for many -------------------------------------------


@record
class Choice:
    """``if mask then … else …``, for every element of the mask.

    ``then`` and ``otherwise`` are bodies for one element, with the same inputs. ``places``: for each input the number of axes before
    those of the mask, where it has one value per element; None where all elements share it. ``out``: the same of the result; None
    where the results of all elements are added.
    """

    then: Body
    otherwise: Body
    places: tuple[int | None, ...]
    out: int | None


def _choose_shape(inputs: tuple[Node, ...], params: tuple[Any, ...]) -> Shape:
    choice: Choice = params[0]
    shape = choice.then.outputs[0].shape
    return shape if choice.out is None else shape[: choice.out] + inputs[0].shape + shape[choice.out :]


choose = _row("choose", _choose_shape, "Of two bodies the one that a mask says, element by element; each sees only the elements that chose it.")


# ---- loop: fold, scan, iterate --------------------------------------------------------------------------


@record
class Loop:
    """``turns`` turns of a body.

    Inputs of the body: the carries, one element of each sequence, what stays the same. Outputs: the new carries, then what is kept of
    every turn. ``backwards``: from the last element to the first. The value of the node is one vector: the last carries, then all
    that was kept (first turn first), each flattened: `parts` gives them.
    """

    body: Body
    turns: int
    carries: int
    sequences: int
    backwards: bool = False

    @property
    def groups(self) -> tuple[range, range, range]:
        """The places of the inputs: of the carries, of the sequences, of what stays the same."""
        rows = self.carries + self.sequences
        return range(self.carries), range(self.carries, rows), range(rows, len(self.body.inputs))

    @property
    def shapes(self) -> tuple[Shape, ...]:
        """The shapes of the last carries, and of what was kept."""
        outs = self.body.outputs
        return tuple(o.shape for o in outs[: self.carries]) + tuple((self.turns, *o.shape) for o in outs[self.carries :])


def _loop_shape(inputs: tuple[Node, ...], params: tuple[Any, ...]) -> Shape:
    return (sum((product(s) for s in params[0].shapes), start=0),)


loop = _row("loop", _loop_shape, "A body run again and again on its own result.")


# ---- turns: how often a loop turns until a condition holds ----------------------------------------------


@record
class Until:
    """Outputs of the body: whether to stop before this turn, then the new carries. Never more than ``most`` turns (then ``most + 1``).

    ``moved``: which inputs have a first axis with an element of each of many loops; the value then has one, too.
    """

    body: Body
    carries: int
    most: int
    moved: tuple[bool, ...] = ()


def _turns_shape(inputs: tuple[Node, ...], params: tuple[Any, ...]) -> Shape:
    return next((i.shape[:1] for i, moved in zip(inputs, params[0].moved, strict=False) if moved), ())


turns = _row("turns", _turns_shape, "How many turns a loop takes until its condition holds. It has no derivative.")

__all__ = ["RUN", "Body", "Choice", "Loop", "Until", "choose", "loop", "turns"]
