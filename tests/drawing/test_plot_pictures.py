"""Plots as pictures and tables: what stands where, and what the caption says of it."""

import re

import pytest

from tutor.drawing.plot_pictures import Bar, Plot, bar_of, curve_lines, plot_of
from tutor.engine import Graph
from tutor.engine.studies import LineTime, Timing, study
from tutor.text import LANGUAGES, Message, say
from tutor.text.columns import display_width
from tutor.text.message import render


def plot(kind: str, lines: dict[str, str], **numbers: float) -> Plot:
    run = Graph.parse(lines).run(numbers)
    found = study(kind, run)
    assert found is not None
    return plot_of(found, run.graph.outputs)


def english(made: Plot) -> str:
    return say(made.caption, "en")


def deep(formula: str) -> dict[str, str]:
    return {"h1": formula.format("x")} | {f"h{k}": formula.format(f"h{k - 1}") for k in range(2, 9)}


def test_both_curves_stand_in_one_frame_of_the_size_asked_for() -> None:
    made = plot("gradient-check", {"f": "exp(x)"}, x=1.0)
    assert made.axes is not None
    lines = curve_lines(made.axes, 72, 14)
    assert len(lines) == 14
    assert max(map(display_width, lines)) <= 72
    drawn = "\n".join(lines)
    assert "\x1b" not in drawn
    inside = "\n".join(re.split("[│┤]", line, maxsplit=1)[-1] for line in lines[1:-2])
    # Thirteen steps; where the curves meet, the mark drawn last covers the other.
    assert 10 <= inside.count("2") <= 13
    assert 6 <= inside.count("1") <= 13
    assert lines[-1].split() == ["1e-12", "1e-10", "1e-8", "1e-6", "1e-4", "1e-2", "1"]


def test_the_one_sided_error_is_drawn_above_the_two_sided_at_large_steps() -> None:
    made = plot("gradient-check", {"f": "exp(x)"}, x=1.0)
    assert made.axes is not None
    lines = curve_lines(made.axes, 72, 20)
    right = max(line.rfind("2") for line in lines[1:-2])
    column = [line[: right + 1] for line in lines[1:-2]]
    rows = {mark: [k for k, line in enumerate(column) if line.rfind(mark) > right - 20] for mark in "12"}
    assert rows["1"][0] < rows["2"][0]


def test_the_numbers_of_the_check_are_a_table() -> None:
    made = plot("gradient-check", {"f": "x^2"}, x=3.0)
    assert [render(cell, "en") for cell in made.head] == ["h", "one-sided", "two-sided"]
    assert len(made.rows) == 13
    # (3 + h)^2 rises by 6h + h^2: one-sided off by h, that is h/6 of the slope; two-sided exact.
    assert made.rows[1] == ("1e-1", "0.0167", made.rows[1][2])
    assert float(str(made.rows[1][2])) < 1e-12


@pytest.mark.parametrize(
    ("formula", "said"),
    [("exp(x)", "near h = 1e-8"), ("x^2", "nothing beyond a square"), ("3 * x", "linear in x")],
)
def test_the_caption_says_what_is_to_be_seen(formula: str, said: str) -> None:
    assert said in english(plot("gradient-check", {"f": formula}, x=1.0))


def test_one_entry_of_an_array_is_named_by_its_place() -> None:
    run = Graph.parse({"f": "sum(exp(W))"}).run({"W": [[0.5, 2.0]]})
    found = study("gradient-check", run)
    assert found is not None
    assert re.search(r"∂f/∂W\[0, [01]\]", english(plot_of(found, run.graph.outputs)))


@pytest.mark.parametrize(
    ("formula", "x", "said"),
    [
        ("sigmoid({} * 2)", 1.0, "vanishes"),
        ("{} * 3", 1.0, "explodes"),
        ("{} + 1", 1.0, "keeps its size"),
        ("relu({} - 1)", 0.5, "is 0"),
    ],
)
def test_the_caption_says_what_becomes_of_the_gradient(formula: str, x: float, said: str) -> None:
    assert said in english(plot("gradient-norms", deep(formula), x=x))


def test_sizes_of_many_powers_of_ten_get_an_axis_of_powers_and_others_one_from_0() -> None:
    vanishing = plot("gradient-norms", deep("sigmoid({} * 2)"), x=1.0)
    assert vanishing.axes is not None
    assert {text for _, text in vanishing.axes.up} >= {"1", "1e-2"}
    steady = plot("gradient-norms", deep("{} * 1.1"), x=1.0)
    assert steady.axes is not None
    assert steady.axes.up[0] == (0.0, "0")


def test_a_gradient_may_shrink_to_the_smallest_numbers_there_are() -> None:
    lines = {"h1": "x * 0.01"} | {f"h{k}": f"h{k - 1} * 0.01" for k in range(2, 150)}
    made = plot("gradient-norms", lines, x=1.0)
    assert made.axes is not None
    assert made.axes.curves[0].points[-1][1] == pytest.approx(-2 * 148)
    drawn = curve_lines(made.axes, 72, 14)
    assert "1e-296" in drawn[-4] + drawn[-3] + drawn[-2]


def test_the_lines_stand_from_the_output_back() -> None:
    made = plot("gradient-norms", {"a": "x * y", "b": "tanh(a)", "c": "b^2"}, x=0.5, y=2.0)
    assert made.axes is not None
    last = curve_lines(made.axes, 60, 12)[-1].split()
    assert last == ["c", "b", "a"]
    # The caption and the picture speak of the lines; the rows of inputs say that they are inputs.
    assert [row[0] for row in made.rows[:3]] == ["c", "b", "a"]
    assert [say(row[0], "en") for row in made.rows[3:] if isinstance(row[0], Message)] == ["input x", "input y"]


def test_names_that_are_two_cells_wide_are_numbered_in_the_picture() -> None:
    made = plot("gradient-norms", {"隐藏": "x * y", "输出": "tanh(隐藏)"}, x=0.5, y=2.0)
    assert made.axes is not None
    assert curve_lines(made.axes, 60, 12)[-1].split() == ["1", "2"]
    assert made.rows[0][0] == "输出"


def test_a_dead_graph_has_a_table_and_no_picture_of_zeros() -> None:
    made = plot("gradient-norms", {"a": "relu(x)", "b": "a * 0"}, x=-1.0)
    assert made.axes is not None  # the output's own gradient is 1
    assert [row[1] for row in made.rows] == ["1", "0", "0"]


def test_counts_are_bars_and_rows_with_the_same_numbers() -> None:
    made = plot("counts", {"h1": "w * x", "h2": "w * h1", "f": "w * h2"}, w=2, x=3)
    assert [bar.value for bar in made.bars] == [3, 0, 4, 2, 5, 2, 5, 2]
    assert [tuple(render(cell, "en") for cell in row) for row in made.rows] == [
        ("forward", "3", "0"),
        ("backward, shared", "4", "2"),
        ("backward, input by input", "5", "2"),
        ("backward, path by path", "5", "2"),
    ]
    assert "takes 6 operations" in english(made)


def test_times_are_told_in_units_that_fit() -> None:
    made = plot_of(Timing((LineTime("a", 2e-9, 3.14159e-6), LineTime("b", 0.0025, 1.5))), ("b",))
    assert [row[1:] for row in made.rows] == [("2 ns", "3.14 µs"), ("2.5 ms", "1.5 s"), ("2.5 ms", "1.5 s")]
    assert "600.0 times as long" in english(made)


def test_of_a_long_graph_the_slowest_lines_are_drawn_and_all_are_listed() -> None:
    lines = tuple(LineTime(f"h{k}", 1e-6 * (k % 7), 1e-6) for k in range(40))
    made = plot_of(Timing(lines), ("h39",))
    drawn = [bar.label for bar in made.bars if bar.label]
    assert len(drawn) == 12
    assert drawn == sorted(drawn, key=lambda name: int(str(name)[1:]))
    assert len(made.rows) == 41


@pytest.mark.parametrize(
    ("value", "most", "drawn"),
    [(10, 10, "━━━━━━━━━━"), (5, 10, "━━━━━"), (4.6, 10, "━━━━╸"), (0.001, 10, "╸"), (0, 10, ""), (0, 0, "")],
)
def test_a_bar_is_as_long_as_its_share(value: float, most: float, drawn: str) -> None:
    assert bar_of(Bar("a", "+", value, str(value)), most, 10) == drawn


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", ["gradient-check", "gradient-norms", "counts", "timing"])
def test_every_plot_has_a_caption_of_one_sentence_in_both_languages(kind: str, language: str) -> None:
    caption = say(plot(kind, deep("sigmoid({} * 2)"), x=1.0).caption, language)  # type: ignore[arg-type]
    assert caption.endswith("." if language == "en" else "。")
    assert len(re.findall(r"[.。](\s|$)|。", caption)) == 1
    assert "{" not in caption


def test_pictures_may_be_drawn_by_several_threads() -> None:
    from concurrent.futures import ThreadPoolExecutor

    made = [plot("gradient-norms", deep(formula), x=1.0).axes for formula in ("{} * 3", "sigmoid({} * 2)")]
    alone = [curve_lines(axes, 60, 12) for axes in made if axes is not None]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda k: curve_lines(made[k % 2], 60, 12), range(20)))  # type: ignore[arg-type]
    assert together == [alone[k % 2] for k in range(20)]
