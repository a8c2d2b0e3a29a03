"""An answer that is right given the learner's own earlier one leads back to that one.

First circuit, f = a·b: df/da = 2, df/db = 3, at max and + the gradient goes on to y: 3 + 2 = 5.
"""

import numpy as np
import pytest

from tests.checking.lessons import NET, bundled, drill, verdict

FIRST = bundled("circuits/first-circuit")


@pytest.mark.parametrize(
    ("earlier", "id", "typed", "source"),
    [
        ({"downstream f a": "7"}, "downstream a x", "7", "downstream f a"),
        ({"downstream f b": "7"}, "downstream b y", "7", "downstream f b"),
        ({"downstream b y": "4"}, "total y", "6", "downstream b y"),
        ({"downstream a y": "9"}, "total y", "12", "downstream a y"),
        ({"downstream b y": "4", "downstream a y": "9"}, "total y", "13", "downstream b y"),
        ({"downstream f b": "7"}, "total y", "9", "downstream f b"),  # 7 along the max, 2 along the sum
        ({"local f a": "8"}, "downstream f a", "8", "local f a"),
    ],
)
def test_what_follows_from_an_own_wrong_answer_leads_back(
    earlier: dict[str, str], id: str, typed: str, source: str
) -> None:
    found = verdict(FIRST, id, typed, earlier)
    assert (found.kind, found.mistake) == ("wrong", None)
    assert found.message.id.startswith("checking.follows-from")
    assert found.message.params["id"] in earlier
    if len(earlier) == 1:
        assert found.message.params["id"] == source


@pytest.mark.parametrize(
    ("earlier", "id", "typed"),
    [
        ({"downstream f a": "2"}, "downstream a x", "7"),  # the earlier one was right
        ({"downstream f a": "7"}, "downstream a x", "8"),  # this does not follow from it
        ({"downstream f a": "up +"}, "downstream a x", "7"),  # nobody can read that
        ({"downstream f a": "[7, 7]"}, "downstream a x", "7"),
        ({"total y": "7"}, "downstream a x", "7"),  # a later question
        ({}, "downstream a x", "7"),
    ],
)
def test_nothing_else_leads_back(earlier: dict[str, str], id: str, typed: str) -> None:
    found = verdict(FIRST, id, typed, earlier)
    assert found.kind == "wrong"
    assert not found.message.id.startswith("checking.follows-from")


def test_right_is_right_whatever_came_before() -> None:
    assert verdict(FIRST, "downstream a x", "2", {"downstream f a": "7"}).kind == "right"


def test_a_flat_list_typed_before_is_the_column_it_was_read_as() -> None:
    """s = uᵀh: ds/dh = u = (2, -3, 1) was typed with a wrong sign; dz = own ∘ (1 - h²) follows from it."""
    net = drill(NET + "ask: [downstream: {of: s, wrt: h}, downstream: {of: h, wrt: z}, total: z, total: b]")
    earlier = {"downstream s h": "[2, 3, 1]"}
    h = np.tanh(np.array([[0.3, -0.2], [0.5, 0.4], [-0.1, 0.7]]) @ [[2], [-1]] + [[0.1], [-0.3], [0.2]])
    follows = np.array([[2], [3], [1]]) * (1 - h**2)
    text = "[" + ", ".join(f"[{value:.4f}]" for value in follows.ravel()) + "]"
    for id in ("downstream h z", "total z"):
        found = verdict(net, id, text, earlier)
        assert (found.message.id, found.message.params["id"]) == ("checking.follows-from", "downstream s h")
        assert found.node == "s"


def test_the_sum_of_own_shares_without_what_is_given_follows_from_none_of_them() -> None:
    """h is an output with 5 given, and used by f: dh = 5 + 4 · 2h = 5 + 4 · 6. The share was typed as 7."""
    made = drill(
        "given: {x: 3}\ngraph: {h: x * 1, f: h^2}\nupstream: {h: 5, f: 4}\n"
        "ask: [downstream: {of: f, wrt: h}, upstream: h]"
    )
    assert verdict(made, "upstream h", "29").kind == "right"
    found = verdict(made, "upstream h", "7", {"downstream f h": "7"})
    assert found.kind == "wrong"
    assert not found.message.id.startswith("checking.follows-from")
