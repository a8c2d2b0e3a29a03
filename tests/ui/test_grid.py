"""A matrix typed cell by cell."""

import pytest
from rich.cells import cell_len

from tests.ui.conftest import Hand, Opened
from tutor.text import LANGUAGES, Language, say
from tutor.ui.widgets.answer_grid import FIXED, GROWS, AnswerGrid, cells_of

SCORE = "one-layer/score-gradient"
pytestmark = pytest.mark.usefixtures("experienced")


async def at(hand: Hand, id: str) -> None:
    """Go on to a question by skipping those before."""
    while (question := hand.session.current) is not None and question.id != id:
        await hand.press("f6")


def cells(hand: Hand) -> list[list[str]]:
    """The rows of the grid as they show, under the line with the prompt."""
    lines = hand.lines()
    prompt = max(number for number, line in enumerate(lines) if "∂s/∂" in line and " =" in line)
    return [line.strip(" │").split() for line in lines[prompt:] if line.startswith(" │ ") and line.endswith(" │")]


async def test_the_grid_has_the_shape_once_that_was_hinted(opened: Opened) -> None:
    async with opened(SCORE) as hand:
        await at(hand, "total x")
        await hand.press("f2", "f5")
        assert cells(hand) == [["·"], ["·"]]


async def test_the_grid_has_the_shape_once_that_was_asked(opened: Opened) -> None:
    async with opened(SCORE) as hand:
        await hand.answer("(3, 1)")
        await at(hand, "total b")
        await hand.press("f5")
        assert cells(hand) == [["·"], ["·"], ["·"]]


async def test_the_grid_gives_no_shape_away_and_grows_at_its_edge(opened: Opened) -> None:
    async with opened(SCORE) as hand:
        await at(hand, "total x")
        await hand.press("f5")
        assert cells(hand) == [["·"]]
        assert "→ ↓ over the edge: one more" in hand.text()
        await hand.type("1")
        await hand.press("right")
        await hand.type("2")
        await hand.press("down")
        assert cells(hand) == [["1", "2"], ["·", "·"]]
        await hand.press("backspace")
        assert cells(hand) == [["1", "2"]]
        assert hand.box.value == "[1, 2]"
        await hand.press(*["down"] * 15, *["right"] * 15)
        assert [len(row) for row in hand.app.screen.query_one(AnswerGrid)._cells] == [12] * 12


async def test_enter_goes_to_the_next_empty_cell_and_checks_when_all_are_filled(opened: Opened) -> None:
    async with opened(SCORE) as hand:
        await at(hand, "total x")
        before = hand.session.position
        right = [f"{float(value):.4g}" for value in hand.session.drill.parts[0].run.gradients["x"].ravel()]
        await hand.press("f2", "f5")
        await hand.type(right[0])
        await hand.press("enter")
        assert hand.session.states[before].attempts == 0
        await hand.type(right[1])
        assert "understood" in hand.text()
        await hand.press("enter")
        assert hand.session.states[before].state == "right"
        assert not hand.app.screen.query_one(AnswerGrid).display


async def test_wrong_entries_are_marked_in_the_grid(opened: Opened) -> None:
    async with opened(SCORE) as hand:
        await at(hand, "total x")
        right = [f"{float(value):.4g}" for value in hand.session.drill.parts[0].run.gradients["x"].ravel()]
        await hand.press("f2", "f5")
        await hand.type(right[0])
        await hand.press("tab")
        await hand.type("99")
        await hand.press("enter")
        assert cells(hand) == [[right[0]], ["99✗"]]


async def test_what_was_typed_as_text_is_in_the_grid_and_the_other_way_round(opened: Opened) -> None:
    async with opened(SCORE) as hand:
        await at(hand, "total x")
        await hand.type("1; 2")
        await hand.press("f2", "f5")
        assert cells(hand) == [["1"], ["2"]]
        await hand.type("5")
        assert hand.box.value == "[[15], [2]]"
        await hand.press("escape")
        assert hand.box.value == "[[15], [2]]"
        assert hand.in_drill
        assert hand.box.has_focus


async def test_a_formula_has_no_grid(opened: Opened) -> None:
    async with opened(SCORE) as hand:
        await at(hand, "formula W")
        await hand.press("f5")
        assert "not a matrix of" in hand.text()
        assert not hand.app.screen.query_one(AnswerGrid).display


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        ("[[1, 2], [3, 4]]", [["1", "2"], ["3", "4"]]),
        ("1, 2; 3, 4", [["1", "2"], ["3", "4"]]),
        ("[1, 2, 3]", [["1", "2", "3"]]),
        ("7", [["7"]]),
        ("", None),
        ("1, 2; 3", None),
        ("max(1, 2)", None),
    ],
)
def test_typed_matrices_are_taken_apart(text: str, cells: list[list[str]] | None) -> None:
    assert cells_of(text) == cells


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_the_keys_of_the_grid_do_takes_one_row(language: Language) -> None:
    assert all(cell_len(say(each, language)) <= 78 for each in (FIXED, GROWS))
