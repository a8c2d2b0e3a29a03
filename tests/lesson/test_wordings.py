"""What is said of a slip of the author's names the way out, in the author's own words."""

from pathlib import Path

import pytest

from tutor.kinds import load_text
from tutor.lesson.file.problem import LessonError
from tutor.lesson.model import Lesson
from tutor.text import say

NET = """title: T
sizes: {n: 3, m: 2}
given:
  x: {shape: [m, 1], uniform: [-1, 1], decimals: 1, nonzero: true}
  W: {shape: [n, m], integers: [-1, 1]}
  b: {shape: [n, 1], integers: [-1, 1]}
  u: {shape: [n, 1], integers: [-2, 2], nonzero: true}
graph:
  z: W @ x + b
  h: tanh(z)
  s: u.T @ h
"""


def lesson(text: str) -> Lesson:
    return load_text(text, Path("/nowhere/lesson.yaml"))


def said(text: str) -> str:
    with pytest.raises(LessonError) as caught:
        lesson(text)
    return " ".join(say(each.message, "en") for each in caught.value.problems if each.severity == "error")


@pytest.mark.parametrize(
    ("ask", "words"),
    [
        ("find-slip: any", "Expected a map such as {slip: any} here."),
        ("derive: z", "Expected a map such as {wrt: b, using: [u, h]} here."),
        ("choose: What?", "Expected a map such as {question: .., options: [..], right: 2} here."),
        ("local: z", "Expected a map such as {of: h, wrt: z} here."),
        ("rule: z", 'such as {forward: "a @ b", wrt: a, shapes'),
        ("total: 3", "Expected a name, or a map such as {wrt: [x, y]} here."),
        ("decompose: n * 3", "there is nothing to take apart"),
        ("decompose: s", "there is nothing to take apart"),
        ("total: z, h", "Several names stand in brackets: [z, h]."),
        ("find-slip: {slip: tanh:sq}", "Is tanh:square-forgotten meant? `tutor slips tanh` lists them."),
        ("find-slip: {slip: zzz:sq}", "`tutor slips` lists them."),
        ("entry: {of: z, wrt: W}", 'as in "z[i]".'),
        ('difference: {of: s, wrt: "b[0, 0]", h: 0.1}', "only a question of the kind `entry` can. Write b."),
    ],
)
def test_a_question_in_the_wrong_form_is_shown_its_own(ask: str, words: str) -> None:
    assert words in said(f"{NET}ask:\n  - {ask}\n")


def test_a_product_that_does_not_fit_names_its_sizes_and_no_transpose_that_would_not_help() -> None:
    text = said(NET.replace("x: {shape: [m, 1]", "x: {shape: [n, 1]"))
    assert "inner sizes m = 2 and n = 3 differ" in text
    assert ".T" not in text


def test_a_transpose_that_makes_the_line_fit_is_proposed() -> None:
    text = said(NET.replace("W: {shape: [n, m]", "W: {shape: [m, n]"))
    assert "inner sizes n = 3 and m = 2 differ; did you mean W.T?" in text


def test_a_single_hint_and_a_single_plot_need_no_list() -> None:
    made = lesson(
        f"{NET}ask: [total: x, total: b]\nhints: {{total x: Look., total b: {{en: Up., zh: 上。}}}}\nplots: counts\n"
    )
    assert {id: [each.in_("zh") for each in hints] for id, hints in made.hints.items()} == {
        "total x": ["Look."],
        "total b": ["上。"],
    }
    assert made.plots == ("counts",)
