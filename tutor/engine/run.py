"""One run of a graph: values forward, gradients backward, and what can be read off them."""

from collections.abc import Mapping
from math import isfinite, prod
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from tutor.engine.by_name import ByName, BySlot
from tutor.engine.errors import EngineError
from tutor.engine.ops.op import Array, Shape, unit_arrays
from tutor.engine.ordering import nearest_names
from tutor.engine.plan import Edge, Plan, as_float64, located_error
from tutor.engine.reachability import Reachable
from tutor.engine.unbroadcast import unbroadcast
from tutor.text import msg

if TYPE_CHECKING:
    from tutor.engine.graph import Graph

ONE = np.float64(1.0)
FEW = 256  # so many labels are checked faster one by one than by NumPy


class Run:
    """Values, total gradients, the downstream gradient of every slot, and local gradients on demand.

    Arrays have the shapes of their variables (shape convention); scalars are `np.float64`.
    """

    __slots__ = (
        "__weakref__",
        "_cut",
        "_down",
        "_locals",
        "_shares",
        "_totals",
        "cotangent_maps",
        "graph",
        "kept",
        "node_values",
        "plan",
        "seeds",
        "shapes",
        "uncut",
    )

    def __init__(self, graph: "Graph", numbers: list[Array], plan: Plan, seeds: dict[int, Array]) -> None:
        self.graph = graph
        self.node_values = numbers
        self.plan = plan
        self.shapes = plan.shapes
        self.seeds = seeds
        self.cotangent_maps: dict[int, dict[int, Array] | None] = {}  # see `replay.cotangent_maps`
        self.kept = 0  # entries of it
        self._locals: dict[Edge, Array] = {}
        self._totals: list[Array] | None = None
        self._shares: list[Array] = []  # in the order of the plan's edges: a list grows faster than a dict
        self._down: dict[Edge, Array] | None = None
        self._cut: Reachable | None = None
        self.uncut: list[Array] = []  # totals as plain arithmetic has them, NaN of what is cut off

    @classmethod
    @np.errstate(all="ignore")  # as a decorator half as expensive as a block
    def start(cls, graph: "Graph", numbers: Mapping[str, Any], upstream: Mapping[str, Any] | None) -> Self:
        """Checks the inputs, runs forward and sets the gradients of the outputs; see `Graph.run`."""
        node = -1
        try:
            values = _starting_values(graph, numbers)
            plan = graph.plan_for(tuple([values[node].shape for node in graph.given]))
            steps = plan.forward
            for node, forward, a, b, arguments in zip(  # noqa: B905 the word `strict` costs as much as an op
                steps.nodes, steps.methods, steps.first, steps.second, steps.others
            ):
                if b < 0:
                    values[node] = forward(values[a])
                elif arguments is None:
                    values[node] = forward(values[a], values[b])
                else:
                    values[node] = forward(*[values[j] for j in arguments])
        except EngineError as error:
            if node >= 0:
                located_error(graph, node, error)
            raise
        return cls(graph, values, plan, _seeds(graph, plan.shapes, upstream))

    @property
    def node_totals(self) -> list[Array]:
        """Total gradient of every node by index; None where none arrives."""
        if self._totals is None:
            self._totals = self._backward()
        return self._totals

    @property
    def reachable(self) -> Reachable | None:
        """What the outputs depend on, where a gate may have cut off something undefined; else None."""
        return self._cut if self.plan.cuts and self.node_totals else None

    def reachable_entries(self, node: int) -> Array:
        """Which entries of a value an output depends on, as far as gates tell; true or false, in the value's shape."""
        alive = None if self.reachable is None else self.reachable.alive[node]
        return np.True_ if alive is None else alive

    def without_unreachable(self, node: int) -> Array:
        """The value, with a 1 in place of every entry that is undefined and that no output depends on."""
        value = self.node_values[node]
        return (
            value
            if self.reachable is None
            else np.where(self.reachable_entries(node) | np.isfinite(value), value, 1.0)[()]
        )

    @property
    def edge_downstream(self) -> dict[Edge, Array]:
        """Downstream gradient along every edge, in the shape of the node it goes to."""
        if self._down is None:
            if self._totals is None:
                self._totals = self._backward()
            every = zip(self.plan.edges, self._shares, strict=True)
            self._down = {edge: share for edge, share in every if share is not None}
        return self._down

    @property
    def values(self) -> "ByName":
        """Value of every line, inner op and input."""
        return ByName(self.graph, lambda node: self.node_values[node])

    @property
    def gradients(self) -> "ByName":
        """Total gradient of every line, inner op and input; integer inputs have none."""
        return ByName(self.graph, self.total, skip=self.graph.integer | self.graph.data)

    @property
    def downstream(self) -> "BySlot":
        """What flows along a slot: `run.downstream["f", "a"]`, in the shape of `a`."""
        return BySlot(self.graph, lambda chain: self.downstream_along(chain[-1]))

    @property
    def local(self) -> "BySlot":
        """Local gradients: the elementwise derivative in the line's shape, otherwise the full local Jacobian."""
        return BySlot(self.graph, self.local_along)

    def total(self, node: int) -> Array:
        """Total gradient of a node; zeros where none arrives."""
        total = self.node_totals[node]
        return zeros(self.shapes[node]) if total is None else total

    def downstream_along(self, edge: Edge) -> Array:
        """Downstream gradient along one edge; zeros where the op passes none on."""
        node = self.graph.arguments[edge[0]][edge[1]]
        found = self.edge_downstream.get(edge)
        return zeros(self.shapes[node]) if found is None else found

    def inputs_of(self, node: int) -> list[Array]:
        """The values that go into an op."""
        return [self.node_values[j] for j in self.graph.arguments[node]]

    def vjp(self, edge: Edge, up: Array) -> Array:
        """Downstream gradient along one edge for any upstream gradient, in the shape of the node it goes to."""
        return self._sent(edge, up, self.reachable)

    @np.errstate(all="ignore")
    def _sent(self, edge: Edge, up: Array, cut: Reachable | None) -> Array:
        node, k = edge
        op = self.graph.ops[node]
        assert op is not None
        if cut is not None and cut.alive[node] is not None:
            down = cut.vjp(edge, up, cut.alive[node])
        else:
            down = op.vjp(k, up, self.node_values[node], *self.inputs_of(node))
        return unbroadcast(down, self.shapes[self.graph.arguments[node][k]])

    def vjp_along(self, chain: tuple[Edge, ...], up: Array) -> Array:
        """`vjp` through several edges, from a line's last op down to one of its slots."""
        if self.reachable is not None:
            return self.reachable.vjp_along(chain, up)
        for edge in chain:
            up = self.vjp(edge, up)
        return up

    def is_elementwise(self, chain: tuple[Edge, ...]) -> bool:
        """Do all ops on the way work entry by entry, from a slot that has the line's own shape?"""
        ops = self.graph.ops
        (top, _), (bottom, k) = chain[0], chain[-1]
        same = self.shapes[self.graph.arguments[bottom][k]] == self.shapes[top]
        return same and all(op is not None and op.elementwise for op in (ops[node] for node, _ in chain))

    def local_along(self, chain: tuple[Edge, ...]) -> Array:
        """The local gradient along a chain: a number, a vector f'(z) in the line's shape, or the full Jacobian."""
        if self.is_elementwise(chain):
            top = chain[0][0]
            return self.vjp_along(chain, ones(self.shapes[top]))
        return self.jacobian_along(chain)

    def jacobian_along(self, chain: tuple[Edge, ...]) -> Array:
        """The full Jacobian along a chain, (entries of the line, entries of the slot), row-major."""
        if self.reachable is not None:
            return self.reachable.jacobian_along(chain)
        top = self.shapes[chain[0][0]]
        if prod(top) == 1:  # one gradient sent back, however many entries there are in between
            return np.reshape(self.vjp_along(chain, ones(top)), (1, -1))
        matrix: Array | None = None
        with np.errstate(all="ignore"):
            for node, k in chain:
                op = self.graph.ops[node]
                assert op is not None
                local = op.jacobian(k, self.node_values[node], *self.inputs_of(node))
                matrix = local if matrix is None else matrix @ local
        assert matrix is not None
        return matrix

    def local_jacobian(self, edge: Edge) -> Array:
        """The local Jacobian of one op, (output entries, input entries), kept; a number where both have one entry."""
        if edge not in self._locals:
            node, k = edge
            op, out = self.graph.ops[node], self.node_values[node]
            assert op is not None
            if self.reachable is not None and self.reachable.alive[node] is not None:
                local: Array = self.reachable.jacobian(edge, self.reachable.alive[node])
            else:
                with np.errstate(all="ignore"):
                    local = op.jacobian(k, out, *self.inputs_of(node))
            self._locals[edge] = local[0, 0] if local.size == 1 else local
        return self._locals[edge]

    def jacobian(self, of: str, wrt: str) -> Array:
        """The full Jacobian of any node with respect to any earlier one, over all paths between them.

        A row a unit gradient, or, where that is less work, a column a unit tangent.
        """
        top, bottom = self.graph.find(of), self.graph.find(wrt)
        above, below = self.shapes[top], self.shapes[bottom]
        matrix = np.zeros((prod(above), prod(below)))
        if prod(below) < prod(above) and not self.plan.cuts:  # what is cut off depends on where gradients start
            for k, unit in enumerate(unit_arrays(below)):
                matrix[:, k] = np.ravel(self._moved({bottom: unit}).get(top, 0.0))
        else:
            for k, unit in enumerate(unit_arrays(above)):
                matrix[k] = np.ravel(self.pull_back(top, unit, bottom))
        return matrix

    def pull_back(self, top: int, seed: Array, bottom: int) -> Array:
        """Backward from one node to another, with `seed` as the gradient at the upper one."""
        return Run(self.graph, self.node_values, self.plan, {top: seed}).total(bottom)

    def tangents(self, along: Mapping[str, Any]) -> dict[str, Array]:
        """Forward mode: how every line moves when inputs move `along` these directions (a JVP), in its own shape.

        Raises EngineError for a direction that has not the shape of its input.
        """
        graph = self.graph
        moved: dict[int, Array] = {}
        for name, direction in along.items():
            node = graph.find(name)
            moved[node] = as_float64(direction)
            if moved[node].shape != self.shapes[node]:
                known = {"name": name, "shape": self.shapes[node], "given": moved[node].shape}
                raise EngineError(msg("engine.tangent-shape", **known), name)
        moved = self._moved(moved)
        return {name: moved.get(node, zeros(self.shapes[node])) for name, node in graph.index.items()}

    @np.errstate(all="ignore")
    def _moved(self, along: dict[int, Array]) -> dict[int, Array]:
        """How every node moves that moves at all when some do."""
        moved = dict(along)
        for node, branches in reversed(self.plan.ops_backward()):
            op = self.graph.ops[node]
            assert op is not None
            for k, j in branches:
                if j in moved:
                    if self.reachable is None:
                        step = op.jvp(k, moved[j], self.node_values[node], *self.inputs_of(node))
                    else:
                        step = self.reachable.jvp((node, k), moved[j])
                    moved[node] = moved[node] + step if node in moved else step
        return moved

    def path(self, names: tuple[str, ...]) -> Array:
        """What one path contributes: `names` from the variable up to the output."""
        up = self.total(self.graph.find(names[-1]))
        for of, wrt in zip(reversed(names), reversed(names[:-1]), strict=False):
            up = self.vjp_along(self.graph.chain(of, wrt), up)
        return up

    @np.errstate(all="ignore")
    def _backward(self) -> list[Array]:
        values = self.node_values
        shares: list[Array] = []
        totals: list[Array] = [None] * len(values)
        for node, seed in self.seeds.items():
            totals[node] = seed
        way = self.plan.backward
        for node, vjp, k, j, arguments, shape in zip(  # noqa: B905 as above
            way.nodes, way.methods, way.which, way.source, way.inputs, way.shapes
        ):
            up = totals[node]
            if up is None:
                shares.append(None)
                continue
            if arguments is None:
                share = vjp(k, up, values[node], values[j])
            elif len(arguments) == 2:
                a, b = arguments
                share = vjp(k, up, values[node], values[a], values[b])
            else:
                share = vjp(k, up, values[node], *[values[i] for i in arguments])
            if shape is not None:
                share = unbroadcast(share, shape)
            shares.append(share)
            before = totals[j]
            totals[j] = share if before is None else before + share
        if self.plan.cuts:
            self.uncut = totals
            # The slope of log(-1) is a number: its value alone says that it is not defined.
            if not all(each is None or all_finite(np.asarray(each)) for each in (*totals, *values)):
                self._cut = Reachable(self)
                totals, shares = self._by_edges()
        self._shares = shares
        return totals

    def _by_edges(self) -> tuple[list[Array], list[Array]]:
        """Backward again, with nothing sent where a gate looks away."""
        totals: list[Array] = [self.seeds.get(node) for node in range(len(self.shapes))]
        shares: list[Array] = []
        for (node, k), j in zip(self.plan.edges, self.plan.backward.source, strict=True):
            share = None
            if totals[node] is not None:
                share = self._sent((node, k), self.passed_on(totals[node]), self._cut)
                totals[j] = share if totals[j] is None else totals[j] + share
            shares.append(share)
        return totals, shares

    def passed_on(self, gradient: Array) -> Array:
        """A gradient as the next step takes it: itself, but where a run is shaken or rounded."""
        return gradient


def zeros(shape: Shape) -> Array:
    """Zeros; a scalar as `np.float64`."""
    return np.zeros(shape) if shape else np.float64(0.0)


def ones(shape: Shape) -> Array:
    """Ones; a scalar as `np.float64`."""
    return np.ones(shape) if shape else np.float64(1.0)


def _starting_values(graph: "Graph", numbers: Mapping[str, Any]) -> list[Array]:
    values = graph.blank.copy()
    names, integer = graph.names, graph.integer
    for node in graph.given:
        name = names[node]
        try:
            given = numbers[name]
        except KeyError:
            missing = [name for name in graph.inputs if name not in numbers]
            raise EngineError(msg("engine.missing-inputs", names=missing), name) from None
        try:
            value = as_float64(given)
        except (OverflowError, TypeError, ValueError):
            raise EngineError(msg("engine.not-a-number", name=name), name) from None
        values[node] = value
        if type(value) is np.float64:
            if not isfinite(value):
                raise EngineError(msg("engine.input-not-finite", name=name), name)
        elif not value.size:
            raise EngineError(msg("engine.input-empty", name=name, shape=value.shape), name)
        elif type(given) is np.ndarray and given.dtype.kind in "iu":
            continue  # whole, and finite
        elif not all_finite(value):
            raise EngineError(msg("engine.input-not-finite", name=name), name)
        if node in integer and not are_whole(value):
            raise EngineError(msg("engine.labels-not-whole", name=name), name)
    if len(numbers) != len(graph.given):
        name = next(name for name in numbers if name not in graph.inputs)
        raise EngineError(msg("engine.not-an-input", name=name, near=nearest_names(name, graph.inputs)), name)
    return values


def are_whole(array: Array) -> bool:
    """Whether every entry is a whole number."""
    if array.size <= FEW:
        return all(map(float.is_integer, array.ravel().tolist()))
    return bool(np.equal(array, np.rint(array)).all())


def all_finite(array: Array) -> bool:
    """Whether no entry is infinite or a NaN."""
    # The sum of squares tells in one pass; where it overflows, a look at every entry does.
    return isfinite(np.vdot(array, array)) or bool(np.isfinite(array).all())


def _seeds(graph: "Graph", shapes: tuple[Shape, ...], upstream: Mapping[str, Any] | None) -> dict[int, Array]:
    outputs = graph.output_nodes
    if not upstream and len(outputs) == 1 and shapes[outputs[0]] == ():
        return {outputs[0]: ONE}
    seeds: dict[int, Array] = {}
    for name, value in (upstream or {}).items():
        node = graph.find(name)
        try:
            seed = as_float64(value)
        except (OverflowError, TypeError, ValueError):
            raise EngineError(msg("engine.not-a-number", name=name), name) from None
        if np.shape(seed) != shapes[node]:
            raise EngineError(msg("engine.upstream-shape", name=name, shape=shapes[node], given=np.shape(seed)), name)
        if not np.isfinite(seed).all():
            raise EngineError(msg("engine.input-not-finite", name=name), name)
        seeds[node] = seed
    for node in outputs:
        if node in seeds:
            continue
        name = graph.names[node] or str(node)
        if int(np.prod(shapes[node])) != 1 or len(outputs) > 1:
            raise EngineError(msg("engine.output-needs-upstream", name=name, shape=shapes[node]), name)
        seeds[node] = ones(shapes[node])
    return seeds
