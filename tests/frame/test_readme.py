"""What the README shows works as it is shown."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tutor.cli import main
from tutor.folders.locate import find
from tutor.kinds import load_text
from tutor.lesson.loading import load_unit

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text("utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)


def test_the_drill_in_a_pipe_runs_through() -> None:
    [command] = re.findall(r"^\$ printf '(.*)' \| tutor (.*)$", README, re.MULTILINE)
    typed, arguments = command
    done = subprocess.run(
        [sys.executable, "-m", "tutor", *arguments.split()],
        input=typed.replace("\\n", "\n"),
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "13 of them at once" in done.stdout


def test_the_lesson_is_a_lesson(tmp_path: Path) -> None:
    [text] = [block for block in blocks("yaml") if "graph:" in block]
    assert load_text(text, tmp_path / "mine.yaml").title.en == "A first circuit"


def test_the_unit_is_a_unit(tmp_path: Path) -> None:
    [text] = [block for block in blocks("yaml") if "lessons:" in block]
    path = tmp_path / "unit.yaml"
    path.write_text(text, "utf-8")
    assert load_unit(path.read_text("utf-8"), path).lessons == ("warm-up", "one-layer", "by-hand")


def test_a_package_that_declares_what_it_says_joins_the_course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    [text] = [block for block in blocks("toml") if "tutor.lessons" in block]
    ((name, value),) = tomllib.loads(text)["project"]["entry-points"]["tutor.lessons"].items()
    info = tmp_path / "my_course-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: my-course\nVersion: 1.0\n", "utf-8")
    (info / "entry_points.txt").write_text(f"[tutor.lessons]\n{name} = {value}\n", "utf-8")
    lesson = tmp_path / "my_course" / "lessons" / "week-3" / "warm-up.yaml"
    lesson.parent.mkdir(parents=True)
    lesson.write_text("title: T\ngiven: {x: 1}\ngraph: {f: x * x}\n", "utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    assert find("week-3/warm-up") == lesson


def test_the_answers_can_be_graded(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    [text] = [block for block in blocks("yaml") if "student:" in block]
    path = tmp_path / "ada.yaml"
    path.write_text(text, "utf-8")
    assert main(["grade", "circuits/first-circuit", str(path)]) == 1
    assert "3 of 13 right." in capsys.readouterr().out


def test_what_it_links_to_is_there() -> None:
    linked = [target for target in re.findall(r"\]\(([^)#]+)\)", README) if "://" not in target]
    assert linked
    assert [target for target in linked if not (ROOT / target).exists()] == []


def test_the_test_command_is_what_the_checks_run() -> None:
    assert "python3 -m venv .venv && .venv/bin/pip install -e '.[test]' && .venv/bin/pytest" in README
    steps = (ROOT / ".ci" / "run").read_text("utf-8")
    for step in ("install --quiet -e '.[test]'", 'bin/pytest"\n', 'bin/pytest" --thorough'):
        assert step in steps
