"""The kinds of question, as they stand under `ask:`."""

from typing import Annotated, Literal, Self, TypeAlias, TypeVar

from pydantic import Field, Tag, model_validator

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
)

NameList: TypeAlias = Annotated[list[str], Field(min_length=1)]
Names: TypeAlias = Annotated[Annotated[str, Tag("<text>")] | Annotated[NameList, Tag("<list>")], either("names")]


class Question(Strict):
    """What every question written as a map may set."""

    convention: Convention | None = Field(None, description="For this question alone: shape or jacobian.")


class OfWrt(Question):
    """A line, and one of the names it uses."""

    of: str = Field(description="The line whose gradient is asked for.")
    wrt: str = Field(description="With respect to what: a name in the line, `x#0` and `x#1` where it stands twice.")


class Path(Question):
    """One path from the output back to a name."""

    wrt: str = Field(description="Where the path ends.")
    through: NameList = Field(description="The lines on the path, from `wrt` to the output.")


class Total(Question):
    """The gradient of the output with respect to one name, or several as one vector."""

    wrt: Names = Field(description="One name or several.")


class Formula(Question):
    """A gradient as a formula that must hold for any numbers and sizes."""

    wrt: str = Field(description="With respect to what.")
    of: str | None = Field(None, description="A line, for its local gradient; without it the output.")
    using: NameList | None = Field(None, description="The names that may be used.")


class Entry(OfWrt):
    """One entry of a gradient as a formula in the indices."""

    using: NameList | None = Field(None, description="The names that may be used.")


class Derive(Question):
    """A derivation in lines, each equal to the one before."""

    wrt: str = Field(description="With respect to what.")
    using: NameList | None = Field(None, description="The names that are left at the end.")
    first: Literal["chain", "any"] = Field(
        "chain", description="chain: the first line is the chain rule written out; any: it may be anything right."
    )


class Count(Question):
    """How many operations a pass needs."""

    operation: Literal["multiply", "add", "pass"] = Field(description="What is counted.")
    plan: Literal["forward", "shared", "separate", "paths", "one-sided", "two-sided", "tangents"] = Field(
        description="How the gradients are computed."
    )


class FindSlip(Question):
    """A backward pass with one slip in it."""

    slip: str = Field("any", description="The slip by its id, such as tanh:square-forgotten, or any.")
    of: str | None = Field(None, description="The line where it is made.")
    wrt: str | None = Field(None, description="The name in that line whose gradient is wrong.")


class Predict(Question):
    """Which gradient is largest, or which are 0, before anything is computed."""

    largest: NameList | None = Field(None, description="Among these.")
    zero: NameList | None = Field(None, description="Among these.")

    @model_validator(mode="after")
    def _one(self) -> Self:
        one_of([name for name in ("largest", "zero") if getattr(self, name) is not None], ("largest", "zero"))
        return self


class Difference(OfWrt):
    """The slope measured by a nudge."""

    h: Annotated[float, Field(gt=0, allow_inf_nan=False)] = Field(description="The size of the nudge.")
    sided: Literal["one", "two"] = Field("two", description="A nudge to one side, or to both.")


class Rule(Question):
    """The backward of a gate, in up, out and the names of the forward."""

    forward: str = Field(description="The gate's formula.")
    wrt: str = Field(description="One of its inputs, or forward.")
    shapes: dict[str, list[SizeOrNumber]] | None = Field(None, description="The shapes of its inputs.")


class Tangent(Question):
    """The derivative along a direction."""

    along: Annotated[dict[str, ArrayValue], Field(min_length=1)] = Field(description="The direction, by input.")


class Update(Question):
    """A parameter after one step of gradient descent."""

    of: str = Field(description="The parameter.")
    rate: Annotated[float, Field(gt=0, allow_inf_nan=False)] = Field(description="The learning rate.")


Option: TypeAlias = Annotated[
    Annotated[str, Tag("<text>")] | Annotated[TextByLanguage, Tag("<map>")] | Annotated[Number, Tag("<number>")],
    either("text"),
]


class Choose(Question):
    """A question with options to choose from."""

    question: Text = Field(description="What is asked.")
    options: Annotated[list[Option], Field(min_length=2)] = Field(description="What to choose from.")
    right: Annotated[int, Field(ge=1)] = Field(description="The right option, from 1.")
    why: list[Text] | None = Field(None, description="One explanation for each option.")


Map = TypeVar("Map", bound=Question)
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


class AskItem(Strict):
    """One entry of `ask`: exactly one kind of question."""

    shape: Names | None = Field(None, description="What shape has the gradient?")
    upstream: Names | None = Field(None, description="What arrives at a line.")
    local: Maps[OfWrt] | None = Field(None, description="The local gradient of a line.")
    downstream: Maps[OfWrt] | None = Field(None, description="What flows from a line back to a name.")
    path: Maps[Path] | None = Field(None, description="The part of one path.")
    total: NamesOrMaps[Total] | None = Field(None, description="The gradient of the output, all branches added.")
    all: Names | None = Field(None, description="Local, downstream and total gradients of these lines.")
    jacobian: Maps[OfWrt] | None = Field(None, description="A whole matrix.")
    formula: NamesOrMaps[Formula] | None = Field(None, description="A gradient as a formula.")
    entry: Maps[Entry] | None = Field(None, description="One entry as a formula in the indices.")
    derive: Maps[Derive] | None = Field(None, description="A derivation, line by line.")
    decompose: Names | None = Field(None, description="A formula to take apart into lines of one op each.")
    order: Literal["forward", "backward"] | None = Field(None, description="Names in a valid order.")
    count: Maps[Count] | None = Field(None, description="How many operations.")
    find_slip: Maps[FindSlip] | None = Field(
        None, alias="find-slip", description="Find the first wrong gradient of a backward pass."
    )
    predict: Maps[Predict] | None = Field(None, description="Before anything is computed.")
    difference: Maps[Difference] | None = Field(None, description="The slope measured by a nudge.")
    rule: Maps[Rule] | None = Field(None, description="The backward of a gate.")
    saves: Maps[OfWrt] | None = Field(None, description="The values that a backward needs.")
    tangent: Maps[Tangent] | None = Field(None, description="A directional derivative.")
    update: Maps[Update] | None = Field(None, description="A parameter after one step.")
    choose: Maps[Choose] | None = Field(None, description="A question with options.")
    convention: Convention | None = Field(None, description="For this entry alone: shape or jacobian.")

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        one_of([kind for kind in KINDS if getattr(self, kind.replace("-", "_")) is not None], KINDS)
        return self


KINDS: tuple[str, ...] = (
    "shape", "upstream", "local", "downstream", "path", "total", "all", "jacobian", "formula", "entry", "derive",
    "decompose", "order", "count", "find-slip", "predict", "difference", "rule", "saves", "tangent", "update", "choose",
)  # fmt: skip
Everything: TypeAlias = Literal["all"]
AskEntry: TypeAlias = Annotated[
    Annotated[Everything, Tag("<text>")]
    | Annotated[
        list[Annotated[Annotated[Everything, Tag("<text>")] | Annotated[AskItem, Tag("<map>")], either("question")]],
        Tag("<list>"),
    ],
    either("questions"),
]
