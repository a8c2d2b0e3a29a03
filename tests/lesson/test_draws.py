"""Numbers: the same from the same seed everywhere, fit for hand work, generic for formulas, near for names."""

import json
import os
import random
import subprocess
import sys
from functools import cache
from itertools import chain, islice
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutor.kinds import load_text
from tutor.lesson.model import Part
from tutor.lesson.numbers.draws import draw, draws, perturbed_draws
from tutor.lesson.numbers.fresh_draws import fresh_draws, sizes_can_change
from tutor.lesson.numbers.samplers import RandomStream, mask

SAMPLED = """\
sizes: {n: 3}
given:
  x: {shape: [n], integers: [-3, 3]}
  y: {shape: [2], uniform: [-1, 1], decimals: 1}
  c: {choice: [2, 4]}
graph: {s: sum(x) + sum(y) + c}
"""
SEEDS = st.integers(0, 2**31)


@cache
def part_of(text: str) -> Part:
    return load_text("title: T\n" + text, Path("lesson.yaml")).parts[0]


def plain(part: Part, seed: int) -> dict[str, object]:
    return {name: array.tolist() for name, array in draw(part, seed).numbers.items()}


# The same seed


@pytest.mark.parametrize("seed", [0, 1, 7, 123_456])
def test_numbers_follow_from_the_seed_by_arithmetic_alone(seed: int) -> None:
    unit = random.Random(seed).random
    expected = {
        "x": [float(-3 + int(unit() * 7)) for _ in range(3)],
        "y": [(-10 + int(unit() * 21)) / 10 for _ in range(2)],
        "c": [2.0, 4.0][int(unit() * 2)],
    }
    assert plain(part_of(SAMPLED), seed) == expected


def test_numbers_of_seed_7_are_these() -> None:
    assert plain(part_of(SAMPLED), 7) == {"x": [-1.0, -2.0, 1.0], "y": [-0.9, 0.1], "c": 2.0}


def test_another_process_draws_the_same() -> None:
    code = (
        "import json, sys; from pathlib import Path; from tutor.lesson.numbers.draws import draw, perturbed_draws\n"
        "from tutor.lesson.numbers.fresh_draws import fresh_draws; from tutor.kinds import load_text\n"
        "part = load_text('title: T\\n' + sys.argv[1], Path('lesson.yaml')).parts[0]\n"
        "drawn = draw(part, 7)\n"
        "rows = [drawn, *perturbed_draws(part, drawn, 3), *fresh_draws(part)]\n"
        "print(json.dumps([[dict(row.sizes), {k: v.tolist() for k, v in row.numbers.items()}] for row in rows]))\n"
    )
    said = [
        subprocess.run(
            [sys.executable, "-c", code, SAMPLED],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(Path(__file__).parents[2])},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    ]
    assert said[0] == said[1]
    part = part_of(SAMPLED)
    here = [draw(part, 7), *perturbed_draws(part, draw(part, 7), 3), *fresh_draws(part)]
    assert json.loads(said[0]) == [[dict(d.sizes), {k: v.tolist() for k, v in d.numbers.items()}] for d in here]


def test_parts_of_one_lesson_draw_different_numbers() -> None:
    one = "{given: {x: {integers: [-999, 999]}}, graph: {f: x + 1}}"
    parts = load_text(f"title: T\nparts: [{one}, {one}]\n".replace("999", "99"), Path("lesson.yaml")).parts
    assert [plain(parts[0], seed) for seed in range(5)] != [plain(parts[1], seed) for seed in range(5)]


# What a lesson asks of its numbers


@given(SEEDS)
def test_integers_stay_in_range_and_keep_the_options(seed: int) -> None:
    part = part_of(
        "given:\n  x: {shape: [2, 3], integers: [-3, 3], nonzero: true, distinct: true}\ngraph: {f: sum(x)}\n"
    )
    entries = draw(part, seed).numbers["x"].ravel().tolist()
    assert sorted(entries) == [-3, -2, -1, 1, 2, 3]


@given(SEEDS)
def test_decimals_are_the_numbers_that_people_read(seed: int) -> None:
    part = part_of("given:\n  x: {shape: [4], uniform: [-1, 2.5], decimals: 1}\ngraph: {f: sum(x)}\n")
    for entry in draw(part, seed).numbers["x"].tolist():
        assert -1 <= entry <= 2.5
        assert float(f"{entry:.1f}") == entry


@pytest.mark.parametrize(("bounds", "places"), [("[-1, 1]", 2), ("[0, 9]", 1), ("[0, 99]", 0)])
def test_without_decimals_inputs_have_two_significant_digits(bounds: str, places: int) -> None:
    part = part_of(f"given:\n  x: {{shape: [30], uniform: {bounds}}}\ngraph: {{f: sum(x)}}\n")
    for entry in draw(part, 3).numbers["x"].tolist():
        assert float(f"{entry:.{places}f}") == entry


@pytest.mark.parametrize(
    ("sampler", "low", "high"),
    [
        ("uniform: [0.001, 0.004]", 0.001, 0.004),
        ("uniform: [2.001, 2.009]", 2.001, 2.009),
        ("uniform: [-0.0004, 0.0004], nonzero: true", -0.0004, 0.0004),
        ("normal: 0.0003, nonzero: true", -0.0018, 0.0018),
    ],
)
def test_a_narrow_range_is_drawn_from_as_finely_as_it_needs(sampler: str, low: float, high: float) -> None:
    part = part_of(f"given:\n  x: {{shape: [30], {sampler}}}\ngraph: {{f: sum(x)}}\n")
    entries = draw(part, 3).numbers["x"]
    assert low <= entries.min() < entries.max() <= high
    assert 0.0 not in entries.tolist()


@given(SEEDS)
def test_normal_numbers_lie_around_zero(seed: int) -> None:
    part = part_of("given:\n  x: {shape: [50], normal: 0.5, decimals: 2}\ngraph: {f: sum(x)}\n")
    entries = draw(part, seed).numbers["x"]
    assert np.abs(entries).max() <= 3.0
    assert np.ptp(entries) > 0.5


def test_a_mask_that_keeps_next_to_nothing_keeps_one_entry_after_a_few_tries() -> None:
    stream = RandomStream(1)
    drawn = [stream.unit() for _ in range(1_000)]
    stream.unit = chain(drawn).__next__  # ends where more are asked for
    assert sorted(mask((2, 3), 1e-9, stream).ravel()) == [0, 0, 0, 0, 0, 1]


@given(SEEDS)
def test_masks_labels_and_one_hot_rows(seed: int) -> None:
    part = part_of(
        "sizes: {n: 4, k: 3}\ngiven:\n  m: {shape: [n], mask: 0.8}\n  l: {shape: [n], labels: k}\n"
        "  h: {shape: [n, k], onehot: k}\n  x: {shape: [k], integers: [1, 2]}\ngraph:\n"
        "  f: sum(m) + sum(x[l]) + sum(h)\n"
    )
    numbers = draw(part, seed).numbers
    assert set(numbers["m"].tolist()) == {0.0, 1.0}
    assert set(numbers["l"].tolist()) <= {0, 1, 2}
    assert numbers["h"].sum(axis=1).tolist() == [1.0] * 4
    assert set(numbers["h"].ravel().tolist()) == {0.0, 1.0}


# Refused draws


@given(st.integers(0, 10_000))
def test_no_drawn_number_saturates_tanh_or_sigmoid(seed: int) -> None:
    part = part_of("given:\n  x: {integers: [-9, 9]}\n  w: {uniform: [-1, 1]}\ngraph:\n  z: w * x\n  h: tanh(z)\n")
    drawn = draw(part, seed)
    assert abs(part.graph.run(drawn.numbers).values["z"]) <= 2


def test_saturated_lessons_keep_such_numbers() -> None:
    part = part_of("saturated: true\ngiven:\n  x: {integers: [5, 9]}\ngraph: {h: tanh(x)}\n")
    assert 5 <= draw(part, 0).numbers["x"] <= 9


@given(st.integers(0, 10_000))
def test_kinks_are_kept_away(seed: int) -> None:
    part = part_of("given:\n  x: {integers: [-3, 3], away: 2}\n  y: {integers: [-3, 3]}\ngraph:\n  f: max(x, y)\n")
    numbers = draw(part, seed).numbers
    assert abs(numbers["x"] - numbers["y"]) >= 2


@given(st.integers(0, 10_000))
def test_among_three_the_two_largest_are_kept_apart(seed: int) -> None:
    part = part_of("given: {x: {integers: [-3, 3], away: 2}, y: {integers: [-3, 3]}}\ngraph:\n  f: max(x, y, 0)\n")
    numbers = draw(part, seed).numbers
    second, largest = sorted([float(numbers["x"]), float(numbers["y"]), 0.0])[1:]
    assert largest - second >= 2


@given(st.integers(0, 10_000))
def test_ties_are_never_drawn(seed: int) -> None:
    part = part_of(
        "given:\n  x: {shape: [3], integers: [-1, 1]}\n  y: {shape: [3], integers: [-1, 1]}\n"
        "graph:\n  f: sum(max(x, y) + relu(x))\n"
    )
    numbers = draw(part, seed).numbers
    assert np.all(numbers["x"] != numbers["y"])
    assert np.all(numbers["x"] != 0)


@given(st.integers(0, 10_000))
def test_answers_by_plus_times_and_max_have_four_digits(seed: int) -> None:
    part = part_of(
        "given:\n  x: {uniform: [0.1, 9], decimals: 1}\n  y: {uniform: [0.1, 9], decimals: 1}\ngraph: {f: x * y * x}\n"
    )
    drawn = draw(part, seed)
    run = part.graph.run(drawn.numbers)
    for value in (run.values["f"], run.gradients["x"], run.gradients["y"]):
        assert float(f"{value:.4g}") == pytest.approx(value, rel=1e-12)


def test_one_seed_gives_an_endless_row_of_draws() -> None:
    part = part_of("given:\n  x: {integers: [-99, 99]}\ngraph: {f: x + 1}\n")
    row = [float(each.numbers["x"]) for each in islice(draws(part, 5), 20)]
    assert row == [float(each.numbers["x"]) for each in islice(draws(part, 5), 20)]
    assert len(set(row)) > 10


# Fresh numbers and sizes

NET = """\
sizes: {n: 3, m: 2}
given:
  x: {shape: [m, 1], integers: [-3, 3]}
  W: {shape: [n, m], value: [[1, 2], [3, 4], [5, 6]]}
  t: {shape: [n, 1], value: [[1], [0], [1]], constant: true}
  c: {uniform: [1, 9], constant: true}
graph: {s: sum(c * tanh(W @ x - t))}
"""


def test_formulas_meet_other_numbers_and_sizes() -> None:
    part = part_of(NET.replace("value: [[1], [0], [1]], constant: true", "integers: [0, 1]"))
    found = fresh_draws(part)
    assert len(found) == 8
    assert len({tuple(each.sizes.values()) for each in found}) > 3
    for each in found:
        n, m = each.sizes["n"], each.sizes["m"]
        assert n != m
        assert 2 <= n <= 7
        assert 2 <= m <= 7
        assert each.numbers["W"].shape == (n, m)
        assert np.isfinite(part.graph_for(each.sizes).run(each.numbers).values["s"])
    entries = np.concatenate([each.numbers["W"].ravel() for each in found])
    assert entries.min() < 0 < entries.max()
    assert len(set(entries.tolist())) == len(entries)


def test_factors_of_products_are_scaled_by_the_fan_in() -> None:
    for each in fresh_draws(part_of(NET)):
        bound = 1.7 / each.sizes["m"] ** 0.5
        assert np.abs(each.numbers["W"]).max() <= bound
        assert np.abs(each.numbers["x"]).max() <= bound


def test_constants_that_the_lesson_fixes_stay_and_so_do_their_sizes() -> None:
    part = part_of(NET)
    for each in fresh_draws(part):
        assert each.numbers["t"].tolist() == [[1.0], [0.0], [1.0]]
        assert each.sizes["n"] == 3
    assert len({each.sizes["m"] for each in fresh_draws(part)}) > 2


def test_constants_that_drills_draw_are_drawn_again_by_their_own_samplers() -> None:
    drawn = {float(each.numbers["c"]) for each in fresh_draws(part_of(NET))}
    assert len(drawn) > 4
    assert all(1 <= each <= 9 for each in drawn)


def test_domains_are_kept() -> None:
    part = part_of(
        "given: {a: 2, p: {value: 0.5, domain: probability}, m: {shape: [3], mask: 0.5}, x: 1}\n"
        "graph:\n  f: log(a) * p * x + sum(m)\n"
    )
    found = fresh_draws(part, 40)
    assert all(each.numbers["a"] > 0 for each in found)
    assert all(0 < each.numbers["p"] < 1 for each in found)
    assert all(set(each.numbers["m"].tolist()) <= {0.0, 1.0} for each in found)
    assert {float(np.sign(each.numbers["x"])) for each in found} == {-1.0, 1.0}


def test_upstream_is_drawn_again() -> None:
    part = part_of("given: {x: 1}\ngraph: {f: 2 * x}\nupstream: {f: 3}\n")
    assert len({float(each.upstream["f"]) for each in fresh_draws(part)}) == 8


def test_draws_near_a_kink_are_drawn_again() -> None:
    part = part_of("sizes: {n: 200}\ngiven:\n  x: {shape: [200], integers: [1, 9]}\ngraph:\n  f: sum(max(x, 0.5))\n")
    for each in fresh_draws(part, 40):
        assert np.abs(each.numbers["x"] - 0.5).min() > 1e-3


def test_values_are_finite_even_where_few_numbers_are() -> None:
    part = part_of("given:\n  x: {shape: [3], uniform: [2, 3]}\ngraph:\n  f: sum(log(x + -1.9))\n")
    for each in fresh_draws(part, 4):
        assert np.isfinite(part.graph.run(each.numbers).values["f"])


def test_sizes_stay_where_nothing_else_fits() -> None:
    part = part_of(
        "sizes: {n: 3}\ngiven:\n  x: {shape: [n, 1], integers: [1, 3]}\n  W: [[1, 2, 3]]\ngraph: {f: W @ x}\n"
    )
    assert {each.sizes["n"] for each in fresh_draws(part)} == {3}
    assert not sizes_can_change(part)
    assert sizes_can_change(part_of(NET))


def test_sizes_are_equal_where_the_graph_wants_it() -> None:
    part = part_of(
        "sizes: {n: 3, m: 3}\ngiven:\n  x: {shape: [n], integers: [1, 3]}\n"
        "  y: {shape: [m], integers: [1, 3]}\ngraph: {f: sum(x * y)}\n"
    )
    found = {tuple(each.sizes.values()) for each in fresh_draws(part)}
    assert all(n == m for n, m in found)
    assert len(found) > 1


# Numbers near by


def test_near_numbers_move_all_that_may_move() -> None:
    part = part_of(
        "sizes: {n: 2}\ngiven:\n  x: {shape: [n], value: [0, 4]}\n  c: {value: 3, constant: true}\n"
        "  k: {shape: [n], labels: 2}\n"
        "  m: {shape: [n], mask: 0.5}\ngraph:\n  f: c * x[k] * m\nupstream: {f: [2, -2]}\n"
    )
    drawn = draw(part, 0)
    for moved in perturbed_draws(part, drawn, 20):
        assert moved.sizes == drawn.sizes
        assert 0 < abs(moved.numbers["x"][0]) <= 0.1
        assert 3.6 <= moved.numbers["x"][1] <= 4.4
        assert moved.numbers["x"][1] != 4
        assert np.all(moved.upstream["f"] != drawn.upstream["f"])
        for name in ("c", "k", "m"):
            assert moved.numbers[name].tolist() == drawn.numbers[name].tolist()


def test_near_numbers_stay_on_their_side_of_every_kink() -> None:
    part = part_of("given: {x: 1, y: 1.001, z: -0.002}\ngraph: {a: 'max(x, y)', b: relu(z), f: a + b}\n")
    found = perturbed_draws(part, draw(part, 0), 50)
    assert all(each.numbers["x"] < each.numbers["y"] and each.numbers["z"] < 0 for each in found)
    assert len({float(each.numbers["x"]) for each in found}) == 50


def test_on_a_kink_any_side_will_do() -> None:
    part = part_of("given: {x: [0, 0, 0, 0, 0, 0, 0, 0], y: 2}\ngraph: {f: sum(relu(x)) * y}\n")
    assert all(abs(each.numbers["y"] - 2) > 1e-4 for each in perturbed_draws(part, draw(part, 0), 5))
