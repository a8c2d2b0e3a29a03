"""`predict: {largest: [x, y]}` or `{zero: [x, y]}`: which gradients are largest or 0, before anything is computed."""

from dataclasses import dataclass, replace

import numpy as np

from tutor.drill.question import TaskQuestion
from tutor.drill.tasks.asked import Asked
from tutor.drill.tasks.skills import skills_of
from tutor.drill.texts import output_name
from tutor.engine import Run
from tutor.text import Message, msg

SAME = 1e-9
NONE = "none"


@dataclass(frozen=True, slots=True)
class Predict:
    """The names to choose among, and those that are right; of several largest ones any will do."""

    largest: bool
    names: tuple[str, ...]
    right: tuple[str, ...]

    @property
    def terms(self) -> tuple[object, ...]:
        """What is asked, and among which names."""
        return (self.largest, self.names)


def build(asked: Asked) -> TaskQuestion:
    """Gradients are compared by their size: the absolute value, of an array the length (Euclidean norm)."""
    largest = asked.ask.options["largest"] is not None
    names = tuple(asked.ask.options["largest" if largest else "zero"])
    right = _right(asked.run, names, largest)
    top = output_name(asked.run)
    gradient = f"∂{top}/∂v" if top else "dv"
    question = asked.question(
        str(asked.nth),
        Predict(largest, names, right),
        symbol=f"argmax |{gradient}|" if largest else f"{{v : {gradient} = 0}}",
        prompt=msg("drill.prompt-predict-largest") if largest else msg("drill.prompt-predict-zero"),
        typed=right[0] if largest else ", ".join(right) or NONE,
        skills=skills_of(asked.run.graph, "predict", names),
        details=(_about(largest, names),),
    )
    return replace(question, of=None, wrt=())


def _about(largest: bool, names: tuple[str, ...]) -> Message:
    if largest:
        return msg("drill.about-predict-largest", names=list(names))
    return msg("drill.about-predict-zero", names=list(names))


def _right(run: Run, names: tuple[str, ...], largest: bool) -> tuple[str, ...]:
    norms = {name: float(np.linalg.norm(np.ravel(run.gradients[name]))) for name in names}
    # `check` refuses numbers without a gradient; the drill opens all the same, and there it is beyond all others.
    sizes = {name: float("inf") if np.isnan(norm) else norm for name, norm in norms.items()}
    if largest:
        top = max(sizes.values())
        return tuple(name for name in names if sizes[name] >= top * (1 - SAME))
    # Zero beside the gradients of the whole graph: sums of opposite numbers may leave a last digit.
    scale = max(float(np.max(np.abs(total), initial=0.0)) for total in run.node_totals if total is not None)
    return tuple(name for name in names if sizes[name] <= 1e-12 * scale)
