"""What a person may choose in a session: one table, which ``set``, its errors, completion and help read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from calclang.record import record


@record(frozen=False)
class Settings:
    """The choices of one session. All but ``ieee`` are about the screen; what pipes and files get follows ``digits`` alone, where they were chosen.

    >>> settings = Settings()
    >>> settings.choose("digits", 10)
    >>> settings.digits, settings.chosen
    (10, frozenset({'digits'}))
    """

    digits: int = 10
    format: str = "auto"
    chop: bool = False
    mode: str = "auto"
    ieee: bool = False
    echo: bool = True
    style: str = "full"
    theme: str = "terminal"
    timer: bool = False
    keys: str = "emacs"
    suggest: bool = False
    preview: bool = False
    chosen: frozenset[str] = frozenset()  # the names of those that somebody chose, be it as they were

    def choose(self, name: str, value: Any) -> None:
        """Change one of them. Whether the value fits is for the session to say."""
        setattr(self, name, value)
        self.chosen |= {name}


@record
class Setting:
    """What a setting does, what it may be in words, the test for that, and the values that can be listed."""

    doc: str
    says: str
    fits: Callable[[Any], bool]
    values: tuple[str, ...] = ()


def switch(doc: str) -> Setting:
    """A setting that is on or off."""
    return Setting(doc, "true or false", lambda v: isinstance(v, bool), ("true", "false"))


def choice(doc: str, *words: str) -> Setting:
    """A setting that is one of several words."""
    return Setting(doc, f"{', '.join(words[:-1])} or {words[-1]}", lambda v: v in words, words)


SWITCHES = {"true": True, "false": False, "on": True, "off": False}
SETTINGS: dict[str, Setting] = {
    "digits": Setting(
        "significant digits of numbers (after the point where the format is fixed)",
        "a whole number from 1 to 17",
        lambda v: not isinstance(v, bool) and v in range(1, 18),
    ),
    "format": choice("how numbers are written on the screen", "auto", "fixed", "scientific", "engineering"),
    "chop": switch("show 0 for entries too small to matter beside the largest one of their array"),
    "mode": choice("how derivatives are computed that do not say it", "auto", "forward", "reverse"),
    "ieee": switch("compute with nan and infinity instead of raising errors"),
    "echo": switch("say how an input was read that could be misread, at the prompt"),
    "style": choice("how answers look; plain suits screen readers", "full", "plain"),
    "theme": choice("colours: the terminal's own, nothing dimmed, or none", "terminal", "bright", "mono"),
    "timer": switch("say how long each statement took"),
    "keys": choice("keys of the prompt", "emacs", "vi"),
    "suggest": switch("show, dimmed, how the last input that began so went on, at the prompt"),
    "preview": switch("show the value of what is being typed below it, at the prompt"),
}


def from_word(word: str) -> Any:
    """The value that a word writes: ``true`` (or ``on``), ``4``, ``fixed``."""
    if word in SWITCHES:
        return SWITCHES[word]
    try:
        return float(word)
    except ValueError:
        return word


def word_of(value: Any) -> str:
    """A value as it is written: ``true``, ``4``, ``fixed``."""
    return str(value).lower()
