"""From Python to lessons: the values and gradients of the function itself, run by NumPy and autograd, not by us."""

import inspect
import re
import textwrap
from pathlib import Path
from typing import Any

import autograd
import autograd.numpy as anp
import numpy as np
import pytest

from tests.authoring.functions import NUMPY, TORCH
from tutor.authoring.composing import Composed, compose
from tutor.authoring.declarations import declarations, sizes_from, with_all_sizes
from tutor.authoring.lesson_check import check_file
from tutor.authoring.python.read_function import PythonFunction, read_function
from tutor.drill.runs import run_at
from tutor.engine import Run
from tutor.expr import to_text
from tutor.kinds import load_text
from tutor.lesson.file.problem import LessonError
from tutor.lesson.numbers.draws import draw

NOWHERE = Path("/nowhere/lesson.yaml")


def read(body: str, shapes: str = "", function: str | None = None) -> dict[str, str]:
    found = read_function(textwrap.dedent(body), "f.py", function, declarations(shapes))
    return {name: to_text(tree) for name, tree in found.formulas}


# Lessons of so many questions that proving each takes seconds.
SLOW = {"micrograd: the example of its readme", "scaled dot-product attention", "gpt: one head"}


def written(
    source: str, shapes: str, sizes: str = "", function: str | None = None, outputs: tuple[str, ...] = ()
) -> tuple[Composed, PythonFunction]:
    found = read_function(source, "f.py", function, declarations(shapes), outputs)
    every = with_all_sizes(sizes_from(sizes), found.inputs.values())
    return compose(list(found.formulas), found.inputs, every, NOWHERE, outputs=found.results), found


def run_of(text: str, seed: int = 1) -> Run:
    (part,) = load_text(text, NOWHERE).parts
    return run_at(part, draw(part, seed))


def executed(source: str, name: str | None = None) -> Any:
    """The function of this name, or the last one, in NumPy as autograd has it."""
    names: dict[str, Any] = {}
    exec(re.sub(r"^import .*$", "", source, flags=re.MULTILINE), names)
    found = {each: made for each, made in names.items() if inspect.isfunction(made)}
    names |= {"np": anp, "math": anp}
    return found[name] if name in found else list(found.values())[-1]


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=[pytest.mark.thorough] if name in SLOW else []) for name in (*NUMPY, *TORCH)]
)
def test_a_lesson_has_the_value_and_the_gradients_of_its_function(name: str) -> None:
    """Oracle: the function itself, run by NumPy and differentiated by autograd; PyTorch's is written down in NumPy."""
    function = {**NUMPY, **TORCH}[name]
    made, found = written(function.source, function.shapes, function.sizes, function.function, function.outputs)
    # What `tutor check` says of it is what the author chose: a size of 1, or numbers where sizes have no names.
    assert {each.code for each in made.warnings} <= {"size-of-one", "no-size-names"}
    (part,) = load_text(made.text, NOWHERE).parts
    drawn = draw(part, 1)
    run = run_at(part, drawn)
    own = executed(function.source, function.function)
    call = executed(function.means) if function.means else own
    # A node cannot be called as a function of ours; such an argument has a number behind its name.
    nodes = {each: next(node for node in (each, f"{each}2") if node in run.values) for each in arguments(own)}
    labels = {each for each in nodes if part.given[nodes[each]].integer}
    given = [np.asarray(run.values[node], dtype=int if each in labels else float) for each, node in nodes.items()]
    seeds = [drawn.upstream.get(each, 1.0) for each in found.results]

    def objective(*numbers: Any) -> Any:
        return sum(anp.sum(seed * each) for seed, each in zip(seeds, results(call, *numbers), strict=True))

    for output, value in zip(found.results, results(call, *given), strict=True):
        np.testing.assert_allclose(run.values[output], value, rtol=1e-9, atol=1e-15)  # 0 where rounding leaves dust
    for k, (each, node) in enumerate(nodes.items()):
        if each not in labels:
            slope = autograd.grad(objective, k)(*given)
            np.testing.assert_allclose(run.gradients[node], slope, rtol=1e-7, atol=1e-9, err_msg=each)


def arguments(call: Any) -> list[str]:
    """The arguments that have no number behind their `=`."""
    parameters = inspect.signature(call).parameters.values()
    return [each.name for each in parameters if each.default is inspect.Parameter.empty]


def results(call: Any, *numbers: Any) -> tuple[Any, ...]:
    found = call(*numbers)
    return found if isinstance(found, tuple) else (found,)


def test_what_is_said_of_a_new_lesson_is_what_tutor_check_says(tmp_path: Path) -> None:
    for name in ("cs231n: a sigmoid neuron", "cs224n: the score of a window"):
        made, _ = written(NUMPY[name].source, NUMPY[name].shapes)
        path = tmp_path / "lesson.yaml"
        path.write_text(made.text, "utf-8")
        assert [(each.line, each.code) for each in check_file(path)] == [(e.line, e.code) for e in made.warnings]


def test_there_are_functions_of_every_kind() -> None:
    assert len({**NUMPY, **TORCH}) >= 60


# PyTorch is no dependency: what its calls mean is written down here in NumPy.
CALLS: dict[str, tuple[str, str, Any]] = {
    "F.relu(F.linear(x, W, b)).sum()": ("x: n,m; W: k,m; b: k", "", lambda x, W, b: np.maximum(x @ W.T + b, 0).sum()),
    "F.softmax(x, dim=-1)[0, 1]": ("x: n,m", "", lambda x: (np.exp(x[0]) / np.exp(x[0]).sum())[1]),
    "x.var(dim=1).sum()": ("x: n,m", "m=4", lambda x: x.var(axis=1, ddof=1).sum()),
    "torch.std(x, unbiased=False)": ("x: n", "n=4", lambda x: x.std()),
    "torch.cat([x, y], dim=0).pow(2).mean()": ("x: n; y: m", "", lambda x, y: (np.concatenate([x, y]) ** 2).mean()),
    "torch.clamp(x, min=-0.5, max=0.5).sum()": ("x: n", "n=5", lambda x: np.clip(x, -0.5, 0.5).sum()),
    "F.mse_loss(x, y)": ("x: n,m; y: n,m", "", lambda x, y: ((x - y) ** 2).mean()),
    "F.mse_loss(x, y, reduction='sum')": ("x: n; y: n", "", lambda x, y: ((x - y) ** 2).sum()),
    "F.leaky_relu(x, 0.1).sum()": ("x: n", "n=4", lambda x: np.where(x > 0, x, 0.1 * x).sum()),
    "torch.einsum('ij, jk -> ik', x, y).sum()": ("x: n,m; y: m,k", "", lambda x, y: (x @ y).sum()),
    "torch.logsumexp(x, dim=0)": ("x: n", "n=4", lambda x: np.log(np.exp(x).sum())),
    "x.transpose(0, 1)[1].sum() * x.view(-1)[0]": ("x: n,m", "", lambda x: x.T[1].sum() * x.ravel()[0]),
    "torch.max(x, y).sum() + x.max()": ("x: n; y: n", "n=3", lambda x, y: np.maximum(x, y).sum() + x.max()),
    "torch.linalg.norm(x) * torch.sigmoid(y)": (
        "x: n; y:",
        "n=3",
        lambda x, y: np.sqrt((x**2).sum()) / (1 + np.exp(-y)),
    ),
    "F.layer_norm(x, (4,), weight=g, bias=b).sum()": (
        "x: n,4; g: 4; b: 4",
        "",
        lambda x, g, b: ((x - x.mean(1)[:, None]) / np.sqrt(x.var(1)[:, None] + 1e-5) * g + b).sum(),
    ),
}


@pytest.mark.parametrize("call", CALLS)
def test_pytorch_s_calls_mean_what_they_mean_there(call: str) -> None:
    shapes, sizes, meaning = CALLS[call]
    names = [piece.partition(":")[0].strip() for piece in shapes.split(";")]
    source = f"import torch\nimport torch.nn.functional as F\ndef f({', '.join(names)}):\n    return {call}\n"
    run = run_of(written(source, shapes, sizes)[0].text)
    (output,) = run.graph.outputs
    expected = meaning(*(np.asarray(run.values[name]) for name in names))
    assert np.asarray(run.values[output]) == pytest.approx(np.asarray(expected), rel=1e-9)


def test_cross_entropy_and_embedding_of_pytorch() -> None:
    source = "def f(E, ids, W, y):\n    h = F.embedding(ids, E)\n    return F.cross_entropy(h @ W, y)\n"
    run = run_of(written(source, "E: V,d; ids: N labels V; W: d,k; y: N labels k", "V=5,d=3,N=2,k=4")[0].text)
    E, ids, W, y = (np.asarray(run.values[name]) for name in ("E", "ids", "W", "y"))
    z = E[ids.astype(int)] @ W
    p = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
    loss = -np.log(p[np.arange(2), y.astype(int)]).mean()
    assert float(run.values[run.graph.outputs[0]]) == pytest.approx(loss)
    delta = (p - np.eye(4)[y.astype(int)]) / 2
    assert run.gradients["W"] == pytest.approx(E[ids.astype(int)].T @ delta)


def test_numpy_divides_a_variance_by_n_and_pytorch_by_n_minus_1() -> None:
    body = "def f(x):\n    return {}.var(x)\n"
    assert read(body.format("np")) == {"f": "var(x)"}
    assert read(body.format("torch")) == {"f": "var(x, unbiased=true)"}
    assert read("def f(x):\n    return np.var(x, ddof=1)\n") == {"f": "var(x, unbiased=true)"}


def test_what_the_result_does_not_need_is_left_out() -> None:
    assert read("def f(x, y):\n    a = x * y\n    b = np.exp(y)\n    return a + 1\n") == {"a": "x * y", "f": "a + 1"}


def test_a_function_is_found_by_its_name() -> None:
    body = "def f(x):\n    return x\ndef g(x):\n    return 2 * x\n"
    assert read(body, function="g") == {"f": "2 * x"}


def problems(source: str, shapes: str = "", function: str | None = None) -> list[tuple[int, int, str]]:
    with pytest.raises(LessonError) as refused:
        read_function(textwrap.dedent(source), "f.py", function, declarations(shapes))
    return [(each.line, each.column, each.code) for each in refused.value.problems]


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        ("for i in x: x = x * y", "python-size"),
        ("for i in range(10 ** 6): x = x * y", "python-loop"),
        ("while x: x = y", "python-loop"),
        ("if x > 0: x = y", "python-branch"),
        ("with z: x = y", "python-statement"),
        ("x[0] = y", "python-size"),
        ("x = [t for t in y]", "python-size"),
        ("x = x // y", "python-expression"),
        ("x = x if y else 2", "python-branch"),
        ("x = 'word' * x", "python-expression"),
        ("x = True * x", "python-expression"),
        ("x = x[..., None, 0]", "python-expression"),
        ("x = np.linalg.norm(x, 1)", "python-arguments"),
        ("x, y = x.shape", "python-size"),
        ("x = x.squeeze()", "python-size"),
        ("x = F.nll_loss(x, y)", "python-size"),
        ("x = np.fft(x)", "python-call"),
        ("x = np.tanhh(x)", "python-call-near"),
        ("x = eval('x')", "python-call"),
        ("x = q * 2", "python-name"),
        ("yy = 2 * x; x = yyy * 2", "python-name-near"),
        ("x = np.sum(x, where=y)", "python-option"),
        ("x = np.add(x)", "python-arguments"),
        ("x = np.tanh(*x)", "python-stars"),
        ("x = y / x.shape[0]", "python-size"),
        ("x = F.dropout(x)", "python-arguments"),
    ],
)
def test_what_cannot_be_read_is_named_with_its_line(statement: str, code: str) -> None:
    found = problems(f"import numpy as np\ndef f(x, y):\n    {statement}\n    return x\n")
    assert [(line, code) for line, _, code in found] == [(3, code)]


def test_everything_unreadable_is_said_at_once_and_quoted() -> None:
    source = "def f(x):\n    for i in x: pass\n    y = np.fft(x)\n    z = y + unknown\n    return z\n"
    with pytest.raises(LessonError) as refused:
        read_function(source, "f.py")
    assert [(each.line, each.quoted.strip()) for each in refused.value.problems] == [
        (2, "for i in x: pass"),
        (3, "y = np.fft(x)"),
        (4, "z = y + unknown"),
    ]


@pytest.mark.parametrize(
    ("source", "function", "code"),
    [
        ("def f(x:\n", None, "python-syntax"),
        ("x = 1\n", None, "python-none"),
        ("def f(x): return x\ndef g(x): return x\n", None, "python-several"),
        ("def score(x): return x\n", "scroe", "python-no-function-near"),
        ("def f(x): return x\n", "something", "python-no-function-known"),
        ("x = 1\n", "something", "python-no-function"),
        ("async def f(x): return x\n", None, "python-async"),
        ("def f(x):\n    y = x\n", None, "python-no-return"),
        ("def f(*x):\n    return 1\n", None, "python-stars"),
        ("(" * 5000, None, "python-syntax"),
        ("def f(x):\n    return \0\n", None, "python-syntax"),
    ],
)
def test_a_file_without_the_function_is_refused(source: str, function: str | None, code: str) -> None:
    assert code in [each for _, _, each in problems(source, function=function)]


def test_the_only_function_outside_of_classes_is_meant() -> None:
    net = "class Net:\n    def __init__(self): pass\n    def forward(self, x): return x\n"
    assert read(net + "def loss(x):\n    return x * 2\n") == {"f": "x * 2"}


def test_a_class_is_read_by_its_forward_and_methods_alone_are_named() -> None:
    net = "class Net:\n    def __init__(self): self.k = 3\n    def forward(self, x): return self.k * x\n"
    assert read(net) == read(net, function="Net") == read(net, function="forward") == {"f": "3 * x"}
    with pytest.raises(LessonError) as refused:
        read_function("class Net:\n    def one(self): pass\n    def two(self, x): return x\n", "model.py")
    (problem,) = refused.value.problems
    assert problem.message.params["names"] == ["one", "two"]


def test_nothing_of_the_file_is_run(tmp_path: Path) -> None:
    trap = tmp_path / "trap"
    source = f"open({str(trap)!r}, 'w')\ndef f(x, y=open({str(trap)!r}, 'w')):\n    return x * 2\n"
    read(source)
    assert not trap.exists()
