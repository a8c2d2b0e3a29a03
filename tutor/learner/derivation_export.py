"""Derivations of a drill to keep: as text, as LaTeX, in a file."""

import re
from dataclasses import dataclass
from functools import cached_property
from itertools import count
from os.path import exists  # false, where Path.exists raises for a name that is too long
from pathlib import Path
from typing import Literal, TypeAlias

from tutor.drill.question import Question
from tutor.kinds.derivations import derivation_latex, derivation_text
from tutor.learner.session import Session

Form: TypeAlias = Literal["text", "latex"]
FORMS: tuple[Form, ...] = ("text", "latex")
_ENDINGS: dict[Form, str] = {"text": ".txt", "latex": ".tex"}


@dataclass(frozen=True)
class FinishedDerivation:
    """A derivation: the learner's own lines, or those that were shown as the answer."""

    session: Session
    question: Question
    lines: tuple[str, ...]

    @cached_property
    def text(self) -> str:
        """`∂s/∂b`, then `= ...` line by line."""
        return derivation_text(self.session.drill, self.question, self.lines)

    @cached_property
    def latex(self) -> str:
        """An `aligned` block for mathematics mode."""
        return derivation_latex(self.session.drill, self.question, self.lines)

    def in_form(self, form: Form) -> str:
        """One of the two."""
        return self.text if form == "text" else self.latex

    def save(self, folder: Path) -> tuple[Path, ...]:
        """Write a file of each form into `folder`; raises OSError. No other derivation is overwritten."""
        folder.mkdir(parents=True, exist_ok=True)
        texts = [(self.in_form(form) + "\n").encode() for form in FORMS]
        for number in count(1):
            name = f"{self._name}{f'-{number}' if number > 1 else ''}"
            paths = [folder / f"{name}{_ENDINGS[form]}" for form in FORMS]
            files = list(zip(paths, texts, strict=True))
            if all(not exists(path) or path.read_bytes() == text for path, text in files):
                break
        for path, text in files:
            path.write_bytes(text)
        return tuple(paths)

    @property
    def _name(self) -> str:
        """`one-layer-score-gradient-derive-b`; of a lesson outside the course its file's name."""
        lesson = self.session.drill.lesson.id
        lesson = Path(lesson).stem if lesson.endswith((".yaml", ".yml")) else lesson
        return re.sub(r"[^\w-]+", "-", f"{lesson} {self.question.id}").strip("-")


def derivations(session: Session) -> tuple[FinishedDerivation, ...]:
    """The derivations of a drill as far as they have come, in its order."""
    kept = []
    for question, state in zip(session.drill.questions, session.states, strict=True):
        if question.entered.is_kept:
            lines = session.lines_of(question.id)
            if state.state == "shown" and question.typed is not None:
                lines = tuple(line.strip() for line in question.typed.split(";"))
            if lines:
                kept.append(FinishedDerivation(session, question, lines))
    return tuple(kept)


def derivation_of(session: Session, question: Question) -> FinishedDerivation | None:
    """The derivation that answers this question."""
    return next((kept for kept in derivations(session) if kept.question is question), None)
