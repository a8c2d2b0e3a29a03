"""Keys that come all at once, over a slow line or from a fast hand, act in the order in which they were pressed."""

import pytest
from textual.events import Key
from textual.keys import _character_to_key

from tests.ui.conftest import Hand, Opened

pytestmark = pytest.mark.usefixtures("experienced")


async def burst(hand: Hand, *keys: str) -> None:
    """Post the keys as the driver does when they arrive in one read; a key of one character is typed."""
    for key in keys:
        name = _character_to_key(key) if len(key) == 1 else key
        hand.app.post_message(Key(name, key if len(key) == 1 else None))
    await hand.settle()


async def test_two_answers_in_one_burst_are_two_answers(opened: Opened) -> None:
    async with opened("circuits/first-circuit") as hand:
        await burst(hand, "2", "enter", "3", "enter")
        assert hand.session.position == 2
        assert [state.attempts for state in hand.session.states[:2]] == [1, 1]


async def test_what_is_typed_behind_an_editing_key_comes_after_it(opened: Opened) -> None:
    async with opened("circuits/first-circuit") as hand:
        await burst(hand, "1", "2", "left", "7")
        assert hand.box.value == "172"
        await burst(hand, "end", "ctrl+u", "4")
        assert hand.box.value == "4"


async def test_what_is_typed_behind_a_skip_answers_the_next_question(opened: Opened) -> None:
    async with opened("circuits/first-circuit") as hand:
        await burst(hand, "f6", "3", "enter")
        assert [state.state for state in hand.session.states[:2]] == ["skipped", "right"]
