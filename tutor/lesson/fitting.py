"""Questions that only shapes and numbers can judge: does a direction fit its input, does a nudge show anything?"""

from collections.abc import Mapping
from typing import Any

import numpy as np

from tutor.lesson.asking_tasks import decompose_problem, entry_problem, gate_problem, slip_problem
from tutor.lesson.document import Document
from tutor.lesson.draws import draw, run_of
from tutor.lesson.measuring import digits_apart, exact_slope, measured_slope
from tutor.lesson.model import Ask, Part
from tutor.lesson.schema_base import MOST_NUMBER
from tutor.lesson.sizes import shape_of
from tutor.text import Message, msg
from tutor.text.numbers import show

_FEW = 4
SEEDS = 5  # drills that must show a difference, where numbers are drawn


def check_questions(document: Document, part: Part) -> None:
    """Notes the questions of a part that its shapes and numbers leave without a sensible answer."""
    for ask in part.ask:
        problem = _PROBLEMS[ask.kind](part, ask) if ask.kind in _PROBLEMS else None
        if problem is not None:
            document.report_position(ask.position, problem)


def _of_tangent(part: Part, ask: Ask) -> Message | None:
    along: Mapping[str, Any] = ask.options["along"]
    if len(part.graph.outputs) != 1:
        return msg("lesson.tangent-one-output", names=list(part.graph.outputs))
    for name, direction in along.items():
        shape, declared = shape_of(part.given[name], part.sizes), _shape(direction)
        if shape != declared:
            return msg("lesson.direction-shape", name=name, shape=shape, declared="?" if declared is None else declared)
        if np.max(np.abs(np.asarray(direction, dtype=np.float64)), initial=0.0) > MOST_NUMBER:
            return msg("lesson.number-too-large", most="1e100")
    if not any(np.any(np.asarray(direction)) for direction in along.values()):
        return msg("lesson.direction-zero")
    return None


def _of_difference(part: Part, ask: Ask) -> Message | None:
    h, of, wrt = float(ask.options["h"]), str(ask.of), ask.wrt[0]
    drawn = any(given.drawn for given in (*part.given.values(), *part.upstream.values()))
    for seed in range(SEEDS if drawn else 1):
        run = run_of(part, draw(part, seed))
        if run is None:
            return None  # told elsewhere
        measured, exact = measured_slope(run, of, wrt, h, ask.options["sided"]), exact_slope(run, of, wrt)
        if not np.all(np.isfinite(measured)):
            return msg("lesson.difference-not-finite", h=h, name=wrt)
        if digits_apart(measured, exact) is None:
            known = {"h": h, "seed": seed, "measured": _brief(measured), "exact": _brief(exact)}
            return msg("lesson.difference-is-exact", **known)
    return None


def _brief(numbers: Any) -> str:
    """An array for a sentence: its first entries where it has many."""
    flat = np.ravel(numbers)
    return show(numbers) if flat.size <= _FEW else f"{show(flat[:_FEW])[:-1]}, …]"


def _of_count(part: Part, ask: Ask) -> Message | None:
    if all(given.integer or given.constant for given in part.given.values()):
        return msg("lesson.nothing-to-count")
    return None


_PROBLEMS = {
    "count": _of_count,
    "tangent": _of_tangent,
    "difference": _of_difference,
    "entry": entry_problem,
    "decompose": decompose_problem,
    "rule": gate_problem,
    "find-slip": slip_problem,
}


def _shape(direction: Any) -> tuple[int, ...] | None:
    """The shape of nested lists of numbers; None where they are ragged or hold anything else."""
    try:
        array = np.asarray(direction, dtype=np.float64)
    except (TypeError, ValueError):
        return None
    return tuple(array.shape) if np.all(np.isfinite(array)) else None
