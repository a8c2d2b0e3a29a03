"""The template of `tutor new`: every example that sleeps in it is right when it is woken, alone and with the others."""

import re
from pathlib import Path

import pytest

from tutor.authoring.lesson_check import check_file
from tutor.authoring.lesson_writing import template
from tutor.kinds import KINDS, build, load_text
from tutor.text import LANGUAGES, Language

NOWHERE = Path("/nowhere/my-lesson.yaml")
SLEEPING = re.compile(r"^( *)# (- [\w-]+: .*|[a-z]\w*: .+)$")
FIELDS = ("worked", "tolerance", "convention", "plots", "upstream", "p", "y", "t", "k", "c")


def rows(language: Language = "en") -> list[str]:
    return template(NOWHERE, language).splitlines()


def awake(row: str) -> str:
    return SLEEPING.sub(r"\1\2", row)


def sleeping() -> list[int]:
    return [number for number, row in enumerate(rows()) if SLEEPING.match(row)]


def test_every_kind_of_question_and_all_that_was_promised_has_an_example() -> None:
    text = "\n".join(awake(row) for row in rows())
    assert [kind for kind in KINDS if f"\n  - {kind}: " not in text] == []
    assert [field for field in (*FIELDS, "hints") if not re.search(rf"^ *{field}:", text, re.MULTILINE)] == []
    assert all(
        word in text for word in ("choice:", "labels:", "onehot:", "mask:", "constant:", "parts:", "tutor solve")
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_both_languages_have_the_same_examples(language: Language) -> None:
    code = [row.partition(" # ")[0].rstrip() for row in rows(language) if SLEEPING.match(row)]
    assert code == [row.partition(" # ")[0].rstrip() for row in rows() if SLEEPING.match(row)]


@pytest.mark.parametrize("number", sleeping(), ids=lambda number: rows()[number].strip(" #").partition(" #")[0].strip())
def test_each_example_is_valid_by_itself(number: int) -> None:
    lines = rows()
    before = build(load_text("\n".join(lines), NOWHERE), 0)
    lines[number] = awake(lines[number])
    drill = build(load_text("\n".join(lines), NOWHERE), 0)
    if lines[number].startswith("  - "):
        assert len(drill.all_questions) > len(before.all_questions)


def test_all_examples_together_pass_the_check(tmp_path: Path) -> None:
    path = tmp_path / "my-lesson.yaml"
    unused = re.compile(
        r"^(  # [ptykc]|# (convention|upstream)): "
    )  # what no line uses; what other answers would follow from
    path.write_text("\n".join(row if unused.match(row) else awake(row) for row in rows()) + "\n", "utf-8")
    assert [each.message for each in check_file(path) if each.severity == "error"] == []


def test_the_example_of_parts_is_a_lesson(tmp_path: Path) -> None:
    lines = rows()
    start = next(number for number, row in enumerate(lines) if row == "# parts:")
    title = next(row for row in lines if row.startswith("title:"))
    path = tmp_path / "my-lesson.yaml"
    path.write_text("\n".join([title, *(row[2:] for row in lines[start:])]) + "\n", "utf-8")
    assert [each.message for each in check_file(path) if each.severity == "error"] == []
