"""Lessons as they are named on the command line: found, loaded, or what is wrong with them."""

from collections.abc import Sequence
from os.path import isdir
from pathlib import Path
from typing import TYPE_CHECKING

from tutor.cli.failure import Failure
from tutor.cli.output import complain, display_width
from tutor.folders import locate
from tutor.lesson.file.problem import LessonError, Problem
from tutor.places import named_folders, named_path
from tutor.text import Language, Message, msg, say, visible

if TYPE_CHECKING:
    from tutor.lesson.model import Lesson


def find(name: str) -> Path:
    """The file of a lesson by its id or path; raises Failure with the nearest ids."""
    try:
        return locate.find(name)
    except locate.LessonNotFoundError as error:
        raise Failure(error.message) from None


def load(name: str, language: Language) -> "Lesson":
    """The lesson with this id or path; raises Failure with everything that is wrong with its file."""
    try:
        path = find(name)
    except Failure:
        tell_missing_folders(language)  # it may have been meant to be there
        raise
    from tutor import kinds

    try:
        return kinds.load(path)
    except LessonError as error:
        count = len(error.problems)
        raise Failure(
            msg("cli.broken-lesson", path=str(path), count=count), quoted=problem_lines(error.problems, language)
        ) from None


def tell_missing_folders(language: Language) -> None:
    """Say on standard error which folders of `TUTOR_LESSONS` are of no use; the others are used all the same."""
    for folder in named_folders():
        if not isdir(folder):
            complain(f"tutor: {say(msg('cli.lessons-folder-missing', folder=str(folder)), language)}")
        elif (closed := _closed(folder)) is not None:
            complain(f"tutor: {say(closed, language)}")


def find_or_folder(name: str) -> Path:
    """The file of a lesson, or a folder of lessons; raises Failure for what is neither, and for an unreadable one."""
    try:
        return locate.find(name)
    except locate.LessonNotFoundError as error:
        folder = named_path(name)
        if not isdir(folder):
            raise Failure(error.message) from None
    return readable(folder)


def folder_named(name: str) -> Path:
    """A folder; raises Failure for anything else."""
    folder = named_path(name)
    if not isdir(folder):
        raise Failure(msg("cli.not-a-folder", path=name))
    return readable(folder)


def readable(folder: Path) -> Path:
    """The folder; raises Failure where it cannot be looked into."""
    if (closed := _closed(folder)) is not None:
        raise Failure(closed)
    return folder


def _closed(folder: Path) -> Message | None:
    """Why a folder cannot be looked into, if it cannot."""
    try:
        next(folder.iterdir(), None)
    except OSError as error:
        return msg("cli.unreadable-folder", folder=str(folder), reason=error.strerror or "")
    return None


def problem_lines(problems: Sequence[Problem], language: Language) -> list[str]:
    """Problems of a file as people read them: place and sentence, the line, a caret below the spot."""
    lines: list[str] = []
    for problem in problems:
        lines.append(visible(f"{problem.file}:{problem.line}:{problem.column}: {say(problem.message, language)}"))
        if problem.quoted.strip():
            quoted = problem.quoted.rstrip()
            before = visible(quoted[: problem.column - 1])
            lines += [f"    {visible(quoted)}", f"    {' ' * display_width(before)}^"]
    return lines
