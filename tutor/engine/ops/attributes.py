"""Whether an op's attributes fit what its class declares: `axis: int | None`, `reduction: Literal["mean", "sum"]`."""

from dataclasses import fields
from types import NoneType, UnionType
from typing import Any, Literal, TypeAlias, Union, get_args, get_origin

from tutor.engine.errors import EngineError
from tutor.text import Message, msg

Axis: TypeAlias = int | tuple[int, ...] | None
Reduction: TypeAlias = Literal["mean", "sum", "none"]

MISSING = object()  # the default of an attribute that must be given


def check_attributes(op: Any) -> None:
    """Raises EngineError for an attribute that is missing or of another kind than its class declares."""
    for each in fields(op):
        value = getattr(op, each.name)
        if value is MISSING:
            raise EngineError(msg("engine.attribute-missing", op=op.symbol, attribute=each.name))
        if not _fits(value, each.type):
            raise refusal(op, each.name, _wanted(each.type))


def refuse_below(op: Any, least: float, *names: str) -> None:
    """Raises EngineError where one of these attributes, or an entry of it, is smaller than `least`."""
    for name in names:
        value = getattr(op, name)
        if any(item < least for item in (value if isinstance(value, tuple) else (value,)) if item is not None):
            raise refusal(op, name, msg("engine.takes-at-least", least=least))


def refusal(op: Any, attribute: str, takes: Message) -> EngineError:
    """The error for an attribute with a value that does not fit."""
    value = getattr(op, attribute)
    shown = f'"{value}"' if isinstance(value, str) else _plain(value)
    return EngineError(msg("engine.attribute-misfit", op=op.symbol, attribute=attribute, value=shown, takes=takes))


def _fits(value: Any, kind: Any) -> bool:
    origin, parts = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        return any(_fits(value, part) for part in parts)
    if origin is Literal:
        return value in parts
    if origin is tuple:
        return isinstance(value, tuple) and all(_fits(item, parts[0]) for item in value)
    if kind is Any:
        return True
    if isinstance(value, bool) or kind is bool:
        return isinstance(value, bool) and kind is bool
    return isinstance(value, (int, float) if kind is float else kind)


def _wanted(kind: Any) -> Message:
    if get_origin(kind) is Literal:
        return msg("engine.takes-one-of", options=", ".join(f'"{part}"' for part in get_args(kind)))
    parts = get_args(kind) if get_origin(kind) in (Union, UnionType) else (kind,)
    if any(get_origin(part) is tuple for part in parts):
        return msg("engine.takes-whole-numbers")
    plain = [part for part in parts if part is not NoneType]
    names = {int: msg("engine.takes-whole"), float: msg("engine.takes-number"), bool: msg("engine.takes-truth")}
    return names.get(plain[0], msg("engine.takes-word"))


def _plain(value: Any) -> str:
    if isinstance(value, tuple):
        return f"[{', '.join(_plain(item) for item in value)}]"
    return str(value).lower() if isinstance(value, bool) else str(value)
