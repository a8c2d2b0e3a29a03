"""`tutor slips`: the catalogue as people and programs read it."""

import json
from typing import Any

import pytest

from tutor.cli import main

Printed = pytest.CaptureFixture[str]


def listed(capsys: Printed, *ops: str) -> list[dict[str, Any]]:
    assert main(["slips", *ops, "--json"]) == 0
    found: list[dict[str, Any]] = json.loads(capsys.readouterr().out)
    return found


def test_every_listed_slip_has_a_name_and_advice_in_words(capsys: Printed) -> None:
    slips = listed(capsys)
    assert {"mul:own-input", "one-branch", "broadcast:averaged", "coarse"} <= {each["id"] for each in slips}
    for each in slips:
        assert list(each) == ["id", "rule", "advice"]
        assert " " in each["advice"], each
        for text in (each["rule"], each["advice"]):
            assert "{" not in text, each
            assert not text.startswith(("mistakes.", "slips.")), each


def test_one_op_lists_its_own_slips_alone(capsys: Printed) -> None:
    slips = listed(capsys, "max")
    assert [each["id"] for each in slips] == ["max:wrong-winner", "max:both-win", "max:splits", "max:value-as-slope"]


def test_an_op_without_slips_gets_the_nearest_names(capsys: Printed) -> None:
    assert main(["slips", "matmull"]) == 2
    assert "matmul" in capsys.readouterr().err
