"""Straight-line functions as teachers write them, after micrograd, makemore, CS231n, CS224n and library tutorials."""

import textwrap
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Function:
    """A function's source, the shapes of its arguments, and what it means where NumPy cannot run it as it stands."""

    source: str
    shapes: str = ""
    sizes: str = ""
    means: str = ""
    function: str | None = None
    outputs: tuple[str, ...] = ()


def _function(
    source: str,
    shapes: str = "",
    sizes: str = "",
    means: str = "",
    function: str | None = None,
    outputs: tuple[str, ...] = (),
) -> Function:
    return Function(textwrap.dedent(source), shapes, sizes, textwrap.dedent(means), function, outputs)


NUMPY = {
    "one end of a range": _function(
        "def f(x, w):\n    return np.sum(np.clip(x, 0.1, None) * np.clip(w, a_min=None, a_max=0.2))\n",
        "x: n; w: n",
        means="def f(x, w):\n    return np.sum(np.maximum(x, 0.1) * np.minimum(w, 0.2))\n",
    ),
    "side by side": _function(
        """
        def f(a, b, X, Y, w):
            v = np.hstack([a, b])
            M = np.hstack((X, Y))
            return v @ M @ w + np.vstack([a, a]).sum() + np.sum(np.vstack([X, X]) ** 2)
        """,
        "a: n; b: m; X: n+m,p; Y: n+m,q; w: p+q",
    ),
    "numbers made floats": _function(
        "def f(x, w):\n    z = np.float64(x * w)\n    return float(np.sin(np.asarray(z))) ** 2\n",
        means="def f(x, w):\n    return np.sin(x * w) ** 2\n",
    ),
    "cs231n: the first circuit": _function("""
        def f(x, y, z):
            q = x + y
            return q * z
        """),
    "cs231n: a sigmoid neuron": _function(
        """
        import numpy as np

        def neuron(w, x):
            dot = w[0] * x[0] + w[1] * x[1] + w[2]
            return 1.0 / (1 + np.exp(-dot))
        """,
        "w: 3; x: 2",
    ),
    "cs231n: staged computation": _function("""
        import math

        def f(x, y):
            sigy = 1.0 / (1 + math.exp(-y))
            num = x + sigy
            sigx = 1.0 / (1 + math.exp(-x))
            xpy = x + y
            xpysqr = xpy ** 2
            den = sigx + xpysqr
            invden = 1.0 / den
            f = num * invden
            return f
        """),
    "cs231n: linear classifier with regularisation": _function(
        """
        def loss(X, W, b, T, reg=0.1):
            # squared loss, averaged over the samples
            scores = np.dot(X, W) + b
            data_loss = np.sum((scores - T) ** 2) / X.shape[0]
            reg_loss = 0.5 * reg * np.sum(W * W)
            return data_loss + reg_loss
        """,
        "X: N,d; W: d,k; b: k; T: N,k",
    ),
    "cs231n: affine of images": _function(
        """
        def affine_forward(x, w, b):
            N = x.shape[0]
            out = x.reshape(N, -1).dot(w) + b
            return out
        """,
        "x: N,d,2; w: 2*d,k; b: k",
        means="def f(x, w, b):\n    return np.dot(np.reshape(x, (x.shape[0], -1)), w) + b\n",
    ),
    "cs231n: softmax loss, shifted": _function(
        """
        def softmax_loss(x, y):
            N = x.shape[0]
            shifted_logits = x - np.max(x, axis=1, keepdims=True)
            Z = np.sum(np.exp(shifted_logits), axis=1, keepdims=True)
            log_probs = shifted_logits - np.log(Z)
            probs = np.exp(log_probs)
            loss = -np.sum(log_probs[np.arange(N), y]) / N
            return loss
        """,
        "x: N,C; y: N labels C",
        "N=3,C=4",
    ),
    "cs231n: svm loss without the loop": _function(
        """
        def svm_loss(x, y):
            N = x.shape[0]
            correct_class_scores = x[np.arange(N), y]
            margins = np.maximum(0, x - correct_class_scores[:, np.newaxis] + 1.0)
            loss = np.sum(margins) / N - 1
            return loss
        """,
        "x: N,C; y: N labels C",
        "N=2,C=3",
    ),
    "cs231n: batch normalization in steps": _function(
        """
        def batchnorm_forward(x, gamma, beta, eps=1e-5):
            N, D = x.shape
            mu = 1. / N * np.sum(x, axis=0)
            xmu = x - mu
            sq = xmu ** 2
            var = 1. / N * np.sum(sq, axis=0)
            sqrtvar = np.sqrt(var + eps)
            ivar = 1. / sqrtvar
            xhat = xmu * ivar
            gammax = gamma * xhat
            out = gammax + beta
            return out
        """,
        "x: N,D; gamma: D; beta: D",
        "N=4,D=2",
    ),
    "cs231n: layer normalization": _function(
        """
        def layernorm(x, gamma, beta, eps=1e-5):
            mean = x.mean(axis=1, keepdims=True)
            var = x.var(axis=1, keepdims=True)
            x_norm = (x - mean) / np.sqrt(var + eps)
            return gamma * x_norm + beta
        """,
        "x: N,D; gamma: D; beta: D",
        "N=2,D=4",
    ),
    "cs231n: one step of an rnn": _function(
        """
        def rnn_step_forward(x, prev_h, Wx, Wh, b):
            next_h = np.tanh(x.dot(Wx) + prev_h.dot(Wh) + b)
            return next_h
        """,
        "x: N,D; prev_h: N,H; Wx: D,H; Wh: H,H; b: H",
        means="def f(x, h, Wx, Wh, b):\n    return np.tanh(x @ Wx + h @ Wh + b)\n",
    ),
    "cs231n: one step of an lstm": _function(
        """
        def sigmoid(z):
            return 1 / (1 + np.exp(-z))

        def lstm_step_forward(x, prev_h, prev_c, Wx, Wh, b):
            _, H = prev_h.shape
            a = x.dot(Wx) + prev_h.dot(Wh) + b
            i = sigmoid(a[:, 0:H])
            f = sigmoid(a[:, H:2*H])
            o = sigmoid(a[:, 2*H:3*H])
            g = np.tanh(a[:, 3*H:])
            next_c = f * prev_c + i * g
            next_h = o * np.tanh(next_c)
            return next_h, next_c
        """,
        "x: N,D; prev_h: N,H; prev_c: N,H; Wx: D,4*H; Wh: H,4*H; b: 4*H",
        "N=1,D=3,H=2",
        """
        def lstm(x, h, c, Wx, Wh, b):
            a = x @ Wx + h @ Wh + b
            i, f, o = [1 / (1 + np.exp(-a[:, 2 * k : 2 * k + 2])) for k in range(3)]
            c = f * c + i * np.tanh(a[:, 6:])
            return o * np.tanh(c), c
        """,
        "lstm_step_forward",
        ("next_h", "next_c"),
    ),
    "cs231n: two layers and softmax": _function(
        """
        def two_layer_net(X, y, W1, b1, W2, b2):
            num_examples = X.shape[0]
            hidden_layer = np.maximum(0, np.dot(X, W1) + b1) # note, ReLU activation
            scores = np.dot(hidden_layer, W2) + b2
            exp_scores = np.exp(scores)
            probs = exp_scores / np.sum(exp_scores, axis=1, keepdims=True)
            correct_logprobs = -np.log(probs[range(num_examples), y])
            data_loss = np.sum(correct_logprobs) / num_examples
            return data_loss
        """,
        "X: N,D; y: N labels K; W1: D,h; b1: 1,h; W2: h,K; b2: 1,K",
        means="""
        def two_layer_net(X, y, W1, b1, W2, b2):
            scores = np.maximum(0, X @ W1 + b1) @ W2 + b2
            p = np.exp(scores) / np.sum(np.exp(scores), axis=1, keepdims=True)
            return -np.mean(np.log(p[np.arange(X.shape[0]), y]))
        """,
    ),
    "cs231n: dropout with a given mask": _function(
        """
        def f(x, mask, p=0.5):
            out = x * mask / p
            return np.sum(out ** 2)
        """,
        "x: N,D; mask: N,D mask 0.5",
    ),
    "cs224n: the score of a window": _function(
        """
        def score(x, W, b, u):
            z = W @ x + b
            h = np.tanh(z)
            s = u.T @ h
            return s
        """,
        "x: m,1; W: n,m; b: n,1; u: n,1",
    ),
    "cs224n: max-margin": _function(
        """
        def J(x, xc, W, b, u):
            s = u @ np.tanh(W @ x + b)
            sc = u @ np.tanh(W @ xc + b)
            return np.maximum(0, 1 - s + sc)
        """,
        "x: m; xc: m; W: n,m; b: n; u: n",
    ),
    "cs224n: naive softmax of word2vec": _function(
        """
        def naive_softmax_loss(v_c, U, o):
            scores = U @ v_c
            y_hat = np.exp(scores) / np.sum(np.exp(scores))
            return -np.log(y_hat[o])
        """,
        "v_c: d; U: V,d; o: labels V",
        "V=5,d=3",
    ),
    "cs224n: negative sampling": _function(
        """
        def sigmoid(x):
            s = 1 / (1 + np.exp(-x))
            return s

        def neg_sampling_loss(v_c, u_o, U_neg):
            '''One outside word, K negative ones.'''
            positive = -np.log(sigmoid(u_o @ v_c))
            negative = -np.sum(np.log(sigmoid(-U_neg @ v_c)))
            return positive + negative
        """,
        "v_c: d; u_o: d; U_neg: K,d",
        function="neg_sampling_loss",
    ),
    "cs224n: two layers with cross-entropy": _function(
        """
        def forward(X, y, W1, b1, W2, b2):
            h = 1 / (1 + np.exp(-(X @ W1 + b1)))
            z2 = h @ W2 + b2
            y_hat = np.exp(z2) / np.sum(np.exp(z2), axis=1, keepdims=True)
            cost = -np.sum(y * np.log(y_hat))
            return cost
        """,
        "X: M,Dx; y: M,Dy onehot Dy; W1: Dx,H; b1: 1,H; W2: H,Dy; b2: 1,Dy",
    ),
    "scaled dot-product attention": _function(
        """
        def attention(Q, K, V):
            d_k = Q.shape[-1]
            scores = np.matmul(Q, K.T) / np.sqrt(d_k)
            weights = np.exp(scores) / np.exp(scores).sum(axis=-1, keepdims=True)
            return weights @ V
        """,
        "Q: n,d; K: m,d; V: m,k",
        "n=2,m=3,d=4,k=1",
    ),
    "a gru cell": _function(
        """
        def sigmoid(z):
            return 1 / (1 + np.exp(-z))

        def gru_cell(x, h, Wz, Uz, Wr, Ur, Wn, Un):
            z = sigmoid(Wz @ x + Uz @ h)
            r = sigmoid(Wr @ x + Ur @ h)
            n = np.tanh(Wn @ x + Un @ (r * h))
            return (1 - z) * n + z * h
        """,
        "x: m; h: n; Wz: n,m; Uz: n,n; Wr: n,m; Ur: n,n; Wn: n,m; Un: n,n",
        "n=2,m=3",
        function="gru_cell",
    ),
    "logistic regression": _function(
        """
        def loss(X, y, w, b):
            z = X @ w + b
            p = 1 / (1 + np.exp(-z))
            return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))
        """,
        "X: N,d; y: N mask 0.5; w: d; b:",
        "N=3,d=2",
    ),
    "linear regression": _function(
        """
        def mse(X, y, w, b):
            y_hat = X @ w + b
            return np.mean((y_hat - y) ** 2)
        """,
        "X: N,d; y: N; w: d; b:",
    ),
    "pytorch tutorial: a polynomial": _function(
        """
        def loss(x, y, a, b, c, d):
            y_pred = a + b * x + c * x ** 2 + d * x ** 3
            return np.square(y_pred - y).sum()
        """,
        "x: n; y: n",
        "n=3",
    ),
    "pytorch tutorial: two layers in numpy": _function(
        """
        def loss(x, y, w1, w2):
            h = x.dot(w1)
            h_relu = np.maximum(h, 0)
            y_pred = h_relu.dot(w2)
            loss = np.square(y_pred - y).sum()
            return loss
        """,
        "x: N,D; y: N,K; w1: D,H; w2: H,K",
        means="def f(x, y, w1, w2):\n    return np.sum((np.maximum(x @ w1, 0) @ w2 - y) ** 2)\n",
    ),
    "huber": _function(
        """
        def huber(y, t, delta=1.0):
            r = y - t
            small = 0.5 * r ** 2
            large = delta * (np.abs(r) - 0.5 * delta)
            return np.where(np.abs(r) < delta, small, large).mean()
        """,
        "y: n; t: n",
        "n=4",
    ),
    "binary hinge": _function(
        """
        def hinge(X, y, w):
            margins = y * (X @ w)
            return np.maximum(0, 1 - margins).mean()
        """,
        "X: N,d; y: N; w: d",
        "N=3,d=2",
    ),
    "cosine similarity": _function(
        """
        def cosine(u, v):
            return np.dot(u, v) / (np.sqrt(np.sum(u ** 2)) * np.sqrt(np.sum(v ** 2)))
        """,
        "u: n; v: n",
        "n=3",
    ),
    "gaussian log-likelihood": _function(
        """
        def nll(x, mu, log_sigma):
            sigma = np.exp(log_sigma)
            return np.sum(0.5 * ((x - mu) / sigma) ** 2 + log_sigma + 0.5 * np.log(2 * np.pi))
        """,
        "x: n; mu:; log_sigma:",
        "n=3",
    ),
    "the kl term of a vae": _function(
        """
        def kl(mu, logvar):
            return -0.5 * np.sum(1 + logvar - np.power(mu, 2) - np.exp(logvar))
        """,
        "mu: n; logvar: n",
        "n=3",
    ),
    "reparameterisation": _function(
        """
        def f(mu, logvar, eps, w):
            std = np.exp(0.5 * logvar)
            z = mu + std * eps
            return np.dot(w, z)
        """,
        "mu: n; logvar: n; eps: n; w: n",
        "n=2",
    ),
    "gelu by tanh": _function(
        """
        def gelu(x):
            inner = np.sqrt(2 / np.pi) * (x + 0.044715 * x ** 3)
            return 0.5 * x * (1 + np.tanh(inner))
        """
    ),
    "swish": _function("def swish(x, beta=1.0):\n    return x / (1 + np.exp(-beta * x))\n"),
    "softmax with a temperature": _function(
        """
        def f(z, w, T=2.0):
            p = np.exp(z / T) / np.sum(np.exp(z / T))
            return np.sum(w * p)
        """,
        "z: n; w: n",
        "n=3",
    ),
    "a residual block": _function(
        """
        def block(x, W1, W2):
            h = np.maximum(0, W1 @ x)
            return x + W2 @ h
        """,
        "x: n; W1: m,n; W2: n,m",
    ),
    "a convolution by slices": _function(
        """
        def conv(x, w):
            y = w[0] * x[:-2] + w[1] * x[1:-1] + w[2] * x[2:]
            return np.sum(y ** 2)
        """,
        "x: 5; w: 3",
    ),
    "a quadratic form": _function("def f(x, A):\n    return x.T @ A @ x\n", "x: n,1; A: n,n", "n=2"),
    "an outer product": _function(
        "def f(u, v, M):\n    return np.sum(np.outer(u, v) * M)\n",
        "u: n; v: m; M: n,m",
    ),
    "a bilinear einsum": _function(
        "def f(x, W, y):\n    return np.einsum('i,ij,j->', x, W, y)\n",
        "x: n; W: n,m; y: m",
    ),
    "concatenation before a layer": _function(
        """
        def f(h, x, W, b):
            hx = np.concatenate((h, x))
            return np.sum(np.tanh(W @ hx + b))
        """,
        "h: n; x: m; W: k,n+m; b: k",
        "n=2,m=3,k=4",
    ),
    "stacked heads": _function(
        """
        def f(a, b, w):
            m = np.stack([a, b], axis=0)
            return (m @ w).prod()
        """,
        "a: n; b: n; w: n",
        "n=3",
    ),
    "rows and columns made": _function(
        """
        def f(x, y):
            d = x[:, None] - y[None, :]
            return np.sum(d ** 2)
        """,
        "x: n; y: m",
    ),
    "expanded and squeezed": _function(
        """
        def f(x, w):
            col = np.expand_dims(x, axis=1)
            return (col * w).sum(axis=0) @ np.squeeze(w, axis=0)
        """,
        "x: n; w: 1,m",
    ),
    "flattened": _function("def f(W, v):\n    return W.flatten() @ v + np.ravel(W)[0]\n", "W: n,m; v: n*m"),
    "a column sum kept": _function(
        """
        def f(X, w):
            s = X.sum(axis=0, keepdims=True)
            c = X - s / len(X)
            return np.sum(c @ w)
        """,
        "X: N,d; w: d",
        "N=3,d=2",
    ),
    "numbers of the problem": _function(
        """
        RATE = 0.5

        def f(x, w):
            k: float = 3.0
            a = k * x
            return RATE * (a - w) ** 2
        """
    ),
    "swapped": _function(
        """
        def f(a, b):
            a, b = b * 2, a + 1
            return a / b
        """
    ),
    "added in place": _function(
        """
        def f(x, w):
            y = x * w
            y += x
            y *= 2
            y -= w
            return y
        """
    ),
}

TORCH = {
    "pytorch tutorial: two layers": _function(
        """
        import torch

        def loss(x, y, w1, w2):
            h_relu = x.mm(w1).clamp(min=0)
            y_pred = h_relu.mm(w2)
            return (y_pred - y).pow(2).sum()
        """,
        "x: N,D; y: N,K; w1: D,H; w2: H,K",
        means="def f(x, y, w1, w2):\n    return np.sum((np.maximum(x @ w1, 0) @ w2 - y) ** 2)\n",
    ),
    "micrograd: one neuron": _function(
        """
        def neuron(x1, x2, w1, w2, b):
            x1w1 = x1*w1
            x2w2 = x2*w2
            x1w1x2w2 = x1w1 + x2w2
            n = x1w1x2w2 + b
            o = n.tanh()
            return o
        """,
        means="def f(x1, x2, w1, w2, b):\n    return np.tanh(x1*w1 + x2*w2 + b)\n",
    ),
    "micrograd: tanh taken apart": _function(
        """
        def neuron(x1, x2, w1, w2, b):
            n = x1*w1 + x2*w2 + b
            e = (2*n).exp()
            o = (e - 1) / (e + 1)
            return o
        """,
        means="def f(x1, x2, w1, w2, b):\n    return np.tanh(x1*w1 + x2*w2 + b)\n",
    ),
    "micrograd: the example of its readme": _function(
        """
        def g(a, b):
            c = a + b
            d = a * b + b**3
            c += c + 1
            c += 1 + c + (-a)
            d += d * 2 + (b + a).relu()
            d += 3 * d + (b - a).relu()
            e = c - d
            f = e**2
            g = f / 2.0
            g += 10.0 / f
            return g
        """,
        means="""
        def g(a, b):
            c = a + b
            d = a * b + b**3
            c = c + c + 1
            c = c + 1 + c + (-a)
            d = d + d * 2 + np.maximum(b + a, 0)
            d = d + 3 * d + np.maximum(b - a, 0)
            e = c - d
            return e**2 / 2 + 10 / e**2
        """,
    ),
    "makemore: the mlp": _function(
        """
        import torch
        import torch.nn.functional as F

        def loss(C, X, W1, b1, W2, b2, Y):
            emb = C[X]
            h = torch.tanh(emb.view(-1, 4) @ W1 + b1)
            logits = h @ W2 + b2
            loss = F.cross_entropy(logits, Y)
            return loss
        """,
        "C: V,2; X: N,2 labels V; W1: 4,H; b1: H; W2: H,V; b2: V; Y: N labels V",
        "V=5,N=3,H=2",
        """
        def loss(C, X, W1, b1, W2, b2, Y):
            h = np.tanh(np.reshape(C[X], (X.shape[0], 4)) @ W1 + b1)
            z = h @ W2 + b2
            p = np.exp(z) / np.sum(np.exp(z), axis=1, keepdims=True)
            return -np.mean(np.log(p[np.arange(len(Y)), Y]))
        """,
    ),
    "makemore: cross-entropy in small steps": _function(
        """
        import torch

        def loss(logits, Yb):
            n = logits.shape[0]
            logit_maxes = logits.max(1, keepdim=True).values
            norm_logits = logits - logit_maxes # subtract max for numerical stability
            counts = norm_logits.exp()
            counts_sum = counts.sum(1, keepdims=True)
            counts_sum_inv = counts_sum**-1
            probs = counts * counts_sum_inv
            logprobs = probs.log()
            loss = -logprobs[range(n), Yb].mean()
            return loss
        """,
        "logits: n,V; Yb: n labels V",
        "n=2,V=3",
        """
        def loss(logits, Yb):
            p = np.exp(logits) / np.sum(np.exp(logits), axis=1, keepdims=True)
            return -np.mean(np.log(p[np.arange(len(Yb)), Yb]))
        """,
    ),
    "makemore: batch normalization in small steps": _function(
        """
        import torch

        def layer(hprebn, bngain, bnbias):
            n = hprebn.shape[0]
            bnmeani = 1/n*hprebn.sum(0, keepdim=True)
            bndiff = hprebn - bnmeani
            bndiff2 = bndiff**2
            bnvar = 1/(n-1)*(bndiff2).sum(0, keepdim=True) # note: Bessel's correction
            bnvar_inv = (bnvar + 1e-5)**-0.5
            bnraw = bndiff * bnvar_inv
            hpreact = bngain * bnraw + bnbias
            h = torch.tanh(hpreact)
            return h
        """,
        "hprebn: n,m; bngain: 1,m; bnbias: 1,m",
        "n=4,m=2",
        """
        def layer(x, g, b):
            s = np.sqrt(np.sum((x - np.mean(x, axis=0)) ** 2, axis=0) / (len(x) - 1) + 1e-5)
            return np.tanh(g * (x - np.mean(x, axis=0)) / s + b)
        """,
    ),
    "makemore: the batch norm of training": _function(
        """
        import torch

        def layer(h, bngain, bnbias):
            mean = h.mean(0, keepdim=True)
            std = h.std(0, keepdim=True)
            return bngain * (h - mean) / std + bnbias
        """,
        "h: n,m; bngain: 1,m; bnbias: 1,m",
        "n=4,m=2",
        """
        def layer(x, g, b):
            s = np.sqrt(np.sum((x - np.mean(x, axis=0)) ** 2, axis=0) / (len(x) - 1))
            return g * (x - np.mean(x, axis=0)) / s + b
        """,
    ),
    "makemore: bigrams with regularisation": _function(
        """
        import torch

        def loss(xenc, W, ys):
            logits = xenc @ W
            counts = logits.exp()
            probs = counts / counts.sum(1, keepdims=True)
            return -probs[torch.arange(3), ys].log().mean() + 0.01*(W**2).mean()
        """,
        "xenc: 3,V onehot V; W: V,V; ys: 3 labels V",
        "V=4",
        """
        def loss(xenc, W, ys):
            c = np.exp(xenc @ W)
            p = c / np.sum(c, axis=1, keepdims=True)
            return -np.mean(np.log(p[np.arange(3), ys])) + 0.01 * np.mean(W ** 2)
        """,
    ),
    "gpt: one head": _function(
        """
        import torch
        import torch.nn.functional as F

        def head(x, Wq, Wk, Wv):
            B, T, C = x.shape
            k = x @ Wk
            q = x @ Wq
            wei = q @ k.transpose(-2, -1) * C**-0.5
            wei = F.softmax(wei, dim=-1)
            return wei @ (x @ Wv)
        """,
        "x: B,T,C; Wq: C,H; Wk: C,H; Wv: C,H",
        "B=1,T=3,C=2,H=4",
        """
        def head(x, Wq, Wk, Wv):
            s = (x @ Wq) @ np.swapaxes(x @ Wk, 1, 2) / np.sqrt(x.shape[2])
            p = np.exp(s) / np.sum(np.exp(s), axis=-1, keepdims=True)
            return p @ (x @ Wv)
        """,
    ),
    "torch: a linear layer and relu": _function(
        """
        import torch.nn.functional as F

        def f(x, W, b):
            return F.relu(F.linear(x, W, b)).sum()
        """,
        "x: N,m; W: n,m; b: n",
        "N=2,m=3,n=4",
        "def f(x, W, b):\n    return np.sum(np.maximum(x @ W.T + b, 0))\n",
    ),
    "torch: nll of log-softmax": _function(
        """
        import torch.nn.functional as F

        def f(x, y):
            logp = F.log_softmax(x, dim=1)
            return F.nll_loss(logp, y)
        """,
        "x: N,k; y: N labels k",
        "N=2,k=3",
        """
        def f(x, y):
            p = np.exp(x) / np.sum(np.exp(x), axis=1, keepdims=True)
            return -np.mean(np.log(p[np.arange(len(y)), y]))
        """,
    ),
    "torch: unsqueezed and squeezed": _function(
        """
        import torch

        def f(x, W):
            col = x.unsqueeze(1)
            z = W @ col
            return z.squeeze(1).sum() + x.square().sum()
        """,
        "x: m; W: n,m",
        "",
        "def f(x, W):\n    return np.sum(W @ x) + np.sum(x ** 2)\n",
    ),
    "torch: flattened features": _function(
        "import torch\n\ndef f(x, W):\n    return (torch.flatten(x) @ W).sum() + x.mT[0].prod()\n",
        "x: n,m; W: n*m,k",
        "",
        "def f(x, W):\n    return np.sum(np.reshape(x, (-1,)) @ W) + np.prod(x[:, 0])\n",
    ),
    "torch: elu, softplus and silu": _function(
        """
        import torch
        import torch.nn.functional as F

        def f(x, y, z):
            return F.elu(x) * F.softplus(y) - F.silu(z) + F.gelu(x, approximate="tanh")
        """,
        means="""
        def f(x, y, z):
            e = np.where(x > 0, x, np.exp(x) - 1)
            g = 0.5 * x * (1 + np.tanh(np.sqrt(2 / np.pi) * (x + 0.044715 * x ** 3)))
            return e * np.log(1 + np.exp(y)) - z / (1 + np.exp(-z)) + g
        """,
    ),
    "torch: pooling and a convolution": _function(
        """
        import torch.nn.functional as F

        def f(x, w, b):
            y = F.conv1d(x, w, b, stride=1, padding=1)
            return F.max_pool1d(y, 2).sum()
        """,
        "x: 1,2,4; w: 3,2,3; b: 3",
        "",
        """
        def f(x, w, b):
            p = np.concatenate([np.zeros((2, 1)), x[0], np.zeros((2, 1))], axis=1)
            y = np.stack([np.sum(w * p[:, k:k + 3], axis=(1, 2)) + b for k in range(4)], axis=1)
            return np.sum(np.maximum(y[:, 0::2], y[:, 1::2]))
        """,
    ),
    "torch: binary cross-entropy": _function(
        """
        import torch.nn.functional as F

        def f(X, w, t):
            return F.binary_cross_entropy_with_logits(X @ w, t)
        """,
        "X: N,d; w: d; t: N mask 0.5",
        "N=3,d=2",
        """
        def f(X, w, t):
            p = 1 / (1 + np.exp(-(X @ w)))
            return -np.mean(t * np.log(p) + (1 - t) * np.log(1 - p))
        """,
    ),
}
