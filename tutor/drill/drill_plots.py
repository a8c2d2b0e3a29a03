"""The plots of a drill: what the lesson asks for, at this drill's numbers, graph by graph."""

from collections.abc import Iterator
from dataclasses import dataclass

from tutor.drill.question import Drill, DrillPart
from tutor.engine.studies import Study, study


@dataclass(frozen=True, slots=True)
class DrillPlot:
    """One plot: what it shows, of which part of the drill."""

    kind: str
    part: int
    study: Study


def drill_plots(drill: Drill) -> Iterator[DrillPlot]:
    """Plot by plot in the lesson's order, each for every part in which it shows something. Timing takes a moment."""
    for kind in dict.fromkeys(drill.lesson.plots):
        for number, part in enumerate(drill.parts):
            found = study(kind, part.run, variables_of(part))
            if found is not None:
                yield DrillPlot(kind, number, found)


def variables_of(part: DrillPart) -> tuple[str, ...]:
    """The inputs whose gradients a learner wants: no labels, and no constants of the problem."""
    given = part.part.given
    wanted = tuple(name for name in part.run.gradients if name in given and not given[name].constant)
    return wanted or tuple(name for name in part.run.gradients if name in given)
