"""A lesson file becomes a `Lesson`, or a list of everything that is wrong with it."""

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeAlias

from pydantic import ValidationError

from tutor.lesson.asking import asks_of
from tutor.lesson.course import Unit
from tutor.lesson.document import Document, Steps, parse_document, read_text
from tutor.lesson.giving import given_of, positive_names
from tutor.lesson.lines import build_graph, check_names, parse_lines, shapes_at
from tutor.lesson.model import Given, Lesson, Part
from tutor.lesson.outcome import check_draw, check_hints
from tutor.lesson.problem import LessonError, nearest
from tutor.lesson.reports import report_all
from tutor.lesson.schema import LessonModel, PartFields, PartModel, UnitModel
from tutor.lesson.schema_base import TextByLanguage
from tutor.lesson.sizes import shape_of
from tutor.places import bundled_lessons, lesson_folders
from tutor.text import Localised, msg

Resolve: TypeAlias = Callable[[str], Path | None]
_ID = re.compile(r"[\w-]+(/[\w-]+)*")


def load(path: Path | str, resolve: Resolve | None = None) -> Lesson:
    """The lesson in a file; `resolve` finds the file of a lesson's id, for `from:`.

    Raises LessonError with all problems at once.
    """
    path = Path(path)
    return load_text(read_text(path), path, resolve)


def load_text(text: str, path: Path, resolve: Resolve | None = None) -> Lesson:
    """The lesson in a text that stands, or would stand, at `path`; raises LessonError."""
    document = parse_document(text, str(path))
    return _Loader(document, path, resolve or _beside(path)).lesson()


def load_unit(path: Path, id: str) -> Unit:
    """The unit that a `unit.yaml` describes, without its lessons; raises LessonError."""
    document = parse_document(read_text(path), str(path))
    try:
        model = UnitModel.model_validate(document.data if isinstance(document.data, dict) else {})
    except ValidationError as error:
        report_all(document, error, UnitModel)
        raise document.refuse() from None
    if document.errors:
        raise document.refuse()
    about = None if model.about is None else _localised(model.about)
    return Unit(id, _localised(model.title), float(model.order), about, tuple(model.lessons or ()))


def lesson_id(path: Path) -> str:
    """The path below a folder of lessons without its suffix; elsewhere, or where it is hidden, the whole path."""
    whole = path.resolve()
    roots = [folder.resolve() for folder in lesson_folders()]
    for k, root in enumerate(roots):
        if whole.is_relative_to(root) and whole.suffix == ".yaml":
            below = whole.relative_to(root)
            hidden = any((earlier / below).is_file() for earlier in roots[:k])
            return whole.as_posix() if hidden else below.with_suffix("").as_posix()
    return whole.as_posix()


def _beside(path: Path) -> Resolve:
    """Finds lessons beside the unit of this one, and in all folders of lessons."""

    def resolve(id: str) -> Path | None:
        if not _ID.fullmatch(id):
            return None
        roots = (path.resolve().parent.parent, bundled_lessons(), *lesson_folders())
        return next((file for root in roots if (file := root / f"{id}.yaml").is_file()), None)

    return resolve


class _Loader:
    """Collects problems in the document while it builds the parts; nothing is raised before all is seen."""

    def __init__(self, document: Document, path: Path, resolve: Resolve) -> None:
        self.document, self.path, self.resolve = document, path, resolve

    def lesson(self) -> Lesson:
        document = self.document
        if not isinstance(document.data, dict):
            document.report((), msg("lesson.not-a-map"))
            raise document.refuse()
        try:
            model = LessonModel.model_validate(document.data)
        except ValidationError as error:
            report_all(document, error, LessonModel)
            self._judge_formulas_anyway()
            raise document.refuse() from None
        if model.parts is None:
            parts = [self._part((), model, model)]
        else:
            parts = [self._part(("parts", k), each, model) for k, each in enumerate(model.parts)]
        hints = {id: tuple(_localised(text) for text in texts) for id, texts in (model.hints or {}).items()}
        check_hints(document, hints, parts, model.parts is not None)
        if document.errors:
            raise document.refuse()
        return Lesson(
            id=lesson_id(self.path),
            path=self.path,
            title=_localised(model.title),
            about=None if model.about is None else _localised(model.about),
            covers=tuple(model.covers or ()),
            source=model.source,
            requires=tuple(model.requires or ()),
            parts=tuple(part for part in parts if part is not None),
            has_parts=model.parts is not None,
            hints=hints,
            worked=model.worked or 0,
            tolerance=model.tolerance,
            strict=model.strict,
            saturated=model.saturated,
            plots=tuple(model.plots or ()),
            borrows=tuple(part.from_ for part in model.parts or () if part.from_ is not None),
            warnings=tuple(document.problems),
        )

    def _part(self, at: Steps, fields: PartFields, model: LessonModel) -> Part | None:
        document = self.document
        if isinstance(fields, PartModel) and fields.from_ is not None:
            return self._part_from(at, fields, model)
        sizes = dict(fields.sizes or {})
        entries = fields.given or {}
        lines = fields.graph or {}
        check_names(document, at, sizes, entries, lines)
        _warn_of_equal_sizes(document, at, sizes)
        trees = parse_lines(document, at, lines, entries, sizes)
        positive = positive_names(trees.values())
        given = {
            name: made
            for name, entry in entries.items()
            if (made := given_of(document, (*at, "given", name), name, entry, sizes, positive)) is not None
        }
        upstream = {
            name: made
            for name, entry in (fields.upstream or {}).items()
            if (made := given_of(document, (*at, "upstream", name), name, entry, sizes, frozenset())) is not None
        }
        graph = None
        if not document.errors:
            graph = build_graph(document, at, trees, given, sizes, upstream)
        if graph is None:
            self._check_upstream_names(at, upstream, lines)
            return None
        ask = asks_of(document, at, fields.ask, graph, given)
        self._check_outputs(at, graph, given, upstream, sizes)
        _warn_of_unused(document, at, graph)
        part = Part(
            name=_localised(fields.name) if isinstance(fields, PartModel) and fields.name is not None else None,
            sizes=sizes,
            given=given,
            trees=trees,
            graph=graph,
            upstream=upstream,
            convention=fields.convention or model.convention or "shape",
            ask=ask,
            worked=fields.worked or 0,
            saturated=model.saturated,
            number=_number(at),
        )
        if not document.errors:
            check_draw(document, at, part)
        return part

    def _part_from(self, at: Steps, fields: PartModel, model: LessonModel) -> Part | None:
        document, id = self.document, str(fields.from_)
        steps = (*at, "from")
        found = self.resolve(id)
        if found is None or found.resolve() == self.path.resolve():
            document.report(steps, msg("lesson.no-such-lesson", name=id))
            return None
        try:
            source = load(found, lambda _: None)
        except LessonError as error:
            document.report(steps, msg("lesson.from-broken", name=id, count=len(error.problems)))
            return None
        if source.has_parts:
            document.report(steps, msg("lesson.from-has-parts", name=id))
            return None
        part = source.parts[0]
        ask = part.ask if fields.ask is None else asks_of(document, at, fields.ask, part.graph, part.given)
        return Part(
            name=_localised(fields.name) if fields.name is not None else source.title,
            sizes=part.sizes,
            given=part.given,
            trees=part.trees,
            graph=part.graph,
            upstream=part.upstream,
            convention=fields.convention or model.convention or part.convention,
            ask=ask,
            worked=fields.worked or 0,
            saturated=part.saturated or model.saturated,
            number=_number(at),
        )

    def _judge_formulas_anyway(self) -> None:
        """Where the form of a file is wrong, its formulas and names are judged all the same, as far as they stand."""
        data = self.document.data
        parts = data.get("parts")
        for at, part in [((), data), *((("parts", k), each) for k, each in enumerate(_list(parts)))]:
            if not isinstance(part, dict):
                continue
            sizes, given, graph = (_map(part.get(key)) for key in ("sizes", "given", "graph"))
            lines = {name: value for name, value in graph.items() if isinstance(value, str | int | float)}
            check_names(self.document, at, sizes, given, lines)
            parse_lines(self.document, at, lines, [*given, *graph], sizes)

    def _check_upstream_names(self, at: Steps, upstream: Mapping[str, Given], lines: Mapping[str, object]) -> None:
        for name in upstream:
            if name not in lines:
                near = nearest(name, lines)
                message = (
                    msg("lesson.unknown-line", name=name)
                    if near is None
                    else msg("lesson.unknown-name", name=name, near=near)
                )
                self.document.report_key((*at, "upstream", name), message, code="unknown-name")

    def _check_outputs(
        self, at: Steps, graph: Any, given: Mapping[str, Given], upstream: Mapping[str, Given], sizes: Mapping[str, int]
    ) -> None:
        """Every output is one number, or is told the gradient that arrives."""
        document = self.document
        self._check_upstream_names(at, upstream, graph.lines)
        shapes = shapes_at(graph, given, sizes)
        for name, each in upstream.items():
            if name in graph.lines and shape_of(each, sizes) != shapes[name]:
                declared = shape_of(each, sizes)
                message = msg("lesson.upstream-shape", name=name, shape=shapes[name], declared=declared)
                document.report((*at, "upstream", name), message)
        missing = [name for name in graph.outputs if name not in upstream]
        for name in missing:
            entries = 1
            for size in shapes[name]:
                entries *= size
            if len(graph.outputs) > 1:
                others = [each for each in graph.outputs if each != name]
                message = msg("lesson.several-outputs", name=name, others=others)
                document.report_key((*at, "graph", name), message)
            elif entries != 1:
                message = msg("lesson.output-needs-upstream", name=name, shape=shapes[name])
                document.report_key((*at, "graph", name), message)


def _localised(text: str | TextByLanguage) -> Localised:
    return Localised(text) if isinstance(text, str) else Localised(text.en, text.zh)


def _warn_of_equal_sizes(document: Document, at: Steps, sizes: Mapping[str, int]) -> None:
    first: dict[int, str] = {}
    for name, size in sizes.items():
        if size in first:
            message = msg("lesson.equal-sizes", first=first[size], second=name, size=size)
            document.report_key((*at, "sizes", name), message, severity="warning")
        first.setdefault(size, name)


def _warn_of_unused(document: Document, at: Steps, graph: Any) -> None:
    used = {j for arguments in graph.arguments for j in arguments}
    for name in graph.inputs:
        if graph.index[name] not in used:
            document.report_key((*at, "given", name), msg("lesson.unused", name=name), severity="warning")


def _number(at: Steps) -> int:
    return next((step for step in at if isinstance(step, int)), 0)


def _map(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
