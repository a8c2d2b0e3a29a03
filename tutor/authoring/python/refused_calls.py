"""Why a call cannot stand in a lesson; a near name is offered only where the library has none of that name."""

import ast
from difflib import get_close_matches

from tutor.authoring.python.libraries import TABLES
from tutor.authoring.python.syntax_nodes import shown
from tutor.text import Message, msg


def call_refused(node: ast.Call, path: str) -> Message:
    """What is said of the call of this dotted name."""
    import numpy as np

    module, _, name = path.rpartition(".")
    known = shown(node.func)
    if module == "numpy" and not hasattr(np, name):
        near = get_close_matches(name, TABLES[module], n=1, cutoff=0.7)
        if near:
            return msg("authoring.python-call-near", name=known, near=near[0])
    return msg("authoring.python-call", name=known)
