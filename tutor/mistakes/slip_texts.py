"""The texts of the ops' own slips, and the words they are told with where there is no drill."""

from collections.abc import Sequence
from dataclasses import fields

from tutor.engine import REGISTRY
from tutor.engine.ops.indexing import Index
from tutor.engine.ops.op import Op
from tutor.text import Message, msg


def is_op_slip(id: str) -> bool:
    """Does the op itself name the slip? Others of its group, as `matmul:symmetric`, have texts of their own."""
    op, _, slip = id.partition(":")
    return op in REGISTRY and slip in REGISTRY[op].slips


def slip_name(id: str) -> Message:
    """What was done: the same words in every drill."""
    return Message(f"slips.{id}.name")


def slip_advice(id: str, words: dict[str, object]) -> Message:
    """What it breaks, told with the names and shapes of a drill."""
    return Message(f"slips.{id}.advice", words)


def side_of_other(k: int) -> Message:
    """On which side of the input with this number the other factor of a product stands."""
    return msg("slips.left") if k else msg("slips.right")


def example_words(op: type[Op]) -> dict[str, object]:
    """The op's own names for its inputs, `y` (or `L`) for what it makes: keys as those of a drill."""
    names = [name.replace("*", "1").rstrip("?") for name in op.inputs]
    if op.inputs[0].endswith("*"):
        names.append(op.inputs[0].replace("*", "2"))
    k = op.told_at
    out = "L" if "y" in names else "y"
    small, other, big = op.example_shapes
    return {
        **{name: name for name in (*(each.name for each in fields(op)), *names)},
        "input": names[k],
        "other": names[1 - k] if len(names) > 1 else names[k],
        "out": out,
        "where": f"{out} = {_written(op, names)}",
        "up": f"d{out}",
        "side": side_of_other(k),
        "input_shape": small,
        "other_shape": other,
        "up_shape": big,
    }


def _written(op: type[Op], names: Sequence[str]) -> str:
    if issubclass(op, Index):
        return f"{names[0]}[i]"
    if not op.callable_by_name:
        sign = {"*": "·", "-": "−"}.get(op.symbol, op.symbol)
        return f"{sign}{names[0]}" if len(names) == 1 else f"{names[0]} {sign} {names[1]}"
    shown = names[: op.arity()[0]] if len(names) > op.arity()[0] > 1 else names
    return f"{op.symbol}({', '.join(shown)})"
