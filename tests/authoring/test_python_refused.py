"""What a function holds elsewhere than in its arguments is named, with the way out."""

import re

import pytest

from tutor.authoring.declarations import declarations
from tutor.authoring.python.source import read_function
from tutor.expr import to_text
from tutor.lesson.problem import LessonError
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
        ("for i in x: x = x * 2", "`for` cannot become a line of a graph: write its steps out"),
        ("while x: x = x * 2", "`while` cannot become a line of a graph: write its steps out"),
        ("if x > 0: return x", "A graph has no `if`: write `np.where(condition, a, b)`"),
        ("return x if x > 0 else 2", "A graph has no `if`: write `np.where(condition, a, b)`"),
        ("x[0] = 3", "`x[0] = 3` cannot become a line"),
        ("return np.clip(x, None, None)", "The arguments of `np.clip` cannot be read here."),
        ("return np.average(x, axis=0, returned=True)", "`returned` of `np.average` has no counterpart in a lesson."),
        ("return F.cross_entropy(x, y, x)", "`weight` of `F.cross_entropy` has no counterpart in a lesson."),
        ("return torch.max(x, dim=1)[1]", "PyTorch returns where the largest entries stand too"),
        ("return x[x > 0].sum()", "`x[x > 0]` has no counterpart in a lesson."),
        ("return F.softmax(x)", "The arguments of `F.softmax` cannot be read here."),
        ("return F.dropout(x)", "The arguments of `F.dropout` cannot be read here."),
        ("e = torch.randn(3)\n    return x * e", "draws random numbers, which a lesson cannot repeat"),
        ("return x, y", "Say which is the loss with --output, as in --output y"),
        ("x[x < 0] = 0", "Write `x = np.where(x < 0, 0, x)` instead."),
        ("x[y >= 1] *= 0.1", "Write `x = np.where(y >= 1, x * 0.1, x)` instead."),
        ("return np.hstack([x, y])", "needs a size that is not known: give x a shape with --shapes"),
    ],
)
def test_what_has_no_counterpart_comes_with_what_to_write(body: str, advice: str) -> None:
    assert advice in refused(f"def f(x, y):\n    {body}\n")


def test_functions_inside_of_others_and_coroutines_are_none_to_choose() -> None:
    text = "def f(x):\n    def g(y): return y\n    return x\nasync def h(x): return x\n"
    assert refused(text, "h").endswith("It has f.")


@pytest.mark.parametrize("torch", [True, False])
def test_the_line_advised_for_chosen_entries_can_be_read(torch: bool) -> None:
    head = f"import {'torch' if torch else 'numpy as np'}\ndef f(x, y):\n    "
    advice = re.search(r"Write `(.+?)` instead", refused(f"{head}x[y < 0] = 2 * y\n    return x\n"))
    assert advice is not None
    assert advice[1] == f"x = {'torch' if torch else 'np'}.where(y < 0, 2 * y, x)"
    found = read_function(f"{head}{advice[1]}\n    return x\n", "f.py", None, declarations(""))
    assert [to_text(tree) for _, tree in found.formulas] == ["where(y < 0, 2 * y, x)"]
