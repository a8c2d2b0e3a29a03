"""The JSON Schema in `assets/` is what the models say, and every bundled lesson points to it."""

import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from tests.lesson.broken_files import FILES
from tests.lesson.broken_questions import QUESTIONS
from tutor.kinds import KINDS
from tutor.kinds.editor_schema import SCHEMA_FILE, schema_text
from tutor.lesson.file.document import parse_document
from tutor.lesson.file.problem import LessonError
from tutor.lesson.lesson_model import lesson_model
from tutor.places import bundled_lessons

SCHEMA = json.loads(schema_text())
VALIDATOR = Draft202012Validator(SCHEMA)  # not ours: what editors and CI hold lessons to
# What the schema refuses by itself; names, shapes and cycles are seen by the program alone.
OF_THE_SCHEMA = {
    "missing-field", "unknown-field", "unknown-field-known", "colon-without-space", "one-word-of", "one-of",
    "only-one-of", "no-graph", "part-without-graph", "beside-from", "less-than", "more-than", "at-least", "at-most",
}  # fmt: skip


def test_the_schema_in_the_repository_is_fresh() -> None:
    assert SCHEMA_FILE.read_text("utf-8") == schema_text(), "stale: run `python -m tutor.kinds.editor_schema`"


def test_the_schema_is_one() -> None:
    assert Draft202012Validator(Draft202012Validator.META_SCHEMA).is_valid(SCHEMA)


@pytest.mark.parametrize("path", sorted(bundled_lessons().glob("*/*.yaml")), ids=lambda path: path.stem)
def test_every_bundled_lesson_keeps_to_the_schema(path: Any) -> None:
    if path.name != "unit.yaml":
        data = parse_document(path.read_text("utf-8"), str(path)).data
        assert [error.message for error in VALIDATOR.iter_errors(data)] == []


def test_what_is_broken_by_its_form_is_refused_by_the_schema_too() -> None:
    refused = []
    for name, (text, found) in {**FILES, **QUESTIONS}.items():
        try:
            data = parse_document(text, "lesson.yaml").data
        except LessonError:
            continue  # no YAML at all
        if {code for _, _, code in found} & OF_THE_SCHEMA:
            assert not VALIDATOR.is_valid(data), name
            refused.append(name)
    assert len(refused) >= 35


def test_what_the_schema_takes_the_program_takes_too_but_for_names_and_shapes() -> None:
    for name, (text, found) in {**FILES, **QUESTIONS}.items():
        try:
            data = parse_document(text, "lesson.yaml").data
        except LessonError:
            continue
        if VALIDATOR.is_valid(data):
            assert not {code for _, _, code in found} & OF_THE_SCHEMA, name


def test_a_description_says_more_than_the_name() -> None:
    """What an editor shows on hover: a sentence, with an example where a form has to be known."""
    models: dict[str, Any] = {"lesson": SCHEMA, **SCHEMA["$defs"]}
    for name, model in models.items():
        for field, content in model.get("properties", {}).items():
            described = content["description"]
            assert len(described) >= 15, (name, field)
            if name == "AskItem" and field != "convention":
                assert f"`{field}: " in described, field


@pytest.mark.parametrize("kind", [*KINDS])
def test_the_example_in_a_kind_s_description_is_a_question(kind: str) -> None:
    described = SCHEMA["$defs"]["AskItem"]["properties"][kind]["description"]
    example = described.split("`")[1].replace("..", "Q").replace("[Q]", "[A, B]")
    data = parse_document(f"title: T\ngiven: {{x: 1}}\ngraph: {{f: x}}\nask:\n  - {example}\n", "lesson.yaml").data
    assert [error.message for error in VALIDATOR.iter_errors(data)] == []


def test_every_field_is_described() -> None:
    models: dict[str, Any] = {"lesson": SCHEMA, **SCHEMA["$defs"]}
    bare = [
        f"{name}.{field}"
        for name, model in models.items()
        for field, content in model.get("properties", {}).items()
        if not content.get("description")
    ]
    assert bare == []


def test_no_model_takes_fields_it_does_not_name() -> None:
    models: dict[str, Any] = {"lesson": SCHEMA, **SCHEMA["$defs"]}
    assert [name for name, model in models.items() if model.get("additionalProperties") is not False] == []


def test_every_kind_of_question_is_a_field_of_ask() -> None:
    assert set(SCHEMA["$defs"]["AskItem"]["properties"]) == {*KINDS, "convention"}


@pytest.mark.parametrize(
    "ask",
    [
        {"entry": {"of": "z[i]", "wrt": "W[i, j]"}},
        {"derive": {"wrt": "b", "using": ["u", "h"], "first": "chain"}},
        {"decompose": "u.T @ tanh(W @ x + b)"},
        {"order": "backward"},
        {"count": {"operation": "multiply", "plan": "shared"}},
        {"find-slip": {"of": "h", "wrt": "z", "slip": "tanh:square-forgotten"}},
        {"find-slip": {"slip": "any"}},
        {"predict": {"largest": ["x", "y", "z"]}},
        {"predict": {"zero": ["x"]}},
        {"difference": {"of": "f", "wrt": "x", "h": 0.1, "sided": "two"}},
        {"rule": {"forward": "a @ b", "wrt": "a", "shapes": {"a": ["n", "m"], "b": ["m", 2]}}},
        {"saves": {"of": "h", "wrt": "z"}},
        {"tangent": {"along": {"x": 1, "W": [[1, 0], [0, 1]]}}},
        {"update": {"of": "w", "rate": 0.5}},
        {
            "choose": {
                "question": {"en": "Which?", "zh": "哪个？"},
                "options": ["one", 2],
                "right": 2,
                "why": ["no", "yes"],
            }
        },
        {"total": "x", "convention": "jacobian"},
    ],
)
def test_the_whole_table_of_questions_is_part_of_the_format(ask: dict[str, object]) -> None:
    lesson = {"title": "T", "given": {"x": 1}, "graph": {"f": "x"}, "ask": [ask]}
    assert len(lesson_model().model_validate(lesson).ask) == 1
    assert [error.message for error in VALIDATOR.iter_errors(lesson)] == []


@pytest.mark.parametrize("path", sorted(bundled_lessons().glob("*/*.yaml")), ids=lambda path: path.stem)
def test_lessons_lead_editors_to_the_schema(path: Any) -> None:
    first = path.read_text("utf-8").split("\n")[0]
    if path.name != "unit.yaml":
        assert first.startswith("# yaml-language-server: $schema=")
        assert (path.parent / first.partition("=")[2]).resolve() == SCHEMA_FILE.resolve()
