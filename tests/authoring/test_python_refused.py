"""What a function holds elsewhere than in its arguments is named, with the way out."""

import pytest

from tutor.authoring.declarations import declarations
from tutor.authoring.python_source import read_function
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
