"""What the course lists of a lesson besides its own words: how many questions, and which skills they practise."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from tutor.lesson.course import Described
    from tutor.lesson.model import Lesson


def describe(text: str, path: "Path") -> "tuple[Lesson, Described]":
    """A lesson with its questions and skills, for `refresh_index`; raises LessonError."""
    from tutor.kinds import build, load_text
    from tutor.lesson.course import Described
    from tutor.lesson.draws import draw

    lesson = load_text(text, path)
    drill = build(lesson, 0, tuple(draw(part, 0) for part in lesson.parts))
    skills = dict.fromkeys(skill for question in drill.all_questions for skill in question.skills)
    return lesson, Described(len(drill.questions), tuple(skills))
