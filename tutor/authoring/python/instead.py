"""What to write in Python instead of what has no counterpart in a lesson: the same thing in other words, or nothing."""

import ast
from difflib import get_close_matches

from tutor.authoring.python.libraries import TABLES
from tutor.authoring.python.nodes import shown
from tutor.text import Message, msg


def call_refused(node: ast.Call, path: str) -> Message:
    """Why a call cannot stand in a lesson; a near name is offered only where the library has none of that name."""
    import numpy as np

    module, _, name = path.rpartition(".")
    known = shown(node.func)
    if module == "numpy" and not hasattr(np, name):
        near = get_close_matches(name, TABLES[module], n=1, cutoff=0.7)
        if near:
            return msg("authoring.python-call-near", name=known, near=near[0])
    return msg("authoring.python-call", name=known)


def chosen_entries(statement: ast.stmt, *, torch: bool) -> str | None:
    """`H = np.where(H < 0, 0, H)` for `H[H < 0] = 0`; None for other statements."""
    match statement:
        case ast.Assign(targets=[ast.Subscript(value=ast.Name() as array, slice=ast.Compare() as where)], value=value):
            new = value
        case ast.AugAssign(target=ast.Subscript(value=ast.Name() as array, slice=ast.Compare() as where), op=op):
            new = ast.BinOp(left=array, op=op, right=statement.value)
        case _:
            return None
    module = "torch" if torch else "np"
    return f"{array.id} = {module}.where({ast.unparse(where)}, {ast.unparse(new)}, {array.id})"
