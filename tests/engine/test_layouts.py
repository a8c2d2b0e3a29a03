"""How an array lies in memory changes nothing: views of every kind against copies, and nobody writes into them."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.engine.cases import GENERIC, NAMES, PAIRS, Case, number
from tests.engine.test_ops import close
from tutor.engine import Graph, NotComputableError, Run
from tutor.engine.nudges import output_deltas
from tutor.engine.ops.indexing import Range
from tutor.engine.replay import AtOp, replay

Array = Any
LARGER = [(name, case) for name, every in GENERIC.items() for case in every]
SIZES = [f"{name}-larger" for name, _ in LARGER]
SOME = settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck))


def sliced(x: Array) -> Array:
    """Every other entry of a larger array."""
    wide = np.full([2 * size for size in x.shape], np.nan)
    every = tuple(slice(None, None, 2) for _ in x.shape)
    wide[every] = x
    return wide[every]


def backwards(x: Array) -> Array:
    """The entries stand in reverse."""
    turned = tuple(slice(None, None, -1) for _ in x.shape)
    return np.ascontiguousarray(x[turned])[turned]


def repeated(x: Array) -> Array:
    """One row (or entry) in the place of all: a stride of zero."""
    return np.broadcast_to(x[:1], x.shape)


def inner_repeated(x: Array) -> Array:
    return np.broadcast_to(x[..., :1], x.shape)


LAYOUTS: dict[str, Callable[[Array], Array]] = {
    "transposed": lambda x: np.ascontiguousarray(x.T).T,
    "swapped": lambda x: np.ascontiguousarray(np.swapaxes(x, 0, -1)).swapaxes(0, -1),
    "sliced": sliced,
    "backwards": backwards,
    "repeated": repeated,
    "inner-repeated": inner_repeated,
}


def laid(x: Array, layout: str) -> tuple[Array, Array]:
    """A view with this layout that must not be written into, and a contiguous copy of it."""
    if np.ndim(x) == 0:
        return x, x
    view = LAYOUTS[layout](x).view()
    view.flags.writeable = False
    copy = np.ascontiguousarray(view)
    return view, copy if copy is not view else view.copy()


def laid_out(data: Any, arrays: list[Array]) -> tuple[list[Array], list[Array]]:
    pairs = [laid(x, data.draw(st.sampled_from(sorted(LAYOUTS)))) for x in arrays]
    return [view for view, _ in pairs], [copy for _, copy in pairs]


def everything(case: Case, inputs: list[Array], up: Array, tangents: list[Array]) -> Iterator[tuple[str, Any]]:
    """All that an op computes."""
    op = case.op
    op.check(*inputs)
    out = op.forward(*inputs)
    yield "value", out
    for i in case.differentiable():
        yield f"vjp {i}", op.vjp(i, up, out, *inputs)
        yield f"jvp {i}", op.jvp(i, tangents[i], out, *inputs)
        yield f"jacobian {i}", op.jacobian(i, out, *inputs)
        for name, slip in op.slips_at(i).items():
            try:
                yield f"{name} {i}", slip(op, i, up, out, *inputs)
            except NotComputableError:
                yield f"{name} {i}", None
    for k, contest in enumerate(op.kink_operands(*inputs)):
        yield f"contest {k}", np.stack(np.broadcast_arrays(*contest))


@pytest.mark.parametrize("cases", [*(case for _, case in PAIRS), *(case for _, case in LARGER)], ids=[*NAMES, *SIZES])
@SOME
@given(data=st.data())
def test_an_op_gives_the_same_for_every_layout(cases: Any, data: Any) -> None:
    case = data.draw(cases)
    up = number(case.rng.normal(size=np.shape(case.out)))
    tangents = [number(case.rng.normal(size=np.shape(x))) for x in case.inputs]
    views, copies = laid_out(data, [*case.inputs, up, *tangents])
    count = len(case.inputs)
    before = [view.tobytes() for view in views]
    with np.errstate(all="ignore"):
        found = everything(case, views[:count], views[count], views[count + 1 :])
        plain = everything(case, copies[:count], copies[count], copies[count + 1 :])
        for (name, ours), (_, theirs) in zip(found, plain, strict=True):
            assert (ours is None) == (theirs is None), name
            if theirs is not None:
                np.testing.assert_allclose(ours, theirs, rtol=1e-9, atol=1e-11, err_msg=name)
    assert [view.tobytes() for view in views] == before


def graph_of(case: Case, feeding: str) -> Graph:
    """The op alone, its inputs coming from a line that hands them on in another layout."""
    graph = Graph()
    nodes = []
    blind = set(range(len(case.inputs))) - set(case.differentiable())
    for i, x in enumerate(case.inputs):
        node = graph.input(f"x{i}", integer=i in blind and bool(np.all(np.equal(x, np.round(x)))))
        if feeding == "transposed":
            node = graph.apply("transpose", node, name=f"v{i}")
        elif np.ndim(x):
            node = graph.apply("index", node, name=f"v{i}", items=[Range(None, None, -1)] * np.ndim(x))
        nodes.append(node)
    graph.output(graph.apply(case.op, *nodes, name="out"))
    return graph


def fed(x: Array, feeding: str) -> Array:
    """What becomes `x` in the graph."""
    if np.ndim(x) == 0:
        return number(x)
    return np.ascontiguousarray(x.T if feeding == "transposed" else x[(slice(None, None, -1),) * x.ndim])


def alone(case: Case, up: Array) -> Run:
    graph = Graph()
    blind = set(range(len(case.inputs))) - set(case.differentiable())
    nodes = [
        graph.input(f"x{i}", integer=i in blind and bool(np.all(np.equal(x, np.round(x)))))
        for i, x in enumerate(case.inputs)
    ]
    graph.output(graph.apply(case.op, *nodes, name="out"))
    return graph.run({f"x{i}": np.array(x) for i, x in enumerate(case.inputs)}, {"out": up})


@pytest.mark.parametrize("cases", [case for _, case in PAIRS], ids=NAMES)
@settings(SOME, max_examples=3)
@given(data=st.data())
def test_an_op_takes_what_another_hands_on_as_a_view(cases: Any, data: Any) -> None:
    case, feeding = data.draw(cases), data.draw(st.sampled_from(["transposed", "backwards"]))
    up, _ = laid(number(case.rng.normal(size=np.shape(case.out))), data.draw(st.sampled_from(sorted(LAYOUTS))))
    plain = alone(case, up)
    fitting = {f"x{i}": fed(np.asarray(x), feeding) for i, x in enumerate(case.inputs)}
    run = graph_of(case, feeding).run(fitting, {"out": up})
    assert close(run.values["out"], plain.values["out"])
    top, other = run.graph.index["out"], plain.graph.index["out"]
    for i in case.differentiable():
        assert close(fed(np.asarray(run.gradients[f"x{i}"]), feeding), plain.gradients[f"x{i}"])
        for slip in case.op.slips_at(i).values():
            ours, theirs = (tried(each, AtOp(node, slip, i), (node, i)) for each, node in ((run, top), (plain, other)))
            assert (ours is None) == (theirs is None)
            assert ours is None or close(np.nan_to_num(ours), np.nan_to_num(theirs))


def tried(run: Run, plant: AtOp, edge: tuple[int, int]) -> Any:
    try:
        return replay(run, [plant], edge)
    except NotComputableError:
        return None


@pytest.mark.parametrize("layout", sorted(LAYOUTS))
def test_nudges_and_tangents_of_inputs_that_are_views(layout: str) -> None:
    rng = np.random.default_rng(5)
    lines = {"z": "X @ W + b", "p": "softmax(z.T, axis=0)", "L": "cross_entropy(z, y) + sum(p^2) + sum(cumsum(X.T))"}
    numbers = {"X": rng.normal(size=(4, 3)), "W": rng.normal(size=(3, 5)), "b": rng.normal(size=5)}
    views = {name: laid(x, layout) for name, x in numbers.items()}
    graph = Graph.parse(lines, inputs=[*numbers, "y"], integer=["y"])
    run = graph.run({name: view for name, (view, _) in views.items()} | {"y": [0, 2, 1, 4]})
    plain = graph.run({name: copy for name, (_, copy) in views.items()} | {"y": [0, 2, 1, 4]})
    for name in numbers:
        node = graph.index[name]
        assert close(output_deltas(run, node, [1e-3, -1e-3]), output_deltas(plain, node, [1e-3, -1e-3]), 1e-12)
        assert close(run.gradients[name], plain.gradients[name])
        along = {name: laid(rng.normal(size=np.shape(numbers[name])), layout)[0]}
        assert run.tangents(along)["L"] == pytest.approx(plain.tangents(along)["L"])


@pytest.mark.parametrize("loss", ["cross_entropy", "hinge"])
def test_the_label_counts_whichever_way_the_scores_lie(loss: str) -> None:
    scores = np.array([[0.5, -1.0, 2.0], [1.5, 0.25, -0.5]])
    graph = Graph.parse({"L": f"{loss}(S.T, y)"}, integer=["y"])
    found = graph.run({"S": scores.T.copy(), "y": [2, 1]}).gradients["S"].T
    powers = np.exp(scores)
    wanted = {
        "cross_entropy": (powers / powers.sum(axis=1, keepdims=True) - np.array([[0, 0, 1.0], [0, 1.0, 0]])) / 2,
        # Only in the second row others come within 1 of the label's 0.25: 1.5 and -0.5.
        "hinge": np.array([[0, 0, 0], [1.0, -2.0, 1.0]]) / 2,
    }
    np.testing.assert_allclose(found, wanted[loss], atol=1e-12)
