"""The model of a lesson whose questions may be of any kind that there is."""

from functools import lru_cache
from typing import Annotated, Any, Literal

from pydantic import Field, Tag, create_model

from tutor.lesson.ask_entries import KINDS, AskKind
from tutor.lesson.file.ask_schema import Item, maps_of
from tutor.lesson.file.schema import LessonModel, PartFields, PartModel
from tutor.lesson.file.schema_base import Convention, either


def lesson_model() -> type[LessonModel]:
    """The model of a lesson whose questions may be of any kind that there is."""
    assert KINDS, "import tutor.kinds: it fills the table of kinds"
    return _lesson_model(tuple(KINDS.values()))


def ask_item() -> type[Item]:
    """The model of one entry of `ask`."""
    return _ask_item(tuple(KINDS.values()))


@lru_cache(maxsize=2)
def _ask_item(kinds: tuple[AskKind[Any], ...]) -> type[Item]:
    """The model of an entry that may ask any of these kinds."""
    fields: dict[str, Any] = {
        kind.name.replace("-", "_"): (
            (maps_of(kind.fields) if kind.form is None else kind.form) | None,
            Field(None, alias=kind.name if "-" in kind.name else None, description=kind.describes),
        )
        for kind in kinds
    }
    fields["convention"] = (
        Convention | None,
        Field(
            None,
            description=(
                "For this entry alone: shape (a gradient has the shape of its variable) or jacobian (rows are outputs)."
            ),
        ),
    )
    return create_model("AskItem", __base__=Item, __doc__=Item.__doc__, **fields)


def _entries_of(item: type[Item]) -> Any:
    """What may stand under `ask:`: the word `all`, or a list of entries."""
    everything = Annotated[Literal["all"], Tag("<text>")]
    entry = Annotated[everything | Annotated[item, Tag("<map>")], either("question")]  # type: ignore[valid-type]
    return Annotated[everything | Annotated[list[entry], Tag("<list>")], either("questions")]


@lru_cache(maxsize=2)
def _lesson_model(kinds: tuple[AskKind[Any], ...]) -> type[LessonModel]:
    asked: Any = _entries_of(_ask_item(kinds)) | None, PartFields.model_fields["ask"]
    part = create_model("PartModel", __base__=PartModel, __doc__=PartModel.__doc__, ask=asked)
    parts: Any = Annotated[list[part], Field(min_length=1)] | None, LessonModel.model_fields["parts"]
    return create_model("LessonModel", __base__=LessonModel, __doc__=LessonModel.__doc__, ask=asked, parts=parts)
