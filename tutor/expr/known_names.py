"""Are the names and functions of a tree known here? If not, which one was probably meant?"""

import re
from difflib import get_close_matches
from unicodedata import normalize

from tutor.expr.errors import ParseError
from tutor.expr.scope import Scope
from tutor.expr.spelling import greek, shortened
from tutor.expr.tree import Call, Name, Tree, walk
from tutor.text import Message, msg

_NOT_FINITE = frozenset({"nan", "inf", "infinity", "∞"})
# What other libraries have functions for, and how it is written here.
_OPERATORS = {
    **dict.fromkeys(("matmul", "mm", "bmm", "mv"), "a @ b"),
    **dict.fromkeys(("multiply", "mul", "times"), "a * b"),
    **dict.fromkeys(("divide", "div"), "a / b"),
    **dict.fromkeys(("subtract", "sub"), "a - b"),
    **dict.fromkeys(("power", "pow"), "a^b"),
    "add": "a + b",
    "sech": "1/cosh(x)",
    "ln": "log(x)",
    "array": "[1, 2]",
    "tensor": "[1, 2]",
    "one_hot": "onehot(labels, k)",
    "ones_like": "ones(x)",
    "zeros_like": "zeros(x)",
    "maximum": "max(a, b)",
    "minimum": "min(a, b)",
    "T": "x.T",
}
_TURNED = re.compile(r"\s*(\.T\b|ᵀ|⊤|\^\s*[Tᵀ]|\.t\()")
UPSTREAM = ("upstream", "delta", "up", "δ")
_FEW = 8
_LONGEST = 50


def check_names(tree: Tree, scope: Scope, typed: str) -> None:
    """Refuse names and functions that the scope does not know; raises ParseError with the nearest that it does."""
    for part in walk(tree):
        if isinstance(part, Name) and scope.names is not None and part.name not in scope.names:
            turned = bool(_TURNED.match(typed, part.span.end))
            said = _glued(part.name, scope, turned) or _unknown_name(part.name, scope.names, scope)
            raise ParseError(said, part.span)
        if isinstance(part, Call) and part.function not in scope.functions:
            raise ParseError(_unknown_function(part, scope, typed), part.span._replace(end=_name_end(part, typed)))


def function_elsewhere(name: str, scope: Scope) -> Message | None:
    """What to write for a function that is not called so here, as `ln`; None for any other name."""
    if name not in _OPERATORS or name in scope.functions or scope.knows(name) or name == "T":
        return None
    return msg("expr.function-operator", name=name, instead=_OPERATORS[name])


def nearest_name(name: str, known: frozenset[str], count: int = 1) -> list[str]:
    """The known names that `name` may have been meant for, the nearest first: other case, Greek spelt out, a slip."""
    if len(name) > _LONGEST:
        return []
    plain = {each: _plain(each) for each in sorted(known)}
    same = [each for each, spelt in plain.items() if spelt == _plain(name)]
    if len(name) == 1:  # one letter is like many a name: i is no pi
        return same[:count]
    close = get_close_matches(_plain(name), set(plain.values()), n=count, cutoff=0.6)
    near = [each for spelt in close for each in plain if plain[each] == spelt]
    return list(dict.fromkeys(same + near))[:count]


def _glued(name: str, scope: Scope, turned: bool) -> Message | None:
    """What to say of a gradient and a name written as one, as `δx` and `dzx`; None for any other name."""
    for end in range(1, min(len(name), _LONGEST)):
        left, right = name[:end], name[end:]
        is_gradient = left in UPSTREAM if scope.knows(left) else left[0] in "d∂" and left[1:] in scope.gradients
        if is_gradient and scope.knows(right):
            id = "expr.unknown-name-glued-turned" if turned else "expr.unknown-name-glued"
            return Message(id, {"name": shortened(name), "left": left, "right": right})
    return None


def _unknown_name(name: str, known: frozenset[str], scope: Scope) -> Message:
    if name.lower() in _NOT_FINITE:
        return msg("expr.infinity", name=name)
    if name in scope.functions:
        return msg("expr.function-as-name", name=name)
    if name == "I" and "eye" in scope.functions:
        return msg("expr.identity", name=name)
    gradients = frozenset(f"d{each}" for each in scope.gradients)
    if name[0] in "d∂" and name[1:] in known:
        return msg("expr.no-gradients", name=shortened(name))
    if near := nearest_name(name, known | gradients):
        return msg("expr.unknown-name-near", name=shortened(name), near=near[0])
    if 0 < len(known) <= _FEW:
        spelt = {_plain(each): each for each in sorted(known, reverse=True)}  # π need not stand beside pi
        return msg("expr.unknown-name-among", name=shortened(name), names=sorted(spelt.values()))
    return msg("expr.unknown-name", name=shortened(name))


def _unknown_function(call: Call, scope: Scope, typed: str) -> Message:
    if scope.knows(call.function):
        inside = shortened(typed[_name_end(call, typed) : call.span.end].strip())
        return msg("expr.name-called", name=call.function, inside=inside)
    if call.function in _OPERATORS:
        return msg("expr.function-operator", name=call.function, instead=_OPERATORS[call.function])
    if near := nearest_name(call.function, scope.functions, count=3):
        return msg("expr.unknown-function-near", name=shortened(call.function), near=near)
    return msg("expr.unknown-function", name=shortened(call.function))


def _name_end(call: Call, typed: str) -> int:
    bracket = min(at for at in (typed.find(opening, call.span.start) for opening in "(（") if at >= 0)
    return call.span.start + len(typed[call.span.start : bracket].rstrip())


def _plain(name: str) -> str:
    """Lower case, Greek letters by their names: `δ` and `Delta` are both `delta`, and `ϵ` is `epsilon` as `ε` is."""
    return "".join(greek(letter) or letter for letter in normalize("NFKC", name)).lower()
