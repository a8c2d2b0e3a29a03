"""Two lessons that use all of the format, driven through check, solve, grade and the drill as lines of text."""

import io
import json
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from tutor.cli import main
from tutor.kinds import KINDS, build, load
from tutor.kinds.editor_schema import schema_text
from tutor.learner.session import Session
from tutor.learner.store import Store
from tutor.lesson.file.document import parse_document
from tutor.lesson.lesson_model import lesson_model
from tutor.places import places
from tutor.plain import practise
from tutor.text import LANGUAGES, Language

DATA = Path(__file__).parent / "data"
LESSONS = sorted(DATA.glob("*.yaml"))
SEEDS = (0, 3)
Printed = pytest.CaptureFixture[str]


def named(function: Any) -> Any:
    return pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)(function)


def test_the_two_use_every_field_of_the_format() -> None:
    used = {field for path in LESSONS for field in fields(parse_document(path.read_text("utf-8"), str(path)).data)}
    schema = json.loads(schema_text())
    known = {name for model in [schema, *schema["$defs"].values()] for name in model.get("properties", {})}
    assert known - used == set()
    asked = {question.kind for path in LESSONS for question in build(load(path), 0).all_questions}
    assert asked == set(KINDS) - {"all"}


def fields(data: Any) -> Iterator[str]:
    if isinstance(data, Mapping):
        for key, value in data.items():
            yield key
            yield from fields(value)
    elif isinstance(data, list):
        for each in data:
            yield from fields(each)


@named
def test_the_schema_takes_them(path: Path) -> None:
    data = parse_document(path.read_text("utf-8"), str(path)).data
    assert lesson_model().model_validate(data).model_fields_set == set(data)


@named
def test_check_finds_no_error(path: Path, capsys: Printed) -> None:
    assert main(["check", str(path), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    # Some texts are left untranslated on purpose, a borrowed lesson's fixed numbers are its own, and all outputs are
    # measured at once where a plot is asked of several.
    told = {"untranslated", "slips-look-alike", "slip-looks-right", "plot-several-outputs"}
    assert {each["code"] for each in found} <= told


@named
@pytest.mark.parametrize("seed", SEEDS)
def test_what_solve_prints_grades_as_right(path: Path, seed: int, capsys: Printed, tmp_path: Path) -> None:
    typed = solved(path, seed, capsys)
    assert None not in typed.values()
    answers = tmp_path / "answers.json"
    answers.write_text(json.dumps(typed), "utf-8")
    assert main(["grade", str(path), str(answers), "--seed", str(seed), "--json"]) == 0
    graded = json.loads(capsys.readouterr().out)
    assert [each["id"] for each in graded] == list(typed)
    assert {each["verdict"] for each in graded} == {"right"}


@named
def test_wrong_and_unreadable_answers_are_graded_one_by_one(path: Path, capsys: Printed, tmp_path: Path) -> None:
    typed = solved(path, 0, capsys)
    for wrong in ("12345.678", "@@", "[1, 2; 3", "nothing of this", "x = "):
        answers = tmp_path / "answers.json"
        answers.write_text(json.dumps(dict.fromkeys(typed, wrong)), "utf-8")
        assert main(["grade", str(path), str(answers), "--seed", "0", "--json", "--lang", "zh"]) == 1
        graded = json.loads(capsys.readouterr().out)
        assert len(graded) == len(typed)
        assert "right" not in {each["verdict"] for each in graded}, wrong
        assert all(each["message"] for each in graded)


@named
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_drill_can_be_done_as_lines_of_text(path: Path, language: Language) -> None:
    session = Session.open(Store(places().progress), load(path), seed=0)
    questions = session.drill.questions
    output = io.StringIO()
    typed = "".join(f"{question.typed}\n" for question in questions)
    status = practise(session, language=language, answers=io.StringIO(typed), output=output)
    assert status == 0
    assert session.summary().alone == len(questions)
    session.store.close()
    printed = output.getvalue()
    if path.stem == "parts":
        for heading in ("A graph of its own", "自己的图"):
            assert (heading in printed) == (
                LANGUAGES.index(language) == ("A graph of its own", "自己的图").index(heading)
            )


@named
def test_all_hints_and_skips_go_through_the_drill(path: Path) -> None:
    session = Session.open(Store(places().progress), load(path), seed=1)
    output = io.StringIO()
    typed = "h\n" * 7 * len(session.drill.questions) + "s\n" * len(session.drill.questions)
    practise(session, language="en", answers=io.StringIO(typed), output=output)
    session.store.close()
    assert "Traceback" not in output.getvalue()


def test_own_hints_come_first_and_may_be_in_one_language() -> None:
    from tutor.kinds import hints
    from tutor.text import say

    made = build(load(DATA / "one-graph.yaml"), 0)
    first = [say(each, "zh") for each in hints(made, made.by_id["shape b"])]
    assert first[:2] == ["b 的每个元素对应一个数", "Look at the line z."]
    assert len(first) == 7


def test_what_a_lesson_says_is_kept() -> None:
    lesson = load(DATA / "one-graph.yaml")
    (part,) = lesson.parts
    assert (lesson.tolerance, lesson.strict, lesson.saturated) == (0.02, True, True)
    assert part.convention == "jacobian"
    assert part.worked == 1
    assert set(part.upstream) == {"s", "h", "loss"}
    made = build(lesson, 0)
    shapes = {question.id: question.shape for question in made.all_questions}
    assert shapes["total z"] == (1, 3)  # Jacobian form, the lesson's
    assert shapes["total W"] == (3, 2)  # the question's own
    assert len(made.questions) == len(made.all_questions) - 1  # the worked one is shown, not asked


def test_a_share_of_a_number_arrives_at_an_output_of_one_entry() -> None:
    made = build(load(DATA / "one-graph.yaml"), 0)
    run = made.parts[0].run
    assert run.gradients["s"].tolist() == [[1.5]]


def test_a_folder_with_both_is_listed(home: Path, capsys: Printed) -> None:
    unit = home / "lessons" / "format"
    unit.mkdir(parents=True)
    for path in LESSONS:
        shutil.copy(path, unit)
    (unit / "unit.yaml").write_text("title: Format\norder: 3\nlessons: [parts, one-graph]\n", "utf-8")
    assert main(["list", "--json"]) == 0
    found = {each["id"]: each for each in json.loads(capsys.readouterr().out)}
    for path in LESSONS:
        entry = found[f"format/{path.stem}"]
        assert entry["broken"] is None
        assert entry["questions"] == len(build(load(path), 0).questions)


def solved(path: Path, seed: int, capsys: Printed) -> dict[str, str]:
    assert main(["solve", str(path), "--seed", str(seed), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    questions = [question for part in found.get("parts", [found]) for question in part["questions"]]
    return {question["id"]: question["typed"] for question in questions}
