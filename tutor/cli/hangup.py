"""A closed terminal ends the program, whatever it is doing; what is not saved by then goes into a rescue file."""

import os
import select
import signal
import sys
import time
from collections.abc import Callable
from threading import Thread
from types import FrameType

_GRACE = 1.0  # seconds for the orderly way out


def end_with_terminal(last_words: Callable[[], object]) -> None:
    """From now on watch the terminal, and end without ceremony where nothing else does in time; `last_words` first.

    A signal alone would not do: Python hears it between two steps of its own, and the screens when they are idle.
    """
    if hasattr(select, "poll") and (terminal := _terminal()) is not None:
        Thread(target=_watch, args=(terminal, last_words), daemon=True).start()


def leave_when_told() -> None:
    """Raise SystemExit at SIGHUP and SIGTERM, so that what is open is closed; one that is ignored stays so."""
    if os.name == "posix":
        for number in (signal.SIGHUP, signal.SIGTERM):
            if signal.getsignal(number) is signal.SIG_DFL:
                signal.signal(number, _leave)


def _leave(number: int, frame: FrameType | None) -> None:
    raise SystemExit(128 + number)


def _terminal() -> int | None:
    streams = (stream for stream in (sys.__stdin__, sys.__stdout__) if stream is not None and not stream.closed)
    return next((stream.fileno() for stream in streams if stream.isatty()), None)


def _watch(terminal: int, last_words: Callable[[], object]) -> None:
    poll = select.poll()
    poll.register(terminal, 0)  # nothing but its end
    if any(what & (select.POLLHUP | select.POLLERR) for _, what in poll.poll()):
        time.sleep(_GRACE)
        try:
            last_words()
        finally:
            os._exit(128 + signal.SIGHUP)
