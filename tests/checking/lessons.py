"""Lessons for these tests, from a few lines of YAML, and the bundled ones."""

from functools import cache
from pathlib import Path

from tutor.checking import Verdict
from tutor.drill.question import Drill
from tutor.kinds import build, check, load, load_text
from tutor.lesson.model import Lesson
from tutor.places import bundled_lessons


def lesson(text: str) -> Lesson:
    return load_text("title: Test\n" + text, Path("/nowhere/test.yaml"))


@cache
def drill(text: str, seed: int = 0) -> Drill:
    return build(lesson(text), seed)


@cache
def bundled(id: str, seed: int = 0) -> Drill:
    return build(load(bundled_lessons() / f"{id}.yaml"), seed)


BUNDLED = sorted(
    path.relative_to(bundled_lessons()).with_suffix("").as_posix()
    for path in bundled_lessons().rglob("*.yaml")
    if path.name != "unit.yaml"
)


def verdict(drill: Drill, id: str, typed: str, earlier: dict[str, str] | None = None) -> Verdict:
    return check(drill, drill.by_id[id], typed, earlier)


def judged(drill: Drill, id: str, typed: str) -> tuple[str, str | None]:
    """Kind and mistake of an answer's verdict."""
    found = verdict(drill, id, typed)
    return found.kind, found.mistake


# s = uᵀ tanh(W x + b) with numbers of our own, sizes 3 and 2, so that gradients can be written out with NumPy.
NET = """
sizes: {n: 3, m: 2}
given:
  x: {shape: [m, 1], value: [[2], [-1]]}
  W: {shape: [n, m], value: [[0.3, -0.2], [0.5, 0.4], [-0.1, 0.7]]}
  b: {shape: [n, 1], value: [[0.1], [-0.3], [0.2]]}
  u: {shape: [n, 1], value: [[2], [-3], [1]]}
graph:
  z: W @ x + b
  h: tanh(z)
  s: u.T @ h
"""
