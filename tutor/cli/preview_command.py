"""`tutor preview`: a lesson that is being written, on the screens or as lines of text."""

from os.path import exists, isdir
from pathlib import Path

from tutor.cli.failure import Failure
from tutor.cli.named_lessons import find
from tutor.cli.open_command import has_screen
from tutor.cli.options import Options
from tutor.cli.plain_preview import preview_as_lines
from tutor.cli.run_screens import run, screens
from tutor.places import named_path
from tutor.text import msg
from tutor.ui.preview_app import PreviewApp


def preview(name: str, options: Options) -> int:
    """Show the lesson in a file, anew at every save, until the author leaves; returns the exit status."""
    path = _path(name)
    if options.plain or not has_screen():
        return preview_as_lines(path, options)
    return run(lambda: _app(path, options))


def _app(path: Path, options: Options) -> PreviewApp:
    return PreviewApp(path, **screens(options))


def _path(name: str) -> Path:
    """The file, there or not yet: only what looks like no file is looked for in the course."""
    path = named_path(name)
    if isdir(path):
        raise Failure(msg("authoring.preview-one-file", path=name))
    if exists(path) or path.suffix in (".yaml", ".yml"):
        return path
    return find(name)
