"""Files of answers keep every text as it was typed, in YAML and in JSON."""

import json
from pathlib import Path

import pytest

from tutor.lesson.file.answer_file import read_answers
from tutor.lesson.file.problem import LessonError


def written(tmp_path: Path, name: str, text: str) -> Path:
    path = tmp_path / name
    path.write_text(text, "utf-8")
    return path


def test_yaml_answers_are_texts(tmp_path: Path) -> None:
    found = read_answers(
        written(
            tmp_path,
            "ada.yaml",
            "lesson: circuits/first-circuit\nseed: 3\nstudent: Ada\n"
            "local f a: 0.50\nlocal f b: 1e-3\ntotal x: '[1, 2] * x'\ntotal y: [0.10, -2]\n"
            "total W: [[1, 2.0], [3, 4]]\n"
            'shape W: (3, 2)\ntotal z: yes\nformula b: "u * (1 - h^2)"\nupstream a: 017\nderive b: |\n  dz\n  u * dh\n'
            "total u:\n  - 1.0\n  - 2\ntotal v:\n",
        )
    )
    assert (found.lesson, found.seed, found.student) == ("circuits/first-circuit", 3, "Ada")
    assert found.typed == {
        "local f a": "0.50",
        "local f b": "1e-3",
        "total x": "[1, 2] * x",
        "total y": "[0.10, -2]",
        "total W": "[[1, 2.0], [3, 4]]",
        "shape W": "(3, 2)",
        "total z": "yes",
        "formula b": "u * (1 - h^2)",
        "upstream a": "017",
        "derive b": "dz\nu * dh",
        "total u": "[1.0, 2]",
        "total v": "",
    }
    assert found.positions["local f b"] == (5, 1)


def test_json_answers_are_the_same_texts(tmp_path: Path) -> None:
    text = (
        '{"lesson": "a/b", "seed": 3,\n'
        '\t"local f a": 0.50, "total y": [0.10, -2], "x": "1 \\u2212 2", "t": true, "n": null}'
    )
    found = read_answers(written(tmp_path, "ada.json", text))
    assert (found.lesson, found.seed, found.student) == ("a/b", 3, None)
    assert found.typed == {"local f a": "0.50", "total y": "[0.10, -2]", "x": "1 − 2", "t": "true", "n": ""}
    assert found.positions["local f a"] == (2, 2)


def test_an_empty_file_holds_no_answers(tmp_path: Path) -> None:
    assert read_answers(written(tmp_path, "ada.yaml", "# nothing yet\n")).typed == {}


@pytest.mark.parametrize(
    ("name", "text", "place"),
    [
        ("a.yaml", "- 1\n", (1, 1, "answers-not-a-map")),
        ("a.yaml", "total x: 1\ntotal x: 2\n", (2, 1, "duplicate-key")),
        ("a.yaml", "total x: [1, 2] * x\n", (1, 18, "yaml")),
        ("a.yaml", "total x: {a: 1}\n", (1, 10, "answer-not-text")),
        ("a.yaml", "seed: one\n", (1, 7, "seed-not-whole")),
        ("a.json", '{"total x": 1,\n "total y" 2}', (2, 12, "json-unreadable")),
        ("a.json", '{"total x": 1, "total x": 2}', (1, 2, "duplicate-key")),
        ("a.json", "[1]", (1, 1, "answers-not-a-map")),
        ("a.json", "[" * 100_000, (1, 1, "too-deep")),
    ],
)
def test_what_cannot_be_read_is_told_with_its_place(tmp_path: Path, name: str, text: str, place: object) -> None:
    with pytest.raises(LessonError) as caught:
        read_answers(written(tmp_path, name, text))
    assert [(each.line, each.column, each.code) for each in caught.value.problems] == [place]


def test_numbers_of_any_length_are_only_text(tmp_path: Path) -> None:
    digits = "9" * 10_000
    assert (
        read_answers(written(tmp_path, "a.json", json.dumps({"x": "y"})[:-1] + f', "z": {digits}}}')).typed["z"]
        == digits
    )
