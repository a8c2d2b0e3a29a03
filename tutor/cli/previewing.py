"""`tutor preview`: a lesson that is being written, on the screens or as lines of text."""

import gc
from os.path import exists, isdir
from pathlib import Path

from tutor.cli.failure import Failure
from tutor.cli.lessons import find
from tutor.cli.opening import has_screen
from tutor.cli.options import Options
from tutor.places import named_path
from tutor.text import msg


def preview(name: str, options: Options) -> int:
    """Show the lesson in a file, anew at every save, until the author leaves; returns the exit status."""
    path = _path(name)
    if options.plain or not has_screen():
        from tutor.cli.plain_preview import preview_as_lines

        return preview_as_lines(path, options)
    gc.disable()  # as for the course: what is imported now stays
    from tutor.ui.preview_app import PreviewApp

    app = PreviewApp(
        path,
        seed=options.seed,
        language=options.language,
        ascii=options.ascii,
        quiet_feedback=options.quiet_feedback,
    )
    gc.freeze()
    gc.enable()
    app.run()
    return app.return_code or 0


def _path(name: str) -> Path:
    """The file, there or not yet: only what looks like no file is looked for in the course."""
    path = named_path(name)
    if isdir(path):
        raise Failure(msg("authoring.preview-one-file", path=name))
    if exists(path) or path.suffix in (".yaml", ".yml"):
        return path
    return find(name)
