"""The JSON Schema of lessons for editors, written from the models: `python -m tutor.kinds.editor_schema`."""

import json
from pathlib import Path

from tutor.lesson.lesson_model import lesson_model

SCHEMA_FILE = Path(__file__).parents[2] / "assets" / "lesson.schema.json"


def schema_text() -> str:
    """The schema as it must stand in the file."""
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **lesson_model().model_json_schema()}
    return json.dumps(schema | {"title": "A lesson of tutor"}, indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    SCHEMA_FILE.parent.mkdir(exist_ok=True)
    SCHEMA_FILE.write_text(schema_text(), "utf-8")
