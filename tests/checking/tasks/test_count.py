"""`count`: a whole number or a sum that makes it; wrong plans are named as questions."""

import pytest

from tests.checking.lessons import NET, drill, judged, lesson, verdict
from tutor.lesson.file.problem import LessonError
from tutor.text import say

# x reaches f along a, and along a and c: a·x twice. Shared: b 2, c 2, a 1; path by path 6; each by itself 4 + 1.
FORK = """
given: {x: 1, y: 2}
graph: {a: 2 * x, b: a + y, c: a * x, f: b - c}
ask:
  - count:
      - {operation: multiply, plan: shared}
      - {operation: multiply, plan: paths}
      - {operation: add, plan: shared}
      - {operation: pass, plan: one-sided}
      - {operation: pass, plan: two-sided}
"""


@pytest.mark.parametrize(
    ("id", "typed", "expected"),
    [
        ("count multiply shared", "5", ("right", None)),
        ("count multiply shared", "2 + 2 + 1", ("right", None)),
        ("count multiply shared", "5.0", ("right", None)),
        ("count multiply shared", "6", ("wrong", "count:per-path")),
        ("count multiply shared", "7", ("wrong", "count:with-the-one")),
        ("count multiply shared", "4", ("wrong", None)),
        ("count multiply shared", "5.01", ("wrong", None)),
        ("count multiply shared", "x + 4", ("unreadable", None)),  # values do not count
        ("count multiply shared", "[5]", ("wrong-shape", None)),
        ("count multiply paths", "6", ("right", None)),
        ("count multiply paths", "5", ("wrong", "count:shared")),
        ("count add shared", "2", ("right", None)),
        ("count pass one-sided", "3", ("right", None)),
        ("count pass one-sided", "2", ("wrong", "count:start-forgotten")),
        ("count pass one-sided", "4", ("wrong", "count:two-sided")),
        ("count pass two-sided", "4", ("right", None)),
        ("count pass two-sided", "3", ("wrong", "count:one-sided")),
    ],
)
def test_small_counts(id: str, typed: str, expected: tuple[str, str | None]) -> None:
    assert judged(drill(FORK), id, typed) == expected


def test_a_count_is_named_as_a_question() -> None:
    assert verdict(drill(FORK), "count multiply shared", "6").message.id == "checking.asked"


LAYER = NET + "ask: [{count: [{operation: multiply, plan: separate}, {operation: multiply, plan: two-sided}]}]"


@pytest.mark.parametrize(
    ("id", "typed", "expected"),
    [
        ("count multiply separate", "30", ("right", None)),
        ("count multiply separate", "2*(n*m + n + n) + 2*n", ("right", None)),
        ("count multiply separate", "21", ("wrong", "count:shared")),
        ("count multiply two-sided", "252", ("right", None)),  # 28 passes of 9
        ("count multiply two-sided", "135", ("wrong", "count:one-sided")),
    ],
)
def test_counts_of_a_layer_may_be_written_in_sizes(id: str, typed: str, expected: tuple[str, str | None]) -> None:
    assert judged(drill(LAYER), id, typed) == expected


def test_constants_and_labels_take_no_gradient() -> None:
    made = drill(
        "given: {w: 3, x: {value: 2, constant: true}, k: {labels: 2}, v: [1, 2]}\n"
        "graph: {p: 'v[k]', y: w * x, f: y * p}\nask: [{count: {operation: pass, plan: two-sided}}]"
    )
    assert made.questions[0].typed == "6"  # w and the two entries of v


def test_something_must_take_a_gradient() -> None:
    with pytest.raises(LessonError) as refused:
        lesson(
            "given: {x: {value: 2, constant: true}}\ngraph: {f: 2 * x}\nask: [{count: {operation: add, plan: shared}}]"
        )
    assert [problem.code for problem in refused.value.problems] == ["nothing-to-count"]


@pytest.mark.parametrize(
    ("id", "typed", "said"),
    [
        # In FORK two additions where branches meet; x by itself takes 4.
        ("count multiply shared", "2", "Not yet. That is the number of additions; multiplications are asked for."),
        ("count add shared", "5", "Not yet. That is the number of multiplications; additions are asked for."),
        ("count multiply paths", "2", "Not yet. That is the number of additions; multiplications are asked for."),
        ("count multiply shared", "4", "Not yet. That is what the gradient of x takes by itself."),
        ("count pass two-sided", "5", "Not yet. It is off by one."),
        ("count multiply shared", "90", "Not yet. The right number is smaller."),
    ],
)
def test_a_wrong_count_is_told_what_else_it_counts(id: str, typed: str, said: str) -> None:
    assert say(verdict(drill(FORK), id, typed).message, "en") == said


def test_the_count_of_the_forward_pass_is_told_as_that() -> None:
    # W @ x takes 6, u.T @ h 3.
    assert say(verdict(drill(LAYER), "count multiply separate", "9").message, "en") == (
        "Not yet. That is what the forward pass takes."
    )
