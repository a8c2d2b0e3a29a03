"""`tutor grade` judges files of answers as the drill judges what is typed."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

from tests.checking.every_kind import CONVENTIONS, KINDS, lesson_text
from tutor.cli import main

Printed = pytest.CaptureFixture[str]
CIRCUIT = "circuits/first-circuit"
RIGHT = """\
lesson: circuits/first-circuit
student: Ada
local f a: 2
local f b: 3
downstream f a: 2
downstream f b: 3.0
local b y: 1
local b z: 0
downstream b y: 3
downstream b z: 0
local a x: 1
local a y: 1
downstream a x: 2
downstream a y: 2
total y: 5
"""


@pytest.fixture
def answers(tmp_path: Path) -> Path:
    return tmp_path / "ada.yaml"


def graded(capsys: Printed, lesson: str, *arguments: object) -> tuple[int, Any]:
    status = main(["grade", lesson, *map(str, arguments), "--json"])
    printed = capsys.readouterr()
    assert printed.err == ""
    return status, json.loads(printed.out)


def test_a_file_of_right_answers_is_right(answers: Path, capsys: Printed) -> None:
    answers.write_text(RIGHT, "utf-8")
    status, grades = graded(capsys, CIRCUIT, answers)
    assert status == 0
    assert [grade["verdict"] for grade in grades] == ["right"] * 13
    assert list(grades[0]) == ["id", "verdict", "mistake", "node", "edit", "message"]


def test_each_wrong_answer_names_its_mistake_and_node(answers: Path, capsys: Printed) -> None:
    text = RIGHT.replace("local f a: 2", "local f a: 3").replace("local b z: 0", "local b z: [1, 2]")
    answers.write_text(text.replace("total y: 5\n", "local a y: 1\n", 1).replace("local a y: 1\n", "", 1), "utf-8")
    status, grades = graded(capsys, CIRCUIT, answers)
    assert status == 1
    found = {grade["id"]: grade for grade in grades}
    wrong = found["local f a"]
    assert (wrong["verdict"], wrong["mistake"], wrong["node"]) == ("wrong", "mul:own-input", "f")
    assert wrong["message"]
    assert found["local b z"]["verdict"] == "wrong-shape"
    assert found["total y"]["verdict"] == "missing"
    assert [grade["id"] for grade in grades][-1] == "total y"


@pytest.mark.parametrize("name", ["ada.yaml", "ada.json"])
def test_answers_are_read_as_the_text_that_was_typed(name: str, tmp_path: Path, capsys: Printed) -> None:
    lesson = tmp_path / "mine.yaml"
    lesson.write_text("title: T\ngiven: {x: 0.5, y: 0.1966}\ngraph: {f: x * y}\ntolerance: 0\n", "utf-8")
    path = tmp_path / name
    for typed, verdict in (("0.20", "right"), ("0.2000", "wrong")):
        path.write_text(f'{{"local f x": {typed}}}' if name.endswith("json") else f"local f x: {typed}\n", "utf-8")
        _, grades = graded(capsys, str(lesson), path)
        assert (typed, grades[0]["verdict"]) == (typed, verdict)


def test_what_solve_types_grades_as_right(tmp_path: Path, capsys: Printed) -> None:
    for lesson in ("one-layer/score-gradient", "circuits/one-gate", "circuits/branches"):
        main(["solve", lesson, "--seed", "5", "--json"])
        solved = json.loads(capsys.readouterr().out)
        questions = [question for part in solved.get("parts", [solved]) for question in part["questions"]]
        path = tmp_path / "solved.json"
        path.write_text(json.dumps({question["id"]: question["typed"] for question in questions}), "utf-8")
        status, grades = graded(capsys, lesson, path, "--seed", 5)
        assert status == 0, [grade for grade in grades if grade["verdict"] != "right"]


def test_the_seed_may_stand_in_the_file(answers: Path, capsys: Printed) -> None:
    main(["solve", "one-layer/score-gradient", "--seed", "9", "--json"])
    questions = json.loads(capsys.readouterr().out)["questions"]
    typed = {question["id"]: question["typed"] for question in questions}
    answers.write_text(json.dumps({"seed": 9} | typed), "utf-8")
    assert graded(capsys, "one-layer/score-gradient", answers)[0] == 0
    assert graded(capsys, "one-layer/score-gradient", answers, "--seed", 1)[0] == 1


def test_several_files_are_a_map(tmp_path: Path, capsys: Printed) -> None:
    one, two = tmp_path / "one.yaml", tmp_path / "two.yaml"
    one.write_text(RIGHT, "utf-8")
    two.write_text("total y: 5\n", "utf-8")
    status, grades = graded(capsys, CIRCUIT, one, two)
    assert status == 1
    assert {file: sum(grade["verdict"] == "right" for grade in given) for file, given in grades.items()} == {
        str(one): 13,
        str(two): 1,
    }


def test_a_table_for_people(answers: Path, capsys: Printed) -> None:
    answers.write_text(RIGHT.replace("local f a: 2", "local f a: 3"), "utf-8")
    assert main(["grade", CIRCUIT, str(answers)]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split()[:5] == ["local", "f", "a", "wrong", "mul:own-input"]
    assert lines[-1] == "12 of 13 right."


def test_csv_for_a_spreadsheet(answers: Path, capsys: Printed) -> None:
    answers.write_text(RIGHT, "utf-8")
    assert main(["grade", CIRCUIT, str(answers), "--format", "csv"]) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [row["verdict"] for row in rows] == ["right"] * 13
    assert (rows[0]["file"], rows[0]["student"]) == (str(answers), "Ada")
    assert list(rows[0]) == ["file", "student", "id", "verdict", "mistake", "node", "edit", "message"]


@pytest.fixture
def class_of_three(tmp_path: Path) -> list[Path]:
    """Ada is right; Ben and Cleo take the own input for the other, Cleo elsewhere too; Dan's file is of no use."""
    ben = RIGHT.replace("Ada", "Ben").replace("local f a: 2", "local f a: 3")
    cleo = ben.replace("Ben", "Cleo").replace("local f b: 3", "local f b: 2")
    files = [tmp_path / f"{name}.yaml" for name in ("ada", "ben", "cleo", "dan")]
    for file, text in zip(files, (RIGHT, ben, cleo, "local f q: 3\n"), strict=True):
        file.write_text(text, "utf-8")
    return files


def test_below_the_table_stand_the_mistakes_of_the_class(class_of_three: list[Path], capsys: Printed) -> None:
    assert main(["grade", CIRCUIT, *map(str, class_of_three[:3])]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert f"{class_of_three[1]} (Ben):" in lines
    assert lines[-6:] == [
        "All 3 files: 36 of 39 right.",
        "Right by question, the hardest first:",
        "  1 of 3  local f a",
        "  2 of 3  local f b",
        "Mistakes of the class, with the questions they were made in:",
        "  3  mul:own-input  The input itself in place of the other factor  local f a (2), local f b",
    ]
    assert main(["grade", CIRCUIT, str(class_of_three[0]), str(class_of_three[0]), "--lang", "zh"]) == 0
    assert "全班" not in capsys.readouterr().out  # one file, given twice


def test_of_two_mistakes_that_explain_an_answer_both_are_named_to_the_class(
    class_of_three: list[Path], capsys: Printed
) -> None:
    ben = class_of_three[1]
    ben.write_text(RIGHT.replace("downstream a y: 2", "downstream a y: 1"), "utf-8")
    assert main(["grade", CIRCUIT, str(class_of_three[0]), str(ben)]) == 1
    assert capsys.readouterr().out.splitlines()[-1].split("  ")[1:] == [
        "1",
        "add:splits | upstream-forgotten",
        "The gradient split among the inputs | The local gradient given as the downstream one",
        "downstream a y",
    ]


def test_what_is_wrong_without_a_mistake_or_missing_is_counted_by_question(
    class_of_three: list[Path], capsys: Printed
) -> None:
    ben = class_of_three[1]
    ben.write_text(RIGHT.replace("local f a: 2\n", "").replace("total y: 5", "total y: 77.7"), "utf-8")
    assert main(["grade", CIRCUIT, str(class_of_three[0]), str(ben)]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[-3:] == ["Right by question, the hardest first:", "  1 of 2  local f a", "  1 of 2  total y"]


def test_a_folder_of_answers_comes_with_what_to_write(tmp_path: Path, capsys: Printed) -> None:
    assert main(["grade", CIRCUIT, f"{tmp_path}/"]) == 2
    assert capsys.readouterr().err == f"tutor: {tmp_path} is a folder: name the files in it, as in {tmp_path}/*.yaml.\n"


def test_a_class_that_has_all_right_has_no_hard_questions(class_of_three: list[Path], capsys: Printed) -> None:
    again = class_of_three[1]
    again.write_text(RIGHT, "utf-8")
    assert main(["grade", CIRCUIT, str(class_of_three[0]), str(again)]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "All 2 files: 26 of 26 right."


@pytest.mark.parametrize("form", ["table", "json", "csv"])
def test_one_bad_file_does_not_stop_the_others(form: str, class_of_three: list[Path], capsys: Printed) -> None:
    nobody = class_of_three[0].with_name("nobody.yaml")
    assert main(["grade", CIRCUIT, str(nobody), *map(str, class_of_three[::-1]), "--format", form]) == 2
    printed = capsys.readouterr()
    for file in class_of_three[:3]:
        assert str(file) not in printed.err
    assert "there is no question local f q. Nearest: local f" in printed.err
    assert "nobody.yaml" in printed.err
    for file in (nobody, *class_of_three):  # nobody vanishes from the list
        assert str(file) in printed.out
    if form == "json":
        grades = json.loads(printed.out)
        assert [len(given) for given in grades.values()] == [1, 14, 13, 13, 13]
        (unusable,) = grades[str(nobody)]
        assert (unusable["id"], unusable["verdict"]) == ("", "unusable")
        assert "nobody.yaml" in unusable["message"]
        assert list(unusable) == list(grades[str(class_of_three[0])][0])
    elif form == "csv":
        rows = list(csv.DictReader(io.StringIO(printed.out)))
        assert {row["file"] for row in rows} == {str(nobody), *map(str, class_of_three)}
    else:
        assert "4 of 5 files could be graded: 36 of 52 right." in printed.out


@pytest.mark.parametrize("form", ["table", "json", "csv"])
def test_an_unknown_question_with_nothing_near_it_is_explained_too(form: str, answers: Path, capsys: Printed) -> None:
    answers.write_text("something else entirely: 2\n", "utf-8")
    assert main(["grade", CIRCUIT, str(answers), "--format", form]) == 2
    printed = capsys.readouterr()
    assert "there is no question something else entirely.\n" in printed.err
    assert "something else entirely" in printed.out


@pytest.mark.parametrize("form", ["table", "json", "csv"])
def test_an_unknown_question_is_flagged_and_the_rest_is_graded(form: str, answers: Path, capsys: Printed) -> None:
    answers.write_text(RIGHT + "local f q: 3\n", "utf-8")
    assert main(["grade", CIRCUIT, str(answers), "--format", form]) == 2
    printed = capsys.readouterr()
    assert "there is no question local f q. Nearest: local f" in printed.err
    if form == "json":
        assert [grade["verdict"] for grade in json.loads(printed.out)] == ["right"] * 13 + ["unknown"]
    elif form == "csv":
        assert list(csv.DictReader(io.StringIO(printed.out)))[-1]["verdict"] == "unknown"
    else:
        assert printed.out.splitlines()[-1] == "13 of 13 right. No such question: 1."


def test_what_is_missing_and_what_cannot_be_read_is_counted_apart(answers: Path, capsys: Printed) -> None:
    answers.write_text("local f a: 2\nlocal f b: 3 +\ntotal y: 4\n", "utf-8")
    assert main(["grade", CIRCUIT, str(answers)]) == 1
    assert capsys.readouterr().out.splitlines()[-1] == "1 of 13 right. Unreadable: 1. Missing: 10."


@pytest.mark.parametrize("graded_as", ["mine", "path", "file name"])
@pytest.mark.parametrize("named", ["mine", "path", "file name", "path without suffix", "path elsewhere"])
def test_a_lesson_of_ones_own_is_meant_by_its_id_its_path_and_its_file_name(
    graded_as: str, named: str, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Printed
) -> None:
    folder = home / "lessons" if graded_as == "mine" else tmp_path / "w"
    lesson = folder / "mine.yaml"
    lesson.parent.mkdir(parents=True, exist_ok=True)
    lesson.write_text("title: T\ngiven: {x: 2, y: 3}\ngraph: {f: x * y}\nask: [total: x]\n", "utf-8")
    monkeypatch.chdir(folder)
    names = {
        "mine": "mine",
        "path": str(lesson),
        "file name": "mine.yaml",
        "path without suffix": str(lesson.with_suffix("")),
        "path elsewhere": "/home/ada/course/mine.yaml",
    }
    answers = tmp_path / "ada.yaml"
    answers.write_text(f"lesson: {names[named]}\ntotal x: 3\n", "utf-8")
    assert graded(capsys, names[graded_as], answers)[0] == 0


def test_answers_to_another_file_of_that_name_are_refused(tmp_path: Path, capsys: Printed) -> None:
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "mine.yaml").write_text("title: T\ngiven: {x: 2}\ngraph: {f: 3 * x}\n", "utf-8")
    answers = tmp_path / "ada.yaml"
    answers.write_text(f"lesson: {tmp_path / 'two' / 'mine.yaml'}\n", "utf-8")
    assert main(["grade", str(tmp_path / "one" / "mine.yaml"), str(answers)]) == 2
    assert "holds answers to" in capsys.readouterr().err


def test_each_file_is_graded_at_its_own_seed(tmp_path: Path, capsys: Printed) -> None:
    files = []
    for seed in (3, 4):
        main(["solve", "one-layer/score-gradient", "--seed", str(seed), "--json"])
        questions = json.loads(capsys.readouterr().out)["questions"]
        files.append(tmp_path / f"{seed}.json")
        files[-1].write_text(json.dumps({"seed": seed} | {each["id"]: each["typed"] for each in questions}), "utf-8")
    assert graded(capsys, "one-layer/score-gradient", *files)[0] == 0


def test_the_help_shows_a_file_and_what_comes_out(capsys: Printed) -> None:
    main(["grade", "--help"])
    shown = capsys.readouterr().out
    for part in ("student: Ada", "seed: 7", "right-but", "file, student, id, verdict", "Exit status", "of the class"):
        assert part in shown


@pytest.mark.parametrize("convention", CONVENTIONS)
@pytest.mark.parametrize("seed", [0, 3, 11])
def test_what_solve_types_grades_as_right_for_every_kind_of_question(
    convention: str, seed: int, tmp_path: Path, capsys: Printed
) -> None:
    lesson, answers = tmp_path / "every.yaml", tmp_path / "answers.json"
    lesson.write_text(lesson_text(convention), "utf-8")
    main(["solve", str(lesson), "--seed", str(seed), "--json"])
    questions = [each for part in json.loads(capsys.readouterr().out)["parts"] for each in part["questions"]]
    assert {question["kind"] for question in questions} == KINDS
    typed = {question["id"]: question["typed"] for question in questions}
    answers.write_text(json.dumps({"seed": seed} | typed, ensure_ascii=False), "utf-8")
    status, grades = graded(capsys, str(lesson), answers)
    assert [grade for grade in grades if grade["verdict"] != "right"] == []
    assert status == 0


def test_messages_speak_the_language_asked_for(answers: Path, capsys: Printed) -> None:
    answers.write_text("local f a: 3\n", "utf-8")
    _, english = graded(capsys, CIRCUIT, answers)
    _, chinese = graded(capsys, CIRCUIT, answers, "--lang", "zh")
    assert [any("一" <= letter <= "鿿" for letter in grades[0]["message"]) for grades in (english, chinese)] == [
        False,
        True,
    ]


def test_without_feedback_only_verdicts_are_given(answers: Path, capsys: Printed) -> None:
    answers.write_text("local f a: 3\n", "utf-8")
    _, grades = graded(capsys, CIRCUIT, answers, "--quiet-feedback")
    nothing = {"mistake": None, "node": None, "edit": None, "message": ""}
    assert grades[0] == {"id": "local f a", "verdict": "wrong"} | nothing


def test_an_answer_that_follows_from_an_earlier_wrong_one_leads_back_there(answers: Path, capsys: Printed) -> None:
    text = RIGHT.replace("downstream f b: 3.0", "downstream f b: 7").replace("downstream b y: 3", "downstream b y: 7")
    answers.write_text(text, "utf-8")
    _, grades = graded(capsys, CIRCUIT, answers)
    message = next(grade["message"] for grade in grades if grade["id"] == "downstream b y")
    assert "downstream f b" in message


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("lesson: circuits/one-gate\nlocal f a: 2\n", "holds answers to circuits/one-gate"),
        ("seed: -3\nlocal f a: 2\n", "seed is a whole number"),
        ("seed: many\n", "ada.yaml:1:"),
        ("local f a: 2\nlocal f a: 3\n", "ada.yaml:2:"),
        ("local f a: [1, 2\n", "ada.yaml:"),
        ("- 1\n- 2\n", "ada.yaml:"),
        ("local f a: !!python/object:os.system 2\n", "ada.yaml:1:"),
    ],
)
def test_a_file_of_no_use_is_explained(text: str, said: str, answers: Path, capsys: Printed) -> None:
    answers.write_text(text, "utf-8")
    assert main(["grade", CIRCUIT, str(answers)]) == 2
    printed = capsys.readouterr()
    assert said in printed.err
    assert printed.out == ""


def test_a_file_that_is_not_there_is_explained(tmp_path: Path, capsys: Printed) -> None:
    assert main(["grade", CIRCUIT, str(tmp_path / "nobody.yaml")]) == 2
    assert "nobody.yaml" in capsys.readouterr().err


def test_an_empty_file_has_every_answer_missing(answers: Path, capsys: Printed) -> None:
    answers.write_text("", "utf-8")
    status, grades = graded(capsys, CIRCUIT, answers)
    assert (status, {grade["verdict"] for grade in grades}, len(grades)) == (1, {"missing"}, 13)


@pytest.mark.parametrize("student", ["=1+2", "+1", "-1", "@SUM(A1)"])
def test_nothing_that_was_typed_is_a_formula_to_a_spreadsheet(tmp_path: Path, capsys: Printed, student: str) -> None:
    answers = tmp_path / "answers.json"
    answers.write_text(json.dumps({"student": student, "=2+3": "1", "local f a": "2"}), encoding="utf-8")
    main(["grade", CIRCUIT, str(answers), "--format", "csv"])
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert {row["student"] for row in rows} == {"'" + student}
    assert "'=2+3" in {row["id"] for row in rows}
    assert all(not cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row.values())


LINES = """\
title: T
sizes: {n: 3, m: 2}
given:
  x: {shape: [m, 1], normal: 1}
  W: {shape: [n, m], normal: 1}
  b: {shape: [n, 1], normal: 1}
  u: {shape: [n, 1], normal: 1}
graph: {z: W @ x + b, h: tanh(z), s: u.T @ h}
ask: [derive: {wrt: b, using: [u, h]}, decompose: u.T @ tanh(W @ x + b), total: u]
"""
DERIVED = ["ds/dh @ dh/dz @ dz/db", "u.T @ diag(1 - h^2) @ eye(n)", "u * (1 - h^2)"]
TAKEN_APART = ["p = W @ x", "q = p + b", "h = tanh(q)", "s = u.T @ h"]


@pytest.mark.parametrize("name", ["ada.yaml", "ada.json"])
def test_a_list_is_lines_where_lines_are_wanted_and_an_array_elsewhere(
    name: str, tmp_path: Path, capsys: Printed
) -> None:
    lesson, path = tmp_path / "mine.yaml", tmp_path / name
    lesson.write_text(LINES, "utf-8")
    typed = {"derive b": DERIVED, "decompose 1": TAKEN_APART, "total u": [[9], [8], [7]]}
    blocks = "".join(f"{id}:\n" + "".join(f"  - {item}\n" for item in items) for id, items in typed.items())
    path.write_text(json.dumps(typed) if name.endswith("json") else blocks, "utf-8")
    _, grades = graded(capsys, str(lesson), path)
    assert [grade["verdict"] for grade in grades] == ["right", "right", "wrong"]
