"""Work on many files shared among processes: no orphans, and who is killed is missed, not waited for."""

import os
import signal
import sys
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from typing import Any, TypeAlias, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")
Task: TypeAlias = tuple[int, Any]
_BATCH = 4
_FALSE_STARTS = 5  # workers that die before anybody has done anything: something is wrong with all of them
_PATIENCE = 2.0  # seconds for a worker to end before it is made to


@dataclass(frozen=True, slots=True)
class Lost:
    """In place of a result: the process that worked at the item was killed, or failed with an error of this name."""

    error: str = ""


def cores() -> int:
    """The cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def shared(
    work: Callable[[Item], Result], items: Sequence[Item], workers: int, *, behind: bool = False
) -> Iterator[tuple[int, Result | Lost]]:
    """Pairs of an item's place and `work(item)`, as they are done; `work` is a function of a module.

    `behind` a screen the workers give way to it and print nothing. Whoever stops listening ends the workers; they
    end by themselves when this process is killed.
    """
    crew = _Crew(work, deque(enumerate(items)), behind)
    try:
        yield from crew.results(workers)
    finally:
        crew.dismiss()


@dataclass(slots=True, eq=False)
class _Worker:
    process: SpawnProcess
    pipe: "Connection[Any, Any]"
    tasks: deque[Task] = field(default_factory=deque)  # sent and not answered


@dataclass(slots=True)
class _Crew:
    work: Callable[[Any], Any]
    waiting: deque[Task]
    behind: bool
    workers: list[_Worker] = field(default_factory=list)
    false_starts: int = 0
    has_results: bool = False

    def results(self, count: int) -> Iterator[tuple[int, Any]]:
        while len(self.workers) < min(count, len(self.waiting)):
            self._hire()
        for worker in [*self.workers]:
            self._hand_out(worker)
        while any(worker.tasks for worker in self.workers):
            ready = wait([worker.pipe for worker in self.workers if worker.tasks])
            for worker in [each for each in self.workers if each.pipe in ready]:
                try:
                    result = worker.pipe.recv()
                except (EOFError, OSError):
                    yield from self._replace(worker)
                    continue
                self.has_results = True
                place, _ = worker.tasks.popleft()
                if not worker.tasks:
                    self._hand_out(worker)
                yield place, result

    def dismiss(self) -> None:
        """End all workers, whatever they are at."""
        for worker in self.workers:
            worker.pipe.close()  # who waits for work goes home
            if worker.tasks:
                worker.process.terminate()
        for worker in self.workers:
            worker.process.join(_PATIENCE)
            if worker.process.exitcode is None:
                worker.process.kill()
                worker.process.join()
        self.workers.clear()

    def _hire(self) -> _Worker:
        context = get_context("spawn")  # a copy of a process with threads or screens would be none to rely on
        ours, theirs = context.Pipe()
        process = context.Process(target=_labour, args=(theirs, self.work, self.behind), daemon=True)
        with _no_interrupts():
            process.start()
        theirs.close()
        worker = _Worker(process, ours)
        self.workers.append(worker)
        return worker

    def _hand_out(self, worker: _Worker) -> None:
        tasks = [self.waiting.popleft() for _ in range(min(_BATCH, len(self.waiting)))]
        worker.tasks.extend(tasks)
        if tasks:
            with suppress(OSError):  # it has died; what it does not answer is missed soon enough
                worker.pipe.send([item for _, item in tasks])

    def _replace(self, worker: _Worker) -> Iterator[tuple[int, Lost]]:
        """The item that was worked at is lost; the others go to somebody else."""
        self.workers.remove(worker)
        worker.pipe.close()
        worker.process.join(_PATIENCE)
        place, _ = worker.tasks.popleft()
        self.waiting.extendleft(reversed(worker.tasks))
        self.false_starts += not self.has_results
        if self.false_starts < _FALSE_STARTS:
            self._hand_out(self._hire())
        elif not any(worker.tasks for worker in self.workers):
            yield from ((place, Lost()) for place, _ in self.waiting)
        yield place, Lost()


@contextmanager
def _no_interrupts() -> Iterator[None]:
    """What is started here never hears of Ctrl+C, which means the one who shares out the work."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _labour(pipe: "Connection[Any, Any]", work: Callable[[Any], Any], behind: bool) -> None:
    """In a worker: answer until nobody asks any more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if behind:
        sys.stdout = sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
        if hasattr(os, "nice"):
            os.nice(10)
    with suppress(EOFError, OSError):
        while True:
            for item in pipe.recv():
                try:
                    result = work(item)
                except Exception as error:  # one item that fails must not cost the others
                    result = Lost(type(error).__name__)
                pipe.send(result)
