"""`tutor code`: what it prints runs on its own and agrees with what `tutor solve` prints."""

import json
import subprocess
import sys

import numpy as np
import pytest


def tutor(*arguments: str) -> str:
    done = subprocess.run([sys.executable, "-m", "tutor", *arguments], capture_output=True, text=True, check=True)
    return done.stdout


@pytest.mark.parametrize("lesson", ["circuits/first-circuit", "one-layer/score-gradient"])
def test_the_printed_function_gives_the_gradients_that_solve_gives(lesson: str) -> None:
    solved = json.loads(tutor("solve", lesson, "--seed", "3", "--json"))
    names: dict[str, object] = {}
    exec(tutor("code", lesson), names)
    forward_backward = names["forward_backward"]
    inputs = {name: np.array(solved["values"][name]) for name in solved["gradients"] if name not in solved["locals"]}
    _, gradients = forward_backward(**inputs)  # type: ignore[operator]
    for name, gradient in gradients.items():
        np.testing.assert_allclose(gradient, solved["gradients"][name], rtol=1e-12, err_msg=name)


def test_a_lesson_of_parts_gives_one_function_a_part() -> None:
    printed = tutor("code", "circuits/one-gate")
    assert [f"def forward_backward_{k}(" in printed for k in (1, 2, 3, 4)] == [True, True, True, False]
