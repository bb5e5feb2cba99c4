"""``:undo``, ``:undef``, ``:reset``: what the session keeps."""

from __future__ import annotations

from calclang import errors
from calclang.display.clean import clean
from calclang.frontends.prompt.colon import colon
from calclang.frontends.prompt.results import Results
from calclang.frontends.prompt.talk import Talk, first_line
from calclang.lower import library


@colon(":undo", ":undo", "take back the last input that changed definitions or settings; again for the one before")
def undo(talk: Talk, text: str) -> None:
    if not talk.levels:
        raise errors.nothing_yet("there is nothing to take back")
    state = talk.levels.pop()
    talk.back(state)
    talk.say(f"took back  {first_line(state.typed)}")


@colon(":undef", ":undef NAME …", "forget definitions", "name")
def undefine(talk: Talk, text: str) -> None:
    names = text.replace(",", " ").split()
    for name in names:
        if name not in talk.session.definitions:
            raise errors.not_yours(clean(name), list(talk.session.definitions), library.find(name) is not None)
    for name in dict.fromkeys(names):
        talk.session.undefine(name)
    talk.kept.append(f"# :undef {' '.join(names)}")
    again = [name for name in names if library.find(name) is not None]
    talk.say(f"forgotten{': ' + ', '.join(again) + ' is the built-in again' if again else ''}")


@colon(":reset", ":reset", "forget all definitions and results, as at the start; settings stay")
def reset(talk: Talk, text: str) -> None:
    count = len(talk.names())
    talk.session.reset()
    talk.session.definitions.update(talk.first.definitions)
    talk.session.loaded.clear()
    talk.kept = [text for text in talk.kept if text.startswith("set ")]
    talk.results = Results(talk.session)
    talk.say(f"forgot {count} {'name' if count == 1 else 'names'}; :undo brings {'it' if count == 1 else 'them'} back" if count else "there was nothing to forget")
