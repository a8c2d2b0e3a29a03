"""What programs read is UTF-8 in a pipe, whatever the console is; what a console cannot show never ends anything."""

import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TITLE = "Ein Maß · 梯度 ∂ é"
LESSON = f"title: {{en: {TITLE}, zh: {TITLE}}}\ngiven: {{x: 2, y: 3}}\ngraph: {{f: x * y}}\nask: [total: x]\n"
NARROW = [
    {"PYTHONIOENCODING": "cp1252"},
    pytest.param({"PYTHONIOENCODING": "cp936"}, marks=pytest.mark.thorough),
    pytest.param({"PYTHONIOENCODING": "ascii:strict"}, marks=pytest.mark.thorough),
    {"PYTHONUTF8": "0", "LC_ALL": "C", "PYTHONCOERCECLOCALE": "0"},
]


@pytest.fixture
def lesson(tmp_path: Path) -> Path:
    """A lesson whose title no console of one byte a letter can show."""
    path = tmp_path / "lessons" / "mine.yaml"
    path.parent.mkdir()
    path.write_text(LESSON, "utf-8")
    (tmp_path / "answers.yaml").write_text("student: 小明 é\ntotal x: 3\ntotal y: 1\n", "utf-8")
    return path


def tutor(*arguments: object, narrow: dict[str, str], typed: bytes = b"") -> "subprocess.CompletedProcess[bytes]":
    """The command as a program."""
    return run(["-m", "tutor", *map(os.fsencode, map(str, arguments))], narrow, typed)


def run(command: list[str | bytes], narrow: dict[str, str], typed: bytes = b"") -> "subprocess.CompletedProcess[bytes]":
    """Python, with both streams as pipes of a narrow console."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("LC_", "LANG", "PYTHON"))}
    return subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        input=typed,
        capture_output=True,
        env=environment | narrow,
    )


def outputs(*commands: list[object], narrow: dict[str, str]) -> list[str]:
    """What commands print, one after the other in one program, read as UTF-8."""
    program = (
        "import json, sys\nfrom tutor.cli import main\nfor command in json.loads(sys.argv[1]):\n"
        "    main(command)\n    sys.stdout.flush()\n    sys.stdout.buffer.write(b'\\0')\n"
    )
    told = json.dumps([[str(argument) for argument in command] for command in commands])
    done = run(["-c", program, told], narrow)
    return done.stdout.decode("utf-8").split("\0")[:-1]


@pytest.mark.parametrize("narrow", NARROW, ids=lambda narrow: "-".join(narrow.values()))
def test_json_csv_and_code_are_utf_8_in_every_pipe(lesson: Path, narrow: dict[str, str]) -> None:
    listed, graded, code, checked = outputs(
        ["list", lesson.parent, "--json"],
        ["grade", lesson, lesson.parents[1] / "answers.yaml", "--format", "csv"],
        ["code", lesson, "--lang", "zh"],
        ["check", lesson, "--json", "--lang", "zh"],
        narrow=narrow,
    )
    assert json.loads(listed)[0]["title"] == {"en": TITLE, "zh": TITLE}
    rows = list(csv.DictReader(io.StringIO(graded)))
    assert [(row["student"], row["verdict"]) for row in rows] == [("小明 é", "right"), ("小明 é", "unknown")]
    assert rows[0]["file"].endswith("answers.yaml")
    assert code.startswith(f"# {TITLE}")
    names: dict[str, object] = {}
    exec(compile(code, "code", "exec"), names)
    assert "forward_backward" in names
    json.loads(checked)


@pytest.mark.parametrize("narrow", NARROW, ids=lambda narrow: "-".join(narrow.values()))
def test_lines_keep_the_consoles_encoding_and_what_it_cannot_show_ends_nothing(
    lesson: Path, narrow: dict[str, str]
) -> None:
    encoding = narrow.get("PYTHONIOENCODING", "ascii").partition(":")[0]
    done = tutor("--plain", lesson, "--lang", "zh", narrow=narrow, typed=b"3\n\n")
    assert done.returncode == 0, done.stderr
    assert TITLE.encode(encoding, "replace") in done.stdout
    done.stdout.decode(encoding)
    shown = tutor("list", lesson.parent, narrow=narrow).stdout.decode(encoding)
    assert TITLE.encode(encoding, "replace").decode(encoding) in shown
    missing = tutor("solve", "梯度\u202e", narrow=narrow | {"LANG": "zh_CN.UTF-8"})
    assert missing.returncode == 2
    assert b"Traceback" not in missing.stderr
