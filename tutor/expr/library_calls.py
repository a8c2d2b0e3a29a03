"""Calls as NumPy and PyTorch write them, `np.sum(up, axis=1)` and `up.dot(A.T)`, as our own functions and signs."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from tutor.expr.errors import ParseError
from tutor.expr.scope import Borrowed, Scope
from tutor.expr.spelling import shortened
from tutor.expr.tree import (
    DTYPE,
    OPERATORS,
    TRANSPOSE,
    ArrayLiteral,
    Binary,
    Boolean,
    Call,
    EllipsisIndex,
    Keyword,
    Name,
    Negation,
    Number,
    Slice,
    Span,
    Subscript,
    Transposed,
    Tree,
    walk,
)
from tutor.text import Message, msg

LIBRARIES = frozenset({"np", "numpy", "jnp", "jax", "torch", "tf", "math", "sp", "sympy", "F", "nn", "functional"})
# PyTorch's words for the options of NumPy.
OPTION_WORDS = {"dim": "axis", "keepdim": "keepdims"}

_SAME, _NEGATIVE = "=", "-"
# The option that PyTorch sets where NumPy does not: to divide by one less than the number of entries.
_OF_SAMPLES = "unbiased"
_CASTS = frozenset({"astype", "to", "type"})
_FLOATS = frozenset({"float", "float32", "float64", "double"})
_LIKE = {"ones_like": "ones", "zeros_like": "zeros"}
_FLAT = frozenset({"flatten", "ravel"})


def translated(tree: Tree, scope: Scope) -> Tree:
    """The tree with every call of a library's function or method as a call of ours; raises ParseError for others."""
    if not any(isinstance(part, Call) and _is_borrowed(part, scope) for part in walk(tree)):
        return tree
    return _changed(tree, lambda call: _translated(call, scope) if _is_borrowed(call, scope) else call)


def _is_borrowed(call: Call, scope: Scope) -> bool:
    if "." in call.function or any(each.name == DTYPE for each in call.keywords):
        return True
    return call.function not in scope.functions and _known_as(call.function, scope).ours == _SAME


def _known_as(name: str, scope: Scope) -> Borrowed:
    return scope.borrowed.get(name, Borrowed(_LIKE.get(name, name)))


def _translated(call: Call, scope: Scope) -> Tree:
    name = call.function.rpartition(".")[2].strip()
    options = tuple(replace(each, name=OPTION_WORDS.get(each.name, each.name)) for each in call.keywords)
    options = tuple(each for each in options if not (each.name == DTYPE and _is_float(each.value)))
    made = _meaning(name, replace(call, keywords=options), scope)
    unknown = isinstance(made, Call) and made.function not in scope.functions
    bare = call.function.startswith("..") and name != "mT"  # `W.sum`, without brackets
    if bare or (unknown and call.function.startswith(".")):
        raise ParseError(_not_behind_a_dot(name, scope), Span(call.arguments[0].span.end, call.span.end))
    kept = made.keywords if isinstance(made, Call) else ()
    if not unknown and (lost := [each for each in options if each.name not in {one.name for one in kept}]):
        raise ParseError(msg("expr.option-elsewhere", name=lost[0].name, function=name), lost[0].span)
    return replace(made, span=call.span)


def _meaning(name: str, call: Call, scope: Scope) -> Tree:
    """What a call says in our language; one of an unknown function where it says nothing."""
    given, known = call.arguments, _known_as(name, scope)
    ours, options = known.ours, tuple(each for each in call.keywords if each.name in known.options)
    if name in _CASTS and len(given) == 2 and _is_float(given[1]):
        return given[0]
    if name in _FLAT and len(given) == 1:
        return Call("reshape", (given[0], ArrayLiteral((Negation(Number("1", 1.0)),))))
    if ours == _SAME and len(given) == 1:
        return given[0]
    if ours == _NEGATIVE and len(given) == 1:
        return Negation(given[0])
    if ours in OPERATORS and len(given) == 2:
        return Binary(ours, *given)
    if ours == TRANSPOSE and given and _swaps_two(name, given[1:]):
        return Transposed(given[0])
    if ours == "reshape" and len(given) > 1:
        sizes = given[1] if len(given) == 2 and isinstance(given[1], ArrayLiteral) else ArrayLiteral(given[1:])
        return Call(ours, (given[0], sizes), options)
    if name in _LIKE.values() and len(given) == 1 and isinstance(given[0], ArrayLiteral):
        return Call(ours, given[0].items)  # a shape, where ours takes an array or sizes
    if known.of_list and given and isinstance(given[0], ArrayLiteral):
        options = (*(Keyword(option, value) for option, value in zip(known.options, given[1:], strict=False)), *options)
        return Call(ours, given[0].items, options)
    if ours != name and name in scope.functions and len(given) == 2 and not _is_whole(given[1]):
        ours = name  # `torch.max(a, b)` beside `np.max(x, 0)`
    if (
        call.function.startswith("torch.")
        and _OF_SAMPLES in known.options
        and not {each.name for each in options} & {_OF_SAMPLES}
    ):
        options = (*options, Keyword(_OF_SAMPLES, Boolean(True)))
    return Call(ours, given, options)


def _is_float(tree: Tree) -> bool:
    return isinstance(tree, Name) and tree.name.rpartition(".")[2] in _FLOATS


def _is_whole(tree: Tree) -> bool:
    return isinstance(tree.operand if isinstance(tree, Negation) else tree, Number)


def _swaps_two(name: str, axes: Sequence[Tree]) -> bool:
    """Do these axes turn a matrix: none, or 0 and 1 in the order in which the method turns it?"""
    if len(axes) == 1 and isinstance(axes[0], ArrayLiteral):
        axes = axes[0].items
    numbers = [int(axis.value) for axis in axes if isinstance(axis, Number)]
    last_two = len(axes) == 2 and all(isinstance(axis, Negation) for axis in axes)
    return not axes or last_two or (sorted(numbers) == [0, 1] and (numbers == [1, 0] or name != "permute"))


def _not_behind_a_dot(name: str, scope: Scope) -> Message:
    if _known_as(name, scope).ours == TRANSPOSE:
        return msg("expr.attribute-transpose", name=name)
    if name in scope.functions or name in scope.borrowed:
        return msg("expr.attribute-function", name=name)
    return msg("expr.attribute", name=shortened(name))


def _changed(part: Tree, change: Callable[[Call], Tree]) -> Tree:
    """The tree with every call changed, the innermost first."""

    def end(each: Tree | None) -> Tree | None:
        return None if each is None else _changed(each, change)

    def inside(each: Tree | Slice | EllipsisIndex) -> Tree | Slice | EllipsisIndex:
        match each:
            case Slice():
                return replace(each, start=end(each.start), stop=end(each.stop), step=end(each.step))
            case EllipsisIndex():
                return each
        return _changed(each, change)

    match part:
        case Binary():
            return replace(part, left=_changed(part.left, change), right=_changed(part.right, change))
        case Negation() | Transposed():
            return replace(part, operand=_changed(part.operand, change))
        case ArrayLiteral():
            return replace(part, items=tuple(_changed(item, change) for item in part.items))
        case Subscript():
            items = tuple(inside(item) for item in part.items)
            return replace(part, operand=_changed(part.operand, change), items=items)
        case Call():
            return change(replace(part, arguments=tuple(_changed(each, change) for each in part.arguments)))
    return part
