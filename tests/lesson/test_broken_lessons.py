"""A broken lesson is told where it is broken: file, line, column, and all of it at once."""

import re
from pathlib import Path

import pytest

from tests.lesson.broken_files import FILES, Found
from tests.lesson.broken_questions import QUESTIONS
from tests.lesson.broken_sizes import SIZES
from tutor.kinds import load, load_text
from tutor.lesson.file.problem import LessonError, Problem
from tutor.text import say

BROKEN = {**FILES, **QUESTIONS, **SIZES}


@pytest.mark.parametrize("name", BROKEN)
def test_every_error_is_found_where_it_stands(name: str) -> None:
    text, expected = BROKEN[name]
    errors = [problem for problem in problems_of(text) if problem.severity == "error"]
    assert [(problem.line, problem.column, problem.code) for problem in errors] == expected


@pytest.mark.parametrize("name", BROKEN)
def test_every_problem_quotes_its_line_and_speaks_both_languages(name: str) -> None:
    text, _ = BROKEN[name]
    lines = [*text.split("\n"), ""]
    for problem in problems_of(text):
        assert problem.quoted == lines[problem.line - 1]
        english, chinese = say(problem.message, "en"), say(problem.message, "zh")
        assert english != chinese
        assert re.search(r"\{[a-z_]+\}", english + chinese) is None  # every field is filled
        assert not any(word in english for word in ("pydantic", "Input should", "Traceback", "None"))


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ("graph:\n  a: x\nb: y\n  c: z\nask: all\n", (3, 1), "Line 3 is indented less than its neighbours"),
        ("graph:\n  a: x\n   b: y\n  c: z\n", (3, 4), "Line 3 is indented more than its neighbours"),
        ("graph:\n   a: x\n  b: y\n  c: z\n", (2, 4), "Line 2 is indented more than its neighbours"),
        ("graph:\n  z: x\n  h:tanh(z)\n  s: h * 2\n", (3, 4), "The colon in line 3 needs a space"),
        ("graph:\n  z: x\n  h： tanh(z)\n  s: h * 2\n", (3, 4), "The colon in line 3 only looks like one"),
        ("graph:\n  z = x\n  h: tanh(z)\n  s: h * 2\n", (2, 5), "Line 2 has `=`"),
        ("graph:\n  z: x\n  h = tanh(z)\nask:\n  - total: x\n", (3, 5), "Line 3 has `=`"),
        ("graph:\n  z: 1\n  a = x\n  b= 2\n  c =3\n  d=a\nask: all\n", (3, 5), "Line 3 has `=`"),
        ("title：T\ngiven：{x：1}\n", (1, 6), "The colon in line 1 only looks like one"),
        ("# 课\n\ntitle ：T\n", (3, 7), "The colon in line 3 only looks like one"),
        ("title: 好，好\ngiven: {x: 1， y: 2}\n", (2, 13), "Line 2 has a `，`"),
        ("title: T\ngiven: {x: 1, y: “2”}\ngraph: ｛f: x}\n", (3, 8), "Line 3 has a `｛`"),
        ("title: T\nask: ［total: x］\n", (2, 6), "Line 2 has a `［`"),
        ('title: "T\ngiven: {x: 1}\nsource: "S"\n', (1, 8), "The quote opened in line 1 is not closed"),
        ("title: 'T\ngiven: {x: 1}\nsource: 'S'\n", (1, 8), "The quote opened in line 1 is not closed"),
        ('title: {en: "Tmpl, zh: ".."}\ngiven: {x: 1}\n', (1, 13), "The quote opened in line 1 is not closed"),
        ('title: {en: "Tmpl", zh: "..}\ngiven: {x: 1}\n', (1, 25), "The quote opened in line 1 is not closed"),
        ("title: T\ngiven: {x: 1, y: 2\ngraph:\n  f: x\n", (2, 8), "The { opened in line 2 is not closed"),
        ("given:\n  W: {shape: [n, m, integers: [1, 2]}\n", (2, 14), "The [ opened in line 2"),
        ("graph:\n  a: x\nb: y\n  c: z\nask: [total: x\n", (3, 1), "Line 3 is indented less"),
    ],
)
def test_what_yaml_stumbles_over_is_told_at_its_own_line(text: str, place: tuple[int, int], words: str) -> None:
    (problem, *_) = problems_of(text)
    assert (problem.line, problem.column) == place
    assert words in say(problem.message, "en")


def test_a_missing_comma_in_a_shape_is_called_one() -> None:
    text = "title: T\nsizes: {m: 2}\ngiven: {x: {shape: [m 1], integers: [1, 2]}}\ngraph: {f: sum(x)}\n"
    assert "A comma is missing between sizes: `[m, 1]`" in say(problems_of(text)[0].message, "en")


def test_everything_comes_in_one_go() -> None:
    text = (
        "titel: T\n"
        "given:\n"
        "  x: {unifrm: [0, 1]}\n"
        "  y: 2\n"
        "  q: 1\n"
        "graph:\n"
        "  a: yy * 2\n"
        "  b: tahn(a)\n"
        "  f: a +\n"
        "ask:\n"
        "  - totl: y\n"
        "worked: two\n"
    )
    assert [(problem.line, problem.code) for problem in problems_of(text)] == [
        (1, "unknown-field"),
        (3, "unknown-field"),
        (7, "unknown-name"),
        (8, "unreadable"),
        (9, "unreadable"),
        (11, "unknown-field"),
        (12, "expected"),
    ]


def test_one_fault_of_a_graph_hides_no_other() -> None:
    text = (
        "title: T\n"
        "given: {x: 2, y: [1, 2, 3], w: [1, 2], dx: 1}\n"
        "graph:\n"
        "  a: b + 1\n"
        "  b: a * x\n"
        "  c: foo(x)\n"
        "  d: y + w\n"
        "  g: c * 3 + q\n"
        "  k: y @ w\n"
        "  n: k + dx\n"
        "ask:\n"
        "  - total: [x, z]\n"
        "  - local: {of: x, wrt: a}\n"
        "  - formula: {wrt: x, using: [up, dr, dd]}\n"
        "  - path: {wrt: x, through: [b, v]}\n"
        "  - all: [a, x]\n"
    )
    assert [(problem.line, problem.code) for problem in problems_of(text)] == [
        (2, "name-is-gradient"),
        (4, "cycle"),
        (6, "unreadable"),
        (7, "shapes-do-not-broadcast"),
        (8, "unknown-name"),
        (9, "matmul-inner-sizes"),
        *((line, "unknown-name") for line in (12, 13, 14, 15, 16)),
    ]


def test_an_output_that_other_lines_use_is_not_called_unused() -> None:
    text = "title: T\ngiven: {x: 2}\ngraph:\n  a: 2 * x\n  b: a + 1\n  c: a * 3\nupstream: {a: 1, b: 2}\n"
    (problem,) = problems_of(text)
    assert (problem.line, problem.code, problem.message.params["names"]) == (6, "several-outputs", ["b", "c"])


def test_a_shape_error_points_into_the_formula() -> None:
    text = (
        "title: T\nsizes: {n: 3, m: 2}\ngiven:\n  W: {shape: [n, m], integers: [1, 2]}\n"
        "  x: {shape: [n, 1], integers: [1, 2]}\ngraph:\n  z: 2 * (W @ x)\n  f: sum(z)\n"
    )
    (problem,) = problems_of(text)
    assert (problem.line, problem.column) == (7, 10)  # the product in brackets
    assert "(3, 2)" in say(problem.message, "en")
    assert "(3, 1)" in say(problem.message, "en")


def test_a_column_counts_characters_not_bytes() -> None:
    (problem,) = problems_of("title: T\ngiven: {甲: 1, 乙: 2}\ngraph:\n  丙: 甲 * 乙 + 丁\n")
    assert (problem.line, problem.column, problem.code) == (4, 14, "unknown-name")


def test_text_that_is_not_utf_8_is_pointed_at(tmp_path: Path) -> None:
    path = tmp_path / "lesson.yaml"
    path.write_bytes(b"title: T\nabout: caf" + b"\xe9\n")
    assert places_of(path) == [(2, 11, "not-utf-8")]


def test_a_file_over_a_mebibyte_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "lesson.yaml"
    path.write_text("#" * (1 << 20) + "\n", "utf-8")
    assert places_of(path) == [(1, 1, "file-too-large")]


def test_a_file_that_is_not_there_is_a_problem_too(tmp_path: Path) -> None:
    assert places_of(tmp_path / "lesson.yaml") == [(1, 1, "unreadable-file")]


def test_a_thousand_brackets_are_refused() -> None:
    (problem,) = problems_of("title: T\nabout: " + "[" * 1000 + "]" * 1000 + "\n")
    assert (problem.line, problem.code) == (2, "too-deep")


def test_problems_are_counted_up_to_a_hundred() -> None:
    text = "title: T\ngiven: {x: 1}\ngraph: {f: x}\n" + "title: T\n" * 5_000
    assert len(problems_of(text)) == 100


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "sizes: {n: 3, m: 3}\ngiven:\n  x: {shape: [n, m], integers: [1, 2]}\ngraph: {f: sum(x)}\n",
            (2, 15, "equal-sizes"),
        ),
        ("given: {x: 1, y: 2}\ngraph: {f: 2 * x}\n", (2, 15, "unused")),
        ("given: {x: 1}\ngraph: {f: 2 * x}\nhints: {total z: [Look]}\n", (4, 9, "hint-without-question")),
        *(
            (
                f"given: {{x: 1, t: {{value: 2, constant: true}}}}\ngraph: {{f: x * t}}\nask: [{asked}]\n",
                (4, at, "constant-asked"),
            )
            for asked, at in (
                ("{total: t}", 15),
                ("{total: {wrt: [x, t]}}", 21),
                ("{local: {of: f, wrt: t}}", 28),
                ("{formula: {wrt: t}}", 23),
                ("{predict: {largest: [x, t]}}", 31),
            )
        ),
        ("given: {x: 0}\ngraph: {f: 2 / x}\n", (3, 1, "values-not-finite")),
        ("given:\n  x: {integers: [5, 9]}\ngraph: {f: tanh(x)}\n", (2, 1, "numbers-not-fit")),
    ],
)
def test_what_an_author_should_look_at_is_a_warning(text: str, expected: tuple[int, int, str]) -> None:
    warnings = load_text("title: T\n" + text, Path("lesson.yaml")).warnings
    assert [(each.line, each.column, each.code) for each in warnings] == [expected]
    assert warnings[0].severity == "warning"


def problems_of(text: str) -> tuple[Problem, ...]:
    with pytest.raises(LessonError) as caught:
        load_text(text, Path("lesson.yaml"))
    assert all(problem.file == "lesson.yaml" for problem in caught.value.problems)
    return caught.value.problems


def places_of(path: Path) -> Found:
    with pytest.raises(LessonError) as caught:
        load(path)
    return [(problem.line, problem.column, problem.code) for problem in caught.value.problems]
