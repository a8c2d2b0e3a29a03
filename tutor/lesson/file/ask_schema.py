"""How a question may stand under `ask:`: the forms that kinds choose from."""

from typing import Annotated, Any, Self, TypeAlias, TypeVar

from pydantic import ConfigDict, Field, Tag, model_validator

from tutor.lesson.file.schema_base import Convention, StrictModel, either, exactly_one, one_of

MOST_STEP = 1e12  # of a nudge or a learning rate; nobody takes larger ones
NameList: TypeAlias = Annotated[list[str], Field(min_length=1)]
# What stands behind a kind: `x`, or `[x, y]` for a question each.
Names: TypeAlias = Annotated[Annotated[str, Tag("<text>")] | Annotated[NameList, Tag("<list>")], either("names")]


class Fields(StrictModel):
    """What every question written as a map may set."""

    convention: Convention | None = Field(
        None,
        description=(
            "For this question alone: shape (a gradient has the shape of its variable) or jacobian (rows are outputs)."
        ),
    )

    @property
    def variables(self) -> tuple[str, ...]:
        """What the question takes a gradient with respect to: one name, several as one vector, or nothing."""
        wrt = getattr(self, "wrt", None)
        return () if wrt is None else (wrt,) if isinstance(wrt, str) else tuple(wrt)


class OfWrt(Fields):
    """A line, and one of the names it uses."""

    of: str = Field(description="The line whose gradient is asked for: a name under `graph`.")
    wrt: str = Field(
        description="With respect to what: a name that the line uses; `x#0` and `x#1` where it stands twice."
    )


Map = TypeVar("Map", bound=Fields)
Maps: TypeAlias = Annotated[
    Annotated[Map, Tag("<map>")] | Annotated[Annotated[list[Map], Field(min_length=1)], Tag("<list>")],
    either("question-map"),
]
NameOrMap: TypeAlias = Annotated[Annotated[str, Tag("<text>")] | Annotated[Map, Tag("<map>")], either("name-or-map")]
NamesOrMaps: TypeAlias = Annotated[
    Annotated[str, Tag("<text>")]
    | Annotated[Map, Tag("<map>")]
    | Annotated[Annotated[list[NameOrMap[Map]], Field(min_length=1)], Tag("<list>")],
    either("name-or-map"),
]


def maps_of(fields: type[Fields]) -> Any:
    """What stands behind a kind that is asked with a map of these fields, or with several."""
    return Maps[fields]  # type: ignore[misc, valid-type]


class Item(StrictModel):
    """One entry of `ask`: exactly one kind of question."""

    model_config = ConfigDict(json_schema_extra=lambda schema, item: schema.update(exactly_one(item.kinds())))

    @classmethod
    def kinds(cls) -> list[str]:
        """The kinds of question by name."""
        return [field.alias or name for name, field in cls.model_fields.items() if name != "convention"]

    @property
    def said(self) -> tuple[str, Any]:
        """The kind, and what stands behind it."""
        return next((kind, body) for kind in self.kinds() if (body := self._behind(kind)) is not None)

    def _behind(self, kind: str) -> Any:
        return getattr(self, kind.replace("-", "_"))

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        one_of([kind for kind in self.kinds() if self._behind(kind) is not None], self.kinds())
        return self
