"""``python -m calclang``."""

from calclang.frontends.cli import entry

entry()
