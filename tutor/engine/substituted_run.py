"""A run with some of its gradients as somebody else has them: what follows from these by the right rules?"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from tutor.engine.graph import Graph
from tutor.engine.ops.op import Array
from tutor.engine.plan import Edge
from tutor.engine.run import Run

Chain = tuple[Edge, ...]
Place = int | Edge | Chain


@dataclass(frozen=True, slots=True)
class Gradients:
    """Gradients by what they are of: totals by node, shares by edge, local ones by the chain of a slot's last edge."""

    totals: dict[int, Array] = field(default_factory=dict)
    shares: dict[Edge, Array] = field(default_factory=dict)
    locals: dict[Edge, tuple[Chain, Array]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.totals or self.shares or self.locals)

    def one_by_one(self) -> Iterator["Gradients"]:
        """Each of them alone."""
        yield from (Gradients(totals={node: value}) for node, value in self.totals.items())
        yield from (Gradients(shares={edge: value}) for edge, value in self.shares.items())
        yield from (Gradients(locals={edge: value}) for edge, value in self.locals.items())

    def nearest(self, graph: Graph, places: list[int | Edge]) -> "Gradients":
        """Those that the gradients at some places (nodes' totals, edges' shares) are computed from directly."""
        found, seen, ahead = Gradients(), set[int | Edge](), list(places)
        while ahead:
            place = ahead.pop()
            if place in seen:
                continue
            seen.add(place)
            if isinstance(place, int):
                if place in self.totals:
                    found.totals[place] = self.totals[place]
                else:
                    ahead.extend(graph.consumers[place])
            elif place in self.shares:
                found.shares[place] = self.shares[place]
            elif place in self.locals:
                found.locals[place] = self.locals[place]
                ahead.append(self.locals[place][0][0][0])
            else:
                ahead.append(place[0])
        return found


class SubstitutedRun(Run):
    """The values of a run, or others in their place, with gradients put in; all else follows by the right rules."""

    own: Gradients

    @classmethod
    def of(cls, run: Run, values: list[Array], own: Gradients) -> "SubstitutedRun":
        """From these values, in the order of the run's nodes."""
        made = cls(run.graph, values, run.plan, run.seeds)
        made.own, made._cut = own, run.reachable
        return made

    @np.errstate(all="ignore")
    def _backward(self) -> list[Array]:
        own = self.own
        totals: list[Array] = [self.seeds.get(node) for node in range(len(self.shapes))]
        shares: list[Array] = []
        for edge, j in zip(self.plan.edges, self.plan.backward.source, strict=True):
            share = own.shares.get(edge)
            if share is None and edge in own.locals:
                top = own.locals[edge][0][0][0]
                arriving = own.totals.get(top, totals[top])
                share = None if arriving is None else self._by_local(edge, arriving)
            elif share is None:
                arriving = own.totals.get(edge[0], totals[edge[0]])
                share = None if arriving is None else self._sent(edge, arriving, self._cut)
            shares.append(share)
            if share is not None:
                totals[j] = share if totals[j] is None else totals[j] + share
        for node, total in own.totals.items():
            totals[node] = total
        self._shares = shares
        return totals

    def _by_local(self, edge: Edge, up: Array) -> Array:
        node = self.graph.arguments[edge[0]][edge[1]]
        local = self.own.locals[edge][1]
        if np.shape(local) == np.shape(up) == self.shapes[node]:
            return up * local
        return np.reshape(np.ravel(up) @ np.reshape(local, (np.size(up), -1)), self.shapes[node])[()]

    def vjp_along(self, chain: Chain, up: Array) -> Array:
        """By the local gradient put in, where there is one."""
        if chain[-1] in self.own.locals and self.own.locals[chain[-1]][0] == chain:
            return self._by_local(chain[-1], up)
        return super().vjp_along(chain, up)

    def pull_back(self, top: int, seed: Array, bottom: int) -> Array:
        """With the local gradients put in, between the two."""
        run = SubstitutedRun(self.graph, self.node_values, self.plan, {top: seed})
        run.own, run._cut = Gradients(locals=self.own.locals), self._cut
        return run.total(bottom)

    def tangents(self, along: Mapping[str, Any]) -> dict[str, Array]:
        """Of an output that is a number by its gradients, since these are what somebody has."""
        moved = super().tangents(along)
        for node, seed in self.seeds.items() if len(self.seeds) == 1 and self.own else ():
            if np.size(seed) == 1 and np.all(seed == 1.0):
                steps = (np.sum(self.total(self.graph.find(name)) * np.asarray(step)) for name, step in along.items())
                moved[self.graph.names[node]] = np.reshape(sum(steps), self.shapes[node])[()]
        return moved
