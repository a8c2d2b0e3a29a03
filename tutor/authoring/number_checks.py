"""A part's numbers at several seeds: finite, off the kinks, and with gradients that a nudge confirms."""

import math
from collections.abc import Iterator, Sequence

import numpy as np

from tutor.authoring.diagnostics import Diagnostics
from tutor.authoring.gradient_check import disagreements
from tutor.drill.runs import run_at
from tutor.engine import EngineError, Run
from tutor.lesson.model import Draw, Part
from tutor.lesson.numbers.kinks import kink_distance, kinks, movable_nodes
from tutor.text import Message, msg

SEEDS = 5
_NEAR = 1e-3  # as near as a learner's rounding may come to a kink


def check_numbers(diagnostics: Diagnostics, part: Part, draws: Sequence[Draw]) -> bool:
    """Notes what is wrong with a part at these draws, one for each seed from 0; whether drills can be made of it."""
    sound = True
    said: set[tuple[str, str]] = set()
    for seed, drawn in enumerate(draws[:SEEDS]):
        try:
            run = run_at(part, drawn)
        except EngineError as error:
            diagnostics.at_line(part, error.node or "", error.message)
            return False
        for kind, line, message in _findings(run, seed, movable_nodes(part, run.graph)):
            sound = sound and kind == "kink"
            if (kind, line) not in said:
                said.add((kind, line))
                diagnostics.at_line(part, line, message, "warning" if kind == "kink" else "error")
        if not sound:
            break
    return sound


def _findings(run: Run, seed: int, moved: frozenset[int]) -> Iterator[tuple[str, str, Message]]:
    broken = _not_finite(run)
    if broken is not None:
        yield "not-finite", broken, msg("authoring.not-finite", line=broken, seed=seed)
        return
    bent = set()
    for node in sorted(moved) if kink_distance(run, moved) < _NEAR else ():
        line = run.graph.line_of(node)
        gap = min((float(each.distance.min()) for each in kinks(run, {node}) if each.distance.size), default=math.inf)
        if gap < _NEAR and line not in bent:
            bent.add(line)
            yield "kink", line, msg("authoring.kink", line=line, seed=seed)
    for found in disagreements(run):
        known = {"line": found.node, "backward": found.backward, "nudge": found.nudge, "seed": seed}
        if found.finding == "kink":
            # What lies below a kink bends with it: the line where it happens is told, not all that feed it.
            if found.slot is not None:
                yield "kink", found.node, msg("authoring.kink", line=found.node, seed=seed)
            bent.add(found.node)
        elif not bent:
            yield "gradient-wrong", found.node, msg("authoring.gradient-wrong", **known)


def _not_finite(run: Run) -> str | None:
    """The line where a value or a gradient stops being a number: the first forward, else the first backward."""
    graph = run.graph
    for node, value in enumerate(run.node_values):
        if not np.all(np.isfinite(value) | ~run.reachable_entries(node)):
            return graph.line_of(node)
    for node in reversed(range(len(graph.ops))):
        for k, j in enumerate(graph.arguments[node]):
            share = run.edge_downstream.get((node, k))
            if share is not None and j not in graph.constants and not np.all(np.isfinite(share)):
                return graph.line_of(node)
    return None
