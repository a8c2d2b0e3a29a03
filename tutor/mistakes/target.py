"""What a question asks for, as a place in the graph, and the right answer there for any run."""

from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import numpy as np

from tutor.engine import Edge, Graph, Run
from tutor.engine.ordering import reached

Convention: TypeAlias = Literal["shape", "jacobian"]
Kind: TypeAlias = Literal["local", "downstream", "upstream", "total", "path", "jacobian"]


@dataclass(frozen=True, slots=True)
class Target:
    """A gradient that can be asked for.

    `of` is the line (None: the output), `wrt` the slot or the variables, `path` the lines a path goes through.
    """

    kind: Kind
    of: str | None
    wrt: tuple[str, ...]
    path: tuple[str, ...] = ()
    convention: Convention = "shape"

    def chain(self, graph: Graph) -> tuple[Edge, ...]:
        """The edges within the line asked about, for `local` and `downstream`."""
        assert self.of is not None
        return graph.chain(self.of, self.wrt[0])

    def place(self, graph: Graph) -> int | Edge:
        """Where the answer appears in backward: an edge for `downstream`, otherwise the node of the variable."""
        if self.kind == "downstream":
            return self.chain(graph)[-1]
        return graph.find(self.of or self.wrt[0] if self.kind == "upstream" else self.wrt[0])

    def ops_on_the_way(self, graph: Graph) -> set[int]:
        """The ops that the gradient comes through on its way to the asked place, those of the line for `local`."""
        if self.kind == "local":
            return {node for node, _ in self.chain(graph)}
        place = self.place(graph)
        start = [place[0]] if isinstance(place, tuple) else [place, *(graph.find(name) for name in self.wrt[1:])]
        return set(reached(start, lambda node: (user for user, _ in graph.consumers[node])))


def right_answer(run: Run, target: Target) -> Any:
    """The right answer in the convention asked for.

    Shape convention: the shape of the variable. Jacobian form: a row (1, size), scalars stay scalars. Local gradients:
    the elementwise vector, or the Jacobian with rows for outputs. Several variables: one vector (their entries).
    """
    if target.kind == "local":
        return local(run, target)
    if target.kind == "jacobian":
        assert target.of is not None
        return run.jacobian(target.of, target.wrt[0])
    if target.kind == "path":
        return in_convention(run.path((target.wrt[0], *target.path)), target.convention)
    if target.kind == "downstream":
        return in_convention(run.downstream_along(target.chain(run.graph)[-1]), target.convention)
    if target.kind == "upstream":
        return in_convention(run.total(run.graph.find(target.of or target.wrt[0])), target.convention)
    if len(target.wrt) > 1:
        return np.concatenate([np.ravel(run.total(run.graph.find(name))) for name in target.wrt])
    return in_convention(run.total(run.graph.find(target.wrt[0])), target.convention)


def local(run: Run, target: Target) -> Any:
    """The local gradient: number, elementwise vector in the line's shape, or full Jacobian."""
    value = run.local_along(target.chain(run.graph))
    top = run.graph.find(target.of or "")
    bottom = target.chain(run.graph)[-1]
    scalar = run.shapes[top] == () == run.shapes[run.graph.arguments[bottom[0]][bottom[1]]]
    return np.float64(np.ravel(value)[0]) if scalar else np.asarray(value)


def in_variable_shape(run: Run, target: Target) -> Any:
    """A local gradient or Jacobian of a single output in the shape of its variable; None for several outputs."""
    value = np.asarray(right_answer(run, target))
    if target.kind not in ("local", "jacobian") or value.ndim != 2 or value.shape[0] != 1:
        return None
    if target.kind == "jacobian":
        return value.reshape(run.shapes[run.graph.find(target.wrt[0])])
    node, k = target.chain(run.graph)[-1]
    return value.reshape(run.shapes[run.graph.arguments[node][k]])


def in_convention(gradient: Any, convention: Convention) -> Any:
    """A gradient in the shape convention as the convention asks: `jacobian` makes an array a row (1, size)."""
    array = np.asarray(gradient)
    return array.reshape(1, -1) if convention == "jacobian" and array.ndim else array
