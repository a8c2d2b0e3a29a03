"""The bundled lessons teach what they say: both languages, few lines, numbers fit for hand work."""

from pathlib import Path

import numpy as np
import pytest

from tutor.kinds import load
from tutor.lesson.loading import load_unit
from tutor.lesson.model import Lesson
from tutor.lesson.numbers.draws import draw, is_finite, is_fit
from tutor.lesson.numbers.fresh_draws import fresh_draws
from tutor.places import bundled_lessons

FOLDER = bundled_lessons()
UNITS = sorted(FOLDER.glob("*/unit.yaml"))
PATHS = sorted(path for path in FOLDER.glob("*/*.yaml") if path.name != "unit.yaml")
IDS = [path.relative_to(FOLDER).with_suffix("").as_posix() for path in PATHS]
LESSONS = pytest.mark.parametrize("path", PATHS, ids=IDS)


@LESSONS
def test_a_lesson_is_sound(path: Path) -> None:
    lesson = load(path)
    assert lesson.warnings == ()
    assert lesson.id in IDS
    assert lesson.covers
    assert lesson.source
    assert set(lesson.requires) <= set(IDS)


@LESSONS
def test_every_text_is_there_in_both_languages(path: Path) -> None:
    lesson = load(path)
    texts = [lesson.title, lesson.about, *(part.name for part in lesson.parts if lesson.has_parts)]
    texts += [hint for hints in lesson.hints.values() for hint in hints]
    assert all(text is not None and text.en and text.zh for text in texts)


@LESSONS
def test_a_lesson_opens_with_the_idea_in_at_most_eight_lines(path: Path) -> None:
    about = load(path).about
    assert about is not None
    for text in (about.en, about.zh or ""):
        lines = [line for line in text.splitlines() if line.strip()]
        assert len(lines) <= 8
        assert max(map(len, lines)) <= 100


@LESSONS
def test_forty_seeds_give_numbers_fit_for_hand_work(path: Path) -> None:
    for part in load(path).parts:
        drawn_once = not any(given.drawn for given in (*part.given.values(), *part.upstream.values()))
        for seed in range(1 if drawn_once else 40):
            drawn = draw(part, seed)
            run = part.graph.run(drawn.numbers, drawn.upstream)
            assert is_finite(run)
            assert is_fit(part, run)


@LESSONS
def test_formulas_can_be_checked_at_other_sizes(path: Path) -> None:
    for part in load(path).parts:
        found = fresh_draws(part)
        assert len({tuple(each.sizes.values()) for each in found}) > 1 or not part.sizes
        assert all(len(set(each.sizes.values())) == len(part.sizes) for each in found)


@pytest.mark.parametrize("path", UNITS, ids=[path.parent.name for path in UNITS])
def test_a_unit_names_its_lessons_and_shows_the_first_question_solved(path: Path) -> None:
    unit = load_unit(path.read_text("utf-8"), path)
    assert sorted(unit.lessons) == sorted(each.stem for each in PATHS if each.parent == path.parent)
    first = load(path.parent / f"{unit.lessons[0]}.yaml")
    assert first.parts[0].worked >= 1


def test_what_a_lesson_requires_comes_before_it() -> None:
    order = [
        f"{path.parent.name}/{name}" for path in UNITS for name in load_unit(path.read_text("utf-8"), path).lessons
    ]
    for id in order:
        required = load(FOLDER / f"{id}.yaml").requires
        assert all(order.index(each) < order.index(id) for each in required)


def test_the_first_circuit_is_that_of_the_lecture() -> None:
    (part,) = first_circuit().parts
    run = part.graph.run(draw(part, 0).numbers)
    assert {name: float(run.values[name]) for name in "abf"} == {"a": 3, "b": 2, "f": 6}
    assert {name: float(run.gradients[name]) for name in "xyz"} == {"x": 2, "y": 5, "z": 0}
    assert part.ask == ()
    assert len(part.graph.lines) == 3


def test_the_first_circuit_has_no_number_to_draw() -> None:
    (part,) = first_circuit().parts
    assert [draw(part, seed).numbers["y"] for seed in (0, 99)] == [2, 2]


def test_the_score_has_the_gradients_of_the_lecture() -> None:
    (part,) = load(FOLDER / "one-layer" / "score-gradient.yaml").parts
    for seed in range(20):
        drawn = draw(part, seed)
        x, W, b, u = (drawn.numbers[name] for name in ("x", "W", "b", "u"))
        run = part.graph.run(drawn.numbers)
        delta = u * (1 - np.tanh(W @ x + b) ** 2)
        assert np.allclose(run.gradients["b"], delta)
        assert np.allclose(run.gradients["W"], delta @ x.T)
        assert np.allclose(run.gradients["x"], W.T @ delta)


def first_circuit() -> Lesson:
    return load(FOLDER / "circuits" / "first-circuit.yaml")
