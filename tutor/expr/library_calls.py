"""Calls as NumPy and PyTorch write them, `np.sum(up, axis=1)` and `up.dot(A.T)`, as our own functions and signs."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from tutor.expr.errors import ParseError
from tutor.expr.scope import Scope
from tutor.expr.spelling import shortened
from tutor.expr.tree import (
    ArrayLiteral,
    Binary,
    Call,
    EllipsisIndex,
    Keyword,
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

_SIGNS = {
    **dict.fromkeys(("dot", "matmul", "mm", "bmm", "mv", "vdot", "__matmul__"), "@"),
    **dict.fromkeys(("multiply", "mul"), "*"),
    **dict.fromkeys(("divide", "true_divide", "div"), "/"),
    **dict.fromkeys(("subtract", "sub"), "-"),
    **dict.fromkeys(("power", "pow", "float_power"), "^"),
    **{"add": "+", "greater": ">", "gt": ">", "less": "<", "lt": "<", "greater_equal": ">=", "ge": ">="},
    **{"less_equal": "<=", "le": "<=", "equal": "==", "eq": "==", "not_equal": "!=", "ne": "!="},
}
_OTHER_NAMES = {"maximum": "max", "minimum": "min", "max": "amax", "min": "amin", "ger": "outer", "absolute": "abs"}
_OTHER_NAMES |= {"ones_like": "ones", "zeros_like": "zeros", "concatenate": "concat", "cat": "concat", "ln": "log"}
_REDUCTIONS = frozenset({"sum", "mean", "amax", "amin", "prod", "var", "std", "cumsum"})
_SAME_NUMBERS = frozenset({"float", "double", "copy", "clone", "detach", "contiguous", "item", "astype", "to", "numpy"})
_TURNS = frozenset({"t", "transpose", "swapaxes", "permute", "mT", "adjoint"})
_ARRAYS = frozenset({"array", "asarray", "tensor", "Tensor", "as_tensor"})
_SHAPED = frozenset({"reshape", "view"})
_FLAT = frozenset({"flatten", "ravel"})


def translated(tree: Tree, scope: Scope) -> Tree:
    """The tree with every call of a library's function or method as a call of ours; raises ParseError for others."""
    if not any(isinstance(part, Call) and _is_borrowed(part, scope) for part in walk(tree)):
        return tree
    return _changed(tree, lambda call: _translated(call, scope) if _is_borrowed(call, scope) else call)


def _is_borrowed(call: Call, scope: Scope) -> bool:
    return "." in call.function or (call.function in _ARRAYS and call.function not in scope.functions)


def _translated(call: Call, scope: Scope) -> Tree:
    name = call.function.rpartition(".")[2].strip()
    made = _meaning(name, call)
    unknown = isinstance(made, Call) and made.function not in scope.functions
    bare = call.function.startswith("..") and name != "mT"  # `W.sum`, without brackets
    if bare or (unknown and call.function.startswith(".")):
        raise ParseError(_not_behind_a_dot(name, scope), Span(call.arguments[0].span.end, call.span.end))
    return replace(made, span=call.span)


def _meaning(name: str, call: Call) -> Tree:
    """What a call says in our language; one of an unknown function where it says nothing."""
    given = call.arguments
    options = tuple(replace(each, name=OPTION_WORDS.get(each.name, each.name)) for each in call.keywords)
    if name in _SIGNS and len(given) == 2 and not options:
        return Binary(_SIGNS[name], *given)
    if name == "negative" and len(given) == 1:
        return Negation(given[0])
    if name in _TURNS and given and _swaps_two(name, given[1:]):
        return Transposed(given[0])
    if (name in _SAME_NUMBERS and given) or (name in _ARRAYS and len(given) == 1):
        return given[0]
    if name in _SHAPED and len(given) > 1:
        sizes = given[1] if len(given) == 2 and isinstance(given[1], ArrayLiteral) else ArrayLiteral(given[1:])
        return Call("reshape", (given[0], sizes), options)
    if name in _FLAT and len(given) == 1:
        return Call("reshape", (given[0], ArrayLiteral((Negation(Number("1", 1.0)),))))
    if name in ("ones", "zeros") and len(given) == 1 and isinstance(given[0], ArrayLiteral):
        return Call(name, given[0].items)  # a shape, where ours takes an array or sizes
    if name in ("max", "min") and len(given) == 2 and not isinstance(given[1], Number):
        return Call(name, given, options)
    ours = _OTHER_NAMES.get(name, name)
    if ours in _REDUCTIONS and len(given) == 2:
        axis = given[1]
        return Call(ours, given[:1], (Keyword("axis", axis, span=axis.span), *options))
    return Call(ours, given, options)


def _swaps_two(name: str, axes: Sequence[Tree]) -> bool:
    """Do these axes turn a matrix: none, or 0 and 1 in the order in which the method turns it?"""
    if len(axes) == 1 and isinstance(axes[0], ArrayLiteral):
        axes = axes[0].items
    numbers = [int(axis.value) for axis in axes if isinstance(axis, Number)]
    last_two = len(axes) == 2 and all(isinstance(axis, Negation) for axis in axes)
    return not axes or last_two or (sorted(numbers) == [0, 1] and (numbers == [1, 0] or name != "permute"))


def _not_behind_a_dot(name: str, scope: Scope) -> Message:
    if name in _TURNS:
        return msg("expr.attribute-transpose", name=name)
    if name in scope.functions:
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
