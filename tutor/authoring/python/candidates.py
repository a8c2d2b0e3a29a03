"""What in a file can become a lesson: functions, classes with a `forward`, and, where there is neither, methods."""

import ast
from dataclasses import dataclass

from tutor.authoring.python.syntax_nodes import dotted

_ENTRIES = ("forward", "__call__")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A function by its name, or the method that a class is called by; the whole file where it has neither."""

    name: str
    node: ast.FunctionDef | ast.Module
    owner: ast.ClassDef | None


def candidates(module: ast.Module) -> tuple[list[Candidate], list[Candidate]]:
    """What is offered where no name is given, and all that may be named."""
    found = [node for node in ast.walk(module) if isinstance(node, ast.FunctionDef)]
    classes = [node for node in ast.walk(module) if isinstance(node, ast.ClassDef)]
    owners = {id(node): each for each in classes for node in each.body}
    inner = {id(each) for node in found for each in ast.walk(node) if each is not node}
    outer = [Candidate(node.name, node, None) for node in found if id(node) not in inner and id(node) not in owners]
    called = [each for node in classes if (each := _called(node, module)) is not None]
    methods = [Candidate(node.name, node, owners[id(node)]) for node in found if id(node) in owners]
    written = [] if outer or called or methods else _lambda(module.body[-1:])
    return outer or called or methods or written, [*outer, *called, *methods, *written]


def _lambda(last: list[ast.stmt]) -> list[Candidate]:
    """`f = lambda x: ..` at the end of a file that has nothing else, as the function that it is."""
    match last:
        case [ast.Assign(targets=[ast.Name(id=name)], value=ast.Lambda() as value)]:
            node = ast.parse(f"def {name}(): pass").body[0]
            assert isinstance(node, ast.FunctionDef)
            node.args, node.body = value.args, [ast.copy_location(ast.Return(value.body), value.body)]
            return [Candidate(name, ast.copy_location(node, value), None)]
    return []


def _called(node: ast.ClassDef, module: ast.Module) -> Candidate | None:
    """A class by the method that computes; a class that others inherit from may have it for them."""
    for each in node.body:
        if isinstance(each, ast.FunctionDef) and each.name in _ENTRIES:
            return Candidate(node.name, each, node)
    for base in node.bases:
        for other in module.body:
            if isinstance(other, ast.ClassDef) and other is not node and other.name == dotted(base):
                found = _called(other, module) if other.lineno < node.lineno else None
                if found is not None:
                    return Candidate(node.name, found.node, node)
    return None
