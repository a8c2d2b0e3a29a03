"""Single edits of a typed formula: a transpose, a sign, factors swapped, `*` for `@`, a sum or its axis, a square."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import TypeAlias

from tutor.expr import to_text
from tutor.expr.tree import Binary, Boolean, Call, Gradient, Keyword, Name, Negation, Number, Transposed, Tree
from tutor.text import Message

MOST_NODES = 40
_OTHER_REDUCTION = {"sum": "mean", "mean": "sum"}


Rebuild: TypeAlias = Callable[[Tree], Tree]


@dataclass(frozen=True, slots=True)
class SingleEdit:
    """One change: `part` of a formula becomes `new`. What it makes and how to say it are worked out when asked for."""

    part: Tree
    new: Tree
    rebuild: Rebuild
    id: str
    wanted: str = ""

    @property
    def tree(self) -> Tree:
        """The formula that it makes."""
        return self.rebuild(self.new)

    @property
    def shown(self) -> str:
        """`before -> after` of the part that changes."""
        return f"{to_text(self.part)} -> {to_text(self.new)}"

    @property
    def message(self) -> Message:
        """How to say it to the learner."""
        known = {"wanted": self.wanted} if self.wanted else {}
        return Message(self.id, {"part": to_text(self.part), **known})


def single_edits(tree: Tree) -> Iterator[SingleEdit]:
    """Every formula one edit away, the likeliest kinds first; none for very long formulas."""
    places = list(_places(tree, lambda new: new))
    if len(places) > MOST_NODES:
        return
    for kind in _KINDS:
        for part, rebuild in places:
            for new, id, *wanted in kind(part):
                yield SingleEdit(part, new, rebuild, id, *wanted)


def _places(tree: Tree, rebuild: Rebuild) -> Iterator[tuple[Tree, Rebuild]]:
    """Every part of a formula, with what puts another part in its place."""
    yield tree, rebuild
    if isinstance(tree, Binary):
        yield from _places(tree.left, lambda new: rebuild(replace(tree, left=new)))
        yield from _places(tree.right, lambda new: rebuild(replace(tree, right=new)))
    elif isinstance(tree, Negation | Transposed):
        yield from _places(tree.operand, lambda new: rebuild(replace(tree, operand=new)))
    elif isinstance(tree, Call):
        for k, argument in enumerate(tree.arguments):
            yield from _places(argument, _argument(tree, k, rebuild))


def _argument(call: Call, k: int, rebuild: Rebuild) -> Rebuild:
    return lambda new: rebuild(replace(call, arguments=(*call.arguments[:k], new, *call.arguments[k + 1 :])))


# What a part becomes, the id of the text that says it, and what is wanted there.
_Change: TypeAlias = tuple[Tree, str] | tuple[Tree, str, str]


def _axes(part: Tree) -> Iterator[_Change]:
    if not isinstance(part, Call) or part.function not in _OTHER_REDUCTION:
        return
    array, *axis = part.arguments
    named = [keyword.value for keyword in part.keywords if keyword.name == "axis"]
    for old in (*axis, *named):
        if isinstance(old, Number) and old.value in (0.0, 1.0):
            other = "0" if old.value else "1"
            new = Number(other, float(other))
            changed = tuple(replace(each, value=new) if each.name == "axis" else each for each in part.keywords)
            arguments = (array, new) if axis else (array,)
            yield replace(part, arguments=arguments, keywords=changed), "checking.edit-axis", f"axis={other}"


def _transposes(part: Tree) -> Iterator[_Change]:
    if isinstance(part, Transposed):
        yield part.operand, "checking.edit-transpose-dropped"
    elif isinstance(part, Name | Gradient | Call | Binary):
        yield Transposed(part), "checking.edit-transpose-added"


def _swaps(part: Tree) -> Iterator[_Change]:
    if isinstance(part, Binary) and part.op in ("@", "-", "/", ">", "<", ">=", "<="):
        yield replace(part, left=part.right, right=part.left), "checking.edit-swapped"


def _products(part: Tree) -> Iterator[_Change]:
    if isinstance(part, Binary) and part.op in ("*", "@"):
        other = "@" if part.op == "*" else "*"
        yield replace(part, op=other), "checking.edit-product", other


def _dropped_signs(part: Tree) -> Iterator[_Change]:
    if isinstance(part, Negation):
        yield part.operand, "checking.edit-sign"


def _signs(part: Tree) -> Iterator[_Change]:
    if isinstance(part, Binary) and part.op in ("+", "-"):
        other = "-" if part.op == "+" else "+"
        yield replace(part, op=other), "checking.edit-sign"
    elif not isinstance(part, Number | Negation):
        yield Negation(part), "checking.edit-sign"


def _squares(part: Tree) -> Iterator[_Change]:
    if isinstance(part, Binary) and part.op == "^" and part.right == Number("2", 2.0):
        yield part.left, "checking.edit-square"
    elif isinstance(part, Name | Gradient | Call):
        yield Binary("^", part, Number("2", 2.0)), "checking.edit-square"


def _divisions(part: Tree) -> Iterator[_Change]:
    # A 1/n doubled: the divisor is a size. A number is told as the constant that it is.
    if isinstance(part, Binary) and part.op == "/" and isinstance(part.right, Name):
        yield part.left, "checking.edit-division"


def _reductions(part: Tree) -> Iterator[_Change]:
    other = _OTHER_REDUCTION.get(part.function) if isinstance(part, Call) else None
    if isinstance(part, Call) and other is not None:
        yield replace(part, function=other), "checking.edit-reduction", other


def _dropped_sums(part: Tree) -> Iterator[_Change]:
    if isinstance(part, Call) and part.function == "sum":
        yield part.arguments[0], "checking.edit-sum"


def _sums(part: Tree) -> Iterator[_Change]:
    if isinstance(part, Name | Gradient | Call | Binary) and not (isinstance(part, Call) and part.function == "sum"):
        for axis in ("0", "1"):
            for kept in (False, True):
                keywords: tuple[Keyword, ...] = (Keyword("axis", Number(axis, float(axis))),)
                keywords += (Keyword("keepdims", Boolean(True)),) if kept else ()
                yield Call("sum", (part,), keywords), "checking.edit-sum"


_KINDS = (
    _axes,
    _transposes,
    _dropped_signs,
    _swaps,
    _products,
    _signs,
    _squares,
    _divisions,
    _reductions,
    _dropped_sums,
    _sums,
)
"""From the likeliest to the least."""
