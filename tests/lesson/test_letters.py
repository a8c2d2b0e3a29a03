"""A letter that keyboards type in two ways is one letter in lessons, answers and commands."""

from pathlib import Path

import pytest

from tests.checking.lessons import drill, judged, lesson, verdict
from tutor.authoring.declarations import declarations, sizes_from
from tutor.authoring.typed_formulas import formulas
from tutor.kinds import load_text
from tutor.lesson.file.answer_file import read_answers
from tutor.lesson.file.problem import LessonError
from tutor.text import say

MICRO, MU, OHM, OMEGA = "\u00b5", "\u03bc", "\u2126", "\u03a9"
TWINS = [(MICRO, MU), (OHM, OMEGA)]
LESSON = """
given: {{{a}: 2, x: 3}}
graph: {{y: {b} * x, f: y^2}}
ask: [{{downstream: {{of: y, wrt: {a}}}}}, {{total: {b}}}]
hints: {{total {a}: "Think of {a}."}}
"""


@pytest.mark.parametrize(("typed", "meant"), TWINS)
@pytest.mark.parametrize("swapped", [True, False])
def test_a_lesson_may_write_a_name_in_either_way(typed: str, meant: str, swapped: bool) -> None:
    a, b = (typed, meant) if swapped else (meant, typed)
    found = drill(LESSON.format(a=a, b=b))
    assert [question.id for question in found.questions] == [f"downstream y {meant}", f"total {meant}"]
    for letter in (typed, meant):
        assert judged(found, f"total {meant}", f"2 * y * x * {letter} / {letter}") == ("right", None)


@pytest.mark.parametrize(("typed", "meant"), TWINS)
@pytest.mark.parametrize("ending", ["yaml", "json"])
def test_a_file_of_answers_names_questions_in_either_way(typed: str, meant: str, ending: str, tmp_path: Path) -> None:
    file = tmp_path / f"ada.{ending}"
    file.write_text(f'{{"total {typed}": "6 * {typed}"}}', "utf-8")
    assert dict(read_answers(file).typed) == {f"total {meant}": f"6 * {meant}"}


@pytest.mark.parametrize(("typed", "meant"), TWINS)
def test_a_command_names_inputs_in_either_way(typed: str, meant: str) -> None:
    assert [name for name, _ in formulas(f"{typed} = 2 * x")] == [meant]
    assert list(declarations(f"{typed}: n,m")) == [meant]
    assert list(sizes_from(f"{typed}=3")) == [meant]


def test_the_caret_stays_below_the_letter_that_was_typed() -> None:
    with pytest.raises(LessonError) as error:
        load_text(f"title: T\ngiven: {{x: 1}}\ngraph:\n  f: x * {MICRO} + q\n", Path("/nowhere/t.yaml"))
    assert [(problem.line, problem.column) for problem in error.value.problems] == [(4, 10), (4, 14)]


def test_letters_that_look_apart_stay_apart() -> None:
    both = lesson("given: {ε: 2, ϵ: 3}\ngraph: {f: ε * ϵ}")
    assert [*both.parts[0].given] == ["ε", "ϵ"]


def test_the_other_letter_is_proposed_where_only_one_is_known() -> None:
    answer = verdict(drill("given: {ε: 2, x: 3}\ngraph: {f: ε * x}"), "local f x", "ϵ")
    assert answer.kind == "unreadable"
    assert "ε" in say(answer.message, "en")
