"""What a gate has cut off sends nothing back: 0, where plain arithmetic would make 0 times infinity a NaN.

`where(x > 0, sqrt(x), 0)` does not depend on the root of a negative x. Which entries an output depends on is followed
from the outputs down; where none does, an infinite or undefined local gradient counts for nothing. It is only asked for
where plain values or gradients came out as no numbers.
"""

from typing import TYPE_CHECKING

import numpy as np

from tutor.engine.ops.op import Array, Slip
from tutor.engine.unbroadcast import unbroadcast

if TYPE_CHECKING:
    from tutor.engine.plan import Edge
    from tutor.engine.run import Run


class Reachable:
    """Which entries the outputs of a run depend on, by node: `alive[node]`; None where no gradient arrives."""

    def __init__(self, run: "Run") -> None:
        self.run = run
        self._moves = _moving(run)
        self.alive: list[Array] = [None] * len(run.shapes)
        for node in run.seeds:
            self.alive[node] = np.ones(run.shapes[node], dtype=bool)
        for node, branches in run.plan.ops_backward():
            for k, j in branches if self.alive[node] is not None else ():
                reached = self.reached((node, k), self.alive[node])
                self.alive[j] = reached if self.alive[j] is None else self.alive[j] | reached

    def reached(self, edge: "Edge", alive: Array) -> Array:
        """Which entries of an input the `alive` entries of an op depend on, in the input's shape."""
        node, k = edge
        return _any_to(self._reach(edge, alive), self.run.shapes[self.run.graph.arguments[node][k]])

    def vjp(self, edge: "Edge", up: Array, alive: Array) -> Array:
        """The downstream gradient along an edge, 0 where nothing alive depends on the input."""
        return self.sent_by_rule(edge, lambda op, *each: op.vjp(*each), up, alive)

    def vjp_along(self, chain: tuple["Edge", ...], up: Array) -> Array:
        """`Run.vjp_along` from the entries at which something arrives, whatever lies above them."""
        alive = np.not_equal(up, 0.0)
        for edge in chain:
            up = unbroadcast(self.vjp(edge, up, alive), self.run.shapes[self.run.graph.arguments[edge[0]][edge[1]]])
            alive = self.reached(edge, alive)
        return up

    def jacobian_along(self, chain: tuple["Edge", ...]) -> Array:
        """`Run.jacobian_along` for all entries of the line at the top."""
        alive: Array = np.ones(self.run.shapes[chain[0][0]], dtype=bool)
        matrix: Array | None = None
        for edge in chain:
            local = self.jacobian(edge, alive)
            alive = self.reached(edge, alive)
            with np.errstate(all="ignore"):
                matrix = local if matrix is None else matrix @ local
        assert matrix is not None
        return matrix

    def sent_by_rule(self, edge: "Edge", slip: Slip, up: Array, alive: Array) -> Array:
        """What a rule, right or wrong, sends along an edge, before it is summed back to the input's shape."""
        node, k = edge
        op = self.run.graph.ops[node]
        with np.errstate(all="ignore"):
            made = slip(op, k, up, *self._inputs(node, alive))
        reach = self._reach(edge, alive)
        return _cleared(made, reach) if np.shape(made) == np.shape(reach) else made

    def jacobian(self, edge: "Edge", alive: Array) -> Array:
        """The local Jacobian along an edge, 0 in the rows of outputs on which nothing depends."""
        node, k = edge
        op = self.run.graph.ops[node]
        assert op is not None
        with np.errstate(all="ignore"):
            matrix = op.jacobian(k, *self._inputs(node, alive))
        columns = np.ravel(self.reached(edge, alive))
        cleared: Array = _cleared(matrix, np.ravel(alive)[:, None] & columns)
        return cleared

    @np.errstate(all="ignore")
    def jvp(self, edge: "Edge", tangent: Array) -> Array:
        """How an op moves along a tangent that is no number where the op does not look."""
        node, k = edge
        op = self.run.graph.ops[node]
        assert op is not None
        alive = np.ones(self.run.shapes[node], dtype=bool)
        tangent = _cleared(tangent, self.reached(edge, alive))
        step = op.jvp(k, tangent, self.run.node_values[node], *self.run.inputs_of(node))
        return _cleared(step, self._reach(edge, alive)) if op.elementwise else step

    @np.errstate(all="ignore")
    def _reach(self, edge: "Edge", alive: Array) -> Array:
        node, k = edge
        op, inputs = self.run.graph.ops[node], self.run.inputs_of(node)
        assert op is not None
        reach = op.reaches(k, alive, self.run.node_values[node], *inputs)
        if op.masks and not self._moves[self.run.graph.arguments[node][1 - k]]:
            # A factor that stays as it is cuts the other one off where it is 0.
            reach = reach & np.not_equal(inputs[1 - k], 0.0)
        return reach

    def _inputs(self, node: int, alive: Array) -> list[Array]:
        """The value of an op and those that go into it; for sums over entries harmless numbers where nothing looks.

        A gate needs to see what it refuses, and what works entry by entry is told apart afterwards.
        """
        op, out, inputs = self.run.graph.ops[node], self.run.node_values[node], self.run.inputs_of(node)
        assert op is not None
        if op.elementwise or op.cuts:
            return [out, *inputs]
        seen = [self.reached((node, k), alive) for k in range(len(inputs))]
        return [_cleared(out, alive), *(_cleared(x, each) for x, each in zip(inputs, seen, strict=True))]


def _moving(run: "Run") -> list[bool]:
    """Which nodes move with some input: no constants, labels, comparisons."""
    moves = [run.plan.tracked[node] and op is None for node, op in enumerate(run.graph.ops)]
    for node, branches in reversed(run.plan.ops_backward()):
        moves[node] = any(moves[j] for _, j in branches)
    return moves


def _cleared(array: Array, seen: Array) -> Array:
    """The array with 0 in the place of what is no finite number, where it is not seen."""
    return np.where(seen | np.isfinite(array), array, 0.0)[()]


def _any_to(seen: Array, shape: tuple[int, ...]) -> Array:
    """Whether any of the entries that an input was broadcast to is seen."""
    have = np.shape(seen)
    lead = len(have) - len(shape)
    axes = (*range(lead), *(lead + k for k, size in enumerate(shape) if size == 1 and have[lead + k] != 1))
    return np.broadcast_to(np.any(seen, axis=axes, keepdims=True).reshape(have[lead:] if not axes else shape), shape)
