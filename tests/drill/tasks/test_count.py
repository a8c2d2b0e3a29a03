"""Counts that are asked for: against numbers that count what is done with them, and paths that are really walked."""

from dataclasses import dataclass, field
from random import Random

import numpy as np
import pytest

from tests.checking.lessons import drill
from tutor.engine import Graph
from tutor.text import say


@dataclass
class Tally:
    multiply: int = 0
    add: int = 0


@dataclass
class Number:
    """A number that counts; the 1 at the output is `Number(1, None)`, with which nobody multiplies."""

    value: float
    tally: Tally | None = field(default_factory=Tally)

    def times(self, local: float, tally: Tally) -> "Number":
        if self.tally is None:
            return Number(local, tally)
        tally.multiply += 1
        return Number(self.value * local, tally)

    def plus(self, other: "Number", tally: Tally) -> "Number":
        tally.add += 1
        return Number(self.value + other.value, tally)


Uses = dict[str, list[tuple[str, float]]]  # who uses a name, with which local gradient


def scalar_graph(seed: int) -> tuple[dict[str, str], dict[str, float], Uses]:
    """A random graph of sums, products and functions of earlier names; the last line uses all that are left over."""
    random = Random(seed)
    values = {"x": 0.7, "y": -1.3, "z": 0.4}
    lines: dict[str, str] = {}
    uses: Uses = {name: [] for name in values}

    def line(name: str, op: str, left: str, right: str) -> None:
        a, b = values[left], values[right]
        made: dict[str, tuple[str, float, list[tuple[str, float]]]] = {
            "*": (f"{left} * {right}", a * b, [(left, b), (right, a)]),
            "+": (f"{left} + {right}", a + b, [(left, 1.0), (right, 1.0)]),
            "tanh": (f"tanh({left})", float(np.tanh(a)), [(left, float(1 - np.tanh(a) ** 2))]),
        }
        lines[name], values[name], slots = made[op]
        uses[name] = []
        for source, local in slots:
            uses[source].append((name, local))

    for k in range(6):
        line(f"a{k}", random.choice(["*", "+", "tanh"]), *(random.choice(list(values)) for _ in range(2)))
    while len(left := [name for name in values if not uses[name]]) > 1:
        line(f"b{len(lines)}", random.choice("*+"), *left[:2])
    return lines, {name: values[name] for name in "xyz"}, uses


def gradient(name: str, uses: Uses, known: dict[str, Number], tally: Tally) -> Number:
    """The total gradient of a name; what is in `known` is not computed again."""
    if name not in known:
        shares = [gradient(user, uses, known, tally).times(local, tally) for user, local in uses[name]]
        total = shares[0] if shares else Number(1.0, None)
        for share in shares[1:]:
            total = total.plus(share, tally)
        known[name] = total
    return known[name]


def walked(name: str, uses: Uses) -> list[list[float]]:
    """The local gradients along every path from a name up to the output."""
    if not uses[name]:
        return [[]]
    return [[local, *rest] for user, local in uses[name] for rest in walked(user, uses)]


PLANS = ("forward", "shared", "separate", "paths", "one-sided", "two-sided", "tangents")


def answers(given: str, lines: dict[str, str]) -> dict[str, int]:
    """The right answers to every question for a count, by `operation plan`."""
    asks = "".join(f"  - count: {{operation: {o}, plan: {p}}}\n" for o in ("multiply", "add", "pass") for p in PLANS)
    graph = "".join(f"  {name}: {formula}\n" for name, formula in lines.items())
    made = drill(f"given: {given}\ngraph:\n{graph}ask:\n{asks}")
    return {question.id.removeprefix("count "): int(question.typed or "") for question in made.questions}


@pytest.mark.parametrize("seed", range(30))
def test_counts_are_those_of_a_backward_pass_that_counts_itself(seed: int) -> None:
    lines, numbers, uses = scalar_graph(seed)
    found = answers(str(numbers).replace("'", ""), lines)

    together, known = Tally(), dict[str, Number]()
    gradients = {name: gradient(name, uses, known, together) for name in numbers}
    run = Graph.parse(lines, inputs=list(numbers)).run(numbers)
    for name, number in gradients.items():
        assert number.value == pytest.approx(float(run.gradients[name]))
    apart = Tally()
    for name in numbers:
        gradient(name, uses, {}, apart)
    paths = [walked(name, uses) for name in numbers]

    assert (found["multiply shared"], found["add shared"]) == (together.multiply, together.add)
    assert (found["multiply separate"], found["add separate"]) == (apart.multiply, apart.add)
    assert found["multiply paths"] == sum(max(len(path) - 1, 0) for each in paths for path in each)
    assert found["add paths"] == sum(len(each) - 1 for each in paths)
    assert found["pass paths"] == sum(map(len, paths))
    assert [found[f"pass {plan}"] for plan in ("shared", "separate", "one-sided", "two-sided", "tangents")] == [
        1, 3, 4, 6, 3,
    ]  # fmt: skip


NET = {"p": "W @ x", "z": "p + b", "h": "tanh(z)", "s": "u.T @ h"}
GIVEN = {
    "W": "W: {shape: [3, 2], integers: [1, 3]%s}",
    "x": "x: {shape: [2, 1], integers: [1, 3]%s}",
    "b": "b: {shape: [3, 1], integers: [1, 3]%s}",
    "u": "u: {shape: [3, 1], integers: [1, 3]%s}",
}


def backward_of_the_net(wanted: str, tally: Tally) -> None:
    """The net of the seed notes, entry by entry, as one does it on paper: δ first, then what is wanted."""
    if set(wanted) & {"W", "x", "b"}:
        delta = [Number(1.0, tally).times(0.5, tally) for _ in range(3)]  # dh is u itself; times f'(z)
    if set(wanted) & {"W", "x"}:
        dp = [each.times(1.0, tally) for each in delta]
    for name in wanted:
        if name == "W":
            _ = [[each.times(1.0, tally) for _ in range(2)] for each in dp]
        if name == "b":
            _ = [each.times(1.0, tally) for each in delta]
        if name == "x":
            for _ in range(2):
                first, *others = [each.times(1.0, tally) for each in dp]
                for other in others:
                    first = first.plus(other, tally)


@pytest.mark.parametrize("wanted", ["W", "b", "x", "u", "Wb", "Wbx", "Wbxu"])
def test_counts_of_a_net_are_those_of_doing_it_on_paper(wanted: str) -> None:
    given = ", ".join(text % ("" if name in wanted else ", constant: true") for name, text in GIVEN.items())
    found = answers(f"{{{given}}}", NET)
    together, apart = Tally(), Tally()
    backward_of_the_net(wanted, together)
    for name in wanted:
        backward_of_the_net(name, apart)
    assert (found["multiply shared"], found["add shared"]) == (together.multiply, together.add)
    assert (found["multiply separate"], found["add separate"]) == (apart.multiply, apart.add)


def test_a_check_of_a_layer_costs_a_forward_pass_an_entry() -> None:
    found = answers(
        "{W: {shape: [3, 2], integers: [1, 3]}, x: {shape: [2, 1], integers: [1, 3]}}", {"z": "W @ x", "s": "sum(z)"}
    )
    assert (found["multiply forward"], found["add forward"]) == (3 * 2, 3 * (2 - 1) + 2)
    assert (found["pass one-sided"], found["pass two-sided"]) == (8 + 1, 2 * 8)
    assert (found["multiply one-sided"], found["multiply two-sided"]) == (9 * 6, 16 * 6)


def test_forward_mode_multiplies_behind_the_first_step_only() -> None:
    # f = (x·y)·x. Along x: da = y, free; then da·x, and the second use is free again; they add. Along y: one product.
    found = answers("{x: 2, y: 3}", {"a": "x * y", "f": "a * x"})
    assert (found["multiply tangents"], found["add tangents"], found["pass tangents"]) == (2, 1, 2)


def test_gradients_that_arrive_from_outside_are_multiplied_with() -> None:
    made = drill(
        "given: {z: [1, 2, 3]}\ngraph: {h: tanh(z)}\nupstream: {h: [1, 2, 3]}\n"
        "ask: [{count: {operation: multiply, plan: shared}}]"
    )
    assert made.questions[0].typed == "3"


def test_paths_are_counted_without_being_walked() -> None:
    lines = {"a0": "x + x"} | {f"a{k}": f"a{k - 1} + a{k - 1}" for k in range(1, 40)}
    assert answers("{x: 1}", lines)["pass paths"] == 2**40


def test_the_question_says_what_counts() -> None:
    made = drill("given: {x: 1, y: 2}\ngraph: {f: x * y}\nask: [{count: {operation: multiply, plan: shared}}]")
    plan, rule = (say(detail, "en") for detail in made.questions[0].details)
    assert "one backward pass" in plan
    assert "x, y" in plan
    assert "Upstream times local" in rule
