"""Which questions a new lesson asks: the most telling ones, few enough for one sitting."""

from collections.abc import Collection, Mapping
from math import prod

import numpy as np

from tutor.authoring.declarations import Declared
from tutor.authoring.sketch import questions
from tutor.engine import Run
from tutor.expr import walk
from tutor.expr.tree import Call
from tutor.kinds import KINDS
from tutor.kinds.all import asked
from tutor.lesson.model import Ask, Part

_MOST_QUESTIONS = 13
_MOST_LOCALS = 3
_MOST_FORMULAS = 6
_NUMBERS_BESIDE = 3  # of inputs whose formula is not asked
_MOST_INNER = 2  # lines next to the output that go before numbers of large inputs
_LARGE = 12  # entries of such an input
_MOST_ENTRIES = 24  # of a gradient that somebody computes by hand
_MOST_USES = 12  # of a variable whose gradient somebody adds up by hand
_NOISE = 1e-9  # of the largest gradient: what is left of a gradient that is 0 in exact arithmetic


def is_variable(each: Declared) -> bool:
    """Whether anybody wants the gradient of an input: not of class numbers, targets and masks."""
    return each.role == "real"


def chosen_questions(part: Part, run: Run, inputs: Mapping[str, Declared]) -> tuple[str, ...]:
    """The entries of `ask`; none where what `tutor` asks by itself is short and to the point."""
    graph = part.graph
    silent = {name for name, each in inputs.items() if not is_variable(each)} | zero_but_for_rounding(run)
    if all(run.shapes[node] == () for node in graph.index.values()):
        own = asked(part, run)
        if len(own) <= _MOST_QUESTIONS:
            told = [each for each in own if not _names(each) & silent]
            return () if len(told) == len(own) else questions([ask_entry(each) for each in told])
    # Inputs as given, those that hold data (x, X1, ..) last.
    variables = sorted((name for name in graph.inputs if name not in silent), key=lambda name: name[:1] in "xX")
    matrices = [name for name in variables if sum(n > 1 for n in run.shapes[graph.index[name]]) > 1][:2]
    by_hand = [name for name in variables if _by_hand(run, name)]
    formulas = variables[:_MOST_FORMULAS]
    if len(variables) > len(formulas):  # a formula of each would leave no room for anything else
        by_hand = [name for name in by_hand if name not in formulas][:_NUMBERS_BESIDE]
    # Nor may a number and a formula of each be too many.
    by_hand = by_hand[: _MOST_QUESTIONS - len(matrices) - len(formulas)]
    left = _MOST_QUESTIONS - len(matrices) - len(formulas) - len(by_hand)
    locals_ = [
        ("local", {"of": name, "wrt": slot.label})
        for name in reversed(graph.order)
        for slot in graph.lines[name].slots
        if slot.source in graph.lines and run.is_elementwise(slot.chain)
        if any(isinstance(each, Call) for each in walk(part.trees[name]))
    ][: max(min(left, _MOST_LOCALS), 0)]
    room = left - len(locals_)
    # The gradient of the scores is the key step of a loss: it says more than one more large table.
    wanted = len(_inner(part, run, silent, _MOST_INNER)) - room
    large = [name for name in reversed(by_hand) if _size(run, name) > _LARGE]
    given_up = sorted(large, key=lambda name: -_size(run, name))[: max(wanted, 0)]
    by_hand = [name for name in by_hand if name not in given_up]
    inner = _inner(part, run, silent, room + len(given_up))
    found: list[tuple[str, object]] = [("shape", matrices)] if matrices else []
    found += [*locals_, *(("total", name) for name in inner)]
    for name in variables:
        found += [("total", name)] if name in by_hand else []
        found += [("formula", name)] if name in formulas else []
    return questions(found)


def default_questions(part: Part, run: Run, inputs: Mapping[str, Declared]) -> tuple[str, ...]:
    """What `tutor` asks by itself, entry by entry, so that some can be left out."""
    silent = {name for name, each in inputs.items() if not is_variable(each)} | zero_but_for_rounding(run)
    return questions([ask_entry(each) for each in asked(part, run) if not _names(each) & silent])


def zero_but_for_rounding(run: Run) -> set[str]:
    """Lines and inputs whose gradient is 0 but for rounding, as that of the maximum that keeps a softmax finite."""
    graph = run.graph
    seeds = {graph.names[node]: seed for node, seed in run.seeds.items()}
    raw = graph.run({name: run.values[name] for name in graph.inputs}, seeds)  # where rounding is not taken as 0
    sizes = {name: float(np.max(np.abs(gradient), initial=0)) for name, gradient in raw.gradients.items()}
    largest = max(sizes.values(), default=0)
    return {name for name, size in sizes.items() if 0 < size < _NOISE * largest}


def ask_entry(ask: Ask) -> tuple[str, object]:
    """A question as it stands under `ask`."""
    fields = ask.fields.model_dump(exclude_defaults=True)
    short = KINDS[ask.kind].short
    return ask.kind, fields[short] if [*fields] == [short] else fields


def _inner(part: Part, run: Run, silent: Collection[str], most: int) -> list[str]:
    """Lines between output and inputs: all where they are few, else those that a variable goes into."""
    graph = part.graph
    fixed = set(silent)  # and what is computed from such inputs alone
    for name in graph.order:
        if all(slot.source in fixed for slot in graph.lines[name].slots):
            fixed.add(name)
    upper = [name for name in reversed(graph.order) if name not in {*graph.outputs, *fixed} and _by_hand(run, name)]
    if len(upper) > most:
        upper = [name for name in upper if any(slot.source in graph.inputs for slot in graph.lines[name].slots)]
    return upper[: max(most, 0)]


def _names(ask: Ask) -> set[str]:
    return {label.partition("#")[0] for label in ask.fields.variables}


def _by_hand(run: Run, name: str) -> bool:
    return _size(run, name) <= _MOST_ENTRIES and len(run.graph.uses(name)) <= _MOST_USES


def _size(run: Run, name: str) -> int:
    return prod(run.shapes[run.graph.index[name]])
