"""The line editor: when Enter ends a statement, and which keys do what."""

from __future__ import annotations

import os
import re
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

from calclang.frontends.answers import Answers
from calclang.frontends.prompt.aids import collecting_often, help_along
from calclang.frontends.prompt.history import history, history_path
from calclang.frontends.prompt.log import Log
from calclang.frontends.prompt.outside import CannotEdit, edited
from calclang.frontends.prompt.paste import pasted
from calclang.frontends.prompt.plain import Plain
from calclang.frontends.prompt.signs import continuation
from calclang.session import Session

if TYPE_CHECKING:
    from prompt_toolkit import PromptSession
    from prompt_toolkit.history import History
    from prompt_toolkit.key_binding import KeyBindings
    from prompt_toolkit.output import Output

INDENT = "  "
LONGEST = 20_000  # characters: what is longer was pasted, and is read once: when it is run, where Ctrl-C stops it
OPENS = re.compile(r"(?:[(\[=]|->|\b(?:let|where|then|else))\s*$")
HALVES = re.compile("[\ud800-\udfff]")  # what bytes become that are no characters


class Prompt(Protocol):
    """What reads one input after the other."""

    def prompt(self, message: str, keep: bool = True) -> str:
        """What was typed; ``keep``: the history does. Raises EOFError where the input ends, KeyboardInterrupt after Ctrl-C."""


def make_prompt(session: Session, answers: Answers) -> Prompt:
    """The line editor of the terminal; plain lines where the terminal cannot edit."""
    plain = Plain(answers.err, unfinished)
    if os.environ.get("TERM", "").lower() in ("dumb", "unknown") and sys.platform != "win32":
        return plain
    screen = screen_of()
    return plain if screen is None else Editor(session, answers, screen)


def screen_of() -> Output | None:
    """The terminal to draw on: standard output, or standard error where the output goes elsewhere. None: there is none."""
    from prompt_toolkit.application.current import get_app_session
    from prompt_toolkit.output import create_output
    from prompt_toolkit.output.plain_text import PlainTextOutput

    output = get_app_session().output
    if sys.stdout is not None and not isinstance(output, PlainTextOutput):
        return output
    return create_output(sys.stderr) if sys.stderr is not None and sys.stderr.isatty() else None


class Editor:
    """prompt_toolkit's editor, with the settings of a session."""

    def __init__(self, session: Session, answers: Answers, screen: Output) -> None:
        from calclang.frontends.prompt.preview import Preview

        self.session, self.answers = session, answers
        self.log = Log(history_path())
        self.preview = Preview(session, answers)
        self.keep = True
        self.lines = prompt_session(history(self.log, lambda: self.keep), screen)
        help_along(self.lines, session, answers)
        self.lines.app.renderer.cpr_not_supported_callback = None  # it would print a warning
        self.lines.default_buffer.on_text_changed += partial(self.preview.follow, self.lines.app)

    def prompt(self, message: str, keep: bool = True) -> str:
        """One input, edited as the settings say now. ``keep``: in the history."""
        self.keep = keep
        self.complain()
        self.choose()
        try:
            with orderly(), collecting_often():
                return HALVES.sub("\ufffd", self.lines.prompt(message))
        finally:
            self.complain()

    def choose(self) -> None:
        """What the session's settings have to do with the keys and the screen."""
        from prompt_toolkit.auto_suggest import AutoSuggestFromHistory, ThreadedAutoSuggest
        from prompt_toolkit.cursor_shapes import ModalCursorShapeConfig
        from prompt_toolkit.enums import EditingMode

        settings, lines = self.session.settings, self.lines
        vi = settings.keys == "vi"
        lines.editing_mode = EditingMode.VI if vi else EditingMode.EMACS
        lines.cursor = ModalCursorShapeConfig() if vi else None
        lines.app.ttimeoutlen = 0.05 if vi else 0.5  # until Escape is a key of its own
        lines.auto_suggest = ThreadedAutoSuggest(AutoSuggestFromHistory()) if settings.suggest else None
        self.preview.text = ""
        lines.bottom_toolbar = (lambda: self.preview.text) if settings.preview else None

    def complain(self) -> None:
        """Say what was wrong with the history, once."""
        if self.log.complaint:
            self.answers.notice(f"calclang: {self.log.complaint}")
            self.log.complaint = ""


@contextmanager
def orderly() -> Iterator[None]:
    """Inside, a request to end is an exit, so that the terminal gets back its ways."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def prompt_session(kept: History, screen: Output) -> PromptSession[str]:
    """A prompt whose Enter begins another line where the statement is not finished."""
    from prompt_toolkit import PromptSession
    from prompt_toolkit.styles import Style

    return PromptSession(
        history=kept, key_bindings=key_bindings(), multiline=True, prompt_continuation=continuation, output=screen,
        enable_history_search=True, complete_while_typing=False, enable_suspend=True,
        style=Style([("bottom-toolbar", "noreverse dim"), ("auto-suggestion", "fg:default dim"), ("aborting", "fg:default dim"), ("exiting", "fg:default dim")]),
    )  # fmt: skip


def key_bindings() -> KeyBindings:
    """The keys that are ours; all others are those of Emacs or vi."""
    from prompt_toolkit.enums import DEFAULT_BUFFER
    from prompt_toolkit.filters import emacs_mode, has_focus, vi_navigation_mode
    from prompt_toolkit.key_binding import KeyBindings
    from prompt_toolkit.keys import Keys

    keys, here = KeyBindings(), has_focus(DEFAULT_BUFFER)
    keys.add("enter", filter=here)(enter)
    keys.add("escape", "enter", filter=here & emacs_mode)(lambda event: newline(event.current_buffer))
    keys.add("c-x", "c-e", filter=here & emacs_mode)(open_outside)
    keys.add("v", filter=here & vi_navigation_mode)(open_outside)
    keys.add(Keys.BracketedPaste, filter=here)(paste)
    return keys


def enter(event: Any) -> None:
    """Run what is complete, else begin another line."""
    buffer = event.current_buffer
    if unfinished(buffer.text):
        newline(buffer)
    else:
        buffer.validate_and_handle()


def newline(buffer: Any) -> None:
    """Break the line; the next one begins below this one, or further in where this one opens something."""
    deeper = OPENS.search(buffer.document.current_line_before_cursor)
    buffer.newline()
    if deeper:
        buffer.insert_text(INDENT)


def paste(event: Any) -> None:
    """Insert what is pasted."""
    buffer = event.current_buffer
    buffer.insert_text(pasted(event.data, first=not buffer.document.text_before_cursor))


def open_outside(event: Any) -> None:
    """Open the input in an editor, and take it back when that ends; Enter runs it then."""
    from prompt_toolkit.application import run_in_terminal

    buffer = event.current_buffer

    def edit() -> None:
        try:
            text = pasted(edited(buffer.text))
        except CannotEdit as problem:
            print(f"calclang: {problem}", file=sys.stderr)
            return
        buffer.text = text
        buffer.cursor_position = len(text)

    run_in_terminal(edit)


def unfinished(text: str) -> bool:
    """Whether Enter asks for another line: something is open, the last line is not empty, and the text is not too long to be asked."""
    from calclang.registry import WORDS
    from calclang.syntax import incomplete

    if len(text) > LONGEST or text.lstrip().startswith((":", "?")) or not text.rpartition("\n")[2].strip():
        return False
    return incomplete(text, WORDS)
