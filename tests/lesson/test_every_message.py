"""Every message that the reading of lessons can give has a broken file that gives it."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.lesson.broken_files import FILES
from tests.lesson.broken_questions import QUESTIONS
from tests.lesson.broken_sizes import SIZES
from tutor.folders.locate import LessonNotFoundError, find
from tutor.kinds import load, load_text
from tutor.lesson.file.answer_file import read_answers
from tutor.lesson.file.problem import LessonError
from tutor.text import Message, say

PO = Path(__file__).parents[2] / "tutor/text/locale/en/LC_MESSAGES/lesson.po"
# A heading of the course; what is said should pydantic ever refuse a value in a way of its own; and what is said of
# packages and of processes, not of files (test_course.py).
NO_MESSAGES = re.compile(r"lesson\.(own-unit|what-other|package-.*|reading-.*)")
WARNED = (
    "sizes: {n: 3, m: 3}\ngiven: {x: {shape: [n, m], integers: [1, 2]}}\ngraph: {f: sum(x)}",
    "given: {x: 1, y: 2}\ngraph: {f: 2 * x}",
    "given: {x: 1}\ngraph: {f: 2 * x}\nhints: {total z: [Look]}",
    "given: {x: 1, t: {value: 2, constant: true}}\ngraph: {f: x * t}\nask: [total: t]",
    "given: {x: 0}\ngraph: {f: 2 / x}",
    "given: {x: {integers: [5, 9]}}\ngraph: {f: tanh(x)}",
)
ANSWERS = {
    "list.yaml": "- 1\n",
    "inside.yaml": "total x: {a: 1}\n",
    "seed.yaml": "seed: soon\n",
    "cut.json": '{"total x": ',
}


def test_every_message_has_a_file_that_gives_it(tmp_path: Path) -> None:
    known = set(re.findall(r'^msgid "(lesson\..+)"$', PO.read_text("utf-8"), re.MULTILINE))
    given = {each for message in messages(tmp_path) for each in ids(message)}
    assert {each for each in known - given if not NO_MESSAGES.fullmatch(each)} == set()


@pytest.mark.parametrize("name", [*FILES, *QUESTIONS, *SIZES])
def test_a_message_says_more_than_that_something_is_wrong(name: str) -> None:
    """What was expected, what to do instead, or what is there."""
    text, _ = {**FILES, **QUESTIONS, **SIZES}[name]
    with pytest.raises(LessonError) as caught:
        load_text(text, Path("lesson.yaml"))
    for problem in caught.value.problems:
        assert len(say(problem.message, "en").split()) >= 3, problem
        assert len(say(problem.message, "zh")) >= 5, problem


def messages(folder: Path) -> Iterator[Message]:
    for text, _ in [*FILES.values(), *QUESTIONS.values(), *SIZES.values()]:
        yield from refused(lambda text=text: load_text(text, folder / "lesson.yaml"))
    for text in WARNED:
        yield from (each.message for each in load_text(f"title: T\n{text}", folder / "lesson.yaml").warnings)
    for content in (b"title: caf\xe9", b"#" * (1 << 20) + b"\n"):
        (folder / "lesson.yaml").write_bytes(content)
        yield from refused(lambda: load(folder / "lesson.yaml"))
    yield from refused(lambda: load(folder / "nowhere.yaml"))
    yield from refused(lambda: load(Path(os.devnull)))
    (folder / "unit").mkdir()
    (folder / "unit/broken.yaml").write_text("title: T\n", "utf-8")
    borrowing = folder / "unit/borrowing.yaml"
    borrowing.write_text("title: T\nparts: [{from: unit/broken}]\n", "utf-8")
    yield from refused(lambda: load(borrowing))
    for name, text in ANSWERS.items():
        (folder / name).write_text(text, "utf-8")
        yield from refused(lambda name=name: read_answers(folder / name))
    for id in ("zzz", "circuits/frist-circuit"):
        with pytest.raises(LessonNotFoundError) as missing:
            find(id)
        yield missing.value.message


def refused(call: object) -> Iterator[Message]:
    assert callable(call)
    with pytest.raises(LessonError) as caught:
        call()
    yield from (problem.message for problem in caught.value.problems)


def ids(message: Message) -> Iterator[str]:
    """A message and those within it."""
    yield message.id
    for value in message.params.values():
        for each in value if isinstance(value, list | tuple) else [value]:
            if isinstance(each, Message):
                yield from ids(each)
