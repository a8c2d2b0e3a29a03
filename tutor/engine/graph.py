"""A computation graph: lines that people read, and below them ops in topological order as flat lists."""

from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from typing import Any, Self

from tutor.engine import ordering
from tutor.engine.compile import add_line, scope_of
from tutor.engine.errors import EngineError
from tutor.engine.named_lines import Line, Slot
from tutor.engine.ops.op import Array, Op, Shape, operation
from tutor.engine.plan import Edge, Plan, as_float64
from tutor.engine.run import Run
from tutor.expr import parse
from tutor.expr.tree import Name, Tree
from tutor.text import msg


class Graph:
    """Inputs and lines in topological order. Build it with `parse`, or by hand with `input`, `apply` and `output`."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self.ops: list[Op | None] = []
        self.arguments: list[tuple[int, ...]] = []
        self.trees: list[Tree | None] = []
        self.index: dict[str, int] = {}
        self.lines: dict[str, Line] = {}
        self.order: tuple[str, ...] = ()
        self.constants: dict[int, Array] = {}
        self.sizes: dict[str, int] = {}
        self.integer: set[int] = set()
        self.data: set[int] = set()
        self.given: list[int] = []
        self._outputs: list[int] = []
        self._plan: Plan | None = None
        self._consumers: list[list[Edge]] | None = None
        self._output_nodes: tuple[int, ...] | None = None
        self._blank: list[Array] | None = None

    @classmethod
    def parse(
        cls,
        lines: Mapping[str, str | Tree],
        inputs: Iterable[str] | None = None,
        sizes: Mapping[str, int] | None = None,
        integer: Iterable[str] = (),
        outputs: Iterable[str] = (),
        data: Iterable[str] = (),
    ) -> Self:
        """A graph from `{name: formula}`, in any order.

        `inputs` are the names that are given (None: every name that is no line), `integer` those that hold labels,
        `data` those whose gradients nobody wants; `sizes` numbers that formulas may use by name, `outputs` lines that
        are outputs although others use them.
        Raises EngineError for a cycle, an unknown name, function or attribute; ParseError for text that is no formula.
        """
        graph = cls()
        graph.sizes = sizes = dict(sizes or {})
        inputs = None if inputs is None else tuple(inputs)
        scope = scope_of(lines, inputs, sizes)
        trees = {name: parse(text, scope) if isinstance(text, str) else text for name, text in lines.items()}
        uses = ordering.uses(trees, sizes, inputs or ())
        for name in inputs if inputs is not None else ordering.free_names(uses):
            graph.input(name, integer=name in set(integer), data=name in set(data))
        for name in ordering.topological(uses, graph.index):
            add_line(graph, name, trees[name], sizes)
        graph.order = tuple(graph.lines)
        graph.lines = {name: graph.lines[name] for name in lines}
        for name in outputs:
            graph.output(graph.find(name))
        return graph

    def input(self, name: str, integer: bool = False, data: bool = False) -> int:
        """A new input; integer inputs (labels) carry no gradient, and for `data` none is computed."""
        if name in self.index:
            raise EngineError(msg("engine.name-twice", name=name), name)
        node = self._add(name, None, (), None)
        self.given.append(node)
        if integer:
            self.integer.add(node)
        if data:
            self.data.add(node)
        return node

    def constant(self, value: Any, tree: Tree | None = None) -> int:
        """A number or array written in a formula; it carries no gradient."""
        node = self._add("", None, (), tree)
        self.constants[node] = as_float64(value)
        return node

    def apply(self, op: str | Op, *arguments: int, name: str = "", tree: Tree | None = None, **attributes: Any) -> int:
        """A new op on earlier nodes, as a line of its own where it has a name."""
        if name in self.index:
            raise EngineError(msg("engine.name-twice", name=name), name)
        made = operation(op, **attributes) if isinstance(op, str) else op
        least, most = made.arity()
        if not least <= len(arguments) <= most:
            known = {"op": made.name, "takes": made.signature(), "given": len(arguments)}
            raise EngineError(msg("engine.wrong-arguments", **known), name or None)
        if not all(0 <= j < len(self.names) for j in arguments):
            raise EngineError(msg("engine.unknown-node", op=made.name, given=list(arguments)), name or None)
        node = self._add(name, made, arguments, tree)
        if name and "." not in name:
            used = [self.names[j] for j in arguments]
            labels = ordering.slot_labels(used)
            slots = tuple(
                Slot(label, source, (node, k), ((node, k),))
                for k, (label, source) in enumerate(zip(labels, used, strict=True))
                if source
            )
            self.lines[name] = Line(name, None, node, slots)
            self.order = (*self.order, name)
        return node

    def output(self, *nodes: int) -> None:
        """Declares nodes to be outputs, besides those that nothing uses."""
        self._outputs.extend(node for node in nodes if node not in self._outputs)
        self._output_nodes = None

    @property
    def inputs(self) -> tuple[str, ...]:
        """Names of the inputs, in the order given."""
        return tuple(self.names[node] for node in self.given)

    @property
    def output_nodes(self) -> tuple[int, ...]:
        """Nodes of the outputs: declared ones and every line that nothing else uses, in topological order."""
        if self._output_nodes is None:
            used = {j for arguments in self.arguments for j in arguments}
            free = {self.index[name] for name in self.lines if self.index[name] not in used}
            self._output_nodes = tuple(sorted(free | set(self._outputs)))
        return self._output_nodes

    @property
    def outputs(self) -> tuple[str, ...]:
        """Names of the outputs."""
        return tuple(self.names[node] for node in self.output_nodes)

    @property
    def consumers(self) -> list[list[Edge]]:
        """For each node the edges along which its value goes on, in topological order."""
        if self._consumers is None:
            self._consumers = [[] for _ in self.names]
            for node, arguments in enumerate(self.arguments):
                for k, j in enumerate(arguments):
                    self._consumers[j].append((node, k))
        return self._consumers

    def find(self, name: str) -> int:
        """The node of a name; raises EngineError with the nearest names."""
        if name not in self.index:
            raise EngineError(
                msg("engine.unknown-name", name=name, near=ordering.nearest_names(name, self.index)), name
            )
        return self.index[name]

    def line_of(self, node: int) -> str:
        """The line that an op belongs to."""
        if self.names[node]:
            return self.names[node].partition(".")[0]
        above = [line for line in self.lines.values() if node <= line.root]
        return min(above, key=lambda line: line.root).name if above else "-"

    def tree_of(self, node: int) -> Tree:
        """How a node is written in formulas: its name, or for an inner op the part of the line that it computes."""
        name, tree = self.names[node], self.trees[node]
        return Name(name) if tree is None or name in self.lines or node in self.given else tree

    def uses(self, name: str) -> list[tuple[str, Slot]]:
        """Every (line, slot) in which a name is used, in topological order."""
        return [(line, slot) for line in self.order for slot in self.lines[line].slots if slot.source == name]

    def chain(self, of: str, wrt: str) -> tuple[Edge, ...]:
        """The edges from `of` (a line or an inner op `z.1`) down to the slot or inner op `wrt` in the same line."""
        root = self.find(of)
        line = self.lines[of if of in self.lines else of.partition(".")[0]]
        fitting = [slot for slot in line.slots if wrt in (slot.label, slot.source)]
        if len(fitting) > 1:
            raise EngineError(msg("engine.several-slots", name=wrt, line=of, slots=[s.label for s in fitting]), of)
        if fitting:
            chain: tuple[Edge, ...] = fitting[0].chain
        elif wrt in line.parts:
            chain = self._climb(self.index[wrt], line.root)
        else:
            near = ordering.nearest_names(wrt, [*(slot.label for slot in line.slots), *line.parts])
            raise EngineError(msg("engine.no-such-slot", name=wrt, line=of, near=near), of)
        if root != line.root:
            above = self._climb(root, line.root)
            if chain[: len(above)] != above or len(chain) == len(above):
                raise EngineError(msg("engine.no-such-slot", name=wrt, line=of, near="-"), of)
            chain = chain[len(above) :]
        return chain

    def run(self, numbers: Mapping[str, Any], upstream: Mapping[str, Any] | None = None) -> Run:
        """Forward now, backward when a gradient is asked for.

        `numbers` maps every input to a number or array; `upstream` gives outputs that are not scalar their gradient.
        Raises EngineError for missing, unknown or NaN inputs and for an output without a gradient; ShapeError.
        """
        return Run.start(self, numbers, upstream)

    def with_constants(self, constants: Mapping[int, Array]) -> Self:
        """The same graph with other numbers, of the same shapes, where its formulas have these."""
        made = copy(self)
        made.constants, made._blank = {**self.constants, **constants}, None
        return made

    def plan(self, shapes: Mapping[int, Shape]) -> Plan:
        """Shapes of every node for these input shapes; kept for the next run with the same ones."""
        return self.plan_for(tuple(shapes[node] for node in self.given))

    def plan_for(self, key: tuple[Shape, ...]) -> Plan:
        """`plan` by the shapes of the inputs in the order given."""
        if self._plan is None or self._plan.key != key:
            self._plan = Plan.make(self, key)
        return self._plan

    @property
    def blank(self) -> list[Array]:
        """One place a node, empty but for the constants: what a run starts from."""
        if self._blank is None:
            self._blank = [self.constants.get(node) for node in range(len(self.names))]
        return self._blank

    def _climb(self, node: int, root: int) -> tuple[Edge, ...]:
        chain: list[Edge] = []
        while node != root:
            edge = self.consumers[node][0]
            chain.append(edge)
            node = edge[0]
        return tuple(reversed(chain))

    def _add(self, name: str, op: Op | None, arguments: Sequence[int], tree: Tree | None) -> int:
        node = len(self.names)
        self.names.append(name)
        self.ops.append(op)
        self.arguments.append(tuple(arguments))
        self.trees.append(tree)
        if name:
            self.index[name] = node
        self._plan = self._consumers = self._output_nodes = self._blank = None
        return node
