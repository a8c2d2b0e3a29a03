"""A right answer stays right however the keyboard spells it, whatever kind of question it answers."""

from collections.abc import Callable

import pytest

from tests.checking.every_kind import CONVENTIONS, every_kind
from tests.checking.lessons import verdict

_WIDE = {chr(code): chr(code + 0xFEE0) for code in range(0x21, 0x7F)}
_WIDE_SIGNS = {letter: wide for letter, wide in _WIDE.items() if letter in "0123456789()+*/=,;^<>@"} | {"-": "−"}
_CHINESE = {",": "，", ";": "；", "(": "（", ")": "）", "[": "【", "]": "】", "-": "－", "*": "×", "=": "＝"}
_LISTED = {**_CHINESE, ",": "、"}


def spelt(letters: dict[str, str]) -> Callable[[str], str]:
    return lambda text: "".join(letters.get(letter, letter) for letter in text)


SPELLINGS: dict[str, Callable[[str], str]] = {
    "full-width letters and signs": spelt(_WIDE),
    "full-width digits and signs": spelt(_WIDE_SIGNS),
    "Chinese punctuation": spelt(_CHINESE),
    "the Chinese comma of lists": spelt(_LISTED),
    "the full stop as decimal point": spelt({".": "。"}),
    "ideographic spaces": spelt({" ": "\u3000"}),
    "a full stop at the end": lambda text: text + "。",
    "blanks around it": lambda text: f"\n  {text} \n",
    "no blanks": lambda text: text.replace(" ", ""),
}


@pytest.mark.parametrize("convention", CONVENTIONS)
@pytest.mark.parametrize("spelling", SPELLINGS)
def test_a_right_answer_is_right_in_every_spelling(spelling: str, convention: str) -> None:
    made = every_kind(convention)
    typed = {question.id: SPELLINGS[spelling](question.typed or "") for question in made.questions}
    found = {id: verdict(made, id, text).kind for id, text in typed.items()}
    assert {id: (typed[id], kind) for id, kind in found.items() if kind != "right"} == {}
