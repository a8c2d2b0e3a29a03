"""Nothing that a lesson, a learner, a file name or an argument brings along is obeyed by a terminal."""

import io
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from unicodedata import category

import pytest

from tests.fuzz.hostile_texts import HOSTILE, OBEYED, course, lesson, obeyed
from tutor.cli import main
from tutor.text import visible, visible_lines
from tutor.text.visible import escaped

Printed = pytest.CaptureFixture[str]
ALL = "".join(map(chr, range(0x3000))) + "\ud800 \udcff\U000e0041"
FORGED = "Bob\n  total y  right  \x1b[8mRight."


@pytest.fixture
def lessons(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A course with hostile texts, and in its folder one lesson whose file name is one."""
    folder = course(tmp_path / "lessons", HOSTILE)
    if sys.platform != "win32":
        (folder / os.fsdecode(b"\xff\x1b[2Jname\n.yaml")).write_text(lesson("T"), "utf-8")
    monkeypatch.setenv("TUTOR_LESSONS", str(folder))
    return folder


def said(capsys: Printed, *arguments: str) -> str:
    """What a command prints, both streams; it ends as commands do."""
    assert main(list(arguments)) in (0, 1, 2)
    printed = capsys.readouterr()
    assert obeyed(printed.out) == set()
    assert obeyed(printed.err) == set()
    assert printed.out + printed.err
    return printed.out + printed.err


def test_every_character_that_is_obeyed_becomes_visible_and_all_others_stay() -> None:
    assert [ord(letter) for letter in ALL if obeyed(visible(letter) + escaped(letter))] == []
    assert [ord(each) for each in ALL if (visible(each) != each) != (category(each) in OBEYED)] == []
    assert visible("a\x1b\n\x7fb\u202e") == "a␛␊␡b<U+202E>"
    assert visible_lines("a\tb\n\x1b") == "a   b\n␛"
    assert json.loads(escaped(json.dumps(ALL, ensure_ascii=False))) == ALL
    assert obeyed(escaped(json.dumps(ALL, ensure_ascii=False))) == set()


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize(
    "arguments",
    [
        ("check", "FOLDER"),
        ("check", "FOLDER", "--json"),
        ("list",),
        ("list", "--json"),
        ("list", "FOLDER"),
        ("solve", "unit/right"),
        ("solve", "unit/right", "--json"),
        ("solve", "unit/broken"),
        ("code", "unit/right"),
        ("slips", "HOSTILE"),
        ("solve", "HOSTILE"),
        ("check", "HOSTILE"),
        ("list", "HOSTILE"),
        ("preview", "HOSTILE"),
        ("code", "HOSTILE"),
        ("grade", "unit/right", "HOSTILE"),
        ("new", "x", "--from", "HOSTILE", "--shapes", "HOSTILE"),
        ("new", "x", "--from-python", "HOSTILE", "--function", "HOSTILE"),
        ("--HOSTILE",),
        ("list", "--HOSTILE"),
        ("completion", "HOSTILE"),
        ("--seed", "HOSTILE"),
        ("--plain", "HOSTILE"),
    ],
)
def test_no_command_prints_what_a_terminal_obeys(
    lessons: Path, arguments: tuple[str, ...], language: str, capsys: Printed
) -> None:
    texts = {"FOLDER": str(lessons), "HOSTILE": HOSTILE.replace("\0", ""), "--HOSTILE": f"--{HOSTILE}"}
    given = [texts.get(each, each) for each in arguments]
    printed = said(capsys, "--lang", language, *given)
    assert not [line for line in printed.splitlines() if line.lstrip().startswith("total y")]


def test_json_keeps_the_text_and_escapes_it(lessons: Path, capsys: Printed) -> None:
    main(["list", "--json"])
    listed = {each["id"]: each for each in json.loads(capsys.readouterr().out)}
    assert listed["unit/right"]["title"] == {"en": HOSTILE, "zh": HOSTILE}


def test_a_title_puts_no_line_into_a_python_file(lessons: Path, capsys: Printed) -> None:
    main(["code", "unit/right"])
    first, *rest = capsys.readouterr().out.splitlines()
    assert first.startswith("# a␛")
    assert rest[0] == "import numpy as np"


@pytest.mark.parametrize("form", ["table", "csv", "json"])
def test_no_student_forges_a_row(tmp_path: Path, form: str, lessons: Path, capsys: Printed) -> None:
    texts = {"local f a": FORGED, "order forward": HOSTILE, "predict 1": HOSTILE, "saves f a": HOSTILE}
    answers = {f"1/{id}": text for id, text in texts.items()}
    forged = tmp_path / "a.json"
    forged.write_text(json.dumps({"student": FORGED, **answers, FORGED: "1", f"{HOSTILE}\ud800": "1"}), "utf-8")
    honest = tmp_path / "b.json"
    honest.write_text(json.dumps({"student": "Ada", **dict.fromkeys(answers, "1"), "x": "1", "y": "1"}), "utf-8")
    files = [str(forged), str(honest)]
    printed = [
        said(capsys, "grade", "unit/right", each, str(tmp_path / "none.json"), "--format", form) for each in files
    ]
    assert len(printed[0].splitlines()) == len(printed[1].splitlines())
    assert not any(line.lstrip().startswith("total y") for line in printed[0].splitlines())


TYPED = [FORGED, HOSTILE.replace("\n", " "), "\x1b[2J", "1\x9b2J", "\u202e1", "a\u2028b", "1;\x1b]0;x\x07"]


@pytest.mark.parametrize("command", ["--plain", "preview"])
@pytest.mark.parametrize("options", [(), ("--ascii",), ("--quiet-feedback",), ("--lang", "zh")])
def test_the_plain_drill_echoes_nothing_that_is_obeyed(
    lessons: Path, command: str, options: tuple[str, ...], capsys: Printed, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = str(lessons / "unit" / "right.yaml")
    rounds = [*TYPED, "?", "why", "?", "?", "?", "?", "?", "why", "skip"]
    monkeypatch.setattr(sys, "stdin", io.StringIO("\n".join(rounds * 7)))
    printed = said(capsys, *((command, path) if command == "preview" else (path, command)), *options)
    assert obeyed(printed) == set()


def test_an_error_of_ours_is_told_and_logged_without_escapes(
    home: Path, capsys: Printed, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*arguments: object, **more: object) -> int:
        raise ValueError(f"{HOSTILE}\ud800")

    monkeypatch.setattr("tutor.cli.list_command.print_list", broken)
    assert main(["list"]) == 70
    assert obeyed(capsys.readouterr().err) == set()
    assert obeyed((home / "error.log").read_text("utf-8")) == set()


def test_completion_offers_no_name_that_is_obeyed(lessons: Path) -> None:
    from tutor.cli.command_line import _lesson_items

    assert all(item.value.isprintable() for item in _lesson_items(""))


def test_this_fails_where_the_mark_is_missing(capsys: Printed, monkeypatch: pytest.MonkeyPatch, lessons: Path) -> None:
    same: Callable[[str], str] = lambda text: text  # noqa: E731
    monkeypatch.setattr("tutor.cli.output.visible", same)
    monkeypatch.setattr("tutor.text.message.visible", same)
    main(["solve", "unit/right"])
    assert obeyed(capsys.readouterr().out)
