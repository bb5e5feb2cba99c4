"""The line editor: when Enter ends a statement, and which keys do what."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from calclang.frontends.prompt.history import history

if TYPE_CHECKING:
    from prompt_toolkit import PromptSession


def make_prompt() -> PromptSession[str]:
    """A prompt whose Enter begins another line where the statement is not finished."""
    from prompt_toolkit import PromptSession
    from prompt_toolkit.key_binding import KeyBindings

    keys = KeyBindings()

    @keys.add("enter")
    def _enter(event: Any) -> None:
        buffer = event.current_buffer
        if unfinished(buffer.text):
            buffer.newline()
        else:
            buffer.validate_and_handle()

    return PromptSession(history=history(), key_bindings=keys, multiline=True, prompt_continuation="....> ")


def unfinished(text: str) -> bool:
    """Whether Enter asks for another line: something is open, and the last line is not empty."""
    from calclang.commands import words
    from calclang.syntax import incomplete

    last = text.rpartition("\n")[2]
    return bool(last.strip()) and not text.startswith(":") and incomplete(text, words())
