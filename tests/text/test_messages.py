"""A message becomes a sentence of the learner's language, whatever fills its fields."""

from collections.abc import Mapping

import numpy as np
import pytest

from tutor.text import Localised, Message, language_of_environment, message, msg, say


@pytest.fixture(autouse=True)
def texts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two small catalogues of the test's own."""
    catalogues: dict[str, Mapping[str, str]] = {
        "en": {
            "test.shape": "{name} is {shape}",
            "test.old": "only English: {what}",
            "test.braces": "{{x}} = {x}",
            "test.count": "{count} {count:line|lines}: {count:the one|all {count}}.",
        },
        "zh": {"test.shape": "{name} 的形状是 {shape}", "test.count": "{count} 行"},
    }
    monkeypatch.setattr(message, "_catalogue", lambda room, language: catalogues[language] if room == "test" else {})


def test_a_message_is_said_in_the_language_asked_for() -> None:
    shaped = msg("test.shape", name="W", shape=(3, 2))
    assert say(shaped, "en") == "W is (3, 2)"
    assert say(shaped, "zh") == "W 的形状是 (3, 2)"


def test_a_missing_translation_falls_back_to_english() -> None:
    assert say(msg("test.old", what=1.5), "zh") == "only English: 1.5"


def test_a_text_that_is_missing_altogether_is_its_id() -> None:
    assert say(msg("test.nothing"), "en") == "test.nothing"


def test_a_field_without_a_value_stays_visible() -> None:
    assert say(msg("test.shape", name="W"), "en") == "W is {shape}"


def test_braces_typed_by_a_learner_are_only_text() -> None:
    assert say(msg("test.old", what="{0.__class__}"), "en") == "only English: {0.__class__}"
    assert say(msg("test.braces", x=1), "en") == "{x} = 1"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ((), "()"),
        ((3,), "(3,)"),
        (("n", 2), "(n, 2)"),
        (0.41997434, "0.4200"),
        (np.array([[1.0, 2.0]]), "[[1, 2]]"),
        ([1, 2.5], "[1, 2.5]"),
        (["da", "db"], "da, db"),
        (msg("test.shape", name="b", shape=()), "b is ()"),
        (Localised("idea", "想法"), "idea"),
        (None, ""),
    ],
)
def test_fields_read_as_mathematics_does(value: object, text: str) -> None:
    assert say(msg("test.old", what=value), "en") == f"only English: {text}"


def test_a_lessons_text_falls_back_to_english() -> None:
    assert Localised("one", "一").in_("zh") == "一"
    assert Localised("one").in_("zh") == "one"


def test_messages_compare_by_what_they_say() -> None:
    assert msg("test.old", what=1) == Message("test.old", {"what": 1})


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "C"}, "en"),
        ({"LANG": "en_GB.UTF-8", "LC_MESSAGES": "zh_TW"}, "zh"),
        ({"LANG": "en_US", "LANGUAGE": "de:zh_CN:en"}, "zh"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
    ],
)
def test_the_language_follows_the_locale(environment: dict[str, str], language: str) -> None:
    assert language_of_environment(environment) == language


@pytest.mark.parametrize(
    ("count", "english", "chinese"),
    [(0, "0 lines: all 0.", "0 行"), (1, "1 line: the one.", "1 行"), (21, "21 lines: all 21.", "21 行")],
)
def test_a_number_has_the_word_that_goes_with_it(count: int, english: str, chinese: str) -> None:
    counted = msg("test.count", count=count)
    assert (say(counted, "en"), say(counted, "zh")) == (english, chinese)
