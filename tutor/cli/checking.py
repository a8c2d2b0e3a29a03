"""`tutor check`: what is wrong with lessons, for people, or as JSON for editors and CI."""

from collections.abc import Sequence
from os.path import exists, isdir
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tutor.cli.failure import Failure
from tutor.cli.lessons import problem_lines
from tutor.cli.options import Options
from tutor.cli.printing import write, write_json
from tutor.cli.progress import Bar
from tutor.places import named_path
from tutor.text import Language, msg, say

if TYPE_CHECKING:
    from tutor.lesson.problem import Problem


def check(arguments: Sequence[str], options: Options, *, as_json: bool) -> int:
    """Check every file and folder; 1 where there is an error. Raises Failure for a path with no lesson."""
    from tutor.authoring.files import check_files

    paths = _paths(arguments)
    problems: list[Problem] = []
    bar = Bar(options)
    try:
        for checked in check_files(paths, bar.show):
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


def _paths(arguments: Sequence[str]) -> list[Path]:
    from tutor.authoring.files import lesson_files
    from tutor.cli.lessons import find, readable

    found: list[Path] = []
    for argument in arguments:
        path = named_path(argument)
        if not exists(path):
            path = find(argument)
        elif isdir(path):
            readable(path)
        files = lesson_files(path)
        if not files:
            raise Failure(msg("authoring.no-lessons-in", path=argument))
        found += files
    return list(dict.fromkeys(found))


def _plain(problem: "Problem", language: Language) -> dict[str, Any]:
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
