"""The calls of NumPy, PyTorch and `torch.nn.functional` that our functions correspond to, as a table."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Form:
    """How a call is written in lessons.

    `function` is our function, or an operator. `inputs` are the names that Python has for the arrays, in order;
    `options` maps Python's names of further arguments to ours, in the order in which they may stand without a name,
    an empty name for one that is left out. `preset` are options of ours that the call implies.
    """

    function: str
    inputs: tuple[str, ...] = ("input",)
    options: Mapping[str, str] = field(default_factory=dict)
    preset: Mapping[str, str] = field(default_factory=dict)
    optional: int = 0  # how many of the last inputs may be missing
    listed: bool = False  # the arrays come as a list, as in `concatenate([a, b])`


_AXIS = {"axis": "axis", "dim": "axis"}
_REDUCED = {**_AXIS, "keepdims": "keepdims", "keepdim": "keepdims"}
_TWO = ("input", "other")
_REDUCTION = {"reduction": "reduction"}
_WINDOW = {"kernel_size": "size", "stride": "stride", "padding": "padding"}

_SAME_NAME = (
    "exp", "log", "log1p", "sqrt", "square", "sin", "cos", "tan", "sinh", "cosh", "tanh", "sigmoid", "relu", "softplus",
    "silu",
)  # fmt: skip

CALLS: dict[str, Form] = {
    **{name: Form(name) for name in _SAME_NAME},
    **dict.fromkeys(("abs", "absolute", "fabs"), Form("abs")),
    **dict.fromkeys(("negative", "neg"), Form("neg")),
    "expit": Form("sigmoid"),
    "leaky_relu": Form("leaky_relu", options={"negative_slope": "slope"}),
    "elu": Form("elu", options={"alpha": "alpha"}),
    "gelu": Form("gelu", options={"approximate": "approximate"}),
    "add": Form("+", _TWO),
    **dict.fromkeys(("subtract", "sub"), Form("-", _TWO)),
    **dict.fromkeys(("multiply", "mul"), Form("*", _TWO)),
    **dict.fromkeys(("divide", "div", "true_divide"), Form("/", _TWO)),
    **dict.fromkeys(("power", "pow", "float_power"), Form("^", _TWO)),
    **dict.fromkeys(("matmul", "mm", "bmm", "mv", "dot"), Form("@", _TWO)),
    "maximum": Form("max", _TWO),
    "minimum": Form("min", _TWO),
    "outer": Form("outer", _TWO),
    "kron": Form("kron", _TWO),
    "where": Form("where", ("condition", "input", "other")),
    **dict.fromkeys(("clip", "clamp"), Form("clip", options={"min": "lo", "max": "hi", "a_min": "lo", "a_max": "hi"})),
    "sum": Form("sum", options=_REDUCED),
    "mean": Form("mean", options=_REDUCED),
    "prod": Form("prod", options=_REDUCED),
    **dict.fromkeys(("amax", "max"), Form("amax", options=_REDUCED)),
    **dict.fromkeys(("amin", "min"), Form("amin", options=_REDUCED)),
    "var": Form("var", options={**_REDUCED, "ddof": "ddof", "correction": "ddof", "unbiased": "unbiased"}),
    "std": Form("std", options={**_REDUCED, "ddof": "ddof", "correction": "ddof", "unbiased": "unbiased"}),
    "norm": Form("norm", options={"ord": "ord", "p": "ord", **_REDUCED}),
    "logsumexp": Form("logsumexp", options=_REDUCED),
    "cumsum": Form("cumsum", options=_AXIS),
    "softmax": Form("softmax", options=_AXIS),
    "log_softmax": Form("log_softmax", options=_AXIS),
    **dict.fromkeys(("concatenate", "concat", "cat"), Form("concat", options=_AXIS, listed=True)),
    "stack": Form("stack", options=_AXIS, listed=True),
    **dict.fromkeys(("detach", "stop_gradient"), Form("stop_gradient")),
    "cross_entropy": Form("cross_entropy", ("input", "target"), _REDUCTION),
    "mse_loss": Form("mse", ("input", "target"), _REDUCTION),
    "binary_cross_entropy_with_logits": Form("bce_with_logits", ("input", "target"), _REDUCTION),
    "linear": Form("linear", ("input", "weight", "bias"), optional=1),
    "layer_norm": Form("layer_norm", ("input", "weight", "bias"), {"normalized_shape": "", "eps": "eps"}),
    "conv1d": Form("conv1d", ("input", "weight", "bias"), {"stride": "stride", "padding": "padding"}, optional=1),
    "conv2d": Form("conv2d", ("input", "weight", "bias"), {"stride": "stride", "padding": "padding"}, optional=1),
    **dict.fromkeys(("max_pool1d", "max_pool2d"), Form("max_pool", options=_WINDOW)),
    **dict.fromkeys(("avg_pool1d", "avg_pool2d"), Form("avg_pool", options=_WINDOW)),
    "embedding": Form("embedding", ("input", "weight")),
}  # fmt: skip

# Other names that libraries give to the first array and the rest.
SYNONYMS: Mapping[str, tuple[str, ...]] = {
    "input": ("x", "x1", "a", "self", "tensor", "tensors", "arrays", "logits", "m"),
    "other": ("x2", "b", "y", "exponent"),
    "target": ("y", "labels", "t"),
    "weight": ("w",),
    "condition": ("c",),
}

# Everything before the last dot of a call's name.
MODULES = frozenset(
    {"np", "numpy", "jnp", "jax.numpy", "autograd.numpy", "anp", "torch", "F", "torch.nn.functional", "nn.functional"}
    | {
        "functional",
        "math",
        "torch.linalg",
        "np.linalg",
        "numpy.linalg",
        "torch.special",
        "scipy.special",
        "jax.nn",
        "nn",
    }
)
CONSTANT_NAMES: Mapping[str, str] = {"pi": "pi", "e": "e"}
