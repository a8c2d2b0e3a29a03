"""What comes back for a typed answer."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from math import prod
from typing import Any, Literal, TypeAlias

import numpy as np

from tutor.drill.notation import place_from_1
from tutor.expr import EvaluationError, Span, Tree, to_unicode
from tutor.text import Message, msg, parts_of

UNFINISHED = "unfinished"
"""The mistake of an answer of several lines of which every line stands, and more are to come."""
MOST_PLACES = 12

Kind: TypeAlias = Literal["right", "right-but", "wrong", "wrong-shape", "unreadable", "missing"]


@dataclass(frozen=True, slots=True, eq=False)
class Verdict:
    """The judgement of one answer.

    `mistake` is the catalogue's id where one explains the answer (`"a | b"`: one of the two), `node` the line where it
    happened, `edit` the one change of a formula that would make it right. `wrong_entries` are the indices that are
    off, `span` where in the typed text it could not be read, `exact` the exact value where a rounded one was accepted,
    `lines` those lines of a derivation that stand, `told` what to say in place of `message` when it happens again,
    `further` how an answer of several lines that may end here could go on.
    """

    kind: Kind
    message: Message
    mistake: str | None = None
    node: str | None = None
    edit: str | None = None
    wrong_entries: tuple[tuple[int, ...], ...] = ()
    span: Span | None = None
    exact: Any = None
    lines: tuple[str, ...] = ()
    told: Message | None = None
    further: Message | None = None

    @property
    def free(self) -> bool:
        """Does it cost no attempt? Only `right` and a plain `wrong` count."""
        return self.kind not in ("right", "wrong") or self.mistake == "coarse"

    @property
    def unfinished(self) -> bool:
        """Is it an answer of several lines that is right as far as it goes?"""
        return self.mistake == UNFINISHED

    def places_off(self, shape: tuple[int, ...]) -> Message | None:
        """Which entries are off, of many the first; None where none or every one is, or the message has said it."""
        wrong = self.wrong_entries
        said = any(each.id == "checking.fact-off" for each in parts_of(self.message))
        if said or not 0 < len(wrong) < prod(shape):
            return None
        more = ["..."] if len(wrong) > MOST_PLACES else []
        return msg("checking.places-off", places=[*map(place_from_1, wrong[:MOST_PLACES]), *more])

    def going_on(self) -> "Verdict":
        """The same while the learner may still go on: nothing is settled before the end is said."""
        return (
            self if self.further is None else replace(self, kind="right-but", message=self.further, mistake=UNFINISHED)
        )

    @property
    def parsed(self) -> bool:
        """Is it an answer in our language, even where it is none to this question? `expr` says what it cannot read."""
        return self.kind != "unreadable" or not self.message.id.startswith("expr.")


@dataclass(frozen=True, slots=True, eq=False)
class Preview:
    """What was understood of a text while it is typed: in mathematics, its shape and its value, or what is unclear."""

    text: str = ""
    shape: tuple[int, ...] | None = None
    value: Any = None
    message: Message | None = None
    span: Span | None = None

    @classmethod
    def of_tree(cls, tree: Tree, evaluate: Callable[[], Any]) -> "Preview":
        """An expression in mathematics, with its shape and value, or why it has none."""
        shown = to_unicode(tree)
        try:
            value = evaluate()
        except EvaluationError as error:
            return cls(shown, message=error.message, span=error.span)
        return cls(shown, tuple(np.shape(value)), value)
