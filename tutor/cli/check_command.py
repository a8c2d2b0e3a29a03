"""`tutor check`: what is wrong with lessons, for people, or as JSON for editors and CI."""

from collections.abc import Sequence
from contextlib import nullcontext
from os.path import exists, isdir
from pathlib import Path
from typing import Any

from tutor.authoring.checked_files import check_files, lesson_files
from tutor.cli.cluster import executor_at
from tutor.cli.failure import Failure
from tutor.cli.named_lessons import find, problem_lines, readable
from tutor.cli.options import Options
from tutor.cli.output import write, write_json
from tutor.cli.progress import ProgressBar
from tutor.lesson.file.problem import Problem
from tutor.places import named_path
from tutor.text import Language, msg, say


def check(arguments: Sequence[str], options: Options, *, as_json: bool, cluster: str | None = None) -> int:
    """Check every file and folder; 1 where there is an error.

    Raises Failure where no path leads to a lesson; JSON has that among its errors.
    """
    paths, failures = _paths(arguments)
    if failures and not paths and not as_json:
        first, *others = failures.values()
        raise Failure(*first.messages, quoted=first.quoted, also=others)
    problems = [Problem(name, 1, 1, "error", "no-lesson", each.messages[0], "") for name, each in failures.items()]
    bar = ProgressBar(options)
    with nullcontext() if cluster is None else executor_at(cluster) as pool:
        try:
            for checked in check_files(paths, bar.show, pool):
                problems += checked.problems
        finally:
            bar.clear()
    errors = [each for each in problems if each.severity == "error"]
    warnings = [each for each in problems if each.severity == "warning"]
    if as_json:
        plain = [_plain(each, options.language) for each in problems]
        write_json(plain, options)
    else:
        _print(errors, warnings, len(paths), options)
    return 1 if errors else 0


def _paths(arguments: Sequence[str]) -> tuple[list[Path], dict[str, Failure]]:
    """The files of lessons, and what is wrong with every argument that leads to none."""
    found: list[Path] = []
    failures: dict[str, Failure] = {}
    for argument in arguments:
        try:
            found += _files(argument)
        except Failure as failure:
            failures[argument] = failure
    return list(dict.fromkeys(found)), failures


def _files(argument: str) -> list[Path]:
    path = named_path(argument)
    if not exists(path):
        path = find(argument)
    elif isdir(path):
        readable(path)
    files = lesson_files(path)
    if not files:
        raise Failure(msg("authoring.no-lessons-in", path=argument))
    return files


def _plain(problem: Problem, language: Language) -> dict[str, Any]:
    return {
        "file": problem.file,
        "line": problem.line,
        "column": problem.column,
        "severity": problem.severity,
        "code": problem.code,
        "message": say(problem.message, language),
    }


def _print(errors: "list[Problem]", warnings: "list[Problem]", files: int, options: Options) -> None:
    for heading, problems in (("authoring.errors", errors), ("authoring.warnings", warnings)):
        if problems:
            write(say(msg(heading), options.language), options)
            for line in problem_lines(problems, options.language):
                write(line, options)
            write("", options)
    counts = {"files": files, "errors": len(errors), "warnings": len(warnings)}
    text = msg("authoring.found", **counts) if errors or warnings else msg("authoring.clean", files=files)
    write(say(text, options.language), options)
