"""Wrong answers of forty kinds, as people give them: how each is made from a drill's numbers."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from tests.checking.naming import as_typed
from tutor.drill.question import Drill, Entered, GradientQuestion, Question, ValueQuestion
from tutor.engine import Run

Made = Callable[[Run, Any, Question], Any]


def _values(run: Run, question: Question) -> list[Any]:
    """The values of the nodes at the asked place: what is asked about, and what its line uses."""
    graph = run.graph
    names = [name.partition("#")[0] for name in question.wrt]
    lines = [question.of] if question.of in graph.lines else [line for name in names for line, _ in graph.uses(name)]
    names += [slot.source for line in lines if line is not None for slot in graph.lines[line].slots]
    return [np.asarray(run.values[name]) for name in dict.fromkeys(names)]


def _value(k: int, made: Callable[[Any], Any] = lambda value: value) -> Made:
    def of(run: Run, right: Any, question: Question) -> Any:
        found = _values(run, question)
        return made(found[k]) if -len(found) <= k < len(found) else None

    return of


def _arriving(run: Run, question: Question) -> Any:
    graph = run.graph
    name = question.of if question.of in graph.lines else None
    if name is None and question.wrt:
        uses = graph.uses(question.wrt[0].partition("#")[0])
        name = uses[0][0] if uses else None
    return None if name is None else np.asarray(run.total(graph.find(name)))


def _up(made: Callable[[Any], Any]) -> Made:
    def of(run: Run, right: Any, question: Question) -> Any:
        up = _arriving(run, question)
        return None if up is None else made(up)

    return of


def _share(made: Callable[[list[Any]], Any]) -> Made:
    def of(run: Run, right: Any, question: Question) -> Any:
        uses = run.graph.uses(question.wrt[0].partition("#")[0]) if question.wrt else []
        return made([np.asarray(run.downstream_along(slot.chain[-1])) for _, slot in uses]) if len(uses) > 1 else None

    return of


def _entry(made: Callable[[Any], Any], least: int = 1) -> Made:
    return lambda run, right, question: made(np.array(right)) if np.size(right) >= least else None


def _one_changed(right: Any) -> Any:
    right.flat[0] = right.flat[0] * 1.5 + 0.5
    return right


def _one_turned(right: Any) -> Any:
    right.flat[-1] *= -1
    return right


def _first_row(by: float) -> Callable[[Any], Any]:
    def changed(right: Any) -> Any:
        right[:1] = right[:1] * -1 + by
        return right

    return changed


def _square(made: Callable[[Run, Any, Question], Any]) -> Made:
    def of(run: Run, right: Any, question: Question) -> Any:
        square = np.ndim(right) == 2 and len(right) == np.shape(right)[1] > 1
        return made(run, np.array(right), question) if square else None

    return of


def _outer(run: Run, right: Any, question: Question) -> Any:
    if np.ndim(right) != 2:
        return None
    vectors = [np.ravel(value) for value in map(np.asarray, (run.values[name] for name in run.graph.order))]
    inputs = [np.ravel(run.values[name]) for name in run.graph.inputs]
    pairs = ((u, v) for u in vectors for v in inputs if (u.size, v.size) == np.shape(right))
    return next((np.outer(u, v) for u, v in pairs), None)


def _softened(run: Run, right: Any, question: Question) -> Any:
    found = _values(run, question)
    value = np.ravel(found[0]) if found else np.zeros(0)
    return np.eye(len(right)) - np.outer(value, value) if value.size == len(right) else None


def _other(run: Run, right: Any, question: Question) -> Any:
    for name in run.graph.order:
        gradient = np.asarray(run.total(run.graph.find(name)))
        if gradient.shape == np.shape(right) and not np.allclose(gradient, right):
            return gradient
    return None


NUMBERS: dict[str, Made] = {
    "zeros": _entry(np.zeros_like),
    "ones": _entry(np.ones_like),
    "the own value": _value(0),
    "the other input": _value(1),
    "the last input": _value(-1),
    "the own value turned": _value(0, np.negative),
    "the own value squared": _value(0, np.square),
    "the own value squared and turned": _value(0, lambda value: -value * value),
    "twice the own value": _value(0, lambda value: 2 * value),
    "half the square": _value(0, lambda value: value * value / 2),
    "the logarithm": _value(0, lambda value: np.log(value) if np.all(value > 0) else None),
    "the exponential": _value(0, np.exp),
    "one over the value": _value(0, lambda value: 1 / value if np.all(value) else None),
    "sigmoid's rule": _value(0, lambda value: np.tanh(value) * (1 - np.tanh(value))),
    "tanh's rule": _value(0, lambda value: 1 - value * value),
    "what arrives": _up(lambda up: up),
    "what arrives turned": _up(np.negative),
    "twice what arrives": _up(lambda up: 2 * up),
    "half of what arrives": _up(lambda up: up / 2),
    "one share": _share(lambda shares: shares[0]),
    "all shares but one": _share(lambda shares: sum(shares[1:])),
    "the shares multiplied": _share(lambda shares: shares[0] * shares[1]),
    "the gradient of another node": _other,
    "the sign": _entry(np.negative),
    "twice": _entry(lambda right: 2 * right),
    "half": _entry(lambda right: right / 2),
    "one more": _entry(lambda right: right + 1),
    "a tenth": _entry(lambda right: right / 10),
    "the square of the answer": _entry(np.square),
    "a little off": _entry(lambda right: right * 1.03 + (right == 0) * 0.03),
    "seven": _entry(lambda right: np.full_like(right, 7)),
    "one entry": _entry(_one_changed, 2),
    "one sign": _entry(_one_turned, 2),
    "the first row turned": _entry(_first_row(0), 2),
    "the first row moved": _entry(_first_row(0.5), 2),
    "backward": _entry(lambda right: right.ravel()[::-1].reshape(right.shape), 2),
    "shifted": _entry(lambda right: np.roll(right, 1), 2),
    "the mean everywhere": _entry(lambda right: np.full_like(right, np.mean(right)), 2),
    "the identity": _square(lambda run, right, question: np.eye(len(right))),
    "the identity less h h^T": _square(_softened),
    "a value on the diagonal": _square(
        lambda run, right, question: np.diag(np.resize(_values(run, question)[0], len(right)))
    ),
    "values multiplied": _outer,
}

FORMULAS: tuple[Callable[[list[str]], str], ...] = (
    lambda names: names[0],
    lambda names: names[-1],
    lambda names: f"-{names[0]}",
    lambda names: f"2*{names[0]}",
    lambda names: f"{names[0]}*{names[-1]}",
    lambda names: f"{names[0]} + {names[-1]}",
    lambda names: f"exp({names[0]})",
    lambda names: f"1/{names[0]}",
    lambda names: f"log({names[0]})",
    lambda names: f"{names[0]} @ {names[-1]}.T",
    lambda names: f"{names[-1]} @ {names[0]}.T",
)

TYPED: dict[Entered, tuple[str, ...]] = {
    Entered.SHAPE: ("3*1", "()", "(1,)", "(2, 5)", "(7,)", "(1, 1)", "(6,)", "1, 3", "(4, 4, 4)"),
    Entered.COUNT: ("0", "1", "2", "3", "5", "7", "12", "100", "10^6"),
}


def wrong_answers(drill: Drill, question: Question) -> Iterator[tuple[str, str]]:
    """The kinds that can be made for a question, each with what is typed; some happen to be right."""
    run = drill.part_of(question).run
    if question.entered in TYPED:
        yield from ((f"typed {text}", text) for text in TYPED[question.entered])
    elif isinstance(question, ValueQuestion) and question.entered is Entered.NUMBERS:
        for name, made in NUMBERS.items():
            with np.errstate(all="ignore"):
                array = made(run, np.array(question.expected, dtype=float), question)
            if array is not None and np.size(array) == np.size(question.expected) and np.all(np.isfinite(array)):
                yield name, as_typed(np.reshape(array, np.shape(question.expected)))
    elif question.entered is Entered.NAMES:
        yield from ((f"named {text}", text) for text in _of_names(run))
    elif isinstance(question, GradientQuestion):
        using = [*(question.using or ()), *run.graph.inputs, *run.graph.order]
        yield from ((made(using), made(using)) for made in FORMULAS)
    else:
        yield from ((f"typed {text}", text) for text in ("1", "2", "3", "0", "x", "a", "0.5", "x = 1"))


def _of_names(run: Run) -> Iterator[str]:
    names = [*run.graph.order]
    yield ", ".join(names)
    yield ", ".join(reversed(names))
    yield ", ".join([*names[1:], names[0]])
    yield ", ".join(names[:-1]) or names[0]
    yield from (name for name in [*run.graph.inputs, *names])
    yield "none"
