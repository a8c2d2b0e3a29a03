"""`tutor solve`: every value, gradient and answer of a lesson, for teachers and tests."""

from collections.abc import Iterator
from typing import Any

from tutor.cli.named_lessons import load
from tutor.cli.options import Options
from tutor.cli.output import write, write_json
from tutor.drill.question import Drill, DrillPart, Question
from tutor.engine.named_lines import Slot
from tutor.kinds import build
from tutor.text import Language, msg, say
from tutor.text.number_format import format_value

MOST_ENTRIES = 10_000
"""Local gradients with more entries than that are not printed."""


def print_solution(argument: str, options: Options, *, as_json: bool) -> int:
    """Print the lesson's drill solved, with the numbers of the seed (0 unless given)."""
    drill = build(load(argument, options.language), options.seed or 0)
    if as_json:
        write_json(solution(drill), options)
        return 0
    for line in _lines(drill, options):
        write(line, options)
    return 0


def solution(drill: Drill) -> dict[str, Any]:
    """The drill as `tutor solve --json` prints it; a lesson of parts has a list of them."""
    head: dict[str, Any] = {"lesson": drill.lesson.id, "seed": drill.seed}
    parts = [head | _part(drill, number) for number in range(len(drill.parts))]
    return head | {"parts": parts} if drill.lesson.has_parts else parts[0]


def _part(drill: Drill, number: int) -> dict[str, Any]:
    part = drill.parts[number]
    graph, run = part.graph, part.run
    names = [*graph.inputs, *graph.order]
    outputs = list(graph.outputs)
    return {
        "output": outputs[0] if len(outputs) == 1 else outputs,
        "values": {name: _plain(part.draw.numbers.get(name, run.values[name])) for name in names},
        "gradients": {name: _plain(run.gradients[name]) for name in names if name in run.gradients},
        "locals": {line: {slot.label: _local(part, line, slot) for slot in _slots(part, line)} for line in graph.order},
        "downstream": {
            line: {slot.label: _plain(run.downstream[line, slot.label]) for slot in _slots(part, line)}
            for line in graph.order
        },
        "questions": [_question(question) for question in drill.all_questions if question.part == number],
    }


def _slots(part: DrillPart, line: str) -> Iterator[Slot]:
    """The slots along which a gradient flows: labels carry none."""
    return (slot for slot in part.graph.lines[line].slots if slot.source in part.run.gradients)


def _local(part: DrillPart, line: str, slot: Slot) -> Any:
    run, values = part.run, part.run.values
    entries = _entries(values[line]) * (1 if run.is_elementwise(slot.chain) else _entries(values[slot.source]))
    return _plain(run.local[line, slot.label]) if entries <= MOST_ENTRIES else None


def _entries(value: Any) -> int:
    return int(getattr(value, "size", 1))


def _question(question: Question) -> dict[str, Any]:
    return {
        "id": question.id,
        "kind": question.kind,
        "shape": list(question.shape),
        "answer": question.answer,
        "typed": question.typed,
    }


def _plain(value: Any) -> Any:
    return value.tolist() if hasattr(value, "tolist") else value


def _lines(drill: Drill, options: Options) -> Iterator[str]:
    """The same for people: values and gradients by name, then the answers by question."""
    solved = solution(drill)
    yield f"{drill.lesson.title.in_(options.language).strip()}  ({drill.lesson.id}, seed {drill.seed})"
    for number, part in enumerate(solved.get("parts", [solved])):
        name = drill.lesson.parts[number].name
        yield ""
        if name is not None:
            yield name.in_(options.language)
        width = max(len(name) for name in part["values"])
        for name, value in part["values"].items():
            gradient = part["gradients"].get(name)
            line = f"  {name.ljust(width)} = {format_value(value)}"
            yield line if gradient is None else f"{line}   d{name} = {format_value(gradient)}"
        yield ""
        yield say(msg("cli.answers"), options.language)
        width = max((len(question["id"]) for question in part["questions"]), default=0)
        for question in part["questions"]:
            yield f"  {question['id'].ljust(width)}   {_answer(question, options.language)}"


def _answer(question: dict[str, Any], language: Language) -> str:
    typed: str | None = question["typed"]
    return say(msg("cli.no-answer-known"), language) if typed is None else typed
