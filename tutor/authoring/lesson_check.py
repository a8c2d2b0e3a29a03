"""`tutor check`: everything that can be known of a lesson without a learner, as problems at their places."""

import math
from collections.abc import Callable
from dataclasses import replace
from itertools import chain
from pathlib import Path

import numpy as np

from tutor.authoring.ambiguity_report import report_ambiguity
from tutor.authoring.diagnostics import Diagnostics
from tutor.authoring.mistake_collisions import MistakeCollisions, mistake_collisions
from tutor.authoring.number_checks import SEEDS as NUMBER_SEEDS
from tutor.authoring.number_checks import check_numbers
from tutor.authoring.question_checks import check_answers, check_sizes
from tutor.authoring.translation_checks import check_texts
from tutor.course.packed import PackedLesson
from tutor.folders.locate import LessonNotFoundError
from tutor.folders.scan import UNIT_FILE
from tutor.lesson.file.document import Document, parse_document, read_text
from tutor.lesson.file.problem import LessonError, Problem, nearest
from tutor.lesson.graph.named_sizes import shape_of
from tutor.lesson.loading import load_unit
from tutor.lesson.model import Part
from tutor.lesson.numbers.draws import draw
from tutor.text import msg

SEEDS = 50
_FEW_SEEDS = 3
_FEW_SEEDS_WORK = 10_000
_ALL_SEEDS_WORK = 2_000  # ops and hundreds of entries up to which a part is looked at with all seeds
_DRILLS = 2  # of which every question is answered


def check_file(path: Path) -> tuple[Problem, ...]:
    """Everything wrong with a lesson or a `unit.yaml`, errors first, in the order of the file."""
    if path.name == UNIT_FILE:
        return _found(path, lambda: _check_unit(path))
    return _found(path, lambda: check_lesson(Diagnostics.with_file(path)))


def check_packed(packed: PackedLesson) -> tuple[Problem, ...]:
    """The same of a lesson that was read elsewhere."""
    return _found(packed.path, lambda: check_lesson(Diagnostics.with_packed(packed)))


def _found(path: Path, check: Callable[[], tuple[Problem, ...]]) -> tuple[Problem, ...]:
    try:
        return check()
    except LessonError as error:
        return error.problems
    except Exception as error:  # one lesson that trips us must not hide what is wrong with the others
        document = Document(str(path), "")
        document.report_at(0, msg("authoring.our-fault", error=type(error).__name__))
        return tuple(document.problems)


@np.errstate(all="ignore")  # what is no finite number is told as a problem, not by warnings in the terminal
def check_lesson(diagnostics: Diagnostics) -> tuple[Problem, ...]:
    """Everything that is wrong with a lesson that loads."""
    check_texts(diagnostics.document)
    _check_requires(diagnostics)
    unfit = any(each.code == "numbers-not-fit" for each in diagnostics.lesson.warnings)
    found: list[MistakeCollisions | None] = []
    for part in diagnostics.lesson.parts:
        seeds = _seeds(part, unfit=unfit)
        draws = [draw(part, seed) for seed in range(min(seeds, NUMBER_SEEDS))]
        sound = check_numbers(diagnostics, part, draws)
        later = (draw(part, seed) for seed in range(len(draws), seeds))
        found.append(mistake_collisions(part, chain(draws, later)) if sound else None)
    if None not in found:
        diagnostics.replaced.add("values-not-finite")
        for part, each in zip(diagnostics.lesson.parts, found, strict=True):
            assert each is not None
            report_ambiguity(diagnostics, part, each)
            check_sizes(diagnostics, part)
        known = [each.best for each in found if each is not None]
        check_answers(diagnostics, [tuple(best[min(k, len(best) - 1)] for best in known) for k in range(_DRILLS)])
    elif any(each.code == "not-finite" for each in diagnostics.problems):
        diagnostics.replaced.add("values-not-finite")
    return diagnostics.problems


def _seeds(part: Part, *, unfit: bool) -> int:
    """50 seeds; a few where each of them takes long; one where the lesson chose the numbers."""
    if not any(given.drawn for given in (*part.given.values(), *part.upstream.values())):
        return 1
    entries = sum(math.prod(shape_of(given, part.sizes)) for given in part.given.values())
    work = len(part.graph.ops) * (1 + entries // 100)
    if work > _FEW_SEEDS_WORK:
        return 1
    # Where numbers are hard to find, every further seed costs as much as the first.
    return _FEW_SEEDS if unfit or work > _ALL_SEEDS_WORK else SEEDS


def _check_requires(diagnostics: Diagnostics) -> None:
    for k, id in enumerate(diagnostics.lesson.requires):
        if diagnostics.packed.resolve(id) is None:
            missing = LessonNotFoundError(id, diagnostics.packed.near(id))
            diagnostics.document.report(("requires", k), missing.message, severity="warning")


def _check_unit(path: Path) -> tuple[Problem, ...]:
    """A unit: what it names must be there, and what is there should be named."""
    text = read_text(path)
    unit = load_unit(text, path)
    document = parse_document(text, str(path))
    there = sorted(each.stem for each in path.parent.glob("*.yaml") if each.name != UNIT_FILE)
    for k, name in enumerate(unit.lessons):
        if name not in there:
            near = nearest(name, there)
            message = msg("authoring.unit-without-lesson", name=name)
            if near is not None:
                message = msg("authoring.unit-without-lesson-near", name=name, near=near)
            document.report(("lessons", k), message)
    left = [name for name in there if name not in unit.lessons]
    if unit.lessons and left:
        document.report_key(("lessons",), msg("authoring.unit-leaves-out", names=left), severity="warning")
    check_texts(document)
    return tuple(replace(each, file=str(path)) for each in document.refuse().problems)
