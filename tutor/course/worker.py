"""What a worker of `crew` does: it reads items from standard input and writes results to standard output."""

import os
import pickle
import select
import signal
import sys
from contextlib import suppress
from threading import Thread

from tutor.course.worker_pool import Lost

_BYTES = 2 << 30  # of memory, for all that a worker holds


def labour() -> None:
    """Answer until nobody asks any more."""
    if hasattr(select, "poll"):
        Thread(target=_end_with_who_asks, daemon=True).start()
    asked, answers = sys.stdin.buffer, os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    # What a library prints must not get among the answers.
    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, sys.stdout.fileno())
    with suppress(EOFError, OSError):
        work, behind, seconds = pickle.load(asked)
        if behind and hasattr(os, "nice"):
            os.nice(10)
        _limit_memory()
        while True:
            for item in pickle.load(asked):
                _limit_time(seconds)
                try:
                    result = work(item)
                except Exception as error:  # one item that fails must not cost the others
                    result = Lost(type(error).__name__)
                _limit_time(0.0)
                pickle.dump([result], answers)
                answers.flush()


def _end_with_who_asks() -> None:
    """In a thread: end, in the midst of an item too, when the process that asks has ended."""
    poll = select.poll()
    poll.register(sys.stdin, 0)  # nothing but its end
    poll.poll()
    os._exit(1)


def _limit_time(seconds: float) -> None:
    """End this process when it has worked for so long; a signal does so in the midst of NumPy too. 0: no limit."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_PROF, seconds)


def _limit_memory() -> None:
    """What is too large for this process is an error, and not the end of other programs."""
    with suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_DATA, (_BYTES, resource.getrlimit(resource.RLIMIT_DATA)[1]))
