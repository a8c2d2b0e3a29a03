"""Runs the command line; whatever goes wrong, the learner gets a sentence and the shell a status."""

import os
import sys
import warnings
from collections.abc import Sequence
from typing import TYPE_CHECKING

from tutor.cli.failure import USAGE, Failure
from tutor.text import Language, Message, msg, say

if TYPE_CHECKING:
    import click

INTERRUPTED = 130
BROKEN_PIPE = 141
BROKEN = 70


def main(arguments: Sequence[str] | None = None) -> int:
    """The `tutor` command; returns the exit status.

    0: done, all right. 1: not all answers right, or a drill that is not finished. 2: the command, a lesson or a
    file cannot be used. 130: interrupted. 141: nobody read the output to its end. 70: an error of ours.
    """
    try:
        return _main(arguments)
    except KeyboardInterrupt:
        return INTERRUPTED


def _main(arguments: Sequence[str] | None) -> int:
    given = list(sys.argv[1:] if arguments is None else arguments)
    import click

    from tutor.cli.command_line import command_line
    from tutor.cli.options import language_asked
    from tutor.cli.output import complain

    language = language_asked(given)
    _prepare_streams()
    if not sys.warnoptions:
        warnings.simplefilter("ignore")  # what went wrong is said in a sentence of ours, at its place
    try:
        status = command_line(language).main(given, prog_name="tutor", standalone_mode=False)
        sys.stdout.flush()
    except BrokenPipeError:
        return _forget_output(BROKEN_PIPE)
    except SystemExit as stop:  # click leaves like this after a completion, and with 1 where a pipe broke
        if stop.code == 1 and "_TUTOR_COMPLETE" not in os.environ:
            return _forget_output(BROKEN_PIPE)
        return stop.code if isinstance(stop.code, int) else 0
    except (KeyboardInterrupt, click.Abort):
        return INTERRUPTED
    except click.UsageError as error:
        return _complain(language, _usage(error), msg("cli.see-help", command=_path(error)))
    except click.ClickException as error:
        return _complain(language, msg("cli.wrong", reason=error.format_message()))
    except Failure as failure:
        for each in (failure, *failure.also):
            _complain(language, *each.messages)
            for line in each.quoted:
                complain(line)
        return failure.status
    except OSError as error:  # a full disk behind `>`, a folder that is a link to itself: nothing of ours
        _forget_output()
        where = "" if error.filename is None else f"{os.fsdecode(error.filename)}: "
        return _complain(language, msg("cli.wrong", reason=f"{where}{error.strerror or type(error).__name__}"))
    except Exception as error:
        return INTERRUPTED if _is_interrupt(error) else _our_fault(error, language)
    return status if isinstance(status, int) else 0


def _prepare_streams() -> None:
    """Nothing about the streams we are given is a reason to stop: not one that is closed, not a narrow encoding."""
    sys.stdin = sys.stdin or open(os.devnull, encoding="utf-8")  # noqa: SIM115
    sys.stdout = sys.stdout or open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
    sys.stderr = sys.stderr or open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")


def _complain(language: Language, *messages: Message) -> int:
    from tutor.cli.output import complain

    for message in messages:
        complain(f"tutor: {say(message, language)}" if message is messages[0] else say(message, language))
    return USAGE


def _path(error: "click.UsageError") -> str:
    path = error.ctx.command_path if error.ctx is not None else "tutor"
    return path.removesuffix(" open")


def _usage(error: "click.UsageError") -> Message:
    import click

    if isinstance(error, click.NoSuchOption):
        if error.possibilities:
            return msg("cli.no-such-option-near", option=error.option_name, near=error.possibilities[0])
        return msg("cli.no-such-option", option=error.option_name)
    if isinstance(error, click.MissingParameter):
        return msg("cli.missing", name=_name(error.param))
    if isinstance(error, click.BadParameter) and error.param is not None:
        names = {"seed": "cli.bad-seed", "lang": "cli.bad-lang", "shell": "cli.bad-shell", "format": "cli.bad-format"}
        if error.param.name in names:
            return msg(names[error.param.name])
    if isinstance(error, click.BadOptionUsage):
        return msg("cli.option-without-value", option=error.option_name)
    return msg("cli.wrong", reason=error.format_message())


def _name(param: "click.Parameter | None") -> str:
    return param.human_readable_name.upper().rstrip(".") if param is not None else "?"


def _forget_output(status: int = 0) -> int:
    """Keep Python from complaining at exit that nobody reads any more, or that there is no room."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
    return status


def _is_interrupt(error: BaseException | None) -> bool:
    """Whether a library made an error of its own of Ctrl+C, as pydantic does while it is imported."""
    return error is not None and (
        isinstance(error, KeyboardInterrupt) or "KeyboardInterrupt" in str(error) or _is_interrupt(error.__context__)
    )


def _our_fault(error: Exception, language: Language) -> int:
    """One sentence for the learner; what a developer needs goes into a file."""
    from tutor.learner.error_log import log

    name, file = type(error).__name__, log(error)
    if file is None:
        _complain(language, msg("cli.our-fault", error=name))
    else:
        _complain(language, msg("cli.our-fault-see", error=name, path=str(file)))
    return BROKEN
