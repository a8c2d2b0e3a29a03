"""Questions that are answered by pointing at nodes: what a picked node writes into the answer box."""

import re
from collections.abc import Mapping
from typing import Any

from tutor.drill.question import DrillPart, Question
from tutor.text import Message, msg

NAMES = frozenset({"order", "predict", "saves"})
"""Kinds that are answered with names of nodes, one after the other."""

_HEAD = re.compile(r"\s*(?:[d∂]\w+\s*/\s*)?([^\W\d]\w*)\s*(?:[=＝:：](?![=＝])\s*|$)")


def takes_a_pick(question: Question) -> bool:
    """Can a node be put into the answer by pointing at it?"""
    return question.kind == "find-slip" or question.kind in NAMES


def how_to_pick(question: Question) -> Message | None:
    """What to press, for a question that is answered by pointing."""
    if question.kind == "find-slip":
        return msg("ui.pick-slip")
    return msg("ui.pick-names") if question.kind in NAMES else None


def picked(question: Question, text: str, node: str) -> str:
    """The answer so far with a node picked: `z = ` and what stood behind another name, or one more name."""
    if question.kind == "find-slip":
        head = _HEAD.match(text)
        return f"{node} = {text[head.end() :] if head is not None else text}"
    names = [name for name in re.split(r"[\s,，、]+", text) if name]
    names = [name for name in names if name != node] if node in names else [*names, node]
    return ", ".join(names)


def pointed_at(part: DrillPart, question: Question, text: str) -> str | None:
    """The node that the answer names so far, where the answer is about one node."""
    head = _HEAD.match(text) if question.kind == "find-slip" else None
    if head is None:
        return None
    name = head.group(1)
    return next((each for each in (name, name[1:]) if each in part.graph.lines or each in part.graph.inputs), None)


def given_gradients(question: Question) -> Mapping[str, Any] | None:
    """The gradients that the question itself shows, right or wrong, by node; None where it shows none."""
    task = getattr(question, "task", None)
    return task.shown if question.kind == "find-slip" and task is not None else None
