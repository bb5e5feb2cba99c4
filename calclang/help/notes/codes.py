"""What the codes of errors and warnings mean and how to repair them. The programs that cause them stand in ``calclang/errors/``."""

from __future__ import annotations

from calclang.record import record


@record
class CodeNote:
    """``first``: the constructors whose programs show the code best."""

    meaning: str
    repair: str
    first: tuple[str, ...] = ()
    see: tuple[str, ...] = ()


def code(meaning: str, repair: str, first: str = "", see: str = "") -> CodeNote:
    """A note; ``first`` and ``see`` hold names with blanks between."""
    return CodeNote(meaning, repair, tuple(first.split()), tuple(see.split()))


CODES = {
    "E-SYNTAX": code("The text is no program: a sign, a bracket or a word is missing, or stands where it cannot. Nothing was run.",
                     "Look at the character that is underlined and just before it. The help line says what to write where that is clear.",
                     "unclosed_bracket tight_product foreign_syntax", "operators"),
    "E-ENCODING": code("The file or pipe is not UTF-8 text. calclang reads no other encoding.", "Save the file as UTF-8 in your editor, or convert it: iconv -f latin1 -t utf-8."),
    "E-NAME": code("A name, setting, parameter or size that nothing defines.", "Check the spelling, or define the name before it is used. Parameters are known inside their function only.",
                   "unknown_name not_a_parameter", "="),
    "E-ARITY": code("A call with too few or too many arguments, an option that the function does not have, or names that do not match the parts of a tuple.",
                    "The help line shows how the function is called; help NAME says more.", "wrong_arity tuple_length"),
    "E-TYPE": code("A value of the wrong kind: a function where a number is needed, a number where a condition is needed, a text in arithmetic.",
                   "show NAME says what a name holds. Conditions are comparisons: x != 0, not x.", "needs_truth needs_function not_a_function", "R show"),
    "E-SHAPE": code("Shapes that do not fit: a product with differing inner sizes, a sum of arrays that are not alike, a matrix that is not square, the gradient of a vector.",
                    "The message names both shapes. x' * y is the dot product, x .* y the elementwise one, x * y' the outer one; transposing turns a vector into a row.",
                    "no_product product_sizes needs_scalar_value", "* .* ' jacobian"),
    "E-INDEX": code("An index beyond the ends, one that is not whole, or too many of them. Indices count from 1.", "length(x) and size(A) say how far they go; x[end] is the last element.",
                    "index_outside index_count", "[] end size"),
    "E-DOMAIN": code("A function outside its domain, or an operation without a result: the logarithm of a negative number, the mean of nothing, 0/0. There are no complex numbers.",
                     "Guard the call: if x > 0 then log(x) else 0, or ifelse for arrays. set ieee true gives nan instead of the error.", "domain_error empty_reduction", "if ifelse ieee"),
    "E-DIVZERO": code("A division by zero, or a function at a pole.", "Treat the point by itself with if; sinc and xlogy know their limits. set ieee true gives inf.", "division_by_zero", "if ifelse ieee"),
    "E-OVERFLOW": code("A result beyond 1.8e308, the largest number of float64.", "Work with logarithms: lgamma, logdet and logsumexp do not overflow, and hypot and norm scale by themselves. "
                       "An intermediate infinity may vanish again: 1/(1 + exp(1000)) is 0.", "overflow", "logsumexp lgamma logdet ieee"),
    "E-SINGULAR": code("A matrix without an inverse: its columns depend on each other.", "Use pinv(A)*b for least squares, or find the column that is a combination of others: rank(A).", "singular_matrix", "pinv rank cond"),
    "E-AD": code("A derivative that is not determined, or by something that decides how the computation runs (a size, an index, the end of a range).",
                 "Differentiate by a number that enters the arithmetic, or move the point.", "shapes_the_graph repeated_eigenvalues", "W-AD"),
    "E-RECURSION": code("A function that calls itself without end, or files that load each other.", "Give the recursion a case that ends it; for long loops use fold or iterate.", "endless_recursion", "if fold iterate"),
    "E-ASSERT": code("What the program asserts does not hold.", "The notes say what stood on each side. Numbers that were rounded are compared with ≈ or assert_close.", "assertion_failed not_close", "assert assert_close ≈"),
    "E-CHECK": code("A derivative is not what you claimed in check … against.", "explain grad f at … shows the derivative step by step.", "claim_fails", "check against explain"),
    "E-IO": code("A file that cannot be read or written, or whose content is no table of numbers.", "Names are relative to the script that uses them. The first line of a table may hold names; each line holds as many numbers as the others.",
                 "cannot_read", "read write load"),
    "E-PATH": code("A file name that is not allowed: an address of the web, a folder, a program without the ending .calc.", "Give the plain name of a file.", "refused_path", "load save"),
    "E-CAP": code("This session may not touch files: it runs a program for somebody else.", "Run the program with calclang itself, or give the session calclang.LOCAL as its limits in Python.", "", "read write"),
    "E-INTERRUPT": code("You pressed Ctrl-C. The statement changed nothing.", "For long loops, time f at x with a smaller problem tells what to expect.", "", "time"),
    "E-LIMIT-NODES": code("The computation needs more operations than one statement is given.", "A comprehension or fold runs at the speed of arrays where a recursion does not; or make the problem smaller.", "too_many_nodes", "for fold"),
    "E-LIMIT-WORK": code("Running the program takes more steps than the session allows: about one for each operation on numbers.", "Fewer turns, smaller arrays, or a session with other limits.", "too_much_work", "time cost"),
    "E-LIMIT-OUTPUT": code("The answer of a command is longer than the session allows.", "Ask for a part of it: latex A[1, 1]. save and write put numbers into files.", "too_long_answer", "write"),
    "E-LIMIT-ELEMENTS": code("A value would have more elements than the session allows. It was not allocated.", "jvp, vjp and hvp give products with a large Jacobian or Hessian without forming it.", "too_many_elements", "jvp vjp hvp"),
    "E-LIMIT-DEPTH": code("Brackets, calls or structures nested more deeply than is worked through.", "Give parts of the expression names with let, or use fold and iterate instead of nesting.", "", "let fold"),
    "E-LIMIT-MEMORY": code("The memory of the machine is exhausted.", "Use checkpoint = true in long loops, hvp instead of the Hessian, or a smaller problem.", "", "checkpoint hvp"),
    "E-LIMIT-NAME": code("A name of more than 255 characters.", "Choose a shorter name."),
    "E-LIMIT-ORDER": code("A Taylor polynomial of too high an order, or derivatives nested too deeply.", "Beyond order 20 or so rounding errors take over in most functions; taylor gives all orders at once.", "too_high_order", "taylor"),
    "E-LIMIT-SOURCE": code("The text is longer than the session reads.", "Data belong into files: read(\"data.csv\").", "", "read"),
    "E-LIMIT-TURNS": code("iterate ran its most turns and its condition never held.", "Raise max, or ask for less: until = x -> abs(…) < 1e-9.", "did_not_end", "iterate until"),
    "E-INTERNAL": code("A defect of calclang itself, not of your program.", "Please report it with the program that causes it. CALCLANG_DEBUG=1 shows where it happened."),
    "W-AD": code("A warning: the derivative at this very point is a convention, or is not finite. At a corner it is the smallest slope (abs'(0) is 0), ties of max and min share equally, an infinite slope "
                 "has its sign.", "Nothing need be done if the convention suits you. relu, ifelse and if state what happens at a corner.", "not_differentiable", "E-AD relu ifelse"),
    "W-CONDITION": code("A warning: an inverse or solution has lost six of its sixteen digits or more, for the matrix is nearly singular.", "Scale the columns to similar sizes, use A \\ b rather than inv(A)*b, or pinv for least squares.",
                        "ill_conditioned", "cond pinv"),
    "W-NAN": code("A warning: an operation made a nan of infinities that you put in, as inf - inf and 0*inf do. Its value is nan and no error, for an infinity is a number like others.",
                  "Look at where the infinity comes from; ifelse or if keep it out of the operation. A nan that was put in itself is not told.", "nan_of_infinities", "inf nan ieee"),
    "W-SHADOW": code("A warning: your definition hides a function or constant of the language.", "Choose another name if you need the built-in one; :undef NAME at the prompt brings it back.", "shadows_builtin", "="),
}  # fmt: skip
