"""The verdicts on one file of answers, as they are printed; where they are found, no disk is looked at."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path

from tutor.checking import Verdict
from tutor.cli.failure import Failure
from tutor.cli.named_lessons import problem_lines
from tutor.cli.options import LARGEST_SEED, Options
from tutor.course.packed import PackedLesson
from tutor.drill.question import Drill
from tutor.kinds import build, check, missing
from tutor.lesson.file.answer_file import Answers, answers_in
from tutor.lesson.file.problem import LessonError
from tutor.lesson.model import Lesson
from tutor.text import Message, msg, say

UNKNOWN = "unknown"
"""Stands for the verdict where the lesson has no such question."""
UNUSABLE = "unusable"
"""Stands for the verdict, with no question, where a whole file cannot be graded."""

_LOOKED_FOR = 50  # unknown questions of a file for which the nearest are looked for


@dataclass(frozen=True, slots=True)
class Grade:
    """The verdict on one answer, as it is printed."""

    id: str
    verdict: str
    mistake: str | None
    node: str | None
    edit: str | None
    message: str

    def as_row(self) -> dict[str, str | None]:
        """The columns of the table by name."""
        return {name: getattr(self, name) for name in COLUMNS}


COLUMNS = tuple(field.name for field in fields(Grade))


@dataclass(frozen=True, slots=True)
class GradedFile:
    """One student's file with the verdicts on it."""

    student: str
    grades: list[Grade]
    failure: Failure | None = None
    """What is wrong with the file itself."""
    lesson: str | None = None
    """The lesson that it says it is of."""

    @property
    def is_graded(self) -> bool:
        """Whether the file could be used at all."""
        return all(one.verdict != UNUSABLE for one in self.grades)

    @property
    def asked(self) -> int:
        """How many questions were graded."""
        return sum(one.verdict not in (UNKNOWN, UNUSABLE) for one in self.grades)

    def count(self, verdict: str) -> int:
        """How many answers got a verdict."""
        return sum(one.verdict == verdict for one in self.grades)


@dataclass(frozen=True, slots=True)
class Handed:
    """A file of answers for a worker that may see no disk: the lesson, the file's name and text, the options."""

    lesson: PackedLesson
    file: str
    text: str
    options: Options


def grade_handed(handed: Handed) -> GradedFile:
    """The verdicts on it."""
    return grade_text(_loaded(handed.lesson), handed.file, handed.text, handed.options)


@lru_cache(maxsize=1)
def _loaded(lesson: PackedLesson) -> Lesson:
    return lesson.load()


def grade_text(lesson: Lesson, file: str, text: str, options: Options) -> GradedFile:
    """The verdict on every question of the lesson, in the drill's order; solved examples only where answered.

    Answers to questions that there are not stand at the end.
    """
    try:
        answers = answers_in(text, Path(file))
    except LessonError as error:
        return unusable(bad_answers(file, error, options), options)
    seed = (answers.seed or 0) if options.seed is None else options.seed
    if not 0 <= seed <= LARGEST_SEED:
        return unusable(Failure(msg("cli.bad-seed-in-file", file=file, seed=seed)), options, answers.lesson)
    drill = build(lesson, seed)
    grades = []
    earlier: dict[str, str] = {}
    for question in drill.all_questions:
        of_lines = answers.lines if question.entered.of_lines else {}
        typed = of_lines.get(question.id) or answers.typed.get(question.id, "")
        if typed.strip():
            grades.append(_graded(question.id, check(drill, question, typed, earlier), options))
            earlier[question.id] = typed
        elif not question.worked:
            grades.append(_graded(question.id, missing(question), options))
    unknown = _unknown(answers, drill)
    grades += [Grade(id, UNKNOWN, None, None, None, say(message, options.language)) for id, message in unknown.items()]
    return GradedFile(answers.student or "", grades, _failure(unknown) if unknown else None, answers.lesson)


def unusable(failure: Failure, options: Options, lesson: str | None = None) -> GradedFile:
    """A file that cannot be graded, so that its student is missed in no list."""
    texts = [*(say(message, options.language) for message in failure.messages), *failure.quoted[:1]]
    return GradedFile("", [Grade("", UNUSABLE, None, None, None, " ".join(texts))], failure, lesson)


def bad_answers(file: str, error: LessonError, options: Options) -> Failure:
    """A file of answers that cannot be read."""
    return Failure(msg("cli.bad-answers", file=file), quoted=problem_lines(error.problems, options.language))


def _graded(id: str, verdict: Verdict, options: Options) -> Grade:
    if options.quiet_feedback:
        return Grade(id, verdict.kind, None, None, None, "")
    return Grade(id, verdict.kind, verdict.mistake, verdict.node, verdict.edit, say(verdict.message, options.language))


def _unknown(answers: Answers, drill: Drill) -> dict[str, Message]:
    """What was answered although nobody asks it, each with the nearest questions."""
    file, known = str(answers.path), [question.id for question in drill.all_questions]
    found: dict[str, Message] = {}
    for id in answers.typed:
        if id in known:
            continue
        near = get_close_matches(id, known, n=3, cutoff=0.5) if len(found) < _LOOKED_FOR else []
        found[id] = (
            msg("cli.unknown-question-near", file=file, id=id, near=near)
            if near
            else msg("cli.unknown-question", file=file, id=id)
        )
    return found


def _failure(unknown: Mapping[str, Message]) -> Failure:
    """Questions that there are not; of very many the first, since all of them stand in the table."""
    first = list(unknown.values())[:_LOOKED_FOR]
    more = len(unknown) - len(first)
    return Failure(*first, *([msg("cli.unknown-more", count=more)] if more else []))
