"""Formulas as teachers write them behind `--from`, and what their functions mean, written down in NumPy."""

from typing import Any

import autograd.numpy as anp
import numpy as np

# Formula, shapes, sizes.
FORMULAS: list[tuple[str, str, str]] = [
    ("(x + y) * z", "", ""),
    ("(x + y) * max(y, z)", "", ""),
    ("f = x * y; g = f + x", "", ""),
    ("q = x + y; f = q * z", "", ""),
    ("1 / (1 + exp(-(w0 * x0 + w1 * x1 + w2)))", "", ""),
    ("sigmoid(w * x + b)", "", ""),
    ("tanh(x1 * w1 + x2 * w2 + b)", "", ""),
    ("L = (a * b + c) * f", "", ""),
    ("exp(x^2 + exp(x^2)) + cos(x^2 + exp(x^2))", "", ""),
    ("sin(x1 * x2) * exp(x3) - x1^2 * x3", "", ""),
    ("log(x1) + x1 * x2 - sin(x2)", "", ""),
    ("(sigmoid(x) - y)^2 / 2", "", ""),
    ("-(y * log(p) + (1 - y) * log(1 - p))", "", ""),
    ("relu(w * x + b) + 0.5 * w^2", "", ""),
    ("leaky_relu(w * x, slope=0.1)", "", ""),
    ("sqrt(x^2 + y^2)", "", ""),
    ("x / (y + z)", "", ""),
    ("abs(x - t) + clip(x, -1, 1)", "", ""),
    ("softplus(w * x) + silu(x) + elu(x)", "", ""),
    ('gelu(w * x, approximate="tanh")', "", ""),
    ("min(x, y) - max(x, 2 * y)", "", ""),
    ("square(x) * log1p(x) * cosh(x)", "", ""),
    ("s = u.T @ tanh(W @ x + b)", "W: n,m; x: m,1; b: n,1; u: n,1", "n=3,m=2"),
    ("s = dot(u, sigmoid(W @ x + b))", "W: n,m; x: m; b: n; u: n", "n=3,m=2"),
    ("J = max(0, 1 - u @ tanh(W @ x) + u @ tanh(W @ xc))", "W: n,m; x: m; xc: m; u: n", "n=3,m=2"),
    ("x.T @ A @ x", "x: n,1; A: n,n", "n=3"),
    ("sum((X @ w - y)^2) / N", "X: N,d; w: d; y: N", "N=3,d=2"),
    ("mean((X @ w + b - y)^2) + 0.1 * sum(w^2)", "X: N,d; w: d; y: N", "N=3,d=2"),
    ("mse(X @ W, T)", "X: N,d; W: d,k; T: N,k", "N=2,d=3,k=4"),
    ("cross_entropy(X @ W + b, y)", "X: N,d; W: d,k; b: k; y: N labels k", "N=2,d=3,k=4"),
    (
        "h = relu(X @ W1 + b1); cross_entropy(h @ W2 + b2, y)",
        "X: N,d; W1: d,m; b1: m; W2: m,k; b2: k; y: N labels k",
        "",
    ),
    ("bce_with_logits(X @ w + b, t)", "X: N,d; w: d; t: N mask 0.5", "N=3,d=2"),
    (
        "L = -mean(y * log(sigmoid(X @ w + b)) + (1 - y) * log(1 - sigmoid(X @ w + b)))",
        "X: N,d; w: d; y: N labels 2",
        "",
    ),
    ("hinge(X @ W, y)", "X: N,d; W: d,k; y: N labels k", "N=2,d=3,k=4"),
    ("-sum(t * log_softmax(z))", "z: k; t: k onehot k", "k=4"),
    ("-log(softmax(U @ v)[o])", "U: V,d; v: d; o: labels V", "V=4,d=3"),
    ("logsumexp(z) - z[0]", "z: k", "k=4"),
    ("softmax(Q @ K.T / sqrt(d), axis=1) @ V", "Q: n,d; K: m,d; V: m,k", "n=2,m=3,d=4,k=5"),
    ("sum(E[ids] @ w)", "E: V,d; ids: N labels V; w: d", "V=4,d=3,N=2"),
    ("sum(gather(E, ids) * C)", "E: V,d; ids: N labels V; C: N,d", "V=4,d=3,N=2"),
    ("x + W2 @ relu(W1 @ x)", "x: n; W1: m,n; W2: n,m", "n=2,m=3"),
    ("h1 = tanh(W @ x1 + U @ h0); h2 = tanh(W @ x2 + U @ h1)", "W: n,m; U: n,n; x1: m; x2: m; h0: n", "n=2,m=3"),
    ("i = sigmoid(a); f = sigmoid(b); c = f * c0 + i * tanh(g); h = sigmoid(o) * tanh(c)", "", ""),
    ("sum(layer_norm(x, g, b) * w)", "x: n,d; g: d; b: d; w: n,d", "n=2,d=4"),
    ("sum(batch_norm(x, g, b) * w)", "x: n,d; g: d; b: d; w: n,d", "n=4,d=2"),
    ("sum(dropout(x, m, keep=0.8) * w)", "x: n; m: n mask 0.8; w: n", "n=4"),
    ("sum(outer(u, v) * M)", "u: n; v: m; M: n,m", "n=3,m=2"),
    ("einsum('i,ij,j->', x, W, y)", "x: n; W: n,m; y: m", "n=3,m=2"),
    ("sum(tanh(W @ concat(h, x)))", "h: n; x: m; W: k,n+m", "n=2,m=3,k=4"),
    ("sum((x - mean(x))^2) / n", "x: n", "n=4"),
    ("var(x) + norm(x)", "x: n", "n=4"),
    ("prod(x) / sum(exp(x))", "x: n", "n=3"),
    ("amax(X, axis=1) @ w", "X: n,m; w: n", "n=2,m=3"),
    ("sum(where(x > 0, x^2, -x))", "x: n", "n=4"),
    ("cumsum(x) @ w", "x: n; w: n", "n=4"),
    ("sum(reshape(W, [m, n]) @ x)", "W: n,m; x: n", "n=3,m=2"),
    ("sum(x[1:] * x[:-1])", "x: n", "n=4"),
    ("A @ B @ c", "A: n,m; B: m,k; c: k", "n=2,m=3,k=4"),
]


def _softmax(x: Any, axis: int = -1) -> Any:
    powers = anp.exp(x)
    return powers / anp.sum(powers, axis=axis, keepdims=True)


def _rows(x: Any) -> Any:
    return anp.arange(len(x))


def _cross_entropy(z: Any, y: Any) -> Any:
    return -anp.mean(anp.log(_softmax(z))[_rows(z), y])


def _hinge(s: Any, y: Any) -> Any:
    right = s[_rows(s), y]
    return anp.mean(anp.sum(anp.maximum(0, s - right[:, None] + 1), axis=1) - 1)


def _normalized(x: Any, g: Any, b: Any, axis: int) -> Any:
    centred = x - anp.mean(x, axis=axis, keepdims=True)
    return g * centred / anp.sqrt(anp.mean(centred**2, axis=axis, keepdims=True) + 1e-5) + b


MEANS: dict[str, Any] = {
    **{name: getattr(anp, name) for name in (
        "tanh", "exp", "log", "log1p", "sin", "cos", "cosh", "sqrt", "square", "abs", "sum", "mean", "prod", "amax",
        "cumsum", "dot", "outer", "einsum", "where", "clip", "reshape", "var",
    )},
    "max": anp.maximum,
    "min": anp.minimum,
    "sigmoid": lambda x: 1 / (1 + anp.exp(-x)),
    "relu": lambda x: anp.maximum(x, 0),
    "leaky_relu": lambda x, slope: anp.where(x > 0, x, slope * x),
    "elu": lambda x: anp.where(x > 0, x, anp.exp(x) - 1),
    "softplus": lambda x: anp.log(1 + anp.exp(x)),
    "silu": lambda x: x / (1 + anp.exp(-x)),
    "gelu": lambda x, approximate: x * (1 + anp.tanh(np.sqrt(2 / np.pi) * (x + 0.044715 * x**3))) / 2,
    "norm": lambda x: anp.sqrt(anp.sum(x**2)),
    "softmax": _softmax,
    "log_softmax": lambda x: anp.log(_softmax(x)),
    "logsumexp": lambda x: anp.log(anp.sum(anp.exp(x))),
    "gather": lambda table, rows: table[rows],
    "concat": lambda *each: anp.concatenate(each),
    "mse": lambda y, t: anp.mean((y - t) ** 2),
    "bce_with_logits": lambda z, t: anp.mean(anp.log(1 + anp.exp(z)) - t * z),
    "cross_entropy": _cross_entropy,
    "hinge": _hinge,
    "layer_norm": lambda x, g, b: _normalized(x, g, b, -1),
    "batch_norm": lambda x, g, b: _normalized(x, g, b, 0),
    "dropout": lambda x, m, keep: x * m / keep,
}  # fmt: skip


def outputs_by_numpy(text: str, numbers: dict[str, Any], outputs: tuple[str, ...]) -> list[Any]:
    """The values of these lines where Python runs the formulas itself."""
    names = {**MEANS, **numbers}
    for piece in text.replace("^", "**").split(";"):
        name, equals, formula = piece.partition(" = ")
        found = eval(formula if equals else piece, names)
        names[name.strip() if equals else "result"] = found
    return [names.get(each, names.get("result")) for each in outputs]
