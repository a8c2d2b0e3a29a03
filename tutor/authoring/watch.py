"""A lesson that is being written: notices a save, reads the file again, and keeps the question where it can."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tutor.drill.building import build
from tutor.drill.question import Drill
from tutor.lesson.document import read_text
from tutor.lesson.loading import load_text
from tutor.lesson.problem import LessonError, Problem


@dataclass(frozen=True, slots=True)
class Version:
    """What a file holds at one moment: a drill, or the problems that keep it from being one."""

    drill: Drill | None
    problems: tuple[Problem, ...] = ()


class Watched:
    """The newest version of a lesson file; `changed` is cheap enough to be asked several times a second."""

    def __init__(self, path: Path, seed: int = 0) -> None:
        self.path, self.seed = path, seed
        self._stamp = _stamp(path)
        self._text: str | None = None
        self.version = self._read()

    def changed(self) -> bool:
        """Whether the file has other contents than at the last look; `version` is then the new one.

        Editors that write a new file in place of the old one, and saves that change nothing, are understood. A file
        that is gone for a moment keeps its last version.
        """
        stamp = _stamp(self.path)
        if stamp == self._stamp or stamp is None:
            return False
        self._stamp = stamp
        before = self._text
        version = self._read()
        if self._text is not None and self._text == before:
            return False
        self.version = version
        return True

    def _read(self) -> Version:
        self._text = None
        try:
            self._text = read_text(self.path)
            return Version(build(load_text(self._text, self.path), self.seed))
        except LessonError as error:
            return Version(None, error.problems)


def question_after(before: Sequence[str], position: int, after: Sequence[str]) -> int:
    """Where to go on in a changed lesson: at the same question, else at the next that is still there, else at the last.

    `before` and `after` are ids of questions.
    """
    place = {id: k for k, id in enumerate(after)}
    following = (place[id] for id in before[position:] if id in place)
    return next(following, min(position, max(len(after) - 1, 0)))


def _stamp(path: Path) -> tuple[int, int, int] | None:
    try:
        state = path.stat()
    except OSError:
        return None
    return state.st_mtime_ns, state.st_size, state.st_ino
