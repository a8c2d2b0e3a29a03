"""Nothing that can be typed raises anything but ParseError, and every error can be shown."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tutor.expr import ParseError, Scope, parse, parse_answer, parse_shape, to_latex, to_text, to_unicode
from tutor.expr.spelling import spell
from tutor.text import LANGUAGES, say

SCOPE = Scope(
    frozenset({"x", "y", "z", "W", "up", "e", "n"}), frozenset({"max", "tanh", "sum"}), frozenset({"x", "z", "h"})
)
READERS: tuple[Callable[[str], Any], ...] = (
    lambda text: parse(text, SCOPE),
    lambda text: parse_answer(text, SCOPE),
    lambda text: parse(text, Scope()),
    parse_shape,
)
SAMPLES = [
    "up * (1 - tanh(W @ x + y)^2)",
    "dh/dz @ dz.T + [1, -2.5e-3; 3, ½]",
    "sum(x[:, 1:n, ...], axis=-1, keep=true) >= 0",
    "[[1 -2]\n [3 4]]",
    "max(x², Wᵀ⊙y, 'mean')",
    "(3, 2*n)",
    "１，２；－３，４",
]
PIECES = [
    "x",
    "W",
    "dz",
    "dh/dz",
    "T",
    ".T",
    "^",
    "**",
    "-",
    "(",
    ")",
    "[",
    "]",
    ",",
    ";",
    ":",
    "...",
    "..",
    ".",
    "=",
    "==",
]
PIECES += [
    "1",
    "2.5",
    "1e-3",
    "e",
    "²",
    "ᵀ",
    "½",
    "∂",
    "'",
    '"',
    "%",
    "\n",
    " ",
    "\u0301",
    "max(",
    "axis=",
    "true",
    "nan",
]
PIECES += ["√", "\\", "\x00", "\ud800", "🙂", "（", "ﬁ", "٣", "①", "−", "+", "*", "/", "@", "<", "_", "x2", "3x2"]

anything = st.text(max_size=60)
soup = st.lists(st.sampled_from(PIECES), max_size=14).map("".join)


@st.composite
def mutated(draw: st.DrawFn) -> str:
    text = draw(st.sampled_from(SAMPLES))
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(text)))
        end = draw(st.integers(start, min(len(text), start + 3)))
        text = text[:start] + draw(st.sampled_from([*PIECES, ""])) + text[end:]
    return text


def check(text: str) -> None:
    for read in READERS:
        outcome = attempt(read, text)
        if isinstance(outcome, ParseError):
            assert 0 <= outcome.span.start <= outcome.span.end <= len(text)
            sentences = [say(outcome.message, language) for language in LANGUAGES]
            assert all(outcome.message.id != sentence and len(sentence) < 250 for sentence in sentences)
        elif not isinstance(outcome, tuple):
            assert to_latex(outcome, {})
            for written in (to_text(outcome), to_unicode(outcome)):
                assert parse(written, Scope(None, SCOPE.functions, SCOPE.gradients)) is not None


def attempt(read: Callable[[str], Any], text: str) -> Any:
    try:
        return read(text)
    except ParseError as error:
        return error


@given(st.one_of(anything, soup, mutated()))
@settings(max_examples=400, deadline=None)
def test_nothing_typed_raises_anything_but_a_parse_error(text: str) -> None:
    check(text)


@pytest.mark.thorough
@given(st.one_of(anything, soup, mutated()))
@settings(max_examples=30_000, deadline=None)
def test_nothing_typed_raises_anything_but_a_parse_error_in_a_long_run(text: str) -> None:
    check(text)


@given(st.one_of(anything, soup))
def test_every_letter_keeps_its_place(text: str) -> None:
    spelling = spell(text)
    places = [spelling.span(at, at + 1) for at in range(len(spelling.text))]
    assert all(0 <= place.start <= place.end <= len(text) for place in places)
    assert places == sorted(places)
    for letter, place in zip(spelling.text, places, strict=True):
        if letter.isalnum() and letter.isascii():
            assert text[place.start] == letter or ord(text[place.start]) > 127
