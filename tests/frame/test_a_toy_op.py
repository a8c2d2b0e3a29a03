"""A new op is one class and its texts: with these alone it does in everything."""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import tutor
from tutor.cli import main
from tutor.engine import Graph
from tutor.engine.code import as_code
from tutor.engine.function_table import function_table, latex_functions
from tutor.engine.numeric_gradient import numeric_gradient
from tutor.engine.ops import REGISTRY, Elementwise, operation
from tutor.kinds import build, hints, load
from tutor.text import message

Printed = pytest.CaptureFixture[str]
TEXTS = {
    "engine.rule-hardtanh": "hardtanh passes the gradient between -1 and 1, and stops it outside.",
    "slips.hardtanh:mask-forgotten.name": "hardtanh's mask forgotten",
    "slips.hardtanh:mask-forgotten.advice": "Outside of -1 and 1 {where} is flat: there the gradient of {input} is 0.",
    "slips.hardtanh:value-as-slope.name": "the value taken for the slope",
    "slips.hardtanh:value-as-slope.advice": "The slope of {where} is 1 or 0, and not {out}.",
}
LESSON = """\
title: {en: A flat end, zh: 平的一端}
graph: {a: w * x, h: hardtanh(a), s: h * v}
given: {w: -3.1, x: 2.3, v: 5.7}
ask:
  - {total: x}
"""


@pytest.fixture(autouse=True)
def toy(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    class HardTanh(Elementwise):
        """`x` kept between -1 and 1: (n, m) -> (n, m)."""

        name, formula, rule = "hardtanh", "max(-1, min(1, x))", "engine.rule-hardtanh"
        kinks_at = (-1.0, 1.0)
        cuts = True

        def forward(self, x: Any) -> Any:
            return np.clip(x, -1.0, 1.0)

        def derivative(self, i: int, out: Any, x: Any) -> Any:
            return (np.abs(x) < 1.0) * 1.0

        slips = {
            "mask-forgotten": lambda op, i, up, out, x: up,
            "value-as-slope": lambda op, i, up, out, x: up * out,
        }

    for id, text in TEXTS.items():
        for language in ("en", "zh"):
            monkeypatch.setitem(message._catalogue(id.partition(".")[0], language), id, text)  # type: ignore[arg-type]
    _forget()
    yield
    del REGISTRY[HardTanh.name]
    _forget()


def _forget() -> None:
    function_table.cache_clear()
    latex_functions.cache_clear()


@pytest.fixture
def lesson(tmp_path: Path) -> Path:
    path = tmp_path / "flat.yaml"
    path.write_text(LESSON, "utf-8")
    return path


def test_a_graph_sends_its_gradient() -> None:
    numbers = {"W": [[1.0, -2.0], [0.3, 0.1]], "x": [0.5, 2.0], "b": [0.1, 0.2]}
    graph = Graph.parse({"h": "hardtanh(W @ x + b)", "s": "sum(h^2)"}, inputs=numbers)
    run = graph.run(numbers)
    for name in numbers:
        assert run.gradients[name] == pytest.approx(numeric_gradient(graph, numbers, name), abs=1e-6)


def test_its_formula_backward_is_what_its_rule_does() -> None:
    assert operation("hardtanh").backward_text(0, [(3,)]) == "up * (abs(x) < 1)"


def test_a_hint_for_its_slope_does_not_speak_of_what_arrives(lesson: Path) -> None:
    lesson.write_text(LESSON.replace("{total: x}", "local: {of: h, wrt: a}"), "utf-8")
    made = build(load(lesson), 1)
    assert hints(made, made.questions[0])[1].id == "engine.slope-alone"


@pytest.mark.parametrize("forward", ["hardtanh(w * x)", "2 * hardtanh(x + w)^2"])
def test_the_printed_program_needs_nothing_but_numpy(forward: str) -> None:
    numbers = {"w": np.array([0.4, -3.0]), "x": np.array([0.5, 2.0])}
    run = Graph.parse({"h": forward, "s": "sum(h)"}, inputs=numbers).run(numbers)
    source, scope = as_code(run), dict[str, Any]()
    exec(source, scope)
    value, gradients = scope["forward_backward"](**numbers)
    assert re.findall(r"import (.*)", source) == ["numpy as np"]
    assert value == pytest.approx(run.values["s"])
    assert gradients["x"] == pytest.approx(run.gradients["x"])


def test_an_op_that_no_formula_says_is_called_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    op = REGISTRY["hardtanh"]
    monkeypatch.setattr(op, "forward", lambda self, x: np.asarray(x).clip(-1, 1)[()])
    monkeypatch.setattr(op, "derivative", lambda self, i, out, x: np.asarray(np.abs(x) < 1).astype(float)[()])
    numbers = {"w": np.array([0.4, -3.0]), "x": np.array(0.5)}
    run = Graph.parse({"h": "hardtanh(w * x)", "s": "sum(h)"}, inputs=numbers).run(numbers)
    scope = dict[str, Any]()
    exec(as_code(run), scope)
    value, gradients = scope["forward_backward"](**numbers)
    assert value == pytest.approx(run.values["s"])
    assert gradients["x"] == pytest.approx(run.gradients["x"])


def test_code_and_check_take_a_lesson_with_it(lesson: Path, capsys: Printed) -> None:
    assert main(["check", str(lesson)]) == 0
    assert main(["code", str(lesson)]) == 0
    assert "h = np.clip(a, -1, 1)" in capsys.readouterr().out


def test_a_lesson_is_made_from_a_formula_with_it(home: Path, capsys: Printed) -> None:
    assert main(["new", "toy", "--from", "s = sum(hardtanh(W @ x + b))", "--shapes", "W: n,m; x: m,1; b: n,1"]) == 0
    path = home / "lessons" / "toy.yaml"
    assert "hardtanh(" in path.read_text("utf-8")
    assert main(["check", str(path)]) == 0
    assert main(["solve", "--json", str(path)]) == 0


def test_a_drill_names_its_slip(lesson: Path, tmp_path: Path, capsys: Printed) -> None:
    assert main(["solve", "--json", str(lesson)]) == 0
    (question,) = json.loads(capsys.readouterr().out)["questions"]
    assert question["typed"] == "0"
    answers = tmp_path / "answers.json"
    answers.write_text(json.dumps({"seed": 1, question["id"]: "-17.67"}), "utf-8")
    main(["grade", "--json", str(lesson), str(answers)])
    printed = capsys.readouterr().out
    assert "hardtanh:mask-forgotten" in printed
    assert "Outside of -1 and 1 h = hardtanh(a) is flat" in printed


# Where an op's name is written although the op is not at home there, and why.
LANGUAGE = "what the grammar computes with, has a work budget for, or tells who types another library's name"
FORMULAS = "builds formulas of our language, or looks for such parts in one"
NAMED = {
    "expr/tree.py": LANGUAGE,
    "expr/evaluation.py": LANGUAGE,
    "expr/known_names.py": LANGUAGE,
    "expr/result_sizes.py": LANGUAGE,
    "expr/foreign_characters.py": LANGUAGE,
    "ui/progress_view.py": "the grammar's signs once more: the first screen loads neither grammar nor engine",
    "engine/tracing.py": "what NumPy's functions are called in our language",
    "engine/snippets.py": "arguments of plain NumPy functions",
    "engine/gradient_formulas.py": FORMULAS,
    "engine/simplifying.py": FORMULAS,
    "drill/right_formulas.py": FORMULAS,
    "drill/named_lengths.py": FORMULAS,
    "checking/explaining/single_edits.py": FORMULAS,
    "authoring/python/": "from the functions of other libraries to ours",
}
WORDS = {"add", "sum", "where", "index", "copy", "neg", "reshape"}  # words of English, of messages and of SQL too


def test_ops_are_named_in_their_classes_alone() -> None:
    root = Path(tutor.__file__).parent
    found = {}
    for path in sorted(root.rglob("*.py")):
        place = path.relative_to(root).as_posix()
        if place.startswith("engine/ops/") or any(place.startswith(each) for each in NAMED):
            continue
        strings = {
            node.value for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Constant)
        }
        if named := (strings & REGISTRY.keys()) - WORDS:
            found[place] = named
    assert found == {}
