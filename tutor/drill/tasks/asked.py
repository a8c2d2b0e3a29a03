"""What a builder of questions is given, and what all its questions have in common."""

from dataclasses import dataclass
from typing import Any

from tutor.drill.numbers import Runs
from tutor.drill.question import TaskQuestion
from tutor.engine import Run
from tutor.lesson.model import Ask, Draw, Lesson, Part
from tutor.text import Message


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """One entry of `ask` at a drill's numbers; `number` is the part's, `nth` counts questions of this kind from 1."""

    lesson: Lesson
    part: Part
    draw: Draw
    run: Run
    ask: Ask
    number: int
    nth: int
    worked: bool
    seed: int = 0

    @property
    def runs(self) -> Runs:
        """The same graph at other numbers."""
        return Runs(self.part, self.draw)

    def question(
        self,
        name: str,
        task: Any,
        *,
        symbol: str,
        prompt: Message,
        typed: str | None,
        skills: tuple[str, ...],
        details: tuple[Message, ...] = (),
        shape: tuple[int, ...] = (),
    ) -> TaskQuestion:
        """The question with the id `<kind> <name>`, in parts `k/<kind> <name>`."""
        prefix = f"{self.number + 1}/" if self.lesson.has_parts else ""
        return TaskQuestion(
            id=f"{prefix}{self.ask.kind} {name}",
            kind=self.ask.kind,
            part=self.number,
            of=self.ask.of,
            wrt=self.ask.wrt,
            shape=shape,
            symbol=symbol,
            prompt=prompt,
            typed=typed,
            skills=skills,
            details=details,
            worked=self.worked,
            task=task,
        )
