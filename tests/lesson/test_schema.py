"""The JSON Schema in `assets/` is what the models say, and every bundled lesson points to it."""

import json
from typing import Any

import pytest

from tutor.lesson.schema import LessonModel
from tutor.lesson.schema_ask import KINDS
from tutor.lesson.schema_file import SCHEMA_FILE, schema_text
from tutor.places import bundled_lessons

SCHEMA = json.loads(schema_text())


def test_the_schema_in_the_repository_is_fresh() -> None:
    assert SCHEMA_FILE.read_text("utf-8") == schema_text(), "stale: run `python -m tutor.lesson.schema_file`"


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
    LessonModel.model_validate({"title": "T", "given": {"x": 1}, "graph": {"f": "x"}, "ask": [ask]})


@pytest.mark.parametrize("path", sorted(bundled_lessons().glob("*/*.yaml")), ids=lambda path: path.stem)
def test_lessons_lead_editors_to_the_schema(path: Any) -> None:
    first = path.read_text("utf-8").split("\n")[0]
    if path.name != "unit.yaml":
        assert first.startswith("# yaml-language-server: $schema=")
        assert (path.parent / first.partition("=")[2]).resolve() == SCHEMA_FILE.resolve()
