"""What kinds of questions say of a question: prompts, hints and worked answers that depend on its graph."""

from typing import Any

import pytest

from tests.checking.lessons import drill
from tutor.kinds import hints
from tutor.text import say

LESSON = """
given: {x: {shape: [3], integers: [1, 5]}, W: {shape: [2, 3], integers: [1, 4]}, s: 2}
graph: {h: tanh(x), z: W @ h, a: s * 2, f: sum(z) * a}
ask:
  - local: [{of: h, wrt: x}, {of: z, wrt: h}, {of: a, wrt: s}]
  - count: [{operation: multiply, plan: tangents}, {operation: add, plan: tangents}]
  - saves: [{of: f, wrt: a}, {of: f.1, wrt: z}]
  - choose: {question: {en: Which, zh: 哪}, options: [{en: one, zh: 一}, {en: two, zh: 二}], right: 1}
  - choose: {question: {en: Who, zh: 谁}, options: [{en: one, zh: 一}, {en: two, zh: 二}, {en: six, zh: 六}], right: 1}
  - derive: {wrt: x}
"""


def question(id: str) -> Any:
    return drill(LESSON).by_id[id]


def told(id: str) -> str:
    return "\n".join(say(each, "en") for each in hints(drill(LESSON), question(id)))


def test_only_an_elementwise_line_with_several_entries_is_asked_entry_by_entry() -> None:
    prompts = {id: say(question(id).prompt, "en") for id in ("local h x", "local z h", "local a s")}
    assert {id for id, prompt in prompts.items() if "entry by entry" in prompt} == {"local h x"}


def test_each_operation_that_is_counted_has_a_rule_of_its_own() -> None:
    assert "one multiplication for each input that moves" in told("count multiply tangents")
    assert "Additions inside matrix products" in told("count add tangents")


def test_what_a_piece_of_a_line_saves_is_seen_in_the_whole_line() -> None:
    for id in ("saves f a", "saves f.1 z"):
        assert "Differentiate sum(z) · a with respect to" in told(id)


@pytest.mark.parametrize(("id", "excluded"), [("choose 1", False), ("choose 2", True)])
def test_an_option_is_ruled_out_only_where_two_are_left_then(id: str, excluded: bool) -> None:
    assert ("it is not “two”" in told(id)) is excluded


def test_a_derivation_goes_from_the_chain_rule_to_what_stands_in_its_places() -> None:
    chain, end = question("derive x").typed.split("; ")
    assert chain == "df/dz @ dz/dh @ dh/dx"
    assert end == "W.T @ (a * ones(z)) * (1 - h^2)"
