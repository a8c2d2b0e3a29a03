"""`tutor check` warns of a formula that is read before the question which it answers."""

from pathlib import Path

import pytest

from tutor.authoring.lesson_check import check_file
from tutor.places import bundled_lessons

NET = """sizes: {n: 3, m: 2}
given:
  x: {shape: [m, 1], integers: [-3, 3], nonzero: true, distinct: true}
  W: {shape: [n, m], uniform: [-1, 1], decimals: 1, nonzero: true, distinct: true}
  u: {shape: [n, 1], integers: [-3, 3], nonzero: true, distinct: true}
graph:
  z: W @ x
  h: tanh(z)
  s: u.T @ h
"""
ASK = "ask:\n  - total: z\n  - formula: {wrt: W, using: [up, x]}\n"
CHOOSE = "choose: {question: {en: E, zh: 题}, options: [1, 2], right: 1, why: [{en: A, zh: 甲}, {en: B, zh: 乙}]}"


def told(tmp_path: Path, text: str) -> list[tuple[str, str]]:
    """What stands at the place of each warning, and the question that it answers."""
    path = tmp_path / "lesson.yaml"
    path.write_text("title: {en: T, zh: 题}\n" + text, "utf-8")
    lines = path.read_text("utf-8").splitlines()
    found = check_file(path)
    assert [each for each in found if each.severity == "error"] == []
    return [
        (lines[each.line - 1][each.column - 1 :][:5].partition("`")[0], str(each.message.params["question"]))
        for each in found
        if each.code == "text-tells-answer"
    ]


def about(code: str) -> str:
    return f"about: {{en: 'See `{code}`.', zh: 好}}\n"


@pytest.mark.parametrize(
    "code", ["up @ x.T", "δ xᵀ", "δxᵀ", "dW = δ @ xᵀ", "outer(up, x)", "x.T * up", "(u * (1 - h^2)) @ x.T"]
)
def test_an_answer_in_about_is_told_however_it_is_spelt(code: str, tmp_path: Path) -> None:
    found = told(tmp_path, about(code) + NET + "ask: [formula: W]\n")
    assert found == [(code[:5], "formula W")]


@pytest.mark.parametrize(
    "code", ["up", "(3, 2)", "3", "-x", "x @ up.T", "up @ x", "s = uᵀh", "z = W @ x", "tanh(z)", "1 +"]
)
def test_names_shapes_lines_and_other_formulas_tell_nothing(code: str, tmp_path: Path) -> None:
    assert told(tmp_path, about(code) + NET + ASK) == []


def test_each_language_is_read_and_each_place_is_marked(tmp_path: Path) -> None:
    text = (
        "about:\n  en: |\n    One `W @ x`.\n\n    Then `up @ x.T`, in `up @ x.T`.\n  zh: |\n    好。\n\n        δ xᵀ\n"
    )
    assert told(tmp_path, text + NET + ASK) == [("up @ ", "formula W"), ("up @ ", "formula W"), ("δ xᵀ", "formula W")]


def test_lines_between_fences_are_code(tmp_path: Path) -> None:
    text = "about:\n  en: |\n    So:\n\n    ```\n    dW = up @ x.T\n    ```\n  zh: 好\n"
    assert told(tmp_path, text + NET + ASK) == [("dW = ", "formula W")]


@pytest.mark.parametrize(
    ("id", "rung", "tells"),
    [
        ("formula W", 0, True),
        ("formula W", 1, True),
        ("formula W", 2, False),
        ("total z", 1, True),
        ("formula x", 0, False),
    ],
)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_hint_of_the_first_two_rungs_tells_its_own_question_and_those_behind(
    id: str, rung: int, tells: bool, language: str, tmp_path: Path
) -> None:
    other = "zh" if language == "en" else "en"
    hints = [f"{{{language}: 'See `{'up @ x.T' if k == rung else 'h'}`.', {other}: O}}" for k in range(3)]
    text = f"hints: {{{id}: [{', '.join(hints)}]}}\n{NET}{ASK}  - formula: x\n"
    assert told(tmp_path, text) == ([("up @ ", "formula W")] if tells else [])


@pytest.mark.parametrize("place", ["E", "题", "A", "乙"])
def test_a_question_to_choose_tells_what_comes_behind_it(place: str, tmp_path: Path) -> None:
    choose = CHOOSE.replace(place, "'See `up @ x.T`'")
    before = f"{NET}ask:\n  - {choose}\n  - formula: W\n"
    behind = f"{NET}ask:\n  - formula: W\n  - {choose}\n"
    assert told(tmp_path, before) == [("up @ ", "formula W")]
    assert told(tmp_path, behind) == []


def test_a_text_of_one_part_tells_nothing_of_another(tmp_path: Path) -> None:
    choose = CHOOSE.replace("E", "'See `up @ x.T`'")
    first = f"  - given: {{a: 2.5, b: 3.5}}\n    graph: {{f: a * b}}\n    ask: [{choose}]\n"
    second = "  - " + (NET + ASK).replace("\n", "\n    ").rstrip() + "\n"
    assert told(tmp_path, f"parts:\n{first}{second}") == []
    assert told(tmp_path, f"{about('up @ x.T')}parts:\n{first}{second}") == [("up @ ", "2/formula W")]


def test_a_formula_for_numbers_tells_where_it_is_right_at_others_too(tmp_path: Path) -> None:
    net = "given: {x: 2, y: 4}\ngraph: {f: x^2 * y}\nask: [total: x]\n"
    assert told(tmp_path, about("2 * x * y") + net) == [("2 * x", "total x")]
    assert told(tmp_path, about("4 * y") + net) == []


@pytest.mark.parametrize(("code", "tells"), [("x * w", False), ("a = w * x", False), ("w * x", True)])
def test_a_line_of_the_graph_may_be_an_answer(code: str, tells: bool, tmp_path: Path) -> None:
    net = "given: {x: 2.5, w: 1.5, y: 4.5}\ngraph: {a: x * w, f: a * y}\nask: [total: y]\n"
    assert told(tmp_path, about(code) + net) == ([(code[:5], "total y")] if tells else [])


def test_what_is_shown_solved_may_be_told(tmp_path: Path) -> None:
    assert told(tmp_path, f"{about('up @ x.T')}worked: 1\n{NET}ask: [formula: W, total: x]\n") == []


def test_no_lesson_that_comes_along_tells_its_answers() -> None:
    files = [each for each in bundled_lessons().rglob("*.yaml") if each.name != "unit.yaml"]
    assert files
    for path in files:
        assert "text-tells-answer" not in [each.code for each in check_file(path)], path
