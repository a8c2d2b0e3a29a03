"""`update: {of: w, rate: 0.5}`: a parameter after one step of gradient descent."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from tutor.drill.question import TaskQuestion
from tutor.drill.tasks.asked import Asked
from tutor.drill.tasks.skills import skills_of
from tutor.drill.texts import typed_numbers
from tutor.engine import Run
from tutor.text import msg

_CHANGE_DIGITS = 3
_MOST_DECIMALS = 15


@dataclass(frozen=True, slots=True, eq=False)
class Update:
    """A step of length `rate` against the gradient of the parameter `of`."""

    of: str
    rate: float
    expected: Any

    @property
    def terms(self) -> tuple[object, ...]:
        """The learning rate."""
        return (self.rate,)

    def at(self, run: Run) -> Any:
        """The parameter after the step, at any numbers."""
        return run.values[self.of] - self.rate * run.gradients[self.of]


def build(asked: Asked) -> TaskQuestion:
    """The new value of the parameter."""
    name, rate = asked.ask.of or "", float(asked.ask.options["rate"])
    expected = np.asarray(asked.run.values[name] - rate * asked.run.gradients[name])
    question = asked.question(
        name,
        Update(name, rate, expected),
        symbol=f"{name}'",
        prompt=msg("drill.prompt-update"),
        typed=_typed(expected, rate * np.asarray(asked.run.gradients[name])),
        skills=skills_of(asked.run.graph, "update", [name]),
        details=(msg("drill.about-update", name=name, rate=rate),),
        shape=tuple(expected.shape),
    )
    return replace(question, of=None, wrt=(name,))


def _typed(expected: Any, change: Any) -> str:
    """The new value as text, with digits enough to show a change that is small beside it."""
    short = typed_numbers(expected)
    smallest = float(np.min(np.abs(change[change != 0.0]), initial=np.inf))
    if np.max(np.abs(expected), initial=0.0) < 1e3 * smallest:
        return short
    decimals = _CHANGE_DIGITS - 1 - int(np.floor(np.log10(smallest)))
    return str(np.round(expected, min(decimals, _MOST_DECIMALS)).tolist())
