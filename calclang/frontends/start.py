"""The program ``calclang``. What it consists of is imported inside, so that Ctrl-C while that lasts ends it as at any other time."""

from __future__ import annotations

import gc
import sys


def entry() -> None:
    """Run the command line of the process; its exit status is 130 after Ctrl-C."""
    gc.disable()  # what is imported stays; `run` sets when to look for what does not
    try:
        from calclang.frontends.cli import entry as run

        run()
    except KeyboardInterrupt:
        sys.exit(130)
