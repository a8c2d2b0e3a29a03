"""Which plots a drill shows: what the lesson asks for, once each, for every graph that has something to show."""

from pathlib import Path

from tutor.drill.drill_plots import drill_plots, variables_of
from tutor.drill.question import Drill
from tutor.kinds import build, load_text


def drill(text: str, seed: int = 0) -> Drill:
    return build(load_text(text, Path("lesson.yaml")), seed)


LESSON = "title: T\ngiven: {x: 2, t: {value: 3, shape: [], constant: true}}\ngraph:\n  a: exp(x) + t\n  f: a^2\n"


def test_a_lesson_without_plots_shows_none() -> None:
    assert list(drill_plots(drill(LESSON))) == []


def test_plots_come_in_the_lessons_order_and_once() -> None:
    shown = drill_plots(drill(LESSON + "plots: [counts, gradient-norms, counts]\n"))
    assert [(each.kind, each.part) for each in shown] == [("counts", 0), ("gradient-norms", 0)]


def test_every_part_has_plots_of_its_own() -> None:
    text = (
        "title: T\nplots: [gradient-check]\nparts:\n"
        "  - given: {x: 2}\n    graph: {f: exp(x)}\n"
        "  - given: {y: {shape: [2], labels: 3}, C: {shape: [3], value: [1, 2, 3], constant: true}}\n"
        "    graph: {g: 'sum(C[y])'}\n"
    )
    made = drill(text)
    assert [(each.part, each.study.wrt) for each in drill_plots(made)] == [(0, "x"), (1, "C")]  # type: ignore[union-attr]


def test_constants_of_the_problem_are_not_nudged() -> None:
    assert variables_of(drill(LESSON).parts[0]) == ("x",)
