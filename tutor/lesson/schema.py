"""The lesson format, field by field: pydantic models that check a file and write the JSON Schema of editors."""

from typing import Annotated, Any, Literal, Self, TypeAlias

from pydantic import Field, Tag, model_validator

from tutor.lesson.schema_ask import AskEntry, AskItem
from tutor.lesson.schema_base import (
    ArrayValue,
    Convention,
    Number,
    SizeOrNumber,
    Strict,
    Text,
    TextByLanguage,
    either,
    one_of,
    refused,
)

SAMPLERS = ("value", "integers", "uniform", "normal", "choice", "labels", "onehot", "mask")


class GivenMap(Strict):
    """Where an input's numbers come from: a shape, one way to draw numbers of that shape, and options."""

    shape: list[SizeOrNumber] | None = Field(
        None, description="Sizes or numbers, such as [n, 1] or [2*m]; without it a scalar, or the shape of `value`."
    )
    value: ArrayValue | None = Field(
        None, description="Fixed numbers, which follow other sizes when formulas are checked."
    )
    integers: Annotated[list[int], Field(min_length=2, max_length=2)] | None = Field(
        None, description="Whole numbers from lo to hi, both included."
    )
    uniform: Annotated[list[Number], Field(min_length=2, max_length=2)] | None = Field(
        None, description="Decimals from lo to hi."
    )
    normal: Annotated[float, Field(gt=0, allow_inf_nan=False)] | None = Field(
        None, description="Decimals around 0 with this standard deviation."
    )
    choice: Annotated[list[Number], Field(min_length=1)] | None = Field(None, description="One of these numbers.")
    labels: SizeOrNumber | None = Field(None, description="Whole numbers from 0 to k - 1; labels carry no gradient.")
    onehot: SizeOrNumber | None = Field(None, description="One 1 among k entries along the last axis, 0 elsewhere.")
    mask: Annotated[float, Field(ge=0, le=1)] | None = Field(None, description="1 with this probability, 0 otherwise.")
    decimals: Annotated[int, Field(ge=0, le=6)] | None = Field(None, description="Decimal places of drawn numbers.")
    distinct: bool = Field(False, description="No number comes twice.")
    nonzero: bool = Field(False, description="No number is 0.")
    away: Annotated[float, Field(ge=0, allow_inf_nan=False)] | None = Field(
        None, description="Least distance from the kinks of max, relu and abs."
    )
    constant: bool = Field(
        False, description="A number of the problem, such as a target: never drawn again, not asked about."
    )
    domain: Literal["real", "positive", "probability", "mask", "labels"] | None = Field(
        None, description="Where fresh numbers for checking formulas come from."
    )

    @model_validator(mode="after")
    def _one_sampler(self) -> Self:
        said = [name for name in SAMPLERS if getattr(self, name) is not None]
        one_of(said, SAMPLERS)
        for name in ("integers", "uniform"):
            pair = getattr(self, name)
            if pair is not None and pair[0] > pair[1]:
                raise refused("range-order", at=name, low=pair[0], high=pair[1])
        return self


GivenEntry: TypeAlias = Annotated[
    Annotated[Number, Tag("<number>")] | Annotated[list[Any], Tag("<list>")] | Annotated[GivenMap, Tag("<map>")],
    either("given"),
]
Formula: TypeAlias = Annotated[Annotated[str, Tag("<text>")] | Annotated[Number, Tag("<number>")], either("formula")]


class PartFields(Strict):
    """What a lesson of one graph and a part of a larger lesson have in common."""

    sizes: dict[str, Annotated[int, Field(ge=1, le=1000)]] | None = Field(
        None, description="Names for sizes; formulas are also checked at other sizes."
    )
    given: dict[str, GivenEntry] | None = Field(None, description="The inputs: numbers, arrays, or how to draw them.")
    graph: Annotated[dict[str, Formula], Field(min_length=1)] | None = Field(
        None, description="The lines of the graph, in any order: a name and its formula."
    )
    upstream: dict[str, GivenEntry] | None = Field(
        None, description="The gradient that arrives at an output; needed where an output has several entries."
    )
    convention: Convention | None = Field(
        None, description="shape: a gradient has the shape of its variable; jacobian: rows are outputs, columns inputs."
    )
    ask: AskEntry | None = Field(
        None, description="The questions in order; without it, every line from the output back."
    )
    worked: Annotated[int, Field(ge=0, le=1000)] | None = Field(
        None, description="How many questions, from the first on, are shown solved."
    )


class PartModel(PartFields):
    """One of several small graphs of a lesson, or the graph of another lesson with questions of its own."""

    name: Text | None = Field(None, description="A heading for this part.")
    from_: str | None = Field(None, alias="from", description="The id of a lesson whose graph is used.")

    @model_validator(mode="after")
    def _graph_or_from(self) -> Self:
        if self.from_ is None and self.graph is None:
            raise refused("part-without-graph")
        own = [name for name in ("sizes", "given", "graph", "upstream") if getattr(self, name) is not None]
        if self.from_ is not None and own:
            raise refused("beside-from", at=own[0], key=own[0])
        return self


class LessonModel(PartFields):
    """A lesson of `tutor`: a computation graph with numbers, and questions about its gradients."""

    title: Text = Field(description="What the course lists.")
    about: Text | None = Field(None, description="Markdown, shown before the drill and on demand.")
    covers: list[str] | None = Field(None, description="Rows of the course table, such as S19.")
    source: str | None = Field(None, description="Where the idea is taught.")
    requires: list[str] | None = Field(None, description="Ids of lessons to take first.")
    parts: Annotated[list[PartModel], Field(min_length=1)] | None = Field(
        None, description="Several small graphs instead of one."
    )
    hints: dict[str, list[Text]] | None = Field(None, description="Hints of the lesson's own, by question id.")
    tolerance: Annotated[float, Field(ge=0, lt=1)] = Field(
        0.01, description="How far typed decimals may be off, relative to each entry; 0: correct rounding only."
    )
    strict: bool = Field(False, description="A flat list is no column.")
    saturated: bool = Field(False, description="Numbers beyond 2 in front of tanh and sigmoid are meant.")
    plots: list[Literal["gradient-check", "gradient-norms", "counts", "timing"]] | None = Field(
        None, description="Pictures at the end of the drill."
    )

    @model_validator(mode="after")
    def _graph_or_parts(self) -> Self:
        if self.parts is None and self.graph is None:
            raise refused("no-graph")
        own = [name for name in ("sizes", "given", "graph", "upstream", "ask") if getattr(self, name) is not None]
        if self.parts is not None and own:
            raise refused("beside-parts", at=own[0], key=own[0])
        return self


class UnitModel(Strict):
    """`unit.yaml`: what a folder of lessons is called and where it stands in the course."""

    title: Text = Field(description="What the course lists.")
    order: int | float = Field(description="Units stand in this order.")
    about: Text | None = Field(None, description="What the unit is for.")
    lessons: list[str] | None = Field(None, description="The lessons in teaching order, by file name without .yaml.")


__all__ = ["SAMPLERS", "AskItem", "GivenMap", "LessonModel", "PartFields", "PartModel", "TextByLanguage", "UnitModel"]
