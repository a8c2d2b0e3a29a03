"""Which mistakes apply to a question, which cannot be told apart, and what each goes by."""

from itertools import combinations

import numpy as np
import pytest

from tests.checking.lessons import drill
from tutor.drill.question import Drill, GradientQuestion
from tutor.mistakes.mistake import Distance
from tutor.mistakes.mistake_classes import MistakeClass, agree_to_rounding, classes_of_mistakes

GATES = "given: {x: 1.37, y: 2.61, z: 0.58}\n"


def of(made: Drill, id: str) -> list[MistakeClass]:
    question = made.by_id[id]
    assert isinstance(question, GradientQuestion)
    part = made.part_of(question)
    return classes_of_mistakes(part.run, part.runs.perturbed, question.target)


def ids(found: list[MistakeClass]) -> set[str]:
    return {member.id for each in found for member in each.members if member.distance == Distance.ASKED}


def named(each: MistakeClass) -> list[tuple[str, str]]:
    return [(member.id, member.node) for member in each.members]


def test_at_a_plus_to_forget_the_local_gradient_is_the_truth_and_no_mistake() -> None:
    made = drill(GATES + "graph: {a: x + y, f: a * z}\nask: [all]")
    assert "local-forgotten" not in ids(of(made, "downstream a x"))
    assert {"add:splits", "upstream-forgotten"} <= ids(of(made, "downstream a x"))
    assert {"mul:own-input", "local-forgotten", "added", "times-z"} <= ids(of(made, "downstream f a"))


def test_relus_forgotten_mask_and_a_forgotten_local_gradient_are_one_class_named_by_the_op() -> None:
    made = drill(
        "given: {x: {shape: [4], value: [1.37, -2.61, 0.58, -0.44]}, c: {shape: [4], value: [1.7, 2.3, -0.9, 1.1]}}\n"
        "graph: {h: relu(x), f: sum(h * c)}\nask: [all]"
    )
    (both,) = [each for each in of(made, "downstream h x") if ("local-forgotten", "h") in named(each)]
    assert both.id == "relu:mask-forgotten"
    assert both.distance == Distance.ASKED


def test_where_the_mask_is_open_everywhere_to_forget_it_is_no_mistake() -> None:
    made = drill(
        "given: {x: {shape: [2], value: [1.37, 2.61]}, c: {shape: [2], value: [1.7, -2.3]}}\n"
        "graph: {h: relu(x), f: sum(h * c)}\nask: [all]"
    )
    assert "relu:mask-forgotten" not in ids(of(made, "downstream h x"))
    assert "relu:mask-from-gradient" in ids(of(made, "downstream h x"))


@pytest.mark.parametrize("uses", [2, 3, 4])
def test_at_a_fork_every_choice_of_paths_is_a_mistake(uses: int) -> None:
    """With k uses 2^k - 2 choices leave some out, k count one twice; multiplying and averaging come on top."""
    lines = ", ".join(f"l{k}: {1.3 + 0.37 * k} * x" for k in range(uses))
    made = drill(
        f"given: {{x: 1.37}}\ngraph: {{{lines}, f: {' + '.join(f'l{k}^2' for k in range(uses))}}}\nask: [total: x]"
    )
    members = [m for each in of(made, "total x") for m in each.members if m.node == "x"]
    counted = {id: len({m.place for m in members if m.id == id}) for id in ("one-branch", "path-twice")}
    assert counted == {"one-branch": 2**uses - 2, "path-twice": uses}
    assert {"branches-multiplied", "branches-averaged"} <= {m.id for m in members}


def test_more_than_six_uses_are_not_tried_in_every_choice() -> None:
    lines = ", ".join(f"l{k}: {1.3 + 0.37 * k} * x" for k in range(7))
    made = drill(f"given: {{x: 1.37}}\ngraph: {{{lines}, f: {' + '.join(f'l{k}' for k in range(7))}}}\nask: [total: x]")
    assert "one-branch" not in ids(of(made, "total x"))


def test_classes_differ_from_each_other_and_from_the_truth() -> None:
    made = drill(GATES + "graph: {a: x * y, b: a / z, c: b * a, f: c - x}\nask: [all, total: z]")
    for question in made.questions:
        if not isinstance(question, GradientQuestion):
            continue
        part = made.part_of(question)
        found = of(made, question.id)
        for each in found:
            near = part.runs.perturbed[0]
            assert each.produce(part.run) is not None
            for member in each.members:
                np.testing.assert_allclose(member.produce(near), each.produce(near), rtol=1e-7)
        for one, other in combinations(found, 2):
            assert not all(agree_to_rounding(one.produce(run), other.produce(run)) for run in part.runs.perturbed)


def test_what_lies_beside_the_way_to_the_asked_place_is_no_mistake() -> None:
    """From f to x the gradient goes through a alone; nothing that is done at b changes it."""
    made = drill(GATES + "graph: {a: x / 3, b: y * z, f: a * b}\nask: [total: x]")
    found = {pair for each in of(made, "total x") for pair in named(each)}
    assert ("mul:own-input", "f") in found
    assert {id for id, node in found if node == "b"} <= {"neighbour"}


def test_a_gradient_in_jacobian_form_has_its_mistakes_in_jacobian_form() -> None:
    made = drill(
        "sizes: {n: 3}\ngiven: {x: {shape: [n, 1], value: [[1.3], [2.7], [-0.6]]}}\n"
        "graph: {h: tanh(x), f: sum(h)}\nconvention: jacobian\nask: [total: x]"
    )
    for each in of(made, "total x"):
        if each.id != "neighbour":  # that of f is a number
            assert np.shape(each.produce(made.parts[0].run)) == (1, 3), each.id
