"""The lesson format, field by field: pydantic models that check a file and write the JSON Schema of editors."""

from typing import Annotated, Any, Literal, Self, TypeAlias

from pydantic import ConfigDict, Field, Tag, model_validator

from tutor.lesson.file.schema_base import (
    MOST_NUMBER,
    ArrayValue,
    Convention,
    Number,
    SizeOrNumber,
    StrictModel,
    Text,
    TextByLanguage,
    Whole,
    either,
    exactly_one,
    one_of,
    refused,
)

SAMPLERS = ("value", "integers", "uniform", "normal", "choice", "labels", "onehot", "rows", "mask")
FOLLOWS = ("labels", "onehot", "rows")  # what numbers under `value` can be besides, so that they follow other sizes


def _one_sampler_schema() -> dict[str, Any]:
    """For the JSON Schema: one sampler, and beside `value` what its numbers are."""
    alone = {"required": ["value"], "not": {"anyOf": [{"required": [name]} for name in FOLLOWS]}}
    return {"oneOf": [*exactly_one([name for name in SAMPLERS if name != "value"])["oneOf"], alone]}


class GivenMap(StrictModel):
    """Where an input's numbers come from: a shape, one way to draw numbers of that shape, and options."""

    model_config = ConfigDict(json_schema_extra=_one_sampler_schema())

    shape: list[SizeOrNumber] | None = Field(
        None, description="Sizes or numbers, such as [n, 1] or [2*m]; without it a scalar, or the shape of `value`."
    )
    value: ArrayValue | None = Field(
        None,
        description=(
            "Fixed numbers: 2, [1, 2] or [[1], [2]]. Those of a `constant` stay, and so do the sizes in its `shape`, "
            "unless `labels`, `onehot` or `rows` beside them says what such numbers are at other sizes."
        ),
    )
    integers: Annotated[list[Whole], Field(min_length=2, max_length=2)] | None = Field(
        None, description="Whole numbers, drawn from [lo, hi], both included: [-3, 3]."
    )
    uniform: Annotated[list[Number], Field(min_length=2, max_length=2)] | None = Field(
        None, description="Decimals, drawn from [lo, hi]: [-1, 1]. `decimals` says how many places."
    )
    normal: Annotated[float, Field(gt=0, le=MOST_NUMBER, allow_inf_nan=False)] | None = Field(
        None, description="Decimals drawn around 0 with this standard deviation: 0.5."
    )
    choice: Annotated[list[Number], Field(min_length=1)] | None = Field(
        None, description="Each entry is one of these numbers: [0.5, 1, 2]."
    )
    labels: SizeOrNumber | None = Field(
        None,
        description="Class numbers from 0 to k - 1, k a number or a size; labels carry no gradient and can be indices.",
    )
    onehot: SizeOrNumber | None = Field(
        None,
        description=(
            "One 1 among k entries along an axis, 0 elsewhere; k is the size of that axis, the last one unless `axis` "
            "says another."
        ),
    )
    axis: int | None = Field(
        None, description="Along which axis `onehot` has its 1: 0 for columns of shape [k, N]; the last without it."
    )
    rows: SizeOrNumber | None = Field(
        None, description="The numbers 0, 1, 2, .. up to N - 1, to pick one entry of each row: p[rows, y]."
    )
    mask: Annotated[float, Field(ge=0, le=1)] | None = Field(
        None, description="1 with this probability, otherwise 0, as for dropout: 0.8."
    )
    decimals: Annotated[int, Field(ge=0, le=6)] | None = Field(
        None, description="Decimal places of drawn numbers; without it such that there are two significant digits."
    )
    distinct: bool = Field(False, description="true: no number comes twice, so that entries can be told apart.")
    nonzero: bool = Field(False, description="true: no number is 0, since a 0 hides many mistakes.")
    away: Annotated[float, Field(ge=0, le=MOST_NUMBER, allow_inf_nan=False)] | None = Field(
        None, description="The least distance of what max, relu and abs look at from their kinks: 0.1."
    )
    constant: bool = Field(
        False,
        description=(
            "true: a number of the problem, such as a target or a temperature: not asked about. What is drawn is drawn "
            "again where formulas are checked; what is fixed stays."
        ),
    )
    domain: Literal["real", "positive", "probability", "mask", "labels"] | None = Field(
        None,
        description=(
            "Where fresh numbers for checking formulas come from: real (both signs; the default), "
            "positive (also what goes straight into log, sqrt or a denominator), probability, mask "
            "or labels."
        ),
    )

    @model_validator(mode="after")
    def _one_sampler(self) -> Self:
        said = [name for name in SAMPLERS if getattr(self, name) is not None]
        says_what_follows = self.value is not None and said[1:2] and said[1] in FOLLOWS
        one_of(said[1:] if says_what_follows else said, SAMPLERS)
        if self.axis is not None and self.onehot is None:
            raise refused("axis-without-onehot", at="axis")
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


class PartFields(StrictModel):
    """What a lesson of one graph and a part of a larger lesson have in common."""

    sizes: dict[str, Annotated[int, Field(ge=1, le=1000)]] | None = Field(
        None,
        description=(
            "Names for sizes, all different: {n: 3, m: 2}. Shapes and formulas may use them, and "
            "formulas are checked at other sizes too."
        ),
    )
    given: dict[str, GivenEntry] | None = Field(
        None,
        description=(
            "The inputs by name: a number, an array such as [[1], [2]], or how each drill draws it: "
            "{shape: [n, 1], uniform: [-1, 1], decimals: 1}."
        ),
    )
    graph: Annotated[dict[str, Formula], Field(min_length=1)] | None = Field(
        None,
        description=(
            "The lines of the graph, in any order, each a name and its formula: `h: tanh(W @ x + "
            "b)`. The output is the line that no other uses."
        ),
    )
    upstream: dict[str, GivenEntry] | None = Field(
        None,
        description=(
            "The gradient that arrives at an output, by name; needed where an output has several "
            "entries, or where there are several: {h: [1, -1]} or {h: {shape: [n], uniform: [-1, "
            "1]}}."
        ),
    )
    convention: Convention | None = Field(
        None,
        description=(
            "shape (the default): a gradient has the shape of its variable. jacobian: rows are "
            "outputs, columns are inputs, so that a gradient is a row."
        ),
    )
    ask: Any = Field(  # of any kind: see `lesson_model`
        None,
        description=(
            "The questions in order, such as `- total: x` or `- local: {of: h, wrt: z}`, or the word "
            "all. Without it the lines are asked from the output backward."
        ),
    )
    worked: Annotated[int, Field(ge=0, le=1000)] | None = Field(
        None, description="How many questions, from the first on, are shown solved as examples: 1."
    )


class PartModel(PartFields):
    """One of several small graphs of a lesson, or the graph of another lesson with questions of its own."""

    model_config = ConfigDict(json_schema_extra=exactly_one(("graph", "from")))

    name: Text | None = Field(None, description="A heading for this part: a text, or {en: .., zh: ..}.")
    from_: str | None = Field(
        None,
        alias="from",
        description=(
            "The id of a lesson of one graph that this part uses, such as circuits/first-circuit; "
            "then it has no graph of its own."
        ),
    )

    @model_validator(mode="after")
    def _graph_or_from(self) -> Self:
        if self.from_ is None and self.graph is None:
            raise refused("part-without-graph")
        own = [name for name in ("sizes", "given", "graph", "upstream") if getattr(self, name) is not None]
        if self.from_ is not None and own:
            raise refused("beside-from", at=own[0], key=own[0])
        return self


Plot: TypeAlias = Literal["gradient-check", "gradient-norms", "counts", "timing"]
Plots: TypeAlias = Annotated[
    Annotated[Plot, Tag("<text>")] | Annotated[list[Plot], Tag("<list>")],
    either("names"),
]
Texts: TypeAlias = Annotated[
    Annotated[str, Tag("<text>")] | Annotated[TextByLanguage, Tag("<map>")] | Annotated[list[Text], Tag("<list>")],
    either("text"),
]


class LessonModel(PartFields):
    """A lesson of `tutor`: a computation graph with numbers, and questions about its gradients."""

    model_config = ConfigDict(json_schema_extra=exactly_one(("graph", "parts")))

    title: Text = Field(description="What the course lists: a text, or {en: .., zh: ..}.")
    about: Text | None = Field(
        None, description="Markdown, shown before the drill and on demand: a text, or {en: .., zh: ..}."
    )
    covers: list[str] | None = Field(None, description="Rows of the course table that the lesson covers: [S19].")
    source: str | None = Field(None, description="Where the idea is taught: CS224n 2024, lecture 4.")
    requires: list[str] | None = Field(None, description="Ids of lessons to take first: [circuits/first-circuit].")
    parts: Annotated[list[PartModel], Field(min_length=1)] | None = Field(
        None,
        description=(
            "Several small graphs instead of one: each has `given`, `graph` and `ask` of its own, or "
            "`from` and `ask`. Ids of the second part's questions begin with 2/."
        ),
    )
    hints: dict[str, Texts] | None = Field(
        None,
        description=(
            "Hints of the lesson's own, by question id, shown before those of `tutor`: {total x: "
            "[Count the branches.]}. `tutor solve` lists the ids."
        ),
    )
    tolerance: Annotated[float, Field(ge=0, lt=1)] = Field(
        0.01,
        description=(
            "How far typed decimals may be off, relative to each entry: 0.01 is 1 %. 0 takes correct rounding only."
        ),
    )
    strict: bool = Field(False, description="true: a flat list is not taken for a column.")
    saturated: bool = Field(
        False, description="true: numbers beyond 2 in front of tanh and sigmoid are meant, and not drawn again."
    )
    plots: Plots | None = Field(
        None, description="Pictures at the end of the drill: gradient-check, gradient-norms, counts, timing."
    )

    @model_validator(mode="after")
    def _graph_or_parts(self) -> Self:
        if self.parts is None and self.graph is None:
            raise refused("no-graph")
        own = [name for name in ("sizes", "given", "graph", "upstream", "ask") if getattr(self, name) is not None]
        if self.parts is not None and own:
            raise refused("beside-parts", at=own[0], key=own[0])
        return self


class UnitModel(StrictModel):
    """`unit.yaml`: what a folder of lessons is called and where it stands in the course."""

    title: Text = Field(description="What the course lists: a text, or {en: .., zh: ..}.")
    order: int | float = Field(description="Units stand in this order.")
    about: Text | None = Field(None, description="What the unit is for.")
    lessons: list[str] | None = Field(None, description="The lessons in teaching order, by file name without .yaml.")
