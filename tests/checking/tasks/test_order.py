"""Answers to `order`: every order in which the lines can be computed is right, and no other."""

import re
from itertools import permutations

import pytest

from tests.checking.lessons import drill, verdict
from tutor.kinds import check, preview

# Lines that need one, two and three others; one is used in a condition, one behind a stop, one within brackets.
GRAPH = {
    "a": "x * y",
    "b": "x + y",
    "g": "where(a > b, stop_gradient(b), exp(a) + 1)",
    "h": "max(y, g, b)",
    "f": "[h, a, x][0] + [b, y][1]",
}
USED = {name: {other for other in re.findall(r"\w+", text) if other in GRAPH} for name, text in GRAPH.items()}
USERS = {name: {other for other in GRAPH if name in USED[other]} for name in GRAPH}


@pytest.mark.parametrize(("direction", "first"), [("forward", USED), ("backward", USERS)])
def test_right_is_what_puts_all_that_a_line_needs_before_it(direction: str, first: dict[str, set[str]]) -> None:
    lines = ", ".join(f"{name}: '{text}'" for name, text in GRAPH.items())
    made = drill(f"given: {{x: 1.37, y: 2.61}}\ngraph: {{{lines}}}\nask: [order: {direction}]")
    (question,) = made.questions
    for names in permutations(GRAPH):
        found = verdict(made, question.id, ", ".join(names))
        late = [(name, first[name] - set(names[:place])) for place, name in enumerate(names)]
        wrong = next(((name, missing) for name, missing in late if missing), None)
        if wrong is None:
            assert found.kind == "right", names
            continue
        assert (found.kind, found.node) == ("wrong", wrong[0]), names
        said = found.message.params.get("users") or found.message.params["inputs"]
        assert set(said) == wrong[1], names


def test_a_text_too_long_for_any_answer_is_said_to_be_so_before_it_is_read() -> None:
    made = drill("given: {x: 1.37, y: 2.61}\ngraph: {a: x * y, f: a + y}\nask: [order: forward]")
    (question,) = made.questions
    for understood in (preview, check):
        told = understood(made, question, "a, f" + " " * 1_000_000 + ".").message
        assert told is not None
        assert told.id == "expr.too-long"
