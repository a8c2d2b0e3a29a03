"""What the schema refuses, as problems at a place in the file and in our own words."""

import re
from collections.abc import Callable, Mapping
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, Tag, ValidationError

from tutor.lesson.file.document import ENTRY, MOST_PROBLEMS, UNBRACKETED, Document, Steps, colon_message
from tutor.lesson.file.problem import nearest, shortened_list
from tutor.lesson.file.schema import LessonModel
from tutor.lesson.lesson_model import ask_item
from tutor.text import Message, msg

# What was expected where a value has the wrong form, by the name that the schema or pydantic gives it.
_EXPECTED = {
    "text": "lesson.what-text",
    "given": "lesson.what-given",
    "formula": "lesson.what-formula",
    "array": "lesson.what-array",
    "size": "lesson.what-size",
    "names": "lesson.what-names",
    "question": "lesson.what-question",
    "questions": "lesson.what-questions",
    "question-map": "lesson.what-question-map",
    "name-or-map": "lesson.what-name-or-map",
    "string_type": "lesson.what-string",
    "int_type": "lesson.what-whole-number",
    "int_from_float": "lesson.what-whole-number",
    "float_type": "lesson.what-number",
    "bool_type": "lesson.what-truth",
    "list_type": "lesson.what-list",
    "dict_type": "lesson.what-map",
    "model_type": "lesson.what-map",
}
_WITH_EXAMPLE = frozenset({"lesson.what-question-map", "lesson.what-name-or-map"})
_NAMED = re.compile(r"\w+(?= +\S)")
_IN_A_PART = 3  # steps from the lesson to a field of a part
_Context = Mapping[str, Any]
_SENTENCES: dict[str, Callable[[_Context], Message]] = {
    "greater_than": lambda c: msg("lesson.more-than", bound=c["gt"]),
    "greater_than_equal": lambda c: msg("lesson.at-least", bound=c["ge"]),
    "less_than": lambda c: msg("lesson.less-than", bound=c["lt"]),
    "less_than_equal": lambda c: msg("lesson.at-most", bound=c["le"]),
    "finite_number": lambda c: msg("lesson.not-finite"),
    "not-finite": lambda c: msg("lesson.not-finite"),
    "number-too-large": lambda c: msg("lesson.number-too-large", most="1e100"),
    "too_short": lambda c: msg("lesson.too-few", least=c["min_length"], given=c["actual_length"]),
    "too_long": lambda c: msg("lesson.too-many", most=c["max_length"], given=c["actual_length"]),
    "literal_error": lambda c: msg("lesson.one-word-of", known=re.findall(r"'([^']*)'", str(c["expected"]))),
    "axis-without-onehot": lambda _: msg("lesson.axis-without-onehot"),
    "range-order": lambda c: msg("lesson.range-order", low=c["low"], high=c["high"]),
    "one-of": lambda c: msg("lesson.one-of", known=list(c["known"])),
    "only-one-of": lambda c: msg("lesson.only-one-of", first=c["first"], second=c["second"]),
    "no-graph": lambda c: msg("lesson.no-graph"),
    "part-without-graph": lambda c: msg("lesson.part-without-graph"),
    "beside-from": lambda c: msg("lesson.beside-from", key=c["key"]),
    "beside-parts": lambda c: msg("lesson.beside-parts", key=c["key"]),
}


def report_schema_errors(document: Document, error: ValidationError, model: type[BaseModel]) -> None:
    """Notes every error of a validation in the document."""
    found = error.errors(include_url=False, include_input=False)[:MOST_PROBLEMS]
    meant = {
        (*each["loc"][:-1], near)
        for each in found
        if each["type"] == "extra_forbidden" and (near := _nearest_field(model, each["loc"])[0])
    }
    decimals = {steps_of(document, each["loc"]) for each in found if each["type"] == "float_type"}
    for each in found:
        loc, kind, context = each["loc"], each["type"], each.get("ctx", {})
        steps = steps_of(document, loc)
        if kind == "int_type" and steps in decimals:
            continue  # a field that takes whole numbers and decimals alike is one problem
        if kind == "literal_error" and context.get("expected") == "'all'":
            what = "lesson.what-questions" if steps[-1:] == ("ask",) else "lesson.what-question"
            document.report(steps, msg("lesson.expected", what=msg(what)), code="expected")
        elif kind == "missing":
            if loc not in meant:  # a misspelt field is one problem, not two
                document.report(steps, msg("lesson.missing-field", field=str(loc[-1])))
        elif kind == "extra_forbidden":
            document.report_key(steps, _unknown_field(model, loc))
        elif kind in _SENTENCES:
            at = context.get("at")
            if at is None:
                document.report(steps, _SENTENCES[kind](context))
            elif (*steps, at) in document.keys:
                document.report_key((*steps, at), _SENTENCES[kind](context))
        else:
            what = _EXPECTED.get(each["msg"] if kind == "expected" else kind, "lesson.what-other")
            if what == "lesson.what-map" and _reported_colon(document, steps):
                continue
            entries = UNBRACKETED.fullmatch(document.typed.get(steps, ""))
            if what == "lesson.what-list" and entries is not None:
                items = re.split(r"\s*[,x×]\s*", entries.group(1))
                document.report(steps, msg("lesson.list-in-brackets", list=f"[{', '.join(items)}]"), code="expected")
                continue
            example = _example(steps) if what in _WITH_EXAMPLE else ""
            document.report(steps, msg("lesson.expected", what=msg(what, example=example)), code="expected")


def _reported_colon(document: Document, steps: Steps) -> bool:
    """Notes the colon of `h:tanh(z)` or the `=` of `h = z` where a map is expected: so written, the line is a text."""
    typed = document.typed.get(steps, "")
    entry, line = ENTRY.match(typed), document.position(steps)[0]
    if entry is None and (named := _NAMED.match(typed)) is not None:
        said = msg("lesson.yaml-missing-colon", line=line, name=named.group())
        document.report(steps, said, code="yaml", inside=named.end())
        return True
    if entry is None or (entry.group(1) == "=" and line == document.position_of_key(steps)[0]):
        return False  # behind `graph: ` a colon in place of `=` would not help
    document.report(steps, colon_message(entry, line), inside=entry.start(1))
    return True


def _example(steps: Steps) -> str:
    """What may stand behind a kind of question, as its own description in the schema shows it."""
    for step in reversed(steps):
        field = ask_item().model_fields.get(str(step).replace("-", "_"))
        found = None if field is None else re.search(rf"`{step}: (.+)`", field.description or "")
        if found is not None:
            return found.group(1).rpartition("`, or `")[2].removeprefix(f"{step}: ")
    return "{wrt: x}"


def steps_of(document: Document, loc: tuple[int | str, ...]) -> Steps:
    """The way to a value in the file, without the names of forms that pydantic puts in between."""
    steps: Steps = ()
    for step in loc:
        if (*steps, step) in document.spans:
            steps = (*steps, step)
    return steps


def _unknown_field(model: type[BaseModel], loc: tuple[int | str, ...]) -> Message:
    near, known = _nearest_field(model, loc)
    if loc[0] == "parts" and len(loc) == _IN_A_PART and loc[-1] in LessonModel.model_fields:
        id = "lesson.hints-of-lesson" if loc[-1] == "hints" else "lesson.field-of-lesson"
        return msg(id, field=str(loc[-1]))
    if ":" in str(loc[-1]):
        return msg("lesson.colon-without-space", field=str(loc[-1]))
    if near is not None:
        return msg("lesson.unknown-field", field=str(loc[-1]), near=near)
    return msg("lesson.unknown-field-known", field=str(loc[-1]), known=shortened_list(known, 24))


def _nearest_field(model: type[BaseModel], loc: tuple[int | str, ...]) -> tuple[str | None, list[str]]:
    owner = _owner(model, loc)
    known = [] if owner is None else [field.alias or name for name, field in owner.model_fields.items()]
    return nearest(str(loc[-1]), known), known


def _owner(annotation: Any, loc: tuple[int | str, ...]) -> type[BaseModel] | None:
    """The model that refused the last step of a location."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        tags = [each.tag for each in arguments[1:] if isinstance(each, Tag)]
        if tags and (not loc or loc[0] != tags[0]):
            return None
        return _owner(arguments[0], loc[1:] if tags else loc)
    if origin in (Union, UnionType):
        return next((owner for each in arguments if (owner := _owner(each, loc)) is not None), None)
    if origin in (list, dict):
        return _owner(arguments[-1], loc[1:])
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        if len(loc) == 1:
            return annotation
        fields = {field.alias or name: field for name, field in annotation.model_fields.items()}
        field = fields.get(str(loc[0])) if loc else None
        return None if field is None else _owner(field.annotation, loc[1:])
    return None
