"""Random programs are the same in every run; ``pytest --hypothesis-profile=explore`` looks for new ones."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("explore", derandomize=False, max_examples=2_000)
settings.register_profile("steady", derandomize=True)
settings.load_profile("steady")
