"""What the course lists of a lesson besides its own words: how many questions, and which skills they practise."""

from typing import TYPE_CHECKING

from tutor.lesson.course import Described

if TYPE_CHECKING:
    from tutor.lesson.model import Lesson


def describe(lesson: "Lesson") -> Described:
    """Questions and skills of a lesson, for `refresh_index`."""
    from tutor.drill.building import build
    from tutor.lesson.draws import draw

    drill = build(lesson, 0, tuple(draw(part, 0) for part in lesson.parts))
    skills = dict.fromkeys(skill for question in drill.all_questions for skill in question.skills)
    return Described(len(drill.questions), tuple(skills))
