"""The order and the kernels of contractions, against one dense einsum."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from calclang.backends.python.products import plan
from calclang.ir.contract import canonical

SIZES = {0: 2, 1: 3, 2: 4, 3: 2}


@st.composite
def specs(draw: Any) -> Any:
    """Up to four factors over four labels; outputs may repeat (a delta) or be carried by no factor (ones)."""
    labels = draw(st.lists(st.lists(st.integers(0, 3), max_size=3), min_size=1, max_size=4))
    out = draw(st.lists(st.integers(0, 3), max_size=3))
    summed = draw(st.lists(st.integers(0, 3), max_size=1))
    carried = {l for ls in labels for l in ls} | set(out)
    return labels, out, [s for s in summed if s not in carried], draw(st.sampled_from([1.0, -1.0, 2.5]))


@settings(max_examples=300, deadline=None)
@given(specs(), st.integers(0, 2**32 - 1))
def test_plan(spec: Any, seed: int) -> None:
    labels, out, lost, coef = spec
    rng = np.random.default_rng(seed)
    arrays = [rng.normal(size=[SIZES[l] for l in ls]) for ls in labels]
    made = canonical(labels, out, SIZES, lost, coef)
    found = plan(made, [a.shape for a in arrays])(*arrays)
    dense = np.zeros([SIZES[l] for l in out])
    full = list(dict.fromkeys(l for ls in [*labels, out, lost] for l in ls))
    grids = np.ix_(*(range(SIZES[l]) for l in full)) if full else ()
    terms: Any = coef
    for a, ls in zip(arrays, labels, strict=True):
        terms = terms * (a[tuple(grids[full.index(l)] for l in ls)] if ls else a)
    terms = np.broadcast_to(terms, [SIZES[l] for l in full])
    if not out:
        assert np.allclose(found, terms.sum())
        return
    np.add.at(dense, tuple(np.broadcast_to(grids[full.index(l)], terms.shape) for l in out), terms)
    assert np.allclose(found, dense)
