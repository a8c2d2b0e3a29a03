"""`tutor slips`: the catalogue as people and programs read it."""

import json
import subprocess
import sys


def tutor(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "tutor", *arguments], capture_output=True, text=True, check=False)


def test_every_listed_slip_has_a_name_and_advice_in_words() -> None:
    listed = json.loads(tutor("slips", "--json").stdout)
    assert {"mul:own-input", "one-branch", "broadcast:averaged", "coarse"} <= {each["id"] for each in listed}
    for each in listed:
        assert list(each) == ["id", "rule", "advice"]
        assert " " in each["advice"], each
        for text in (each["rule"], each["advice"]):
            assert "{" not in text, each
            assert not text.startswith(("mistakes.", "slips.")), each


def test_one_op_lists_its_own_slips_alone() -> None:
    listed = json.loads(tutor("slips", "max", "--json").stdout)
    assert [each["id"] for each in listed] == ["max:wrong-winner", "max:both-win", "max:splits", "max:value-as-slope"]


def test_an_op_without_slips_gets_the_nearest_names() -> None:
    done = tutor("slips", "matmull")
    assert done.returncode == 2
    assert "matmul" in done.stderr
