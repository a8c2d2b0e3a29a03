"""`tutor code`: what it prints runs on its own and agrees with what `tutor solve` prints."""

import json

import numpy as np
import pytest

from tutor.cli import main

Printed = pytest.CaptureFixture[str]


def tutor(capsys: Printed, *arguments: str) -> str:
    assert main(arguments) == 0
    return capsys.readouterr().out


@pytest.mark.parametrize("lesson", ["circuits/first-circuit", "one-layer/score-gradient"])
def test_the_printed_function_gives_the_gradients_that_solve_gives(lesson: str, capsys: Printed) -> None:
    solved = json.loads(tutor(capsys, "solve", lesson, "--seed", "3", "--json"))
    names: dict[str, object] = {}
    exec(tutor(capsys, "code", lesson), names)
    forward_backward = names["forward_backward"]
    inputs = {name: np.array(solved["values"][name]) for name in solved["gradients"] if name not in solved["locals"]}
    _, gradients = forward_backward(**inputs)  # type: ignore[operator]
    for name, gradient in gradients.items():
        np.testing.assert_allclose(gradient, solved["gradients"][name], rtol=1e-12, err_msg=name)


def test_a_lesson_of_parts_gives_one_function_a_part(capsys: Printed) -> None:
    printed = tutor(capsys, "code", "circuits/one-gate")
    assert [f"def forward_backward_{k}(" in printed for k in (1, 2, 3, 4)] == [True, True, True, False]
