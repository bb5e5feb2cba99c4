"""``python -m calclang``."""

from calclang.frontends.start import entry

entry()
