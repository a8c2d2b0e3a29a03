"""Every slip of every op is what its backward would give, and is named when somebody types just that."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import numpy as np
import pytest

from tests.checking.lessons import drill
from tutor.drill.question import Drill, GradientQuestion
from tutor.engine import EngineError, Run
from tutor.engine.ops import REGISTRY
from tutor.kinds import check
from tutor.lesson.file.problem import LessonError
from tutor.mistakes.mistake_classes import classes_of_mistakes
from tutor.text import LANGUAGES, say

GIVEN = {
    "x": "{shape: [3, 4], uniform: [-1.9, 1.9], decimals: 2, distinct: true, nonzero: true}",
    "w": "{shape: [3, 4], uniform: [-1.9, 1.9], decimals: 2, distinct: true, nonzero: true}",
    "p": "{shape: [3, 4], uniform: [0.3, 1.9], decimals: 2, distinct: true}",
    "q": "{shape: [3, 4], uniform: [0.3, 1.9], decimals: 2, distinct: true}",
    "m": "{shape: [4, 2], uniform: [-1.9, 1.9], decimals: 2, distinct: true, nonzero: true}",
    "u": "{shape: [4], uniform: [-1.9, 1.9], decimals: 2, distinct: true, nonzero: true}",
    "v": "{shape: [4], uniform: [-1.9, 1.9], decimals: 2, distinct: true, nonzero: true}",
    "row": "{shape: [3, 1], uniform: [-1.9, 1.9], decimals: 2, distinct: true, nonzero: true}",
    "signal": "{shape: [2, 3, 7], uniform: [-1.9, 1.9], decimals: 2, nonzero: true}",
    "kernel": "{shape: [2, 3, 3], uniform: [-1.9, 1.9], decimals: 2, nonzero: true}",
    "image": "{shape: [1, 2, 4, 4], uniform: [-1.9, 1.9], decimals: 2, nonzero: true}",
    "stamp": "{shape: [2, 2, 2, 2], uniform: [-1.9, 1.9], decimals: 2, nonzero: true}",
    "tall": "{shape: [5, 2], uniform: [-1.9, 1.9], decimals: 2, distinct: true, nonzero: true}",
    "A": "{shape: [3, 3], uniform: [-1.9, 1.9], decimals: 2, distinct: true, nonzero: true}",
    "B": "{shape: [3, 3], uniform: [-1.9, 1.9], decimals: 2, distinct: true, nonzero: true}",
    "bits": "{shape: [3, 4], mask: 0.5}",
    "k": "{shape: [3], labels: 4}",
    "picks": "{shape: [5], labels: 3}",
    "scores": "{shape: [4, 6], uniform: [-1.9, 1.9], decimals: 2, distinct: true, nonzero: true}",
    "right": "{shape: [4], labels: 6}",
}

# Ops that are not written `op(x)`.
LINES = {
    "add": ["x + w", "x + row"],
    "sub": ["x - w"],
    "mul": ["x * w", "x * row"],
    "div": ["x / p"],
    "neg": ["-x"],
    "pow": ["p^3", "p^q"],
    "max": ["max(x, w)"],
    "min": ["min(x, w)"],
    "where": ["where(bits, x, w)"],
    "clip": ["clip(x, -0.9, 0.9)"],
    "matmul": ["x @ m", "x @ u", "x.T @ w", "A @ B"],
    "dot": ["dot(u, v)"],
    "outer": ["outer(u, v)"],
    "kron": ["kron(x, m)"],
    "einsum": ["einsum('ij,jk->ik', x, m)", "einsum('ij,jk->ik', A, B)"],
    "transpose": ["x.T", "A.T"],
    "index": ["x[1:, ::2]", "x[picks]", "x[0, 1]"],
    "gather": ["gather(x, picks)"],
    "sum": ["sum(x)", "sum(tall, axis=1)"],
    "var": ["var(x)", "var(tall, axis=1)"],
    "mean": ["mean(x)", "mean(tall, axis=1)"],
    "reshape": ["reshape(x, [4, 3])"],
    "concat": ["concat(x, w, axis=0)"],
    "stack": ["stack(x, w, axis=0)"],
    "pad": ["pad(x, 1)"],
    "cumsum": ["cumsum(x, axis=0)"],
    "softmax": ["softmax(x)"],
    "cross_entropy": ["cross_entropy(x, k)"],
    "mse": ["mse(x, w)"],
    "bce_with_logits": ["bce_with_logits(x, bits)"],
    "hinge": ["hinge(scores, right)"],
    "layer_norm": ["layer_norm(x, u, v)"],
    "batch_norm": ["batch_norm(x, u, v)"],
    "dropout": ["dropout(x, bits, keep=0.5)"],
    "straight_through": ["straight_through(x, w)"],
    "conv1d": ["conv1d(signal, kernel)"],
    "conv2d": ["conv2d(image, stamp)"],
    "max_pool": ["max_pool(image, 2)"],
    "avg_pool": ["avg_pool(image, 2)"],
    **{name: [f"{name}(tall, axis=1)"] for name in ("amax", "amin", "norm", "prod", "logsumexp")},
    **{name: [f"{name}(x)", f"{name}(A)"] for name in ("relu", "tanh", "sigmoid")},
    **{name: [f"{name}(p)"] for name in ("log", "log1p", "sqrt")},
}


@cache
def asking(line: str, seed: int = 0) -> Drill:
    """Two lines: the op, and something above it that makes what arrives at it unlike anything else."""
    given = {name: how for name, how in GIVEN.items() if name in re.findall(r"\w+", line)}
    named = ", ".join(f"{name}: {how}" for name, how in given.items())
    for above in ("sum(sin(y + 1))", "sin(y + 1)"):
        text = f"sizes: {{}}\ngiven: {{{named}}}\ngraph:\n  y: {line}\n  f: {above}\nask: [all: [y]]\nsaturated: true"
        try:
            return drill(text, seed)
        except LessonError:
            continue
    raise ValueError(f"no drill asks about {line}")


def summed(gradient: Any, shape: tuple[int, ...]) -> Any:
    """Our own way back from the broadcast shape."""
    gradient = np.asarray(gradient, dtype=float)
    if 0 < gradient.ndim < len(shape):
        raise ValueError(gradient.shape)
    while gradient.ndim > len(shape):
        gradient = gradient.sum(axis=0)
    for axis, size in enumerate(shape):
        if size == 1 and gradient.shape[axis] != 1:
            gradient = gradient.sum(axis=axis, keepdims=True)
    return np.broadcast_to(gradient, shape)


def slipped(run: Run, edge: tuple[int, int], slip: Any) -> Any:
    """What the rule of a slip sends along one edge."""
    node, k = edge
    op = run.graph.ops[node]
    with np.errstate(all="ignore"):
        made = slip(op, k, run.total(node), run.node_values[node], *run.inputs_of(node))
    return summed(made, np.shape(run.inputs_of(node)[k]))


def typed(array: Any) -> str:
    array = np.asarray(array)
    return "[" + ", ".join(typed(item) for item in array) + "]" if array.ndim else f"{float(array):.7g}"


# Where too few different numbers come back for evidence, whatever arrives.
WITHOUT_EVIDENCE = {"clip:outside-only", "index:everywhere", "hinge:right-class-forgotten"}


@pytest.mark.parametrize("name", [name for name, op in REGISTRY.items() if op.slips])
def test_who_makes_a_slip_is_told_so(name: str) -> None:
    """Each slip at each input: either it is the truth there, or cannot be, or it is named with the line."""
    named = {f"{name}:{slip}" for line in LINES.get(name, [f"{name}(x)"]) for slip in told(name, asking(line))}
    assert {f"{name}:{slip}" for slip in REGISTRY[name].slips} - named <= WITHOUT_EVIDENCE


def told(name: str, made: Drill) -> Iterator[str]:
    """The slips of an op that are named when they are made in a drill."""
    part = made.parts[0]
    for question in made.questions:
        if not isinstance(question, GradientQuestion) or question.kind != "downstream":
            continue
        edge = question.target.chain(part.graph)[-1]
        op = part.graph.ops[edge[0]]
        if op is None or op.name != name or np.size(question.expected) > 60:
            continue
        if edge[1] in op.without_gradient:
            continue
        assert check(made, question, typed(question.expected)).kind == "right"
        applying = {
            member.id: each
            for each in classes_of_mistakes(part.run, part.runs.perturbed, question.target)
            for member in each.members
            if member.node == "y"
        }
        for slip, rule in op.slips.items():
            try:
                wrong = slipped(part.run, edge, rule)
            except (EngineError, ValueError):
                continue
            id = f"{name}:{slip}"
            if id not in applying:
                assert is_right_near_by(made, question, edge, rule), (id, question.id)
                continue
            np.testing.assert_allclose(applying[id].produce(part.run), wrong, rtol=1e-9, atol=1e-12)
            if np.allclose(wrong, question.expected, rtol=1e-3, atol=1e-3) or len(set(np.ravel(wrong))) < 4:
                continue
            found = check(made, question, typed(wrong))
            assert found.kind == "wrong", (id, question.id)
            assert applying[id].id in str(found.mistake).split(" | "), (id, question.id, found.mistake)
            assert found.node == "y"
            for language in LANGUAGES:
                assert "slips." not in say(found.message, language)
            yield slip


def is_right_near_by(made: Drill, question: GradientQuestion, edge: tuple[int, int], rule: Any) -> bool:
    """Does the slip give the truth at every near run, or nothing finite?"""
    runs = made.parts[0].runs.perturbed
    answers = [slipped(run, edge, rule) for run in runs]
    rights = [run.downstream_along(edge) for run in runs]
    return not all(np.all(np.isfinite(answer)) for answer in answers) or all(
        np.allclose(answer, right, rtol=1e-7) for answer, right in zip(answers, rights, strict=True)
    )
