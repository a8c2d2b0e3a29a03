"""A broken lesson is told where it is broken: file, line, column, and all of it at once."""

import re
from pathlib import Path

import pytest

from tutor.lesson.loading import load, load_text
from tutor.lesson.problem import LessonError, Problem
from tutor.text import say

Found = list[tuple[int, int, str]]

# What is wrong -> the file, and the line, column and code of every error in it.
BROKEN: dict[str, tuple[str, Found]] = {
    "nothing at all": ("", [(1, 1, "not-a-map")]),
    "a list instead of a map": ("- title: T\n", [(1, 1, "not-a-map")]),
    "a quote left open": ("title: T\ngraph:\n  f: 'x\n", [(3, 6, "yaml")]),
    "a tab for indentation": ("title: T\ngraph:\n\tf: x\n  g: y\n", [(3, 1, "tab")]),
    "a control character": ("title: T\x07\n", [(1, 9, "control-character")]),
    "two colons in a line": ("title: T: U\n", [(1, 9, "yaml")]),
    "a bracket left open": ("title: T\ngraph: {f: x\n", [(2, 13, "yaml")]),
    "an index inside braces": ("title: T\ngiven: {x: [1, 2]}\ngraph: {f: x[0]}\n", [(3, 13, "yaml")]),
    "a value that begins with @": ("title: T\ngraph:\n  f: @x\n", [(3, 6, "yaml")]),
    "text behind a closing quote": ('title: T\ngraph:\n  f: "x" + y\n', [(3, 10, "yaml")]),
    "an alias": ("title: T\ngiven: {x: 1}\ngraph:\n  f: *x\n", [(4, 6, "alias")]),
    "an anchor and a tag": (
        "title: &t T\ngiven: {x: !!int 1}\ngraph: {f: x}\n",
        [(1, 8, "anchor"), (2, 12, "tag")],
    ),
    "a second document": ("title: T\ngiven: {x: 1}\ngraph: {f: x}\n---\nx: 1\n", [(4, 1, "several-documents")]),
    "a key twice": (
        "title: T\ngiven: {x: 1, x: 2}\ngraph: {f: x}\ntitle: U\n",
        [(2, 15, "duplicate-key"), (4, 1, "duplicate-key")],
    ),
    "a list as a key": ("title: T\n? [a]\n: b\ngiven: {x: 1}\ngraph: {f: x}\n", [(2, 3, "key-not-a-name")]),
    "a comma inside braces": (
        "title: T\ngiven: {x: 1, y: 2}\ngraph: {b: max(x, y), f: 2 * b}\n",
        [(3, 19, "comma-in-braces")],
    ),
    "a stray name with a bracket": (
        "title: T\ngiven: {x: 1}\ngraph: {f: x, y)}\n",
        [(3, 15, "comma-in-braces-alone")],
    ),
    "a misspelt field": ("titel: T\ngiven: {x: 1}\ngraph: {f: x}\n", [(1, 1, "unknown-field")]),
    "a colon without its space": ("title: T\ngiven:{x: 1}\ngraph: {f: 2}\n", [(2, 1, "colon-without-space")]),
    "no title": ("given: {x: 1}\ngraph: {f: x}\n", [(1, 1, "missing-field")]),
    "a language that is not ours": (
        "title: {en: T, fr: U}\ngiven: {x: 1}\ngraph: {f: x}\n",
        [(1, 16, "unknown-field-known")],
    ),
    "no graph": ("title: T\ngiven: {x: 1}\n", [(1, 1, "no-graph")]),
    "a number for a list": ("title: T\ncovers: 19\ngiven: {x: 1}\ngraph: {f: x}\n", [(2, 9, "expected")]),
    "a tolerance of 200 %": ("title: T\ntolerance: 2\ngiven: {x: 1}\ngraph: {f: x}\n", [(2, 12, "less-than")]),
    "a convention that is none": (
        "title: T\nconvention: rows\ngiven: {x: 1}\ngraph: {f: x}\n",
        [(2, 13, "one-word-of")],
    ),
    "two samplers": (
        "title: T\ngiven:\n  x: {integers: [1, 2], uniform: [0, 1]}\ngraph: {f: x}\n",
        [(3, 25, "only-one-of")],
    ),
    "no sampler": ("title: T\ngiven:\n  x: {shape: [1], nonzero: true}\ngraph: {f: x}\n", [(3, 6, "one-of")]),
    "a range from high to low": (
        "title: T\ngiven:\n  x: {uniform: [1, -1]}\ngraph: {f: x}\n",
        [(3, 7, "range-order")],
    ),
    "more distinct numbers than there are": (
        "title: T\ngiven:\n  x: {shape: [3, 1], integers: [0, 2], distinct: true, nonzero: true}\n"
        "graph: {f: x.T @ x}\n",
        [(3, 40, "too-few-values")],
    ),
    "rows of different lengths": (
        "title: T\ngiven: {x: [[1, 2], [3]]}\ngraph: {f: sum(x)}\n",
        [(2, 21, "ragged")],
    ),
    "a word among numbers": ("title: T\ngiven: {x: [1, two]}\ngraph: {f: sum(x)}\n", [(2, 16, "expected")]),
    "an infinite number": ("title: T\ngiven: {x: .inf}\ngraph: {f: x}\n", [(2, 12, "not-finite")]),
    "numbers that contradict the shape": (
        "title: T\ngiven:\n  x: {shape: [2, 1], value: [1, 2]}\ngraph: {f: sum(x)}\n",
        [(3, 29, "value-shape")],
    ),
    "a size nobody named": (
        "title: T\nsizes: {rows: 3}\ngiven:\n  x: {shape: [row, k], integers: [1, 2]}\ngraph: {f: sum(x)}\n",
        [(4, 15, "unknown-size"), (4, 20, "unknown-size")],
    ),
    "a size that is not whole": (
        "title: T\nsizes: {n: 3}\ngiven:\n  x: {shape: [n/2], integers: [1, 2]}\ngraph: {f: sum(x)}\n",
        [(4, 15, "not-a-size")],
    ),
    "names that mean something else": (
        "title: T\nsizes: {n: 2}\ngiven: {up: 1, tanh: 2, dz: 3, n: 4, 2x: 5}\ngraph:\n  z: 1 * z1\n"
        "  z1: 2\n  dz1: z\n",
        [
            (3, 9, "name-is-up"),
            (3, 16, "name-is-function"),
            (3, 25, "name-is-gradient"),
            (3, 32, "name-is-size"),
            (3, 38, "not-a-name"),
            (7, 3, "name-is-gradient"),
        ],
    ),
    "a line with the name of an input": ("title: T\ngiven: {x: 1}\ngraph: {x: 2 * x}\n", [(3, 9, "name-is-given")]),
    "a formula that stops short": (
        'title: T\ngiven: {x: 1}\ngraph:\n  a: x +\n  b: "2 * )"\n  f: a * b\n',
        [(4, 9, "unreadable"), (5, 11, "unreadable")],
    ),
    "unknown names, each at its place": (
        "title: T\ngiven: {alpha: 1, x: 2}\ngraph:\n  f: alhpa + x * 分数\n",
        [(4, 6, "unknown-name"), (4, 18, "unknown-name")],
    ),
    "an unknown function": ("title: T\ngiven: {x: 1}\ngraph:\n  f: 2 * tahn(x)\n", [(4, 10, "unreadable")]),
    "a cycle": (
        "title: T\ngiven: {x: 1}\ngraph:\n  a: x + c\n  b: a * 2\n  c: b - 1\n  f: a\n",
        [(4, 6, "cycle")],
    ),
    "several outputs": (
        "title: T\ngiven: {x: 1}\ngraph:\n  a: x + 1\n  b: x * 2\n",
        [(4, 3, "several-outputs")],
    ),
    "an output of several entries": (
        "title: T\ngiven: {x: [1, 2]}\ngraph:\n  a: 2 * x\n",
        [(4, 3, "output-needs-upstream")],
    ),
    "an upstream for no line, and one of another shape": (
        "title: T\ngiven: {x: [1, 2]}\ngraph:\n  a: 2 * x\nupstream: {a: [1, 2, 3], b: 1}\n",
        [(5, 15, "upstream-shape"), (5, 26, "unknown-name")],
    ),
    "a slot that stands twice": (
        "title: T\ngiven: {x: 1}\ngraph: {f: x * x}\nask:\n  - local: {of: f, wrt: x}\n",
        [(5, 25, "several-slots")],
    ),
    "names in questions that are nowhere": (
        "title: T\ngiven: {x: 1, y: 2}\ngraph: {a: x * y, f: 2 * a}\nask:\n  - total: [x, q]\n"
        "  - local: {of: f, wrt: x}\n"
        "  - upstream: x\n  - path: {wrt: y, through: [f, a]}\n  - formula: {wrt: x, using: [up, z]}\n",
        [
            (5, 16, "unknown-name"),
            (6, 25, "no-such-slot"),
            (7, 15, "unknown-name"),
            (8, 30, "path-broken"),
            (9, 35, "unknown-name"),
        ],
    ),
    "a question about labels": (
        "title: T\ngiven:\n  x: [1, 2, 3]\n  k: {labels: 3}\ngraph: {f: 'x[k]'}\nask:\n  - total: k\n",
        [(7, 12, "labels-have-no-gradient")],
    ),
    "a Jacobian of what does not depend": (
        "title: T\ngiven: {x: 1, y: 2}\ngraph: {a: 2 * x, f: a * y}\nask:\n  - jacobian: {of: a, wrt: y}\n",
        [(5, 28, "does-not-depend")],
    ),
    "a question of two kinds, and one of none": (
        "title: T\ngiven: {x: 1}\ngraph: {f: 2 * x}\nask:\n  - {total: x, shape: x}\n  - {convention: shape}\n  - 3\n",
        [(5, 6, "only-one-of"), (6, 5, "one-of"), (7, 5, "expected")],
    ),
    "parts beside a graph": (
        "title: T\ngiven: {x: 1}\nparts:\n  - given: {x: 1}\n    graph: {f: x}\n",
        [(2, 1, "beside-parts")],
    ),
    "a part without a graph": ("title: T\nparts:\n  - given: {x: 1}\n", [(3, 5, "part-without-graph")]),
    "a part from nowhere": ("title: T\nparts:\n  - from: circuits/nowhere\n", [(3, 11, "no-such-lesson")]),
    "a part from outside": ("title: T\nparts:\n  - from: ../../etc/passwd\n", [(3, 11, "no-such-lesson")]),
    "an error in each of two parts": (
        "title: T\nparts:\n  - given: {x: 1}\n    graph: {f: x + q}\n  - given: {x: [1, 2]}\n"
        "    graph: {f: 'x @ [1, 2, 3]'}\n",
        [(4, 20, "unknown-name"), (6, 17, "matmul-inner-sizes")],
    ),
}


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
