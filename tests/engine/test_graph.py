"""Graphs: lines of several ops, slots, order, errors, and any size."""

import numpy as np
import pytest

from tutor.engine import EngineError, Graph, ShapeError
from tutor.text import say


def test_the_first_circuit_of_the_course() -> None:
    run = Graph.parse({"a": "x + y", "b": "max(y, z)", "f": "a * b"}).run({"x": 1, "y": 2, "z": 0})
    assert dict(run.values) == {"x": 1, "y": 2, "z": 0, "a": 3, "b": 2, "f": 6}
    assert dict(run.gradients) == {"x": 2, "y": 5, "z": 0, "a": 2, "b": 3, "f": 1}
    assert dict(run.downstream) == {
        ("a", "x"): 2,
        ("a", "y"): 2,
        ("b", "y"): 3,
        ("b", "z"): 0,
        ("f", "a"): 2,
        ("f", "b"): 3,
    }
    assert dict(run.local) == {
        ("a", "x"): 1,
        ("a", "y"): 1,
        ("b", "y"): 1,
        ("b", "z"): 0,
        ("f", "a"): 2,
        ("f", "b"): 3,
    }


def test_lines_may_stand_in_any_order() -> None:
    graph = Graph.parse({"f": "a * b", "b": "max(y, z)", "a": "x + y"})
    assert list(graph.lines) == ["f", "b", "a"]
    assert graph.order == ("b", "a", "f")
    assert graph.outputs == ("f",)
    assert graph.run({"x": 1, "y": 2, "z": 0}).gradients["y"] == 5


def test_a_line_of_several_ops_numbers_them_in_the_order_of_evaluation() -> None:
    graph = Graph.parse({"z": "tanh(W @ x + b)"})
    assert graph.lines["z"].parts == ("z.1", "z.2")
    run = graph.run({"W": [[1.0, 2.0]], "x": [3.0, -1.0], "b": [0.5]})
    assert run.values["z.1"] == [1.0]
    assert run.values["z.2"] == [1.5]
    np.testing.assert_allclose(run.local["z", "z.2"], [1 - np.tanh(1.5) ** 2])


def test_transposes_and_numbers_are_no_parts_of_a_line() -> None:
    assert Graph.parse({"s": "2 * u.T @ h"}).lines["s"].parts == ("s.1",)


def test_locals_and_downstreams_reach_through_the_inner_ops_of_a_line() -> None:
    run = Graph.parse({"f": "(a + b) * c^2"}).run({"a": 1, "b": 2, "c": 3})
    assert run.local["f", "c"] == 18
    assert run.local["f", "a"] == 9
    assert run.local["f", "f.1"] == 9
    assert run.local["f.2", "c"] == 6
    assert run.downstream["f", "c"] == 18


def test_a_name_used_twice_has_two_slots_in_reading_order() -> None:
    graph = Graph.parse({"f": "x * y + x"})
    assert [slot.label for slot in graph.lines["f"].slots] == ["x#0", "y", "x#1"]
    run = graph.run({"x": 3, "y": 5})
    assert (run.downstream["f", "x#0"], run.downstream["f", "x#1"]) == (5, 1)
    assert run.gradients["x"] == 6


def test_the_bare_name_of_two_slots_is_refused() -> None:
    run = Graph.parse({"f": "x * x"}).run({"x": 3})
    with pytest.raises(EngineError) as error:
        run.local["f", "x"]
    assert say(error.value.message, "en") == "Line f uses x more than once; say which use: x#0, x#1."


def test_one_op_may_take_the_same_input_twice() -> None:
    assert Graph.parse({"f": "x * x"}).run({"x": 3}).gradients["x"] == 6
    assert Graph.parse({"f": "x @ x"}).run({"x": [1.0, 2.0]}).gradients["x"].tolist() == [2, 4]


def test_a_second_name_is_a_line_of_its_own() -> None:
    run = Graph.parse({"y": "x", "f": "y * x"}).run({"x": 3})
    assert run.downstream["y", "x"] == 3
    assert run.gradients["x"] == 6


def test_constants_stand_for_themselves_unless_a_name_shadows_them() -> None:
    assert Graph.parse({"f": "e * x"}).run({"x": 1}).values["f"] == pytest.approx(np.e)
    assert Graph.parse({"f": "e * x"}, inputs=["x", "e"]).run({"x": 1, "e": 2}).values["f"] == 2


def test_sizes_stand_for_numbers_and_make_shapes() -> None:
    graph = Graph.parse({"m": "reshape(x, [n, 2])", "f": "sum(m) / n"}, inputs=["x"], sizes={"n": 3})
    run = graph.run({"x": np.arange(6.0)})
    assert run.values["m"].shape == (3, 2)
    assert run.gradients["x"].tolist() == [1 / 3] * 6


def test_names_in_brackets_are_stacked() -> None:
    run = Graph.parse({"v": "[x, 2 * y, 1]", "f": "v @ v"}).run({"x": 3, "y": 4})
    assert run.values["v"].tolist() == [3, 8, 1]
    assert (run.gradients["x"], run.gradients["y"]) == (6, 32)
    matrix = Graph.parse({"m": "[[a, b], [c, d]]", "f": "m[0, 1] * m[1, 0]"}).run({"a": 1, "b": 2, "c": 3, "d": 4})
    assert (matrix.gradients["b"], matrix.gradients["c"], matrix.gradients["a"]) == (3, 2, 0)


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ({"s": "2 * y - 1", "f": "sum(s * x)"}, {"s": [3.0, -4.0, 5.0], "s.1": [3.0, -4.0, 5.0]}),
        ({"q": "1 - y", "r": "q * 3", "f": "sum(r * x)"}, {"r": [3.0, -4.0, 5.0], "q": [9.0, -12.0, 15.0]}),
        ({"m": "y > 0", "f": "sum(m * x)"}, {"m": [3.0, -4.0, 5.0]}),
    ],
)
def test_a_line_made_of_labels_alone_receives_its_gradient(
    lines: dict[str, str], expected: dict[str, list[float]]
) -> None:
    run = Graph.parse(lines, inputs=["x", "y"], integer=["y"]).run({"x": [3.0, -4.0, 5.0], "y": [1, 0, 1]})
    for name, gradient in expected.items():
        np.testing.assert_allclose(run.gradients[name], gradient, err_msg=name)
    assert "y" not in run.gradients


def test_labels_pick_entries_and_carry_no_gradient() -> None:
    graph = Graph.parse(
        {"q": "p[rows, labels]", "f": "sum(q)"}, inputs=["p", "rows", "labels"], integer=["rows", "labels"]
    )
    run = graph.run({"p": [[1.0, 2.0], [3.0, 4.0]], "rows": [0, 1, 1], "labels": [1, 0, 0]})
    assert run.values["q"].tolist() == [2, 3, 3]
    assert run.gradients["p"].tolist() == [[0, 1], [2, 0]]
    assert "labels" not in run.gradients


def test_an_array_of_indices_is_not_a_slice() -> None:
    run = Graph.parse({"q": "x[[0, 2, 2]]", "f": "sum(q)"}).run({"x": [1.0, 2.0, 3.0]})
    assert run.gradients["x"].tolist() == [1, 0, 2]


def test_bias_over_a_batch_is_summed_back() -> None:
    run = Graph.parse({"z": "x + b", "f": "sum(z * z)"}).run({"x": [[1.0, 2.0], [3.0, 4.0]], "b": [1.0, 1.0]})
    assert run.gradients["b"].tolist() == [12, 16]
    assert run.downstream["z", "b"].shape == (2,)


def test_several_outputs_start_with_gradients_of_their_own() -> None:
    graph = Graph.parse({"c": "x * y", "h": "tanh(c)"}, outputs=["c"])
    assert set(graph.outputs) == {"c", "h"}
    run = graph.run({"x": 0.5, "y": 1.0}, upstream={"h": 1.0, "c": 10.0})
    assert run.gradients["x"] == pytest.approx(10 + 1 - np.tanh(0.5) ** 2)


def test_an_output_of_one_entry_needs_no_upstream() -> None:
    run = Graph.parse({"f": "a @ b"}).run({"a": [[1.0, 2.0]], "b": [[3.0], [4.0]]})
    assert run.gradients["a"].tolist() == [[3, 4]]
    assert run.gradients["f"].tolist() == [[1]]


def test_a_full_jacobian_between_any_two_nodes() -> None:
    run = Graph.parse({"z": "W @ x", "h": "tanh(z)", "f": "sum(h)"}).run(
        {"W": [[1.0, 2.0], [0.0, 1.0]], "x": [0.1, 0.2]}
    )
    slope = 1 - np.tanh([0.5, 0.2]) ** 2
    np.testing.assert_allclose(run.jacobian("h", "x"), np.diag(slope) @ [[1, 2], [0, 1]])
    np.testing.assert_allclose(run.local["z", "W"], [[0.1, 0.2, 0, 0], [0, 0, 0.1, 0.2]])
    np.testing.assert_allclose(run.jacobian("h", "h"), np.eye(2))


def test_one_path_is_the_product_of_its_locals() -> None:
    run = Graph.parse({"a": "x + y", "b": "max(y, z)", "f": "a * b"}).run({"x": 1, "y": 2, "z": 0})
    assert run.path(("y", "a", "f")) == 2
    assert run.path(("y", "b", "f")) == 3


def test_by_hand_to_any_size_without_recursion() -> None:
    graph = Graph()
    node = graph.input("x")
    for _ in range(100_000):
        node = graph.apply("tanh", node)
    graph.output(node)
    run = graph.run({"x": 0.5})
    assert 0 < run.gradients["x"] < 1e-6


def test_a_deep_chain_of_lines_is_ordered_without_recursion() -> None:
    lines = {f"n{k}": f"n{k - 1} + 1" for k in range(2000, 0, -1)}
    run = Graph.parse(lines).run({"n0": 0})
    assert run.values["n2000"] == 2000
    assert run.gradients["n0"] == 1


ERRORS = [
    (
        {"a": "b", "b": "c", "c": "a + x"},
        "These lines wait for each other: a → b → c → a. A computation graph has no cycle.",
    ),
    ({"f": "x + f"}, "These lines wait for each other: f → f. A computation graph has no cycle."),
    (
        {"f": "pad(x, -1)"},
        "pad: width cannot be -1; it takes a whole number, [in front, behind], or such a pair for each axis.",
    ),
    ({"f": "mse(x, y, size=2)"}, "“mse” has no argument “size”. It takes: reduction."),
    ({"f": 'mse(x, y, "median")'}, 'mse: reduction cannot be "median"; it takes one of "mean", "sum", "none".'),
    ({"f": "softmax(x, axis=1.5)"}, "softmax: axis cannot be 1.5; it takes a whole number."),
    ({"f": "sum(x, axis=true)"}, "sum: axis cannot be true; it takes a whole number or a list of whole numbers."),
    ({"f": "tanh(x, y)"}, "“tanh” takes x; 2 given."),
    ({"f": "where(x)"}, "“where” takes c, a, b; 1 given."),
    ({"f": "reshape(x)"}, "reshape needs its argument to."),
    ({"f": "sum(x, y)"}, "This argument must be a number written out or made of sizes; “y” is computed in the graph."),
    ({"f": "sum(x, 0, axis=1)"}, "sum: axis is given twice."),
    ({"f": "dropout(x, y, keep=0)"}, "dropout: keep cannot be 0; it takes a number above 0 and at most 1."),
    ({"f": "conv1d(x, y, stride=0)"}, "conv1d: stride cannot be 0; it takes numbers of at least 1."),
    ({"f": 'einsum("ij->k", x)'}, "einsum: subscripts cannot be “ij->k”"),
]


@pytest.mark.parametrize(("lines", "text"), ERRORS, ids=[text[:40] for _, text in ERRORS])
def test_a_graph_that_cannot_be_built_says_why(lines: dict[str, str], text: str) -> None:
    with pytest.raises(EngineError) as error:
        Graph.parse(lines, inputs=["x", "y"])
    assert say(error.value.message, "en").replace("“ij", '"ij').startswith(text.replace("“ij->k”", '"ij->k"'))
    assert error.value.node in lines


def test_an_unknown_name_gets_the_nearest() -> None:
    from tutor.expr import ParseError

    with pytest.raises(ParseError):
        Graph.parse({"f": "wieght * x"}, inputs=["weight", "x"])
    with pytest.raises(ParseError):
        Graph.parse({"f": "sigmod(x)"}, inputs=["x"])


SHAPES = [
    ("A @ B", {"A": (3, 2), "B": (3, 1)}, "@: (3, 2) @ (3, 1): inner sizes 2 and 3 differ; did you mean A.T?"),
    ("A @ B.T", {"A": (3, 2), "B": (2, 4)}, "@: (3, 2) @ (4, 2): inner sizes 2 and 4 differ; did you mean B.T.T?"),
    ("A @ B", {"A": (3, 2), "B": (4, 5)}, "@: (3, 2) @ (4, 5): inner sizes 2 and 4 differ."),
    (
        "A @ B",
        {"A": (3, 2), "B": ()},
        "@: (3, 2) @ (): a matrix product needs vectors or matrices; for a number use *.",
    ),
    ("A + B", {"A": (3, 2), "B": (3,)}, "+: (3, 2) and (3,) do not fit: from the right, sizes must be equal or 1."),
    ("max(A, B, A)", {"A": (3, 2), "B": (4,)}, "max: (3, 2) and (4,) do not fit"),
    ("sum(A, axis=2) + B", {"A": (3, 2), "B": ()}, "sum: axis [2] is not there; the array has 2 axes"),
    ("reshape(A, [4]) + B", {"A": (3, 2), "B": ()}, "reshape: (3, 2) has 6 entries and cannot become (4,)."),
    ("concat(A, B)", {"A": (3, 2), "B": (3, 1)}, "concat: (3, 2) and (3, 1): all sizes but the one along axis 0"),
    ("stack(A, B)", {"A": (3, 2), "B": (3, 1)}, "stack: (3, 2) and (3, 1): the shapes must be equal"),
    (
        "mse(A, B)",
        {"A": (3, 1), "B": (3,)},
        "mse: (3, 1) and (3,): the shapes must be equal; nothing is broadcast here.",
    ),
    ("A[3] + B", {"A": (3, 2), "B": ()}, "[3] does not fit an array of shape (3, 2); indices count from 0."),
    ("conv1d(A, B)", {"A": (1, 2, 5), "B": (1, 3, 2)}, "conv1d: x (1, 2, 5) has 2 channels, w (1, 3, 2) has 3"),
    (
        "conv1d(A, B)",
        {"A": (1, 2, 2), "B": (1, 2, 3)},
        "conv1d: a window of 3 does not fit into size 2 with padding 0.",
    ),
    ("max_pool(A) + B", {"A": (1, 1), "B": ()}, "max_pool: a window of 2 does not fit into size 1 with padding 0."),
    ("layer_norm(A, B, B)", {"A": (3, 2), "B": (3,)}, "layer_norm: (3,) does not broadcast to the shape of x, (3, 2)."),
    ('einsum("ij,jk->ik", A, B)', {"A": (3, 2), "B": (3, 2)}, "einsum: the letter j stands for size 2 and for size 3."),
    ("A^-1 + B", {"A": (2, 2), "B": ()}, "^ works entry by entry, so ^-1 of a matrix (2, 2) would be"),
    ("var(B, unbiased=true) + sum(A)", {"A": (3, 2), "B": ()}, "var: unbiased=true divides by n − 1"),
]


@pytest.mark.parametrize(
    ("formula", "shapes", "text"), SHAPES, ids=[f"{formula} {shapes}" for formula, shapes, _ in SHAPES]
)
def test_shapes_that_do_not_fit_say_which_op_which_shapes_and_why(
    formula: str, shapes: dict[str, tuple[int, ...]], text: str
) -> None:
    graph = Graph.parse(
        {"a": "2 * A", "z": formula.replace("A", "a") if "did you" not in text else formula}, inputs=["A", "B"]
    )
    with pytest.raises(EngineError) as error:
        graph.run({name: np.ones(shape) for name, shape in shapes.items()})
    assert say(error.value.message, "en").startswith(text)
    assert say(error.value.message, "zh")
    assert error.value.node == "z"
    assert error.value.span is not None


BAD_INPUTS = [
    ({"x": 1.0}, "No number is given for y."),
    ({"x": float("nan"), "y": 1}, "The value of x is not finite."),
    ({"x": [1.0, float("inf")], "y": 1}, "The value of x is not finite."),
    ({"x": 10**400, "y": 1}, "The value of x is not a number or a rectangular array of numbers within float64."),
    ({"x": "1.5", "y": 1}, "The value of x is not a number or a rectangular array of numbers within float64."),
    ({"x": [[1, 2], [3]], "y": 1}, "The value of x is not a number or a rectangular array of numbers within float64."),
    ({"x": None, "y": 1}, "The value of x is not a number or a rectangular array of numbers within float64."),
    ({"x": 1j, "y": 1}, "The value of x is not a number or a rectangular array of numbers within float64."),
    ({"x": [], "y": 1}, "x has shape (0,): it holds no numbers."),
    ({"x": 1, "y": 1, "yy": 1}, "“yy” is not an input of this graph. Nearest: y."),
]


@pytest.mark.parametrize(("numbers", "text"), BAD_INPUTS, ids=[repr(numbers)[:40] for numbers, _ in BAD_INPUTS])
def test_bad_inputs_are_named(numbers: dict[str, object], text: str) -> None:
    with pytest.raises(EngineError) as error:
        Graph.parse({"f": "x * y"}, inputs=["x", "y"]).run(numbers)
    assert say(error.value.message, "en") == text


def test_labels_must_be_whole_and_classes() -> None:
    graph = Graph.parse({"L": "cross_entropy(z, y)"}, inputs=["z", "y"], integer=["y"])
    logits = [[1.0, 2.0], [0.0, 1.0]]
    for labels, text in [
        ([0.5, 1], "y holds labels"),
        ([0, 2], "cross_entropy: a number outside 0 to 1"),
        ([0, -1], "cross"),
    ]:
        with pytest.raises(EngineError) as error:
            graph.run({"z": logits, "y": labels})
        assert say(error.value.message, "en").startswith(text)
    with pytest.raises(ShapeError):
        graph.run({"z": logits, "y": [0, 1, 0]})


def test_indices_outside_are_named_when_they_come_from_an_input() -> None:
    graph = Graph.parse({"f": "sum(x[i])"}, inputs=["x", "i"], integer=["i"])
    with pytest.raises(EngineError) as error:
        graph.run({"x": [1.0, 2.0], "i": [0, 5]})
    assert say(error.value.message, "en") == "[[0, 5]] does not fit an array of shape (2,); indices count from 0."
    assert error.value.node == "f"


def test_an_output_that_is_no_number_needs_its_own_gradient() -> None:
    graph = Graph.parse({"h": "tanh(x)"})
    with pytest.raises(EngineError) as error:
        graph.run({"x": [1.0, 2.0]})
    assert say(error.value.message, "en").startswith("The output h has shape (2,), not one number")
    assert error.value.node == "h"
    with pytest.raises(EngineError):
        graph.run({"x": [1.0, 2.0]}, upstream={"h": [1.0, 1.0, 1.0]})
    with pytest.raises(EngineError):
        graph.run({"x": [1.0, 2.0]}, upstream={"h": [1.0, float("nan")]})
    assert graph.run({"x": [0.0, 0.0]}, upstream={"h": [1.0, 2.0]}).gradients["x"].tolist() == [1, 2]


def test_two_outputs_need_two_gradients() -> None:
    with pytest.raises(EngineError):
        Graph.parse({"f": "2 * x", "g": "3 * x"}).run({"x": 1})


def test_by_hand_mistakes_are_refused() -> None:
    graph = Graph()
    x = graph.input("x")
    with pytest.raises(EngineError):
        graph.input("x")
    with pytest.raises(EngineError):
        graph.apply("add", x)
    with pytest.raises(EngineError):
        graph.apply("add", x, 7)
    with pytest.raises(EngineError):
        graph.apply("plus", x, x)
    with pytest.raises(EngineError):
        graph.find("q")


def test_an_attribute_is_judged_by_what_it_is_also_after_an_equal_one() -> None:
    Graph.parse({"y": "sum(x, axis=1)"})
    with pytest.raises(EngineError):
        Graph.parse({"y": "sum(x, axis=true)"})


def test_a_line_of_numbers_alone_is_differentiated_like_any_other() -> None:
    lines = {"d": "c^2 * v", "f": "c * x + d + sum(w * u)", "w": "c * u"}
    numerals = Graph.parse({"c": "4 / 2", "v": "1", "u": "[1, -2]", **lines}).run({"x": 3.0})
    inputs = Graph.parse(lines, inputs=["c", "v", "u", "x"]).run({"c": 2.0, "v": 1.0, "u": [1.0, -2.0], "x": 3.0})
    for name, gradient in inputs.gradients.items():
        np.testing.assert_allclose(numerals.gradients[name], gradient, err_msg=name)
    for slot, share in inputs.downstream.items():
        np.testing.assert_allclose(numerals.downstream[slot], share, err_msg=str(slot))
        np.testing.assert_allclose(numerals.local[slot], inputs.local[slot], err_msg=str(slot))
    np.testing.assert_allclose(numerals.jacobian("w", "u"), inputs.jacobian("w", "u"))
    assert numerals.gradients["c"] == 3 + 4 + 5
    assert Graph.parse({"c": "3", "f": "c * c"}).run({}).gradients["c"] == 6


def test_numbers_that_only_choose_carry_no_gradient() -> None:
    graph = Graph.parse({"y": "[0, 1]", "k": "1", "L": "cross_entropy(Z, y) * Z[0, k]"})
    run = graph.run({"Z": [[1.0, 2.0], [0.5, -1.0]]})
    assert run.gradients["y"].tolist() == [0, 0]
    assert run.gradients["k"] == 0
    assert not {("L", "y"), ("L", "k")} & {
        (graph.line_of(node), graph.names[graph.arguments[node][k]]) for node, k in run.edge_downstream
    }


def test_no_gradient_is_sent_where_an_op_takes_none() -> None:
    """A condition, a comparison and an index computed from inputs: all tracked, none of them differentiated."""
    run = Graph.parse(
        {"c": "x > 0", "k": "2 * i", "y": "where(x - 1, x, c)", "f": "sum(x[k] * y)"}, inputs=["x", "i"]
    ).run({"x": [1.5, -0.5, 2.5], "i": [0.0, 1.0, 0.5]})
    sent = {(run.graph.line_of(node), run.graph.ops[node].name, k) for node, k in run.edge_downstream}
    assert {("y", "where", 1), ("y", "where", 2), ("f", "index", 0)} <= sent
    assert not {("y", "where", 0), ("f", "index", 1), ("c", "greater", 0), ("c", "greater", 1)} & sent
    np.testing.assert_array_equal(run.gradients["i"], [0.0, 0.0, 0.0])
