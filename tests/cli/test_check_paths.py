"""`tutor check` of several paths: one that leads to no lesson is an error among the others."""

import json
from pathlib import Path

import pytest

from tutor.cli.main import main

LESSON = "title: T\ngiven: {x: {integers: [2, 9]}}\ngraph: {f: 2 * x}\n"


@pytest.fixture
def lesson(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.chdir(tmp_path)
    Path("a.yaml").write_text(LESSON.replace("2 * x", "2 * q"), "utf-8")
    return "a.yaml"


def test_a_missing_file_is_an_error_beside_those_of_the_others(lesson: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "nothere.yaml", lesson]) == 1
    said = capsys.readouterr().out
    assert "nothere.yaml:1:1: " in said
    assert "a.yaml:3:" in said


@pytest.mark.parametrize("others", [["a.yaml"], []])
def test_json_has_the_missing_file_too(lesson: str, others: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--json", "nothere.yaml", *others]) == 1
    problems = json.loads(capsys.readouterr().out)
    assert [each["file"] for each in problems if each["severity"] == "error"] == ["nothere.yaml", *others]
    assert problems[0]["code"] == "no-lesson"


def test_nothing_but_missing_files_is_a_command_that_cannot_be_carried_out(
    lesson: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", "nothere.yaml", "nor.yaml"]) == 2
    said = capsys.readouterr().err
    assert "nothere.yaml" in said
    assert "nor.yaml" in said
