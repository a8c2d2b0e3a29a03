"""From formulas and shapes to a lesson that passes `tutor check`: numbers are tried until they are fit."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import prod
from pathlib import Path

from tutor.authoring.declarations import Declared, UnclearError
from tutor.authoring.diagnostics import Diagnostics
from tutor.authoring.lesson_check import check_lesson
from tutor.authoring.lesson_writing import readable
from tutor.authoring.line_splitting import split
from tutor.authoring.question_choice import chosen_questions, default_questions
from tutor.authoring.sampling_schemes import schemes
from tutor.authoring.sketch import LessonSketch, questions
from tutor.authoring.unknown_shapes import counted_rows, names_of_labels, shape_at, shapes_wanted
from tutor.authoring.upstream_shapes import upstreams
from tutor.drill.runs import run_at
from tutor.engine import EngineError
from tutor.engine.ordering import CONSTANTS, free_names, topological
from tutor.expr import Tree, names_in, to_text
from tutor.lesson.file.problem import LessonError, Problem, nearest
from tutor.lesson.graph.lines import name_refused
from tutor.lesson.numbers.draws import draw, is_finite
from tutor.text import Language, Localised, Message, msg

_TRIES = 3  # rounds of leaving out questions that do not work
_DROPPED = frozenset({"no-formula-known", "slip-looks-right"})
_OF_ANY_SIZE = frozenset({"kink"})  # warnings that other numbers can do without
_OF_NUMBERS = _OF_ANY_SIZE | {"slip-looks-right", "slips-look-alike"}
_MOST_CHECKED = 60  # ops of lessons that were checked, after which mistakes may look alike
_MOST_OF_ALL = 100  # and after which numbers may lie at a kink
_ENTRIES = 50  # of the inputs, as which a check takes twice as long
_SEEDS = 6


class ShapesWantedError(ValueError):
    """Names whose shape must be told before there can be a lesson; `labels` are those that hold class numbers."""

    def __init__(self, names: Sequence[str], labels: Sequence[str]) -> None:
        super().__init__(", ".join(names))
        self.names, self.labels = tuple(names), tuple(labels)


@dataclass(frozen=True, slots=True)
class Composed:
    """The text of a lesson, what `tutor check` warns of in it, and what its author should know was assumed."""

    text: str
    warnings: tuple[Problem, ...]
    remarks: tuple[Message, ...] = ()


def compose(
    formulas: Sequence[tuple[str, Tree]],
    declared: Mapping[str, Declared],
    sizes: Mapping[str, int],
    path: Path,
    title: Localised | None = None,
    schema: str = "",
    language: Language = "en",
    outputs: Sequence[str] = (),
    said: Callable[[Message], None] = lambda _: None,
) -> Composed:
    """A lesson of these formulas, to stand at `path`; `outputs` are lines that are outputs although others use them.

    `said` is told what is being done.
    Raises ShapesWantedError for names that cannot be numbers and have no shape, UnclearError for what cannot be a
    lesson at all, LessonError where no numbers make it one.
    """
    _check_declared(formulas, declared, sizes)
    lines = {name: to_text(tree) for name, tree in split(formulas, sizes, declared).items()}
    inputs = {name: declared.get(name) or Declared(name) for name in _inputs(formulas, sizes, declared)}
    rows = counted_rows((tree for _, tree in formulas), inputs)
    inputs |= rows
    _check_shapes(lines, inputs, {**declared, **rows}, sizes)
    upstream = upstreams(lines, inputs, sizes, outputs)
    sketch = LessonSketch(title or _title(path), sizes, inputs, {}, lines, upstream, (), schema, language)
    made = _with_numbers(sketch, path, said)
    alone = [name for name, each in inputs.items() if name not in declared and name not in rows]
    remarks = [*_remarks(sketch, list(rows), alone, told=bool(outputs)), *made.remarks]
    if "e" not in inputs and any("e" in names_in(tree) for _, tree in formulas) and "e" not in lines:
        remarks.append(msg("authoring.remark-e"))
    return replace(made, remarks=tuple(remarks))


def _remarks(sketch: LessonSketch, rows: list[str], alone: list[str], *, told: bool) -> Iterator[Message]:
    """What was assumed: names without a shape beside some that have one, and outputs that nobody spoke of."""
    if rows:
        yield msg("authoring.remark-rows", names=rows)
    if alone and any(each.dims for each in sketch.inputs.values()):
        yield msg("authoring.remark-numbers", names=alone)
    if len(sketch.upstream) > 1 and not told:
        yield msg("authoring.remark-outputs", names=list(sketch.upstream))


def _inputs(
    formulas: Sequence[tuple[str, Tree]], sizes: Mapping[str, int], declared: Mapping[str, Declared]
) -> list[str]:
    """Names that no formula defines, in reading order; `e` is a number unless it has a shape."""
    constants = CONSTANTS.keys() - declared.keys()
    lines = {name for name, _ in formulas}
    used = dict.fromkeys(name for _, tree in formulas for name in names_in(tree))
    return [name for name in used if name not in lines and name not in sizes and name not in constants]


def _check_declared(
    formulas: Sequence[tuple[str, Tree]], declared: Mapping[str, Declared], sizes: Mapping[str, int]
) -> None:
    used = {name for _, tree in formulas for name in names_in(tree)}
    lines = {name for name, _ in formulas}
    _check_circle(formulas)
    if not used - lines - {*sizes, *(CONSTANTS.keys() - declared.keys())}:
        raise UnclearError(msg("authoring.nothing-to-vary"))
    named = [name for each, tree in formulas for name in (each, *names_in(tree)) if name not in CONSTANTS]
    for name in dict.fromkeys([*named, *sizes]):
        refused = name_refused(name, lines | used | {*sizes})
        if refused is not None:
            raise UnclearError(refused)
        if name in lines and name in sizes:
            raise UnclearError(msg("authoring.line-is-size", name=name))
    in_shapes = {size for each in declared.values() for size in each.names}
    for name in sizes:
        if name not in used | in_shapes:
            raise UnclearError(msg("authoring.size-unused", name=name))
    for name in names_of_labels(tree for _, tree in formulas):
        if name in declared and declared[name].role not in ("labels", "rows"):
            raise UnclearError(msg("authoring.index-not-labels", name=name))
    for name in declared:
        if name in lines:
            raise UnclearError(msg("authoring.shape-of-line", name=name))
        if name in sizes:
            raise UnclearError(msg("authoring.shape-of-size", name=name))
        if name not in used:
            near = nearest(name, used - lines - {*sizes, *declared})
            message = msg("authoring.shape-unused", name=name)
            raise UnclearError(message if near is None else msg("authoring.shape-unused-near", name=name, near=near))


def _check_circle(formulas: Sequence[tuple[str, Tree]]) -> None:
    used = {name: names_in(tree) for name, tree in formulas}
    try:
        topological(used, free_names(used))
    except EngineError as error:
        raise UnclearError(error.message) from None


def _check_shapes(
    lines: Mapping[str, str], inputs: Mapping[str, Declared], declared: Mapping[str, Declared], sizes: Mapping[str, int]
) -> None:
    """Names without a shape must be able to be numbers; otherwise they are asked for."""
    wanted, labels, error = shapes_wanted(lines, inputs, frozenset(declared), sizes)
    if wanted:
        raise ShapesWantedError(wanted, labels)
    if error is not None:
        line = error.node.partition(".")[0] if error.node else ""
        text = f"{line} = {lines[line]}" if line in lines else ""
        inside = error.span.start if error.span is not None else 0
        message = error.message
        if sizes:  # some may be ours, where the author has named them alone
            taken = [f"{name}={size}" for name, size in sizes.items()]
            message = msg("authoring.at-sizes", problem=message, sizes=taken)
        raise UnclearError(message, text, len(line) + 3 + inside if text else 0)


def _with_numbers(sketch: LessonSketch, path: Path, said: Callable[[Message], None]) -> Composed:
    """The lesson with the first numbers that work, its questions chosen by what can be asked."""
    fit: list[Composed] = []
    unfit: list[tuple[LessonSketch, Diagnostics]] = []
    refused: tuple[Problem, ...] = ()
    checked = 0
    weight = 1 + sum(prod(shape_at(each, sketch.sizes)) for each in sketch.inputs.values()) // _ENTRIES
    for way, (plain, numbers) in enumerate(schemes(sketch), 1):
        mended = _OF_NUMBERS if checked <= _MOST_CHECKED else _OF_ANY_SIZE
        if (fit and checked > _MOST_OF_ALL) or any(
            mended.isdisjoint(found.code for found in each.warnings) for each in fit
        ):
            break
        if (fit or unfit) and not plain:
            break  # ranges are searched only where nothing else gives finite numbers
        said(msg("authoring.doing-numbers", way=way))
        made = replace(sketch, numbers=numbers)
        try:
            diagnostics = Diagnostics.with_file(path, made.text())
        except LessonError as error:
            refused = refused or error.problems
            continue
        if any(each.code == "numbers-not-fit" for each in diagnostics.lesson.warnings):
            unfit.append((made, diagnostics))
            continue
        if not _is_finite(diagnostics):
            continue
        checked += sum(len(part.graph.ops) for part in diagnostics.lesson.parts) * weight
        composed, problems = _checked(made, diagnostics, path, said)
        refused = refused or problems
        fit += [composed] if composed is not None else []
    # Where no way to draw gives numbers that are fit for hand work, finite ones will do.
    for made, diagnostics in unfit if not fit else ():
        composed, problems = _checked(made, diagnostics, path, said)
        refused = refused or problems
        if composed is not None:
            return composed
    if not fit:
        raise LessonError(refused) if refused else UnclearError(msg("authoring.no-numbers"))
    return min(fit, key=lambda each: len(each.warnings))


def _is_finite(diagnostics: Diagnostics) -> bool:
    """Whether some seeds all give finite numbers, before the long check."""
    parts = diagnostics.lesson.parts
    try:
        return all(is_finite(run_at(part, draw(part, seed))) for part in parts for seed in range(_SEEDS))
    except EngineError:
        return False


def _checked(
    sketch: LessonSketch, diagnostics: Diagnostics, path: Path, said: Callable[[Message], None]
) -> tuple[Composed | None, tuple[Problem, ...]]:
    """The lesson with its questions, those left out that cannot be asked."""
    (part,) = diagnostics.lesson.parts
    run = run_at(part, draw(part, 0))
    first = ask = chosen_questions(part, run, sketch.inputs)
    problems: tuple[Problem, ...] = ()
    for _ in range(_TRIES):
        said(msg("authoring.doing-questions", count=len(ask)) if ask else msg("authoring.doing-default"))
        made = replace(sketch, ask=ask)
        text = made.text()
        try:
            problems = check_lesson(Diagnostics.with_file(path, text))
        except LessonError as error:
            problems = error.problems
        bad = [each for each in problems if each.severity == "error" or each.code in _DROPPED]
        if not any(each.severity == "error" for each in bad) and not (ask and bad):
            left_out = [each for each in first if each not in ask]
            remarks = (msg("authoring.remark-left-out", questions=left_out),) if left_out else ()
            return Composed(text, problems, remarks), ()
        if not ask:
            first = ask = default_questions(part, run, sketch.inputs)
            continue
        top = text.splitlines().index(next(row for row in text.splitlines() if row.startswith("ask:"))) + 2
        dropped = {each.line - top for each in bad}
        kept = tuple(each for k, each in enumerate(ask) if k not in dropped)
        if len(kept) == len(ask):
            break
        ask = kept or questions([("formula", name) for name in part.graph.inputs if not part.given[name].integer])
    return None, problems


def _title(path: Path) -> Localised:
    """The file's name as people write it; `Lesson` says nothing in another language, so both get it."""
    title = readable(path)
    return Localised(title, title)
