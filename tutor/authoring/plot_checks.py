"""Plots that would show nothing: an author hears of them before a learner wonders what to see."""

from collections.abc import Callable, Iterable

from tutor.authoring.diagnostics import Diagnostics
from tutor.drill.drill_plots import variables_of
from tutor.drill.question import Drill, DrillPart
from tutor.engine.studies import counts, gradient_check
from tutor.text import Message, msg

_FEWEST_LINES = 3  # of a graph whose gradients are followed on their way back


def check_plots(diagnostics: Diagnostics, drill: Drill) -> None:
    """Warns of each plot that is asked for twice, or has nothing to show in any part of the drill."""
    kinds = diagnostics.lesson.plots
    for place, kind in enumerate(kinds):
        if kind in kinds[:place]:
            diagnostics.at_field(("plots", place), msg("authoring.plot-twice", plot=kind), "warning")
        elif kind in _CHECKS and (found := _in_all(_CHECKS[kind], drill.parts)) is not None:
            diagnostics.at_field(("plots", place), found, "warning")


def _in_all(check: Callable[[DrillPart], Message | None], parts: Iterable[DrillPart]) -> Message | None:
    """What is wrong with the first part, if something is wrong with every one: some graphs may be there to compare."""
    found = [check(part) for part in parts]
    return None if None in found else found[0]


def _gradient_check(part: DrillPart) -> Message | None:
    graph = part.graph
    own = [node for node, op in enumerate(graph.ops) if op is not None and op.own_gradient]
    if own:
        return msg("authoring.plot-own-gradient", line=graph.line_of(own[0]))
    study = gradient_check(part.run, variables_of(part))
    if study is None:
        return msg("authoring.plot-nothing-to-nudge")
    if study.is_linear:
        return msg("authoring.plot-linear")
    if len(graph.outputs) > 1:
        return msg("authoring.plot-several-outputs", outputs=list(graph.outputs))
    return None


def _gradient_norms(part: DrillPart) -> Message | None:
    lines = len(part.graph.lines)
    return msg("authoring.plot-few-lines", count=lines) if lines < _FEWEST_LINES else None


def _counts(part: DrillPart) -> Message | None:
    backward = [cost for plan, cost in counts(part.run, variables_of(part)).plans if plan != "forward"]
    same = all((each.multiply, each.add) == (backward[0].multiply, backward[0].add) for each in backward)
    return msg("authoring.plot-nothing-shared") if same else None


_CHECKS: dict[str, Callable[[DrillPart], Message | None]] = {
    "gradient-check": _gradient_check,
    "gradient-norms": _gradient_norms,
    "counts": _counts,
}
