"""Where a new lesson goes, what an empty one looks like, and writing it without overwriting anything."""

import re
from collections.abc import Container
from contextlib import suppress
from os.path import isdir, isfile, lexists
from pathlib import Path
from shlex import quote

from tutor.authoring.declarations import UnclearError
from tutor.kinds.editor_schema import schema_text
from tutor.places import named_path, places, real
from tutor.text import Language, Message, msg, say

_ID = re.compile(r"\w[\w-]*(/\w[\w-]*)*")
_PLAIN = re.compile(r"[\w./:\\~+@%-]+")
SCHEMA = "lesson.schema.json"


def path_of(name: str) -> Path:
    """The file for a new lesson: a path, with `.yaml`, or a name in the author's folder. Raises UnclearError."""
    path = named_path(name)
    if path.suffix in (".yaml", ".yml"):
        found = path
    elif path.is_absolute() or name.startswith("."):
        if path.suffix or name.endswith("/") or isdir(path):
            raise UnclearError(msg("authoring.name-without-suffix", name=name))
        found = path.with_suffix(".yaml")
    elif _ID.fullmatch(name):
        found = places().lessons / f"{name}.yaml"
    else:
        raise UnclearError(msg("authoring.not-an-id", name=name))
    if found.stem == "unit":
        raise UnclearError(msg("authoring.name-is-unit"))
    if lexists(found):
        raise UnclearError(msg("authoring.exists", path=str(found)))
    return found


def write_lesson(path: Path, text: str) -> None:
    """A new file; raises UnclearError where there is one by now, or none can be written."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _unwritable(path, error) from None
    try:
        file = path.open("x", encoding="utf-8", newline="\n")
    except FileExistsError:
        raise UnclearError(msg("authoring.exists", path=str(path))) from None
    except OSError as error:
        raise _unwritable(path, error) from None
    try:
        with file:
            file.write(text)
    except BaseException as error:  # Ctrl+C too
        with suppress(OSError):
            path.unlink()  # half a lesson would stand in the way of the next try
        if isinstance(error, OSError):
            raise _unwritable(path, error) from None
        raise


def _unwritable(path: Path, error: OSError) -> UnclearError:
    reason = error.strerror or type(error).__name__
    return UnclearError(msg("authoring.cannot-write", path=str(path), reason=reason))


def template(path: Path, language: Language, schema: str = "") -> str:
    """A lesson to start from, with a word on everything that most lessons have."""
    comment = f"# yaml-language-server: $schema={schema}\n" if schema else ""
    return comment + say(msg("authoring.template", title=readable(path)), language) + "\n"


def readable(path: Path) -> str:
    """The name of a file as a title: `two-layers.yaml` is `Two layers`."""
    title = path.stem.replace("-", " ").replace("_", " ").strip()
    return title[:1].upper() + title[1:] or path.stem


def schema_address() -> str:
    """The address of the schema that editors complete lessons with, written where it can be; else empty."""
    path = places().data / SCHEMA
    try:
        text = schema_text()
        if not isfile(path) or path.read_text("utf-8") != text:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
    except (OSError, UnicodeDecodeError):
        return ""
    return real(path).as_uri()


def next_steps(path: Path, commands: Container[str] = ()) -> tuple[Message, ...]:
    """What to do with a lesson that was just written; one called like a command is opened by its path."""
    named = places().lessons
    name = path.relative_to(named).with_suffix("").as_posix() if path.is_relative_to(named) else str(path)
    name = str(path) if name in commands else name
    return (
        msg("authoring.written", path=str(path)),
        msg("authoring.next-check", path=_quoted(str(path))),
        msg("authoring.next-preview", name=_quoted(name)),
        msg("authoring.next-open", name=_quoted(name)),
        msg("authoring.next-edit"),
    )


def _quoted(text: str) -> str:
    """A path as a shell takes it."""
    if _PLAIN.fullmatch(text):
        return text
    return quote(text) if re.search(r"[\"$`!]", text) else f'"{text}"'
