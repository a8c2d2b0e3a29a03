"""Unquoted scalars mean what the core schema of YAML 1.2 says, whichever words older YAML knew."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutor.lesson.file.document import parse_document
from tutor.lesson.file.scalars import plain_value


@pytest.mark.parametrize(
    "word",
    [
        "y",
        "n",
        "Y",
        "yes",
        "no",
        "on",
        "off",
        "nO",
        "tRue",
        "nil",
        "1_000",
        "0b1",
        "1:30",
        "2024-01-01",
        "e",
        "1e",
        "+",
        ".",
        "0x",
        "inf",
        "nan",
    ],
)
def test_words_stay_words(word: str) -> None:
    assert plain_value(word) == word


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1e-3", 0.001),
        ("1E3", 1000.0),
        ("+1", 1),
        ("-0", 0),
        ("017", 17),
        ("0o17", 15),
        ("0xfF", 255),
        (".5", 0.5),
        ("5.", 5.0),
        ("1.e2", 100.0),
    ],
)
def test_numbers_are_numbers(text: str, value: float) -> None:
    assert plain_value(text) == value
    assert type(plain_value(text)) is type(value)


def test_the_rest_of_the_schema() -> None:
    assert [plain_value(each) for each in ("", "~", "null", "Null", "NULL")] == [None] * 5
    assert [plain_value(each) for each in ("true", "True", "TRUE")] == [True] * 3
    assert [plain_value(each) for each in ("false", "False", "FALSE")] == [False] * 3
    assert [plain_value(each) for each in (".inf", "-.Inf", "+.INF")] == [math.inf, -math.inf, math.inf]
    assert all(math.isnan(plain_value(each)) for each in (".nan", ".NaN", ".NAN"))  # type: ignore[arg-type]


PIECES = st.lists(
    st.sampled_from([*"0123456789+-.eExoX~abfnN_:", "null", "true", "False", ".inf", ".nan", "0x", "0o", "yes"]),
    max_size=7,
)


@given(PIECES.map("".join))
def test_every_scalar_has_the_type_that_the_schema_gives_it(text: str) -> None:
    value = plain_value(text)
    assert {bool: "bool", int: "int", float: "float", str: "str", type(None): "null"}[type(value)] == core_type(text)


def core_type(text: str) -> str:
    """The core schema stated once more, letter by letter instead of by patterns."""
    if text in ("", "~") or text in ("null", "Null", "NULL"):
        return "null"
    if text.lower() in ("true", "false") and text in (text.lower(), text.upper(), text.capitalize()):
        return "bool"
    if text[:2] == "0o":
        return "int" if text[2:] and set(text[2:]) <= set("01234567") else "str"
    if text[:2] == "0x":
        return "int" if text[2:] and set(text[2:]) <= set("0123456789abcdefABCDEF") else "str"
    unsigned = text[1:] if text[:1] in ("+", "-") else text
    if unsigned in (".inf", ".Inf", ".INF") or text in (".nan", ".NaN", ".NAN"):
        return "float"
    if digits(unsigned):
        return "int"
    mantissa, exponent = unsigned, None
    for letter in "eE":
        if letter in unsigned:
            mantissa, exponent = unsigned.split(letter, 1)
            break
    if exponent is not None and not digits(exponent[1:] if exponent[:1] in ("+", "-") else exponent):
        return "str"
    before, point, after = mantissa.partition(".")
    if point:
        good = (digits(before) and (after == "" or digits(after))) or (before == "" and digits(after))
        return "float" if good else "str"
    return "float" if digits(before) and exponent is not None else "str"


def digits(text: str) -> bool:
    return text != "" and all(letter in "0123456789" for letter in text)


@given(st.text(alphabet=st.characters(min_codepoint=32, max_codepoint=126), max_size=30))
def test_quotes_make_a_text_of_anything(text: str) -> None:
    single = parse_document("a: '" + text.replace("'", "''") + "'", "f")
    assert single.data == {"a": text}


def test_huge_numbers_cost_nothing() -> None:
    assert plain_value("9" * 100_000) == math.inf
