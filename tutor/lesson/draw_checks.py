"""What shows only when a lesson is run or its questions are known: numbers that do not work, hints that fit nothing."""

import re
from collections.abc import Mapping, Sequence

from tutor.engine.errors import EngineError
from tutor.lesson.ask_entries import KINDS, names_a_question
from tutor.lesson.file.document import Document, Steps
from tutor.lesson.model import Draw, Part
from tutor.lesson.numbers.draws import draw, is_finite, is_fit, run_of
from tutor.text import Localised, msg

_QUESTION = re.compile(r"(?:([0-9]+)/)?([a-z-]+)((?: [^ ]+)*?)(?: #[0-9]+)?")


def check_draw(document: Document, at: Steps, part: Part) -> None:
    """Warns where the first draw does not give numbers that a learner can work with; notes what no op can take."""
    made = draw(part, 0)
    run = run_of(part, made)
    refused = _refused(part, made) if run is None else None
    if refused is not None:
        line = (refused.node or "").partition(".")[0]
        steps = (*at, "graph", line) if line in part.trees else (*at, "graph")
        document.report(steps, refused.message)
        return
    if run is None or not is_finite(run):
        document.report_key((*at, "graph"), msg("lesson.values-not-finite"), severity="warning")
    elif not is_fit(part, run) and any(each.drawn for each in part.given.values()):
        document.report_key((*at, "given"), msg("lesson.numbers-not-fit"), severity="warning")


def _refused(part: Part, made: Draw) -> EngineError | None:
    """Why an op of the graph does not take these numbers, if that is why there is no run."""
    try:
        part.graph_for(made.sizes).run(made.numbers, made.upstream or None)
    except EngineError as error:
        return error
    return None


def check_hints(
    document: Document, hints: Mapping[str, tuple[Localised, ...]], parts: Sequence[Part | None], has_parts: bool
) -> None:
    """Warns of hints whose id names no question."""
    for id in hints:
        found = _QUESTION.fullmatch(id)
        fits = (
            found is not None
            and (found.group(1) is not None) == has_parts
            and _names_a_question(int(found.group(1) or 1) - 1, found.group(2), found.group(3).split(), parts)
        )
        if not fits:
            document.report_key(("hints", id), msg("lesson.hint-without-question", id=id), severity="warning")


def _names_a_question(number: int, kind: str, names: list[str], parts: Sequence[Part | None]) -> bool:
    if kind not in KINDS or not 0 <= number < len(parts):
        return False
    part = parts[number]
    return part is None or names_a_question(kind, names, part)  # what is broken is judged when it is mended
