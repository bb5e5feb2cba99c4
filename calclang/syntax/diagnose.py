"""A parse that failed → one error in the user's terms. The parser's own words never leave this file.

`RULES` are asked in turn; each knows one kind of mistake. `HABITS`, `FOREIGN` and `WORDS` are what other languages write.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from lark.exceptions import UnexpectedInput

from calclang import errors
from calclang.errors import CalcError
from calclang.source import Source, Span
from calclang.syntax.case import CLOSERS, OPERANDS, SIGNS, Case, case_of
from calclang.syntax.foreign import FOREIGN, START, WORDS
from calclang.syntax.habits import CONSTANTS, FUNCTIONS, OPERATORS, habit_of
from calclang.syntax.layout import KEYWORDS, OPENING, PARAMETERS, UNFINISHED, Layout
from calclang.syntax.prepare import describe
from calclang.syntax.terms import operand_at, operand_before


def diagnose(source: Source, text: str, problem: UnexpectedInput, layout: Layout) -> CalcError:
    """The error for a failed parse."""
    case = case_of(source, text, problem, layout)
    for rule in RULES:
        if (error := rule(case)) is not None:
            return error
    before = str(case.before).strip() if case.start and case.previous in SIGNS | {"PLUS", "MINUS"} else ""
    return errors.unexpected(errors.shorten(case.word.strip(), 30), before, case.span())


def wants_more(problem: UnexpectedInput, text: str, layout: Layout) -> bool:
    """Whether a parse failed only because the text stops too early."""
    case = case_of(Source("", text), text, problem, layout)
    if case.kind == "DEFLET":  # inside an expression, and its `in` is still to come
        return True
    if case.kind == "COMMA":  # a `let` whose `in` is still to come looks like a definition
        return re.search(r"\blet\b", text[: case.at]) is not None and re.search(r"\bin\b", text[case.at :]) is None
    return case.at >= len(text.rstrip()) and (case.previous in UNFINISHED or not case.expects.isdisjoint({"THEN", "ELSE", "IN"}))


# ---- what other languages write ---------------------------------------------------------------------------


def habit(c: Case) -> CalcError | None:
    """Statements that other languages, or a blackboard, would understand."""
    start, stop = c.statement
    if stop - start > LONGEST_STATEMENT or (found := habit_of(c.text[start : c.at], c.text[c.at : stop])) is None:
        return None
    place = c.span() if found.place is None else c.span(*(start + k for k in found.place))
    return errors.foreign_syntax(found.message, found.help, place)


def foreign(c: Case) -> CalcError | None:
    """Signs of other languages."""
    joined = c.before.start_pos if c.before is not None and c.before.end_pos == c.at else None
    for where, pattern, message, help in FOREIGN:
        if where and (where == START) != c.start:
            continue
        for place in (c.at, joined):
            if place is not None and (match := re.compile(pattern).match(c.text, place, place + 200)) and match.end() > c.at:
                return errors.foreign_syntax(message, help, c.span(place, min(match.end(), place + 3)))
    return None


def foreign_word(c: Case) -> CalcError | None:
    """Words of other languages, beside another value or before a colon."""
    for word, span in ((c.before, c.span_before()), (c.word, c.span())):
        if word is not None and str(word) in WORDS and (c.kind in OPERANDS or c.kind == "COLON"):
            return errors.foreign_syntax(*WORDS[str(word)], span)
    return None


# ---- rules, asked in this order -----------------------------------------------------------------------------


def thousands(c: Case) -> CalcError | None:
    if c.kind == "COMMA" and re.match(r",[0-9]{3}(?![0-9])", c.text[c.at : c.at + 5]) and c.previous == "NUMBER":
        return errors.thousands(f"{c.before},{c.text[c.at + 1 : c.at + 4]}", c.span_before().to(c.span(stop=c.at + 4)))
    return None


def keyword_as_name(c: Case) -> CalcError | None:
    """``let if = 2``, ``if = 2``."""
    if c.kind in KEYWORDS and "NAME" in c.expects and not c.start:
        return errors.keyword_here(c.word, c.span())
    if c.kind == "EQUAL" and c.previous in KEYWORDS - {"DEFLET", "LET"} and c.before is not None:
        return errors.keyword_here(str(c.before), c.span_before())
    return None


def digit_first(c: Case) -> CalcError | None:
    """``let 3x = 1``, ``3x = 1``."""
    if "NAME" in c.expects and not c.start and (match := re.compile(r"[0-9]\w*[^\W\d]").match(c.text, c.at)):
        return errors.digit_first(c.span(stop=match.end()))
    if c.kind == "EQUAL" and (match := re.search(r"(?:^|[\n;])[ \t]*([0-9]\w*)[ \t]*$", c.text[max(0, c.at - 300) : c.at])):
        return errors.digit_first(c.span(c.at - len(match[0]) + match.start(1) - match.start(), c.at - len(match[0]) + match.end(1) - match.start()))
    return None


def parameter_list(c: Case) -> CalcError | None:
    """``f(2) = 3``, ``f(A: R^n×m) = A``."""
    within = c.layout.open[-1] if c.layout.open and c.kind not in OPENING else ""
    if within not in PARAMETERS or c.start or c.kind in ("NAME", "COLON", "COMMA"):
        return None
    if re.search(r":\s*(?:\w+\s+)?R(?:\^|\*\*)\w+\s*$", c.text[max(0, c.at - 80) : c.at]):
        return errors.size_brackets(c.span())
    return errors.bad_target(c.span()) if within == "NAMES_PAR" else errors.bad_parameter(c.span())


def named_parts(c: Case) -> CalcError | None:
    """``if (x = 3) then …``, ``(x = 1, 2)``: what begins like a tuple with named parts."""
    if c.kind == "RPAR" and "COMMA" in c.expects and "RPAR" not in c.expects and (sign := _first_equals(c.text, c.at)) is not None:
        return errors.equals_inside(c.span(sign, sign + 1), "compare with ==; a tuple with one named part is (x = 3,)")
    if c.previous == "COMMA" and {"NAME", "STRING"} <= c.expects and not c.start:
        return errors.unnamed_part(c.span())
    return None


def _first_equals(text: str, at: int) -> int | None:
    """The sign behind the name that stands first in the bracket which closes here."""
    depth = 0
    for k in range(at, -1, -1):
        depth += (text[k] in ")]") - (text[k] in "([")
        if not depth:
            match = re.compile(r"\(\s*(?:\w+|\"[^\"\n]*\")\s*(?==)").match(text, k)
            return match.end() if match else None
    return None


def let_in_expression(c: Case) -> CalcError | None:
    return errors.missing_word("in", "let", "let x = 1 in x + 1", c.span()) if c.kind == "DEFLET" else None


def missing_word(c: Case) -> CalcError | None:
    """``if`` without ``then`` or ``else``, ``let`` without ``in``."""
    if c.start or c.kind in OPERANDS - {"IF", "LET"}:
        return None
    if "ELSE" in c.expects:
        return errors.missing_else(c.span_before())
    if "THEN" in c.expects and c.kind != "EQUAL":
        return errors.missing_word("then", "if", "if c then a else b", c.span_before() if c.ends else c.span())
    if "IN" in c.expects and (c.ends or c.kind in CLOSERS):
        return errors.missing_word("in", "let", "let x = 1 in x + 1", c.span_before())
    return None


def loop_without_body(c: Case) -> CalcError | None:
    """``sum(i in 1..10)``."""
    if c.expects == {"IN"}:
        return errors.missing_word("in", "for", "[x^2 for x in 1..n]", c.span_before())
    return errors.missing_body(c.span()) if c.kind == "IN" and "FOR" in c.expects else None


def missing_equals(c: Case) -> CalcError | None:
    """``let x``."""
    if "EQUAL" in c.expects and c.previous in ("NAME", "RPAR") and c.expects <= {"EQUAL", "HEAD_PAR"}:
        return errors.missing_equals(str(c.before) if c.previous == "NAME" else "f(x)", c.span_before())
    return None


def missing_operand(c: Case) -> CalcError | None:
    """``1 +``, ``[1, , 2]``, ``(2 *)``."""
    if not (c.start or "NAME" in c.expects) or not (c.ends or c.kind in CLOSERS):
        return None
    if c.before is None:
        return None
    if (match := re.search(r"([-+])\1$", c.text[: c.before.end_pos])) and c.ends:
        return errors.foreign_syntax("there is no operator that changes a variable", f"write  x = x {match[1]} 1", c.span_before())
    if c.previous in OPENING | {"COMMA", "SEMI"} and not c.ends:
        return errors.missing_part(c.span())
    return errors.unfinished(str(c.before).strip(), c.span_before())


def equals_sign(c: Case) -> CalcError | None:
    """``=`` where nothing can be defined."""
    if c.kind not in ("EQUAL", "HEAD_PAR", "NAMES_PAR"):
        return None
    if c.kind == "NAMES_PAR" and c.previous == "NAME":
        return errors.space_before_bracket(str(c.before), c.operand(), True, c.span())
    place = c.layout.marks.heads.get(c.at, c.at)
    span = Span(c.source, place, place + 1)
    around = c.layout.open[: len(c.layout.open) - (c.kind != "EQUAL")]
    if around[-1:] == ["CALL_PAR"] and not c.start:
        return errors.bad_option(span)
    if around or c.start or not c.expects.isdisjoint({"THEN", "ELSE", "IN", "FOR"}):
        return errors.equals_inside(span)
    line = max(c.text.rfind("\n", 0, c.at), c.text.rfind(";", 0, c.at)) + 1
    left = c.text[line : c.at]
    if re.match(r"\s*[^\W\d]\w*", left) and (re.match(r"\s*(\w+)", left) or [""])[1] in c.layout.commands or re.search(r"[^=<>!]=[^=>]", left):
        return errors.equals_inside(span)
    start = line + len(left) - len(left.lstrip())
    return errors.bad_target(c.span(start, max(c.at - 1, start + 1)) if c.kind == "EQUAL" else span)


def operator_first(c: Case) -> CalcError | None:
    """A line that begins with an operator; ``f(x; y)``."""
    if c.kind in SIGNS and c.previous in ("", "_NL"):
        return errors.operator_first(c.word, c.span())
    if c.kind == "SEMI" and c.layout.open:
        return errors.semicolon_inside(c.span())
    return None


def coefficient(c: Case) -> CalcError | None:
    """``1/-2x``: like ``1/2x``."""
    if c.kind != "COEFFICIENT" or not c.start:
        return None
    sign = re.search(r"(?:/|\.?\^|\*\*)[ \t]*[-+−]?[ \t]*$", c.text[: c.at])
    left = operand_before(c.text, len(c.text[: sign.start()].rstrip())) if sign is not None else ""
    return errors.tight_after_sign(left or "a", "".join(sign[0].split()) if sign is not None else "/-", c.word, operand_at(c.text, c.at)[len(c.word) :], c.span())


def comma_outside(c: Case) -> CalcError | None:
    return errors.comma_outside(c.span()) if c.kind == "COMMA" and not c.layout.open and not c.start else None


def colon(c: Case) -> CalcError | None:
    if c.kind != "COLON":
        return None
    if re.match(r":\s*(?:symmetric\s|diagonal\s|row\s)?\s*R\b", c.text[c.at : c.at + 40]):
        return errors.kind_outside_parameters(c.span())
    if (command := re.match(r":[A-Za-z]+", c.text[c.at : c.at + 40])) and not c.text[c.statement[0] : c.at].strip():
        help = 'in a program  set digits 6  changes a setting, load "x.calc" runs a file, help sin explains'
        return errors.foreign_syntax("commands with a colon are for the prompt, on a line of their own", help, c.span(c.at, c.at + command.end()))
    return errors.foreign_syntax("there is no : here", "a range is written  1..10; a kind stands in a parameter list: f(x: R^n)", c.span())


LONGEST_STATEMENT = 300  # characters of a statement that is searched for habits
INSIDE = {"LSQB": "[", "LET": "let"}  # what is open, but for round brackets


def side_by_side(c: Case) -> CalcError | None:
    """Two values with nothing between them."""
    if c.start or c.before is None or c.kind not in OPERANDS | {"DEFLET"}:
        return None
    before, commands = str(c.before), c.layout.commands
    if before in commands:
        return errors.command_inside(before, before in OPERATORS, c.span_before())
    if c.kind == "IF":
        return errors.foreign_syntax("if stands before what it chooses", "write  if c then a else b", c.span())
    if c.previous == "NAME" and (error := _call_without_brackets(c, before)) is not None:
        return error
    if c.word[:1] in ("(", "[") and c.previous in ("NAME", "RPAR", "RSQB", "PRIME"):
        return errors.space_before_bracket(c.operand_before() or before, c.operand(), c.previous == "NAME" and before in FUNCTIONS, c.span())
    inside = INSIDE.get(c.layout.open[-1], "(") if c.layout.open else ""
    return errors.missing_operator(c.operand(), c.operand_before() or before, inside, c.span())


def _call_without_brackets(c: Case, name: str) -> CalcError | None:
    """``sin x``, ``print 3``; ``f x`` may be a call or a product."""
    if c.kind not in ("NAME", "STRING", "NUMBER", "COEFFICIENT") or name in CONSTANTS:
        return None
    start = c.before.start_pos or 0 if c.before is not None else 0
    begins = re.search(r"(?:^|[\n;])[ \t]*$", c.text[max(0, start - 200) : start]) is not None
    elsewhere = errors.FOREIGN.get(name, "")
    if begins and (meant := [elsewhere] if elsewhere.startswith("the command ") else errors.close_names(name, sorted(c.layout.commands))):
        return errors.no_such_command(name, meant, c.span_before())
    known = name in FUNCTIONS or (begins and len(name) > 1)
    return errors.missing_brackets(name, c.operand(), not known, c.span_before()) if begins or known else None


def keyword(c: Case) -> CalcError | None:
    if c.kind == "FOR":
        return errors.foreign_syntax(*WORDS["while"], c.span())
    return errors.keyword_here(c.word, c.span()) if c.kind in KEYWORDS else None


def character(c: Case) -> CalcError | None:
    """A character with which nothing begins."""
    if c.kind or c.text[c.at].isascii():
        return None
    return errors.foreign_character(describe(c.text[c.at]), character_help(c.text[c.at]), c.span())


def character_help(sign: str) -> str:
    """What is special about a character that is not of the language."""
    import unicodedata

    if sign.isdigit() or sign.isdecimal():
        return "numbers are written with the digits 0 to 9"
    if unicodedata.category(sign).startswith("M"):
        return "names have no combining marks"
    plain = unicodedata.normalize("NFKC", sign)
    if plain != sign and plain.isascii() and plain.isprintable():
        return f"write  {plain}"
    return "names are made of Latin and Greek letters, digits and _"


RULES: tuple[Callable[[Case], CalcError | None], ...] = (
    thousands, habit, foreign_word, keyword_as_name, foreign, digit_first, character, parameter_list, equals_sign, let_in_expression,
    loop_without_body, missing_equals, missing_word, named_parts, missing_operand, comma_outside, operator_first, coefficient, colon, side_by_side,
    keyword,
)  # fmt: skip
