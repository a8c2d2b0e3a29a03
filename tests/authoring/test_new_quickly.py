"""A long function becomes a lesson without long work, counted; a terminal hears what is being done; Ctrl+C ends it."""

import io
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from tutor.authoring import composing, mistake_collisions
from tutor.authoring.composing import Composed, compose
from tutor.authoring.declarations import declarations, sizes_from, with_all_sizes
from tutor.authoring.lesson_writing import write_lesson
from tutor.authoring.typed_formulas import formulas
from tutor.cli import main
from tutor.kinds import load_text
from tutor.lesson.numbers.draws import draw, is_fit, run_of
from tutor.lesson.numbers.kinks import kink_distance, movable_nodes

NOWHERE = Path("/nowhere/lesson.yaml")
# A causal attention head: entries of the mask are exactly 0 where it hides.
HEAD = "s = Q @ K.T; m = where(M == 0, -100, s); p = softmax(m, axis=-1); o = p @ V"


def made(text: str, shapes: str = "", sizes: str = "") -> Composed:
    declared = declarations(shapes)
    return compose(formulas(text), declared, with_all_sizes(sizes_from(sizes), declared.values()), NOWHERE)


def chain(lines: int) -> str:
    steps = [f"z{k + 1} = tanh(z{k} * w + b)" for k in range(lines)]
    return "; ".join(["z0 = x * w + b", *steps])


def test_a_mask_that_is_compared_is_no_kink() -> None:
    text = made(HEAD, "Q: T,d; K: T,d; V: T,h; M: T,T mask 0.5", "T=3,d=2,h=4").text
    lesson = load_text(text, NOWHERE)
    (part,) = lesson.parts
    run = run_of(part, draw(part, 0))
    assert run is not None
    assert kink_distance(run) == 0.0  # an entry of M is 0
    assert kink_distance(run, movable_nodes(part, run.graph)) == float("inf")
    assert is_fit(part, run)
    assert not lesson.warnings


def test_a_number_that_is_compared_is_a_kink() -> None:
    text = "title: one\ngiven: {x: {shape: [3], value: [1, 0, 2]}}\ngraph: {f: 'sum(where(x > 0, x, 2 * x))'}\n"
    (part,) = load_text(text, NOWHERE).parts
    run = run_of(part, draw(part, 0))
    assert run is not None
    assert kink_distance(run, movable_nodes(part, run.graph)) == 0.0


def test_seeds_are_not_drawn_where_they_can_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[object] = []
    look = mistake_collisions._look
    monkeypatch.setattr(mistake_collisions, "_look", lambda *given: (looked.append(given), look(*given))[1])
    (part,) = load_text(made("y = x * w; z = y * y", "", "").text, NOWHERE).parts
    found = mistake_collisions.mistake_collisions(part, (draw(part, seed) for seed in range(50)))
    # `x * w` may be 1 or 2 somewhere, which hides slips there, but not everywhere.
    assert not any(found.hidden())
    assert mistake_collisions.CLEAN <= len(looked) < 50


@pytest.mark.parametrize("lines", [20, 40])
def test_a_long_chain_is_looked_at_a_few_times(lines: int, monkeypatch: pytest.MonkeyPatch) -> None:
    replayed: list[int] = []
    look = mistake_collisions._look

    def counted(part: Any, drawn: Any, targets: Any, classes: Any) -> Any:
        replayed.append(len(part.graph.ops) * sum(map(len, classes)))
        return look(part, drawn, targets, classes)

    monkeypatch.setattr(mistake_collisions, "_look", counted)
    composed = made(chain(lines))
    assert not composed.warnings
    assert sum(replayed) < 600_000


def test_a_variable_used_at_every_step_is_asked_for_as_a_formula_alone() -> None:
    text = made(chain(20)).text
    assert "total: w" not in text
    assert "formula: w" in text


def test_numbers_are_not_tried_again_for_what_no_number_mends(monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[object] = []
    schemes = composing.schemes
    monkeypatch.setattr(composing, "schemes", lambda sketch: (tried.append(each) or each for each in schemes(sketch)))
    composed = made("f = sum(tanh(W @ x))", "W: 3,2; x: 2")
    assert {each.code for each in composed.warnings} == {"no-size-names"}
    assert len(tried) <= 2  # the second is looked at and left


def test_wide_sums_get_small_numbers_before_a_tanh() -> None:
    composed = made("h = tanh(X @ W + c)", "X: n,d; W: d,k; c: k", "n=4,d=30,k=20")
    assert not composed.warnings


def test_a_terminal_hears_what_is_being_done(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    assert main(["new", "mine", "--from", "f = sin(x) * w"]) == 0
    out, err = capsys.readouterr()
    said = ["Reading what", "Drawing numbers: way 1", "Checking that"]
    places = [err.find(each) for each in said]
    assert all(0 <= one < other for one, other in pairwise(places))
    assert err.endswith("\r\x1b[K")  # nothing is left of it
    assert not any(each in out for each in said)


def test_nobody_else_hears_it(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["new", "mine", "--from", "f = sin(x) * w"]) == 0
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("place", ["tutor.cli.new_command.formulas", "tutor.authoring.composing.check_lesson"])
def test_ctrl_c_leaves_nothing(place: str, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def pressed(*given: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(place, pressed)
    assert main(["new", "mine", "--from", "f = sin(x) * w"]) == 130
    assert not (home / "lessons").exists()


def test_ctrl_c_that_a_library_makes_an_error_of_is_still_ctrl_c(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def pressed(*given: object) -> None:
        raise RuntimeError("KeyboardInterrupt: ")

    monkeypatch.setattr("tutor.cli.new_command.formulas", pressed)
    assert main(["new", "mine", "--from", "f = sin(x) * w"]) == 130


def test_ctrl_c_while_writing_leaves_no_half_lesson(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Half(io.TextIOWrapper):
        def write(self, text: str) -> int:
            super().write(text[:5])
            raise KeyboardInterrupt

    path = tmp_path / "mine.yaml"
    monkeypatch.setattr(Path, "open", lambda self, *given, **more: Half(io.FileIO(self, "x")))
    with pytest.raises(KeyboardInterrupt):
        write_lesson(path, "title: one\n")
    assert not path.exists()
