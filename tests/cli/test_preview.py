"""`tutor preview` outside a terminal, where it is lines of text; the screens are tested with the screens."""

import io
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tutor.cli import main
from tutor.places import places

LESSON = "title: {en: A product, zh: 一个积}\ngiven: {x: 2, y: 3}\ngraph:\n  a: x * y\n  f: a^2\n"
Printed = pytest.CaptureFixture[str]


class Typing(io.StringIO):
    """Standard input in which something happens before each line is read."""

    def __init__(self, *lines: str | Callable[[], object], at_terminal: bool = False) -> None:
        super().__init__()
        self.lines, self.at_terminal = list(lines), at_terminal

    def readline(self, size: int | None = -1, /) -> str:
        while self.lines and callable(self.lines[0]):
            self.lines.pop(0)()  # type: ignore[operator]
        return f"{self.lines.pop(0)}\n" if self.lines else ""

    def isatty(self) -> bool:
        return self.at_terminal


@pytest.fixture
def lesson(tmp_path: Path) -> Path:
    path = tmp_path / "lesson.yaml"
    path.write_text(LESSON, "utf-8")
    return path


def test_without_a_terminal_the_drill_is_asked_as_lines_and_nothing_is_recorded(
    lesson: Path, monkeypatch: pytest.MonkeyPatch, capsys: Printed
) -> None:
    monkeypatch.setattr(sys, "stdin", Typing("12", "8"))
    assert main(["preview", str(lesson)]) == 1
    printed = capsys.readouterr().out
    assert "nothing is recorded" in printed
    assert "Right." in printed
    assert "Saved" not in printed
    assert not places().progress.exists()


def test_a_drill_that_is_through_ends_well(lesson: Path, monkeypatch: pytest.MonkeyPatch, capsys: Printed) -> None:
    monkeypatch.setattr(sys, "stdin", Typing(*["?"] * 50))
    assert main(["preview", str(lesson), "--plain"]) == 0
    assert "Done." in capsys.readouterr().out


def test_a_save_between_two_answers_asks_anew(lesson: Path, monkeypatch: pytest.MonkeyPatch, capsys: Printed) -> None:
    def save() -> None:
        lesson.write_text(LESSON.replace("x: 2", "x: 5"), "utf-8")

    monkeypatch.setattr(sys, "stdin", Typing(save, "12", "30"))
    main(["preview", str(lesson), "--plain"])
    printed = capsys.readouterr().out
    assert "read again" in printed
    assert "x = 5" in printed
    assert printed.count("Right.") == 1
    assert "Not right." not in printed


def test_errors_wait_for_enter_at_a_terminal(lesson: Path, monkeypatch: pytest.MonkeyPatch, capsys: Printed) -> None:
    lesson.write_text(LESSON.replace("a^2", "a^"), "utf-8")
    mend = lambda: lesson.write_text(LESSON, "utf-8")  # noqa: E731
    monkeypatch.setattr(sys, "stdin", Typing("", mend, "", "12", at_terminal=True))
    assert main(["preview", str(lesson), "--plain"]) == 1
    printed = capsys.readouterr().out
    assert printed.count(f"{lesson}:5:") == 2
    assert "press Enter" in printed
    assert "Right." in printed


@pytest.mark.parametrize("text", [None, LESSON.replace("a^2", "a^")])
def test_without_a_terminal_a_broken_lesson_is_told_and_not_waited_for(
    text: str | None, lesson: Path, monkeypatch: pytest.MonkeyPatch, capsys: Printed
) -> None:
    if text is None:
        lesson.unlink()
    else:
        lesson.write_text(text, "utf-8")
    monkeypatch.setattr(sys, "stdin", Typing("12"))
    assert main(["preview", str(lesson)]) == 2
    printed = capsys.readouterr()
    assert f"{lesson}:" in printed.err
    assert printed.out == ""
    assert "cannot be previewed as it is" in printed.err


def test_a_folder_and_an_unknown_name_are_refused(tmp_path: Path, capsys: Printed) -> None:
    assert main(["preview", str(tmp_path)]) == 2
    assert "is a folder" in capsys.readouterr().err
    assert main(["preview", "circuits/first-circui"]) == 2
    assert "Nearest: circuits/first-circuit" in capsys.readouterr().err


@pytest.mark.parametrize(("language", "word"), [("en", "every save"), ("zh", "每次保存")])
def test_the_help_teaches(language: str, word: str, capsys: Printed) -> None:
    assert main(["preview", "--help", "--lang", language]) == 0
    printed = capsys.readouterr().out
    assert word in printed
    assert all(key in printed for key in ("F7", "F12", "--plain"))
