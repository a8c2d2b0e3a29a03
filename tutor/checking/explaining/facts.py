"""What to say of a wrong answer that no mistake explains: one true sentence about these numbers."""

from collections.abc import Iterable
from typing import Any

import numpy as np

from tutor.checking.explaining.advice import either_mistake
from tutor.checking.explaining.diagnosis import Diagnosis
from tutor.checking.explaining.entry_facts import PATTERNS, REMAINING, Entries, first_of, some_right, too_much
from tutor.checking.explaining.graph_facts import FACTS, Given, value
from tutor.checking.explaining.nudge_evidence import witness
from tutor.checking.reading.answer_scope import AnswerScope
from tutor.checking.reading.typed_entries import TypedAnswer
from tutor.text import Message, msg


def gradient_fact(scope: AnswerScope, answer: TypedAnswer) -> Message:
    """Of a wrong gradient: what is true of its entries, what it is in the graph, what a nudge says."""
    entries = Entries(answer, np.asarray(scope.question.expected, dtype=np.float64))
    told = first_of(PATTERNS, entries)
    if told is None:
        given = Given(scope, entries)
        told = next((found for found in (fact(given) for fact in FACTS) if found is not None), None)
    if told is None:
        told = first_of((*REMAINING, some_right), entries)
    if told is None:
        told = witness(scope.part, scope.question, entries.value)
    return msg("checking.wrong-fact", fact=told if told is not None else too_much(entries))


def value_fact(answer: TypedAnswer, right: object, known: Iterable[tuple[Any, Message]] = ()) -> Message:
    """Of other wrong numbers in the right shape; `known` are numbers that are something else, and what."""
    entries = Entries(answer, np.asarray(right, dtype=np.float64))
    told = next((what for number, what in known if entries.gives(number)), None)
    told = told or first_of((*PATTERNS, *REMAINING, some_right), entries)
    return msg("checking.wrong-fact", fact=told if told is not None else too_much(entries))


def sign_or_value(scope: AnswerScope, answer: TypedAnswer, sign: Diagnosis) -> Message:
    """Of one number with its sign turned: where it is the value of a node as well, both are offered."""
    entries = Entries(answer, np.asarray(scope.question.expected, dtype=np.float64))
    told = value(Given(scope, entries)) if entries.right.size == 1 else None
    return sign.message if told is None else either_mistake(sign.message, told)
