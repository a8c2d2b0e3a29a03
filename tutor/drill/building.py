"""From a lesson and a seed to a drill."""

from collections import Counter
from dataclasses import replace

import numpy as np

from tutor.drill.asking import asked, target_of
from tutor.drill.formulas import typed_formula
from tutor.drill.lengths import Lengths
from tutor.drill.numbers import run_at, telling_draw
from tutor.drill.question import Drill, DrillPart, GradientQuestion, Question
from tutor.drill.tasks import BUILDERS
from tutor.drill.tasks.asked import Asked
from tutor.drill.texts import UPSTREAM_NAMES, symbol, typed_numbers, up_line
from tutor.engine import Run
from tutor.lesson.draws import draw
from tutor.lesson.model import Ask, Draw, Lesson, Part
from tutor.mistakes.target import Target, truth
from tutor.text import Message, msg

_PROMPTS = {
    "shape": "drill.prompt-shape",
    "upstream": "drill.prompt-upstream",
    "local": "drill.prompt-local",
    "downstream": "drill.prompt-downstream",
    "path": "drill.prompt-path",
    "total": "drill.prompt-total",
    "jacobian": "drill.prompt-jacobian",
    "formula": "drill.prompt-formula",
}


_TELLING = frozenset({"local", "downstream", "upstream", "total", "path"})


@np.errstate(all="ignore")  # what is not finite is told by `check`, not by warnings among the questions
def build(lesson: Lesson, seed: int, drawn: tuple[Draw, ...] | None = None) -> Drill:
    """The drill of a lesson at a seed; `drawn` are numbers kept from before, one draw a part."""
    parts = []
    questions: list[Question] = []
    for number, part in enumerate(lesson.parts):
        numbers = drawn[number] if drawn is not None else _numbers(part, seed)
        run = run_at(part, numbers)
        parts.append(DrillPart(part, run.graph, numbers, run))
        asks = asked(part, run)
        prefix = f"{number + 1}/" if lesson.has_parts else ""
        nth: Counter[str] = Counter()
        for k, ask in enumerate(asks):
            worked = k < part.worked
            if ask.kind in BUILDERS:
                nth[ask.kind] += 1
                asked_here = Asked(lesson, part, numbers, run, ask, number, nth[ask.kind], worked, seed)
                questions.append(BUILDERS[ask.kind](asked_here))
            else:
                questions.append(_question(lesson, part, numbers, run, ask, number, prefix, worked=worked))
    return Drill(lesson, seed, tuple(parts), tuple(_numbered(questions)))


def count_questions(lesson: Lesson) -> int:
    """How many questions a drill of the lesson asks, worked ones not counted."""
    return len(build(lesson, 0, tuple(draw(part, 0) for part in lesson.parts)).questions)


def _numbers(part: Part, seed: int) -> Draw:
    first = draw(part, seed)
    run = run_at(part, first)
    targets = [target_of(ask, part) for ask in asked(part, run) if ask.kind in _TELLING]
    return telling_draw(part, seed, targets)


def _question(
    lesson: Lesson, part: Part, numbers: Draw, run: Run, ask: Ask, number: int, prefix: str, *, worked: bool
) -> GradientQuestion:
    target = target_of(ask, part)
    expected = np.asarray(truth(run, target))
    typed: str | None = typed_numbers(expected)
    if ask.kind == "shape":
        typed = str(tuple(expected.shape))
    elif ask.kind == "formula":
        typed = typed_formula(run, target, ask.using, part.sizes, part.upstream, Lengths(part, numbers, run))
    return GradientQuestion(
        id=prefix + " ".join([ask.kind, *_named(ask)]),
        kind=ask.kind,
        part=number,
        of=target.of,
        wrt=target.wrt,
        target=target,
        expected=expected,
        shape=tuple(expected.shape),
        symbol=symbol(run, target),
        prompt=_prompt(run, ask, target),
        details=_details(run, ask, target),
        typed=typed,
        skills=_skills(run, ask.kind, target),
        using=ask.using,
        elementwise=target.kind == "local" and run.is_elementwise(target.chain(run.graph)),
        strict=lesson.strict or ask.convention is not None,
        worked=worked,
    )


def _named(ask: Ask) -> list[str]:
    if ask.kind == "upstream":
        return [ask.of or ""]
    return [*([ask.of] if ask.of else []), *ask.wrt, *ask.through]


def _numbered(questions: list[Question]) -> list[Question]:
    """The same question a second time has ` #2` behind its id."""
    seen: Counter[str] = Counter()
    numbered = []
    for question in questions:
        seen[question.id] += 1
        again = seen[question.id]
        numbered.append(replace(question, id=f"{question.id} #{again}") if again > 1 else question)
    return numbered


def _details(run: Run, ask: Ask, target: Target) -> tuple[Message, ...]:
    """What `up` is, where a formula is to be made of it."""
    if ask.kind != "formula" or not {*UPSTREAM_NAMES} & {*(ask.using or ())}:
        return ()
    line = up_line(run.graph, target)
    return () if line is None else (msg("drill.about-up", line=line),)


def _prompt(run: Run, ask: Ask, target: Target) -> Message:
    names = " ".join(target.wrt)
    known: dict[str, object] = {"of": target.of or "", "wrt": names, "path": " → ".join((names, *target.path))}
    if ask.kind == "formula" and ask.using:
        return msg("drill.prompt-formula-using", using=list(ask.using), **known)
    many = target.of is not None and run.shapes[run.graph.find(target.of)] != ()
    if ask.kind == "local" and many and run.is_elementwise(target.chain(run.graph)):
        return msg("drill.prompt-local-entries", **known)
    if ask.kind == "downstream" and len(run.graph.uses(names.partition("#")[0])) > 1:
        return msg("drill.prompt-downstream-through", **known)
    return Message(_PROMPTS[ask.kind], known)


def _skills(run: Run, kind: str, target: Target) -> tuple[str, ...]:
    """What a question practises: `<kind>:<op>`, or `fork`, `reuse`, `shape`, `convention`, `jacobian`."""
    graph = run.graph
    extra = ("convention",) if target.convention == "jacobian" else ()
    if kind in ("shape", "jacobian"):
        return (kind, *extra)
    if target.kind in ("local", "downstream"):
        op = graph.ops[target.chain(graph)[-1][0]]
        assert op is not None
        reuse = ("reuse",) if "#" in target.wrt[0] else ()
        return (f"{kind}:{op.name}", *reuse, *extra)
    if target.kind == "path":
        return ("fork", *extra)
    found: list[str] = []
    for name in target.wrt:
        uses = graph.uses(name)
        if len(uses) > 1:
            found.append("fork" if len({line for line, _ in uses}) > 1 else "reuse")
        elif uses:
            op = graph.ops[uses[0][1].chain[-1][0]]
            assert op is not None
            found.append(f"{'formula' if kind == 'formula' else 'downstream'}:{op.name}")
    return (*dict.fromkeys(found), *extra)
