"""Errors of programs that cannot be read."""

from __future__ import annotations

from collections.abc import Sequence

from calclang.errors.diagnostic import CalcError, Label, make
from calclang.errors.names import shorten
from calclang.source import Span


def unmatched_bracket(sign: str, span: Span | None = None) -> CalcError:
    """A closing bracket that nothing opened.

    >>> 1 + 2)
    """
    return make("E-SYNTAX", f"unmatched {sign}", span, help="remove it, or open it before")


def mixed_brackets(opened: str, closed: str, span: Span | None = None, other: Span | None = None) -> CalcError:
    """A bracket closed by one of the other kind.

    >>> (1, 2]
    """
    labels = [Label(s, t) for s, t in ((span, "closed here"), (other, "opened here")) if s is not None]
    return make("E-SYNTAX", f"{opened} is closed by {closed}", *labels)


def unclosed_bracket(sign: str, closing: str, span: Span | None = None) -> CalcError:
    """An opening bracket that nothing closes.

    >>> 2 * (1 + 3
    """
    return make("E-SYNTAX", f"this {sign} is never closed", span, help=f"close it with {closing}")


def missing_part(span: Span | None = None) -> CalcError:
    """Nothing where an element or argument should stand.

    >>> [1, , 2]
    """
    return make("E-SYNTAX", "an element is missing here", span)


def missing_else(span: Span | None = None) -> CalcError:
    """``if`` without ``else``.

    >>> if 1 < 2 then 2
    """
    return make("E-SYNTAX", "else is required", span, help="if c then a else b always has a value")


def unfinished(word: str, span: Span | None = None) -> CalcError:
    """A statement or bracket that ends too early.

    >>> 1 +
    """
    return make("E-SYNTAX", f"something is missing after {shorten(word, 30)}", span)


def unexpected(what: str, before: str, span: Span | None = None) -> CalcError:
    """A word or sign that cannot stand where it stands; ``before``: the operator before it, which wants an operand.

    >>> 1 + * 2
    """
    help = f"between {before} and {what} a number or name is missing" if before else ""
    return make("E-SYNTAX", f"{what} cannot stand here", span, help=help)


def keyword_here(word: str, span: Span | None = None) -> CalcError:
    """A word of the language where a name or value should be.

    >>> let if = 2
    """
    help = "elementwise choice: ifelse(mask, a, b)" if word == "where" else ""
    return make("E-SYNTAX", f"{word} is a word of the language and cannot stand here", span, help=help)


def missing_operator(word: str, name: str, inside: str, span: Span | None = None) -> CalcError:
    """Two values beside each other, ``inside`` a matrix, other brackets, a ``let``, or nothing.

    >>> A = [1 2; 3 4]
    """
    name, word = shorten(name, 30) or "the value before", shorten(word, 30)
    product = f"a call has brackets:  {name}({word})" if word.startswith('"') else f"a product has a sign:  {name}*{word}"
    helps = {
        "[": "elements are separated by commas, rows by semicolons:  [1, 2; 3, 4]", "let": f"definitions are separated by commas:  {name}, {word} = …",
        "(": f"arguments and parameters are separated by commas; {product}",
    }  # fmt: skip
    return make("E-SYNTAX", f"there is nothing between {name} and {word}", span, help=helps.get(inside, product))


def tight_product(left: str, op: str, number: str, name: str, span: Span | None = None) -> CalcError:
    """A number directly before a name, after ``/`` or ``^``.

    >>> x = 4; 1/2x
    """
    left, name = shorten(left, 30), shorten(name, 30)
    help = f"write  {left}{op}({number}*{name})  or  {left}{op}{number}*{name}"
    return make("E-SYNTAX", f"{left}{op}{number}{name} can be read in two ways", span, help=help)


def power_of_function(name: str, power: str, argument: str, span: Span | None = None) -> CalcError:
    """A power between a function and its argument.

    >>> sin^2(1)
    """
    return make("E-SYNTAX", f"the power stands behind the call of {name}", span, help=f"write  {name}({shorten(argument, 30)})^{power}")


def bad_target(span: Span | None = None) -> CalcError:
    """Something left of ``=`` that cannot be defined.

    >>> 1 + x = 3
    """
    help = "write  x = …, f(x) = … or (a, b) = …; compare with ==; an equation is solved by  solve x -> x^2 - 2 from 1"
    return make("E-SYNTAX", "this cannot be defined", span, help=help)


def bad_parameter(span: Span | None = None) -> CalcError:
    """Something in a parameter list that is no parameter.

    >>> f(2) = 3
    """
    return make("E-SYNTAX", "a parameter is a name, a name with its kind, or a vector of names", span, help="f(x), f(x: R^n), f([x, y])")


def bad_kind(span: Span | None = None) -> CalcError:
    """A kind that is none.

    >>> f(x: Z^n) = x
    """
    return make("E-SYNTAX", "this is no kind", span, help="R, R^n, R^(m×n); symmetric, diagonal or row may stand before R")


def sizes_need_brackets(m: str, n: str, span: Span | None = None) -> CalcError:
    """The sizes of a matrix without brackets, which would be one name.

    >>> f(A: R^nxn) = A
    """
    return make("E-SYNTAX", f"{m}x{n} is one size: a letter x between two is read as part of a name", span, help=f"the kind of a matrix is written  R^({m}×{n})  or  R^({m}, {n})")


def kind_outside_parameters(span: Span | None = None) -> CalcError:
    """A kind where no parameter list is.

    >>> sin(x: R)
    """
    return make("E-SYNTAX", "a kind stands only in a parameter list", span, help="f(x: R^n) = …")


def bad_option(span: Span | None = None) -> CalcError:
    """``=`` inside brackets where no option can be.

    >>> sin(2 = 3)
    """
    return make("E-SYNTAX", "= stands between the name and the value of an option", span, help="f(x, order = 5); compare with ==")


def repeated_parameter(name: str, span: Span | None = None) -> CalcError:
    """A parameter list that names something twice.

    >>> f(x, x) = x
    """
    return make("E-SYNTAX", f"{shorten(name)} stands twice in one parameter list", span)


def repeated_target(name: str, span: Span | None = None) -> CalcError:
    """A tuple taken apart into names of which two are the same.

    >>> (a, a) = (1, 2)
    """
    return make("E-SYNTAX", f"{shorten(name)} stands twice on the left of =", span)


def unnamed_part(span: Span | None = None) -> CalcError:
    """A tuple of which some parts have names.

    >>> (x = 1, 2)
    """
    return make("E-SYNTAX", "all parts of a tuple have names, or none has one", span)


def repeated_part(name: str, span: Span | None = None) -> CalcError:
    """A tuple with two parts of one name.

    >>> (x = 1, x = 2)
    """
    return make("E-SYNTAX", f"two parts of this tuple are called {shorten(name)}", span)


def missing_word(word: str, construct: str, example: str, span: Span | None = None) -> CalcError:
    """``if`` without ``then``, ``let`` inside an expression without ``in``.

    >>> 1 + (let x = 2)
    """
    return make("E-SYNTAX", f"{construct} needs {word} here", span, help=f"write  {example}")


def missing_body(span: Span | None = None) -> CalcError:
    """A loop that does not say what is computed.

    >>> sum(i in 1..10)
    """
    return make("E-SYNTAX", "what is computed for each of them is missing", span, help="write  sum(i^2 for i in 1..10)")


def missing_equals(name: str, span: Span | None = None) -> CalcError:
    """A definition without a value.

    >>> let x
    """
    return make("E-SYNTAX", "expected = and a value", span, help=f"write  {shorten(name, 30)} = …")


def equals_inside(span: Span | None = None, help: str = "compare with  ==") -> CalcError:
    """``=`` inside an expression.

    >>> if 1 = 2 then 3 else 4
    """
    return make("E-SYNTAX", "= defines a name and cannot stand inside an expression", span, help=help)


def comma_outside(span: Span | None = None) -> CalcError:
    """A comma outside brackets.

    >>> 1, 2
    """
    return make("E-SYNTAX", "a comma stands only inside brackets", span, help="a tuple is  (1, 2), a vector  [1, 2]; statements are separated by ;")


def command_inside(word: str, callable: bool, span: Span | None = None) -> CalcError:
    """A command inside an expression or definition; ``callable``: it is a function as well.

    >>> g = grad sin
    """
    call, alone = f"inside an expression write a call: {word}(…)", f"run {word} … as a statement of its own; its result is then called ans"
    return make("E-SYNTAX", f"the command {word} stands at the beginning of a statement", span, help=call if callable else alone)


def no_such_command(word: str, meant: Sequence[str], span: Span | None = None) -> CalcError:
    """A word before an operand that is nearly a command.

    >>> gard sin at 1
    """
    return make("E-SYNTAX", f"{shorten(word, 30)} is not a command", span, help=f"did you mean {' or '.join(meant)}?")


def missing_brackets(name: str, operand: str, product: bool, span: Span | None = None) -> CalcError:
    """A function before an operand; with ``product``, a name that may be a number.

    >>> sin 2
    """
    name, operand = shorten(name, 30), shorten(operand, 30)
    help = f"a call has brackets:  {name}({operand})" + (f"   ·   a product has a sign:  {name}*{operand}" if product else "")
    return make("E-SYNTAX", f"there is nothing between {name} and {operand}", span, help=help)


def operator_first(sign: str, span: Span | None = None) -> CalcError:
    """A line that begins with an operator.

    >>> |> sin
    """
    return make("E-SYNTAX", f"a line cannot begin with {sign}", span, help="write it at the end of the line before, or put brackets around both lines")


def semicolon_inside(span: Span | None = None) -> CalcError:
    """A semicolon inside round brackets.

    >>> max(1; 2)
    """
    return make("E-SYNTAX", "; separates statements, and the rows of [ ]", span, help="arguments are separated by commas")


def tight_after_sign(left: str, sign: str, number: str, right: str, span: Span | None = None) -> CalcError:
    """A number directly before a name, behind ``/`` or ``^`` and a sign.

    >>> x = 4; 1/-2x
    """
    left, right = shorten(left, 30), shorten(right, 30)
    help = f"put brackets:  {left}{sign[:-1]}({sign[-1:]}{number}*{right})  or  ({left}{sign}{number})*{right}"
    return make("E-SYNTAX", f"{left}{sign}{number}{right} can be read in two ways", span, help=help)


def size_brackets(span: Span | None = None) -> CalcError:
    """Sizes of a kind without brackets.

    >>> f(A: R^n×n) = A
    """
    return make("E-SYNTAX", "sizes with an operator stand in brackets", span, help="write  R^(m×n)")


def space_before_bracket(name: str, bracket: str, call: bool, span: Span | None = None) -> CalcError:
    """A blank between a function and its arguments, as they are written; ``call``: what stands before is a function.

    >>> 1 + sin (2)
    """
    name, bracket = shorten(name, 30), shorten(bracket, 30)
    what = "a call" if bracket[0] == "(" else "an index"
    help = f"{what} has no blank:  {name}{bracket}" + ("" if call else f"   ·   a product has a sign:  {name}*{bracket}")
    return make("E-SYNTAX", f"there is no operator before this {bracket[0]}", span, help=help)
