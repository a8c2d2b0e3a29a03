"""The pieces that the models of the lesson format share."""

import os
from collections.abc import Sequence
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import AfterValidator, BaseModel, ConfigDict, Discriminator, Field, Tag
from pydantic_core import PydanticCustomError

# Else the first model runs code of whatever package calls itself a plugin, and one damaged package ends it all.
os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")

Convention: TypeAlias = Literal["shape", "jacobian"]


class StrictModel(BaseModel):
    """No field that is not described, and no value of another type."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


def form(value: Any) -> str | None:
    """Which of the forms a value has that a field may take; None for a form that no field takes."""
    if isinstance(value, bool):
        return "<truth>"
    if isinstance(value, str):
        return "<text>"
    if isinstance(value, int | float):
        return "<number>"
    if isinstance(value, list):
        return "<list>"
    return "<map>" if isinstance(value, dict | BaseModel) else None


def either(what: str) -> Any:
    """The discriminator of a union by form; `what`, the error's text, names what was expected where no form fits."""
    return Discriminator(form, custom_error_type="expected", custom_error_message=what)


def refused(code: str, **context: object) -> PydanticCustomError:
    """A problem of our own; `at` names the field below the model at which it stands."""
    return PydanticCustomError(code, "refused", context)


def one_of(said: Sequence[str], known: Sequence[str]) -> None:
    """Raises unless exactly one of `known` was said."""
    if not said:
        raise refused("one-of", known=list(known))
    if len(said) > 1:
        raise refused("only-one-of", at=said[1], first=said[0], second=said[1])


def exactly_one(names: Sequence[str]) -> dict[str, Any]:
    """For the JSON Schema: one of these fields must be there, and no other of them."""
    return {"oneOf": [{"required": [name]} for name in names]}


MOST_NUMBER = 1e100  # squares and products of larger ones overflow before anybody has done much with them


def _finite(value: int | float) -> int | float:
    if value != value or value in (float("inf"), float("-inf")):
        raise refused("not-finite")
    if abs(value) > MOST_NUMBER:
        raise refused("number-too-large")
    return value


class TextByLanguage(StrictModel):
    """A text in English and, where it is translated, in Chinese."""

    en: str = Field(description="The text in English.")
    zh: str | None = Field(None, description="Simplified Chinese; without it the English text is shown.")


Text: TypeAlias = Annotated[Annotated[str, Tag("<text>")] | Annotated[TextByLanguage, Tag("<map>")], either("text")]
Number: TypeAlias = Annotated[int | float, AfterValidator(_finite)]
Whole: TypeAlias = Annotated[int, AfterValidator(_finite)]
SizeOrNumber: TypeAlias = Annotated[
    Annotated[int, Tag("<number>"), Field(ge=1)] | Annotated[str, Tag("<text>")], either("size")
]
ArrayValue: TypeAlias = Annotated[
    Annotated[Number, Tag("<number>")] | Annotated[list[Any], Tag("<list>")], either("array")
]
