"""Characters that only look like YAML's own: each is named, in its line, wherever a keyboard or a page has put it."""

from pathlib import Path
from unicodedata import normalize

import pytest

from tutor.kinds import load_text
from tutor.lesson.file.answer_file import read_answers
from tutor.lesson.file.problem import LessonError, Problem
from tutor.lesson.model import Lesson
from tutor.text import say

LESSON = """title: "A layer"
about: 'One layer: its loss.'
saturated: true
given:
  x: {value: [[1], [-2], [0.5]]}
  W: [[0.1, 0.2, 0.3], [0.4, 0.5, -0.6]]
  b: {shape: [2, 1], normal: 0.5}
graph:
  z: W @ x + b
  h: tanh(z)
  L: sum(h * h)
ask:
  - total: x
  - upstream: z
"""
SPACES = "\u00a0\u1680\u2003\u2009\u200a\u202f\u205f\u3000"
INVISIBLE = "\u200b\u200c\u200d\u200e\u2060\u00ad"
AT_SPACES = [
    ("  z: W", "{0}{0}z: W"),
    ("  z: W", " {0}z: W"),
    ("  x: {", "{0}{0}x: {{"),
    ("z: W", "z:{0}W"),
    ("z: W", "z{0}: W"),
    ("graph:", "graph{0}:"),
    ("graph:", "{0}\ngraph:"),
    ("{shape: [2, 1]", "{{shape:{0}[2, 1]"),
    ("{shape: [2, 1]", "{{shape{0}: [2, 1]"),
    ("- total", "-{0}total"),
    ("[1], [-2]", "[1],{0}[-2]"),
    ("W: [[", "W:{0}[["),
    ("title:", "{0}title:"),
]
AT_WORDS = [
    ("graph:", "gra{0}ph:"),
    ("h: tanh", "h{0}: tanh"),
    ("  z: W", "{0}  z: W"),
    ("- upstream", "-{0} upstream"),
]
STRUCTURE = [
    *[(c, "graph:", "graph{0}") for c in "：﹕∶꞉"],
    *[(c, "z: W", "z{0}W") for c in "：﹕∶꞉"],
    *[(c, "- total:", "- total{0}") for c in "：﹕∶꞉"],
    *[(c, "title:", "title{0}") for c in "：﹕"],
    *[(c, "{shape:", "{{shape{0}") for c in "：∶"],
    *[(c, old, new) for c in "，﹐、" for old, new in [("1], [-2", "1]{0}[-2"), ("1], normal", "1]{0} normal")]],
    *[(c, "shape: [2, 1]", "shape: {0}2, 1]") for c in "［【〔"],
    *[(c, "{shape: [2, 1], normal: 0.5}", "{0}shape: [2, 1], normal: 0.5}}") for c in "｛﹛"],
    *[(c, "'One layer: its loss.'", f"{{0}}One layer: its loss.{d}") for c, d in ("“”", "‘’", "«»", "„“", "＂＂")],
    *[(c, '"A layer"', '"A layer{0}') for c in "”“„»＂"],
    *[(c, "title:", "{0}title{0}:") for c in "“’«"],
    *[(c, old, new) for c in "–—‐−－•" for old, new in [("- total", "{0} total"), ("- upstream", "{0} upstream")]],
    *[(c, "-2", "{0}2") for c in "–—−－"],
    *[(c, "[[1]", "[[{0}]") for c in "１２"],
    *[(c, "h: tanh", "{0}: tanh") for c in "ｈ"],
]  # fmt: skip


def first_problem(text: str) -> Problem:
    with pytest.raises(LessonError) as caught:
        load_text(text, Path("lesson.yaml"))
    return caught.value.problems[0]


@pytest.mark.parametrize(("old", "new"), AT_SPACES)
@pytest.mark.parametrize("space", SPACES, ids=ascii)
def test_a_space_that_is_none_to_yaml_is_named_where_it_stands(space: str, old: str, new: str) -> None:
    assert_named(space, old, new)


@pytest.mark.parametrize(("old", "new"), AT_WORDS)
@pytest.mark.parametrize("character", INVISIBLE, ids=ascii)
def test_a_character_that_cannot_be_seen_is_named_where_it_stands(character: str, old: str, new: str) -> None:
    assert_named(character, old, new)


@pytest.mark.parametrize(("character", "old", "new"), STRUCTURE)
def test_full_width_curly_and_long_characters_are_named_where_they_stand(character: str, old: str, new: str) -> None:
    assert_named(character, old, new)


def assert_named(character: str, old: str, new: str) -> None:
    assert old in LESSON
    text = LESSON.replace(old, new.format(character), 1)
    place = text.index(character)
    problem = first_problem(text)
    for language in ("en", "zh"):
        assert f"U+{ord(character):04X}" in say(problem.message, language)  # type: ignore[arg-type]
    assert problem.line == text.count("\n", 0, place) + 1
    assert problem.quoted[problem.column - 1] == character


@pytest.mark.parametrize("character", ["\ufeff", "\u2028", "\u2029", "\x85", "\x0b"], ids=ascii)
def test_what_breaks_a_line_for_yaml_alone_is_refused_by_its_code(character: str) -> None:
    problem = first_problem(LESSON.replace("W @ x", f"W {character}@ x"))
    assert (problem.line, problem.column) == (9, 8)
    assert f"U+{ord(character):04X}" in say(problem.message, "en")


@pytest.mark.parametrize(
    ("old", "new", "line", "column", "name"),
    [
        ("z: W @", "z W @", 9, 4, "z"),
        ("h: tanh", "h tanh", 10, 4, "h"),
        ("L: sum", "L sum", 11, 4, "L"),
        ("graph:", "graph", 8, 6, "graph"),
        ("title:", "title", 1, 6, "title"),
        ("W: [[", "W [[", 6, 4, "W"),
        ("z: W @ x + b\n  h: tanh(z)\n  L: sum(h * h)", "L sum(W @ x)", 9, 4, "L"),
    ],
)
def test_a_missing_colon_is_pointed_at_in_its_own_line(old: str, new: str, line: int, column: int, name: str) -> None:
    problem = first_problem(LESSON.replace(old, new, 1))
    assert (problem.line, problem.column, problem.message.id) == (line, column, "lesson.yaml-missing-colon")
    assert problem.message.params["name"] == name


def loaded(text: str) -> Lesson:
    return load_text(text, Path("lesson.yaml"))


@pytest.mark.parametrize("typed", ["(2, 1)", "(2,1)", "2x1", "2 x 1", "( 2, 1 )"])
@pytest.mark.parametrize("entry", ["{{shape: {0}, normal: 0.5}}", "\n    normal: 0.5\n    shape: {0}"])
def test_the_advice_on_a_shape_in_round_brackets_works(typed: str, entry: str) -> None:
    text = LESSON.replace("{shape: [2, 1], normal: 0.5}", entry.format(typed))
    problem = first_problem(text)
    assert problem.message.id == "lesson.list-in-brackets"
    advised = str(problem.message.params["list"])
    assert loaded(text.replace(typed, advised)).parts[0].graph.outputs == ("L",)


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize("other", ["NFC", "NFD"])
def test_names_are_the_same_however_their_accents_are_typed(form: str, other: str) -> None:
    text = LESSON.replace("  h: tanh(z)", normalize(form, "  é: tanh(z)")).replace("h * h", normalize(other, "é * é"))
    text = text.replace("upstream: z", normalize(other, "upstream: é"))
    assert "é" in loaded(text).parts[0].graph.lines


def test_a_name_typed_in_both_ways_stands_there_twice() -> None:
    both = f"  é: tanh(z)\n  {normalize('NFD', 'é')}: tanh(z)"
    problem = first_problem(LESSON.replace("  h: tanh(z)", both).replace("h * h", "é * é"))
    assert (problem.line, problem.code) == (11, "duplicate-key")


@pytest.mark.parametrize("title", ["“Wide”，层：损失", "l’unité – une couche", "a\u00a0: b", "【层】"])
def test_what_people_read_keeps_its_characters(title: str) -> None:
    assert loaded(LESSON.replace('"A layer"', f'"{title}"')).title.en == title
    if ": " not in title:
        assert loaded(LESSON.replace('"A layer"', title)).title.en == title


@pytest.mark.parametrize("formula", ["W\u00a0@\u3000x\u200b + b", "W @ x ＋ b\u00a0", "\u00a0W @ x − −b"])
def test_formulas_are_read_with_their_look_alikes(formula: str) -> None:
    assert loaded(LESSON.replace("W @ x + b", formula)).parts[0].graph.lines.keys() == {"z", "h", "L"}


def test_a_file_of_answers_names_them_too(tmp_path: Path) -> None:
    for character, text in [
        ("：", "total x： 1\nupstream z: 2\n"),
        ("\u00a0", "total\u00a0x: 1\n"),
        ("–", "seed: –5\n"),
    ]:
        file = tmp_path / "answers.yaml"
        file.write_text(text, "utf-8")
        with pytest.raises(LessonError) as caught:
            read_answers(file)
        problem = caught.value.problems[0]
        assert f"U+{ord(character):04X}" in say(problem.message, "en")
        assert problem.quoted[problem.column - 1] == character


def test_ids_in_answers_are_compared_composed(tmp_path: Path) -> None:
    for name, text in [("a.yaml", "total é: 1\n"), ("a.json", '{"total é": 1}')]:
        (tmp_path / name).write_text(normalize("NFD", text), "utf-8")
        assert list(read_answers(tmp_path / name).typed) == ["total é"]
