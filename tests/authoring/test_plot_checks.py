"""`tutor check` warns of plots in which there is nothing to see."""

from pathlib import Path

import pytest

from tutor.authoring.lesson_check import check_file

DEEP = "graph:\n  a: tanh(w * x)\n  b: tanh(w * a)\n  f: b^2\n"
GIVEN = "title: {en: T, zh: 题}\ngiven: {x: 0.7, w: 1.3}\n"


def warnings(tmp_path: Path, text: str) -> list[tuple[str, int, int]]:
    path = tmp_path / "lesson.yaml"
    path.write_text(text, "utf-8")
    found = check_file(path)
    assert [each for each in found if each.severity == "error"] == []
    return [(each.code, each.line, each.column) for each in found if "plot" in each.code]


@pytest.mark.parametrize(
    ("plot", "graph", "code"),
    [
        ("gradient-check", "graph: {f: x * w + x}\n", "plot-linear"),
        ("gradient-check", "graph: {a: exp(x), f: stop_gradient(a) * w}\n", "plot-own-gradient"),
        ("gradient-check", "graph: {a: exp(x), f: a * w, g: a^2}\nupstream: {f: 2, g: -1}\n", "plot-several-outputs"),
        ("gradient-norms", "graph: {a: exp(x), f: a * w}\n", "plot-few-lines"),
        ("counts", "graph: {a: exp(x), f: a * w}\n", "plot-nothing-shared"),
    ],
)
def test_a_plot_that_shows_nothing_is_told_at_its_place(plot: str, graph: str, code: str, tmp_path: Path) -> None:
    assert warnings(tmp_path, f"{GIVEN}plots: [{plot}]\n{graph}") == [(code, 3, 9)]


def test_a_plot_asked_for_twice_is_told(tmp_path: Path) -> None:
    assert warnings(tmp_path, f"{GIVEN}plots: [timing, gradient-norms, timing]\n{DEEP}") == [("plot-twice", 3, 33)]


def test_plots_with_something_to_see_are_no_trouble(tmp_path: Path) -> None:
    assert warnings(tmp_path, f"{GIVEN}plots: [gradient-check, gradient-norms, counts, timing]\n{DEEP}") == []


def test_one_graph_of_several_that_shows_it_is_enough(tmp_path: Path) -> None:
    parts = (
        "title: {en: T, zh: 题}\nplots: [gradient-check]\nparts:\n"
        "  - given: {x: 2, y: 3}\n    graph: {f: x * y}\n"
        "  - given: {x: 0.7}\n    graph: {f: exp(x)}\n"
    )
    assert warnings(tmp_path, parts) == []
