"""Errors of our own: the learner is told in a sentence, and what a developer needs goes into a file."""

import traceback
from pathlib import Path

from tutor.places import places
from tutor.text import visible_lines


def log(*errors: BaseException) -> Path | None:
    """Put the traces of these into the file, in place of those before; None where it cannot be written."""
    file = places().error_log
    traces = "\n".join("".join(traceback.format_exception(error)) for error in errors)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(visible_lines(traces), encoding="utf-8")
    except OSError:
        return None
    return file
