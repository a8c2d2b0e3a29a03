"""The layers of `torch.nn` in the Python that is read here: what they keep, and what they compute."""

import ast
from functools import cache

_PLAIN = {
    "ReLU": ("inplace=False", "F.relu(input, inplace=self.inplace)"),
    "LeakyReLU": ("negative_slope=0.01, inplace=False", "F.leaky_relu(input, self.negative_slope, self.inplace)"),
    "ELU": ("alpha=1.0, inplace=False", "F.elu(input, self.alpha, self.inplace)"),
    "GELU": ("approximate='none'", "F.gelu(input, approximate=self.approximate)"),
    "SiLU": ("inplace=False", "F.silu(input, inplace=self.inplace)"),
    "Mish": ("inplace=False", "F.mish(input, inplace=self.inplace)"),
    "Softplus": ("beta=1.0, threshold=20.0", "F.softplus(input, self.beta, self.threshold)"),
    "Tanh": ("", "torch.tanh(input)"),
    "Sigmoid": ("", "torch.sigmoid(input)"),
    "LogSigmoid": ("", "F.logsigmoid(input)"),
    "Softmax": ("dim=None", "F.softmax(input, dim=self.dim)"),
    "LogSoftmax": ("dim=None", "F.log_softmax(input, dim=self.dim)"),
    "Identity": ("*args", "input"),
    "Dropout": ("p=0.5, inplace=False", "F.dropout(input, self.p, True, self.inplace)"),
    "Flatten": ("start_dim=1, end_dim=-1", "torch.flatten(input, self.start_dim, self.end_dim)"),
    **{
        f"MaxPool{n}d": (
            "kernel_size, stride=None, padding=0, dilation=1, return_indices=False, ceil_mode=False",
            f"F.max_pool{n}d(input, self.kernel_size, self.stride, self.padding, self.dilation, self.ceil_mode, "
            "self.return_indices)",
        )
        for n in (1, 2)
    },
    "AvgPool1d": (
        "kernel_size, stride=None, padding=0, ceil_mode=False, count_include_pad=True",
        "F.avg_pool1d(input, self.kernel_size, self.stride, self.padding, self.ceil_mode, self.count_include_pad)",
    ),
    "AvgPool2d": (
        "kernel_size, stride=None, padding=0, ceil_mode=False, count_include_pad=True, divisor_override=None",
        "F.avg_pool2d(input, self.kernel_size, self.stride, self.padding, self.ceil_mode, self.count_include_pad, "
        "self.divisor_override)",
    ),
}
_MEAN = "size_average=None, reduce=None, reduction='mean'"
_LOSSES = {
    "CrossEntropyLoss": (
        "weight=None, size_average=None, ignore_index=-100, reduce=None, reduction='mean', label_smoothing=0.0",
        "cross_entropy",
    ),
    "NLLLoss": ("weight=None, size_average=None, ignore_index=-100, reduce=None, reduction='mean'", "nll_loss"),
    "MSELoss": (_MEAN, "mse_loss"),
    "L1Loss": (_MEAN, "l1_loss"),
    "SmoothL1Loss": (f"{_MEAN}, beta=1.0", "smooth_l1_loss"),
    "HuberLoss": ("reduction='mean', delta=1.0", "huber_loss"),
    "BCELoss": (f"weight=None, {_MEAN}", "binary_cross_entropy"),
    "BCEWithLogitsLoss": (f"weight=None, {_MEAN}, pos_weight=None", "binary_cross_entropy_with_logits"),
    "KLDivLoss": (f"{_MEAN}, log_target=False", "kl_div"),
    "SoftMarginLoss": (_MEAN, "soft_margin_loss"),
}
_WITH_WEIGHTS = """
class Linear:
    def __init__(self, in_features, out_features, bias=True, device=None, dtype=None):
        self.weight = nn.Parameter(torch.empty(out_features, in_features))
        self.bias = nn.Parameter(torch.empty(out_features)) if bias else None
    def forward(self, input):
        return F.linear(input, self.weight, self.bias)

class LayerNorm:
    def __init__(self, normalized_shape, eps=1e-05, elementwise_affine=True, bias=True, device=None, dtype=None):
        self.normalized_shape, self.eps = normalized_shape, eps
        self.weight = nn.Parameter(torch.empty(normalized_shape)) if elementwise_affine else None
        self.bias = nn.Parameter(torch.empty(normalized_shape)) if elementwise_affine and bias else None
    def forward(self, input):
        return F.layer_norm(input, self.normalized_shape, self.weight, self.bias, self.eps)

class RMSNorm:
    def __init__(self, normalized_shape, eps=None, elementwise_affine=True, device=None, dtype=None):
        self.normalized_shape, self.eps = normalized_shape, eps
        self.weight = nn.Parameter(torch.empty(normalized_shape)) if elementwise_affine else None
    def forward(self, x):
        return F.rms_norm(x, self.normalized_shape, self.weight, self.eps)

class Embedding:
    def __init__(self, num_embeddings, embedding_dim, padding_idx=None, max_norm=None, norm_type=2.0,
                 scale_grad_by_freq=False, sparse=False, _weight=None, _freeze=False, device=None, dtype=None):
        self.weight = nn.Parameter(torch.empty(num_embeddings, embedding_dim)) if _weight is None else _weight
        self.options = (padding_idx, max_norm, norm_type, scale_grad_by_freq, sparse)
    def forward(self, input):
        return F.embedding(input, self.weight, *self.options)

class BatchNorm1d:
    def __init__(self, num_features, eps=1e-05, momentum=0.1, affine=True, track_running_stats=True, device=None,
                 dtype=None, *, bias=True):
        self.eps = eps
        self.weight = nn.Parameter(torch.empty(num_features)) if affine else None
        self.bias = nn.Parameter(torch.empty(num_features)) if affine and bias else None
    def forward(self, input):
        return F.batch_norm(input, None, None, self.weight, self.bias, True, 0.1, self.eps)

class Sequential:
    def __init__(self, *layers):
        self.layers = [*layers]
    def forward(self, input):
        for layer in self.layers:
            input = layer(input)
        return input
    def __getitem__(self, k):
        return self.layers[k]
"""
_CONVOLUTION = """
class Conv{n}d:
    def __init__(self, in_channels, out_channels, kernel_size, stride=1, padding=0, dilation=1, groups=1, bias=True,
                 padding_mode='zeros', device=None, dtype=None):
        sizes = (kernel_size,) * {n} if isinstance(kernel_size, int) else kernel_size
        self.weight = nn.Parameter(torch.empty(out_channels, in_channels, *sizes))
        self.bias = nn.Parameter(torch.empty(out_channels)) if bias else None
        self.options = (stride, padding, dilation, groups)
        self.padding_mode = {{'zeros': None}}[padding_mode]
    def forward(self, input):
        return F.conv{n}d(input, self.weight, self.bias, *self.options)
"""


@cache
def layers() -> tuple[ast.ClassDef, ...]:
    """Every layer as a class in Python's syntax, never run; nothing in it has a place, since it is in no file."""
    text = [_WITH_WEIGHTS, _CONVOLUTION.format(n=1), _CONVOLUTION.format(n=2)]
    for name, (signature, meaning) in _PLAIN.items():
        text.append(_class(name, signature, "input", meaning))
    for name, (signature, loss) in _LOSSES.items():
        options = ", ".join(f"{each}=self.{each}" for each in _names(signature))
        text.append(_class(name, signature, "input, target", f"F.{loss}(input, target, {options})"))
    module = ast.parse("\n".join(text))
    for node in ast.walk(module):
        if hasattr(node, "lineno"):
            del node.lineno
    return tuple(each for each in module.body if isinstance(each, ast.ClassDef))


def _class(name: str, signature: str, arguments: str, meaning: str) -> str:
    kept = "".join(f"        self.{each} = {each}\n" for each in _names(signature)) or "        pass\n"
    return (
        f"class {name}:\n    def __init__(self, {signature}):\n{kept}"
        f"    def forward(self, {arguments}):\n        return {meaning}\n"
    )


def _names(signature: str) -> list[str]:
    names = [each.partition("=")[0].strip().lstrip("*") for each in signature.split(",")]
    return [name for name in names if name]
