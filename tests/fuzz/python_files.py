"""Python that nobody would write: every form of the grammar too deep, too long or with odd literals, and mutations."""

import ast
import re
from collections.abc import Iterator
from random import Random

from tests.authoring.functions import NUMPY, TORCH

# One level more around `{}` for every form of an expression that can lie within itself.
DEEPER = (
    "-{}", "+{}", "not {}", "~{}", "({} + x)", "(x - {})", "({} * 2)", "x ** {}", "({} @ x)", "({} // 2)", "({} % 2)",
    "({} & x)", "({} | x)", "({} << 1)", "x[{}]", "{}[0]", "{}.T", "{}.shape", "({},)", "[{}]", "{{1: {}}}", "{{{}}}",
    "np.exp({})", "{}()", "f({})", "{}.sum()", "(lambda t: {})", "({} if 1 else x)", "(x if {} else 1)", "({} and x)",
    "(x or {})", "({} < x)", "({} is None)", "[{} for t in [1]]", "[t for t in {}]", "sum({} for t in [1])",
    "x[{}:]", "np.sum({}, axis=0)", "np.sum(x, axis={})", "f'{{{}}}'", "(y := {})", "(*{},)", "np.stack([{}, {}])",
)  # fmt: skip
# And of a statement; `{}` is an indented block.
BLOCKS = (
    "if 1:", "if x > 0:", "for t in [1, 2]:", "for t in range(100):", "while 1:", "with torch.no_grad():", "try:",
    "def g(x):", "class C:",
)  # fmt: skip
ODD = (
    "f'{x}'", "1e999", "-1e999", "9" * 400, "-" + "9" * 5000, "10 ** 400", "10 ** 10 ** 10",
    "2 ** 2 ** 2 ** 2 ** 2 ** 2", "1e-400", "0x" + "f" * 400, "1j", "b'x'", "'x' * 10 ** 9", "[0] * 10 ** 9",
    "(1,) * 10 ** 9", "...", "None", "True", "'\\0'", "float('inf')", "float('nan')", "float('x')", "2.5.T", "x.T.T",
    "np.inf", "-np.inf", "np.nan", "math.inf", "1 / 0", "1 // 0", "5 % 0", "0 ** -1", "(-1) ** 0.5", "1e308 * 10",
    "[1, 2][5]", "{}['k']", "x[10 ** 30]", "x[1e30]", "x[None, None, None]", "x[::0]", "x[...,...]", "x[True]",
    "x['k']", "np.sum(x, axis=10 ** 30)", "np.sum(x, axis='0')", "np.sum(x, axis=x)", "np.sum(x, axis=(0, x))",
    "np.sum(x, keepdims=x)", "x.reshape(0)", "x.reshape(-1, -1)", "x.reshape(10 ** 30)", "x.reshape(x)",
    "x.transpose(5)", "x.transpose(1, 1)", "np.zeros(10 ** 9) + x", "np.zeros((3, -1)) + x", "np.eye(10 ** 9) @ x",
    "np.arange(10 ** 12) * x", "np.ones(()) * x", "np.array([[1], 2]) * x", "np.array([]) * x", "np.split(x, 0)",
    "torch.chunk(x, 0)", "torch.split(x, 0)", "range(10 ** 12)", "[*x]", "{**x}", "np.einsum('i->', x)",
    "np.einsum('ii,', x)", "np.einsum('é->', x)", "np.einsum(x, 'i')", "np.einsum('')", "np.clip(x, x)",
    "np.var(x, ddof=2.5)", "np.var(x, ddof=x)", "F.gelu(x, approximate=3)", "F.softmax(x, dim=x)",
    "F.max_pool2d(x, 0)", "F.max_pool1d(x, (1, 2))", "F.conv1d(x, x, padding='same')", "F.one_hot(x, -5)",
    "F.elu(x, x)", "F.layer_norm(x, (), x)", "F.layer_norm(x, x)", "np.linalg.norm(x, x)",
    "np.linalg.norm(x, 'nuc')", "x.view()", "torch.tril(x, x)", "torch.gather(x, 5, x)", "f(f)", "f(f(x))", "f",
    "np", "np.exp", "x.exp", "np.exp(np)", "lambda: x", "print(x)", "super().f(x)", "f.g.h", "x.grad", "[x][x]",
    "{x: 1}", "sum([[1], [2]], [])", "sum(x, [])", "max()", "max([])", "min(x, key=f)", "len(5)", "int(x)",
    "int('5')", "zip(x)", "enumerate(5)", "isinstance(x, 5)", "abs('x')", "x if x else x", "x < x < x", "x in x",
    "x is x", "'a' + x", "'a' % x", "[1] + x", "x + [1, 2]", "(1, 2) * x", "dict(a=x)", "set()", "x.append(1)",
    "[].pop()", "{}.get(x)", "x.item()", "nn.Linear(x, x)(x)", "nn.Linear(-1, 2)(x)", "nn.Sequential()(x)",
    "nn.Sequential(5)(x)", "nn.ReLU(5)(x)", "torch.randn(3) * x", "np.random.randn() * x", "torch.max(x, 0).indices",
    "torch.max(x, 0)", "x.\U0001d431", "\u200b", "x\x00", "\ud800", "{y for y in x}", "{y: y for y in x}",
)  # fmt: skip
# Every other statement, which is refused or left out wherever it stands.
STATEMENTS = (
    "del x", "global x", "nonlocal x", "import x.y as z", "from x import *", "from . import y", "assert x, y",
    "raise x", "x: int", "x: int = 5", "x[0]: int = 5", "x, *y = x", "[x, y] = [x, x]", "x.y = 5", "x[0] = 5",
    "x[0] += 5", "x[x > 0] = 5", "x += [1]", "x @= x", "x //= 2", "x <<= 1", "x = y = z = x * 2", "x = yield",
    "yield from x", "await x", "with x as y, x: pass", "try: x\n    except* x: pass", "try: x\n    finally: x",
    "match x:\n        case [y, *z]: pass", "async def g(): await x", "async with x: pass", "async for y in x: pass",
    "class D(x): y = 5", "@x\n    def g(): pass", "for x in x: pass\n    else: pass", "while x: break",
    "for y in [1]: continue", "return", "pass", "...", "'text'", "if x: pass\n    elif x: pass\n    else: pass",
    "break", "print(x, file=y)", "x.append(x)", "x.sort()", "x.add_(1)",
)  # fmt: skip
_MOST_DEPTH = (5, 60, 101, 300, 1000, 5000)


def hostile() -> Iterator[tuple[str, str]]:
    """Sources by name: each form nested at several depths, each statement too long or too deep, each odd literal."""
    for form in DEEPER:
        for depth in _MOST_DEPTH:
            yield f"{form} {depth}", _function(f"return {_nested(form, depth)}")
    for block in BLOCKS:
        for depth in (3, 18, 40, 90):
            inner = "".join(f"    {' ' * k}{block}\n" for k in range(depth)) + "    " + " " * depth + "x = x + 1\n"
            yield f"{block} {depth}", f"def f(x):\n{inner}    return x\n"
    for statement in STATEMENTS:
        yield statement, _function(f"{statement}\n    return x * 2")
        yield f"async {statement}", f"async {_function(statement)}def g(x):\n    {statement}\n    return x * 2\n"
        yield f"cell {statement}", statement.replace("\n    ", "\n") + "\nx * 2\n"
    for literal in ODD:
        yield f"return {literal[:30]}", _function(f"return {literal}")
        yield f"x * {literal[:30]}", _function(f"y = x * {literal}\n    return y")
        yield f"default {literal[:30]}", f"def f(x, k={literal}):\n    return x * k\n"
        yield f"file {literal[:30]}", f"K = {literal}\ndef f(x):\n    return x * K\n"
        yield f"cell {literal[:30]}", f"y = x * {literal}\ny.sum()\n"
    for count in (50, 500, 5000):
        yield f"{count} lines", _function("\n    ".join(["x = x * x + x"] * count) + "\n    return x")
        yield f"{count} terms", _function(f"return {' + '.join(['x'] * count)}")
        yield f"{count} arguments", _function(f"return np.stack([{', '.join(['x'] * count)}])")
        yield f"{count} parameters", f"def f({', '.join(f'x{k}' for k in range(count))}):\n    return x0 * x1\n"
        yield f"{count} functions", "".join(f"def f{k}(x): return f{k + 1}(f{k + 1}(x))\n" for k in range(count)) + "\n"
        yield (
            f"{count} doublings",
            _function(
                "x = [x, x]\n    " + "\n    ".join(["x = [x[0] * x[1], x[0] + x[1]]"] * count) + "\n    return x[0]"
            ),
        )
    loops = "    for a in range(99):\n        for b in range(99):\n            for c in range(99):\n"
    yield "loops in loops", f"def f(x):\n{loops}                x = x + 1\n    return x\n"
    nested = "    k = [k, k]\n" * 60
    yield "lists in lists", f"def f(x):\n    k = [1, 2]\n{nested}    return x * len(k)\n"
    yield "a list in itself", _function("k = []\n    k.append(k)\n    return np.array(k) * x")
    yield (
        "a dict in itself",
        "class N:\n    def __init__(self):\n        self.me = self\n        self.k = {1: self}\n"
        + ("    def forward(self, x):\n        return self.me.me.k[1].forward(x)\n"),
    )
    yield "functions that call each other", "def f(x): return g(x)\ndef g(x): return f(x)\n"
    yield "a class of itself", "class N(N):\n    def forward(self, x): return super().forward(x)\n"
    yield "classes of each other", "class A(B):\n    pass\nclass B(A):\n    def forward(self, x): return x\n"
    yield "constants of each other", "a = b\nb = a\ndef f(x): return a * x\n"


def mutated(count: int, seed: int) -> Iterator[tuple[str, str]]:
    """Functions of the tables with words dropped, doubled, swapped and replaced."""
    random = Random(seed)
    sources = [each.source for each in (*NUMPY.values(), *TORCH.values())]
    words = [word for source in sources for word in _words(source)]
    for k in range(count):
        pieces = _words(random.choice(sources))
        for _ in range(random.randint(1, 4)):
            at = random.randrange(len(pieces))
            kind = random.randrange(5)
            if kind == 0:
                del pieces[at]
            elif kind == 1:
                pieces.insert(at, pieces[at])
            elif kind == 2:
                pieces[at] = random.choice(words)
            elif kind == 3:
                pieces[at] = random.choice(ODD)
            else:
                other = random.randrange(len(pieces))
                pieces[at], pieces[other] = pieces[other], pieces[at]
            if not pieces:
                break
        yield f"mutation {seed}/{k}", "".join(pieces)


def _function(body: str) -> str:
    return f"def f(x):\n    {body}\n"


def _nested(form: str, depth: int) -> str:
    """The form around itself; one that doubles stays small enough to be a file."""
    text = "x"
    for _ in range(depth if form.count("{}") == 1 else min(depth, 12)):
        text = form.format(*[text] * form.replace("{{", "").replace("}}", "").count("{}"))
    return text


def _words(source: str) -> list[str]:
    return re.findall(r"\w+|\s+|[^\w\s]", source)


def forms() -> set[str]:
    """The kinds of expressions and statements that the hostile sources are made of."""
    found = set()
    for _, text in hostile():
        try:
            found |= {type(each).__name__ for each in ast.walk(ast.parse(text))}
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
    return found
