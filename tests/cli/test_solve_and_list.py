"""What `tutor solve` and `tutor list` print is what teachers' scripts read."""

import json
from pathlib import Path
from typing import Any

import pytest

from tutor.cli import main

Printed = pytest.CaptureFixture[str]


def solved(capsys: Printed, *arguments: str) -> Any:
    assert main(["solve", *arguments, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def written(folder: Path, text: str) -> str:
    path = folder / "mine.yaml"
    path.write_text(text, "utf-8")
    return str(path)


def test_the_first_circuit_is_solved_as_in_the_lecture(capsys: Printed) -> None:
    found = solved(capsys, "circuits/first-circuit")
    assert list(found) == [
        *("lesson", "seed", "output", "values", "gradients", "locals", "downstream", "questions"),
    ]
    assert (found["lesson"], found["seed"], found["output"]) == ("circuits/first-circuit", 0, "f")
    assert found["values"] == {"x": 1.0, "y": 2.0, "z": 0.0, "a": 3.0, "b": 2.0, "f": 6.0}
    assert found["gradients"] == {"x": 2.0, "y": 5.0, "z": 0.0, "a": 2.0, "b": 3.0, "f": 1.0}
    assert found["locals"] == {"a": {"x": 1.0, "y": 1.0}, "b": {"y": 1.0, "z": 0.0}, "f": {"a": 2.0, "b": 3.0}}
    assert found["downstream"] == {"a": {"x": 2.0, "y": 2.0}, "b": {"y": 3.0, "z": 0.0}, "f": {"a": 2.0, "b": 3.0}}
    assert len(found["questions"]) == 13
    assert found["questions"][0] == {"id": "local f a", "kind": "local", "shape": [], "answer": 2.0, "typed": "2"}


def test_the_same_seed_gives_the_same_numbers(capsys: Printed) -> None:
    lesson = "one-layer/score-gradient"
    assert solved(capsys, lesson, "--seed", "7") == solved(capsys, lesson, "--seed", "7")
    assert solved(capsys, lesson, "--seed", "7")["values"] != solved(capsys, lesson, "--seed", "8")["values"]


def test_arrays_are_nested_lists(capsys: Printed) -> None:
    found = solved(capsys, "one-layer/score-gradient")
    weights = found["gradients"]["W"]
    assert [len(weights), *map(len, weights)] == [3, 2, 2, 2]


def test_a_name_used_twice_has_two_slots(capsys: Printed, tmp_path: Path) -> None:
    found = solved(capsys, written(tmp_path, "title: Square\ngiven: {x: 3}\ngraph: {f: x * x}\n"))
    assert found["locals"] == {"f": {"x#0": 3.0, "x#1": 3.0}}
    assert found["gradients"]["x"] == 6.0


def test_several_outputs_are_a_list(capsys: Printed, tmp_path: Path) -> None:
    text = "title: Two\ngiven: {x: 3}\ngraph: {f: 2 * x, g: x + 1}\nupstream: {f: 1, g: 10}\n"
    found = solved(capsys, written(tmp_path, text))
    assert found["output"] == ["f", "g"]
    assert found["gradients"]["x"] == 12.0


def test_a_lesson_of_parts_is_solved_part_by_part(capsys: Printed) -> None:
    found = solved(capsys, "circuits/one-gate")
    assert found["lesson"] == "circuits/one-gate"
    assert "questions" not in found
    for number, part in enumerate(found["parts"], 1):
        assert {"output", "values", "gradients", "locals", "downstream", "questions"} <= part.keys()
        assert part["questions"]
        assert all(question["id"].startswith(f"{number}/") for question in part["questions"])


def test_a_shape_question_is_answered_by_a_shape(capsys: Printed) -> None:
    [shape, *_] = (q for q in solved(capsys, "one-layer/score-gradient")["questions"] if q["id"] == "shape W")
    assert (shape["answer"], shape["typed"]) == ([3, 2], "(3, 2)")


def test_a_count_and_the_number_of_an_option_are_numbers_and_texts_to_type(capsys: Printed, tmp_path: Path) -> None:
    text = (
        "title: Count\ngiven: {x: 3, y: 2}\ngraph: {a: x * y, f: a * y}\nask:\n"
        "  - count: {operation: multiply, plan: shared}\n"
        "  - choose: {question: Which?, options: [this, that], right: 2}\n"
    )
    count, choose = solved(capsys, written(tmp_path, text))["questions"]
    assert (count["answer"], count["typed"]) == (2, "2")  # at a, one for each input; the 1 at the output is free
    assert (choose["answer"], choose["typed"]) == (2, "2")


def test_a_jacobian_of_many_entries_is_left_out(capsys: Printed, tmp_path: Path) -> None:
    text = (
        "title: Large\nsizes: {n: 101, m: 3}\n"
        "given:\n  x: {shape: [n, m], integers: [1, 5]}\n  v: {shape: [m, 1], integers: [1, 3]}\n"
        "graph:\n  y: x @ v\n  s: sum(y)\nask:\n  - downstream: {of: s, wrt: y}\n"
    )
    found = solved(capsys, written(tmp_path, text))
    assert found["locals"]["y"]["x"] is None
    assert len(found["locals"]["y"]["v"]) == 101


def test_for_people_values_gradients_and_answers_stand_in_columns(capsys: Printed) -> None:
    assert main(["solve", "circuits/first-circuit"]) == 0
    printed = capsys.readouterr().out
    assert "  y = 2   dy = 5" in printed
    assert "  total y          5" in printed


def test_a_question_whose_answer_is_not_known_says_so(capsys: Printed, tmp_path: Path) -> None:
    ask = "[formula: {wrt: x, using: [y]}]"
    made = written(tmp_path, f"title: T\ngiven: {{x: 2, y: 3}}\ngraph: {{f: x^2 * y}}\nask: {ask}\n")
    assert main(["solve", made, "--lang", "en"]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "  formula x   (none that tutor knows)"


def test_ascii_output_is_ascii(capsys: Printed) -> None:
    assert main(["solve", "one-layer/score-gradient", "--ascii", "--json", "--lang", "zh"]) == 0
    assert main(["list", "--json", "--ascii"]) == 0
    assert capsys.readouterr().out.isascii()


# List


def test_the_list_has_every_lesson_with_what_it_takes(capsys: Printed) -> None:
    assert main(["list", "--json"]) == 0
    lessons = {lesson["id"]: lesson for lesson in json.loads(capsys.readouterr().out)}
    first = lessons["circuits/first-circuit"]
    assert list(first) == ["id", "unit", "title", "covers", "skills", "requires", "questions", "broken"]
    assert (first["unit"], first["questions"], first["broken"]) == ("circuits", 13, None)
    assert "S19" in first["covers"]
    assert {"local:mul", "downstream:max", "fork"} <= set(first["skills"])
    assert set(first["title"]) == {"en", "zh"}
    assert "one-layer/score-gradient" in lessons


def test_a_broken_lesson_is_listed_with_its_error(capsys: Printed, home: Path) -> None:
    own = home / "lessons" / "mine"
    own.mkdir(parents=True)
    (own / "broken.yaml").write_text("title: Broken\ngraph: {a: x +}\n", "utf-8")
    assert main(["list", "--json"]) == 0
    broken = {lesson["id"]: lesson["broken"] for lesson in json.loads(capsys.readouterr().out)}
    assert "broken.yaml:2:" in broken["mine/broken"]
    assert broken["circuits/first-circuit"] is None
    assert main(["list"]) == 0
    assert "broken: " in capsys.readouterr().out


def test_the_list_speaks_both_languages(capsys: Printed) -> None:
    main(["list"])
    english = capsys.readouterr().out
    main(["list", "--lang", "zh"])
    chinese = capsys.readouterr().out
    assert "A first circuit" in english
    assert "circuits/first-circuit" in chinese
    assert english != chinese
