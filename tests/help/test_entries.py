"""Every name, sign, setting and code of the program has its help, and every line of help its name; all examples run."""

from __future__ import annotations

import re

import pytest

from calclang import Session
from calclang.commands.spoken import RUN
from calclang.help import about, codes, examples, find, rules, signature
from calclang.help.notes import calculus, elementary, words
from calclang.help.notes.codes import CODES
from calclang.help.notes.commands import CLAUSES, COMMANDS, SETTINGS
from calclang.help.notes.note import Note
from calclang.help.notes.topics import ALIASES, TOPICS
from calclang.lower import library
from calclang.lower.lowered import Builtin
from calclang.lower.spoken import SPOKEN
from calclang.registry import table as commands
from calclang.settings import SETTINGS as TABLE
from calclang.syntax.build import SPELLINGS
from calclang.syntax.grammar import grammar_text

SESSION = Session()
BUILTINS = {n: b for n in library.names() if isinstance(b := library.find(n), Builtin)}
TABLES: dict[str, dict[str, Note]] = {
    "functions": find.FUNCTIONS, "constants": elementary.CONSTANTS, "spoken": calculus.SPOKEN, "commands": COMMANDS, "clauses": CLAUSES,
    "settings": SETTINGS, "keywords": words.KEYWORDS, "operators": words.OPERATORS,
}  # fmt: skip
NOTES = [(table, name) for table, notes in TABLES.items() for name in notes]
# What the terminals of the grammar are called in help; words of the language are terminals of their own.
SIGNS = {
    "PIPE": "|>", "ARROW": "->", "EQUAL": "=", "COMPARE": "== != < <= > >= ≈", "_DOTS": "..", "PLUS": "+", "MINUS": "-", "DOTPLUS": ".+", "DOTMINUS": ".-",
    "STAR": "*", "CROSS": "*", "SLASH": "/", "BACKSLASH": "\\", "AT": "@", "DOTSTAR": ".*", "DOTSLASH": "./", "POW": "^", "DOTPOW": ".^", "PRIME": "'",
    "NABLA": "∇", "CALL_PAR": "()", "INDEX_SQB": "[]", "HEAD_PAR": "()", "NAMES_PAR": "()", "SEMI": ";", "COMMENT": "#", "STRING": '"', "SUPERSCRIPT": "^",
    "NUMBER": "numbers", "NUMBERS": "numbers", "NAME": "=", "HELP": "help", "_NL": ";", "BLANK": "operators",
}  # fmt: skip
# These need no rule: they make arrays, count, say what is true, or are operators on functions themselves.
WITHOUT_RULE = {
    "zeros", "ones", "eye", "rand", "randn", "size", "length", "all", "any", "read", *(n for n, b in BUILTINS.items() if b.group == "derivatives"),
} - {"stop_gradient"}  # fmt: skip


def test_nothing_is_missing_or_stale() -> None:
    assert set(find.FUNCTIONS) == set(BUILTINS)
    assert set(elementary.CONSTANTS) == set(library.CONSTANTS)
    assert set(calculus.SPOKEN) == set(SPOKEN) == set(RUN)
    assert set(COMMANDS) == set(commands())
    clauses = {c for record in commands().values() for c in record.clauses} | {o for b in BUILTINS.values() for o in b.options}
    assert set(CLAUSES) == clauses
    assert set(SETTINGS) == set(TABLE)


def test_every_word_and_sign_of_the_grammar() -> None:
    terminals = re.findall(r"^([A-Z_]+)(?:\.-?\d+)?: ", grammar_text(), re.M)
    keywords = {t.lower() for t in terminals} & set(words.KEYWORDS)
    assert {t for t in terminals if t.lower() not in keywords} == set(SIGNS)
    assert keywords == set(words.KEYWORDS) - {"R", "symmetric", "diagonal", "row", "ans", "args"}
    known = set(words.OPERATORS) | set(TOPICS) | set(commands())
    assert {sign for signs in SIGNS.values() for sign in signs.split()} <= known
    for sign in {*SPELLINGS, *SPELLINGS.values()} - {".−"}:  # the dotted form of another spelling
        assert find.parts(SESSION, sign, 80), sign


def test_every_code() -> None:
    assert set(CODES) == set(codes.kinds())


WITH_PROGRAMS = [code for code, kinds in codes.kinds().items() if any(program for _, _, program in kinds)]


@pytest.mark.parametrize("code", WITH_PROGRAMS)
def test_a_code_that_programs_cause_shows_some(code: str) -> None:
    assert CODES[code].first
    assert set(CODES[code].first) <= {kind for kind, _, _ in codes.kinds()[code]}


@pytest.mark.parametrize("code", sorted(set(CODES) - set(WITH_PROGRAMS)))
def test_a_code_that_no_program_causes_shows_none(code: str) -> None:
    assert not CODES[code].first


@pytest.mark.parametrize("code", CODES)
def test_programs_of_a_code_cause_it(code: str) -> None:
    text = about(SESSION, code)
    assert text.count(f"[{code}]") == min(codes.SHOWN, len(CODES[code].first))
    assert about(SESSION, code.lower()) == text


SEEN = sorted({other for table, name in NOTES for other in TABLES[table][name].see})


@pytest.mark.parametrize("name", [name for name in SEEN if name not in ALIASES])
def test_see_also_leads_somewhere(name: str) -> None:
    assert find.parts(SESSION, name, 80)


def test_other_names_of_topics() -> None:
    """They lead to a topic, or to the list of all."""
    assert set(ALIASES.values()) <= {*TOPICS, ""}


SHARING = {"settings", "clauses"}  # their names may also be those of functions or commands, to which they lead


@pytest.mark.parametrize(("table", "name"), [note for note in NOTES if note[0] not in SHARING])
def test_see_also_leads_elsewhere(table: str, name: str) -> None:
    assert name not in TABLES[table][name].see


def programs(table: str, name: str) -> tuple[str, ...]:
    """The examples of a name: those of its note and the one of its record."""
    record = BUILTINS.get(name) if table == "functions" else commands().get(name) if table == "commands" else None
    return TABLES[table][name].examples + ((record.example,) if record is not None else ())


PROGRAMS = [(name, program) for table, name in NOTES if name not in examples.NOT_RUN for program in programs(table, name)]
# These say nothing where all is well.
SILENT = [(name, program) for name, program in PROGRAMS if name in ("assert", "assert_close", "set") or program.endswith(";")]


@pytest.mark.parametrize(("table", "name"), [note for note in NOTES if note[0] in ("functions", "operators", "commands")])
def test_what_is_used_has_an_example(table: str, name: str) -> None:
    assert programs(table, name)


@pytest.mark.parametrize(("name", "program"), PROGRAMS)
def test_examples_run(name: str, program: str) -> None:
    results = Session().run(program)  # raises where an example is wrong
    assert not [w for r in results for w in r.warnings]
    assert any(r.shown for r in results) == ((name, program) not in SILENT)


@pytest.mark.parametrize("topic", TOPICS)
def test_topics(topic: str) -> None:
    for name in TOPICS[topic].names:
        assert find.parts(SESSION, name, 80), name
        assert find.sentence(name), name
    for program in TOPICS[topic].examples:
        assert Session().run(program)


def test_every_function_belongs_to_a_topic() -> None:
    listed = {name for topic in TOPICS.values() for name in topic.names}
    assert set(BUILTINS) | set(words.KEYWORDS) - {"ans"} | set(words.OPERATORS) | set(COMMANDS) | set(CLAUSES) <= listed | {"flatten", "seed"}


# ---- derivative rules ------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(set(BUILTINS) - WITHOUT_RULE))
def test_rule(name: str) -> None:
    """Every function of numbers says how it is differentiated, with a formula where the rule is a program."""
    block = rules.block(SESSION, BUILTINS[name], find.FUNCTIONS[name])
    assert block.text or block.lines


SAMPLES = {"A": "[2, 1; 0.5, 3]", "B": "[1, 2; 4, 1]", "x": "[1.5, 0.7, 2.5]", "y": "[0.2, -1, 3]", "b": "[1, 2]"}
CHANGES = {"A": "[0.3, -1; 2, 0.1]", "B": "[1, 0; -0.5, 2]", "x": "[0.1, -2, 0.3]", "y": "[1, 0.5, -0.25]", "b": "[-1, 0.4]"}


@pytest.mark.parametrize("name", [n for n, note in find.FUNCTIONS.items() if rules.DIFFERENTIAL.fullmatch(note.rule)])
def test_differentials(name: str) -> None:
    """A differential in words is the one that the program computes."""
    note = find.FUNCTIONS[name]
    found = rules.DIFFERENTIAL.fullmatch(note.rule)
    assert found is not None
    names = rules.parameters(note, BUILTINS[name])
    assert found.group(1) == ", ".join(f"d{n}" for n in names)
    session = Session()
    for n in names:
        session.run(f"{n} = {SAMPLES[n]}; d{n} = {CHANGES[n]}")
    moved = ", ".join(f"{n} + t*d{n}" for n in names)
    session.run(f"assert_close({found.group(2)}, derivative(t -> {name}({moved}))(0), 1e-12)")


@pytest.mark.parametrize("name", [n for n, note in find.FUNCTIONS.items() if note.rule == "linear"])
def test_linear_rules(name: str) -> None:
    """What is called linear is."""
    square = name in ("diag", "vec", "transpose", "stack")
    more = {"reshape": ", 3, 1", "stack": ", 3*z"}.get(name, "")
    form = f"{name}({'{}'}{more})"
    x, dx = (SAMPLES["A"], CHANGES["A"]) if square else (SAMPLES["x"], CHANGES["x"])
    at = f"({form.format('x + t*dx').replace('z', '(x + t*dx)')})"
    session = Session()
    session.run(f"x = {x}; dx = {dx}; assert_close(derivative(t -> {at})(0), {form.format('dx').replace('z', 'dx')}, 1e-13)")


def test_formula_in_words() -> None:
    assert Session().eval("x = 1.3; abs(sinc'(x) - (cos(x) - sinc(x))/x) < 1e-14")
    assert find.FUNCTIONS["sinc"].rule == "derivative x -> (cos(x) - sinc(x))/x"


# ---- signatures ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [*BUILTINS, *library.CONSTANTS, *commands(), *CLAUSES, *SETTINGS, *words.KEYWORDS])
def test_signature(name: str) -> None:
    text = signature(name)
    assert text is not None and "\n" not in text and len(text) < 90


def test_signatures() -> None:
    assert signature("dot") == "dot(x: R^n, y: R^n) → R"
    assert signature("sin") == "sin(x: R) → R"
    assert signature("pi") == "pi = 3.141592654"
    assert signature("nosuch") is None


@pytest.mark.parametrize(("table", "name"), NOTES)
def test_pages_fit(table: str, name: str) -> None:
    """Text, usage and tables keep within the width; screens of programs are as they are."""
    parts = find.parts(SESSION, name, 60)
    assert parts
    text = about(SESSION, name, 60)
    screens = {"  " + line for part in parts for block in part.blocks for line in block.screen}
    assert all(len(line) <= 60 or line in screens for line in text.splitlines())
