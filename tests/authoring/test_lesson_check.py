"""`tutor check` finds what is wrong with a lesson that loads, says where, and is silent about one that is right."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tutor.authoring.checked_files import check_files, lesson_files
from tutor.authoring.lesson_check import check_file
from tutor.checking import Verdict
from tutor.cli import main
from tutor.engine.ops.elementary import Square
from tutor.folders.scan import UNIT_FILE
from tutor.lesson.numbers.samplers import RandomStream
from tutor.places import bundled_lessons
from tutor.text import msg, say

TITLE = "title: {en: T, zh: 题}\n"
NET = """sizes: {n: 3, m: 2}
given:
  x: {shape: [m, 1], integers: [-3, 3], nonzero: true, distinct: true}
  W: {shape: [n, m], uniform: [-1, 1], decimals: 1, nonzero: true, distinct: true}
  u: {shape: [n, 1], integers: [-3, 3], nonzero: true, distinct: true}
graph:
  h: tanh(W @ x)
  s: u.T @ h
"""

# What is wrong -> the lesson below its title, and severity, line and code of everything that must be found.
FOUND: dict[str, tuple[str, list[tuple[str, int, str]]]] = {
    "nothing": (f"{NET}ask:\n  - total: [W, x]\n  - formula: W\n", []),
    "a formula that can be tried nowhere else": (
        "given: {x: {value: 3, constant: true}}\ngraph: {a: x + 1, f: a^2}\nask: [{formula: {wrt: a}}]\n",
        [("error", 4, "no-fresh-numbers")],
    ),
    "numbers from where nothing generic works": (
        "given: {x: 12.3}\ngraph: {f: sqrt(x - 10)}\nask: [{formula: {wrt: x}}]\n",
        [],
    ),
    "a gradient that is infinite": ("given: {x: 0}\ngraph:\n  f: sqrt(x)\n", [("error", 4, "not-finite")]),
    "a value outside the domain": (
        "given: {x: 1, y: 2}\ngraph:\n  a: x - y\n  f: log(a)\n",
        [("error", 5, "not-finite")],
    ),
    "a tie in fixed numbers": (
        "given: {x: 3, y: 3, z: 5}\ngraph:\n  a: max(x, y)\n  f: a * z\nask: [{total: z}]\n",
        [("warning", 4, "kink")],
    ),
    "a tie that only differences show": (
        "given: {x: [[[1, 1, 4, 7]]]}\ngraph:\n  p: max_pool(x, size=2)\n  f: sum(p)\nask: [{total: x}]\n",
        [("warning", 4, "kink")],
    ),
    "a mistake that always looks right": (
        "given: {x: {choice: [4]}, y: {choice: [4]}}\ngraph:\n  f: x * y\nask: [{local: {of: f, wrt: y}}]\n",
        [("error", 5, "slip-looks-right")],
    ),
    "a mistake that looks right in fixed numbers": (
        "given: {x: 4, y: 4}\ngraph:\n  f: x * y\nask: [{local: {of: f, wrt: y}}]\n",
        [("warning", 5, "slip-looks-right")],
    ),
    "mistakes that look alike in fixed numbers": (
        "given: {x: 2, y: 3, z: 3}\ngraph:\n  a: x * y\n  f: a * z\nask:\n  - downstream: {of: a, wrt: x}\n",
        [("warning", 7, "slips-look-alike")],
    ),
    "two sizes that are equal": (
        f"{NET}ask:\n  - total: W\n".replace("n: 3", "n: 2"),
        [("warning", 2, "equal-sizes")],
    ),
    "nothing to ask": ("given: {}\ngraph: {f: 2}\n", [("warning", 3, "no-question")]),
    "nothing left to answer": (
        "given: {x: 2.5, y: 3}\ngraph: {f: x * y}\nworked: 9\nask: [total: x, total: y]\n",
        [("warning", 4, "nothing-asked")],
    ),
    "the one question shown": (
        "parts:\n  - given: {x: 2.5, y: 3}\n    graph: {f: x * y}\n    worked: 1\n    ask: [total: x]\n",
        [("warning", 5, "only-question-worked")],
    ),
    "a size of 1": (f"{NET}ask:\n  - total: W\n".replace("m: 2", "m: 1"), [("warning", 2, "size-of-one")]),
    "formulas at shapes without names": (
        "given:\n  x: {shape: [3], integers: [-4, 4], nonzero: true, distinct: true}\n"
        "graph:\n  f: sum(x^2)\nask:\n  - formula: x\n",
        [("warning", 7, "no-size-names")],
    ),
    "sizes that fit nothing else": (
        "sizes: {n: 3}\ngiven:\n  x: {shape: [n], integers: [-4, 4], nonzero: true, distinct: true}\n"
        "  y: {shape: [3], integers: [-4, 4], nonzero: true, distinct: true}\n"
        "graph:\n  f: x @ y\nask:\n  - formula: x\n",
        [("warning", 2, "sizes-cannot-change")],
    ),
    "sizes that must be equal": (
        "sizes: {n: 3, m: 3}\ngiven:\n  x: {shape: [n], integers: [-4, 4], nonzero: true, distinct: true}\n"
        "  y: {shape: [m], integers: [-4, 4], nonzero: true, distinct: true}\n"
        "graph:\n  f: x @ y\nask:\n  - formula: x\n",
        [("warning", 2, "sizes-cannot-differ"), ("warning", 2, "equal-sizes")],
    ),
    "names from which no formula follows": (
        f"{NET}ask:\n  - formula: {{wrt: W, using: [x]}}\n",
        [("warning", 11, "no-formula-known")],
    ),
    "an answer of more lines than are read": (
        f"{NET}ask:\n  - decompose: {' + '.join(['x * x'] * 40)}\n",
        [("error", 11, "answer-too-long")],
    ),
    "a hint for a question that is not asked": (
        f"{NET}ask: [{{total: W}}]\nhints:\n  total x: [{{en: A, zh: 甲}}]\n",
        [("warning", 12, "hint-without-question-near")],
    ),
    "a hint for no question at all": (
        f"{NET}ask: [{{total: W}}]\nhints:\n  zzz: [{{en: A, zh: 甲}}]\n",
        [("warning", 12, "hint-without-question")],
    ),
    "some texts without a translation": (
        f"about: Hello\n{NET}ask: [{{total: W}}]\nhints:\n  total W: [{{en: A}}]\n",
        [("warning", 2, "untranslated"), ("warning", 13, "untranslated")],
    ),
    "a lesson that nobody wrote": (f"requires: [a/b]\n{NET}ask: [{{total: W}}]\n", [("warning", 2, "not-found")]),
}


def lesson(folder: Path, text: str, name: str = "lesson.yaml") -> Path:
    path = folder / name
    path.write_text(text, "utf-8")
    return path


def found(path: Path) -> list[tuple[str, int, str]]:
    return [(each.severity, each.line, each.code) for each in check_file(path)]


@pytest.mark.parametrize(("text", "expected"), FOUND.values(), ids=FOUND)
def test_what_is_wrong_is_found_at_its_line(text: str, expected: list[Any], tmp_path: Path) -> None:
    assert found(lesson(tmp_path, TITLE + text)) == expected


@pytest.mark.parametrize(("text", "_"), FOUND.values(), ids=FOUND)
def test_every_problem_quotes_its_line_and_speaks_both_languages(text: str, _: object, tmp_path: Path) -> None:
    path = lesson(tmp_path, TITLE + text)
    for each in check_file(path):
        assert each.quoted == path.read_text("utf-8").splitlines()[each.line - 1]
        assert say(each.message, "en") != say(each.message, "zh")
        assert "{" not in say(each.message, "en").replace("{en: .., zh: ..}", "")


def test_a_lesson_in_one_language_is_told_so_once(tmp_path: Path) -> None:
    text = f"title: T\nabout: Hello\n{NET}ask: [{{total: W}}]\n"
    assert found(lesson(tmp_path, text)) == [("warning", 1, "one-language")]


def test_advice_names_a_change_that_helps(tmp_path: Path) -> None:
    text = TITLE + (
        "given: {x: {integers: [0, 1]}, y: {integers: [2, 9]}}\n"
        "graph:\n  a: x * y\n  f: a^2\nask: [{downstream: {of: a, wrt: y}}]\n"
    )
    problem = check_file(lesson(tmp_path, text))[0]
    assert problem.code == "slip-looks-right"
    assert "`uniform: [-1, 1], decimals: 2`" in say(problem.message, "en")
    assert "draw x with" in say(problem.message, "en")
    mended = text.replace("x: {integers: [0, 1]}", "x: {uniform: [-1, 1], decimals: 2}")
    assert found(lesson(tmp_path, mended)) == []


def test_advice_to_take_other_sizes_helps(tmp_path: Path) -> None:
    text = TITLE + (
        "sizes: {n: 1, m: 1}\ngiven:\n  W: {shape: [n, m], choice: [2]}\n  x: {shape: [m, 1], choice: [2]}\n"
        "graph:\n  z: W @ x\n  f: sum(z)\nask: [{downstream: {of: z, wrt: x}}]\n"
    )
    problem = check_file(lesson(tmp_path, text))[0]
    assert problem.code == "slip-looks-right"
    assert "It helps to take sizes that differ: n: 2, m: 3." in say(problem.message, "en")
    mended = text.replace("n: 1, m: 1", "n: 2, m: 3")
    assert "slip-looks-right" not in [code for _, _, code in found(lesson(tmp_path, mended))]


@pytest.mark.parametrize(
    "given", ["x: {shape: [1], integers: [0, 0]}", "x: {shape: [n], choice: [0, 1], distinct: true}"]
)
def test_advice_never_draws_what_cannot_be_drawn(given: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole, drawn = RandomStream.integer, iter(range(50_000))

    def counted(stream: RandomStream, low: int, high: int) -> int:
        next(drawn)
        return whole(stream, low, high)

    monkeypatch.setattr(RandomStream, "integer", counted)
    text = f"sizes: {{m: 2, n: 2}}\ngiven: {{{given}}}\ngraph: {{a: norm(x), f: norm(a)}}\n"
    assert "slip-looks-right" in [code for _, _, code in found(lesson(tmp_path, TITLE + text))]


def test_a_wrong_rule_is_found_at_its_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = lesson(tmp_path, TITLE + "given: {x: {uniform: [-2, 2]}}\ngraph:\n  a: 3 * x\n  f: square(a)\n")
    assert found(path) == []
    monkeypatch.setattr(Square, "derivative", lambda self, i, out, x: 2.002 * x)
    assert ("error", 5, "gradient-wrong") in found(path)


def test_an_answer_that_does_not_grade_as_right_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = lesson(tmp_path, TITLE + f"{NET}ask:\n  - total: x\n  - total: W\n")

    def refuse(drill: Any, question: Any, text: str) -> Verdict:
        kind = "wrong" if question.id == "total W" else "right"
        return Verdict(kind, msg("checking.missing", id=question.id))  # type: ignore[arg-type]

    monkeypatch.setattr("tutor.authoring.question_checks.check", refuse)
    assert found(path) == [("error", 12, "answer-not-right")]


def test_gradients_that_are_conventions_are_no_errors(tmp_path: Path) -> None:
    text = (
        "given:\n  x: {uniform: [-2, 2], decimals: 1, nonzero: true}\n  y: {uniform: [1, 2], decimals: 1}\n"
        "graph:\n  q: straight_through(x > 0, tanh(x))\n  c: stop_gradient(y) * y\n  f: q * c + x * y\nask:\n"
        "  - total: [x, y]\n"
    )
    assert [each for each in found(lesson(tmp_path, TITLE + text)) if each[0] == "error"] == []


def test_bundled_lessons_have_no_errors() -> None:
    problems = [each for path in lesson_files(bundled_lessons()) for each in check_file(path)]
    assert [each for each in problems if each.severity == "error"] == []


@pytest.mark.filterwarnings("error::RuntimeWarning")
def test_gradients_without_end_are_told_by_problems_alone(tmp_path: Path) -> None:
    text = "given: {x: {shape: [3, 2], integers: [0, 1]}}\ngraph:\n  a: kron(x, x)\n  b: sqrt(a)\n  c: amax(b)\n"
    assert "our-fault" not in [code for _, _, code in found(lesson(tmp_path, TITLE + text))]


@pytest.mark.filterwarnings("error::RuntimeWarning")
def test_a_difference_of_infinities_is_told_by_problems_alone(tmp_path: Path) -> None:
    text = "given: {x: {integers: [1, 3]}, y: 1.0e100}\ngraph: {a: exp(y * 100), c: a * y + x}\n"
    asked = "ask: [{difference: {of: c, wrt: y, h: 1000000.0}}]\n"
    assert "our-fault" not in [code for _, _, code in found(lesson(tmp_path, TITLE + text + asked))]


@pytest.mark.parametrize("graph", ["{a: stop_gradient(x), f: a * x}", "{a: log(0 * x)}"])
def test_a_slip_is_shown_where_no_slip_changes_the_gradients(graph: str, tmp_path: Path) -> None:
    text = TITLE + f"given: {{x: {{choice: [0, 5.0e-324]}}}}\ngraph: {graph}\nask: [{{find-slip: {{slip: any}}}}]\n"
    path = lesson(tmp_path, text)
    assert "our-fault" not in [code for _, _, code in found(path)]
    assert main(["solve", str(path)]) == 0


def test_a_unit_names_the_lessons_that_are_there(tmp_path: Path) -> None:
    lesson(tmp_path, TITLE + NET, "first.yaml")
    lesson(tmp_path, TITLE + NET, "second.yaml")
    unit = lesson(tmp_path, "title: {en: U, zh: 单}\norder: 1\nlessons: [frist]\n", UNIT_FILE)
    assert found(unit) == [("error", 3, "unit-without-lesson-near"), ("warning", 3, "unit-leaves-out")]
    lesson(tmp_path, "title: {en: U, zh: 单}\norder: 1\nlessons: [second, first]\n", UNIT_FILE)
    assert found(unit) == []


def test_what_does_not_load_is_told_with_all_its_errors(tmp_path: Path) -> None:
    path = lesson(tmp_path, "titel: T\ngiven: {x: 1}\ngraph: {f: x + q, g: max(x, x)}\n")
    assert [(line, code) for _, line, code in found(path)] == [
        (1, "unknown-field"),
        (3, "unknown-name"),
        (3, "comma-in-braces"),
    ]


def test_an_error_of_ours_names_the_file_and_spares_the_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    paths = [lesson(tmp_path, TITLE + NET, f"{name}.yaml") for name in "ab"]
    monkeypatch.setattr("tutor.authoring.lesson_check.check_texts", lambda desk: 1 / 0)
    assert [[each.code for each in checked.problems] for checked in check_files(paths)] == [["our-fault"]] * 2


def test_parts_are_checked_each_at_its_place(tmp_path: Path) -> None:
    text = TITLE + (
        "parts:\n  - given: {x: 2}\n    graph: {f: x^2}\n    ask: [{total: x}]\n"
        "  - given: {x: 0}\n    graph: {f: sqrt(x)}\n    ask: [{total: x}]\n"
    )
    assert found(lesson(tmp_path, text)) == [("error", 7, "not-finite")]


def test_a_large_lesson_is_checked_too(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    value = json.dumps(rng.uniform(-1, 1, (30, 40)).round(2).tolist())
    text = TITLE + (
        f"given:\n  W: {value}\n  x: {{shape: [40], uniform: [-1, 1], decimals: 2}}\n"
        "graph:\n  z: W @ x\n  h: tanh(z)\n  L: sum(h^2)\nsaturated: true\nask:\n  - total: x\n"
    )
    assert [each for each in found(lesson(tmp_path, text)) if each[0] == "error"] == []


# Files, folders and cores


def test_a_folder_is_all_its_lessons_but_the_hidden_ones(tmp_path: Path) -> None:
    (tmp_path / "unit").mkdir()
    (tmp_path / ".git").mkdir()
    for name in ("a.yaml", "unit/b.yaml", "unit/unit.yaml", ".git/c.yaml", ".d.yaml", "e.txt"):
        (tmp_path / name).write_text("", "utf-8")
    names = [path.relative_to(tmp_path).as_posix() for path in lesson_files(tmp_path)]
    assert names == ["a.yaml", "unit/b.yaml", "unit/unit.yaml"]


def test_many_files_are_checked_by_several_processes_in_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    paths = []
    for k in range(20):
        x = 0 if k % 3 == 0 else k
        paths.append(lesson(tmp_path, TITLE + f"given: {{x: {x}}}\ngraph:\n  f: sqrt(x)\n", f"{k:02}.yaml"))
    monkeypatch.setattr("tutor.authoring.checked_files.cores", lambda: 2)
    done: list[tuple[int, int]] = []
    checked = list(check_files(paths, lambda *so_far: done.append(so_far)))
    assert [each.path for each in checked] == paths
    assert [any(p.code == "not-finite" for p in each.problems) for each in checked] == [k % 3 == 0 for k in range(20)]
    assert done == [(k, 20) for k in range(1, 21)]


# The command

Printed = pytest.CaptureFixture[str]


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    return lesson(tmp_path, "title: T\ngiven: {x: 3, y: 3}\ngraph:\n  f: max(x, y) + sqrt(y - x)\n")


def test_json_is_a_list_of_problems(broken: Path, capsys: Printed) -> None:
    assert main(["check", str(broken), "--json"]) == 1
    printed = json.loads(capsys.readouterr().out)
    assert [list(each) for each in printed] == [["file", "line", "column", "severity", "code", "message"]] * len(
        printed
    )
    assert [(each["line"], each["column"], each["severity"], each["code"]) for each in printed] == [
        (4, 3, "error", "not-finite"),
        (1, 1, "warning", "one-language"),
    ]
    assert {each["file"] for each in printed} == {str(broken)}


def test_people_see_the_line_with_a_caret_and_warnings_apart(broken: Path, capsys: Printed) -> None:
    assert main(["check", str(broken)]) == 1
    out = capsys.readouterr().out
    errors, _, warnings = out.partition("\nWarnings\n")
    assert errors.startswith(f"Errors\n{broken}:4:3: At seed 0 f has a value or a gradient that is not a number")
    assert "\n      f: max(x, y) + sqrt(y - x)\n      ^\n" in errors
    assert f"{broken}:1:1: The lesson is in one language" in warnings
    assert out.endswith("Files: 1. Errors: 1. Warnings: 1.\n")


def test_warnings_alone_are_no_failure(tmp_path: Path, capsys: Printed) -> None:
    path = lesson(tmp_path, "title: T\ngiven: {x: 3.7}\ngraph:\n  f: 2.3 * x\nask: [{total: x}]\n")
    assert main(["check", str(path)]) == 0
    assert "Warnings: 1" in capsys.readouterr().out


def test_a_lesson_can_be_named_by_its_id(capsys: Printed) -> None:
    assert main(["check", "one-layer/score-gradient", "--lang", "zh"]) == 0
    assert capsys.readouterr().out == "文件：1。一切正常。\n"


@pytest.mark.parametrize("argument", ["nowhere.yaml", "circuits/frist-circuit"])
def test_a_path_that_is_not_there_is_a_usage_error(argument: str, capsys: Printed) -> None:
    assert main(["check", argument]) == 2
    assert capsys.readouterr().err.startswith("tutor: There is no lesson")


def test_a_folder_without_lessons_is_a_usage_error(tmp_path: Path, capsys: Printed) -> None:
    assert main(["check", str(tmp_path)]) == 2
    assert str(tmp_path) in capsys.readouterr().err


def test_progress_is_drawn_on_a_terminal_and_wiped(
    tmp_path: Path, capsys: Printed, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in "abc":
        lesson(tmp_path, TITLE + NET, f"{name}.yaml")
    assert main(["check", str(tmp_path)]) == 0
    assert capsys.readouterr().err == ""
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    assert main(["check", str(tmp_path), "--ascii"]) == 0
    err = capsys.readouterr().err
    assert "##########.................... 1/3" in err
    assert err.endswith("3/3\r\x1b[K")
