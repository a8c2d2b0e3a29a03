"""The names that an answer may use, what they stand for at any run, and why others are refused."""

from collections.abc import Iterator, Mapping
from functools import cached_property
from math import prod
from typing import Any

import numpy as np

from tutor.drill.notation import UPSTREAM_NAMES, upstream_line
from tutor.drill.question import Drill, Entered, GradientQuestion
from tutor.engine import Graph, Run
from tutor.engine.function_table import answer_functions, borrowed_calls
from tutor.engine.ordering import CONSTANTS, reached
from tutor.engine.rounding_noise import constants_at
from tutor.expr import ParseError, Scope, Tree, walk
from tutor.expr.result_sizes import MAX_ELEMENTS
from tutor.expr.tree import Gradient, Name
from tutor.mistakes.target import in_convention
from tutor.text import Message, msg


class AnswerScope:
    """What may be typed in answer to one question."""

    def __init__(self, drill: Drill, question: GradientQuestion) -> None:
        self.drill, self.question = drill, question
        self.part = drill.part_of(question)
        self.graph: Graph = self.part.graph
        self.up_names = tuple(name for name in UPSTREAM_NAMES if name not in self.graph.index)
        self._values: dict[int, _Values] = {}

    @property
    def parser_scope(self) -> Scope:
        """For the parser: every name that means something here, allowed or not."""
        named = [*self.graph.inputs, *self.graph.lines]
        names = frozenset({*named, *self.part.part.sizes, *CONSTANTS, *self.up_names})
        return Scope(names, answer_functions(named), frozenset(named), borrowed=borrowed_calls())

    def check(self, tree: Tree) -> None:
        """Raises ParseError, with the reason, for the first name that may not be used in this answer."""
        unknown = self._bare_and_unknown(tree)
        if unknown is not None:
            raise ParseError(msg("checking.gradient-unknown-yet", name=unknown), tree.span)
        for part in walk(tree):
            reason = None
            if isinstance(part, Gradient):
                reason = self._gradient_refused(part)
            elif isinstance(part, Name) and part.name in self.up_names:
                reason = self._up_refused(part.name)
            elif isinstance(part, Name) and not self._in_using(part.name):
                reason = msg("checking.not-in-using", name=part.name, using=list(self.question.using or ()))
            if reason is not None:
                raise ParseError(reason, part.span)

    def values(self, run: Run) -> Mapping[str, Any]:
        """Arrays by name at a run: nodes, sizes, constants, `up`, `dz` and `dh/dz`."""
        if id(run) not in self._values:
            self._values[id(run)] = _Values(self, run)
        return self._values[id(run)]

    def up_line(self) -> str | None:
        """The line whose gradient is `up`; None where it is not clear which."""
        return upstream_line(self.graph, self.question.target)

    def _up_refused(self, name: str) -> Message | None:
        if not self._up_in_using():
            return msg("checking.not-in-using", name=name, using=list(self.question.using or ()))
        return None if self.up_line() is not None else self._up_unclear(name)

    def _up_in_using(self) -> bool:
        """May the gradient that arrives be used, whichever of its names the question lists?"""
        using = self.question.using
        return using is None or bool({*UPSTREAM_NAMES, f"d{self.up_line()}"} & {*using})

    def _bare_and_unknown(self, tree: Tree) -> str | None:
        """The gradient that a numeric answer names alone although its numbers are not known yet; else None."""
        if self.question.entered is Entered.FORMULA:
            return None
        match tree:
            case Name(name) if name in self.up_names:
                line = self.up_line()
                return None if line is None or line in self._known else name
            case Gradient(None, wrt) if wrt in self._above - self._known:
                return tree.name
        return None

    def _up_unclear(self, name: str) -> Message:
        """Why nothing is called `up` here, and what there is instead."""
        target = self.question.target
        names = [f"d{line}" for line in sorted({line for each in target.wrt for line, _ in self.graph.uses(each)})]
        if target.kind == "jacobian":
            return msg("checking.up-plays-no-part", name=name)
        if target.kind == "path":
            return msg("checking.up-holds-every-path", name=name)
        if target.kind != "upstream" and names:
            return msg("checking.up-is-ambiguous", name=name, names=names)
        if names:
            return msg("checking.up-is-the-question", name=name, of=target.wrt[0], names=names)
        return msg("checking.up-is-where-it-starts", name=name, of=target.wrt[0])

    def _gradient_refused(self, part: Gradient) -> Message | None:
        question, name = self.question, part.name
        arrives = part.of is None and part.wrt == self.up_line()
        if not self._in_using(name) and not (arrives and self._up_in_using()):
            return msg("checking.not-in-using", name=name, using=list(question.using or ()))
        above = self._above
        if part.of is not None:
            if question.entered is not Entered.FORMULA:
                return msg("checking.leibniz-not-here", name=name)
            return None if {part.of, part.wrt} <= above else msg("checking.gradient-below", name=name)
        if part.wrt in {each.partition("#")[0] for each in question.wrt} and question.target.kind != "local":
            return msg("checking.gradient-is-the-question", name=name)
        if question.entered is Entered.FORMULA:
            outputs = {self.graph.names[node] for node in self.part.run.seeds if self.part.part.upstream}
            inner = above - set(self.graph.outputs)
            if part.wrt in above - inner - outputs:
                return msg("checking.gradient-is-one", name=name, of=part.wrt)
            return None if part.wrt in inner | outputs else msg("checking.gradient-below", name=name)
        if part.wrt in self._below:
            return msg("checking.gradient-below", name=name)
        if part.wrt in self._known or part.wrt in above:
            return None
        return msg("checking.gradient-unknown-yet", name=name)

    # An answer may name hundreds of gradients: what is above, below and known is worked out once.

    @cached_property
    def _above(self) -> set[str]:
        return lines_above(self.graph, self.question)

    @cached_property
    def _below(self) -> set[str]:
        return lines_below(self.graph, self.question)

    @cached_property
    def _known(self) -> frozenset[str]:
        return self.drill.known_gradients(self.question)

    def _in_using(self, name: str) -> bool:
        using = self.question.using
        if using is None or name in self.part.part.sizes:
            return True
        return name in using or (name in CONSTANTS and name not in self.graph.index)


class _Values(Mapping[str, Any]):
    """Looks gradients up only when a formula names them, and once: many edits of it are tried."""

    def __init__(self, scope: AnswerScope, run: Run) -> None:
        self._scope, self._run = scope, run
        self._sizes = sizes_of(scope, run)
        self._known: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        if name not in self._known:
            self._known[name] = self._looked_up(name)
        return self._known[name]

    def _looked_up(self, name: str) -> Any:
        scope, run = self._scope, self._run
        if name in scope.graph.index:
            # What no output depends on may be undefined; a gradient is right whatever it is.
            return run.without_unreachable(run.graph.find(name))
        if name in self._sizes:
            return float(self._sizes[name])
        convention = scope.question.convention
        if name in scope.up_names:
            line = scope.up_line()
            if line is None:
                raise KeyError(name)
            return in_convention(run.total(run.graph.find(line)), convention)
        if name in CONSTANTS:
            return constants_at(run)[name]
        of, _, wrt = name.partition("/")
        if wrt and of[1:] in scope.graph.index and wrt[1:] in scope.graph.index:
            above, below = (run.shapes[run.graph.find(each[1:])] for each in (of, wrt))
            if prod(above) * prod(below) > MAX_ELEMENTS:  # evaluation refuses it by its size alone
                return np.broadcast_to(0.0, (prod(above), prod(below)))
            matrix = run.jacobian(of[1:], wrt[1:])
            return matrix[0, 0] if above == () == below else matrix
        if of[:1] == "d" and of[1:] in scope.graph.index:
            return in_convention(run.total(run.graph.find(of[1:])), convention)
        raise KeyError(name)

    def __iter__(self) -> Iterator[str]:
        scope = self._scope
        return iter([*scope.graph.index, *self._sizes, *CONSTANTS, *(scope.up_names if scope.up_line() else ())])

    def __len__(self) -> int:
        return sum(1 for _ in self)


def sizes_of(scope: AnswerScope, run: Run) -> Mapping[str, int]:
    """The sizes that a run was made at: the drill's own, or those of a fresh draw."""
    if run is scope.part.run:
        return scope.part.draw.sizes
    return scope.part.runs.sizes_at(run)


def lines_below(graph: Graph, question: GradientQuestion) -> set[str]:
    """What the asked variables are computed from; of a local gradient the line's slots too."""
    names = {name.partition("#")[0] for name in question.wrt}

    def sources(name: str) -> list[str]:
        return [slot.source for slot in graph.lines[name].slots] if name in graph.lines else []

    below = set(reached((source for name in names for source in sources(name)), sources))
    return below | names if question.target.kind in ("local", "jacobian") else below


def lines_above(graph: Graph, question: GradientQuestion) -> set[str]:
    """Lines strictly between what is asked and the output, the outputs included."""
    if question.target.kind in ("local", "downstream"):
        start = [question.target.of or ""]
    else:
        start = [line for name in question.wrt for line, _ in graph.uses(name.partition("#")[0])]
    return set(reached(start, lambda name: (line for line, _ in graph.uses(name))))
