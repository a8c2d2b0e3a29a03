"""Every slip of every op sends back what its texts say that the learner did, worked out by hand."""

from inspect import signature
from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from tests.engine.cases import CASES, GENERIC, Case, number
from tests.engine.slips_in_words import IN_WORDS, Rule
from tutor.engine import REGISTRY, NotComputableError

SOME = settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
SLIPS = {f"{name}:{slip}" for name, op in REGISTRY.items() for slip in op.slips}


def test_every_slip_is_put_in_words() -> None:
    assert IN_WORDS.keys() == SLIPS


def by_hand(rule: Rule, case: Case, i: int, up: Any) -> Any:
    """What the rule sends to input i; None where the arrays do not fit."""
    first: list[Any] = [case.op] if "op" in signature(rule).parameters else []
    place = [i] if case.op.inputs[0].endswith("*") else []
    try:
        with np.errstate(all="ignore"):
            return rule(*first, up, *place, *case.inputs)
    except (ValueError, TypeError, IndexError, np.linalg.LinAlgError):
        return None


def name_of(case: Case, i: int) -> str:
    return case.op.inputs[min(i, len(case.op.inputs) - 1)].rstrip("?")


@pytest.mark.parametrize("name", sorted(name for name, op in REGISTRY.items() if op.slips))
def test_a_slip_is_its_rule_in_words(name: str) -> None:
    met = set()

    @SOME
    @given(data=st.data())
    def compare(cases: SearchStrategy[Case], generic: bool, data: st.DataObject) -> None:
        case = data.draw(cases)
        up = number(case.rng.normal(size=np.shape(case.out)))
        for slip, i in product(case.op.slips, case.differentiable()):
            right = case.op.vjp(i, up, case.out, *case.inputs)
            rule = IN_WORDS[f"{name}:{slip}"].get(name_of(case, i))
            said = right if rule is None else by_hand(rule, case, i, up)
            try:
                with np.errstate(all="ignore"):
                    made = case.op.slips[slip](case.op, i, up, case.out, *case.inputs)
            except NotComputableError:
                # Refused is what makes no sense at these sizes, and what is no mistake there.
                assert not generic or np.shape(said) != np.shape(right) or np.allclose(said, right), (slip, i)
                continue
            assert said is not None, (slip, i)
            np.testing.assert_allclose(made, said, rtol=1e-9, atol=1e-12, err_msg=f"{slip} at {i}", strict=True)
            if rule is not None:
                met.add((f"{name}:{slip}", name_of(case, i)))

    for cases in CASES[name]:
        compare(cases, False)
    for cases in GENERIC[name]:
        compare(cases, True)
    assert met == {(id, each) for id, rules in IN_WORDS.items() if id.startswith(f"{name}:") for each in rules}
