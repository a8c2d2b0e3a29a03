"""`tutor grade`: verdicts on files of answers, as a table, JSON or CSV."""

import csv
import io
import re
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from difflib import get_close_matches
from os.path import isdir, isfile
from pathlib import Path
from typing import TYPE_CHECKING
from unicodedata import normalize

from tutor.cli.failure import Failure
from tutor.cli.lessons import load, problem_lines
from tutor.cli.options import LARGEST_SEED, Options
from tutor.cli.printing import table, write, write_data, write_json
from tutor.learner.error_log import log
from tutor.places import named_path, places, real
from tutor.text import Language, Message, msg, say, visible

if TYPE_CHECKING:
    from tutor.checking import Verdict
    from tutor.drill.question import Drill
    from tutor.lesson.answers import Answers
    from tutor.lesson.model import Lesson

UNKNOWN = "unknown"
"""Stands for the verdict where the lesson has no such question."""
UNUSABLE = "unusable"
"""Stands for the verdict, with no question, where a whole file cannot be graded."""

_LOOKED_FOR = 50  # unknown questions of a file for which the nearest are looked for
_SIGN = re.compile(r"\s*[=+\-@]")


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
        return {name: getattr(self, name) for name in _COLUMNS}


_COLUMNS = tuple(field.name for field in fields(Grade))


@dataclass(frozen=True, slots=True)
class Graded:
    """One student's file with the verdicts on it."""

    student: str
    grades: list[Grade]
    failure: Failure | None = None
    """What is wrong with the file itself."""

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


def print_grades(argument: str, files: Sequence[str], options: Options, *, form: str) -> int:
    """Grade every file; 0 when everything asked is right, 1 when not.

    Raises Failure for files of no use and unknown questions, after all else has been graded and printed.
    """
    lesson = load(argument, options.language)
    done: dict[str, Graded] = {}
    faults: list[Exception] = []
    for file in dict.fromkeys(files):
        try:
            done[file] = grade(lesson, file, options)
        except Failure as failure:
            done[file] = _unusable(failure, options)
        except Exception as error:  # one file that fails must not cost the class its results
            faults.append(error)
            done[file] = _unusable(Failure(_fault(file, error)), options)
    if faults:
        log(*faults)
    _PRINTERS[form](done, options, len(done) > 1)
    failures = [each.failure for each in done.values() if each.failure is not None]
    if failures:
        sys.stdout.flush()
        first, *others = failures
        raise Failure(*first.messages, quoted=first.quoted, also=others)
    return 0 if all(each.count("right") == len(each.grades) for each in done.values()) else 1


def grade(lesson: "Lesson", file: str, options: Options) -> Graded:
    """The verdict on every question of the lesson, in the drill's order; solved examples only where answered.

    Answers to questions that there are not stand at the end. Raises Failure for a file that cannot be used at all.
    """
    from tutor.kinds import build, check, missing

    answers = _read(file, options.language)
    if answers.lesson is not None and not _is_meant(lesson, answers.lesson, answers.path):
        raise Failure(msg("cli.other-lesson", file=file, lesson=answers.lesson, asked=lesson.id))
    drill = build(lesson, _seed(answers) if options.seed is None else options.seed)
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
    return Graded(answers.student or "", grades, _failure(unknown) if unknown else None)


def _failure(unknown: Mapping[str, Message]) -> Failure:
    """Questions that there are not; of very many the first, since all of them stand in the table."""
    first = list(unknown.values())[:_LOOKED_FOR]
    more = len(unknown) - len(first)
    return Failure(*first, *([msg("cli.unknown-more", count=more)] if more else []))


def _fault(file: str, error: Exception) -> Message:
    return msg("cli.fault-in-file", file=file, error=type(error).__name__, path=str(places().error_log))


def _unusable(failure: Failure, options: Options) -> Graded:
    """A file that cannot be graded, so that its student is missed in no list."""
    texts = [*(say(message, options.language) for message in failure.messages), *failure.quoted[:1]]
    return Graded("", [Grade("", UNUSABLE, None, None, None, " ".join(texts))], failure)


def _is_meant(lesson: "Lesson", named: str, answers: Path) -> bool:
    """Whether a file of answers means this lesson: by its id, its path from here or from there, or its file name."""
    from tutor.lesson.course import LessonNotFoundError, find

    if named == lesson.id:
        return True
    path = named_path(named)
    if not path.name:  # nothing, a dot or a slash
        return False
    if path.parent == Path() and named in (lesson.path.name, lesson.path.stem):
        return True
    here = (path, answers.parent / path)
    there = [file for each in here for file in (each, each.with_name(f"{path.name}.yaml")) if isfile(file)]
    if not there:
        try:
            there = [find(named)]
        except LessonNotFoundError:
            return path.suffix != "" and path.name == lesson.path.name  # the path it had where it was answered
    return real(lesson.path) in [real(file) for file in there]


def _graded(id: str, verdict: "Verdict", options: Options) -> Grade:
    if options.quiet_feedback:
        return Grade(id, verdict.kind, None, None, None, "")
    return Grade(id, verdict.kind, verdict.mistake, verdict.node, verdict.edit, say(verdict.message, options.language))


def _read(file: str, language: Language) -> "Answers":
    from tutor.lesson.answers import read_answers
    from tutor.lesson.problem import LessonError

    if isdir(file):
        raise Failure(msg("cli.answers-in-folder", folder=str(Path(file))))
    try:
        return read_answers(file)
    except LessonError as error:
        raise Failure(msg("cli.bad-answers", file=file), quoted=problem_lines(error.problems, language)) from None


def _seed(answers: "Answers") -> int:
    seed = answers.seed or 0
    if not 0 <= seed <= LARGEST_SEED:
        raise Failure(msg("cli.bad-seed-in-file", file=str(answers.path), seed=seed))
    return seed


def _unknown(answers: "Answers", drill: "Drill") -> dict[str, Message]:
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


def _print_json(done: Mapping[str, Graded], options: Options, several: bool) -> None:
    plain = {file: [one.as_row() for one in each.grades] for file, each in done.items()}
    write_json(plain if several else next(iter(plain.values())), options)


def _print_csv(done: Mapping[str, Graded], options: Options, several: bool) -> None:
    sheet = io.StringIO()
    writer = csv.writer(sheet, lineterminator="\n")
    writer.writerow(["file", "student", *_COLUMNS])
    for file, each in done.items():
        writer.writerows(map(_cell, [file, each.student, *one.as_row().values()]) for one in each.grades)
    write_data(sheet.getvalue().encode())


def _cell(text: str | None) -> str | None:
    """A text as a spreadsheet shows it: what begins like a formula, as the edit `-dz -> dz`, would be computed.

    Spreadsheets skip blanks before a formula, and take signs of every width.
    """
    if text is None:
        return None
    shown = visible(text)
    return f"'{shown}" if _SIGN.match(normalize("NFKC", text)) else shown


def _print_table(done: Mapping[str, Graded], options: Options, several: bool) -> None:
    for file, each in done.items():
        if not each.is_graded and not several:
            continue  # told on standard error
        if several:
            write(f"{file} ({each.student}):" if each.student else f"{file}:", options)
        rows = [[visible(one.id), one.verdict, one.mistake or "", visible(one.message)] for one in each.grades]
        for line in table(rows) if rows else []:
            write(line, options)
        if each.is_graded:
            write(_right_of(each, options.language), options)
        if several:
            write("", options)
    for line in _of_the_class(done, options) if several else []:
        write(line, options)


def _right_of(each: Graded, language: Language) -> str:
    """How many are right, and of the others how many were left out or cannot be read."""
    text = say(msg("cli.right-of", right=each.count("right"), of=each.asked), language)
    apart = ("cli.unreadable-count", "unreadable"), ("cli.missing-count", "missing"), ("cli.unknown-count", UNKNOWN)
    counted = [(id, each.count(verdict)) for id, verdict in apart]
    return " ".join([text, *(say(msg(id, count=count), language) for id, count in counted if count)])


def _of_the_class(done: Mapping[str, Graded], options: Options) -> Iterator[str]:
    """How many answers are right in all, of which questions not all are, and each mistake with what it is and where."""
    from tutor.mistakes.names import described

    right, asked = sum(each.count("right") for each in done.values()), sum(each.asked for each in done.values())
    graded = sum(each.is_graded for each in done.values())
    id = "cli.class-right-of" if graded == len(done) else "cli.class-right-of-some"
    yield say(msg(id, right=right, of=asked, files=len(done), graded=graded), options.language)
    yield from _hard_questions(done, options.language)
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
    rows: list[list[str]] = []
    for mistake in commonest:
        # Where two explain an answer equally well its mistake is `a | b`, and so is what they are called.
        name = " | ".join(say(described(one)[0], options.language) for one in mistake.split(" | "))
        rows.append([f"  {made[mistake].total():>{width}}", mistake, name, _places(made[mistake])])
    yield from table(rows)


def _hard_questions(done: Mapping[str, Graded], language: Language) -> Iterator[str]:
    """Each question that somebody has not right, with how many have, the hardest first."""
    asked: Counter[str] = Counter()
    right: Counter[str] = Counter()
    for each in done.values():
        known = [one for one in each.grades if one.verdict not in (UNKNOWN, UNUSABLE)]
        asked.update(one.id for one in known)
        right.update(one.id for one in known if one.verdict == "right")
    hard = sorted((id for id in asked if right[id] < asked[id]), key=lambda id: right[id] / asked[id])
    if not hard:
        return
    yield say(msg("cli.class-hardest"), language)
    width = max(len(str(right[id])) for id in hard)
    rows = [[say(msg("cli.class-question", right=f"{right[id]:>{width}}", of=asked[id]), language), id] for id in hard]
    yield from table(rows)


def _places(where: Counter[str]) -> str:
    """The questions in which a mistake was made, with how often where it was more than once."""
    return ", ".join(id if count == 1 else f"{id} ({count})" for id, count in where.most_common())


_PRINTERS = {"json": _print_json, "csv": _print_csv, "table": _print_table}
