"""How long an answer waits for its verdict: the usual ones, and the slowest that may be typed (at most 50 ms)."""

import time
from typing import Any

import pytest

from tests.checking.every_kind import every_kind
from tutor.kinds import check, preview

# Processor time, so that other work on the machine does not count.
pytestmark = [pytest.mark.bench, pytest.mark.benchmark(timer=time.thread_time)]

ANSWERS = {
    "a number": ("1/total y", "1.5"),
    "a right formula": ("2/formula b", "u * (1 - h^2)"),
    "a wrong formula": ("2/formula b", "u * (1 - h)"),
    "a wrong formula of eight factors": ("2/formula b", "u*tanh(z)*(1-h^2)*(1-h^2)*(1+h^2)*(1+h^2)*(u+1)*(u+2)"),
    "a right entry": ("2/entry z W #2", "(i == k) * x[j]"),
    "a derivation": ("2/derive b", "ds/dh @ dh/dz @ dz/db; u.T @ diag(1 - h^2) @ eye(n); u * (1 - h^2)"),
    "a list of names": ("1/total y", "[" + ", ".join(["x"] * 590) + "]"),
    "a table of numbers": ("2/total W", "[" + ", ".join(["0.125"] * 1_500) + "]"),
    "numbers rounded on the way": ("2/total W", "[[-1.21, 0.806], [0.543, -0.362], [0.207, -0.138]]"),
    "a sum of names": ("1/total y", "+".join(["x"] * 190)),
    "a maximum of many": ("1/total y", "max(" + ", ".join(["x"] * 590) + ")"),
    "too much work": ("1/total y", "softmax(ones(1000, 1000))"),
    "a million letters": ("2/decompose 1", "z" * 1_000_000),
}


@pytest.mark.parametrize("what", ANSWERS)
def test_a_verdict(benchmark: Any, what: str) -> None:
    made, (id, text) = every_kind("shape"), ANSWERS[what]
    question = made.by_id[id]
    check(made, question, "1.234")
    benchmark.pedantic(check, args=(made, question, text), rounds=20, iterations=1, warmup_rounds=2)
    preview(made, question, text)
