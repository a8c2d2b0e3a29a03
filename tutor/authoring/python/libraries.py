"""Which library a dotted name belongs to, and its table."""

import ast
import math
from collections.abc import Iterable, Mapping
from difflib import get_close_matches

from tutor.authoring.python import numpy_table, torch_table
from tutor.authoring.python.call_table import CallRow
from tutor.authoring.python.syntax_nodes import shown
from tutor.text import Message, msg

_NO_ROW = ("print", "super", "str", "bool", "dict", "round", "eval", "open", "staticmethod")
# What names mean where nothing is imported, as in a cell or a fragment.
KNOWN: Mapping[str, str] = {
    "np": "numpy",
    "numpy": "numpy",
    "anp": "numpy",
    "jnp": "numpy",
    "torch": "torch",
    "nn": "torch.nn",
    "F": "torch.nn.functional",
    "functional": "torch.nn.functional",
    "math": "math",
    "jax": "jax",
    "scipy": "scipy",
    **{name: f"builtins.{name}" for name in (*numpy_table.BUILTINS, *_NO_ROW)},
}
_SAME: Mapping[str, str] = {"jax.numpy": "numpy", "autograd.numpy": "numpy", "torch.functional": "torch"}

TABLES: Mapping[str, Mapping[str, tuple[CallRow, ...]]] = {
    "numpy": numpy_table.NUMPY,
    "numpy.linalg": numpy_table.NUMPY_LINALG,
    "ndarray": numpy_table.NDARRAY,
    "math": numpy_table.MATH,
    "scipy.special": numpy_table.SCIPY_SPECIAL,
    "jax.nn": numpy_table.JAX_NN,
    "jax.lax": numpy_table.JAX_LAX,
    "numpy.random": numpy_table.RANDOM,
    "builtins": numpy_table.BUILTINS,
    "torch": torch_table.TORCH,
    "torch.linalg": torch_table.LINALG,
    "torch.special": torch_table.SPECIAL,
    "torch.nn": torch_table.NN,
    "torch.nn.functional": torch_table.FUNCTIONAL,
    "tensor": torch_table.TENSOR,
}
_NUMBERS: Mapping[str, str | float | None] = {"pi": "pi", "e": "e", "inf": math.inf, "newaxis": None}
CONSTANTS: Mapping[str, Mapping[str, str | float | None]] = {
    "numpy": _NUMBERS,
    "torch": _NUMBERS,
    "math": {name: _NUMBERS[name] for name in ("pi", "e", "inf")},
}
# What looks at the entries of its first argument instead of making new ones.
VIEWS = frozenset(
    {"reshape", "view", "ravel", "transpose", "swapaxes", "swapdims", "permute", "t", "squeeze", "unsqueeze"}
    | {"expand_dims", "detach", "asarray", "moveaxis", "movedim", "view_as", "reshape_as", "permute_dims", "numpy"}
    | {"matrix_transpose", "flatten", "diagonal", "flip", "fliplr", "flipud", "atleast_2d", "expand", "expand_as"}
    | { "float", "double", "contiguous", "cpu", "cuda", "to", "requires_grad_", "dropout"}
)  # fmt: skip
CUT = frozenset({"split", "chunk", "unbind"})


def library_named(path: str) -> str:
    """The dotted name under which the tables have a module that has several."""
    for name, same in _SAME.items():
        if path == name or path.startswith(f"{name}."):
            return same + path[len(name) :]
    return path


def names_of(module: str) -> Iterable[str]:
    """The names that `from module import *` binds, as far as they are known."""
    if module == "numpy":  # some that Python has too stay Python's
        import numpy as np

        return np.__all__
    return {*TABLES.get(module, {}), *CONSTANTS.get(module, {})}


def call_refused(node: ast.Call, path: str) -> Message:
    """Why a call cannot stand in a lesson; a near name is offered only where NumPy has none of that name."""
    import numpy as np

    module, _, name = path.rpartition(".")
    known = shown(node.func)
    if module == "numpy" and not hasattr(np, name):
        near = get_close_matches(name, TABLES[module], n=1, cutoff=0.7)
        if near:
            return msg("authoring.python-call-near", name=known, near=near[0])
    return msg("authoring.python-call", name=known)
