"""How deep a tree is nested; found without recursion."""

from __future__ import annotations

from calclang import errors
from calclang.syntax import tree

FLAT = frozenset({"+", "-", ".+", ".-", "*", "/", "\\", "@", ".*", "./", "and", "or", "|>"})


def check_depth(program: tree.Program, limit: int) -> None:
    """Raises E-LIMIT-DEPTH where constructs stand inside each other more than ``limit`` deep. A chain of operators that group from
    the left, such as a long sum, is one level."""
    stack: list[tuple[tree.Tree, int]] = [(s, 0) for s in program.statements]
    while stack:
        node, depth = stack.pop()
        if depth > limit:
            raise errors.nested_too_deeply(limit, node.span)
        for child in tree.parts(node):
            flat = isinstance(node, tree.Binary) and child is node.left and isinstance(child, tree.Binary) and {node.op, child.op} <= FLAT
            stack.append((child, depth if flat else depth + 1))
