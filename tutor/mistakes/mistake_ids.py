"""The ids of all mistakes that a verdict may name, and where their texts stand."""

from collections.abc import Iterable

from tutor.engine import REGISTRY
from tutor.mistakes.slip_texts import example_words, is_op_slip, slip_advice, slip_name
from tutor.text import Message

# In order of precedence: at an edge, at a fork, of the whole answer.
GENERAL = (
    "upstream-forgotten",
    "local-forgotten",
    "added",
    "one-short",
    "one-far",
    "times-z",
    "factor-forgotten",
    "upstream-included",
    "neighbour",
    "value",
    "one-branch",
    "path-twice",
    "branches-multiplied",
    "branches-averaged",
    "all-paths",
    "transposed",
    "keepdims",
    "jacobian-form",
    "shape-form",
    "sign",
    "scale",
    "one-entry",
    "coincidence",
    "coarse",
    "unfinished",
)
BROADCAST = (
    "broadcast:not-summed",
    "broadcast:averaged",
    "broadcast:over-summed",
    "broadcast:wrong-axis",
    "broadcast:stretched",
)
QUADRATIC = ("matmul:symmetric",)
# What stands for a lesson's own names and numbers where there is no lesson.
_EXAMPLE: dict[str, object] = {
    "line": "y",
    "formula": "f(x)",
    "symbol": "dx",
    "wrt": "x",
    "up": "dy",
    "place": "a",
    "uses": ["a", "b"],
    "factor": "c",
    "of": "y",
    "first": "i",
    "second": "j",
    "h": "h",
    "width": "2h",
    "names": ["x", "y"],
    "name": "x",
    "direction": "x = 1, y = 1",
    "rate": "η",
    "where": "y = f(x)",
    "input": "x",
    "out": "y",
    "input_shape": "(1, m)",
    "up_shape": "(n, m)",
    "other": "c",
}


def mistake_ids(of_kinds: Iterable[str], group: str | None = None) -> list[str]:
    """All ids, or those of one op or kind (`mul`, `broadcast`, `count`); empty for a group that is not there.

    `of_kinds` are those of the kinds of question.
    """
    slips = [f"{name}:{slip}" for name, op in REGISTRY.items() for slip in op.slips]
    everything = [*GENERAL, *slips, *QUADRATIC, *BROADCAST, *of_kinds]
    return everything if group is None else [id for id in everything if id.partition(":")[0] == group]


def mistake_groups(every: Iterable[str]) -> list[str]:
    """Ops and kinds that have mistakes of their own among these ids."""
    return list(dict.fromkeys(id.partition(":")[0] for id in every if ":" in id))


def described_mistake(id: str) -> tuple[Message, Message]:
    """Name and right idea of a mistake, with `x` and `y` for a lesson's own names."""
    if is_op_slip(id):
        return slip_name(id), slip_advice(id, example_words(REGISTRY[id.partition(":")[0]]))
    key = id.replace(":", "-")
    return Message(f"mistakes.{key}", _EXAMPLE), Message(f"mistakes.{key}-idea", _EXAMPLE)
