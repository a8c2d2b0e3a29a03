"""`tutor grade`: verdicts on files of answers, as a table, JSON or CSV."""

import csv
import json
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
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


@dataclass(frozen=True, slots=True)
class Graded:
    """One student's file with the verdicts on it."""

    student: str
    grades: list[Grade]

    @property
    def right(self) -> int:
        """How many answers are right."""
        return sum(one.verdict == "right" for one in self.grades)


def print_grades(argument: str, files: Sequence[str], options: Options, *, form: str) -> int:
    """Grade every file; 0 when everything asked is right, 1 when not.

    Raises Failure for files of no use, after the others have been graded and printed.
    """
    lesson = load(argument, options.language)
    done: dict[str, Graded] = {}
    failures: list[Failure] = []
    for file in dict.fromkeys(files):
        try:
            done[file] = grade(lesson, file, options)
        except Failure as failure:
            failures.append(failure)
    several = len(dict.fromkeys(files)) > 1
    if done or (several and form != "table"):
        _PRINTERS[form](done, options, several)
    if failures:
        sys.stdout.flush()
        first, *others = failures
        raise Failure(*first.messages, quoted=first.quoted, also=others)
    return 0 if all(each.right == len(each.grades) for each in done.values()) else 1


def grade(lesson: "Lesson", file: str, options: Options) -> Graded:
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
    return Graded(answers.student or "", grades)


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


def _print_json(done: Mapping[str, Graded], options: Options, several: bool) -> None:
    plain = {file: [asdict(one) for one in each.grades] for file, each in done.items()}
    print(json.dumps(plain if several else next(iter(plain.values())), ensure_ascii=options.ascii, indent=2))


def _print_csv(done: Mapping[str, Graded], options: Options, several: bool) -> None:
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(["file", "student", *(field.name for field in fields(Grade))])
    for file, each in done.items():
        writer.writerows([file, each.student, *asdict(one).values()] for one in each.grades)


def _print_table(done: Mapping[str, Graded], options: Options, several: bool) -> None:
    for file, each in done.items():
        if several:
            write(f"{file} ({each.student}):" if each.student else f"{file}:", options)
        rows = [[one.id, one.verdict, one.mistake or "", one.message] for one in each.grades]
        for line in table(rows) if rows else []:
            write(line, options)
        write(say(msg("cli.right-of", right=each.right, of=len(each.grades)), options.language), options)
        if several:
            write("", options)
    for line in _of_the_class(done, options) if several else []:
        write(line, options)


def _of_the_class(done: Mapping[str, Graded], options: Options) -> Iterator[str]:
    """How many answers are right in all, and each mistake with how often and where it was made, the commonest first."""
    right, asked = sum(each.right for each in done.values()), sum(len(each.grades) for each in done.values())
    yield say(msg("cli.class-right-of", right=right, of=asked, files=len(done)), options.language)
    made: dict[str, Counter[str]] = {}
    for each in done.values():
        for one in each.grades:
            if one.mistake is not None and one.verdict != "right":
                made.setdefault(one.mistake, Counter())[one.id] += 1
    if not made:
        return
    yield say(msg("cli.class-mistakes"), options.language)
    commonest = sorted(made, key=lambda mistake: (-made[mistake].total(), mistake))
    width = max(len(str(where.total())) for where in made.values())
    yield from table(
        [[f"  {made[mistake].total():>{width}}", mistake, _places(made[mistake])] for mistake in commonest]
    )


def _places(where: Counter[str]) -> str:
    """The questions in which a mistake was made, with how often where it was more than once."""
    return ", ".join(id if count == 1 else f"{id} ({count})" for id, count in where.most_common())


_PRINTERS = {"json": _print_json, "csv": _print_csv, "table": _print_table}
