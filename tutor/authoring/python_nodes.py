"""What a node of Python's syntax tree says in one word: a number, a dotted name, its own text."""

import ast

from tutor.expr import Tree
from tutor.expr.tree import Negate, Number
from tutor.text import Message


class UnreadableError(ValueError):
    """A piece of Python that has no counterpart in a lesson."""

    def __init__(self, node: ast.AST, message: Message) -> None:
        super().__init__(message.id)
        self.node, self.message = node, message


def literal(node: ast.expr) -> ast.Constant | None:
    """A number, perhaps with a sign before it, as one constant; None for anything else."""
    match node:
        case ast.Constant(value=int() | float()) if not isinstance(node.value, bool):
            return node
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float() as value)):
            return ast.copy_location(ast.Constant(value=-value), node)
    return None


def number(node: ast.Constant) -> Tree:
    """A constant as a formula."""
    value = node.value
    assert isinstance(value, int | float)
    found = Number(repr(abs(value)).replace("e+", "e"), float(abs(value)))
    return Negate(found) if value < 0 else found


def whole(node: ast.expr) -> int | None:
    """The whole number that stands there; None for anything else."""
    match node:
        case ast.Constant(value=int() as value) if not isinstance(value, bool):
            return value
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() as value)):
            return -value
    return None


def is_none(node: ast.expr) -> bool:
    """Whether Python's `None` stands there."""
    return isinstance(node, ast.Constant) and node.value is None


def items(arguments: list[ast.expr]) -> list[ast.expr]:
    """Numbers given one by one, or all in one list."""
    if len(arguments) == 1 and isinstance(arguments[0], ast.Tuple | ast.List):
        return arguments[0].elts
    return arguments


def dotted(node: ast.expr) -> str:
    """`torch.nn.functional` for the expression that says so; empty for any other."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        before = dotted(node.value)
        return f"{before}.{node.attr}" if before else ""
    return ""


def last(node: ast.expr) -> str:
    """What stands behind the last dot."""
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def shown(node: ast.AST) -> str:
    """The piece as text, cut where it is long."""
    text = ast.unparse(node)
    return text if len(text) <= 40 else f"{text[:38]} …"
