"""`difference: {of: f, wrt: x, h: 0.1, sided: two}`: the slope that a nudge measures."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from tutor.drill.question import TaskQuestion
from tutor.drill.tasks.asked import Asked
from tutor.drill.texts import typed_numbers
from tutor.engine import Run
from tutor.lesson.measuring import MOST_DIGITS, Sides, digits_apart, exact_slope, measured_slope, unit_of
from tutor.text import msg


@dataclass(frozen=True, slots=True, eq=False)
class Difference:
    """A nudge of `h` at `wrt`; `digits` significant ones are wanted, so many that the exact slope is another number."""

    of: str
    wrt: str
    h: float
    sides: Sides
    expected: Any
    digits: int

    @property
    def terms(self) -> tuple[object, ...]:
        """The nudge."""
        return (self.h, self.sides)

    @property
    def unit(self) -> float:
        """The coarsest unit to which an answer may be rounded."""
        largest = float(np.max(np.abs(self.expected), initial=0.0))
        return unit_of(largest, self.digits) if largest else 0.0

    def at(self, run: Run) -> Any:
        """The measured slope at any numbers."""
        return measured_slope(run, self.of, self.wrt, self.h, self.sides)


def build(asked: Asked) -> TaskQuestion:
    """The digits asked for are the fewest that tell the measured slope from the exact one."""
    run, of, wrt = asked.run, asked.ask.of or "", asked.ask.wrt[0]
    h, sides = float(asked.ask.options["h"]), asked.ask.options["sided"]
    expected = np.asarray(measured_slope(run, of, wrt, h, sides))
    digits = digits_apart(expected, exact_slope(run, of, wrt)) or MOST_DIGITS
    prompt = msg("drill.prompt-difference-one") if sides == "one" else msg("drill.prompt-difference-two")
    known: dict[str, object] = {"of": of, "wrt": wrt, "h": h, "digits": digits}
    if np.size(run.values[wrt]) > 1:  # an array, one entry after the other
        one, two = msg("drill.about-difference-one-each", **known), msg("drill.about-difference-two-each", **known)
    else:
        one, two = msg("drill.about-difference-one", **known), msg("drill.about-difference-two", **known)
    return asked.question(
        f"{of} {wrt}",
        Difference(of, wrt, h, sides, expected, digits),
        symbol=f"Δ{of}/Δ{wrt}",
        prompt=prompt,
        typed=typed_numbers(expected),
        skills=("check",),
        details=(one if sides == "one" else two,),
        shape=tuple(expected.shape),
    )
