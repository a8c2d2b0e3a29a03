"""Lessons with branches that are not defined everywhere: accepted, asked about where there is an answer, explained."""

import io
import sys
from pathlib import Path

import pytest

from tutor.authoring.lesson_check import check_file
from tutor.cli import main
from tutor.kinds import build, load_text

LESSON = """title: T
given:
  x: {uniform: [-3, 3], shape: [4]}
  z: [4, -1, 9]
graph:
  s: sqrt(z)
  t: where(z > 0, s, 0)
  y: where(x > 0, sqrt(x), 2 * x)
  f: sum(y) + sum(t)
ask:
- all
- total: [x, z]
- formula: x
- formula: z
- tangent: {along: {x: [1, 1, 1, 1]}}
- jacobian: {of: y, wrt: x}
- path: {wrt: z, through: [s, t, f]}
"""


def test_a_lesson_with_a_branch_that_is_not_defined_everywhere_is_accepted(tmp_path: Path) -> None:
    path = tmp_path / "lesson.yaml"
    path.write_text(LESSON, encoding="utf-8")
    assert [each for each in check_file(path) if each.severity == "error"] == []


def test_an_undefined_value_that_reaches_an_output_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "lesson.yaml"
    for taken, line in (("where(z < 10, s, 0)", 6), ("s * (z > 0)", 7)):
        text = LESSON.replace("where(z > 0, s, 0)", taken).replace("{uniform: [-3, 3], shape: [4]}", "[2, -1, 3, -2]")
        path.write_text(text, encoding="utf-8")
        found = [each for each in check_file(path) if each.severity == "error"]
        assert [(each.line, each.code) for each in found] == [(line, "not-finite")], taken


def test_all_asks_nothing_that_has_no_answer() -> None:
    lesson = load_text(LESSON.replace("- total: [x, z]", ""), Path("lesson.yaml"))
    names = [(each.kind, each.of, each.wrt) for each in build(lesson, 0).questions]
    assert ("downstream", "s", ("z",)) in names
    assert ("local", "t", ("s",)) in names
    assert ("local", "s", ("z",)) not in names


@pytest.mark.parametrize(("language", "said"), [("en", "PyTorch and JAX"), ("zh", "PyTorch 和 JAX")])
def test_why_says_what_frameworks_do(
    language: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "lesson.yaml"
    path.write_text(
        "title: T\ngiven: {x: [4, -1]}\ngraph:\n  f: sum(where(x > 0, sqrt(x), 0))\nask:\n- total: x\n",
        encoding="utf-8",
    )
    monkeypatch.setattr(sys, "stdin", io.StringIO("[0.25, 0]\nwhy\n"))
    assert main(["--lang", language, "--plain", str(path)]) == 0
    out = capsys.readouterr().out
    assert "x[1] " in out
    assert said in out
