"""A toy kind of question, `sign: x`: is a gradient positive, negative or 0? One class, and its texts."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from tutor.checking.reading.typed_names import read_choice
from tutor.checking.verdict import Preview, Verdict
from tutor.drill.question import Drill, Entered, Question
from tutor.kinds.kind import Asked, Kind, answer_hint, skills_of
from tutor.lesson.ask_entries import Notes
from tutor.lesson.file.ask_schema import Fields, Names
from tutor.text import Message, msg

SIGNS = ("negative", "zero", "positive")

TEXTS = {
    "sign.prompt": "Which sign has the gradient: negative, zero or positive?",
    "sign.right": "Right.",
    "sign.wrong": "No: nudge {wrt} up and see where the output goes.",
    "sign.hint": "Does the output rise with {wrt}?",
}


class Sign(Fields):
    """A node, written as a text."""

    wrt: str


@dataclass(frozen=True, eq=False, kw_only=True)
class SignQuestion(Question):
    """One of three words."""


class SignKind(Kind[Sign, SignQuestion]):
    """Answers are a word."""

    name = "sign"
    form = Names
    fields = Sign
    short = "wrt"
    describes = "Is a gradient positive, negative or 0? `sign: x`"
    entered = Entered.OPTION
    slips = ("sign:turned",)

    def note_faults(self, notes: Notes, fields: Sign) -> None:
        """A node."""
        notes.must_be((), fields.wrt, notes.nodes)

    def build(self, asked: Asked[Sign]) -> SignQuestion:
        """By the sum of the entries."""
        name = asked.fields.wrt
        return SignQuestion(
            **asked.head(name),
            wrt=(name,),
            symbol=f"sign(d{name})",
            prompt=msg("sign.prompt"),
            typed=SIGNS[int(np.sign(np.sum(asked.run.gradients[name]))) + 1],
            skills=skills_of(asked.run.graph, self.name, [name]),
        )

    def check(self, drill: Drill, question: SignQuestion, text: str, earlier: Mapping[str, str]) -> Verdict:
        """The one word that is right."""
        if read_choice(text, SIGNS) == [question.typed]:
            return Verdict("right", msg("sign.right"))
        return Verdict("wrong", msg("sign.wrong", wrt=question.wrt[0]), "sign:turned", question.wrt[0])

    def preview(self, drill: Drill, question: SignQuestion, text: str) -> Preview:
        """The word."""
        return Preview(", ".join(read_choice(text, SIGNS)))

    def hints(self, drill: Drill, question: SignQuestion) -> list[Message]:
        """Five, as everywhere."""
        return [*[msg("sign.hint", wrt=question.wrt[0])] * 4, answer_hint(question)]
