"""Questions that are answered by pointing at nodes: what a picked node writes into the answer box."""

import re

from tutor.drill.question import DrillPart, Question
from tutor.text import Message, msg

_HEAD = re.compile(r"\s*(?:[d∂]\w+\s*/\s*)?([^\W\d]\w*)\s*(?:[=＝:：](?![=＝])\s*|$)")


def takes_a_pick(question: Question) -> bool:
    """Can a node be put into the answer by pointing at it?"""
    return question.entered.by_names or question.entered.by_one_name


def how_to_pick(question: Question) -> Message | None:
    """What to press, for a question that is answered by pointing."""
    if question.entered.by_one_name:
        return msg("ui.pick-slip")
    return msg("ui.pick-names") if question.entered.by_names else None


def picked(question: Question, text: str, node: str) -> str:
    """The answer so far with a node picked: `z = ` and what stood behind another name, or one more name."""
    if question.entered.by_one_name:
        head = _HEAD.match(text)
        return f"{node} = {text[head.end() :] if head is not None else text}"
    names = [name for name in re.split(r"[\s,，、]+", text) if name]
    names = [name for name in names if name != node] if node in names else [*names, node]
    return ", ".join(names)


def pointed_at(part: DrillPart, question: Question, text: str) -> str | None:
    """The node that the answer names so far, where the answer is about one node."""
    head = _HEAD.match(text) if question.entered.by_one_name else None
    if head is None:
        return None
    name = head.group(1)
    return next((each for each in (name, name[1:]) if each in part.graph.lines or each in part.graph.inputs), None)
