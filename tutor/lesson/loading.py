"""A lesson file becomes a `Lesson`, or a list of everything that is wrong with it."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple, TypeAlias

from pydantic import ValidationError

from tutor.folders.locate import lesson_id, resolve
from tutor.lesson.draw_checks import check_hints
from tutor.lesson.file.document import Document, Steps, parse_document, read_text
from tutor.lesson.file.partial_load import partial_lesson
from tutor.lesson.file.problem import LessonError
from tutor.lesson.file.schema import LessonModel, PartModel, UnitModel
from tutor.lesson.file.schema_errors import report_schema_errors
from tutor.lesson.file.yaml_repair import wide_colon
from tutor.lesson.lesson_model import lesson_model
from tutor.lesson.model import Lesson, Part
from tutor.lesson.parts import borrowed_part, build_part, localised
from tutor.places import real
from tutor.text import Localised, msg

MOST_PARTS = 30
Resolve: TypeAlias = Callable[[str], Path | None]
Read: TypeAlias = Callable[[Path], str]


class UnitInfo(NamedTuple):
    """What a `unit.yaml` says; `lessons` are the names that it puts in order."""

    title: Localised
    order: float
    about: Localised | None
    lessons: tuple[str, ...]


def load(path: Path | str, resolve: Resolve | None = None) -> Lesson:
    """The lesson in a file; `resolve` finds the file of a lesson's id, for `from:`.

    Raises LessonError with all problems at once.
    """
    path = Path(path)
    return load_text(read_text(path), path, resolve)


def load_text(text: str, path: Path, resolve: Resolve | None = None, read: Read = read_text) -> Lesson:
    """The lesson in a text that stands, or would stand, at `path`; raises LessonError.

    `resolve` finds the file of a lesson's id, for `from:`, and `read` gives its text.
    """
    document = parse_document(text, str(path))
    return _Loader(document, path, resolve or _beside(path), read).lesson()


def load_unit(text: str, path: Path) -> UnitInfo:
    """What a `unit.yaml` at `path` with this text says; raises LessonError."""
    document = parse_document(text, str(path))
    try:
        model = UnitModel.model_validate(document.data if isinstance(document.data, dict) else {})
    except ValidationError as error:
        report_schema_errors(document, error, UnitModel)
        raise document.refuse() from None
    if document.errors:
        raise document.refuse()
    about = None if model.about is None else localised(model.about)
    return UnitInfo(localised(model.title), float(model.order), about, tuple(model.lessons or ()))


def _beside(path: Path) -> Resolve:
    """Finds lessons of the folder of lessons that this one stands in, and of all others."""
    return lambda id: resolve(id, path)


class _Loader:
    """Collects problems in the document while it builds the parts; nothing is raised before all is seen."""

    def __init__(self, document: Document, path: Path, resolve: Resolve, read: Read) -> None:
        self.document, self.path, self.resolve, self.read = document, path, resolve, read

    def lesson(self) -> Lesson:
        document = self.document
        model = self._model()
        title = document.data.get("title")
        english = title.get("en") if isinstance(title, dict) else title
        if isinstance(english, str) and not english.strip():
            document.report(("title",), msg("lesson.empty-title"))
        if len(model.parts or ()) > MOST_PARTS:
            message = msg("lesson.too-many-parts", parts=len(model.parts or ()), most=MOST_PARTS)
            document.report_key(("parts",), message)
            raise document.refuse()
        if model.parts is None:
            parts = [build_part(document, (), model, model)]
        else:
            parts = [self._part(("parts", k), each, model) for k, each in enumerate(model.parts)]
        hints = {
            id: tuple(localised(text) for text in (texts if isinstance(texts, list) else [texts]))
            for id, texts in (model.hints or {}).items()
        }
        check_hints(document, hints, parts, model.parts is not None)
        if document.errors:
            raise document.refuse()
        return Lesson(
            id=lesson_id(self.path),
            path=self.path,
            title=localised(model.title),
            about=None if model.about is None else localised(model.about),
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
            plots=(model.plots,) if isinstance(model.plots, str) else tuple(model.plots or ()),
            borrows=tuple(part.from_ for part in model.parts or () if part.from_ is not None),
            warnings=tuple(document.problems),
        )

    def _model(self) -> LessonModel:
        """The lesson as the schema sees it; where it refuses pieces, they are noted, and the rest goes on."""
        document = self.document
        if not isinstance(document.data, dict):
            slip = wide_colon(document.text)
            if slip is not None:
                document.report_at(*slip)
            else:
                document.report((), msg("lesson.not-a-map"))
            raise document.refuse()
        model = lesson_model()
        try:
            return model.model_validate(document.data)
        except ValidationError as error:
            report_schema_errors(document, error, model)
            rest = partial_lesson(document, error)
        if rest is None:
            raise document.refuse()
        return rest

    def _part(self, at: Steps, fields: PartModel, model: LessonModel) -> Part | None:
        document, id = self.document, fields.from_
        if id is None:
            return build_part(document, at, fields, model)
        found = self.resolve(id)
        if found is None or real(found) == real(self.path):
            document.report((*at, "from"), msg("lesson.no-such-lesson", name=id))
            return None
        try:
            # A part borrows from a lesson of one graph; what that one would borrow is never looked for.
            source = load_text(self.read(found), found, lambda _: None)
        except LessonError as error:
            document.report((*at, "from"), msg("lesson.from-broken", name=id, count=len(error.problems)))
            return None
        if source.has_parts:
            document.report((*at, "from"), msg("lesson.from-has-parts", name=id))
            return None
        return borrowed_part(document, at, fields, model, source.parts[0], source.title)
