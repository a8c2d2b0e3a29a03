"""`tutor grade`: verdicts on files of answers, as a table, JSON or CSV."""

import csv
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING

from tutor.cli.failure import Failure
from tutor.cli.lessons import load, problem_lines
from tutor.cli.options import LARGEST_SEED, Options
from tutor.cli.printing import table, write
from tutor.text import Language, Message, msg, say

if TYPE_CHECKING:
    from tutor.checking import Verdict
    from tutor.drill.question import Drill
    from tutor.lesson.answers import Answers
    from tutor.lesson.model import Lesson


@dataclass(frozen=True, slots=True)
class Grade:
    """The verdict on one answer, as it is printed."""

    id: str
    verdict: str
    mistake: str | None
    node: str | None
    edit: str | None
    message: str


def print_grades(argument: str, files: Sequence[str], options: Options, *, form: str) -> int:
    """Grade every file; 0 when everything asked is right, 1 when not. Raises Failure for a file of no use."""
    lesson = load(argument, options.language)
    grades = {file: grade(lesson, file, options) for file in dict.fromkeys(files)}
    if form == "json":
        plain = {file: [asdict(one) for one in given] for file, given in grades.items()}
        print(json.dumps(plain if len(plain) > 1 else plain[files[0]], ensure_ascii=options.ascii, indent=2))
    elif form == "csv":
        _print_csv(grades)
    else:
        _print_table(grades, options)
    return 0 if all(one.verdict == "right" for given in grades.values() for one in given) else 1


def grade(lesson: "Lesson", file: str, options: Options) -> list[Grade]:
    """The verdict on every question of the lesson, in the drill's order; solved examples only where answered."""
    from tutor.checking import check
    from tutor.checking.check import missing
    from tutor.drill.building import build

    answers = _read(file, options.language)
    if answers.lesson not in (None, lesson.id):
        raise Failure(msg("cli.other-lesson", file=file, lesson=answers.lesson, asked=lesson.id))
    drill = build(lesson, _seed(answers) if options.seed is None else options.seed)
    _refuse_unknown(answers, drill)
    grades = []
    earlier: dict[str, str] = {}
    for question in drill.all_questions:
        typed = answers.typed.get(question.id, "")
        if typed.strip():
            grades.append(_graded(question.id, check(drill, question, typed, earlier), options))
            earlier[question.id] = typed
        elif not question.worked:
            grades.append(_graded(question.id, missing(question), options))
    return grades


def _graded(id: str, verdict: "Verdict", options: Options) -> Grade:
    if options.quiet_feedback:
        return Grade(id, verdict.kind, None, None, None, "")
    return Grade(id, verdict.kind, verdict.mistake, verdict.node, verdict.edit, say(verdict.message, options.language))


def _read(file: str, language: Language) -> "Answers":
    from tutor.lesson.answers import read_answers
    from tutor.lesson.problem import LessonError

    try:
        return read_answers(file)
    except LessonError as error:
        raise Failure(msg("cli.bad-answers", file=file), quoted=problem_lines(error.problems, language)) from None


def _seed(answers: "Answers") -> int:
    seed = answers.seed or 0
    if not 0 <= seed <= LARGEST_SEED:
        raise Failure(msg("cli.bad-seed-in-file", file=str(answers.path), seed=seed))
    return seed


def _refuse_unknown(answers: "Answers", drill: "Drill") -> None:
    file, known = str(answers.path), [question.id for question in drill.all_questions]
    problems: list[Message] = []
    for id in answers.typed:
        if id in known:
            continue
        near = get_close_matches(id, known, n=3, cutoff=0.5)
        problems.append(
            msg("cli.unknown-question-near", file=file, id=id, near=near)
            if near
            else msg("cli.unknown-question", file=file, id=id)
        )
    if problems:
        raise Failure(*problems)


def _print_table(grades: Mapping[str, Sequence[Grade]], options: Options) -> None:
    for file, given in grades.items():
        if len(grades) > 1:
            write(f"{file}:", options)
        rows = [[one.id, one.verdict, one.mistake or "", one.message] for one in given]
        for line in table(rows) if rows else []:
            write(line, options)
        right = sum(one.verdict == "right" for one in given)
        write(say(msg("cli.right-of", right=right, of=len(given)), options.language), options)


def _print_csv(grades: Mapping[str, Sequence[Grade]]) -> None:
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(["file", "id", "verdict", "mistake", "node", "edit", "message"])
    for file, given in grades.items():
        writer.writerows([file, *asdict(one).values()] for one in given)
