"""Work on many files shared among processes: no orphans, and who is killed is missed, not waited for."""

import os
import pickle
import signal
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from threading import Thread
from typing import IO, Any, TypeAlias, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")
Task: TypeAlias = tuple[int, Any]
_BATCH = 4
_LAST = 16  # items in the last turns, which go out one by one, so that few wait behind one that takes long
_FALSE_STARTS = 5  # workers that end before anybody has done anything: something is wrong with all of them
_PATIENCE = 2.0  # seconds for a worker to end before it is made to
SECONDS = 20.0  # of a processor's time for an item, on systems that can tell
_BLINK = 0.5  # seconds between two looks up, so that Ctrl+C is heard on every system


@dataclass(frozen=True, slots=True)
class Lost:
    """In place of a result: the process that worked at the item was killed, or failed with an error of this name.

    `late`: it was killed since it worked at the item for too long.
    """

    error: str = ""
    late: bool = False


def cores() -> int:
    """The cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def shared(
    work: Callable[[Item], Result],
    items: Sequence[Item],
    workers: int,
    *,
    behind: bool = False,
    seconds: float = SECONDS,
    idle: Callable[[], None] | None = None,
) -> Iterator[tuple[int, Result | Lost]]:
    """Pairs of an item's place and `work(item)`, as they are done; `work` is a function of a module.

    `behind` a screen the workers give way to it. Nobody works at an item for more than so many `seconds`; `idle` is
    called from time to time while no result comes. Whoever stops listening ends the workers; they end by themselves
    when this process is killed, and never hear of Ctrl+C, which means this one.
    """
    crew = _Crew(work, deque(enumerate(items)), behind, seconds, idle)
    try:
        yield from crew.results(workers)
    finally:
        crew.dismiss()


@dataclass(slots=True, eq=False)
class _Worker:
    process: "subprocess.Popen[bytes]"
    tasks: deque[Task] = field(default_factory=deque)  # sent and not answered


_News: TypeAlias = tuple[_Worker, list[Any] | None]
"""What a worker answers; None: it has ended."""


@dataclass(slots=True)
class _Crew:
    work: Callable[[Any], Any]
    waiting: deque[Task]
    behind: bool
    seconds: float
    idle: Callable[[], None] | None
    workers: list[_Worker] = field(default_factory=list)
    news: "SimpleQueue[_News]" = field(default_factory=SimpleQueue)
    false_starts: int = 0
    has_results: bool = False

    def results(self, count: int) -> Iterator[tuple[int, Any]]:
        for _ in range(count):
            if self.waiting:
                self._hire()
        while any(worker.tasks for worker in self.workers):
            try:
                worker, answer = self.news.get(timeout=_BLINK)
            except Empty:
                if self.idle is not None:
                    self.idle()
                continue
            if answer is None:
                yield from self._miss(worker)
                continue
            self.has_results = True
            place, _ = worker.tasks.popleft()
            if not worker.tasks:
                self._hand_out(worker)
            yield place, answer[0]
        yield from ((place, Lost()) for place, _ in self.waiting)

    def dismiss(self) -> None:
        """End all workers, whatever they are at."""
        for worker in self.workers:
            with suppress(OSError):
                _in(worker).close()  # who waits for work goes home
            if worker.tasks:
                worker.process.terminate()
        for worker in self.workers:
            try:
                worker.process.wait(_PATIENCE)
            except subprocess.TimeoutExpired:
                worker.process.kill()
                worker.process.wait()
        self.workers.clear()

    def _hire(self) -> None:
        """Start a worker; a process of its own, since a copy of one with threads or screens is none to rely on."""
        flags = getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)
        try:
            process = subprocess.Popen(
                [sys.executable, "-c", "from tutor.course.worker import labour; labour()"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=os.environ | {"PYTHONPATH": os.pathsep.join(map(os.path.abspath, sys.path))},
                start_new_session=os.name == "posix",
                creationflags=flags,
            )
        except OSError:
            return
        worker = _Worker(process)
        self.workers.append(worker)
        Thread(target=_listen, args=(worker, self.news), daemon=True).start()
        _send(worker, (self.work, self.behind, self.seconds))
        self._hand_out(worker)

    def _hand_out(self, worker: _Worker) -> None:
        batch = min(_BATCH, -(-len(self.waiting) // _LAST))
        tasks = [self.waiting.popleft() for _ in range(batch)]
        worker.tasks.extend(tasks)
        if tasks:
            _send(worker, [item for _, item in tasks])

    def _miss(self, worker: _Worker) -> Iterator[tuple[int, Lost]]:
        """A worker has ended: what it was at is lost, its other items go to somebody else."""
        self.workers.remove(worker)
        late = worker.process.wait() == -getattr(signal, "SIGPROF", 0) < 0
        if not worker.tasks:
            return
        place, _ = worker.tasks.popleft()
        self.waiting.extendleft(reversed(worker.tasks))
        self.false_starts += not self.has_results
        if self.false_starts < _FALSE_STARTS and self.waiting:
            self._hire()
        yield place, Lost(late=late)


def _in(worker: _Worker) -> IO[bytes]:
    assert worker.process.stdin is not None
    return worker.process.stdin


def _send(worker: _Worker, what: object) -> None:
    with suppress(OSError):  # it has ended; what it does not answer is missed soon enough
        pickle.dump(what, _in(worker))
        _in(worker).flush()


def _listen(worker: _Worker, news: "SimpleQueue[_News]") -> None:
    """In a thread: hand on what a worker answers, until it ends."""
    assert worker.process.stdout is not None
    with suppress(EOFError, OSError, pickle.UnpicklingError), worker.process.stdout as answers:
        while True:
            news.put((worker, pickle.load(answers)))
    news.put((worker, None))
