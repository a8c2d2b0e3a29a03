"""A kind of question is one class: a toy kind in one file is checked, solved, graded and asked like any other."""

import io
import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from tests.kinds.sign import TEXTS, SignKind
from tests.ui.conftest import Opened, experienced, opened, worked  # noqa: F401  fixtures
from tutor.cli import main
from tutor.kinds import KINDS, load
from tutor.kinds.editor_schema import schema_text
from tutor.learner.session import Session
from tutor.learner.store import Store
from tutor.lesson.file.document import parse_document
from tutor.places import places
from tutor.plain import practise
from tutor.text import message
from tutor.ui.screens.summary import SummaryScreen

LESSON = "title: T\ngiven: {x: 2, y: -3}\ngraph: {f: x * y}\nask:\n  - sign: [x, y]\n  - total: x\n"

Printed = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def toy(monkeypatch: pytest.MonkeyPatch) -> None:
    """The kind and its texts, for one test."""
    catalogue = message._catalogue
    monkeypatch.setattr(message, "_catalogue", lambda room, to: TEXTS if room == "sign" else catalogue(room, to))
    monkeypatch.setitem(KINDS, "sign", SignKind())


@pytest.fixture
def lesson(tmp_path: Path) -> Path:
    path = tmp_path / "signs.yaml"
    path.write_text(LESSON, "utf-8")
    return path


def test_check_knows_it(lesson: Path, capsys: Printed) -> None:
    assert main(["check", "--json", str(lesson)]) == 0
    lesson.write_text(LESSON.replace("[x, y]", "[x, z]"), "utf-8")
    capsys.readouterr()
    assert main(["check", "--json", str(lesson)]) == 1
    (problem,) = json.loads(capsys.readouterr().out)
    assert (problem["line"], problem["column"], problem["code"]) == (5, 15, "unknown-name")


def test_solve_answers_it(lesson: Path, capsys: Printed) -> None:
    assert main(["solve", "--json", str(lesson)]) == 0
    questions = json.loads(capsys.readouterr().out)["questions"]
    assert [(each["id"], each["kind"], each["answer"]) for each in questions] == [
        ("sign x", "sign", "negative"),
        ("sign y", "sign", "positive"),
        ("total x", "total", -3.0),
    ]


def test_grade_judges_it(lesson: Path, tmp_path: Path, capsys: Printed) -> None:
    answers = tmp_path / "ada.yaml"
    answers.write_text("sign x: negative\nsign y: zero\ntotal x: -3\n", "utf-8")
    assert main(["grade", "--json", str(lesson), str(answers)]) == 1
    grades = json.loads(capsys.readouterr().out)
    assert [each["verdict"] for each in grades] == ["right", "wrong", "right"]
    assert (grades[1]["mistake"], grades[1]["message"]) == ("sign:turned", TEXTS["sign.wrong"].format(wrt="y"))


def test_the_drill_in_lines_of_text_asks_it(lesson: Path) -> None:
    session, output = Session.open(Store(places().progress), load(lesson)), io.StringIO()
    status = practise(session, answers=io.StringIO("?\nnegativ\nzero\nnegative\npositive\n-3\n"), output=output)
    session.store.close()
    assert status == 0
    said = output.getvalue()
    assert TEXTS["sign.prompt"] in said
    assert TEXTS["sign.hint"].format(wrt="x") in said
    assert said.count(TEXTS["sign.wrong"].format(wrt="x")) == 1
    assert "Did you mean negative?" in said or "negative" in said.split("negativ\n")[1]


@pytest.mark.usefixtures("experienced")
async def test_a_screen_asks_it(lesson: Path, opened: Opened) -> None:  # noqa: F811
    async with opened(str(lesson)) as hand:
        assert any("sign(dx)" in line for line in hand.lines())
        await hand.answer("positive")
        assert "nudge x up" in hand.text()
        for typed in ("negative", "positive", "-3"):
            hand.box.fill(typed)
            await hand.press("enter")
        assert all(state.state == "right" for state in hand.session.states)
        await hand.settle()
        assert isinstance(hand.app.screen, SummaryScreen)


def test_the_schema_of_editors_has_it() -> None:
    schema = json.loads(schema_text())
    assert schema["$defs"]["AskItem"]["properties"]["sign"]["description"] == SignKind.describes
    data = parse_document(LESSON, "signs.yaml").data
    assert Draft202012Validator(schema).is_valid(data)
    del KINDS["sign"]
    assert not Draft202012Validator(json.loads(schema_text())).is_valid(data)


def test_slips_lists_its_mistake(capsys: Printed) -> None:
    assert main(["slips", "sign", "--json"]) == 0
    assert [each["id"] for each in json.loads(capsys.readouterr().out)] == ["sign", "sign:turned"]


def test_a_misspelt_one_is_told_where_it_is_gone(lesson: Path, capsys: Printed) -> None:
    del KINDS["sign"]
    assert main(["check", "--json", str(lesson)]) == 1
    assert json.loads(capsys.readouterr().out)[0]["code"].startswith("unknown-field")
