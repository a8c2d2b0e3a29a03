"""`choose`: the number of an option; every option has its own explanation."""

import pytest

from tests.checking.lessons import drill, judged, lesson, verdict
from tutor.kinds import preview
from tutor.lesson.file.problem import LessonError
from tutor.text import say

GRAPH = "given: {x: 1, y: 2}\ngraph: {f: x * y}\n"
CHOICE = (
    GRAPH
    + """ask:
  - choose:
      question: {en: What is ∂f/∂x?, zh: ∂f/∂x 是什么？}
      options: [x, "y", {en: both, zh: 两个都要}]
      right: 2
      why: [Its own input., {en: The other input., zh: 另一个输入。}, One slope only.]
  - choose: {question: How many?, options: [3, 1, 2], right: 3}
  - choose: {question: How many more?, options: [8, 9], right: 2}
"""
)


@pytest.mark.parametrize(
    ("id", "typed", "kind"),
    [
        ("choose 1", "2", "right"),
        ("choose 1", " (2) ", "right"),
        ("choose 1", "2.", "right"),
        ("choose 1", "２）", "right"),  # as a Chinese keyboard types it
        ("choose 1", "y", "right"),
        ("choose 1", "x", "wrong"),
        ("choose 1", "1", "wrong"),
        ("choose 1", "两个都要", "wrong"),
        ("choose 1", "4", "unreadable"),
        ("choose 1", "0", "unreadable"),
        ("choose 1", "z", "unreadable"),
        ("choose 2", "3", "right"),  # the number of an option, not the option
        ("choose 2", "2", "wrong"),
        ("choose 3", "9", "right"),  # no option has this number, so it is the option itself
        ("choose 3", "8", "wrong"),
        ("choose 3", "7", "unreadable"),
    ],
)
def test_an_option_is_chosen_by_its_number_or_its_text(id: str, typed: str, kind: str) -> None:
    assert judged(drill(CHOICE), id, typed) == (kind, None)


def test_every_option_is_explained_by_itself() -> None:
    made = drill(CHOICE)
    said = [say(verdict(made, "choose 1", str(k)).message, "en") for k in (1, 2, 3)]
    assert said == ["Not that one. Its own input.", "Right. The other input.", "Not that one. One slope only."]
    assert say(verdict(made, "choose 1", "2").message, "zh") == "正确。另一个输入。"


def test_question_and_options_can_be_read() -> None:
    made = drill(CHOICE)
    assert [say(detail, "zh") for detail in made.by_id["choose 1"].details] == [
        "∂f/∂x 是什么？", "1. x", "2. y", "3. 两个都要",
    ]  # fmt: skip
    assert [say(detail, "en") for detail in made.by_id["choose 2"].details] == ["How many?", "1. 3", "2. 1", "3. 2"]


def test_the_preview_shows_what_is_chosen() -> None:
    made = drill(CHOICE)
    assert preview(made, made.by_id["choose 1"], "1").text == "1: x"
    assert preview(made, made.by_id["choose 1"], "7").message is not None


@pytest.mark.parametrize(
    ("ask", "code"),
    [
        ("{question: Q, options: [a, b], right: 3}", "right-not-an-option"),
        ("{question: Q, options: [a, b], right: 1, why: [c]}", "why-for-each"),
        ("{question: Q, options: [a, b, a], right: 1}", "option-twice"),
    ],
)
def test_options_are_checked_when_the_lesson_is_read(ask: str, code: str) -> None:
    with pytest.raises(LessonError) as refused:
        lesson(f"{GRAPH}ask: [{{choose: {ask}}}]")
    assert [problem.code for problem in refused.value.problems] == [code]
