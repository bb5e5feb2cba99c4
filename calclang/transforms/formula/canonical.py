"""Canonical numbering of labels: colour refinement, then individualise-and-refine on ties, smallest encoding wins."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Any, TypeAlias

from calclang.transforms.formula.terms import Factor, Labels

LEAVES = 256  # tries on ties before the best so far is taken
Label: TypeAlias = Hashable
Loose: TypeAlias = tuple[Any, Any, tuple[Label, ...]]  # base, power, labels


def number(factors: Sequence[Loose], out: Sequence[Label]) -> tuple[list[Factor], dict[Label, int]]:
    """The factors in canonical order with canonical labels (outputs first), and the number of each label."""
    fixed: dict[Label, int] = {}
    for label in out:
        fixed.setdefault(label, len(fixed))
    summed = [l for l in dict.fromkeys(l for _, _, ls in factors for l in ls) if l not in fixed]
    start: dict[Label, int] = fixed | dict.fromkeys(summed, len(fixed))
    best: tuple[Any, list[Factor], dict[Label, int]] | None = None
    work, leaves = [start], 0
    while work and leaves < LEAVES:
        colours = _refine(factors, work.pop())
        tied = _tied(colours, summed)
        if tied:
            work += [_individual(colours, label) for label in reversed(tied)]
            continue
        leaves += 1
        found = _encode(factors, colours)
        if best is None or found[0] < best[0]:
            best = (*found, colours)
    assert best is not None
    return best[1], best[2]


def _refine(factors: Sequence[Loose], colours: dict[Label, int]) -> dict[Label, int]:
    """Split colours by the factors and positions in which labels stand, until nothing splits."""
    while True:
        seen: dict[Label, list[Any]] = {label: [] for label in colours}
        for base, power, labels in factors:
            around = tuple(colours[l] for l in labels)
            mark = (base.key, power, tuple(sorted(around)) if base.symmetric else around)
            for position, label in enumerate(labels):
                seen[label].append((mark, 0 if base.symmetric else position))
        signatures = {label: (colours[label], sorted(seen[label])) for label in colours}
        ranked: list[Any] = []
        for signature in sorted(signatures.values()):
            if not ranked or ranked[-1] != signature:
                ranked.append(signature)
        place = {label: ranked.index(signature) for label, signature in signatures.items()}
        if len(ranked) == len(set(colours.values())):
            return place
        colours = place


def _tied(colours: dict[Label, int], summed: Sequence[Label]) -> list[Label]:
    """The summed labels of the first colour that several have."""
    classes: dict[int, list[Label]] = {}
    for label in summed:
        classes.setdefault(colours[label], []).append(label)
    several = [c for c, members in classes.items() if len(members) > 1]
    return classes[min(several)] if several else []


def _individual(colours: dict[Label, int], label: Label) -> dict[Label, int]:
    """Colours in which ``label`` comes before the others of its colour."""
    return {l: 2 * c + (l != label and c == colours[label]) for l, c in colours.items()}


def _encode(factors: Sequence[Loose], colours: dict[Label, int]) -> tuple[Any, list[Factor]]:
    """What is compared, and the factors sorted."""
    rows: list[tuple[Any, Any, Labels, Any]] = []
    for base, power, labels in factors:
        places = tuple(colours[l] for l in labels)
        rows.append((base.key, power, tuple(sorted(places)) if base.symmetric else places, base))
    rows.sort(key=lambda r: r[:3])
    return [r[:3] for r in rows], [Factor(base, power, labels) for _, power, labels, base in rows]
