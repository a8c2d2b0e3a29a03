"""A lesson that is being written: notices a save, reads the file again, and keeps the question where it can."""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from tutor.drill.question import Drill
from tutor.kinds import build, load_text
from tutor.lesson.file.document import Document, read_text
from tutor.lesson.file.problem import LessonError, Problem
from tutor.text import msg

EVERY = 0.1  # seconds between two looks at the file
_CALM = 0.06  # seconds without a change after which a save is over
_LOOKS_FOR_CALM = 8
_PATIENCE = 2.0  # seconds for which a file may be gone or empty, as it is while some editors write it
_COARSE = 2.5  # seconds: file systems that keep no fractions would hide a second save right after the first

_Stamp: TypeAlias = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Version:
    """What a file holds at one moment: a drill, or the problems that keep it from being one."""

    drill: Drill | None
    problems: tuple[Problem, ...] = ()

    @property
    def warnings(self) -> tuple[Problem, ...]:
        """What an author should look at although the lesson can be opened."""
        return self.drill.lesson.warnings if self.drill is not None else ()


class Watched:
    """The newest version of a lesson file; `changed` is cheap enough to be asked several times a second.

    A file that is gone or empty for a moment keeps its last version, as it may be between two steps of a save; one that
    stays so becomes a problem.
    """

    def __init__(self, path: Path, seed: int = 0, *, patience: float = _PATIENCE) -> None:
        self.path, self.seed = path, seed
        self._patience = patience
        self._gone_since: float | None = None
        self._stamp = _stamp(path)
        self._text, problems = _read(path)
        self.version = self._built(problems)

    def changed(self) -> bool:
        """Whether the file has other contents than at the last look; `version` is then the new one.

        Waits for a save that is going on. Editors that write a new file in place of the old one, and saves that change
        nothing, are understood.
        """
        stamp = _stamp(self.path)
        if stamp not in (None, self._stamp):
            stamp = _calm_stamp(self.path, stamp)
        if stamp is None:
            now = time.monotonic()
            self._gone_since = self._gone_since or now
            if now - self._gone_since < self._patience:
                return False
        else:
            self._gone_since = None
            if stamp == self._stamp and time.time() - stamp[0] / 1e9 > _COARSE:
                return False
        text, problems = _read(self.path)
        if _stamp(self.path) != stamp:  # a save began meanwhile: what was read may be half of it
            return False
        self._stamp = stamp
        if text == self._text and (text is not None or problems == self.version.problems):
            return False
        self._text = text
        self.version = self._built(problems)
        return True

    def draw(self, seed: int) -> None:
        """The same text with the numbers of another seed; `version` is then the new one."""
        self.seed = seed
        if self._text is not None:
            self.version = self._built()

    def _built(self, problems: tuple[Problem, ...] = ()) -> Version:
        """The text as a drill; `problems` are those of a file that could not be read."""
        if self._text is None:
            return Version(None, problems)
        try:
            return Version(build(load_text(self._text, self.path), self.seed))
        except LessonError as error:
            return Version(None, error.problems)
        except Exception as error:  # a lesson that trips us must not end the watch: the next save may mend it
            document = Document(str(self.path), "")
            document.report_at(0, msg("authoring.our-fault", error=type(error).__name__))
            return Version(None, tuple(document.problems))


class Watch:
    """Looks at a file over and over, in a thread of the caller's, and hands on every new version."""

    def __init__(self, path: Path, seed: int = 0) -> None:
        self.path = path
        self._seed = seed
        self._woken = threading.Event()
        self._stopped = False

    def draw(self, seed: int) -> None:
        """Ask for the numbers of another seed; from any thread."""
        self._seed = seed
        self._woken.set()

    def stop(self) -> None:
        """End the watch; from any thread."""
        self._stopped = True
        self._woken.set()

    def run(self, tell: Callable[[Version], None]) -> None:
        """Tell the version there is, then each new one, until stopped."""
        watched = Watched(self.path, self._seed)
        tell(watched.version)
        while not self._stopped:
            self._woken.wait(EVERY)
            self._woken.clear()
            seed = self._seed
            if watched.changed():
                tell(watched.version)
            if seed != watched.seed and not self._stopped:
                watched.draw(seed)
                tell(watched.version)


def question_after(before: Sequence[str], position: int, after: Sequence[str]) -> int:
    """Where to go on in a changed lesson: at the same question, else at the next that is still there, else at the last.

    `before` and `after` are ids of questions.
    """
    place = {id: k for k, id in enumerate(after)}
    following = (place[id] for id in before[position:] if id in place)
    return next(following, min(position, max(len(after) - 1, 0)))


def _read(path: Path) -> tuple[str | None, tuple[Problem, ...]]:
    try:
        return read_text(path), ()
    except LessonError as error:
        return None, error.problems


def _stamp(path: Path) -> _Stamp | None:
    """None where the file is gone, or empty."""
    try:
        state = path.stat()
    except OSError:
        return None
    return (state.st_mtime_ns, state.st_size, state.st_ino) if state.st_size else None


def _calm_stamp(path: Path, stamp: _Stamp | None) -> _Stamp | None:
    """The stamp when a file that is written in pieces, or saved in a burst, stays as it is, or after a while."""
    for _ in range(_LOOKS_FOR_CALM):
        time.sleep(_CALM)
        before, stamp = stamp, _stamp(path)
        if stamp is not None and stamp == before:
            break
    return stamp
