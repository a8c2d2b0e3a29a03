"""A node called like something else, `e`, `σ` or `δ`, is that node wherever it is written."""

from pathlib import Path

import numpy as np
import pytest

from tests.checking.lessons import drill, judged, verdict
from tutor.drill.question import Drill
from tutor.engine.code import as_code
from tutor.kinds import load_text
from tutor.kinds.why_views import VIEWS, Step, why
from tutor.lesson.file.problem import LessonError
from tutor.text import say

NAMES = ("e", "pi", "π", "σ", "δ", "delta", "T")


def named(line: str, given: str = "w") -> Drill:
    """A lesson in which a line, and an input, have these names."""
    return drill(
        f"""
given: {{x: 0.5, {given}: 2.3}}
graph:
  {line}: {given} * x + 0.2
  y: tanh({line}) * sigmoid({given})
  f: y * {line}
ask:
  - all: [f, y, {line}]
  - formula: {{wrt: {given}}}
  - formula: {{wrt: {line}, using: [{line}, y, {given}]}}
  - formula: {{of: y, wrt: {line}}}
  - saves: {{of: f, wrt: y}}
  - order: backward
  - update: {{of: {given}, rate: 0.5}}
  - decompose: tanh({given}) * x
"""
    )


@pytest.mark.parametrize("line", [True, False])
@pytest.mark.parametrize("name", NAMES)
def test_a_name_with_a_second_meaning_changes_no_answer(name: str, line: bool) -> None:
    plain, other = (named("k"), named(name)) if line else (named("k", "w"), named("k", name))
    assert len(plain.questions) == len(other.questions)
    for mine, theirs in zip(plain.questions, other.questions, strict=True):
        if (expected := getattr(mine, "expected", None)) is not None and not isinstance(expected, str):
            np.testing.assert_array_equal(theirs.expected, expected)
        assert theirs.typed
        assert judged(other, theirs.id, theirs.typed) == ("right", None), theirs.typed


@pytest.mark.parametrize("name", NAMES)
def test_an_answer_that_names_it_means_the_node(name: str) -> None:
    lesson = named(name)
    assert judged(lesson, "local f y", name) == ("right", None)
    assert judged(lesson, f"local y {name}", f"(1 - tanh({name})^2) * sigmoid(w)") == ("right", None)
    assert judged(lesson, f"formula {name}", f"y + {name} * (1 - tanh({name})^2) * sigmoid(w)") == ("right", None)


@pytest.mark.parametrize("name", NAMES)
def test_the_views_of_why_and_the_code_speak_of_the_node(name: str) -> None:
    plain, other = named("k"), named(name)
    for mine, theirs in zip(plain.questions, other.questions, strict=True):
        for view in VIEWS:
            steps = [isinstance(each, Step) for each in why(plain, mine, view)]
            assert [isinstance(each, Step) for each in why(other, theirs, view)] == steps
    found: dict[str, object] = {}
    exec(as_code(other.parts[0].run), found)
    run = plain.parts[0].run
    out, gradients = found["forward_backward"](0.5, 2.3)  # type: ignore[operator]
    assert out == pytest.approx(float(run.values["f"]))
    assert gradients["w"] == pytest.approx(float(run.gradients["w"]))


def test_a_node_sigma_is_no_function_any_more() -> None:
    answer = verdict(named("σ"), "local f y", "σ(x)")
    assert answer.kind == "unreadable"
    assert "σ is not a function" in say(answer.message, "en")
    with pytest.raises(LessonError):
        load_text("title: T\ngiven: {x: 1}\ngraph: {σ: 2 * x, f: σ(x)}", Path("/nowhere/t.yaml"))


def test_without_such_a_node_sigma_stays_the_sigmoid() -> None:
    circuit = drill("given: {x: 0.5}\ngraph: {f: σ(x)}")
    assert judged(circuit, "local f x", "σ(x) * (1 - σ(x))") == ("right", None)
