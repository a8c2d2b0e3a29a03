"""What is known of inputs without being said: indices and labels stay whole at other numbers, shares add up to 1."""

import numpy as np
import pytest

from tests.checking.lessons import drill, judged
from tutor.drill.question import DrillPart

TABLE = "given:\n  E: [[0.5, -1], [1.5, 0.4], [-0.7, 2]]\n  ids: {ids}\ngraph: {{h: 'gather(E, ids)', L: sum(h*h)}}"
IDS = [
    "[0, 2, 0, 1]",
    "{value: [0, 2, 0, 1], domain: labels}",
    "{shape: [4], integers: [0, 2]}",
    "{shape: [4], integers: [0, 2], domain: labels}",
    "{shape: [4], choice: [0, 1]}",
    "{shape: [4], labels: 3}",
]
LOSSES = {
    "cross_entropy(z, y)": "given: {z: [[0.5, -1], [1.5, 0.4], [-0.7, 2]], y: [0, 1, 0]}",
    "hinge(z, y)": "given: {z: [[0.5, -1], [1.5, 0.4], [-0.7, 2]], y: [0, 1, 0]}",
    "sum(z[y])": "given: {z: [0.5, -1, 1.5], y: [2, 2]}",
    "z[..., y]": "given: {z: [0.5, -1, 1.5], y: 2}",
    "cross_entropy(z[0], y)": "given: {z: [[0.5, -1, 1.5]], y: 2}",
}


def part_of(text: str) -> DrillPart:
    return drill(text).parts[0]


@pytest.mark.parametrize("ids", IDS)
def test_indices_are_labels(ids: str) -> None:
    part = part_of(TABLE.format(ids=ids) + "\nask: [{total: E}]")
    assert part.part.given["ids"].integer
    for run in (*part.runs.perturbed, *part.runs.resampled):
        assert set(np.ravel(run.values["ids"]).tolist()) <= {0, 1, 2}


@pytest.mark.parametrize("ids", IDS)
def test_what_chooses_rows_does_not_stop_the_checking(ids: str) -> None:
    made = drill(TABLE.format(ids=ids) + "\nask: [{total: E}, {formula: {wrt: h}}]")
    run = made.parts[0].run
    E, chosen = np.asarray(run.values["E"]), np.asarray(run.values["ids"]).astype(int)
    right = np.zeros((3, 2))
    np.add.at(right, chosen, 2 * E[chosen])
    assert judged(made, "total E", str(right.tolist())) == ("right", None)
    assert judged(made, "total E", str((right + 0.37).tolist()))[0] == "wrong"
    assert judged(made, "formula h", "2*h") == ("right", None)


@pytest.mark.parametrize("loss", LOSSES)
def test_labels_of_losses_and_indices(loss: str) -> None:
    made = drill(f"{LOSSES[loss]}\ngraph: {{L: '{loss}'}}\nask: [{{total: z}}]")
    assert made.parts[0].part.given["y"].integer
    assert judged(made, "total z", "0.123 + 0*z")[0] in ("wrong", "wrong-shape")


def test_targets_of_the_shape_of_the_logits_are_no_labels() -> None:
    part = part_of("given: {z: [0.5, -1, 1.5], t: [0, 1, 0]}\ngraph: {L: 'cross_entropy(z, t)'}")
    assert not part.part.given["t"].integer


def test_at_other_sizes_there_are_as_many_rows_to_choose_from() -> None:
    sized = (
        "sizes: {V: 5, d: 2, n: 3}\n"
        "given:\n  E: {shape: [V, d], uniform: [-1, 1]}\n  ids: {shape: [n], value: [0, 4, 0]}\n"
        "graph: {h: 'gather(E, ids)', L: sum(h*h)}\nask: [{formula: {wrt: h}}]"
    )
    fresh = part_of(sized).runs.resampled
    rows = [np.shape(run.values["E"])[0] for run in fresh]
    assert len(set(rows)) > 2
    assert any(np.max(run.values["ids"]) > 2 for run in fresh)


def test_targets_that_add_up_to_1_do_so_everywhere() -> None:
    """So that what every book gives for a soft target, softmax(z) - t, is right and no coincidence."""
    soft = "given: {z: [0.5, -1, 0.8], t: [0.2, 0.5, 0.3]}\n"
    made = drill(soft + "graph: {L: 'cross_entropy(z, t)'}\nask: [total: z, formula: {wrt: z}]")
    for run in (*made.parts[0].runs.perturbed, *made.parts[0].runs.resampled):
        assert np.sum(run.values["t"]) == pytest.approx(1.0)
        assert np.all(np.asarray(run.values["t"]) > 0)
    for id in ("total z", "formula z"):
        assert judged(made, id, "softmax(z) - t") == ("right", None)
        assert judged(made, id, "softmax(z)*sum(t) - t") == ("right", None)
        assert judged(made, id, "t - softmax(z)") == ("wrong", "cross_entropy:loss-sign")
    assert judged(made, "formula z", "softmax(z) - t^2")[0] == "wrong"


def test_other_targets_are_drawn_like_any_number() -> None:
    loose = "given: {z: [0.5, -1, 0.8], t: [0.2, 0.5, 0.4]}\n"
    made = drill(loose + "graph: {L: 'cross_entropy(z, t)'}\nask: [formula: {wrt: z}]")
    assert judged(made, "formula z", "softmax(z) - t")[0] == "wrong"
    assert judged(made, "formula z", "softmax(z)*sum(t) - t") == ("right", None)
