"""Random programs are the same in every run; ``pytest --hypothesis-profile=explore`` looks for new ones."""

from __future__ import annotations

import os

from hypothesis import settings

settings.register_profile("explore", derandomize=False, max_examples=2_000)
settings.register_profile("steady", derandomize=True)
settings.load_profile("steady")

# Set before NumPy is imported: the workers share the cores, and threads of BLAS would wait for each other, in SciPy even for a dozen rows.
for library in ("OPENBLAS", "OMP", "MKL"):
    os.environ.setdefault(f"{library}_NUM_THREADS", "1")
