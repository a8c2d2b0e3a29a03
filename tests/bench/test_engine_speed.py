"""The engine against its peers, in the same run; `pytest -m bench -s` prints the ratios."""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # threads that wait for each other measure the machine, not us

import sys
import timeit
import tracemalloc
from collections.abc import Callable
from typing import Any

import autograd
import autograd.numpy as anp
import numpy as np
import pytest

from tutor.engine import Graph, NotComputableError
from tutor.engine.numeric_gradient import numeric_gradient
from tutor.mistakes.catalogue import mistakes
from tutor.mistakes.target import Target

pytestmark = pytest.mark.bench


def fastest(*work: Callable[[], Any], number: int, rounds: int) -> list[float]:
    """Seconds a call, in turns, so that a busy moment of the machine hits all alike; the best of all rounds."""
    best = [float("inf")] * len(work)
    for _ in range(rounds):
        for k, each in enumerate(work):
            best[k] = min(best[k], timeit.timeit(each, number=number) / number)
    return best


def report(benchmark: Any, what: str, ours: float, peer: float, most: float) -> None:
    ratio = ours / peer
    benchmark.extra_info.update({"ours_us": ours * 1e6, "peer_us": peer * 1e6, "ratio": ratio, "at_most": most})
    print(
        f"\n{what}: ours {ours * 1e6:.1f} µs, peer {peer * 1e6:.1f} µs, ratio {ratio:.2f} (at most {most})",
        file=sys.stderr,
    )
    assert ratio <= most


def test_a_small_circuit_against_micrograd(benchmark: Any) -> None:
    from micrograd.engine import Value

    graph = Graph.parse({"a": "x + y", "b": "max(y, z)", "f": "a * b"})

    def ours() -> Any:
        return graph.run({"x": 1.0, "y": 2.0, "z": 0.0}).node_totals

    def theirs() -> None:
        x, y, z = Value(1.0), Value(2.0), Value(0.0)
        ((x + y) * ((y - z).relu() + z)).backward()

    benchmark(ours)
    report(benchmark, "circuit / micrograd", *fastest(ours, theirs, number=200, rounds=60), most=1.5)


class Net:
    """Two layers, softmax loss: batch 32, hidden 64, 10 classes, inputs of the size of an MNIST digit."""

    def __init__(self, inputs: int = 784) -> None:
        rng = np.random.default_rng(0)
        self.numbers: dict[str, Any] = {
            "X": rng.normal(size=(32, inputs)),
            "W1": rng.normal(size=(inputs, 64)) / inputs**0.5,
            "b1": rng.normal(size=64),
            "W2": rng.normal(size=(64, 10)) / 8,
            "b2": rng.normal(size=10),
            "y": rng.integers(0, 10, 32),
        }
        lines = {"z": "X @ W1 + b1", "h": "relu(z)", "o": "h @ W2 + b2", "L": "cross_entropy(o, y)"}
        self.graph = Graph.parse(lines, inputs=self.numbers, integer=["y"], data=["X"])

    def ours(self) -> Any:
        return self.graph.run(self.numbers).node_totals

    def by_hand(self) -> Any:
        X, W1, b1, W2, b2, y = self.numbers.values()
        rows = np.arange(len(y))
        z = X @ W1 + b1
        h = np.maximum(z, 0)
        o = h @ W2 + b2
        powers = np.exp(o - o.max(axis=1, keepdims=True))
        p = powers / powers.sum(axis=1, keepdims=True)
        loss = -np.log(p[rows, y]).mean()
        do = p.copy()
        do[rows, y] -= 1
        do /= len(y)
        dz = do @ W2.T * (z > 0)
        return loss, X.T @ dz, dz.sum(axis=0), h.T @ do, do.sum(axis=0)

    def value(self, numbers: dict[str, Any]) -> Any:
        X, W1, b1, W2, b2, y = numbers.values()
        o = np.maximum(X @ W1 + b1, 0) @ W2 + b2
        o = o - o.max(axis=1, keepdims=True)
        return (np.log(np.exp(o).sum(axis=1)) - o[np.arange(len(y)), y]).mean()


def test_a_two_layer_net_against_numpy_by_hand(benchmark: Any) -> None:
    net = Net()
    run = net.graph.run(net.numbers)
    for ours, theirs in zip([run.gradients[name] for name in ("W1", "b1", "W2", "b2")], net.by_hand()[1:], strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-9, atol=1e-12)
    benchmark(net.ours)
    for inputs in (64, 256):
        small = Net(inputs)
        mine, hand = fastest(small.ours, small.by_hand, number=20, rounds=60)
        print(
            f"\nnet of {inputs} inputs / by hand: {mine * 1e6:.0f} µs, {hand * 1e6:.0f} µs, {mine / hand:.2f}",
            file=sys.stderr,
        )
    report(benchmark, "net / by hand", *fastest(net.ours, net.by_hand, number=20, rounds=60), most=1.3)


def chain(nodes: int) -> Graph:
    graph = Graph()
    node = graph.input("x")
    for _ in range(nodes):
        node = graph.apply("tanh", node)
    graph.output(node)
    return graph


def test_chains_grow_linearly_and_beat_autograd(benchmark: Any) -> None:
    graphs = {nodes: chain(nodes) for nodes in (1_000, 10_000, 100_000)}

    def ours(nodes: int) -> Callable[[], Any]:
        return lambda: graphs[nodes].run({"x": 0.5}).node_totals

    def theirs() -> Any:
        def deep(x: Any) -> Any:
            for _ in range(10_000):
                x = anp.tanh(x)
            return x

        return autograd.grad(deep)(0.5)

    benchmark(ours(1_000))
    short, long = fastest(ours(1_000), ours(100_000), number=1, rounds=30)
    report(benchmark, "chain of 100,000 / 1,000", long, short, most=110)
    report(benchmark, "chain / autograd", *fastest(ours(10_000), theirs, number=1, rounds=5), most=0.25)


def test_a_full_numeric_check_against_a_loop(benchmark: Any) -> None:
    net = Net(inputs=64)
    names = ("W1", "b1", "W2", "b2")

    def ours() -> Any:
        return [numeric_gradient(net.graph, net.numbers, name) for name in names]

    def loop() -> Any:
        slopes = []
        for name in names:
            moved = {**net.numbers, name: net.numbers[name].copy()}
            slope = np.zeros_like(moved[name])
            for place in np.ndindex(*slope.shape):
                start = moved[name][place]
                moved[name][place] = start + 1e-4
                above = net.value(moved)
                moved[name][place] = start - 1e-4
                slope[place] = (above - net.value(moved)) / 2e-4
                moved[name][place] = start
            slopes.append(slope)
        return slopes

    for mine, hand in zip(ours(), loop(), strict=True):
        np.testing.assert_allclose(mine, hand, rtol=1e-6, atol=1e-9)
    benchmark.pedantic(ours, rounds=3)
    report(benchmark, "numeric check / loop", *fastest(ours, loop, number=1, rounds=3), most=0.2)


def test_a_diagnosis_of_a_lesson_takes_ten_milliseconds(benchmark: Any) -> None:
    lines = {
        "z1": "W1 @ x + b1",
        "h1": "tanh(z1)",
        "z2": "W2 @ h1 + b2",
        "h2": "relu(z2)",
        "g": "sigmoid(V @ h1)",
        "m": "h2 * g",
        "s": "m + h1",
        "a": "u.T @ s",
        "b": "exp(-a)",
        "c": "1 / (1 + b)",
        "d": "log(c)",
        "e": "sum(m)",
        "f": "e * a",
        "k": "max(f, d)",
        "q": "k^2",
        "L": "q + f",
    }
    shapes = {"W1": (3, 2), "x": (2, 1), "b1": (3, 1), "W2": (3, 3), "b2": (3, 1), "V": (3, 3), "u": (3, 1)}
    rng = np.random.default_rng(1)
    numbers = {name: rng.normal(size=shape) for name, shape in shapes.items()}
    graph = Graph.parse(lines, inputs=numbers)

    def diagnosis() -> int:
        run = graph.run(numbers)
        tried = 0
        for mistake in mistakes(run, Target("total", None, ("W1",))):
            try:
                mistake.produce(run)
            except NotComputableError:
                continue
            tried += 1
        return tried

    assert diagnosis() > 100
    benchmark.pedantic(diagnosis, rounds=10)
    (seconds,) = fastest(diagnosis, number=1, rounds=20)
    report(benchmark, f"diagnosis of {diagnosis()} slips / 10 ms", seconds, 0.010, most=1.0)


def test_a_run_keeps_values_gradients_and_shares_and_nothing_more(benchmark: Any) -> None:
    net = Net()
    net.ours()
    tracemalloc.start()
    run = net.graph.run(net.numbers)
    totals = run.node_totals
    kept, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    arrays = [value for node, value in enumerate(run.node_values) if node not in run.graph.given]
    arrays += [total for total in totals if total is not None] + list(run.edge_downstream.values())
    unique = {array.__array_interface__["data"][0]: array.nbytes for array in map(np.asarray, arrays)}
    benchmark(net.ours)
    report(benchmark, "memory / values, gradients and shares", kept / 1e6, sum(unique.values()) / 1e6, most=1.1)
