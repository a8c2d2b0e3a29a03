"""Questions of the longer kinds as they are built: ids, skills, and a text that grades as right."""

from pathlib import Path

import pytest

from tests.checking.lessons import NET
from tutor.kinds import build, check, hints, load_text, preview
from tutor.text import LANGUAGES, say

EVERYTHING = (
    "title: All the longer kinds\n"
    + NET
    + """
ask:
  - entry: {of: "z[i]", wrt: "W[i, j]"}
  - entry: {of: "z[i]", wrt: "W[k, j]"}
  - derive: {wrt: b, using: [u, h]}
  - derive: {wrt: b, using: [u, h]}
    convention: jacobian
  - decompose: ["u.T @ h", "u.T @ tanh(W @ x + b)"]
  - rule: {forward: "a @ b", wrt: a, shapes: {a: [n, m], b: [m, k]}}
  - rule: {forward: "max(a, b)", wrt: b}
  - rule: {forward: "a * b", wrt: forward}
  - find-slip: {of: h, wrt: z, slip: "tanh:square-forgotten"}
  - find-slip: {slip: any}
"""
)
DRILL = build(load_text(EVERYTHING, Path("/nowhere/everything.yaml")), 0)
IDS = {
    "entry z W": ("entry:matmul",),
    "entry z W #2": ("entry:matmul",),
    "derive b": ("derive:add",),
    "derive b #2": ("derive:add", "convention"),
    "decompose 1": ("decompose:matmul",),
    "decompose 2": ("decompose:matmul",),
    "rule 1": ("rule:matmul",),
    "rule 2": ("rule:max",),
    "rule 3": ("rule:mul",),
    "find-slip 1": ("check", "find-slip:tanh"),
}


def test_ids_and_skills_are_those_of_the_format() -> None:
    found = {question.id: question.skills for question in DRILL.questions}
    assert list(found) == [*IDS, "find-slip 2"]
    assert {id: found[id] for id in IDS} == IDS


@pytest.mark.parametrize("id", [*IDS, "find-slip 2"])
def test_the_text_that_is_shown_as_solved_is_right(id: str) -> None:
    question = DRILL.by_id[id]
    assert question.typed is not None
    assert check(DRILL, question, question.typed).kind == "right"
    shown = preview(DRILL, question, question.typed)
    assert (shown.message, bool(shown.text)) == (None, True)


@pytest.mark.parametrize("id", [*IDS, "find-slip 2"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_is_said_in_both_languages(id: str, language: str) -> None:
    question = DRILL.by_id[id]
    said = [question.prompt, *question.details, *hints(DRILL, question)]
    texts = [say(each, language) for each in said]  # type: ignore[arg-type]
    assert not any("{" in text or "drill." in text or "checking." in text for text in texts)


@pytest.mark.parametrize("seed", range(6))
def test_drawn_numbers_have_right_texts_too(seed: int) -> None:
    drawn = EVERYTHING.replace("value: [[2], [-1]]", "integers: [-3, 3], nonzero: true")
    drawn = drawn.replace("value: [[0.1], [-0.3], [0.2]]", "uniform: [-1, 1]")
    made = build(load_text(drawn, Path("/nowhere/drawn.yaml")), seed)
    for question in made.questions:
        assert question.typed is not None
        assert check(made, question, question.typed).kind == "right", question.id
        assert question.typed != ""


@pytest.mark.parametrize(
    "text", ["", " ", ";", "=", "z", "z =", "[", "1;", "x[", "d", "\n\n", "a = ", "z = [[", "𝔘", "i j"]
)
def test_nothing_typed_makes_them_fail(text: str) -> None:
    for question in DRILL.questions:
        assert check(DRILL, question, text).kind in ("unreadable", "wrong", "wrong-shape", "right-but")
        preview(DRILL, question, text)
