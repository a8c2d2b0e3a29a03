"""Every line of a sum over entries, worked out by loops over its places, is the slope that differences measure."""

import itertools
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tutor.drill.question import Drill
from tutor.kinds import build, load_text
from tutor.kinds.why_views import Step, why

LOW = dict(zip("ᵢⱼₖₗₘₙᵣₛₜᵤᵥ", "ijklmnrstuv", strict=True))
H = 1e-5
GIVEN = {
    "W": [[0.5, -0.2, 1.1], [0.1, 0.3, 2.0]],
    "V": [[0.4, 1.5], [-0.7, 0.2], [0.9, -1.2]],
    "S": [[0.3, -0.6], [1.4, 0.8]],
    "x": [1.5, -2.0, 0.7],
    "y": [0.3, 1.2],
    "d": [-0.4, 2.1],
    "col": [[0.6], [-1.1], [0.4]],
    "up2": [[0.9], [-0.5]],
    "X": [[1.0, 2.0], [-3.0, 0.5], [0.7, -1.6], [2.2, 1.3]],
    "c": 0.8,
    "B": [[[0.2, 1.0, -0.4], [0.7, -0.3, 0.6]], [[1.2, 0.1, 0.5], [-0.8, 0.9, 0.3]]],
}


FUNCTIONS = {"exp": np.exp, "sqrt": np.sqrt, "mean": np.mean, "var": np.var, "tanh": np.tanh, "sum": np.sum}
FUNCTIONS |= {"outer": np.outer, "ones": np.ones_like, "transpose": np.transpose, "reshape": np.reshape}


def softmax(x: Any, axis: int = -1) -> Any:
    powers = np.exp(x)
    return powers / powers.sum(axis=axis, keepdims=True)


def normal(x: Any) -> Any:
    return (x - x.mean(axis=0)) / np.sqrt(x.var(axis=0) + 1e-5)


LINES: list[tuple[str, str, Callable[..., Any]]] = [
    ("W @ x", "W x", lambda W, x: W @ x),
    ("W @ col + up2", "W col", lambda W, col, up2: W @ col + up2),
    ("X @ W + x", "X W x", lambda X, W, x: X @ W + x),
    ("y @ W", "y W", lambda y, W: y @ W),
    ("B @ V", "B V", lambda B, V: B @ V),
    ("B @ x", "B x", lambda B, x: B @ x),
    ("up2.T @ W", "W up2", lambda up2, W: up2.T @ W),
    ("S.T @ y", "S y", lambda S, y: S.T @ y),
    ("x @ V @ W", "x V W", lambda x, V, W: x @ V @ W),
    ("tanh(X @ W)", "X W", lambda X, W: np.tanh(X @ W)),
    ("dot(x, V[:, 0])", "x", lambda x, V: x @ V[:, 0]),
    ("sum(W)", "W", lambda W: W.sum()),
    ("sum(W, axis=0)", "W", lambda W: W.sum(axis=0)),
    ("sum(W, axis=1, keepdims=true)", "W", lambda W: W.sum(axis=1, keepdims=True)),
    ("sum(B, axis=[0, 2])", "B", lambda B: B.sum(axis=(0, 2))),
    ("sum(transpose(B, axes=[1, 2, 0]), axis=2)", "B", lambda B: B.transpose(1, 2, 0).sum(axis=2)),
    ("mean(W)", "W", lambda W: W.mean()),
    ("mean(W, axis=1)", "W", lambda W: W.mean(axis=1)),
    ("W * x", "x", lambda W, x: W * x),
    ("V * col", "col", lambda V, col: V * col),
    ("V + col", "col", lambda V, col: V + col),
    ("W / x", "x", lambda W, x: W / x),
    ("W - c", "c", lambda W, c: W - c),
    ("sum(W * c)", "W c", lambda W, c: (W * c).sum()),
    ("softmax(x)", "x", lambda x: softmax(x)),
    ("softmax(W)", "W", lambda W: softmax(W)),
    ("softmax(W, axis=0)", "W", lambda W: softmax(W, 0)),
    ("log_softmax(W)", "W", lambda W: np.log(softmax(W))),
    ("batch_norm(X, y, d)", "y d", lambda X, y, d: normal(X) * y + d),
]
BY_WRT = [(line, name, function) for line, names, function in LINES for name in names.split()]


def made(line: str, name: str, shape: tuple[int, ...], weights: Any) -> Drill:
    used = [each for each in GIVEN if re.search(rf"\b{each}\b", line)]
    given = ", ".join(f"{each}: {GIVEN[each]}" for each in used)
    total = "sum(z * C)" if shape else "z * C"
    text = f"title: T\ngiven: {{{given}, C: {np.asarray(weights).tolist()}}}\n"
    return build(
        load_text(f"{text}graph:\n  z: {line}\n  L: {total}\nask: [total: {name}]", Path("/nowhere/e.yaml")), 0
    )


def in_python(text: str) -> str:
    """A line of mathematics as Python, its sums as loops: `Σᵢ a[i]` as `total("i", lambda i: a[i])`."""
    if "Σ" in text:
        before, _, rest = text.partition("Σ")
        letters = "".join(LOW[each] for each in re.match(f"[{''.join(LOW)}]+", rest)[0])  # type: ignore[index]
        body, after, depth = rest[len(letters) :], "", 0
        for place, sign in enumerate(body):
            depth += (sign == "(") - (sign == ")")
            if depth < 0:  # the bracket around the sum
                body, after = body[:place], body[place:]
                break
        inner = f'total("{letters}", lambda {", ".join(letters)}: {in_python(body.strip())})'
        return in_python(before) + inner + in_python(after)
    text = re.sub(
        r"∂(\w+)(\[[^]]*\])?/∂(\w+)(\[[^]]*\])?",
        lambda m: f"J[({(m[2] or '[]')[1:-1]},),({(m[4] or '[]')[1:-1]},)]",
        text,
    )
    for mine, theirs in {
        "·": "*",
        "−": "-",
        "²": "**2",
        "ᵀ": ".T",
        "(,)": "()",
        "keepdims=true": "keepdims=True",
    }.items():
        text = text.replace(mine, theirs)
    return text


def _jacobian_entry(found: re.Match[str]) -> str:
    at, own = (f"({each},)" if each else "()" for each in found.groups())
    return f"J[{at}, {own}]"


def slopes(function: Callable[..., Any], inputs: Mapping[str, Any], name: str) -> dict[Any, float]:
    """How each entry of the value moves with each entry of an input, by differences."""
    found = {}
    for own in np.ndindex(*np.shape(inputs[name])):
        ends = []
        for by in (H, -H):
            moved = np.array(inputs[name], dtype=float)
            moved[own] += by
            ends.append(np.asarray(function(**{**inputs, name: moved})))
        for at in np.ndindex(*ends[0].shape):
            found[at, own] = float((ends[0][at] - ends[1][at]) / (2 * H))
    return found


def letter_sizes(texts: list[str], shapes: Mapping[str, tuple[int, ...]]) -> dict[str, int]:
    """How many places each letter runs over, from the arrays in which it stands."""
    found = {}
    for name, place in re.findall(r"(\w+)\[([^]]*)\]", " ".join(texts)):
        if name in shapes:
            found.update(zip(place.split(", "), shapes[name], strict=True))
    return found


@pytest.mark.parametrize(("line", "name", "function"), BY_WRT, ids=[f"{line} by {name}" for line, name, _ in BY_WRT])
def test_each_line_is_the_gradient(line: str, name: str, function: Callable[..., Any]) -> None:
    inputs = {each: np.array(GIVEN[each]) for each in function.__code__.co_varnames}
    value = np.asarray(function(**inputs))
    weights = np.round(np.random.default_rng(3).uniform(-2, 2, value.shape), 2)
    jacobian = slopes(function, inputs, name)
    gradient = np.zeros(inputs[name].shape)
    for (at, own), slope in jacobian.items():
        gradient[own] += weights[at] * slope
    drill = made(line, name, value.shape, weights)
    steps = [each.text for each in why(drill, drill.questions[0], "derivation") if isinstance(each, Step)]
    _, entry, chained, *lines = steps
    together = lines.pop() if lines[-1].startswith("∂") else None  # of a batch there is no short formula
    places = re.match(r"∂z(\[[^]]*\])?/∂\w+(\[[^]]*\])? = ", entry)
    assert places is not None, steps
    at_letters, own_letters = ([] if each is None else each[1:-1].split(", ") for each in places.groups())
    assert chained.startswith(f"∂L/∂{name}{places[2] or ''} = ")
    assert lines
    arrays = {**inputs, "z": value, "dz": weights}
    sizes = letter_sizes([entry, chained, *lines], {each: np.shape(array) for each, array in arrays.items()})

    def total(letters: str, body: Callable[..., float]) -> float:
        return sum(body(*where) for where in itertools.product(*(range(sizes[each]) for each in letters)))

    def worked_out(text: str, **known: int) -> Any:
        code = compile(in_python(re.split(" = |^= ", text, maxsplit=1)[1]), text, "eval")
        return eval(code, {"J": jacobian, "total": total, **FUNCTIONS, **arrays, **known})

    for (at, own), slope in jacobian.items():
        known = dict(zip(at_letters + own_letters, at + own, strict=True))
        assert worked_out(entry, **known) == pytest.approx(slope, abs=1e-6)
    for own in np.ndindex(*gradient.shape):
        for text in (chained, *lines):
            known = dict(zip(own_letters, own, strict=True))
            assert worked_out(text, **known) == pytest.approx(gradient[own], abs=1e-6), text
    if together is not None:
        assert np.broadcast_to(worked_out(together), gradient.shape) == pytest.approx(gradient, abs=1e-6)


def derived(drill: Drill) -> list[str]:
    return [each.text for each in why(drill, drill.questions[0], "derivation") if isinstance(each, Step)]


def test_a_product_is_derived_from_the_sum_to_the_matrix() -> None:
    assert derived(made("W @ x", "W", (2,), [1, 2])) == [
        "∂L/∂W = dz · ∂z/∂W",
        "∂z[i]/∂W[j, k] = (i == j) · x[k]",
        "∂L/∂W[j, k] = Σᵢ dz[i] · ∂z[i]/∂W[j, k]",
        "= Σᵢ dz[i] · (i == j) · x[k]",
        "= dz[j] · x[k]",
        "∂L/∂W = outer(dz, x)",
    ]


def test_softmax_is_derived_from_one_entry_to_all() -> None:
    assert derived(made("softmax(x)", "x", (3,), [1, 2, 3])) == [
        "∂L/∂x = dz · ∂z/∂x",
        "∂z[i]/∂x[j] = z[i] · ((i == j) − z[j])",
        "∂L/∂x[j] = Σᵢ dz[i] · ∂z[i]/∂x[j]",
        "= Σᵢ dz[i] · z[i] · ((i == j) − z[j])",
        "= dz[j] · z[j] − z[j] · (Σᵢ dz[i] · z[i])",
        "∂L/∂x = z · (dz − sum(dz · z, axis=−1, keepdims=true))",
    ]


def test_a_letter_of_a_place_is_no_name_of_the_drill() -> None:
    text = "title: T\ngiven: {i: [[1, 2], [3, 4]], k: [1, 5]}\ngraph: {j: i @ k, L: sum(j)}\nask: [total: i]"
    assert derived(build(load_text(text, Path("/nowhere/letters.yaml")), 0))[1] == "∂j[l]/∂i[m, n] = (l == m) · k[n]"


@pytest.mark.parametrize(("line", "shape"), [("batch_norm(V, y, d)", (3, 2)), ("cumsum(V)", (3, 2))])
def test_where_an_op_has_no_entry_rule_its_rule_is_said(line: str, shape: tuple[int, ...]) -> None:
    assert not any("Σ" in text for text in derived(made(line, "V", shape, np.ones(shape))))
