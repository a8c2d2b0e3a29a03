"""`tutor grade`: verdicts on files of answers, as a table, JSON or CSV."""

import csv
import io
import re
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Executor
from os.path import isdir, isfile
from pathlib import Path
from unicodedata import normalize

from tutor.cli.cluster import executor_at
from tutor.cli.failure import Failure
from tutor.cli.grades import (
    COLUMNS,
    UNKNOWN,
    UNUSABLE,
    GradedFile,
    Handed,
    bad_answers,
    grade_handed,
    grade_text,
    unusable,
)
from tutor.cli.named_lessons import load
from tutor.cli.options import Options
from tutor.cli.output import aligned_table, write, write_data, write_json
from tutor.cli.progress import ProgressBar
from tutor.course.packed import PackedLesson
from tutor.course.worker_pool import Lost, WorkerPool, cores, shared
from tutor.folders.locate import LessonNotFoundError, find
from tutor.learner.error_log import log
from tutor.lesson.file.document import read_text
from tutor.lesson.file.problem import LessonError
from tutor.lesson.model import Lesson
from tutor.mistakes.mistake_ids import described_mistake
from tutor.places import named_path, places, real
from tutor.text import Language, Message, msg, say, visible

_SIGN = re.compile(r"\s*[=+\-@]")
_ALONE = 300  # fewer files are graded before other processes have started


def print_grades(
    argument: str, files: Sequence[str], options: Options, *, form: str, cluster: str | None = None
) -> int:
    """Grade every file; 0 when everything asked is right, 1 when not.

    Raises Failure for files of no use and unknown questions, after all else has been graded and printed.
    """
    lesson = load(argument, options.language)
    done = _grade(lesson, list(dict.fromkeys(files)), options, cluster)
    _PRINTERS[form](done, options, len(done) > 1)
    failures = [each.failure for each in done.values() if each.failure is not None]
    if failures:
        sys.stdout.flush()
        first, *others = failures
        raise Failure(*first.messages, quoted=first.quoted, also=others)
    return 0 if all(each.count("right") == len(each.grades) for each in done.values()) else 1


def _grade(lesson: Lesson, files: Sequence[str], options: Options, cluster: str | None) -> dict[str, GradedFile]:
    """All files in the order given."""
    texts: dict[str, str] = {}
    done: dict[str, GradedFile] = {}
    for file in files:
        try:
            texts[file] = _read(file, options)
        except Failure as failure:
            done[file] = unusable(failure, options)
    if cluster is not None:
        with executor_at(cluster) as pool:
            done |= _shared_out(lesson, texts, options, pool)
    elif len(texts) >= _ALONE:
        with WorkerPool(cores()) as pool:
            done |= _shared_out(lesson, texts, options, pool)
    else:
        done |= _in_turn(lesson, texts, options)
    return {file: _told_the_lesson(lesson, file, done[file], options) for file in files}


def _in_turn(lesson: Lesson, texts: Mapping[str, str], options: Options) -> dict[str, GradedFile]:
    done: dict[str, GradedFile] = {}
    faults: list[Exception] = []
    for file, text in texts.items():
        try:
            done[file] = grade_text(lesson, file, text, options)
        except Exception as error:  # one file that fails must not cost the class its results
            faults.append(error)
            done[file] = unusable(Failure(_fault(file, type(error).__name__)), options)
    if faults:
        log(*faults)
    return done


def _shared_out(lesson: Lesson, texts: Mapping[str, str], options: Options, pool: Executor) -> dict[str, GradedFile]:
    packed = PackedLesson.of(lesson.path)
    files = [*texts]
    bar = ProgressBar(options)
    done: dict[str, GradedFile] = {}
    faults: list[Exception] = []
    try:
        for k, graded in shared(grade_handed, [Handed(packed, file, texts[file], options) for file in files], pool):
            if isinstance(graded, Lost):
                faults += [graded.cause] if graded.cause is not None else []
                graded = unusable(Failure(_lost(files[k], graded)), options)
            done[files[k]] = graded
            bar.show(len(done), len(files))
    finally:
        bar.clear()
    if faults:
        log(*faults)
    return done


def _lost(file: str, lost: Lost) -> Message:
    if lost.error:
        return _fault(file, lost.error)
    return msg("cli.grading-late" if lost.late else "cli.grading-killed", file=file)


def _fault(file: str, error: str) -> Message:
    return msg("cli.fault-in-file", file=file, error=error, path=str(places().error_log))


def _read(file: str, options: Options) -> str:
    if isdir(file):
        raise Failure(msg("cli.answers-in-folder", folder=str(Path(file))))
    try:
        return read_text(Path(file))
    except LessonError as error:
        raise bad_answers(file, error, options) from None


def _told_the_lesson(lesson: Lesson, file: str, graded: GradedFile, options: Options) -> GradedFile:
    """What was graded, unless it was meant for another lesson."""
    named = graded.lesson
    try:
        if named is None or _is_meant(lesson, named, Path(file)):
            return graded
    except Exception as error:  # a name that no disk takes
        log(error)
        return unusable(Failure(_fault(file, type(error).__name__)), options)
    return unusable(Failure(msg("cli.other-lesson", file=file, lesson=named, asked=lesson.id)), options)


def _is_meant(lesson: Lesson, named: str, answers: Path) -> bool:
    """Whether a file of answers means this lesson: by its id, its path from here or from there, or its file name."""
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


def _print_json(done: Mapping[str, GradedFile], options: Options, several: bool) -> None:
    plain = {file: [one.as_row() for one in each.grades] for file, each in done.items()}
    write_json(plain if several else next(iter(plain.values())), options)


def _print_csv(done: Mapping[str, GradedFile], options: Options, several: bool) -> None:
    sheet = io.StringIO()
    writer = csv.writer(sheet, lineterminator="\n")
    writer.writerow(["file", "student", *COLUMNS])
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


def _print_table(done: Mapping[str, GradedFile], options: Options, several: bool) -> None:
    for file, each in done.items():
        if not each.is_graded and not several:
            continue  # told on standard error
        if several:
            write(f"{file} ({each.student}):" if each.student else f"{file}:", options)
        rows = [[visible(one.id), one.verdict, one.mistake or "", visible(one.message)] for one in each.grades]
        for line in aligned_table(rows) if rows else []:
            write(line, options)
        if each.is_graded:
            write(_right_of(each, options.language), options)
        if several:
            write("", options)
    for line in _of_the_class(done, options) if several else []:
        write(line, options)


def _right_of(each: GradedFile, language: Language) -> str:
    """How many are right, and of the others how many were left out or cannot be read."""
    text = say(msg("cli.right-of", right=each.count("right"), of=each.asked), language)
    apart = ("cli.unreadable-count", "unreadable"), ("cli.missing-count", "missing"), ("cli.unknown-count", UNKNOWN)
    counted = [(id, each.count(verdict)) for id, verdict in apart]
    return " ".join([text, *(say(msg(id, count=count), language) for id, count in counted if count)])


def _of_the_class(done: Mapping[str, GradedFile], options: Options) -> Iterator[str]:
    """How many answers are right in all, of which questions not all are, and each mistake with what it is and where."""
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
        name = " | ".join(say(described_mistake(one)[0], options.language) for one in mistake.split(" | "))
        rows.append([f"  {made[mistake].total():>{width}}", mistake, name, _places(made[mistake])])
    yield from aligned_table(rows)


def _hard_questions(done: Mapping[str, GradedFile], language: Language) -> Iterator[str]:
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
    yield from aligned_table(rows)


def _places(where: Counter[str]) -> str:
    """The questions in which a mistake was made, with how often where it was more than once."""
    return ", ".join(id if count == 1 else f"{id} ({count})" for id, count in where.most_common())


_PRINTERS = {"json": _print_json, "csv": _print_csv, "table": _print_table}
