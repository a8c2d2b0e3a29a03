"""No warning of a library reaches the terminal: whatever odd numbers do, our own sentence says it."""

import io
import subprocess
import sys
import warnings
from pathlib import Path

import pytest

from tutor.cli import main

# What goes in, and the lines: undefined, overflowing, empty, saturated.
LESSONS: dict[str, tuple[str, str]] = {
    "a root of a negative number": ("x: -2", "f: sqrt(x)"),
    "a division by zero": ("x: 0", "f: 1 / x"),
    "numbers of the formula divided by zero": ("x: 1", "c: 1 / 0\n  f: c * x"),
    "infinity less infinity": ("x: 1", "f: x * (1 / 0 - 1 / 0)"),
    "an exponential too large": ("x: 1000", "f: exp(x)"),
    "a power too large": ("x: 1e200", "f: x^3"),
    "a power of a negative base": ("x: -2", "f: x^0.5"),
    "an index that picks nothing": ("x: [1, 2, 3]", "f: amax(x[3:])"),
    "the mean of nothing": ("x: [1, 2, 3]", "f: mean(x[3:])"),
    "a size of nothing": ("x: [1, 2]", "f: sum(reshape(x, [0, 2]))"),
    "a spread of one": ("x: [2]", "f: var(x, unbiased=true)"),
    "one entry normalised": ("x: [[2]], g: [1], b: [0]", "f: sum(layer_norm(x, g, b))"),
    "equal entries normalised": ("x: [[2, 2]], g: [1, 1], b: [0, 0]", "f: sum(layer_norm(x, g, b, eps=0))"),
    "a saturated softmax": ("x: [1000, -1000]", "p: softmax(x)\n  f: sum(log(p))"),
    "a product of huge numbers": ("x: [1e200, 1e200, 0]", "f: prod(x)"),
    "a branch that is not taken": ("x: [4, -1]", "f: sum(where(x > 0, sqrt(x), 0))"),
    "a loser without a slope": ("x: [4, 0]", "f: sum(max(log(x), -1))"),
    "draws beyond what is defined": ("x: {uniform: [-1, 1], shape: [3]}", "f: sum(sqrt(x))"),
    "labels that are no class": ("x: [1, 2], i: [0, 5]", "f: sum(x[i])"),
}
ANSWERS = [
    "amax(x[9:])",
    "1/0",
    "[1/0, 2]",
    "log(-1)",
    "exp(1e9)",
    "mean(x[3:])",
    "zeros(0)",
    "x^1e9",
    "sum(x, axis=1e300)",
    "reshape(x, [0])",
    "std(x[1:1])",
    "(-1)^0.5",
    "softmax(1e308 * x)",
    "tan(1e300)",
    "prod(x * 1e200)",
    "?",
    "?",
    "?",
    "why",
    "skip",
]


def lesson(folder: Path, given: str, graph: str) -> str:
    path = folder / "lesson.yaml"
    path.write_text(f"title: T\ngiven: {{{given}}}\ngraph:\n  {graph}\nask:\n- all\n- formula: x\n", encoding="utf-8")
    return str(path)


@pytest.mark.parametrize("name", LESSONS)
def test_odd_numbers_end_in_a_sentence_of_ours(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = lesson(tmp_path, *LESSONS[name])
    monkeypatch.setenv("TUTOR_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(sys, "warnoptions", ["error"])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for command in (["check"], ["solve"], ["code"], ["--plain"]):
            monkeypatch.setattr(sys, "stdin", io.StringIO("\n".join(ANSWERS * 2) + "\n"))
            status = main([*command, path])
            out, err = capsys.readouterr()
            assert status in (0, 1, 2), (command, err)
            assert "fault" not in out + err, command


def test_a_warning_that_nobody_foresaw_stays_out_of_sight(tmp_path: Path) -> None:
    path = lesson(tmp_path, "x: 2", "f: x^2")
    program = (
        "import sys, warnings\n"
        "from tutor.cli import main\n"
        "from tutor.lesson.numbers import draws\n"
        "draw = draws.draw\n"
        "draws.draw = lambda *each: (warnings.warn('mean of empty slice', RuntimeWarning), draw(*each))[1]\n"
        f"sys.exit(main(['solve', {path!r}]))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stderr == ""
