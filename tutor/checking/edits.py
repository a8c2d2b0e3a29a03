"""Single edits of a typed formula: a transpose, a sign, the order of two factors, `*` for `@`, a sum, a square."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from tutor.expr import to_text
from tutor.expr.tree import Binary, Call, Gradient, Keyword, Name, Negate, Number, Transpose, Tree, Truth
from tutor.text import Message, msg

MOST_NODES = 40
_OTHER_REDUCTION = {"sum": "mean", "mean": "sum"}


@dataclass(frozen=True, slots=True)
class Edit:
    """One change: the formula it makes, and how to say it; `shown` is `before -> after` of the part that changes."""

    tree: Tree
    shown: str
    message: Message


def edits(tree: Tree) -> Iterator[Edit]:
    """Every formula one edit away, the likeliest kinds first; none for very long formulas."""
    places = list(_places(tree, lambda new: new))
    if len(places) > MOST_NODES:
        return
    for kind in (_transposes, _dropped_signs, _swaps, _products, _signs, _squares, _reductions, _sums):
        for part, rebuild in places:
            for new, message in kind(part):
                yield Edit(rebuild(new), f"{to_text(part)} -> {to_text(new)}", message)


Rebuild = Callable[[Tree], Tree]


def _places(tree: Tree, rebuild: Rebuild) -> Iterator[tuple[Tree, Rebuild]]:
    """Every part of a formula, with what puts another part in its place."""
    yield tree, rebuild
    if isinstance(tree, Binary):
        yield from _places(tree.left, lambda new: rebuild(replace(tree, left=new)))
        yield from _places(tree.right, lambda new: rebuild(replace(tree, right=new)))
    elif isinstance(tree, Negate | Transpose):
        yield from _places(tree.operand, lambda new: rebuild(replace(tree, operand=new)))
    elif isinstance(tree, Call):
        for k, argument in enumerate(tree.arguments):
            yield from _places(argument, _argument(tree, k, rebuild))


def _argument(call: Call, k: int, rebuild: Rebuild) -> Rebuild:
    return lambda new: rebuild(replace(call, arguments=(*call.arguments[:k], new, *call.arguments[k + 1 :])))


def _transposes(part: Tree) -> Iterator[tuple[Tree, Message]]:
    if isinstance(part, Transpose):
        yield part.operand, msg("checking.edit-transpose-dropped", part=to_text(part))
    elif isinstance(part, Name | Gradient | Call | Binary):
        yield Transpose(part), msg("checking.edit-transpose-added", part=to_text(part))


def _swaps(part: Tree) -> Iterator[tuple[Tree, Message]]:
    if isinstance(part, Binary) and part.op in ("@", "-", "/"):
        yield replace(part, left=part.right, right=part.left), msg("checking.edit-swapped", part=to_text(part))


def _products(part: Tree) -> Iterator[tuple[Tree, Message]]:
    if isinstance(part, Binary) and part.op in ("*", "@"):
        other = "@" if part.op == "*" else "*"
        yield replace(part, op=other), msg("checking.edit-product", part=to_text(part), wanted=other)


def _dropped_signs(part: Tree) -> Iterator[tuple[Tree, Message]]:
    if isinstance(part, Negate):
        yield part.operand, msg("checking.edit-sign", part=to_text(part))


def _signs(part: Tree) -> Iterator[tuple[Tree, Message]]:
    if isinstance(part, Binary) and part.op in ("+", "-"):
        other = "-" if part.op == "+" else "+"
        yield replace(part, op=other), msg("checking.edit-sign", part=to_text(part))
    elif not isinstance(part, Number | Negate):
        yield Negate(part), msg("checking.edit-sign", part=to_text(part))


def _squares(part: Tree) -> Iterator[tuple[Tree, Message]]:
    if isinstance(part, Binary) and part.op == "^" and part.right == Number("2", 2.0):
        yield part.left, msg("checking.edit-square", part=to_text(part))
    elif isinstance(part, Name | Gradient | Call):
        yield Binary("^", part, Number("2", 2.0)), msg("checking.edit-square", part=to_text(part))


def _reductions(part: Tree) -> Iterator[tuple[Tree, Message]]:
    other = _OTHER_REDUCTION.get(part.function) if isinstance(part, Call) else None
    if isinstance(part, Call) and other is not None:
        yield replace(part, function=other), msg("checking.edit-reduction", part=to_text(part), wanted=other)


def _sums(part: Tree) -> Iterator[tuple[Tree, Message]]:
    if isinstance(part, Call) and part.function == "sum":
        yield part.arguments[0], msg("checking.edit-sum", part=to_text(part))
        return
    if isinstance(part, Name | Gradient | Call | Binary):
        for axis in ("0", "1"):
            for kept in (False, True):
                keywords: tuple[Keyword, ...] = (Keyword("axis", Number(axis, float(axis))),)
                keywords += (Keyword("keepdims", Truth(True)),) if kept else ()
                yield Call("sum", (part,), keywords), msg("checking.edit-sum", part=to_text(part))
