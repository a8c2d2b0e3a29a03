"""`tutor new`: a lesson where it belongs, never over another, with shapes asked for in a terminal."""

import io
import json
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tutor.authoring.lesson_check import check_file
from tutor.authoring.sketch import plain_yaml
from tutor.cli import main
from tutor.kinds import load
from tutor.lesson.file.document import parse_document

Printed = pytest.CaptureFixture[str]
SHAPES = "W: n,m; x: m,1; b: n,1; u: n,1"


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_template_is_a_lesson_without_a_warning(language: str, home: Path, capsys: Printed) -> None:
    assert main(["new", "my-lesson", "--lang", language]) == 0
    path = home / "lessons" / "my-lesson.yaml"
    assert check_file(path) == ()
    assert load(path).title.en == "My lesson"
    assert path.read_text("utf-8").count("#") > 6
    out = capsys.readouterr().out
    assert str(path) in out
    assert f"tutor check {path}" in out
    assert "tutor my-lesson" in out


def test_editors_find_the_schema_by_the_first_line(home: Path) -> None:
    main(["new", "my-lesson"])
    first = (home / "lessons" / "my-lesson.yaml").read_text("utf-8").splitlines()[0]
    schema = home / "lesson.schema.json"
    assert first == f"# yaml-language-server: $schema={schema.resolve().as_uri()}"
    assert "graph" in json.loads(schema.read_text("utf-8"))["properties"]


def test_a_unit_and_a_path_are_taken_as_given(home: Path, tmp_path: Path) -> None:
    assert main(["new", "week-3/softmax"]) == 0
    assert (home / "lessons" / "week-3" / "softmax.yaml").is_file()
    assert main(["new", str(tmp_path / "here" / "mine.yaml"), "--from", "x * y"]) == 0
    assert check_file(tmp_path / "here" / "mine.yaml") == ()


def test_a_path_without_a_suffix_gets_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Printed) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("./l2", str(tmp_path / "l3"), "../l4"):
        assert main(["new", name]) == 0
        path = Path(name + ".yaml")
        assert check_file(path) == ()
        assert f"tutor check {path}" in capsys.readouterr().out


def test_nothing_is_overwritten(tmp_path: Path, capsys: Printed) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text("precious", "utf-8")
    for source in ([], ["--from", "x * y"]):
        assert main(["new", str(path), *source]) == 2
        assert "is there already" in capsys.readouterr().err
    assert path.read_text("utf-8") == "precious"


@pytest.mark.parametrize(
    "name",
    [
        "",
        "a b",
        "a//b",
        "..",
        "./x/",
        "a/../b",
        "unit",
        "week/unit",
        "./unit",
        "./x.txt",
        "~nobody-here/x",
        "a\n",
        "/",
        "-x",
        "a/-x",
    ],
)
def test_a_name_that_cannot_be_is_refused(name: str, home: Path, capsys: Printed) -> None:
    assert main(["new", "--", name]) == 2
    assert capsys.readouterr().err.startswith("tutor: ")
    assert not (home / "lessons").exists()


def test_a_folder_that_cannot_be_written_is_a_sentence(tmp_path: Path, capsys: Printed) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    assert main(["new", str(tmp_path / "file" / "mine.yaml")]) == 2
    assert "cannot be written" in capsys.readouterr().err


@pytest.mark.skipif(sys.platform == "win32", reason="files have no limit there")
def test_a_full_disk_leaves_no_half_lesson_behind(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    code = (
        "import resource, sys; from tutor.cli import main; import tutor.authoring.lesson_writing as w;"
        "w.schema_address = lambda: '';"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1000, resource.RLIM_INFINITY));"
        "sys.exit(main(['new', sys.argv[1]]))"
    )
    done = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=False)
    assert (done.returncode, "cannot be written" in done.stderr) == (2, True)
    assert not path.exists()


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("a b.yaml", '"a b.yaml"'),
        ("课程 一.yaml", '"课程 一.yaml"'),
        ("课程.yaml", "课程.yaml"),
        ("it's.yaml", '"it\'s.yaml"'),
        ("$HOME.yaml", "'$HOME.yaml'"),
        ("(a)&b.yaml", '"(a)&b.yaml"'),
    ],
)
def test_what_to_type_next_is_quoted_for_a_shell(
    name: str, shown: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Printed
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["new", name]) == 0
    assert f"  tutor {shown} " in capsys.readouterr().out
    assert shlex.split(shown) == [name]


def test_a_lesson_called_like_a_command_is_opened_by_its_path(home: Path, capsys: Printed) -> None:
    assert main(["new", "check"]) == 0
    assert f"  tutor {home / 'lessons' / 'check.yaml'} " in capsys.readouterr().out


def test_a_formula_becomes_a_lesson(home: Path, capsys: Printed) -> None:
    arguments = ["--from", "s = u.T @ tanh(W @ x + b)", "--shapes", SHAPES, "--sizes", "n=3,m=2"]
    assert main(["new", "layer", *arguments]) == 0
    lesson = load(home / "lessons" / "layer.yaml")
    assert lesson.title.en == "Layer"
    assert list(lesson.parts[0].graph.lines) == ["z", "h", "s"]
    assert main(["check", "layer"]) == 0
    assert capsys.readouterr().out.endswith("All is well.\n")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--from", "2 + 3"], "no name in it whose gradient"),
        (["--from", "x * y", "--sizes", "m=2"], "uses the size m"),
        (["--from", "mean(-log_softmax(Z)[rows, y])", "--shapes", "Z: N,k"], "These names need a shape: y."),
        (["--from", "x * y", "--shapes", "y: of 0"], "`of 0,1`"),
        (["--from", "x * y", "--shapes", "y: constant 3"], "`constant`"),
    ],
)
def test_what_makes_no_lesson_is_refused(arguments: list[str], words: str, home: Path, capsys: Printed) -> None:
    assert main(["new", "mine", *arguments]) == 2
    assert words in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--from", "mean(-log_softmax(Z)[rows, y])", "--shapes", "Z: N,k; y: N labels k"], "0, 1, 2, ..: rows."),
        (["--from", "p = W @ x; q = z * 2", "--shapes", "W: n,m; x: m"], "says nothing of them: z."),
        (["--from", "p = W @ x; q = z * 2", "--shapes", "W: n,m; x: m"], "Outputs: p, q."),
        (["--from", "sum(E[ids] @ w)", "--shapes", "E: V,d; ids: N labels V; w: d"], "could be proved: formula: E."),
    ],
)
def test_what_was_assumed_is_said(arguments: list[str], words: str, home: Path, capsys: Printed) -> None:
    assert main(["new", "mine", *arguments]) == 0
    assert words in capsys.readouterr().out


def test_a_chinese_keyboards_punctuation_is_understood(home: Path) -> None:
    formulas = ["--from", "z = W @ x；s = sum(max（z，0））"]
    assert main(["new", "wide", *formulas, "--shapes", "W：n，m；x：m×1", "--sizes", "n＝3，m＝2"]) == 0
    part = load(home / "lessons" / "wide.yaml").parts[0]
    assert (part.sizes, next(iter(part.graph.lines))) == ({"n": 3, "m": 2}, "z")
    assert part.graph.index.keys() >= {"W", "x", "z", "s"}
    assert len(part.given["x"].dims) == 2


def test_a_function_becomes_a_lesson(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "model.py"
    file.write_text("import numpy as np\ndef score(x, W):\n    return np.tanh(W @ x).sum(axis=0)\n", "utf-8")
    assert main(["new", "mine", "--from-python", str(file), "--function", "score", "--shapes", "W: n,m; x: m"]) == 0
    assert load(home / "lessons" / "mine.yaml").title.en == "Gradients of score"
    assert check_file(home / "lessons" / "mine.yaml") == ()


def test_what_python_cannot_be_read_is_named_with_its_line(tmp_path: Path, home: Path, capsys: Printed) -> None:
    file = tmp_path / "model.py"
    file.write_text("def f(x):\n    for i in x:\n        x = x * x\n    return x\n", "utf-8")
    assert main(["new", "mine", "--from-python", str(file)]) == 2
    err = capsys.readouterr().err
    assert f"{file}:2:5: `for i in x: x = x * x` needs a size that is not known" in err
    assert "\n        for i in x:\n        ^\n" in err
    assert not (home / "lessons").exists()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--from", "W @ x"], "These names need a shape: W, x."),
        (["--from", "cross_entropy(z, y)", "--shapes", "z: N,k"], "are labels: y."),
        (["--from", "x + * y"], "\n    x + * y\n        ^\n"),
        (["--from", "x", "--from-python", "f.py"], "--from or --from-python"),
        (["--function", "f"], "--from-python"),
        (["--output", "f"], "--from-python"),
        (["--shapes", "x: n"], "--shapes and --sizes go with"),
        (["--from-python", "nowhere.py"], "nowhere.py"),
        (["--from", "x * y", "--sizes", "n"], "n=3,m=2"),
    ],
)
def test_what_is_missing_or_unclear_is_said(arguments: list[str], words: str, home: Path, capsys: Printed) -> None:
    assert main(["new", "mine", *arguments]) == 2
    assert words in capsys.readouterr().err
    assert not (home / "lessons").exists()


def test_in_a_terminal_shapes_are_asked_for_until_they_are_clear(
    home: Path, capsys: Printed, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr("sys.stdin", Terminal("n,m\n2 +\nm\nn\n"))
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    assert main(["new", "mine", "--from", "v = W @ x + b"]) == 0
    (part,) = load(home / "lessons" / "mine.yaml").parts
    assert {name: len(given.dims) for name, given in part.given.items()} == {"W": 2, "x": 1, "b": 1}
    err = capsys.readouterr().err
    assert "  W:   x: A shape is written as" in err


def test_in_a_terminal_the_shape_that_python_speaks_of_is_asked_for(
    home: Path, tmp_path: Path, capsys: Printed, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    file = tmp_path / "f.py"
    file.write_text("def f(x):\n    N, d = x.shape\n    return (x ** 2).sum() / N\n", "utf-8")
    arguments = ["new", "mine", "--from-python", str(file)]
    monkeypatch.setattr("sys.stdin", Terminal("rows,columns\n"))
    assert main(arguments) == 2  # nobody sits there: the line is quoted
    assert "N, d = x.shape" in capsys.readouterr().err
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    assert main(arguments) == 0
    (part,) = load(home / "lessons" / "mine.yaml").parts
    assert set(part.sizes) == {"rows", "columns"}


@pytest.mark.parametrize(
    "text", ["W @ x + b", "-x", "@x", "'a'", "x: y", "x #y", "[1, 2]", "a", "null", "y", "{x}", " x "]
)
def test_a_formula_stands_in_yaml_as_the_text_it_is(text: str) -> None:
    document = parse_document(f"f: {plain_yaml(text)}\n", "t.yaml")
    assert document.data == {"f": text}
