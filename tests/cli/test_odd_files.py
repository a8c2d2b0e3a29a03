"""Files that are none, names that are no text, links in circles, full disks: a message at the file, and no wait."""

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(os.name != "posix", reason="pipes, devices and names of bytes")


def one_soon(*values: object) -> list[object]:
    """The first case in every run of the tests, the others in thorough ones: each is a process."""
    return [values[0], *(pytest.param(value, marks=pytest.mark.thorough) for value in values[1:])]


LESSON = "title: T\ngiven: {x: {integers: [2, 9]}}\ngraph: {f: 2 * x}\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with one good lesson and all that can go wrong with files."""
    (tmp_path / "ok.yaml").write_text(LESSON, "utf-8")
    (tmp_path / "answers.yaml").write_text("local f x: 2\n", "utf-8")
    for name in ("pipe.yaml", "pipe.json", "pipe.py"):
        os.mkfifo(tmp_path / name)
    (tmp_path / "zero.yaml").symlink_to("/dev/zero")
    (tmp_path / "loop.yaml").symlink_to("loop.yaml")
    (tmp_path / "circle").symlink_to("circle")
    (tmp_path / "unit").mkdir()
    (tmp_path / "unit" / "up").symlink_to("..")
    (tmp_path / "unit" / "late.yaml").write_text(LESSON, "utf-8")
    os.mkfifo(tmp_path / "unit" / "pipe.yaml")
    os.utime(tmp_path / "unit" / "late.yaml", (0, 10_413_792_000))  # in 2300
    Path(os.fsdecode(bytes(tmp_path) + b"/odd\xff.yaml")).write_text(LESSON, "utf-8")
    return tmp_path


def run(folder: Path, arguments: Sequence[str], stdout: int = subprocess.PIPE, **variables: str) -> tuple[int, str]:
    """The status, and all that was said; raises TimeoutExpired where it waits."""
    done = subprocess.run(
        [sys.executable, "-m", "tutor", *arguments],
        cwd=folder,
        env={**os.environ, "TUTOR_HOME": str(folder / "home"), "LC_ALL": "C.UTF-8", **variables},
        stdin=subprocess.DEVNULL,
        stdout=stdout,
        stderr=subprocess.PIPE,
        timeout=60,
        check=False,
    )
    return done.returncode, ((done.stdout or b"") + done.stderr).decode("utf-8", "replace")


def assert_told(told: tuple[int, str], statuses: tuple[int, ...] = (1, 2)) -> None:
    status, said = told
    assert status in statuses, said
    assert "Traceback" not in said
    assert said.strip()


@pytest.mark.parametrize(
    "name", one_soon("pipe.yaml", "zero.yaml", "loop.yaml", "/dev/null", "n" * 300, "n" * 300 + ".yaml")
)
def test_what_is_no_lesson_is_told_and_not_waited_for(folder: Path, name: str) -> None:
    assert_told(run(folder, ["check", name]))
    assert_told(run(folder, ["grade", name, "answers.yaml"]))


@pytest.mark.parametrize("command", one_soon(["solve"], ["code"], ["--plain"], ["preview", "--plain"], ["list"]))
def test_every_command_refuses_a_pipe(folder: Path, command: list[str]) -> None:
    assert_told(run(folder, [*command, "pipe.yaml"]))


@pytest.mark.parametrize("command", ["list", "check"])
def test_what_is_no_lesson_is_told_among_lessons_too(folder: Path, command: str) -> None:
    (folder / "broken.yaml").symlink_to("nowhere.yaml")
    _, said = run(folder, [command, "."])
    for name in ("pipe.yaml", "zero.yaml", "unit/pipe.yaml"):
        assert f"{name}:1:1: This is a device or a pipe" in said
    for name in ("loop.yaml", "broken.yaml"):
        assert f"{name}:1:1: The file cannot be read" in said


@pytest.mark.parametrize("name", one_soon("pipe.json", "zero.yaml", "n" * 300))
def test_answers_that_are_no_file_are_unusable_and_the_others_graded(folder: Path, name: str) -> None:
    status, said = run(folder, ["grade", "--format", "csv", "ok.yaml", name, "answers.yaml"])
    assert status == 2
    assert "unusable" in said
    assert "answers.yaml,,local f x,right" in said


@pytest.mark.parametrize("name", one_soon("pipe.py", "/dev/zero", "n" * 300))
def test_a_python_file_that_is_none_is_refused(folder: Path, name: str) -> None:
    assert_told(run(folder, ["new", "--from-python", name]))


@pytest.mark.parametrize("command", one_soon(["check"], ["solve"], ["code"], ["--plain"], ["preview", "--plain"]))
def test_a_name_that_is_no_utf_8_is_a_name(folder: Path, command: list[str]) -> None:
    assert_told(run(folder, [*command, os.fsdecode(b"odd\xff.yaml")]), (0, 1))


@pytest.mark.thorough
@pytest.mark.parametrize("place", ["circle", "unit/up/unit", "pipe.yaml", "/dev/null", "ok.yaml", "n" * 300])
@pytest.mark.parametrize("variable", ["TUTOR_HOME", "TUTOR_LESSONS"])
@pytest.mark.parametrize("command", [["list"], ["solve", "ok.yaml"]])
def test_a_home_or_a_shelf_that_is_no_folder_stops_nobody(
    folder: Path, place: str, variable: str, command: list[str]
) -> None:
    status, said = run(folder, command, **{variable: place})
    assert status == 0, said


def test_a_file_of_the_year_2300_is_listed(folder: Path) -> None:
    status, said = run(folder, ["list", "unit"])
    assert status == 0, said
    assert "late" in said


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the device of Linux that is always full")
@pytest.mark.parametrize(
    "command",
    one_soon(["list"], ["list", "--json"], ["check", "ok.yaml"], ["solve", "ok.yaml"], ["code", "ok.yaml"], ["--help"]),
)
def test_a_full_disk_behind_the_output_is_told(folder: Path, command: list[str]) -> None:
    with open("/dev/full", "wb") as full:
        told = run(folder, command, stdout=full.fileno())
    assert_told(told, (2,))
    assert "No space left" in told[1]
