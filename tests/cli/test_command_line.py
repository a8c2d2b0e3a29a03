"""The `tutor` command: its options wherever they stand, its help, and errors as sentences."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tutor import __version__
from tutor.cli import main

ROOT = Path(__file__).parents[2]
Printed = pytest.CaptureFixture[str]

HEAVY = ("numpy", "sympy", "yaml", "lark", "pydantic", "graphlay", "plotext", "textual", "tutor.engine", "tutor.expr")


@pytest.mark.parametrize("command", [[], ["list"], ["check"], ["solve"], ["preview"], ["--plain"]])
def test_the_home_of_nobody_is_a_path_that_is_not_there(command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*command, "~nobody-here/x.yaml"]) in (1, 2)
    assert "~nobody-here" in "".join(capsys.readouterr())


def tutor(*arguments: str, **more: object) -> "subprocess.CompletedProcess[str]":
    """The command in a process of its own, outside a terminal."""
    command = [sys.executable, "-m", "tutor", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", **more)  # type: ignore[call-overload, no-any-return]


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[tuple[object, ...]]:
    """What would be opened, and with which options, instead of opening it."""
    calls: list[tuple[object, ...]] = []

    def open_tutor(lesson: str | None, options: object) -> int:
        calls.append((lesson, options))
        return 0

    monkeypatch.setattr("tutor.cli.open_command.open_tutor", open_tutor)
    return calls


# Options


@pytest.mark.parametrize(
    "arguments",
    [
        "--seed 7 --lang zh --plain --ascii --quiet-feedback circuits/first-circuit",
        "circuits/first-circuit --seed 7 --lang zh --plain --ascii --quiet-feedback",
        "--seed=7 --plain --ascii circuits/first-circuit --quiet-feedback --lang=zh",
    ],
)
def test_options_may_stand_before_or_after_the_lesson(arguments: str, opened: list[tuple[object, ...]]) -> None:
    assert main(arguments.split()) == 0
    [(lesson, options)] = opened
    assert lesson == "circuits/first-circuit"
    assert repr(options) == "Options(seed=7, language='zh', plain=True, ascii=True, quiet_feedback=True)"


def test_what_stands_after_the_command_wins(capsys: Printed) -> None:
    assert main(["--seed", "1", "solve", "--seed", "2", "one-layer/score-gradient", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["seed"] == 2


@pytest.mark.parametrize("seed", [0, 2**63 - 1])
def test_every_seed_that_can_be_stored_can_be_asked_for(seed: int, opened: list[tuple[object, ...]]) -> None:
    assert main(["--seed", str(seed), "circuits/first-circuit"]) == 0
    assert f"seed={seed}," in repr(opened)


def test_without_a_lesson_the_course_opens(opened: list[tuple[object, ...]]) -> None:
    assert main([]) == 0
    assert opened[0][0] is None


def test_the_language_follows_the_locale_unless_said_otherwise(
    monkeypatch: pytest.MonkeyPatch, opened: list[tuple[object, ...]]
) -> None:
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    main([])
    main(["--lang", "en"])
    assert ["language='zh'" in repr(opened[0]), "language='en'" in repr(opened[1])] == [True, True]


# Help and version


def test_the_version_is_printed(capsys: Printed) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"tutor {__version__}\n"


@pytest.mark.parametrize("command", ["", "list", "solve", "grade", "preview", "completion"])
@pytest.mark.parametrize(
    ("language", "words"), [("en", ("Usage: tutor", "Examples:")), ("zh", ("用法：tutor", "示例:"))]
)
def test_help_teaches_with_examples_in_both_languages(
    command: str, language: str, words: tuple[str, str], capsys: Printed
) -> None:
    assert main([*command.split(), "--help", "--lang", language]) == 0
    printed = capsys.readouterr().out
    assert all(word in printed for word in words)
    assert f"tutor {command}".strip() in printed.partition(words[1])[2]
    for option in ("--seed", "--lang", "--plain", "--ascii", "--quiet-feedback", "--help"):
        assert option in printed
    assert max(map(len, printed.splitlines())) <= 100


def test_the_examples_of_the_help_are_commands_that_exist(opened: list[tuple[object, ...]], capsys: Printed) -> None:
    main(["--help"])
    examples = capsys.readouterr().out.partition("Examples:")[2].splitlines()
    lessons = [line.split("  ")[1].split()[1:] for line in examples if line.startswith("  tutor circuits")]
    assert len(lessons) == 2
    for arguments in lessons:
        assert main(arguments) == 0


# Errors


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ("--colour", "no option --colour"),
        ("--plian", "Did you mean --plain?"),
        ("solve", "LESSON is missing"),
        ("grade circuits/first-circuit", "ANSWERS is missing"),
        ("--seed x", "--seed takes a whole number"),
        ("--seed -1", "--seed takes a whole number"),
        ("--seed 1.5 list", "--seed takes a whole number"),
        (f"list --seed {2**63}", "--seed takes a whole number"),
        (f"list --seed {'9' * 5000}", "--seed takes a whole number"),
        ("--lang de", "--lang takes en or zh"),
        ("--lang", "--lang needs a value"),
        ("completion powershell", "bash, zsh or fish"),
        ("grade circuits/first-circuit x.yaml --format xml", "table, json or csv"),
        ("solve circuits/first-circuit again", "extra argument"),
        ("circuits/first-circui --plain", "Nearest: circuits/first-circuit"),
        ("solve first-circuit", "Nearest: circuits/first-circuit"),
        ("solve unheard-of/thing", "There is no lesson unheard-of/thing."),
        ("solve ../../etc/passwd", "no lesson"),
        ("solve no-such-file.yaml", "no lesson"),
    ],
)
def test_a_command_that_cannot_be_understood_is_explained(arguments: str, said: str, capsys: Printed) -> None:
    assert main(arguments.split()) == 2
    printed = capsys.readouterr()
    assert said in printed.err
    assert printed.err.startswith("tutor: ")
    assert printed.out == ""


def test_errors_speak_chinese_too(capsys: Printed) -> None:
    assert main(["solve", "first-circuit", "--lang", "zh"]) == 2
    assert "circuits/first-circuit" in capsys.readouterr().err
    assert main(["--lang=zh", "--seed", "x"]) == 2
    assert "整数" in capsys.readouterr().err


def test_a_broken_lesson_names_every_place(tmp_path: Path, capsys: Printed) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text("title: Mine\ngiven: {x: 1}\ngraph:\n  a: x + q\n  b: a *\n", "utf-8")
    assert main(["solve", str(path)]) == 2
    printed = capsys.readouterr().err
    assert f"{path}:4:" in printed
    assert f"{path}:5:" in printed
    assert "^" in printed


def test_an_error_of_ours_is_one_sentence_and_a_file(
    monkeypatch: pytest.MonkeyPatch, capsys: Printed, home: Path
) -> None:
    def broken(*arguments: object, **more: object) -> int:
        raise ZeroDivisionError("the secret answer is 42")

    monkeypatch.setattr("tutor.cli.list_command.print_list", broken)
    assert main(["list"]) == 70
    printed = capsys.readouterr()
    assert "ZeroDivisionError" in printed.err
    assert "Traceback" not in printed.err + printed.out
    assert "ZeroDivisionError" in (home / "error.log").read_text("utf-8")


def test_interrupting_is_quiet(monkeypatch: pytest.MonkeyPatch, capsys: Printed) -> None:
    def interrupted(*arguments: object, **more: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr("tutor.cli.list_command.print_list", interrupted)
    assert main(["list"]) == 130
    assert "Traceback" not in capsys.readouterr().err


@pytest.mark.skipif(sys.platform == "win32", reason="pipes of Unix")
@pytest.mark.parametrize("arguments", [["list"], ["solve", "circuits/first-circuit", "--json"], ["--help"]])
def test_a_reader_that_goes_away_is_no_error(arguments: list[str]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, "-m", "tutor", *arguments]
    done = subprocess.run(command, cwd=ROOT, stdout=writing, stderr=subprocess.PIPE, text=True)
    os.close(writing)
    assert (done.stderr, done.returncode) == ("", 141)


@pytest.mark.skipif(sys.platform == "win32", reason="a shell of Unix")
@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_streams_that_are_closed_are_no_error(closed: str) -> None:
    script = f"{sys.executable} -m tutor --plain circuits/first-circuit {closed}; echo $? > status"
    folder = Path(os.environ["TUTOR_HOME"])
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(["bash", "-c", script], cwd=folder, input="", capture_output=True, text=True, env=environment)
    assert "Traceback" not in done.stderr
    assert (folder / "status").read_text() == "1\n"


# Start-up


@pytest.mark.parametrize("arguments", [["--version"], ["--help"], ["completion", "bash"], ["unheard-of/thing"]])
def test_small_questions_load_nothing_large(arguments: list[str]) -> None:
    program = (
        "import sys; from tutor.cli import main; status = main(sys.argv[1:]);"
        f"print([name for name in {HEAVY!r} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program, *arguments], cwd=ROOT, capture_output=True, text=True)
    assert done.stdout.splitlines()[-1] == "[]"


# Completion


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_is_printed_for_each_shell(shell: str, capsys: Printed) -> None:
    assert main(["completion", shell]) == 0
    assert "_TUTOR_COMPLETE" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        ("tutor circuits/fir", "circuits/first-circuit"),
        ("tutor so", "solve"),
        ("tutor prev", "preview"),
        ("tutor preview circuits/fi", "circuits/first-circuit"),
        ("tutor solve one-l", "one-layer/score-gradient"),
        ("tutor --lang zh circuits/first-circuit --pl", "--plain"),
        ("tutor grade circuits/first-circuit --form", "--format"),
    ],
)
def test_commands_lessons_and_options_are_completed(words: str, offered: str) -> None:
    asked = {"_TUTOR_COMPLETE": "bash_complete", "COMP_WORDS": words, "COMP_CWORD": str(len(words.split()) - 1)}
    done = tutor(env=os.environ | asked)
    assert f"plain,{offered}" in done.stdout.splitlines()


def test_a_preview_offers_files() -> None:
    asked = {"_TUTOR_COMPLETE": "bash_complete", "COMP_WORDS": "tutor preview my-l", "COMP_CWORD": "2"}
    assert "file,my-l" in tutor(env=os.environ | asked).stdout.splitlines()


# A terminal, or none


@pytest.fixture
def screens(monkeypatch: pytest.MonkeyPatch) -> Callable[[bool], list[str]]:
    """Pretend to be in a terminal or not; lists what was opened."""

    def pretend(terminal: bool) -> list[str]:
        ways: list[str] = []
        monkeypatch.setattr("tutor.cli.open_command._screens", lambda *given: ways.append("screens") or 0)
        monkeypatch.setattr("tutor.cli.open_command._plain", lambda *given: ways.append("plain") or 0)
        for stream in (sys.stdin, sys.stdout):
            monkeypatch.setattr(stream, "isatty", lambda: terminal, raising=False)
        return ways

    return pretend


def test_screens_need_a_terminal_that_can_draw(
    monkeypatch: pytest.MonkeyPatch, screens: Callable[[bool], list[str]]
) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    ways = screens(True)
    main([])
    main(["--plain"])
    monkeypatch.setenv("TERM", "dumb")
    main([])
    assert ways == ["screens", "plain", "plain"]


def test_a_pipe_gets_lines(monkeypatch: pytest.MonkeyPatch, screens: Callable[[bool], list[str]]) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    ways = screens(False)
    main([])
    assert ways == ["plain"]


def test_without_a_terminal_or_a_lesson_the_course_is_listed() -> None:
    assert tutor().stdout == tutor("list").stdout != ""
