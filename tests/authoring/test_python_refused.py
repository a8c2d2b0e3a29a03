"""What a function holds elsewhere than in its arguments is named, with the way out."""

import pytest

from tutor.authoring.declarations import declarations
from tutor.authoring.python.read_function import read_function
from tutor.expr import to_text
from tutor.lesson.file.problem import LessonError
from tutor.text import say

MODEL = """
class Net:
    def __init__(self): self.fc1 = None
    def forward(self, x): return self.fc1(x)
def loss(x): return x * x
def score(x): return x + x
"""


def refused(text: str, function: str | None = None) -> str:
    with pytest.raises(LessonError) as caught:
        read_function(text, "f.py", function, declarations(""))
    return say(caught.value.problems[0].message, "en")


@pytest.mark.parametrize("text", ["params['W1'] @ x", "self.fc1(x)", "self.W @ x", "cfg.W @ x"])
def test_what_is_held_elsewhere_must_become_an_argument(text: str) -> None:
    assert "pass it as an argument" in refused(f"def f(self, params, x):\n    return {text}\n".replace("self, ", ""))


def test_functions_to_choose_from_are_listed_without_methods() -> None:
    assert refused(MODEL).endswith("They are loss, score.")
    assert refused(MODEL, "nope").endswith("It has loss, score.")


def test_what_a_layer_does_is_refused_where_the_file_calls_it() -> None:
    net = """import torch.nn as nn
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(nn.Tanh(), nn.Dropout(0.5))
    def forward(self, x):
        h = 2 * x
        return self.layers(h)
"""
    with pytest.raises(LessonError) as caught:
        read_function(net, "f.py", None, declarations("x: n"))
    assert [(each.line, each.column) for each in caught.value.problems] == [(8, 16)]


@pytest.mark.parametrize(
    ("body", "advice"),
    [
        ("for i in x: x = x * 2", "needs a size that is not known: give x a shape with --shapes"),
        ("while x: x = x * 2", "`while` cannot become a line of a graph: write its steps out"),
        ("if x > 0: return x", "a graph has no `if`: write `np.where(condition, a, b)`"),
        ("return x if x > 0 else 2", "a graph has no `if`: write `np.where(condition, a, b)`"),
        ("x[0] = 3", "`x[0] = 3` needs a size that is not known: give x a shape with --shapes."),
        ("y = np.zeros(3)\n    y[[0, 1]] = 3", "entries are written at fixed places, as `x[0, 1:3]`"),
        ("for t in range(3):\n        x[t] = y", "`x[t] = y` needs a size that is not known: give x a shape"),
        ("return np.clip(x, None, None)", "`np.clip` with these arguments has no counterpart in a lesson"),
        ("return np.average(x, axis=0, returned=True)", "`returned` of `np.average` has no counterpart in a lesson."),
        ("return F.cross_entropy(x, y, x)", "`weight` of `F.cross_entropy` has no counterpart in a lesson."),
        ("return torch.max(x, dim=1)[1]", "PyTorch returns where the largest entries stand too"),
        ("return x[x > 0].sum()", "`x[x > 0]` has no counterpart in a lesson."),
        ("return F.softmax(x)", "`F.softmax` with these arguments has no counterpart in a lesson"),
        ("return F.dropout(x)", "`F.dropout` with these arguments has no counterpart in a lesson"),
        ("e = torch.randn(3)\n    return x * e", "draws random numbers, which a lesson cannot repeat"),
        ("return x, y", "Say which is the loss with --output, as in --output x"),
        (
            "z = np.zeros(3)\n    y = np.ravel(z)\n    y += x\n    return z * x",
            "`z * x` looks at entries that were changed in place under another name.",
        ),
        ("return np.hstack([x, y])", "needs a size that is not known: give x a shape with --shapes"),
    ],
)
def test_what_has_no_counterpart_comes_with_what_to_write(body: str, advice: str) -> None:
    assert advice in refused(f"def f(x, y):\n    {body}\n")


def test_functions_inside_of_others_and_coroutines_are_none_to_choose() -> None:
    text = "def f(x):\n    def g(y): return y\n    return x\nasync def h(x): return x\n"
    assert refused(text, "h") == "`async def h` returns a coroutine, not a value: write `def h`."
    assert refused(text, "g").endswith("It has f.")


@pytest.mark.parametrize(
    ("over", "size"), [("range(T)", "T"), ("range(1, T)", "T"), ("X", "T"), ("range(X.shape[0])", "T")]
)
def test_a_loop_over_a_size_says_which_size_must_be_a_number(over: str, size: str) -> None:
    text = f"def f(X):\n    T, C = X.shape\n    for t in {over}: X = X * 2\n    return X\n"
    with pytest.raises(LessonError) as caught:
        read_function(text, "f.py", None, declarations("X: T,C"))
    assert f"give {size} as a number in --shapes" in say(caught.value.problems[0].message, "en")


def test_a_cell_that_ends_with_a_changed_view_is_read_and_what_it_hides_is_named() -> None:
    cell = "import numpy as np\ny = h.reshape(-1); y += 1\n"
    found = read_function(cell, "f.py", None, declarations("h: 2,2"))
    assert [to_text(tree) for _, tree in found.formulas] == ["reshape(h, [-1])", "y + 1"]
    with pytest.raises(LessonError) as caught:
        read_function(f"{cell}np.sum(h)\n", "f.py", None, declarations("h: 2,2"))
    assert "changed in place under another name" in say(caught.value.problems[0].message, "en")


@pytest.mark.parametrize(
    "line",
    [
        "print(y.fill_(0))",
        "print(y := x)",
        "assert y.sort() is None",
        "assert np.exp(x, out=y) is not None",
        "ctx.save_for_backward(y.mul_(2))",
    ],
)
def test_a_statement_that_changes_something_is_not_left_out(line: str) -> None:
    assert "has no counterpart" in (
        said := refused(f"def f(x, ctx):\n    y = 2 * x\n    {line}\n    return y.sum()\n")
    ) or ("cannot become a line" in said)


@pytest.mark.parametrize("text", ["x * np.random.randn(3)", "(np.random.rand(3) - x).sum()"])
def test_random_numbers_in_what_is_returned_are_named(text: str) -> None:
    assert "draws random numbers" in refused(f"import numpy as np\ndef f(x):\n    return {text}\n")


def test_of_two_functions_of_one_name_none_is_offered() -> None:
    assert refused("def f(x): return x\ndef f(x): return x * x\n", "f") == (
        "There is no function f in this file, or more than one."
    )
