"""`tutor new`: a template, or a lesson made from formulas or from a Python function."""

import sys
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from tutor.authoring.composing import Composed, ShapesWantedError, compose
from tutor.authoring.declarations import Declared, UnclearError, declaration, declarations, sizes_from, with_all_sizes
from tutor.authoring.lesson_writing import next_steps, path_of, schema_address, template, write_lesson
from tutor.authoring.python.read_function import read_function
from tutor.authoring.typed_formulas import formulas
from tutor.cli.failure import Failure
from tutor.cli.named_lessons import problem_lines
from tutor.cli.options import Options
from tutor.cli.output import complain, display_width, write
from tutor.cli.progress import ProgressLine
from tutor.lesson.file.document import read_text
from tutor.lesson.file.problem import LessonError
from tutor.places import named_path
from tutor.text import Localised, Message, msg, say, visible

_NARROW: dict[int, int | str] = {**{code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}, ord("、"): ","}


@dataclass(frozen=True, slots=True)
class LessonSource:
    """What a lesson is made from: formulas as typed, or a function in a Python file; neither for the template."""

    formulas: str | None = None
    python: str | None = None
    function: str | None = None
    shapes: str = ""
    sizes: str = ""
    output: str | None = None


def create(name: str, source: LessonSource, options: Options, commands: Collection[str] = ()) -> int:
    """Write a lesson that passes `tutor check` and say what to do next. Raises Failure where none can be made.

    A bare name that is one of the `commands` would not be opened as a lesson.
    """
    _refuse_unfitting(source)
    source = _narrowed(source)
    remarks: tuple[Message, ...] = ()
    try:
        path = path_of(name)
        if source.formulas is None and source.python is None:
            text = template(path, options.language, schema_address())
        else:
            text, remarks = _composed(path, source, options)
        write_lesson(path, text)
    except UnclearError as error:
        raise Failure(error.message, quoted=_caret(error.text, error.at)) from None
    except LessonError as error:
        lines = problem_lines(error.problems, options.language)
        raise Failure(msg("authoring.no-lesson", count=len(error.problems)), quoted=lines) from None
    written, *steps = next_steps(path, commands)
    for message in (written, *remarks, *steps):
        write(say(message, options.language), options)
    return 0


def _narrowed(source: LessonSource) -> LessonSource:
    """What was typed with a Chinese keyboard's punctuation in that of ours, letter for letter."""
    formulas = None if source.formulas is None else source.formulas.translate(_NARROW)
    return replace(
        source, formulas=formulas, shapes=source.shapes.translate(_NARROW), sizes=source.sizes.translate(_NARROW)
    )


def _refuse_unfitting(source: LessonSource) -> None:
    if source.formulas is not None and source.python is not None:
        raise Failure(msg("authoring.from-twice"))
    if source.function is not None and source.python is None:
        raise Failure(msg("authoring.function-without-file"))
    if source.output is not None and source.python is None:
        raise Failure(msg("authoring.output-without-file"))
    if (source.shapes or source.sizes) and source.formulas is None and source.python is None:
        raise Failure(msg("authoring.shapes-without-formula"))


def _composed(path: Path, source: LessonSource, options: Options) -> tuple[str, tuple[Message, ...]]:
    """The lesson's text and what was assumed, while a line says what is being done."""
    saying = ProgressLine(options)
    saying.show(msg("authoring.doing-reading"))
    try:
        made = _with_shapes(path, source, options, saying)
    finally:
        saying.clear()
    return made.text, made.remarks


def _with_shapes(path: Path, source: LessonSource, options: Options, saying: ProgressLine) -> Composed:
    """Asks for missing shapes where somebody sits at a terminal."""
    declared, numbers = declarations(source.shapes), sizes_from(source.sizes)
    while True:
        try:
            return _made(source, declared, numbers, path, options, saying)
        except ShapesWantedError as wanted:
            saying.clear()
            declared |= _asked_for(wanted, options)
        except LessonError as error:
            names = _unsized(error, declared)
            if not names or not _at_terminal():
                raise
            saying.clear()
            declared |= _asked_for(ShapesWantedError(names, ()), options)


def _made(
    source: LessonSource,
    declared: Mapping[str, Declared],
    numbers: Mapping[str, int],
    path: Path,
    options: Options,
    saying: ProgressLine,
) -> Composed:
    schema, language = schema_address(), options.language
    if source.python is None:
        sizes = with_all_sizes(numbers, declared.values())
        typed = formulas(source.formulas or "")
        return compose(typed, declared, sizes, path, None, schema, language, (), saying.show)
    file = named_path(source.python)
    wanted = [name.strip() for name in (source.output or "").split(",") if name.strip()]
    read = read_function(read_text(file), str(file), source.function, declared, wanted, numbers)
    title = Localised(f"Gradients of {read.name}", f"{read.name} 的梯度")
    left = {name: size for name, size in numbers.items() if name not in read.numbers}
    sizes = with_all_sizes(left, read.inputs.values())
    lines = list(read.formulas)
    made = compose(lines, read.inputs, sizes, path, title, schema, language, read.results, saying.show)
    return replace(made, remarks=(*read.notes, *made.remarks))


def _asked_for(wanted: ShapesWantedError, options: Options) -> dict[str, Declared]:
    """The shapes that were missing, from the terminal; raises Failure where there is none."""
    if not _at_terminal():
        raise Failure(_wanted(wanted), msg("authoring.shapes-example"))
    complain(say(msg("authoring.ask-shapes"), options.language))
    found = {}
    for name in wanted.names:
        while name not in found:
            complain(f"  {name}: ", end="")
            typed = sys.stdin.readline()
            if not typed:
                raise Failure(_wanted(wanted), msg("authoring.shapes-example"))
            try:
                found[name] = declaration(name, typed.translate(_NARROW))
            except UnclearError as error:
                complain(say(error.message, options.language))
    return found


def _at_terminal() -> bool:
    return sys.stdin.isatty() and sys.stderr.isatty()


def _unsized(error: LessonError, declared: Mapping[str, Declared]) -> list[str]:
    """Arguments whose size the function speaks of and nobody has told; empty where anything else is wrong too."""
    names = [str(each.message.params.get("name", "")) for each in error.problems]
    told = any(each.code != "python-size" for each in error.problems)
    return [] if told or not all(n.isidentifier() and n not in declared for n in names) else list(dict.fromkeys(names))


def _wanted(wanted: ShapesWantedError) -> Message:
    labels = [name for name in wanted.names if name in wanted.labels]
    if labels:
        return msg("authoring.labels-wanted", names=list(wanted.names), labels=labels)
    return msg("authoring.shapes-wanted", names=list(wanted.names))


def _caret(text: str, at: int) -> list[str]:
    """The line of what was typed where the trouble lies, and a caret below the spot."""
    if not text.strip():
        return []
    start = text.rfind("\n", 0, at) + 1
    row = text[start:].split("\n")[0]
    return [f"    {visible(row)}", f"    {' ' * display_width(visible(row[: at - start]))}^"]
