"""The YAML reader keeps where everything stood, with the parser in C and with the one in Python alike."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from tutor.lesson.file.document import Document, parse_document, read_text
from tutor.lesson.file.problem import LessonError
from tutor.text import msg

TEXT = """\
title: 题目
given: {x: 1e-3, y: no}
list:
  - "quoted #1"
  - 'it''s'
  - |
    two
    lines
"""


@pytest.fixture(params=["C", "Python"])
def parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    if request.param == "Python":
        monkeypatch.delattr(yaml, "CSafeLoader", raising=False)
    return str(request.param)


@pytest.mark.usefixtures("parser")
def test_plain_data_and_what_was_typed() -> None:
    document = parse_document(TEXT, "f")
    assert document.data == {
        "title": "题目",
        "given": {"x": 0.001, "y": "no"},
        "list": ["quoted #1", "it's", "two\nlines\n"],
    }
    assert document.typed["given", "x"] == "1e-3"


@pytest.mark.usefixtures("parser")
def test_lines_and_columns_of_keys_and_values() -> None:
    document = parse_document(TEXT, "f")
    assert document.position(("title",)) == (1, 8)
    assert document.position(("given", "y")) == (2, 21)
    assert document.position_of_key(("given", "y")) == (2, 18)
    assert document.position(("list", 2)) == (6, 5)


@pytest.mark.usefixtures("parser")
def test_lists_and_maps_span_all_they_hold() -> None:
    document = parse_document("a: [1, [2, 3]]  # b\nc: {d: 4}\n", "f")
    found = {steps: document.text[start:end] for steps, (start, end) in document.spans.items()}
    assert found["a",] == "[1, [2, 3]]"
    assert found["a", 1] == "[2, 3]"
    assert found["c",] == "{d: 4}"


@pytest.mark.parametrize(
    ("value", "column"),
    [("x + q", 8), ('"x + q"', 9), ("'x + q'", 9), ('"x\\u0020+ q"', 4)],
)
def test_a_place_inside_a_text_is_found_where_the_file_has_it_as_it_is(value: str, column: int) -> None:
    document = parse_document(f"f: {value}\n", "f")
    document.report(("f",), msg("lesson.not-finite"), inside=4)
    assert (document.problems[0].line, document.problems[0].column) == (1, column)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_kind_of_line_end_counts(end: str) -> None:
    document = parse_document(f"a: 1{end}b: 2{end}c: 3{end}", "f")
    assert document.position(("c",)) == (3, 4)
    document.report(("b",), msg("lesson.not-finite"))
    assert document.problems[0].quoted == "b: 2"


def test_a_byte_order_mark_is_no_part_of_the_text(tmp_path: Path) -> None:
    path = tmp_path / "lesson.yaml"
    path.write_bytes(b"\xef\xbb\xbftitle: T\n")
    assert parse_document(read_text(path), str(path)).data == {"title": "T"}


@pytest.mark.usefixtures("parser")
@pytest.mark.parametrize(
    "text",
    [
        "a: 'x",
        "a: b: c",
        "a: {b",
        "a: [1] * x",
        "a: *x",
        "a: @x",
        "a: - x",
        'a: "\\q"',
        "a: !f!g x",
        "a: |\n  x\n y\n",
        "%\na: 1",
        "a: }",
        "- a\nb: 1",
        "a: [1",
        "&",
    ],
)
def test_text_that_is_no_yaml_is_a_problem_of_ours(text: str) -> None:
    assert problem_codes(text) <= {"yaml", "alias"}


YAML_LIKE = st.text(alphabet=[*"abxy012{}[],:'\"-#&*!|>%@`?.\n\t ", "\x00", "题"], max_size=40)


@given(YAML_LIKE)
def test_no_text_gets_past_the_reader(text: str) -> None:
    try:
        document: Document | None = parse_document(text, "f")
    except LessonError as error:
        document = None
        for problem in error.problems:
            assert problem.line >= 1
            assert 1 <= problem.column <= len(problem.quoted) + 2
    if document is not None:
        assert all(0 <= start <= end <= len(text) for start, end in document.spans.values())


def problem_codes(text: str) -> set[str]:
    try:
        document: Any = parse_document(text, "f")
    except LessonError as error:
        return {problem.code for problem in error.problems}
    assert document.problems
    return {problem.code for problem in document.problems}
