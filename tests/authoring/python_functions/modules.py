"""Classes of PyTorch, its own functions, and notebook cells; what each computes is written beside it."""

import textwrap

from tests.authoring.python_functions.cases import Case


def _module(name: str, source: str, shapes: str, means: str, function: str | None = None, *, read: bool = True) -> Case:
    head = "import torch\nimport torch.nn as nn\nimport torch.nn.functional as F\n\n\n"
    return Case(
        name, head + textwrap.dedent(source).lstrip("\n"), shapes, "torch", read, textwrap.dedent(means), function
    )


MODULES = [
    _module(
        "nn.Linear and relu",
        """
        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.fc1 = nn.Linear(3, 4)
                self.fc2 = nn.Linear(4, 2)

            def forward(self, x):
                return self.fc2(F.relu(self.fc1(x)))
        """,
        "x: 5,3; W: 4,3; b: 4; V: 2,4; c: 2",
        "def f(x, W, b, V, c):\n    return F.linear(F.relu(F.linear(x, W, b)), V, c)\n",
    ),
    _module(
        "nn.Linear without a bias",
        """
        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.proj = nn.Linear(3, 2, bias=False)

            def forward(self, x):
                return self.proj(x).tanh()
        """,
        "x: 5,3; W: 2,3",
        "def f(x, W):\n    return F.linear(x, W).tanh()\n",
    ),
    _module(
        "a config by the fields of its class",
        """
        from dataclasses import dataclass

        @dataclass
        class Config:
            width: int = 3
            times: int = 2
            bias: bool = False

        class Net(nn.Module):
            def __init__(self, config: Config):
                super().__init__()
                self.config = config
                self.up = nn.Linear(config.width, config.times * config.width, bias=config.bias)
                self.down = nn.Linear(config.times * config.width, config.width, bias=config.bias)

            def forward(self, x):
                return self.down(torch.relu(self.up(x))) / self.config.times
        """,
        "x: 5,3; W: 6,3; V: 3,6",
        "def f(x, W, V):\n    return F.linear(F.relu(F.linear(x, W)), V) / 2\n",
        "Net",
    ),
    _module(
        "nn.LayerNorm",
        """
        class Block(nn.Module):
            def __init__(self):
                super().__init__()
                self.ln = nn.LayerNorm(4)

            def forward(self, x):
                return x + self.ln(x)
        """,
        "x: 3,4; g: 4; b: 4",
        "def f(x, g, b):\n    return x + F.layer_norm(x, (4,), g, b)\n",
    ),
    _module(
        "nn.LayerNorm with its own eps",
        """
        class Block(nn.Module):
            def __init__(self):
                super().__init__()
                self.ln = nn.LayerNorm(4, eps=0.5)

            def forward(self, x):
                return self.ln(x)
        """,
        "x: 3,4; g: 4; b: 4",
        "def f(x, g, b):\n    return F.layer_norm(x, (4,), g, b, 0.5)\n",
    ),
    _module(
        "nn.Embedding",
        """
        class Model(nn.Module):
            def __init__(self):
                super().__init__()
                self.emb = nn.Embedding(5, 3)
                self.out = nn.Linear(3, 5)

            def forward(self, ids):
                return self.out(self.emb(ids))
        """,
        "ids: 4 labels 5; E: 5,3; W: 5,3; b: 5",
        "def f(ids, E, W, b):\n    return F.linear(F.embedding(ids, E), W, b)\n",
    ),
    _module(
        "nn.Sequential",
        """
        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.net = nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 2))

            def forward(self, x):
                return self.net(x)
        """,
        "x: 5,3; W: 4,3; b: 4; V: 2,4; c: 2",
        "def f(x, W, b, V, c):\n    return F.linear(torch.tanh(F.linear(x, W, b)), V, c)\n",
    ),
    _module(
        "nn.Parameter",
        """
        class Scale(nn.Module):
            def __init__(self):
                super().__init__()
                self.W = nn.Parameter(torch.randn(3, 2))
                self.b = nn.Parameter(torch.zeros(2))

            def forward(self, x):
                return x @ self.W + self.b
        """,
        "x: 5,3; W: 3,2; b: 2",
        "def f(x, W, b):\n    return x @ W + b\n",
    ),
    _module(
        "a number kept by a module",
        """
        class Scale(nn.Module):
            def __init__(self):
                super().__init__()
                self.alpha = 0.5

            def forward(self, x):
                return self.alpha * x
        """,
        "x: 5,3",
        "def f(x):\n    return 0.5 * x\n",
    ),
    _module(
        "a head of attention",
        """
        class Head(nn.Module):
            def __init__(self, head_size):
                super().__init__()
                self.key = nn.Linear(4, 2, bias=False)
                self.query = nn.Linear(4, 2, bias=False)
                self.value = nn.Linear(4, 2, bias=False)
                self.register_buffer('tril', torch.tril(torch.ones(3, 3)))

            def forward(self, x):
                T, C = x.shape
                k = self.key(x)
                q = self.query(x)
                wei = q @ k.transpose(-2, -1) * k.shape[-1] ** -0.5
                wei = wei.masked_fill(self.tril[:T, :T] == 0, float('-inf'))
                wei = F.softmax(wei, dim=-1)
                v = self.value(x)
                return wei @ v
        """,
        "x: 3,4; K: 2,4; Q: 2,4; V: 2,4",
        """
        def f(x, K, Q, V):
            wei = F.linear(x, Q) @ F.linear(x, K).T * 2 ** -0.5
            wei = wei + torch.triu(torch.ones(3, 3), 1) * -1e9
            return torch.softmax(wei, -1) @ F.linear(x, V)
        """,
    ),
    _module(
        "two modules, one in the other",
        """
        class Inner(nn.Module):
            def __init__(self):
                super().__init__()
                self.fc = nn.Linear(3, 3)

            def forward(self, x):
                return torch.relu(self.fc(x))


        class Outer(nn.Module):
            def __init__(self):
                super().__init__()
                self.inner = Inner()

            def forward(self, x):
                return x + self.inner(x)
        """,
        "x: 5,3; W: 3,3; b: 3",
        "def f(x, W, b):\n    return x + torch.relu(F.linear(x, W, b))\n",
        "Outer",
    ),
    _module(
        "a loss that a module keeps",
        """
        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.fc = nn.Linear(3, 4)
                self.loss = nn.CrossEntropyLoss()

            def forward(self, x, y):
                return self.loss(self.fc(x), y)
        """,
        "x: 5,3; y: 5 labels 4; W: 4,3; b: 4",
        "def f(x, y, W, b):\n    return F.cross_entropy(F.linear(x, W, b), y)\n",
    ),
    _module(
        "dropout is another function at every call",
        """
        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.fc = nn.Linear(3, 4)
                self.drop = nn.Dropout(0.2)

            def forward(self, x):
                return self.drop(self.fc(x))
        """,
        "x: 5,3; W: 4,3; b: 4",
        "def f(x, W, b):\n    return F.linear(x, W, b)\n",
        read=False,
    ),
    _module(
        "autograd.Function: its forward",
        """
        class Cube(torch.autograd.Function):
            @staticmethod
            def forward(ctx, x):
                ctx.save_for_backward(x)
                return x ** 3

            @staticmethod
            def backward(ctx, grad_output):
                x, = ctx.saved_tensors
                return grad_output * 3 * x ** 2
        """,
        "x: 3",
        "def f(x):\n    return x ** 3\n",
    ),
    _module(
        "autograd.Function: two inputs",
        """
        class Gate(torch.autograd.Function):
            @staticmethod
            def forward(ctx, x, y):
                s = torch.sigmoid(y)
                ctx.save_for_backward(x, s)
                return x * s

            @staticmethod
            def backward(ctx, up):
                x, s = ctx.saved_tensors
                return up * s, up * x * s * (1 - s)
        """,
        "x: 3; y: 3",
        "def f(x, y):\n    return x * torch.sigmoid(y)\n",
    ),
    _module(
        "a plain class with weights",
        """
        class Neuron:
            def __init__(self, w, b):
                self.w = w
                self.b = b

            def forward(self, x):
                return torch.tanh(x @ self.w + self.b)
        """,
        "x: 5,3; w: 3; b: ",
        "def f(x, w, b):\n    return torch.tanh(x @ w + b)\n",
    ),
    _module(
        "a notebook cell without a def",
        """
        h = torch.tanh(x @ W + b)
        loss = (h ** 2).mean()
        """,
        "x: 5,3; W: 3,2; b: 2",
        "def f(x, W, b):\n    return (torch.tanh(x @ W + b) ** 2).mean()\n",
    ),
    _module(
        "a notebook cell with numbers",
        """
        scale = 0.5
        z = x * scale
        y = F.softmax(z, dim=-1)
        """,
        "x: 5,3",
        "def f(x):\n    return torch.softmax(x * 0.5, -1)\n",
    ),
]
