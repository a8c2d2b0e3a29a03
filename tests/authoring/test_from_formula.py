"""From formulas to lessons: split into one idea a line, equal to what was typed, and passing `tutor check` as it is."""

import re
from pathlib import Path
from typing import Any

import autograd
import autograd.numpy as anp
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.authoring.formulas import FORMULAS, outputs_by_numpy
from tutor.authoring.composing import ShapesWantedError, compose
from tutor.authoring.declarations import UnclearError, declarations, sizes_from, with_all_sizes
from tutor.authoring.lesson_check import check_file
from tutor.authoring.line_splitting import split
from tutor.authoring.typed_formulas import formulas
from tutor.drill.runs import run_at
from tutor.expr import to_text
from tutor.kinds import load_text
from tutor.lesson.graph.named_sizes import shape_of
from tutor.lesson.model import Lesson
from tutor.lesson.numbers.draws import draw

NOWHERE = Path("/nowhere/lesson.yaml")


def lines(text: str, sizes: tuple[str, ...] = ()) -> dict[str, str]:
    return {name: to_text(tree) for name, tree in split(formulas(text), sizes).items()}


def written(text: str, shapes: str = "", sizes: str = "") -> str:
    declared = declarations(shapes)
    return compose(formulas(text), declared, with_all_sizes(sizes_from(sizes), declared.values()), NOWHERE).text


def lesson(text: str, shapes: str = "", sizes: str = "") -> Lesson:
    return load_text(written(text, shapes, sizes), NOWHERE)


# Lines of one idea each


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("s = u.T @ tanh(W @ x + b)", {"z": "W @ x + b", "h": "tanh(z)", "s": "u.T @ h"}),
        ("(x + y) * max(y, z)", {"a": "x + y", "b": "max(y, z)", "f": "a * b"}),
        ("f = x", {"f": "x"}),
        ("1 / (1 + exp(-x))", {"a": "exp(-x)", "b": "1 + a", "f": "1 / b"}),
        ("h = tanh(z); L = 0.5 * sum((h - t)^2)", {"h": "tanh(z)", "a": "h - t", "b": "a^2", "L": "0.5 * sum(b)"}),
        ("z = W @ x + U @ h + b; g = tanh(z)", {"z": "W @ x + U @ h + b", "g": "tanh(z)"}),
        ("sigmoid(z) * (1 - sigmoid(z))", {"h": "sigmoid(z)", "a": "1 - h", "f": "h * a"}),
        ("relu(X @ W1 + b1) @ W2 + b2", {"z": "X @ W1 + b1", "h": "relu(z)", "f": "h @ W2 + b2"}),
        ("(W @ x).T @ (V @ x)", {"z": "W @ x", "z2": "V @ x", "f": "z.T @ z2"}),
        ("sum(where(x > 0, x^2, 3 * y))", {"a": "x^2", "b": "3 * y", "c": "where(x > 0, a, b)", "f": "sum(c)"}),
        ("-log(x[0])", {"f": "-log(x[0])"}),
        ("a + b * c", {"g": "b * c", "f": "a + g"}),
    ],
)
def test_a_formula_is_split_into_lines_of_one_idea_each(text: str, expected: dict[str, str]) -> None:
    assert lines(text) == expected


def test_sizes_are_numbers_in_a_formula() -> None:
    expected = {"a": "Q @ K.T / sqrt(d)", "f": "softmax(a, axis=1)"}
    assert lines("softmax(Q @ K.T / sqrt(d), axis=1)", ("d",)) == expected


def test_new_names_never_look_like_gradients_of_others() -> None:
    names = set(lines("(da + a2) * (x * y + dz) * tanh(W @ x)"))
    assert not names & {"a", "z", "d", "e", "up"}
    assert not {name for name in names if name.startswith("d")}


# Lessons that pass, besides those of FORMULAS

CASES = [
    ("s = u.T @ tanh(W @ x + b)", "W: n,m; x: m,1; b: n,1; u: n,1", "n=3,m=2"),
    ("log(x - y)", "", ""),
    ("sqrt(1 - x^2)", "", ""),
    ("1 / (1 + exp(-(w * x + b)))", "", ""),
    ("x * 1.0001", "", ""),
    (
        "cross_entropy(relu(X @ W + b) @ V + c, y)",
        "X: N,d; W: d,h; b: h; V: h,k; c: k; y: N labels k",
        "N=2,d=3,h=4,k=5",
    ),
    ("cross_entropy(W @ x, y)", "W: k,d; x: d; y: labels k", "k=3,d=2"),
    ("mse(W @ x, t)", "W: k,d; x: d; t: k", "k=3,d=2"),
    ("A = softmax(Q @ K.T / sqrt(d), axis=1) @ V", "Q: n,d; K: m,d; V: m,k", ""),
    ("h = tanh(W @ x); c = sum(x^2)", "W: n,m; x: m", ""),
    ("sum(dropout(x, m) * w)", "x: n; m: n mask 0.8; w: n", ""),
]


@pytest.mark.parametrize(("text", "shapes", "sizes"), CASES, ids=[case[0] for case in CASES])
def test_what_is_written_passes_check(text: str, shapes: str, sizes: str, tmp_path: Path) -> None:
    path = tmp_path / "lesson.yaml"
    path.write_text(written(text, shapes, sizes), "utf-8")
    assert [each.message.id for each in check_file(path) if each.severity == "error"] == []


def test_the_issue_s_lesson_has_no_warning_either(tmp_path: Path) -> None:
    path = tmp_path / "lesson.yaml"
    path.write_text(written(*CASES[0]), "utf-8")
    assert check_file(path) == ()
    (part,) = lesson(*CASES[0]).parts
    assert {name: given.dims != () for name, given in part.given.items()} == dict.fromkeys("uWxb", True)
    assert dict(part.sizes) == {"n": 3, "m": 2}
    kinds = {(ask.kind, *ask.fields.variables) for ask in part.ask}
    assert {("formula", "W"), ("formula", "x"), ("total", "z"), ("local", "z"), ("shape", "W")} <= kinds


def asks(*of: str) -> set[str]:
    """The names that a lesson asks about."""
    (part,) = lesson(*of).parts
    return {
        name.partition("#")[0]
        for ask in part.ask
        for name in (*ask.fields.variables, getattr(ask.fields, "of", None) or "")
    }


BCE = "p = sigmoid(X @ w + b); L = -mean(y * log(p) + (1 - y) * log(1 - p))"


@pytest.mark.parametrize("role", ["of 0,1", "mask 0.5", "constant"])
def test_a_target_is_drawn_as_one_and_not_asked_about(role: str) -> None:
    of = BCE, f"X: N,d; w: d; b: ; y: N {role}", "N=3,d=2"
    (part,) = lesson(*of).parts
    assert not asks(*of) & {"y", "g"}  # nor 1 - y
    assert {"w", "b", "X"} <= asks(*of)
    if role != "constant":
        assert {float(entry) for seed in range(4) for entry in np.ravel(draw(part, seed).numbers["y"])} == {0.0, 1.0}
    else:
        assert part.given["y"].constant


def test_onehot_targets_are_not_asked_about_and_have_as_many_classes_as_columns() -> None:
    of = "-mean(sum(t * log_softmax(X @ W), axis=1))", "X: N,d; W: d,k; t: N,k onehot", "N=2,d=2,k=3"
    assert "t" not in asks(*of)
    assert all(np.sum(row) == 1 for row in draw(lesson(*of).parts[0], 0).numbers["t"])


def test_rows_before_labels_count_from_0() -> None:
    (part,) = lesson("L = mean(-log_softmax(Z)[rows, y])", "Z: N,k; y: N labels k", "N=3,k=4").parts
    assert [list(np.ravel(draw(part, seed).numbers["rows"])) for seed in (0, 1)] == [[0, 1, 2]] * 2


def test_what_is_zero_but_for_rounding_is_not_asked() -> None:
    text = "z = W @ x; c = max(z[0], z[1]); e = exp(z - c); L = log(sum(e)) + c - z[0]"
    assert "c" not in asks(text, "W: k,m; x: m", "k=2,m=3")


@pytest.mark.parametrize(
    ("text", "shapes"),
    [
        (BCE, "X: N,d; w: d; b: ; y: N of 0,1"),
        (
            "f = sigmoid(Wf @ x + Uf @ h); i = sigmoid(Wi @ x + Ui @ h); o = sigmoid(Wo @ x + Uo @ h);"
            "g = tanh(Wg @ x + Ug @ h); c2 = f * c + i * g; s = sum(o * tanh(c2))",
            "x: m; h: n; c: n; Wf: n,m; Wi: n,m; Wo: n,m; Wg: n,m; Uf: n,n; Ui: n,n; Uo: n,n; Ug: n,n",
        ),
        ("tanh(a * tanh(b * tanh(c * tanh(d * x + e1) + g) + k) + m) * w", ""),
    ],
)
def test_a_long_graph_is_asked_for_its_end_results_in_one_sitting(text: str, shapes: str) -> None:
    (part,) = lesson(text, shapes, "n=2,m=3" if "n" in shapes else "").parts
    assert 5 <= sum(len(ask.fields.variables) for ask in part.ask) <= 13


@pytest.mark.parametrize(
    ("text", "shapes", "kinds"),
    [
        ("f = tanh(a*b + c*d) * sigmoid(i*g + h*k) + l*m + n*o", "", {"local", "total", "formula"}),
        (
            "h = tanh(A @ x + a); i = tanh(B @ h + b); j = tanh(C @ i + c); k = tanh(D @ j + d);"
            "l = tanh(E @ k + i); s = u.T @ l",
            "; ".join([*(f"{name}: n,n" for name in "ABCDE"), *(f"{name}: n,1" for name in "xabcdu")]),
            {"shape", "local", "total", "formula"},
        ),
    ],
)
def test_many_inputs_leave_room_for_every_kind(text: str, shapes: str, kinds: set[str]) -> None:
    (part,) = lesson(text, shapes, "n=2" if shapes else "").parts
    assert {ask.kind for ask in part.ask} == kinds
    assert sum(ask.kind == "formula" for ask in part.ask) <= 6
    assert sum(len(ask.fields.variables) for ask in part.ask) <= 13


def test_the_gradient_of_the_scores_goes_before_one_more_large_table(tmp_path: Path) -> None:
    net = "H = relu(X @ W1 + b1); S = H @ W2 + b2; L = cross_entropy(S, y)"
    shapes = "X: N,d; W1: d,h; b1: h; W2: h,k; b2: k; y: N labels k"
    (part,) = lesson(net, shapes, "N=2,d=3,h=4,k=5").parts
    totals = [name for ask in part.ask if ask.kind == "total" for name in ask.fields.variables]
    assert "S" in totals
    assert "W2" not in totals  # of 20 entries
    assert {"W1", "b1", "b2"} <= set(totals)
    assert {"W1", "W2"} <= {name for ask in part.ask if ask.kind == "formula" for name in ask.fields.variables}
    path = tmp_path / "net.yaml"
    path.write_text(written(net, shapes, "N=2,d=3,h=4,k=5"), "utf-8")
    assert check_file(path) == ()


def test_sizes_without_a_number_get_different_ones() -> None:
    (part,) = lesson("A = Q @ K.T", "Q: n,d; K: m,d").parts
    assert len(set(part.sizes.values())) == 3


def test_an_output_of_several_entries_is_told_its_gradient_at_any_size() -> None:
    (part,) = lesson("f = concat(x, y) * concat(y, x)", "x: n; y: m", "n=2,m=3").parts
    for n, m in ((2, 3), (4, 7), (5, 2)):
        assert shape_of(part.upstream["f"], {"n": n, "m": m}) == (n + m,)


@pytest.mark.parametrize(("text", "shapes", "sizes"), FORMULAS, ids=[case[0] for case in FORMULAS])
def test_a_lesson_has_the_value_and_the_gradients_of_its_formula(text: str, shapes: str, sizes: str) -> None:
    """Oracle: the formula as Python runs it, differentiated by autograd."""
    declared = declarations(shapes)
    made = compose(formulas(text), declared, with_all_sizes(sizes_from(sizes), declared.values()), NOWHERE)
    assert {each.severity for each in made.warnings} <= {"warning"}
    (part,) = load_text(made.text, NOWHERE).parts
    drawn = draw(part, 2)
    run = run_at(part, drawn)
    outputs = run.graph.outputs
    seeds = [drawn.upstream.get(each, 1.0) for each in outputs]
    labels = {name for name, each in part.given.items() if each.integer}
    given = [np.asarray(run.values[name], dtype=int if name in labels else float) for name in part.given]

    def values(*numbers: Any) -> list[Any]:
        return outputs_by_numpy(text, {**drawn.sizes, **dict(zip(part.given, numbers, strict=True))}, outputs)

    def objective(*numbers: Any) -> Any:
        return sum(anp.sum(seed * each) for seed, each in zip(seeds, values(*numbers), strict=True))

    for name, value in zip(outputs, values(*given), strict=True):
        np.testing.assert_allclose(run.values[name], value, rtol=1e-9)
    for k, name in enumerate(part.given):
        if name not in labels:
            slope = autograd.grad(objective, k)(*given)
            np.testing.assert_allclose(run.gradients[name], slope, rtol=1e-7, atol=1e-9, err_msg=name)


def test_the_formulas_are_many() -> None:
    assert len(FORMULAS) >= 50


SCALARS = st.deferred(
    lambda: (
        st.sampled_from(["x", "y", "w", "2", "0.5"])
        | st.builds("({} {} {})".format, SCALARS, st.sampled_from("+-*/"), SCALARS)
        | st.builds("{}({})".format, st.sampled_from(["tanh", "exp", "log", "sin", "sqrt"]), SCALARS)
        | st.builds("({})^{}".format, SCALARS, st.sampled_from("23"))
        | st.builds("(-{})".format, SCALARS)
    )
)


def by_autograd(text: str, numbers: dict[str, float]) -> tuple[float, dict[str, float]]:
    """The value and gradients of a formula as Python with autograd reads it."""
    names = {name: getattr(anp, name) for name in ("tanh", "exp", "log", "sin", "sqrt")}
    code = compile(text.replace("^", "**"), "formula", "eval")
    value = lambda *given: eval(code, names | dict(zip(numbers, given, strict=True)))  # noqa: E731
    given = [np.float64(number) for number in numbers.values()]
    slopes = [autograd.grad(value, k)(*given) for k in range(len(given))]
    return float(value(*given)), dict(zip(numbers, map(float, slopes), strict=True))


def has_inputs(text: str) -> bool:
    """Is there anything to vary? The x of `exp(2)` is none."""
    return re.search(r"\b[xyw]\b", text) is not None


POINTS = [(0.3, 0.5), (1.5, 2.5), (2.5, 1.5), (-0.4, 0.6), (-1.5, -2.0)]


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(SCALARS.filter(lambda text: len(text) < 40 and has_inputs(text)))
def test_any_formula_gives_a_lesson_with_its_value_and_gradients(text: str) -> None:
    try:
        made = lesson(text)
    except UnclearError:  # log(-2), log(x - x): there are no such numbers
        assert not any(np.isfinite(by_autograd(text, {"x": x, "y": y, "w": 0.7})[0]) for x, y in POINTS)
        return
    (part,) = made.parts
    drawn = draw(part, 3)
    run = run_at(part, drawn)
    value, slopes = by_autograd(text, {name: float(number) for name, number in drawn.numbers.items()})
    assert float(run.values["f"]) == pytest.approx(value, rel=1e-9)
    for name, slope in slopes.items():
        assert float(run.gradients[name]) == pytest.approx(slope, rel=1e-7, abs=1e-9)


@pytest.mark.thorough
@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(text=SCALARS.filter(lambda text: len(text) < 60 and has_inputs(text)))
def test_many_formulas_give_lessons_that_pass(text: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("many") / "lesson.yaml"
    try:
        path.write_text(written(text), "utf-8")
    except UnclearError:
        return
    assert [each for each in check_file(path) if each.severity == "error"] == []


# What cannot be a lesson


@pytest.mark.parametrize(
    ("text", "shapes", "names", "labels"),
    [
        ("W @ x + b", "", {"W", "x", "b"}, set()),
        ("W @ x + b", "W: n,m; x: m", set(), set()),  # b can be a number
        ("u.T @ tanh(W @ x)", "W: n,m; x: m,1", {"u"}, set()),
        ("cross_entropy(z, y)", "z: N,k", {"y"}, {"y"}),
        ("sum(E[ids])", "E: V,d", {"ids"}, {"ids"}),
    ],
)
def test_names_that_cannot_be_numbers_are_asked_for(text: str, shapes: str, names: set[str], labels: set[str]) -> None:
    if not names:
        assert written(text, shapes)
        return
    with pytest.raises(ShapesWantedError) as wanted:
        written(text, shapes)
    assert set(wanted.value.names) == names
    assert set(wanted.value.labels) == labels


@pytest.mark.parametrize(
    ("text", "shapes", "sizes", "id", "at"),
    [
        ("x + * y", "", "", "expr.", 4),
        ("x; y = 2 * ", "", "", "expr.", 10),
        ("a = x; a = y", "", "", "authoring.formula-twice", 6),
        ("  ", "", "", "authoring.no-formula", 0),
        ("2a = x", "", "", "authoring.not-a-line-name", 0),
        ("f =", "", "", "authoring.no-formula", 2),
        ("x * y", "x", "", "authoring.shape-unclear", 0),
        ("x * y", "x: n; x: m", "", "authoring.shape-twice", 5),
        ("x * y", "y: n; x: n,,2", "", "authoring.shape-unclear", 8),
        ("x * y", "x: n labels", "", "authoring.shape-unclear", 2),
        ("x * y", "z: n", "", "authoring.shape-unused", 0),
        ("f = x * y", "f: n", "", "authoring.shape-of-line", 0),
        ("n = x * y", "x: n", "", "authoring.line-is-size", 0),
        ("up = x * y", "", "", "lesson.name-is-up", 0),
        ("z = x * y; f = z * dz", "", "", "lesson.name-is-gradient", 0),
        ("tanh = x * y; f = 2 * x", "", "", "lesson.name-is-function", 0),
        ("x * y", "x: n; n: 2", "", "authoring.shape-of-size", 0),
        ("x * y", "", "n=0", "authoring.sizes-unclear", 0),
        ("x * y", "", "n=2,m", "authoring.sizes-unclear", 4),
        ("sum(x * y)", "x: n; y: m", "n=3,m=2", "authoring.at-sizes", 4),
        ("log(-2) * x", "", "", "authoring.no-numbers", 0),
        ("x * y", "x: n - 5", "n=3", "authoring.at-sizes", 0),
    ],
)
def test_what_is_unclear_is_said_with_its_place(text: str, shapes: str, sizes: str, id: str, at: int) -> None:
    with pytest.raises(UnclearError) as unclear:
        written(text, shapes, sizes)
    assert unclear.value.message.id.startswith(id)
    assert unclear.value.at == at


def test_shapes_that_do_not_fit_are_named_with_the_sizes_that_were_taken() -> None:
    with pytest.raises(UnclearError) as caught:
        written("sum(x[4] * 2)", "x: T,m")
    assert caught.value.message.id == "authoring.at-sizes"
    assert caught.value.message.params["problem"].id == "engine.index-out-of-range"
    assert caught.value.message.params["sizes"] == ["T=2", "m=3"]


def test_formulas_in_a_circle_are_called_so() -> None:
    for text in ("a = b + 1; b = a + 1", "a = b * x; b = a + 1"):
        with pytest.raises(UnclearError) as caught:
            written(text)
        assert (caught.value.message.id, caught.value.message.params) == ("engine.cycle", {"names": "a → b → a"})


@pytest.mark.parametrize("text", ["sum(E[y])", "sum(gather(E, y))", "hinge(E, y)"])
def test_what_picks_entries_must_be_labels(text: str) -> None:
    with pytest.raises(UnclearError) as caught:
        written(text, "E: V,d; y: V")
    assert caught.value.message.id == "authoring.index-not-labels"
