"""Hostile and mutated Python is read or refused at its place, in bounded time and memory; each run ends with counts."""

import ast
import resource
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import islice

import pytest

from tests.fuzz.python_files import forms, hostile, mutated
from tutor.authoring.declarations import declarations
from tutor.authoring.python.read_function import read_function
from tutor.lesson.file.problem import LessonError

SLOWEST = 10.0  # seconds of one file on a busy machine; alone it takes a tenth of that


@dataclass
class Counts:
    """What a run of the fuzzer found."""

    tries: int = 0
    read: int = 0
    failures: list[str] = field(default_factory=list)
    slowest: tuple[float, str] = (0.0, "")

    def __str__(self) -> str:
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)
        seconds, name = self.slowest
        return (
            f"{self.tries} tries, {self.read} read, {len(self.failures)} failures, slowest {seconds:.2f} s ({name}), "
            f"worst memory {memory:.0f} MB"
        )


def run(files: Iterable[tuple[str, str]]) -> Counts:
    counts = Counts()
    for name, text in files:
        for shapes in ("", "x: n,m"):
            start = time.process_time()
            try:
                read_function(text, "f.py", None, declarations(shapes))
                counts.read += 1
            except LessonError as refused:
                if not all(each.line >= 1 and each.column >= 1 for each in refused.problems):
                    counts.failures.append(f"{name}: refused at no place")
            except Exception as error:
                counts.failures.append(f"{name}: {type(error).__name__} {error}")
            counts.tries += 1
            counts.slowest = max(counts.slowest, (time.process_time() - start, name))
    print(counts)
    return counts


def every(files: Iterable[tuple[str, str]], step: int) -> Iterable[tuple[str, str]]:
    return islice(files, 0, None, step)


def test_hostile_python_is_read_or_refused() -> None:
    counts = run([*every(hostile(), 25), *mutated(20, seed=1)])
    assert counts.failures == []
    assert counts.slowest[0] < SLOWEST


@pytest.mark.thorough
def test_500_hostile_and_mutated_files_are_read_or_refused() -> None:
    counts = run([*hostile(), *mutated(500, seed=2)])
    assert counts.tries >= 1000
    assert counts.failures == []
    assert counts.slowest[0] < SLOWEST


def test_the_hostile_files_have_every_form_of_the_grammar() -> None:
    """But for names that Python has kept for what it wrote otherwise long ago."""
    known = {each.__name__ for kind in (ast.expr, ast.stmt) for each in kind.__subclasses__()}
    old = {each.__name__ for each in ast.Constant.__subclasses__()} | {
        "Num",
        "Str",
        "Bytes",
        "NameConstant",
        "Ellipsis",
    }
    newer = {"TryStar", "TypeAlias", "TemplateStr", "Interpolation"}  # of Python 3.11 and later
    assert known - forms() - old - newer == set()
