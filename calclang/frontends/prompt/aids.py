"""What helps while an input is typed: colours, brackets that match, completion on Tab."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from calclang.frontends.answers import Answers
from calclang.frontends.prompt.highlight import highlighter, style
from calclang.session import Session

if TYPE_CHECKING:
    from prompt_toolkit import PromptSession
    from prompt_toolkit.completion import Completer
    from prompt_toolkit.document import Document
    from prompt_toolkit.key_binding import KeyBindings


def help_along(lines: PromptSession[str], session: Session, answers: Answers) -> None:
    """Give a prompt its colours and its completion."""
    from prompt_toolkit.filters import Condition
    from prompt_toolkit.key_binding import merge_key_bindings
    from prompt_toolkit.layout.processors import ConditionalProcessor, HighlightMatchingBracketProcessor
    from prompt_toolkit.styles import merge_styles

    def colored() -> bool:
        return answers.color and session.settings.theme != "mono" and session.settings.style != "plain"

    lines.lexer = highlighter(session, colored)
    lines.input_processors = [ConditionalProcessor(HighlightMatchingBracketProcessor(chars="[](){}"), Condition(colored))]
    lines.style = merge_styles([given for given in (lines.style, style()) if given])
    lines.completer = completer(session)
    lines.key_bindings = merge_key_bindings([given for given in (lines.key_bindings, keys()) if given])


@contextmanager
def collecting_often() -> Iterator[None]:
    """Python's collector looks at few objects at a time: a keystroke makes thousands, and long pauses would be felt."""
    threshold = gc.get_threshold()
    gc.set_threshold(5_000, 20, 20)
    try:
        yield
    finally:
        gc.set_threshold(*threshold)


def completer(session: Session) -> Completer:
    """What prompt_toolkit asks. The tables are read when Tab is first pressed."""
    from prompt_toolkit.completion import Completer, Completion

    class Offers(Completer):
        def get_completions(self, document: Document, event: Any) -> Iterator[Completion]:
            from calclang.frontends.prompt.completion import complete

            for word, offer in complete(session, document.text_before_cursor, document.text_after_cursor):
                yield Completion(offer.text, -len(word), offer.label, offer.meta)

    return Offers()


def keys() -> KeyBindings:
    """Tab, and what Enter and Escape do while the menu is open."""
    from prompt_toolkit.enums import DEFAULT_BUFFER
    from prompt_toolkit.filters import completion_is_selected, emacs_insert_mode, has_completions, has_focus, vi_insert_mode
    from prompt_toolkit.key_binding import KeyBindings

    bindings, here = KeyBindings(), has_focus(DEFAULT_BUFFER)
    bindings.add("tab", filter=here & (emacs_insert_mode | vi_insert_mode))(tab)
    bindings.add("enter", filter=here & completion_is_selected)(accept)
    bindings.add("escape", filter=here & has_completions, eager=True)(lambda event: event.current_buffer.cancel_completion())
    return bindings


def accept(event: Any) -> None:
    """Keep what is chosen in the menu."""
    event.current_buffer.complete_state = None


def tab(event: Any) -> None:
    """Go on in the menu; insert the one completion, or what all have in common and show them; indent where nothing is typed yet."""
    from prompt_toolkit.completion import CompleteEvent

    buffer = event.current_buffer
    document = buffer.document
    if buffer.complete_state is not None:
        buffer.complete_next()
    elif document.on_first_line or document.current_line_before_cursor.strip():
        offer(buffer, list(buffer.completer.get_completions(document, CompleteEvent(completion_requested=True))))
    else:
        from calclang.frontends.prompt.editor import INDENT

        buffer.insert_text(INDENT)


def offer(buffer: Any, found: list[Any]) -> None:
    """Insert what is sure, and show the rest in the menu."""
    from prompt_toolkit.buffer import CompletionState
    from prompt_toolkit.completion import get_common_complete_suffix

    if len(found) == 1:
        buffer.apply_completion(found[0])
    elif found:
        common = get_common_complete_suffix(buffer.document, found)
        buffer.insert_text(common)
        buffer.complete_state = CompletionState(buffer.document, [c.new_completion_from_position(len(common)) for c in found])
