"""A command that cannot be carried out: what to say, and with which status to end."""

from collections.abc import Sequence
from pathlib import Path

from tutor.places import places
from tutor.text import Message, visible_lines

USAGE = 2


class Failure(Exception):  # noqa: N818 (it is what the learner meets, not an error of the program)
    """Ends the command with messages on standard error, and below them lines that are quoted as they are.

    `also` are failures that came with it, each of another file.
    """

    def __init__(
        self, *messages: Message, quoted: Sequence[str] = (), status: int = USAGE, also: "Sequence[Failure]" = ()
    ) -> None:
        super().__init__(*(message.id for message in messages))
        self.messages = messages
        self.quoted = quoted
        self.status = status
        self.also = also


def error_log() -> Path:
    """Where a developer finds what went wrong."""
    return places().data / "error.log"


def log(*errors: Exception) -> bool:
    """Put the traces of these into the log, in place of the ones before; says whether that could be done."""
    if not errors:
        return True
    import traceback

    traces = "\n".join("".join(traceback.format_exception(error)) for error in errors)
    try:
        error_log().parent.mkdir(parents=True, exist_ok=True)
        error_log().write_text(visible_lines(traces), encoding="utf-8")
    except OSError:
        return False
    return True
