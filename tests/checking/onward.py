"""A learner who goes on from rounded answers: each question is worked out from what was answered before.

The rules are the engine's, one slot at a time; which earlier answers go in is decided here, not by the checker.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from tutor.drill.question import Drill, DrillPart, GradientQuestion, Question
from tutor.engine import Slot
from tutor.kinds.tangent import TangentQuestion
from tutor.kinds.update import UpdateQuestion


@dataclass
class Learner:
    """What somebody has answered in one part of a drill: totals by node, shares and local gradients by slot."""

    part: DrillPart
    totals: dict[str, Any] = field(default_factory=dict)
    shares: dict[tuple[str, str], Any] = field(default_factory=dict)
    locals: dict[tuple[str, str], Any] = field(default_factory=dict)

    def total(self, name: str) -> Any:
        run, graph = self.part.run, self.part.graph
        if name in self.totals:
            return self.totals[name]
        arriving = [self.share(line, slot) for line, slot in graph.uses(name)]
        if graph.find(name) in run.seeds:
            arriving.append(run.seeds[graph.find(name)])
        return sum(arriving[1:], arriving[0]) if arriving else np.zeros(run.shapes[graph.find(name)])

    def share(self, line: str, slot: Slot) -> Any:
        run, graph = self.part.run, self.part.graph
        place = line, slot.label
        if place in self.shares:
            return self.shares[place]
        up = self.total(line)
        shape = run.shapes[graph.find(slot.source)]
        if place not in self.locals:
            return run.vjp_along(slot.chain, up)
        local = self.locals[place]
        if np.shape(local) == np.shape(up) == shape:
            return up * local
        return np.reshape(np.ravel(up) @ np.reshape(local, (np.size(up), -1)), shape)

    def slot(self, question: GradientQuestion) -> tuple[str, Slot]:
        line, name = question.target.of or "", question.wrt[0]
        return line, next(s for s in self.part.graph.lines[line].slots if name in (s.label, s.source))

    def works_out(self, question: GradientQuestion) -> Any:
        """The answer in its own shape, from what was answered before."""
        run, target = self.part.run, question.target
        if target.kind == "local":
            return question.expected
        if target.kind == "downstream":
            made = self.share(*self.slot(question))
        elif target.kind == "upstream":
            made = self.total(target.of or target.wrt[0])
        elif target.kind == "total":
            made = np.concatenate([np.ravel(self.total(name)) for name in target.wrt])
        elif target.kind == "path":
            names = (target.wrt[0], *target.path)
            made = self.total(names[-1])
            for of, wrt in zip(names[:0:-1], names[-2::-1], strict=True):
                slot = next(s for s in self.part.graph.lines[of].slots if wrt in (s.label, s.source))
                local = self.locals.get((of, slot.label))
                plain = local is not None and np.shape(local) == np.shape(made)
                made = made * local if plain else run.vjp_along(slot.chain, made)
        else:
            return question.expected
        return np.reshape(made, question.shape)

    def remembers(self, question: GradientQuestion, value: Any) -> None:
        """Notes an answer as it was typed."""
        run, graph, target = self.part.run, self.part.graph, question.target
        if target.kind == "local":
            line, slot = self.slot(question)
            self.locals[line, slot.label] = value
        elif target.kind == "downstream":
            line, slot = self.slot(question)
            self.shares[line, slot.label] = np.reshape(value, run.shapes[graph.find(slot.source)])
        elif target.kind == "upstream":
            name = target.of or target.wrt[0]
            self.totals[name] = np.reshape(value, run.shapes[graph.find(name)])
        elif target.kind == "total":
            flat = np.ravel(value)
            for name in target.wrt:
                shape = run.shapes[graph.find(name)]
                self.totals[name] = np.reshape(flat[: int(np.prod(shape))], shape)
                flat = flat[int(np.prod(shape)) :]


def rounded(array: Any, digits: int) -> str:
    """To so many significant digits, entry by entry; whole numbers as they are."""
    array = np.asarray(array, dtype=float)
    if array.ndim:
        return "[" + ", ".join(rounded(item, digits) for item in array) + "]"
    number = float(array)
    if abs(number - round(number)) < 1e-9 and abs(number) < 1e6:
        return str(round(number))
    return f"{number:.{digits - 1}e}"


def numbers_of(text: str) -> Any:
    """What was typed, as an array."""
    return np.array(eval(text, {"__builtins__": {}}))


def typed_onward(drill: Drill, digits: int) -> Iterator[tuple[Question, str, dict[str, str]]]:
    """Every numeric question with its answer, worked out from the earlier ones, and these: all rounded alike."""
    learners = [Learner(part) for part in drill.parts]
    earlier: dict[str, str] = {}
    for question in drill.questions:
        learner = learners[question.part]
        if isinstance(question, GradientQuestion) and question.gradient is not None:
            text = rounded(learner.works_out(question), digits)
            learner.remembers(question, np.reshape(numbers_of(text), question.shape))
        elif isinstance(question, UpdateQuestion):
            step = rounded(question.rate * learner.total(question.wrt[0]), digits)
            start = learner.part.run.values[question.wrt[0]]
            text = str(np.asarray(start - numbers_of(step)).tolist())
        elif isinstance(question, TangentQuestion):
            steps = (np.sum(learner.total(name) * step) for name, step in question.along.items())
            scalar = learner.part.graph.outputs[0]
            if np.size(learner.part.run.values[scalar]) != 1 or learner.part.part.upstream:
                continue
            text = rounded(np.reshape(sum(steps), question.shape), digits)
        else:
            continue
        yield question, text, dict(earlier)
        earlier[question.id] = text
