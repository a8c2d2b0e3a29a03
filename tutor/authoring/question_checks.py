"""Every question has an answer that grades as right, formulas can be tried elsewhere, and hints name questions."""

from collections.abc import Sequence

from tutor.authoring.diagnostics import Diagnostics
from tutor.authoring.plot_checks import check_plots
from tutor.authoring.telling_texts import check_texts_before
from tutor.drill.question import Drill, Question
from tutor.engine import EngineError
from tutor.kinds import build, check
from tutor.kinds.all import asked
from tutor.kinds.kind import is_tried_elsewhere
from tutor.lesson.file.problem import Severity, nearest
from tutor.lesson.model import Draw, Part
from tutor.lesson.numbers.fresh_draws import fresh_draws, sizes_can_change
from tutor.text import Message, msg

_MOST_QUESTIONS = 300  # of a lesson with more, so many are answered
_MOST_LETTERS = 500_000  # of all answers together
_MOST_SAID = 20  # questions with something wrong: what is wrong with each takes long to find out
_TOO_LONG = frozenset({"expr.too-long", "expr.too-many-parts", "checking.too-many-lines"})


def check_answers(diagnostics: Diagnostics, draws: Sequence[tuple[Draw, ...]]) -> None:
    """Builds the drill at each of these numbers (one draw a part) and answers every question as `solve` would."""
    said: set[str] = set()
    for seed, drawn in enumerate(draws):
        drill = build(diagnostics.lesson, seed, drawn)
        if seed == 0:
            _check_hints(diagnostics, drill)
            check_plots(diagnostics, drill)
            _check_worked(diagnostics, drill)
            check_texts_before(diagnostics, drill)
        letters = 0
        for question in drill.all_questions[:_MOST_QUESTIONS]:
            letters += len(question.typed or "")
            if letters > _MOST_LETTERS or len(said) >= _MOST_SAID:
                break
            found = None if question.id in said else _unanswered(drill, question)
            if found is not None:
                said.add(question.id)
                part = drill.parts[question.part]
                place = [each for each in drill.all_questions if each.part == question.part].index(question)
                diagnostics.at_question(part.part, asked(part.part, part.run)[place], *found)


def check_sizes(diagnostics: Diagnostics, part: Part) -> None:
    """Warns of sizes that hide mistakes, and where formulas cannot be tried at others, or not at ones that differ."""
    for name, size in part.sizes.items():
        if size == 1:
            diagnostics.at_field(
                (*diagnostics.steps_of(part), "sizes", name), msg("authoring.size-of-one", name=name), "warning"
            )
    asks = [ask for ask in part.ask if is_tried_elsewhere(ask.kind)]
    if not asks:
        return
    if not part.sizes:
        if any(given.dims for given in part.given.values()):
            diagnostics.at_question(part, asks[0], msg("authoring.no-size-names"), "warning")
        return
    try:
        if not sizes_can_change(part):
            diagnostics.at_field(
                (*diagnostics.steps_of(part), "sizes"), msg("authoring.sizes-cannot-change"), "warning"
            )
            return
        others = [draw.sizes for draw in fresh_draws(part)]
    except EngineError:
        return  # told where the numbers are checked
    if all(len(set(sizes.values())) < len(sizes) for sizes in others):
        diagnostics.at_field((*diagnostics.steps_of(part), "sizes"), msg("authoring.sizes-cannot-differ"), "warning")


def _unanswered(drill: Drill, question: Question) -> tuple[Message, Severity] | None:
    """Why the answer that `solve` gives is none, is not right, or is a formula that can be tried nowhere else."""
    if is_tried_elsewhere(question.kind) and not drill.parts[question.part].runs.fresh_draws:
        return msg("authoring.no-fresh-numbers", question=question.id), "error"
    if question.typed is None:
        is_formula = is_tried_elsewhere(question.kind)
        return (msg("authoring.no-formula-known", question=question.id), "warning") if is_formula else None
    verdict = check(drill, question, question.typed)
    if verdict.kind == "right":
        return None
    if verdict.message.id in _TOO_LONG:
        return msg("authoring.answer-too-long", question=question.id, verdict=verdict.message), "error"
    known = {"question": question.id, "typed": question.typed, "verdict": verdict.message}
    return msg("authoring.answer-not-right", **known), "error"


def _check_worked(diagnostics: Diagnostics, drill: Drill) -> None:
    """Warns of a lesson, or a part, that leaves nothing to answer."""
    if drill.questions:
        return
    if not drill.all_questions:
        asking = "ask" if ("ask",) in diagnostics.document.keys else "graph"
        diagnostics.at_field((asking,), msg("authoring.no-question"), "warning")
        return
    said = [(*diagnostics.steps_of(part), "worked") for part in diagnostics.lesson.parts]
    steps = next((each for each in said if each in diagnostics.document.keys), ("worked",))
    most = len(drill.all_questions) - 1
    message = msg("authoring.nothing-asked", most=most) if most else msg("authoring.only-question-worked")
    diagnostics.at_field(steps, message, "warning")


def _check_hints(diagnostics: Diagnostics, drill: Drill) -> None:
    diagnostics.replaced.add("hint-without-question")
    for id in diagnostics.lesson.hints:
        if id not in drill.by_id:
            near = nearest(id, drill.by_id)
            message = msg("authoring.hint-without-question", id=id)
            if near is not None:
                message = msg("authoring.hint-without-question-near", id=id, near=near)
            diagnostics.at_field(("hints", id), message, "warning")
