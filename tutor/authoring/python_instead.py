"""What to write in Python instead of what has no counterpart in a lesson."""

import ast
from collections.abc import Mapping
from difflib import get_close_matches

from tutor.authoring.python_calls import CALLS
from tutor.authoring.python_nodes import last, literal, shown
from tutor.text import Message, msg

# What to write for calls that have no function of ours.
INSTEAD: Mapping[str, str] = {
    "binary_cross_entropy": "F.binary_cross_entropy_with_logits(z, t)",
    "l1_loss": "(y - t).abs().mean()",
    **dict.fromkeys(("smooth_l1_loss", "huber_loss"), "torch.where(r.abs() < 1, 0.5 * r ** 2, r.abs() - 0.5).mean()"),
    "cosine_similarity": "u @ v / (u.norm() * v.norm())",
    "normalize": "x / x.norm()",
    "column_stack": "np.stack([a, b], axis=1)",
    "tensordot": "np.einsum",
    **dict.fromkeys(("inner", "vdot"), "np.dot(a, b)"),
    "logaddexp": "np.log(np.exp(a) + np.exp(b))",
    "expm1": "np.exp(x) - 1",
    "reciprocal": "1 / x",
    "rsqrt": "1 / x ** 0.5",
    "log2": "np.log(x) / np.log(2)",
    "log10": "np.log(x) / np.log(10)",
    "relu6": "x.clamp(0, 6)",
    "hardtanh": "x.clamp(-1, 1)",
    "logsigmoid": "torch.log(torch.sigmoid(x))",
    "average": "np.mean(x)",
    "addmm": "b + X @ W",
    "addmv": "b + W @ x",
    "baddbmm": "b + X @ W",
    "ReLU": "F.relu(x)",
    "LeakyReLU": "F.leaky_relu(x)",
    "ELU": "F.elu(x)",
    "GELU": "F.gelu(x)",
    "SiLU": "F.silu(x)",
    "Softplus": "F.softplus(x)",
    "Sigmoid": "torch.sigmoid(x)",
    "Tanh": "torch.tanh(x)",
    "Softmax": "F.softmax(x, dim=-1)",
    "LogSoftmax": "F.log_softmax(x, dim=-1)",
    "CrossEntropyLoss": "F.cross_entropy(s, y)",
    "MSELoss": "F.mse_loss(y, t)",
    "BCEWithLogitsLoss": "F.binary_cross_entropy_with_logits(z, t)",
    "BCELoss": "F.binary_cross_entropy_with_logits(z, t)",
    "L1Loss": "(y - t).abs().mean()",
    "Linear": "x @ W.T + b",
}

_ARRAYS = frozenset({"tensor", "as_tensor", "array", "asarray", "float32", "float64"})


def call_refused(node: ast.Call) -> Message:
    """Why a call cannot stand in a lesson, with what can where that is known."""
    function = node.func
    # A layer is made and then called: `nn.ReLU()(x)`.
    name = last(function.func if isinstance(function, ast.Call) else function)
    known = shown(function)
    if name in INSTEAD:
        return msg("authoring.python-call-instead", name=known, instead=INSTEAD[name])
    if name == "one_hot":
        return msg("authoring.python-one-hot", name=known)
    if name in _ARRAYS and node.args and (number := literal(node.args[0])) is not None:
        return msg("authoring.python-call-instead", name=shown(node), instead=shown(number))
    near = get_close_matches(name, CALLS, n=1, cutoff=0.7)
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
