"""What to say about a mistake: its name and the right idea, with this drill's names and numbers."""

import numpy as np

from tutor.checking.explaining.diagnosis import Diagnosis
from tutor.checking.explaining.op_wording import op_wording
from tutor.checking.reading.answer_scope import AnswerScope
from tutor.drill.notation import line_formula
from tutor.engine import Run
from tutor.mistakes.fork_slips import uses_of
from tutor.mistakes.mistake import Mistake
from tutor.mistakes.slip_texts import is_op_slip, slip_advice, slip_name
from tutor.text import Message, msg
from tutor.text.number_format import format_value

FEW = 6


def advice(scope: AnswerScope, mistake: Mistake, *, sure: bool, at_line: bool = False) -> Message:
    """Name and right idea of a mistake; put as a question where chance could have given the same numbers.

    `at_line` says of an op's slip where it is: another at another line may be meant.
    """
    known = _known(scope, mistake)
    if is_op_slip(mistake.id):
        name, idea = slip_name(mistake.id), slip_advice(mistake.id, known)
        if at_line:
            return msg("checking.asked-at", name=name, line=mistake.node, idea=idea)
    elif mistake.id == "upstream-forgotten" and mistake.node in scope.question.target.path[:-1]:
        name = Message("mistakes.upstream-forgotten-path", known)
        idea = Message("mistakes.upstream-forgotten-path-idea", known)
    elif mistake.id == "upstream-forgotten" and _is_one_branch(scope, mistake):
        name = Message("mistakes.upstream-forgotten-branch", known)
        idea = Message("mistakes.upstream-forgotten-branch-idea", known)
    else:
        key = mistake.id.replace(":", "-")
        name, idea = Message(f"mistakes.{key}", known), Message(f"mistakes.{key}-idea", known)
    return named(name, idea, sure=sure)


def named(name: Message, idea: Message, *, sure: bool = True) -> Message:
    """A mistake and the right idea, stated or asked about."""
    return msg("checking.named" if sure else "checking.asked", name=name, idea=idea)


def advice_behind_edit(diagnosis: Diagnosis) -> Message:
    """What to say of a mistake behind the edit that mends it: the edit has named an op's slip, the why is left."""
    idea = diagnosis.message.params.get("idea") if diagnosis.id is not None and is_op_slip(diagnosis.id) else None
    return idea if isinstance(idea, Message) else diagnosis.message


def _is_one_branch(scope: AnswerScope, mistake: Mistake) -> bool:
    """Is the line one of several that use the asked variable, so that the answer is a sum and not its share?"""
    question = scope.question
    if question.target.kind not in ("total", "upstream") or len(question.wrt) > 1:
        return False
    uses = scope.graph.uses(question.line)
    return len(uses) > 1 and mistake.node in {line for line, _ in uses}


def both_slips(scope: AnswerScope, mistake: Mistake) -> Message:
    """The names of two slips made at once, of a mistake with the id `a + b`."""
    known = {**_known(scope, mistake)}
    first, second = (_name(id, known) for id in mistake.id.split(" + "))
    return msg("checking.both", first=first, second=second)


def _name(id: str, known: dict[str, object]) -> Message:
    return slip_name(id) if is_op_slip(id) else Message(f"mistakes.{id.replace(':', '-')}", known)


def either_mistake(first: Message, second: Message) -> Message:
    """Two explanations that fit equally well."""
    return msg("checking.either", first=first, second=second)


def whole_answer_advice(id: str, scope: AnswerScope, *, sure: bool, **known: object) -> Message:
    """Name and right idea of a mistake that concerns the whole answer; a question where chance may have done it."""
    shared: dict[str, object] = {"symbol": scope.question.symbol, **known}
    name, idea = Message(f"mistakes.{id}", shared), Message(f"mistakes.{id}-idea", shared)
    return named(name, idea, sure=sure)


def _known(scope: AnswerScope, mistake: Mistake) -> dict[str, object]:
    """The names and numbers that advice may speak of."""
    graph, run, question = scope.graph, scope.part.run, scope.question
    return {
        "line": mistake.node,
        "formula": line_formula(graph, mistake.node),
        "wrt": question.wrt[0],
        "symbol": question.symbol,
        "up": _arriving(run, mistake.node),
        "place": mistake.place,
        "uses": uses_of(graph, graph.find(mistake.node)),
        **(op_wording(run, mistake.edge) if mistake.edge is not None else {}),
    }


def _arriving(run: Run, line: str) -> str:
    """What arrives at a line: the numbers, or of many of them the name."""
    gradient = run.total(run.graph.find(line))
    return format_value(gradient) if np.size(gradient) <= FEW else f"d{line}"
