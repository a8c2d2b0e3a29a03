"""The texts are complete: what the code says exists, in both languages, compiled, and nothing else does."""

import ast
import gettext
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from tutor.engine import REGISTRY
from tutor.engine.ops import Op
from tutor.kinds.kind import slips_of_kinds
from tutor.mistakes.mistake_ids import BROADCAST, GENERAL, QUADRATIC
from tutor.text import LANGUAGES
from tutor.text.message import LOCALE

TUTOR = Path(__file__).parents[2] / "tutor"
ROOMS = sorted({path.stem for path in LOCALE.glob("*/LC_MESSAGES/*.po")})
COMPILE = "/".join(LOCALE.relative_to(TUTOR.parent).parts)

ID = re.compile(rf"({'|'.join(ROOMS)})\.[a-z0-9][a-z0-9:._-]*(?<!\.json)(?<![-.])")

# Functions whose first argument is the name of a mistake: its texts are `mistakes.NAME` and `mistakes.NAME-idea`.
NAMING_MISTAKES = {"Mistake", "general", "at", "whole"}


@cache
def catalogue(room: str, language: str) -> Catalog:
    with (LOCALE / language / "LC_MESSAGES" / f"{room}.po").open("rb") as file:
        return read_po(file, locale=language)


def texts(room: str, language: str) -> dict[str, str]:
    return {str(entry.id): str(entry.string) for entry in catalogue(room, language) if entry.id}


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


@cache
def trees() -> list[tuple[Path, ast.Module]]:
    return [(path, ast.parse(path.read_text("utf-8"))) for path in sorted(TUTOR.rglob("*.py"))]


def message_calls() -> list[tuple[str, ast.Call]]:
    return [
        (f"{path.relative_to(TUTOR.parent)}:{node.lineno}", node)
        for path, tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) in {"msg", "Message"}
    ]


@cache
def literals() -> set[str]:
    """Every string in the code that looks like an id of ours, in a call or in a table."""
    return {
        node.value
        for _, tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and ID.fullmatch(node.value)
    }


@cache
def put_together() -> set[str]:
    """The ids that the code makes from the names of slips and mistakes."""
    slips = {
        f"slips.{name}:{slip}.{part}"
        for name, op in REGISTRY.items()
        for slip in op.slips
        for part in ("name", "advice")
    }
    named = {
        node.args[0].value
        for path, tree in trees()
        for node in ast.walk(tree)
        if {"mistakes", "checking"} & {*path.parts}
        and isinstance(node, ast.Call)
        and getattr(node.func, "id", "") in NAMING_MISTAKES
        and node.args
        and isinstance(node.args[0], ast.Constant)
    }
    listed = {id.replace(":", "-") for id in (*GENERAL, *BROADCAST, *QUADRATIC, *slips_of_kinds())}
    return slips | {f"mistakes.{name}{end}" for name in named | listed for end in ("", "-idea")}


def homes(op: type[Op]) -> Iterator[tuple[str, str]]:
    """For each slip of an op the id of its name, and the comment there that leads to the class with its rule."""
    for slip in op.slips:
        home = next(each for each in op.__mro__ if "slips" in vars(each))
        yield f"slips.{op.name}:{slip}.name", f"{home.__name__} in {home.__module__.replace('.', '/')}.py"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_text_of_a_slip_leads_to_its_rule(language: str) -> None:
    comments = {str(entry.id): entry.auto_comments for entry in catalogue("slips", language) if entry.id}
    assert {id: [home] for op in REGISTRY.values() for id, home in homes(op)} == {
        id: found for id, found in comments.items() if found
    }


@pytest.mark.parametrize("room", ROOMS)
def test_every_text_is_translated(room: str) -> None:
    english, chinese = texts(room, "en"), texts(room, "zh")
    assert english.keys() == chinese.keys()
    assert [id for id, text in (english | chinese).items() if not text.strip()] == []


@pytest.mark.parametrize("room", ROOMS)
def test_both_languages_have_the_same_fields(room: str) -> None:
    english, chinese = texts(room, "en"), texts(room, "zh")
    assert {id: fields(text) for id, text in english.items()} == {id: fields(text) for id, text in chinese.items()}


@pytest.mark.parametrize("room", ROOMS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_fields_are_plain_names(room: str, language: str) -> None:
    for id, text in texts(room, language).items():
        assert all(name.isidentifier() for name in fields(text)), id
        for _, _, words, conversion in Formatter().parse(text):
            assert not conversion, id
            # In English `{count:line|lines}` is one word or the other.
            assert not words or (language == "en" and words.count("|") == 1), id


# Counts that are never 1: bounds of ours, fresh draws, options (two at least), and what can be turned at all.
NEVER_ONE = {"checking.too-many-lines", "engine.array-too-large", "expr.too-many-entries", "lesson.too-many-lines"}
NEVER_ONE |= {"lesson.jacobian-too-large", "lesson.too-many-axes"}
NEVER_ONE |= {"lesson.right-not-an-option", "lesson.why-for-each", "checking.shape-row-turned"}
NOUNS = "lines|questions|lessons|files|entries|axes|inputs|columns|minutes|options|ops|gradients|others|classes"
CHOSEN = re.compile(r"\{\w+:[^{}]*(\{\w+\}[^{}]*)*\}")
PLURAL = re.compile(rf"\{{[a-z_]+\}} (more )?({NOUNS})\b")


@pytest.mark.parametrize("room", ROOMS)
def test_a_count_of_one_has_its_word(room: str) -> None:
    """`1 lines` comes from a text such as `{count} lines`."""
    english = {id: CHOSEN.sub("", text) for id, text in texts(room, "en").items() if id not in NEVER_ONE}
    assert [id for id, text in english.items() if PLURAL.search(text)] == []


@pytest.mark.parametrize("room", ROOMS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_compiled_texts_are_fresh(room: str, language: str) -> None:
    with (LOCALE / language / "LC_MESSAGES" / f"{room}.mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)._catalog  # type: ignore[attr-defined]
    compiled.pop("", None)
    assert compiled == texts(room, language), f"stale: run `pybabel compile -d {COMPILE} -D {room}`"


@pytest.mark.parametrize("room", ROOMS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_ids_are_unique_ours_and_not_fuzzy(room: str, language: str) -> None:
    source = (LOCALE / language / "LC_MESSAGES" / f"{room}.po").read_text("utf-8")
    ids = re.findall(r'^msgid "(.+)"$', source, re.MULTILINE)
    assert len(ids) == len(set(ids))
    assert [id for id in ids if not id.startswith(f"{room}.")] == []
    assert "#, fuzzy" not in source


def test_every_message_in_the_code_has_a_text() -> None:
    known = {id for room in ROOMS for id in texts(room, "en")}
    missing = [
        f"{where}: {call.args[0].value}"
        for where, call in message_calls()
        if call.args and isinstance(call.args[0], ast.Constant) and call.args[0].value not in known
    ]
    missing += sorted((literals() | put_together()) - known)
    assert missing == []


def test_every_message_fills_the_fields_of_its_text() -> None:
    known = {id: fields(text) for room in ROOMS for id, text in texts(room, "en").items()}
    unfilled = {}
    for where, call in message_calls():
        id = call.args[0].value if call.args and isinstance(call.args[0], ast.Constant) else None
        if id not in known or any(keyword.arg is None for keyword in call.keywords) or len(call.args) > 1:
            continue
        if missing := known[id] - {keyword.arg for keyword in call.keywords}:
            unfilled[f"{where}: {id}"] = missing
    assert unfilled == {}


def test_every_text_is_used() -> None:
    used = literals() | put_together()
    assert [id for room in ROOMS for id in texts(room, "en") if id not in used] == []
