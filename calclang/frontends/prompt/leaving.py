"""``:quit``."""

from __future__ import annotations

from calclang.frontends.prompt.colon import colon
from calclang.frontends.prompt.talk import Talk


@colon(":quit", ":quit", "leave; Ctrl-D does so too")
def leave(talk: Talk, text: str) -> None:
    raise EOFError
