"""Whatever is done to a lesson's text, it loads or is told what is wrong; nothing else happens."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tutor.kinds import load_text
from tutor.lesson.file.problem import LessonError, Problem
from tutor.lesson.numbers.fresh_draws import fresh_draws
from tutor.text import say

WHOLE = """\
title: {en: T, zh: 题}
sizes: {n: 3, m: 2}
given:
  x: {shape: [m, 1], integers: [-3, 3], nonzero: true}
  W: {shape: [n, m], uniform: [-1, 1], decimals: 1}
  u: [[1], [2], [-1]]
graph:
  z: W @ x
  h: tanh(z)
  s: u.T @ h
ask:
  - shape: [W, x]
  - local: {of: h, wrt: z}
  - path: {wrt: x, through: [z, h, s]}
  - formula: {wrt: W, using: [up, x]}
hints:
  formula W: [Look]
"""
PIECES = st.sampled_from(
    [
        *"xWn01-.,:[]{}'\"|>#&*!@\n \t题",
        ": ",
        "- ",
        "\n  ",
        "null",
        "true",
        ".inf",
        "1e400",
        "max(",
        "from: ",
        "9" * 30,
        "parts:",
    ]
)
EDITS = st.lists(
    st.tuples(st.integers(0, len(WHOLE)), st.integers(0, 12), st.lists(PIECES, max_size=3)), min_size=1, max_size=4
)


@given(EDITS)
def test_an_edited_lesson_loads_or_is_told_what_is_wrong(edits: list[tuple[int, int, list[str]]]) -> None:
    assert_loads_or_complains(edits)


@pytest.mark.thorough
@settings(max_examples=20_000, deadline=None)
@given(EDITS)
def test_many_edited_lessons_load_or_are_told_what_is_wrong(edits: list[tuple[int, int, list[str]]]) -> None:
    assert_loads_or_complains(edits)


def assert_loads_or_complains(edits: list[tuple[int, int, list[str]]]) -> None:
    text = WHOLE
    for place, length, pieces in edits:
        text = text[:place] + "".join(pieces) + text[place + length :]
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for problem in problems_of(text):
        assert lines[problem.line - 1].startswith(problem.quoted)
        assert say(problem.message, "en") != say(problem.message, "zh")


def problems_of(text: str) -> tuple[Problem, ...]:
    try:
        lesson = load_text(text, Path("lesson.yaml"))
    except LessonError as error:
        return error.problems
    assert all(len(fresh_draws(part)) == 8 for part in lesson.parts)
    return lesson.warnings
