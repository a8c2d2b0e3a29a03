"""What NumPy and PyTorch call our functions: read as these libraries compute, and known to `--from-python` too."""

from typing import Any

import numpy as np
import pytest

from tutor.authoring.python.libraries import TABLES
from tutor.engine.function_table import answer_functions, borrowed_calls, function_table
from tutor.engine.ops import REGISTRY
from tutor.expr import Scope, evaluate, parse_answer

SCOPE = Scope(frozenset({"x", "y", "A", "B"}), answer_functions(), borrowed=borrowed_calls())
GIVEN = {
    "x": np.array([[0.3, 0.7, 0.2], [0.5, 0.9, 0.4]]),
    "y": np.array([[1.5, 0.7, 2.0], [0.1, 0.9, 3.0]]),
    "A": np.array([[1.0, -2.0, 0.5], [0.25, 3.0, -1.5]]),
    "B": np.array([[2.0, 1.0], [0.5, -1.0], [4.0, 0.125]]),
}
LIBRARIES = ("numpy", "ndarray", "torch", "tensor", "torch.nn.functional", "scipy.special")
NO_FUNCTIONS = {"mT", "Tensor"}  # an attribute and a class


def computed(text: str) -> Any:
    return evaluate(parse_answer(text, SCOPE), GIVEN, function_table())


@pytest.mark.parametrize(
    "text",
    [
        *(f"np.{name}(x, y)" for name in ("add", "subtract", "multiply", "divide", "true_divide", "power")),
        *(f"np.{name}(x, y)" for name in ("greater", "less_equal", "equal", "not_equal", "maximum", "minimum")),
        *(f"np.{name}(x)" for name in ("negative", "absolute", "fabs", "tanh", "exp", "log", "sum", "max", "min")),
        *(f"np.{name}(A, B)" for name in ("dot", "matmul")),
        *(f"np.{name}(A, 1)" for name in ("sum", "mean", "prod", "max", "amin", "var", "std", "cumsum")),
        *(f"A.{name}(axis=0, keepdims=True)" for name in ("sum", "mean", "max", "min", "var", "std")),
        *("A.max(-1)", "A.dot(B)", "A.transpose()", "A.transpose(1, 0)", "A.swapaxes(0, 1)", "A.reshape(3, 2)"),
        *("A.reshape((3, 2))", "A.reshape(-1, 1)", "np.reshape(A, (6, 1))", "A.flatten()", "np.ravel(A)", "A.T.copy()"),
        *("np.concatenate([A, x])", "np.concatenate((A, x), 1)", "np.concatenate([A, x], axis=1)", "np.stack([A, x])"),
        *("np.array([[1, 2], [3, 4]])", "np.ones((2, 3)) * A", "np.ones_like(A) - A", "np.zeros_like(A)", "np.eye(3)"),
        *("np.sum(A, axis=1, keepdims=True, dtype=float)", "A.astype(float)", "np.array(A, dtype=np.float64)"),
        *(
            "np.where(A > 0, A, x)",
            "np.clip(A, -1, 1)",
            "A.clip(-1, 1)",
            "np.linalg.norm(A)",
            "np.multiply(A, x).sum(0)",
        ),
    ],
)
def test_a_call_gives_what_numpy_gives(text: str) -> None:
    expected = eval(text, {"np": np}, GIVEN)
    assert np.shape(computed(text)) == np.shape(expected)
    assert np.asarray(computed(text), float) == pytest.approx(np.asarray(expected, float), rel=1e-12)


def test_pytorch_divides_a_variance_by_one_less() -> None:
    assert computed("torch.var(A, 1)") == pytest.approx(np.var(GIVEN["A"], axis=1, ddof=1))
    assert computed("torch.std(A, dim=1, unbiased=False)") == pytest.approx(np.std(GIVEN["A"], axis=1))


def test_every_borrowed_name_is_one_that_from_python_reads_too() -> None:
    known = {name for library in LIBRARIES for name in TABLES[library]}
    borrowed = {name for op in REGISTRY.values() for name in op.borrowed}
    assert borrowed - known == NO_FUNCTIONS
