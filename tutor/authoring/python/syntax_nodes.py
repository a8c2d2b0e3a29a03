"""What a node of Python's syntax tree says in a word, and the refusal of one that a lesson has nothing for."""

import ast
import inspect
from collections.abc import Callable, Iterator
from typing import Any

from tutor.text import Message

MOST_DEPTH = 100
_MOST_SHOWN = 40


class UnreadableError(ValueError):
    """A piece of Python that has no counterpart in a lesson."""

    def __init__(self, node: ast.AST, message: Message) -> None:
        super().__init__(message.id)
        self.node, self.message = node, message


def dotted(node: ast.expr) -> str:
    """`torch.nn.functional` for the expression that says so; empty for any other."""
    words: list[str] = []
    while isinstance(node, ast.Attribute):
        words.append(node.attr)
        node = node.value
    return ".".join([node.id, *reversed(words)]) if isinstance(node, ast.Name) else ""


def last(node: ast.expr) -> str:
    """What stands behind the last dot."""
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def shown(node: ast.AST) -> str:
    """The piece as text in one line, cut where it is long."""
    try:
        text = " ".join(ast.unparse(node).split())
    except (RecursionError, ValueError):  # nested too deep, or a number of thousands of digits
        return "..."
    return text if len(text) <= _MOST_SHOWN else f"{text[: _MOST_SHOWN - 2]} …"


def too_deep(module: ast.Module) -> ast.AST | None:
    """The first piece that lies deeper than any reader can follow, found without recursion."""
    row: list[ast.AST] = [module]
    for _ in range(MOST_DEPTH):
        row = [below for each in row for below in ast.iter_child_nodes(each)]
        if not row:
            return None
    return next((each for each in row if hasattr(each, "lineno")), None)


def stored_names(node: ast.AST) -> Iterator[str]:
    """Names that a piece of code assigns to."""
    for each in ast.walk(node):
        if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store):
            yield each.id


def parameters(node: ast.FunctionDef | ast.Lambda) -> list[tuple[str, Any, ast.expr | None]]:
    """The parameters in order: name, kind, and what stands behind the `=`."""
    given, kind = node.args, inspect.Parameter
    positional = [*given.posonlyargs, *given.args]
    defaults = [*[None] * (len(positional) - len(given.defaults)), *given.defaults]
    found: list[tuple[str, Any, ast.expr | None]] = [
        (each.arg, kind.POSITIONAL_ONLY if k < len(given.posonlyargs) else kind.POSITIONAL_OR_KEYWORD, default)
        for k, (each, default) in enumerate(zip(positional, defaults, strict=True))
    ]
    found += [(given.vararg.arg, kind.VAR_POSITIONAL, None)] if given.vararg else []
    found += [(e.arg, kind.KEYWORD_ONLY, d) for e, d in zip(given.kwonlyargs, given.kw_defaults, strict=True)]
    found += [(given.kwarg.arg, kind.VAR_KEYWORD, None)] if given.kwarg else []
    return found


def signature(
    node: ast.FunctionDef | ast.Lambda, default: Callable[[ast.expr], object] = lambda given: given
) -> inspect.Signature:
    """How a function may be called, `default` being what stands behind each `=`; raises ValueError for none at all."""
    return inspect.Signature(
        [
            inspect.Parameter(name, kind, default=inspect.Parameter.empty if given is None else default(given))
            for name, kind, given in parameters(node)
        ]
    )
