"""The catalogue in words: every mistake has a name and advice of its own, short, in both languages."""

import re
from string import Formatter

import pytest

from tutor.engine import REGISTRY
from tutor.kinds.kind import slips_of_kinds
from tutor.mistakes.mistake_ids import described_mistake, mistake_ids
from tutor.mistakes.slip_texts import is_op_slip
from tutor.text import LANGUAGES, Language, Message, say

SENTENCE = {"en": re.compile(r"[.?](?:\s|$)"), "zh": re.compile("[。？]")}
LONGEST = {"en": 200, "zh": 100}
OF_OPS = [id for id in mistake_ids(slips_of_kinds()) if is_op_slip(id)]


def template(message: Message, language: Language) -> str:
    """The text with its fields unfilled; the id itself where there is none."""
    return say(Message(message.id), language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_mistake_has_a_name_and_advice(language: Language) -> None:
    for id in mistake_ids(slips_of_kinds()):
        for message in described_mistake(id):
            text = say(message, language)
            assert text not in ("", message.id), id
            assert "{" not in text, (id, text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_advice_is_given_for_two_mistakes(language: Language) -> None:
    given: dict[str, str] = {}
    for id in mistake_ids(slips_of_kinds()):
        advice = template(described_mistake(id)[1], language)
        assert given.setdefault(advice, id) == id, advice


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_slips_of_an_op_go_by_one_name(language: Language) -> None:
    for name, op in REGISTRY.items():
        names = [say(described_mistake(f"{name}:{slip}")[0], language) for slip in op.slips]
        assert len(names) == len(set(names)), names


@pytest.mark.parametrize("language", LANGUAGES)
def test_advice_is_two_sentences_at_most_and_the_name_is_none(language: Language) -> None:
    for id in mistake_ids(slips_of_kinds()):
        name, advice = (say(message, language) for message in described_mistake(id))
        assert not SENTENCE[language].search(name), (id, name)
        assert 1 <= len(SENTENCE[language].findall(advice)) <= 2, (id, advice)
        assert SENTENCE[language].match(advice[-1]), (id, advice)
        assert len(advice) <= LONGEST[language], (len(advice), id, advice)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_advice_of_a_slip_names_things_of_the_drill_and_its_name_none(language: Language) -> None:
    for id in OF_OPS:
        name, advice = (template(message, language) for message in described_mistake(id))
        assert "{" not in name, id
        assert [field for _, field, _, _ in Formatter().parse(advice) if field], id


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_advice_does_not_say_the_name_again(language: Language) -> None:
    """They stand side by side: `The mask forgotten. Where x is negative, ..`."""
    for id in mistake_ids(slips_of_kinds()):
        name, advice = (say(message, language).lower() for message in described_mistake(id))
        assert name not in advice, (id, name, advice)
