"""`decompose: "u.T @ tanh(W @ x + b)"`: a formula taken apart into lines of one op each."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from tutor.drill.question import TaskQuestion
from tutor.drill.tasks.asked import Asked
from tutor.engine.compile import callables
from tutor.expr import OPERATORS, Scope, names_in, parse, to_text, to_unicode
from tutor.expr.tree import Binary, Call, Index, Name, Negate, Part, Transpose, Tree, children
from tutor.text import msg


@dataclass(frozen=True, slots=True)
class Decompose:
    """The formula, and one way to take it apart: lines in the order in which they can be computed."""

    formula: Tree
    lines: tuple[tuple[str, Tree], ...]

    @property
    def terms(self) -> tuple[object, ...]:
        """The formula in its own words."""
        return (to_text(self.formula),)


def build(asked: Asked) -> TaskQuestion:
    """`typed` names its lines z1, z2, ... in the order of evaluation."""
    tree = parse(str(asked.ask.options["text"]), Scope(None, callables(), frozenset()))
    lines = taken_apart(tree)
    shown = to_unicode(tree)
    return asked.question(
        str(asked.nth),
        Decompose(tree, lines),
        symbol=shown,
        prompt=msg("drill.prompt-decompose"),
        details=(msg("drill.about-decompose", formula=shown),),
        typed="; ".join(f"{name} = {to_text(each)}" for name, each in lines),
        skills=(f"decompose:{ops_in(tree)[-1]}",) if ops_in(tree) else ("decompose:copy",),
    )


def taken_apart(tree: Tree) -> tuple[tuple[str, Tree], ...]:
    """The formula as lines of one op each, with names that it does not use itself."""
    lines: list[tuple[str, Tree]] = []
    letter = next(each for each in "zvtqrk" if not any(name.startswith(each) for name in names_in(tree)) or each == "k")

    def apart(part: Tree) -> Tree:
        inner = _with_parts(part, apart)
        if not is_op(part):
            return inner
        lines.append((f"{letter}{len(lines) + 1}", inner))
        return Name(lines[-1][0])

    last = apart(tree)
    if not lines or lines[-1][0] != getattr(last, "name", ""):
        lines.append((f"{letter}{len(lines) + 1}", last))  # a transpose at the very end
    return tuple(lines)


def ops_in(tree: Tree) -> list[str]:
    """The names of the ops of an expression in the order of evaluation; transposes and literals are none."""
    found: list[str] = []

    def visit(part: Part) -> None:
        for below in children(part):
            visit(below)
        if is_op(part):
            found.append(_op(part))

    visit(tree)
    return found


def is_op(part: Part) -> bool:
    """Does the part compute something from names? A number with its sign is a literal."""
    return isinstance(part, Binary | Call | Index | Negate) and bool(names_in(part))


def _op(part: Part) -> str:
    match part:
        case Binary():
            return OPERATORS[part.op]
        case Call():
            return part.function
        case Index():
            return "index"
    return "neg"


def _with_parts(part: Tree, change: Callable[[Tree], Tree]) -> Tree:
    match part:
        case Binary():
            return replace(part, left=change(part.left), right=change(part.right))
        case Negate() | Transpose():
            return replace(part, operand=change(part.operand))
        case Call():
            return replace(part, arguments=tuple(change(each) for each in part.arguments))
        case Index():
            return replace(part, operand=change(part.operand))
    return part
