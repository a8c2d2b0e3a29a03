"""The table of calls: for each, its signature as its library has it and what it means; arguments bind as in Python."""

import ast
import inspect
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from tutor.authoring.python.python_values import Array, Library, Parameter, Size, Value
from tutor.authoring.python.syntax_nodes import signature


class Unset:
    """What NumPy's signatures show as `<no value>`."""

    def __repr__(self) -> str:
        return "<no value>"


UNSET = Unset()
# Where an entry lies, who computes and how a result is kept changes no number.
_NEUTRAL = frozenset(
    {
        "copy",
        "casting",
        "subok",
        "device",
        "requires_grad",
        "pin_memory",
        "generator",
        "memory_format",
        "non_blocking",
        "optimize",
    }
    | {"_stacklevel", "layout", "sparse_grad", "sparse", "like"}
)
_FLOATS = frozenset({"float", "float64", "double", "float32", "float_"})
_ALSO = {"axis": "dim", "keepdims": "keepdim", "x": "input", "a": "input"}  # PyTorch takes NumPy's words too
_PLACES = frozenset({"dim", "axis", "dim0", "dim1", "axis1", "axis2", "start_dim", "end_dim", "source", "destination"})
_TRUTHS = frozenset({"keepdim", "keepdims", "unbiased", "inplace", "training", "is_causal"})


@dataclass(frozen=True, slots=True)
class CallRow:
    """One way to call a function: its signature and, in Python's syntax over our functions, what it computes."""

    signature: inspect.Signature
    meaning: ast.expr
    mentioned: frozenset[str]

    def unmapped(self, name: str, value: Value) -> bool:
        """Whether an argument says something that the meaning leaves out."""
        if name in self.mentioned or name in _NEUTRAL:
            return False
        if name == "dtype":
            return value is not None and not is_float(value)
        default = self.signature.parameters[name].default
        if isinstance(value, Array | Size | Parameter) or type(value) is not type(default):
            # A number may be given as 1 for 1.0; None stands for a default that the library works out.
            return not (_is_plain(value) and _is_plain(default) and value == default)
        return bool(value != default)


def rows(text: str, macros: Mapping[str, str] | None = None) -> dict[str, tuple[CallRow, ...]]:
    """A table from its text: a line with names and signature, below it, indented, the meaning."""
    found: dict[str, tuple[CallRow, ...]] = {}
    names, arguments = "", ""
    for line in text.splitlines():
        for macro, words in (macros or {}).items():
            line = line.replace(f"{{{macro}}}", words)
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        if not line.startswith(" "):
            names, _, rest = line.partition("(")
            arguments = f"({rest}"
            continue
        for name in (each.strip() for each in names.split("|")):
            meaning = ast.parse(line.strip().replace("SELF", name), mode="eval").body
            mentioned = frozenset(each.id for each in ast.walk(meaning) if isinstance(each, ast.Name))
            row = CallRow(signature_of(arguments), meaning, mentioned)
            found[name] = (*found.get(name, ()), row)
    return found


@cache
def signature_of(text: str) -> inspect.Signature:
    """A signature from its text; `<no value>` is the default that NumPy tells from every value."""
    function = ast.parse(f"def f{text.replace('<no value>', 'UNSET')}: pass").body[0]
    assert isinstance(function, ast.FunctionDef)
    return signature(function, _default)


def bound(row: CallRow, placed: Sequence[Value], named: Mapping[str, Value]) -> dict[str, Value] | None:
    """What each parameter gets, or None where Python or the library would take these arguments otherwise."""
    own = row.signature.parameters
    named = {_ALSO[name] if name not in own and _ALSO.get(name) in own else name: each for name, each in named.items()}
    try:
        found = row.signature.bind(*placed, **named)
    except TypeError:
        return None
    if not all(_fits(name, value) for name, value in found.arguments.items()):
        return None
    given = set(found.arguments)
    found.apply_defaults()
    if "inplace" in given and found.arguments["inplace"] is not False:
        return None
    return dict(found.arguments)


def _default(node: ast.expr) -> Any:
    return UNSET if isinstance(node, ast.Name) else ast.literal_eval(node)


def _fits(name: str, value: Value) -> bool:
    """Whether a value can stand there at all: what tells the ways apart in which PyTorch may be called."""
    if name in _PLACES:
        return value is None or _is_whole(value) or (isinstance(value, tuple | list) and all(map(_is_whole, value)))
    if name in _TRUTHS:
        return isinstance(value, bool)
    if name in ("input", "other", "self", "mat2", "vec2"):
        return isinstance(value, Array | Size | int | float) and not isinstance(value, bool)
    return isinstance(value, Array) if name in ("target", "mask", "index", "condition") else True


def _is_whole(value: Value) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_plain(value: Value) -> bool:
    return value is None or isinstance(value, int | float | str | bool)


def is_float(value: Value) -> bool:
    return isinstance(value, Library) and value.path.rpartition(".")[2] in _FLOATS
