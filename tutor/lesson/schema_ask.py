"""The kinds of question, as they stand under `ask:`."""

from typing import Annotated, Literal, Self, TypeAlias, TypeVar

from pydantic import ConfigDict, Field, Tag, model_validator

from tutor.lesson.schema_base import (
    ArrayValue,
    Convention,
    Number,
    SizeOrNumber,
    Strict,
    Text,
    TextByLanguage,
    either,
    exactly_one,
    one_of,
)

MOST_STEP = 1e12  # of a nudge or a learning rate; nobody takes larger ones
NameList: TypeAlias = Annotated[list[str], Field(min_length=1)]
Names: TypeAlias = Annotated[Annotated[str, Tag("<text>")] | Annotated[NameList, Tag("<list>")], either("names")]


class Question(Strict):
    """What every question written as a map may set."""

    convention: Convention | None = Field(
        None,
        description=(
            "For this question alone: shape (a gradient has the shape of its variable) or jacobian (rows are outputs)."
        ),
    )


class OfWrt(Question):
    """A line, and one of the names it uses."""

    of: str = Field(description="The line whose gradient is asked for: a name under `graph`.")
    wrt: str = Field(
        description="With respect to what: a name that the line uses; `x#0` and `x#1` where it stands twice."
    )


class Path(Question):
    """One path from the output back to a name."""

    wrt: str = Field(description="Where the path ends: an input or a line.")
    through: NameList = Field(description="The lines on the path, from the one that uses `wrt` to the output: [a, f].")


class Total(Question):
    """The gradient of the output with respect to one name, or several as one vector."""

    wrt: Names = Field(description="One name, or several as one vector: [x, y].")


class Formula(Question):
    """A gradient as a formula that must hold for any numbers and sizes."""

    wrt: str = Field(description="With respect to what: an input or a line.")
    of: str | None = Field(
        None,
        description="A line, for the formula of its local gradient; without it the gradient of the output is meant.",
    )
    using: NameList | None = Field(
        None,
        description="The names that may stand in the answer: [up, x]. Sizes, numbers, eye, diag and ones always may.",
    )


class Entry(OfWrt):
    """One entry of a gradient as a formula in the indices."""

    using: NameList | None = Field(
        None,
        description="The names that may stand in the answer: [up, x]. Sizes, numbers, eye, diag and ones always may.",
    )


class Derive(Question):
    """A derivation in lines, each equal to the one before."""

    wrt: str = Field(description="With respect to what: an input or a line.")
    using: NameList | None = Field(None, description="The names that may be left at the end: [u, h].")
    first: Literal["chain", "any"] = Field(
        "chain",
        description=(
            "chain (the default): the first line holds factors dA/dB only. any: it may be anything that is right."
        ),
    )


class Count(Question):
    """How many operations a pass needs."""

    operation: Literal["multiply", "add", "pass"] = Field(
        description="What is counted: multiply and add are operations on numbers, pass is one way through the graph."
    )
    plan: Literal["forward", "shared", "separate", "paths", "one-sided", "two-sided", "tangents"] = Field(
        description=(
            "How the gradients are computed: one forward pass; one backward pass for all (shared), "
            "for each variable (separate) or path by path (paths); nudges on one or two sides; or a "
            "forward pass for each direction (tangents)."
        )
    )


class FindSlip(Question):
    """A backward pass with one slip in it."""

    slip: str = Field(
        "any",
        description=(
            "The slip by its id, such as tanh:square-forgotten, or any (the default). `tutor slips` lists them."
        ),
    )
    of: str | None = Field(None, description="The line where the slip is made; without it any line.")
    wrt: str | None = Field(None, description="The name in that line whose gradient is wrong; without it any name.")


class Predict(Question):
    """Which gradient is largest, or which are 0, before anything is computed."""

    model_config = ConfigDict(json_schema_extra=exactly_one(("largest", "zero")))

    largest: NameList | None = Field(None, description="Which of these has the largest gradient: [x, y, z].")
    zero: NameList | None = Field(None, description="Which of these have a gradient of 0: [x, y, z].")

    @model_validator(mode="after")
    def _one(self) -> Self:
        one_of([name for name in ("largest", "zero") if getattr(self, name) is not None], ("largest", "zero"))
        return self


class Difference(OfWrt):
    """The slope measured by a nudge."""

    h: Annotated[float, Field(gt=0, le=MOST_STEP, allow_inf_nan=False)] = Field(
        description="The size of the nudge: 0.1. The answer must differ from the exact slope in the digits asked."
    )
    sided: Literal["one", "two"] = Field(
        "two", description="two (the default): nudged up and down. one: nudged up alone."
    )


class Rule(Question):
    """The backward of a gate, in up, out and the names of the forward."""

    forward: str = Field(
        description="The formula of the gate: a @ b. Its inputs are names of its own, not those of the graph."
    )
    wrt: str = Field(description="The input whose backward is asked for, or the word forward for the gate itself.")
    shapes: dict[str, list[SizeOrNumber]] | None = Field(
        None,
        description=(
            "The shapes of its inputs: {a: [n, m], b: [m, k]}. Without it the gate must do for "
            "numbers, vectors and matrices."
        ),
    )


class Tangent(Question):
    """The derivative along a direction."""

    along: Annotated[dict[str, ArrayValue], Field(min_length=1)] = Field(
        description="The direction by input: {x: 1}, or arrays of the input's shape. What is left out stands still."
    )


class Update(Question):
    """A parameter after one step of gradient descent."""

    of: str = Field(description="The parameter: an input.")
    rate: Annotated[float, Field(gt=0, le=MOST_STEP, allow_inf_nan=False)] = Field(
        description="The learning rate: 0.5."
    )


Option: TypeAlias = Annotated[
    Annotated[str, Tag("<text>")] | Annotated[TextByLanguage, Tag("<map>")] | Annotated[Number, Tag("<number>")],
    either("text"),
]


class Choose(Question):
    """A question with options to choose from."""

    question: Text = Field(description="What is asked: a text, or {en: .., zh: ..}.")
    options: Annotated[list[Option], Field(min_length=2)] = Field(
        description="What to choose from, at least two: texts, numbers, or {en: .., zh: ..}."
    )
    right: Annotated[int, Field(ge=1)] = Field(description="Which option is right, counted from 1.")
    why: list[Text] | None = Field(
        None, description="An explanation for each option, in the same order, shown after it was chosen."
    )


KINDS: tuple[str, ...] = (
    "shape", "upstream", "local", "downstream", "path", "total", "all", "jacobian", "formula", "entry", "derive",
    "decompose", "order", "count", "find-slip", "predict", "difference", "rule", "saves", "tangent", "update", "choose",
)  # fmt: skip
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

    model_config = ConfigDict(json_schema_extra=exactly_one(KINDS))

    shape: Names | None = Field(None, description="What shape has the gradient? `shape: [W, b]`")
    upstream: Names | None = Field(None, description="What arrives at a line, its total gradient: `upstream: z`")
    local: Maps[OfWrt] | None = Field(None, description="The local gradient of a line: `local: {of: h, wrt: z}`")
    downstream: Maps[OfWrt] | None = Field(
        None, description="What flows from a line back to one of its inputs: `downstream: {of: h, wrt: z}`"
    )
    path: Maps[Path] | None = Field(None, description="The part of one path: `path: {wrt: x, through: [a, f]}`")
    total: NamesOrMaps[Total] | None = Field(
        None,
        description=(
            "The gradient of the output, all branches added: `total: x`, or `total: {wrt: [x, y]}` for one vector"
        ),
    )
    all: Names | None = Field(None, description="Local, downstream and total gradients of these lines: `all: [f, a]`")
    jacobian: Maps[OfWrt] | None = Field(
        None, description="A whole Jacobian, rows for outputs and columns for inputs: `jacobian: {of: h, wrt: z}`"
    )
    formula: NamesOrMaps[Formula] | None = Field(
        None, description="A formula that must hold for any numbers and sizes: `formula: {wrt: W, using: [up, x]}`"
    )
    entry: Maps[Entry] | None = Field(
        None, description='One entry as a formula in the indices: `entry: {of: "z[i]", wrt: "W[i, j]"}`'
    )
    derive: Maps[Derive] | None = Field(
        None, description="A derivation, line by line: `derive: {wrt: b, using: [u, h]}`"
    )
    decompose: Names | None = Field(
        None, description='A formula to take apart into lines of one op each: `decompose: "u.T @ tanh(W @ x + b)"`'
    )
    order: Literal["forward", "backward"] | None = Field(
        None, description="The lines in an order in which a pass may go: `order: backward`"
    )
    count: Maps[Count] | None = Field(
        None, description="How many operations: `count: {operation: multiply, plan: shared}`"
    )
    find_slip: Maps[FindSlip] | None = Field(
        None,
        alias="find-slip",
        description="Find the first wrong gradient of a backward pass: `find-slip: {slip: any}`",
    )
    predict: Maps[Predict] | None = Field(
        None,
        description=(
            "Which gradient is largest, or which are 0, before anything is computed: `predict: {largest: [x, y]}`"
        ),
    )
    difference: Maps[Difference] | None = Field(
        None, description="The slope measured by a nudge: `difference: {of: f, wrt: x, h: 0.1}`"
    )
    rule: Maps[Rule] | None = Field(
        None, description='The backward of a gate: `rule: {forward: "a @ b", wrt: a, shapes: {a: [n, m], b: [m, k]}}`'
    )
    saves: Maps[OfWrt] | None = Field(None, description="The values that a backward needs: `saves: {of: h, wrt: z}`")
    tangent: Maps[Tangent] | None = Field(None, description="A directional derivative: `tangent: {along: {x: 1}}`")
    update: Maps[Update] | None = Field(
        None, description="A parameter after one step of gradient descent: `update: {of: w, rate: 0.5}`"
    )
    choose: Maps[Choose] | None = Field(
        None, description="A question with options: `choose: {question: .., options: [..], right: 2}`"
    )
    convention: Convention | None = Field(
        None,
        description=(
            "For this entry alone: shape (a gradient has the shape of its variable) or jacobian (rows are outputs)."
        ),
    )

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        one_of([kind for kind in KINDS if getattr(self, kind.replace("-", "_")) is not None], KINDS)
        return self


Everything: TypeAlias = Literal["all"]
AskEntry: TypeAlias = Annotated[
    Annotated[Everything, Tag("<text>")]
    | Annotated[
        list[Annotated[Annotated[Everything, Tag("<text>")] | Annotated[AskItem, Tag("<map>")], either("question")]],
        Tag("<list>"),
    ],
    either("questions"),
]
