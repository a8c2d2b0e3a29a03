"""No file that is handed in costs the class its results: it is graded, or it is unusable and says why."""

import csv
import io
import json
import time
from pathlib import Path
from typing import Any

import pytest

from tests.fuzz.answer_files import LESSON, RIGHT, run_of_files
from tutor.cli import main
from tutor.lesson.file import answer_file

Printed = pytest.CaptureFixture[str]
MOST_SECONDS, MOST_GROWTH = 10.0, 128 * 2**20  # a file of 40,000 ids on a busy machine; 12 s once


def deep(levels: int) -> str:
    return '{"total y": ' + "[" * levels + "]" * levels + "}"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        *(("a.yaml", f"seed: {seed}\ntotal y: 5\n") for seed in ("--5", "-", "9" * 6000, "-1", "1.0")),
        *(("a.yaml", f"lesson: {lesson}\ntotal y: 5\n") for lesson in (".", "/", "''", "..", "~nobody/x", "a/.")),
        *(("a.json", deep(levels)) for levels in (42, 330, 100_000)),
        *(("a.yaml", deep(levels)) for levels in (42, 330)),
        ("a.json", '{"seed": ' + "9" * 6000 + "}"),
        ("a.json", json.dumps({"lesson": "a\0b"})),
    ],
    ids=lambda value: value[:24].replace("\n", " "),
)
def test_a_file_of_no_use_is_unusable_and_the_rest_is_graded(
    tmp_path: Path, name: str, text: str, capsys: Printed, home: Path
) -> None:
    path, honest = tmp_path / name, tmp_path / "honest.json"
    path.write_text(text, "utf-8")
    honest.write_text(json.dumps(RIGHT), "utf-8")
    assert main(["grade", LESSON, str(path), str(honest), "--json"]) == 2
    grades: dict[str, list[dict[str, Any]]] = json.loads(capsys.readouterr().out)
    assert [each["verdict"] for each in grades[str(path)]] == ["unusable"]
    assert [each["verdict"] for each in grades[str(honest)]] == ["right"] * 13
    assert not (home / "error.log").exists()


def test_a_fault_of_ours_in_one_file_is_told_there_and_logged(
    tmp_path: Path, capsys: Printed, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def reading(text: str, file: Path) -> answer_file.Answers:
        if "bad" in file.name:
            raise ZeroDivisionError(file)
        return answer_file.answers_in(text, file)

    monkeypatch.setattr("tutor.cli.grades.answers_in", reading)
    paths = [tmp_path / name for name in ("bad1.json", "good.json", "bad2.json")]
    for path in paths:
        path.write_text(json.dumps(RIGHT), "utf-8")
    assert main(["grade", LESSON, *map(str, paths), "--json"]) == 2
    printed = capsys.readouterr()
    grades = json.loads(printed.out)
    assert [len(grades[str(path)]) for path in paths] == [1, 13, 1]
    assert "ZeroDivisionError" in grades[str(paths[0])][0]["message"]
    assert printed.err.count("ZeroDivisionError") == 2
    assert (home / "error.log").read_text("utf-8").count("Traceback") == 2


def test_forty_thousand_unknown_questions_take_no_time(tmp_path: Path, capsys: Printed) -> None:
    path = tmp_path / "many.json"
    path.write_text(json.dumps({f"total y{k}": "5" for k in range(40_000)}), "utf-8")
    started = time.process_time()
    assert main(["grade", LESSON, str(path), "--format", "csv"]) == 2
    assert time.process_time() - started < 5  # it was 12, and is half a second
    printed = capsys.readouterr()
    assert len(printed.out.splitlines()) == 1 + 13 + 40_000
    assert len(printed.err.splitlines()) < 100


@pytest.mark.parametrize(
    "typed", ["=1+1", " =1+1", "\t=1", "\n+1", "\x85@A1", "\uff1d1+1", "\u3000\uff0b1", "\xa0-1", "\ufe66 1", "\uff20A"]
)
def test_no_cell_is_a_formula_to_a_spreadsheet(tmp_path: Path, typed: str, capsys: Printed) -> None:
    path = tmp_path / "a.json"
    path.write_text(json.dumps({"student": typed, typed: "1"}), "utf-8")
    main(["grade", LESSON, str(path), "--format", "csv"])
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert all(row["student"].startswith("'") for row in rows)
    assert rows[-1]["id"].startswith("'")


@pytest.mark.parametrize("count", [60, pytest.param(500, marks=pytest.mark.thorough)], ids=["short", "long"])
def test_whatever_is_handed_in_the_class_gets_its_results(
    tmp_path: Path, home: Path, count: int, capsys: Printed
) -> None:
    main(["grade", LESSON, str(tmp_path / "none.yaml")])  # imports are not what is measured
    tally = run_of_files(tmp_path, home / "error.log", count, count)
    with capsys.disabled():
        print(f"\n{tally}")
    assert not tally.failures, "\n".join(tally.failures)
    assert tally.slowest < MOST_SECONDS
    assert tally.grown < MOST_GROWTH
