"""`choose: {question: .., options: [..], right: 2, why: [..]}`: an option's number, each with its own explanation."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, TypeAlias

import numpy as np
from pydantic import Field, Tag

from tutor.checking.verdict import Preview, Verdict
from tutor.drill.question import Drill, Entered, Question
from tutor.expr import ParseError, Span, normalised
from tutor.kinds.kind import Asked, Kind, answer_hint
from tutor.lesson.ask_entries import Notes
from tutor.lesson.file.ask_schema import Fields
from tutor.lesson.file.schema_base import Number, Text, TextByLanguage, either
from tutor.text import LANGUAGES, Localised, Message, msg
from tutor.text.number_format import format_value

_NUMBER = re.compile(r"[(\[]?\s*0*(\d{1,9})\s*[.)\]]?")  # nobody counts so many options that more digits are needed
FEW = 6

Option: TypeAlias = Annotated[
    Annotated[str, Tag("<text>")] | Annotated[TextByLanguage, Tag("<map>")] | Annotated[Number, Tag("<number>")],
    either("text"),
]


class Choose(Fields):
    """A question with options to choose from."""

    question: Text = Field(description="What is asked: a text, or {en: .., zh: ..}.")
    options: Annotated[list[Option], Field(min_length=2)] = Field(
        description="What to choose from, at least two: texts, numbers, or {en: .., zh: ..}."
    )
    right: Annotated[int, Field(ge=1)] = Field(description="Which option is right, counted from 1.")
    why: list[Text] | None = Field(
        None, description="An explanation for each option, in the same order, shown after it was chosen."
    )


@dataclass(frozen=True, eq=False, kw_only=True)
class ChooseQuestion(Question):
    """The options, the number of the right one from 1, and an explanation for each, if the lesson has them."""

    options: tuple[Localised, ...]
    right: int
    why: tuple[Localised, ...]

    @property
    def answer(self) -> int:
        """The right option's number."""
        return self.right

    @property
    def terms(self) -> tuple[object, ...]:
        """How many options there are, and which is right."""
        return (len(self.options), self.right)


class ChooseKind(Kind[Choose, ChooseQuestion]):
    """Answers are the number of an option, or the option itself."""

    name = "choose"
    fields = Choose
    describes = "A question with options: `choose: {question: .., options: [..], right: 2}`"
    entered = Entered.OPTION
    names_nodes = False
    computes = False

    def note_faults(self, notes: Notes, fields: Choose) -> None:
        """Every option once, the right one among them, and a reason for each or none."""
        options, right, why = fields.options, fields.right, fields.why
        if right > len(options):
            notes.report(("right",), msg("lesson.right-not-an-option", right=right, count=len(options)))
        if why is not None and len(why) != len(options):
            notes.report(("why",), msg("lesson.why-for-each", count=len(options), given=len(why)))
        for k, option in enumerate(options):
            if option in options[:k]:
                notes.report(("options", k), msg("lesson.option-twice"))

    def build(self, asked: Asked[Choose]) -> ChooseQuestion:
        """The question and its options are details; what is typed is a number."""
        fields = asked.fields
        options = tuple(_text(option) for option in fields.options)
        shown = [msg("drill.option", number=k, text=option) for k, option in enumerate(options, start=1)]
        return ChooseQuestion(
            **asked.head(str(asked.nth)),
            options=options,
            right=fields.right,
            why=tuple(_text(why) for why in fields.why or ()),
            symbol="#",
            prompt=msg("drill.prompt-choose"),
            typed=str(fields.right),
            details=(msg("drill.about-choose", question=_text(fields.question)), *shown),
        )

    def check(self, drill: Drill, question: ChooseQuestion, text: str, earlier: Mapping[str, str]) -> Verdict:
        """Right or wrong with the option's own explanation; a number that is no option is free."""
        chosen = _read(question, text)
        why = question.why[chosen - 1] if question.why else None
        if chosen == question.right:
            return Verdict("right", msg("checking.right") if why is None else msg("checking.right-why", why=why))
        if why is None:
            return Verdict("wrong", msg("checking.wrong-option", option=question.options[chosen - 1]))
        return Verdict("wrong", msg("checking.wrong-why", why=why))

    def preview(self, drill: Drill, question: ChooseQuestion, text: str) -> Preview:
        """The chosen option, so that nobody picks the neighbour by accident; where it is translated, its number."""
        chosen = _read(question, text)
        option = question.options[chosen - 1]
        return Preview(f"{chosen}: {option.en}" if option.zh in (None, option.en) else str(chosen))

    def hints(self, drill: Drill, question: ChooseQuestion) -> list[Message]:
        """How to choose, one or two options less where enough are left, this drill's numbers to try, the answer."""
        part = drill.part_of(question)
        wrong = [number for number in range(1, len(question.options) + 1) if number != question.right]
        few = [name for name in (*part.graph.inputs, *part.graph.order) if np.size(part.run.values[name]) <= FEW]
        values = [f"{name} = {format_value(part.run.values[name])}" for name in few]
        return [
            msg("checking.hint-choose"),
            msg("checking.hint-choose-rule"),
            msg("checking.hint-choose-not", text=question.options[wrong[0] - 1])
            if len(wrong) > 1
            else msg("checking.hint-choose-small"),
            msg("checking.hint-choose-numbers", values=values or list(part.graph.order)),
            answer_hint(question),
        ]


def _read(question: ChooseQuestion, text: str) -> int:
    """The number of the option; raises ParseError for what is none."""
    said = normalised(text).strip()
    number = _NUMBER.fullmatch(said)
    if number is not None and 1 <= int(number.group(1)) <= len(question.options):
        return int(number.group(1))
    for place, option in enumerate(question.options, start=1):
        if said.casefold() in {option.in_(language).strip().casefold() for language in LANGUAGES}:
            return place
    raise ParseError(msg("checking.option-wanted", count=len(question.options)), Span(0, len(text)))


def _text(value: Any) -> Localised:
    """A text of the lesson in its languages; an option may be a number."""
    if isinstance(value, TextByLanguage):
        return Localised(value.en, value.zh)
    return Localised(value if isinstance(value, str) else format_value(value))
