"""Work on many files shared among processes: no orphans, and who is killed is missed, not waited for."""

import multiprocessing
import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, redirect_stderr, suppress
from dataclasses import dataclass, field
from functools import partial
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any, TypeVar

from pebble import ProcessExpired, ProcessPool

Item = TypeVar("Item")
Result = TypeVar("Result")
SECONDS = 20.0  # of a processor's time for an item, on systems that can tell
_BYTES = 2 << 30  # of memory, for all that a worker holds
_FALSE_STARTS = 5  # workers that end before anybody has done anything: something is wrong with all of them
_WORKER_KILLED = ("BrokenProcessPool", "KilledWorker")  # what another executor, and Dask's, says of it
_BLINK = 0.5  # seconds between two looks up, so that Ctrl+C is heard on every system


@dataclass(frozen=True, slots=True)
class Lost:
    """In place of a result: the process that worked at the item was killed, or failed with an error of this name.

    `late`: it was killed since it worked at the item for too long.
    """

    error: str = ""
    late: bool = False
    cause: Exception | None = field(default=None, compare=False)
    """The error, with where it happened."""


def cores() -> int:
    """The cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def shared(
    work: Callable[[Item], Result],
    items: Sequence[Item],
    pool: Executor,
    idle: Callable[[], None] | None = None,
) -> Iterator[tuple[int, Result | Lost]]:
    """Pairs of an item's place and `work(item)`, as they are done; `work` is a function of a module.

    `idle` is called from time to time while no result comes.
    """
    news: SimpleQueue[tuple[int, Future[Result]]] = SimpleQueue()
    for place, item in enumerate(items):
        pool.submit(work, item).add_done_callback(partial(_tell, news, place))
    left, works = set(range(len(items))), False
    while left and (works or len(items) - len(left) < _FALSE_STARTS):
        try:
            place, future = news.get(timeout=_BLINK)
        except Empty:
            if isinstance(pool, WorkerPool) and pool.is_broken:
                break
            if idle is not None:
                idle()
            continue
        left.remove(place)
        found = _outcome(future)
        works = works or found != Lost()
        yield place, found
    yield from ((place, Lost()) for place in sorted(left))


def _tell(news: "SimpleQueue[tuple[int, Future[Result]]]", place: int, future: "Future[Result]") -> None:
    news.put((place, future))


def _outcome(future: "Future[Result]") -> Result | Lost:
    try:
        return future.result()
    except ProcessExpired as error:
        return Lost(late=error.exitcode == -getattr(signal, "SIGPROF", 0) < 0)
    except Exception as error:  # one item that fails must not cost the others
        name = type(error).__name__
        return Lost() if name in _WORKER_KILLED else Lost(name, cause=error)


class WorkerPool(Executor):
    """Processes of this machine, each begun anew: a copy of one with threads or screens is none to rely on.

    `behind` a screen they give way to it. Nobody works at an item for more than so many `seconds`. Leaving the pool
    ends them at whatever they are; they end by themselves when this process is killed, and never hear of Ctrl+C,
    which means this one.
    """

    def __init__(self, workers: int, *, behind: bool = False, seconds: float = SECONDS) -> None:
        _start_quiet_tracker()
        spawn = multiprocessing.get_context("spawn")
        self._pool = ProcessPool(workers, initializer=_prepare, initargs=(behind, seconds), context=spawn)

    @property
    def is_broken(self) -> bool:
        """Whether nobody will work any more."""
        return not self._pool.active

    def submit(self, work: Callable[..., Any], /, *arguments: Any, **named: Any) -> "Future[Any]":
        """The work as a future."""
        try:
            with _deaf():
                return self._pool.schedule(_limited, (work, *arguments), named)
        except RuntimeError as error:  # no worker can be started
            failed: Future[Any] = Future()
            failed.set_exception(BrokenProcessPool(str(error)))
            return failed

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = True) -> None:
        """End all workers, whatever they are at."""
        self._pool.stop()  # type: ignore[no-untyped-call]
        self._pool.join()


def _start_quiet_tracker() -> None:
    """Whoever clears up after a process that was killed says so in the learner's terminal, unless told not to."""
    if os.name == "posix":
        from multiprocessing import resource_tracker

        sys.warnoptions.append("ignore:resource_tracker:UserWarning")
        with redirect_stderr(sys.__stderr__):  # Textual's has no descriptor that it could have
            resource_tracker.ensure_running()
        sys.warnoptions.pop()


@contextmanager
def _deaf() -> Iterator[None]:
    """Processes that begin here do not hear of Ctrl+C, from their first moment on."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


# In a worker

_seconds = SECONDS


def _prepare(behind: bool, seconds: float) -> None:
    global _seconds
    _seconds = seconds
    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # in the midst of NumPy too
    Thread(target=_end_with_parent, daemon=True).start()
    nowhere = os.open(os.devnull, os.O_WRONLY)  # what a library prints is not for the learner's screen
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    if behind and hasattr(os, "nice"):
        os.nice(10)
    with suppress(ImportError, ValueError, OSError):  # what is too large is an error, and not the end of other programs
        import resource

        resource.setrlimit(resource.RLIMIT_DATA, (_BYTES, resource.getrlimit(resource.RLIMIT_DATA)[1]))


def _end_with_parent() -> None:
    """In a thread: end, in the midst of an item too, when the process that asks has ended."""
    parent = multiprocessing.parent_process()
    assert parent is not None
    parent.join()
    os._exit(1)


def _limited(work: Callable[..., Result], *arguments: Any) -> Result:
    """The work, unless it takes too long: then a signal ends this process, in the midst of NumPy too."""
    _limit_time(_seconds)
    try:
        return work(*arguments)
    finally:
        _limit_time(0.0)


def _limit_time(seconds: float) -> None:
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_PROF, seconds)
