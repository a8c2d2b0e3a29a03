"""The witness: a nudge moves the graph as it says, and not as a wrong gradient predicts."""

from pathlib import Path

import numpy as np
import pytest

from tutor.checking.explaining.nudge_evidence import NUDGE, nudge_evidence
from tutor.kinds import build, load, load_text
from tutor.places import bundled_lessons
from tutor.text import LANGUAGES, say
from tutor.text.number_format import format_value

KINDS = build(load(Path(__file__).parents[1] / "ui" / "all_kinds.yaml"), 0)
CIRCUIT = build(load(bundled_lessons() / "circuits" / "first-circuit.yaml"), 0)


def test_the_loss_is_seen_to_rise_where_a_turned_sign_predicts_a_fall() -> None:
    question = KINDS.by_id["2/total W"]
    part = KINDS.part_of(question)
    wrong = -np.asarray(question.answer)
    told = nudge_evidence(KINDS, question, str(wrong.tolist()))
    assert told is not None
    numbers = {name: np.array(value) for name, value in part.draw.numbers.items()}
    place = np.unravel_index(np.argmax(np.abs(wrong)), wrong.shape)
    numbers["W"][place] += NUDGE
    rose = float(np.ravel(part.graph.run(numbers).values["s"] - part.run.values["s"])[0])
    said = say(told, "en")
    assert f"W[{place[0]}, {place[1]}] + 0.001" in said
    assert f"the output shows a {'rise' if rose > 0 else 'fall'} of {format_value(abs(rose))}" in said
    assert f"yours predicts a {'fall' if rose > 0 else 'rise'} of {format_value(abs(rose))[:6]}" in said


@pytest.mark.parametrize(
    ("id", "wrong", "said"),
    [
        ("local f a", "3", "a + 0.001, and f shows a rise of 0.002; yours predicts a rise of 0.003"),
        ("downstream f b", "2", "b + 0.001, and the output shows a rise of 0.003; yours predicts a rise of 0.002"),
        ("downstream a y", "3", "y + 0.001 in a alone, and the output shows a rise of 0.002"),
        ("total y", "2", "y + 0.001, and the output shows a rise of 0.005001; yours predicts a rise of 0.002"),
    ],
)
def test_what_is_moved_is_what_the_question_is_about(id: str, wrong: str, said: str) -> None:
    told = nudge_evidence(CIRCUIT, CIRCUIT.by_id[id], wrong)
    assert told is not None
    assert said in say(told, "en")
    assert say(told, "zh") != say(told, "en")


@pytest.mark.parametrize("question", [*KINDS.questions, *CIRCUIT.questions], ids=lambda question: question.id)
@pytest.mark.parametrize("text", ["7", "?", "", "[[1]]", "x", "z = 1", "a, b", "(3, 2)"])
def test_nothing_typed_upsets_it(question: object, text: str) -> None:
    drill = KINDS if question in KINDS.questions else CIRCUIT
    told = nudge_evidence(drill, question, text)  # type: ignore[arg-type]
    assert told is None or all(say(told, language) for language in LANGUAGES)


def test_an_answer_that_is_right_has_no_witness_against_it() -> None:
    assert nudge_evidence(CIRCUIT, CIRCUIT.by_id["total y"], "5") is None


def test_of_a_jacobian_an_entry_of_the_input_is_moved_and_one_of_the_output_seen() -> None:
    given = "title: J\ngiven: {W: [[1, 2], [3, 4]], x: [1, 2]}\ngraph: {z: W @ x, s: sum(z)}\n"
    text = given + "ask: [{local: {of: z, wrt: x}}]"
    drill = build(load_text(text, Path("/nowhere/j.yaml")), 0)
    told = nudge_evidence(drill, drill.questions[0], "[[0, 0], [0, 0]]")
    assert told is not None
    assert say(told, "en").startswith(
        "Try it: x[1] + 0.001, and z[1] shows a rise of 0.004; yours predicts a rise of 0."
    )
