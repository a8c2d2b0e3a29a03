"""Where files live: the learner's data, caches and lessons, and the lessons that come with `tutor`."""

import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Places:
    """The folders of one learner; none of them need exist yet."""

    data: Path
    cache: Path
    lessons: Path

    @property
    def progress(self) -> Path:
        """The SQLite file with everything the learner has answered."""
        return self.data / "progress.sqlite"

    @property
    def settings(self) -> Path:
        """The file with what the learner has chosen while running."""
        return self.data / "settings.json"

    @property
    def derivations(self) -> Path:
        """Where derivations are saved that the learner wants to keep."""
        return self.data / "derivations"

    @property
    def error_log(self) -> Path:
        """What a developer needs of the last error of ours."""
        return self.data / "error.log"

    @property
    def index(self) -> Path:
        """The SQLite file with what was found in the lessons' files."""
        return self.cache / "course.sqlite"


def places() -> Places:
    """The learner's folders, by the convention of the system; `TUTOR_HOME` moves all of them."""
    if home := os.environ.get("TUTOR_HOME"):
        root = named_path(home)
        return Places(data=root, cache=root / "cache", lessons=root / "lessons")
    from platformdirs import user_cache_path, user_data_path

    data = user_data_path("backprop-tutor", appauthor=False)
    return Places(data=data, cache=user_cache_path("backprop-tutor", appauthor=False), lessons=data / "lessons")


def bundled_lessons() -> Path:
    """The lessons that come with `tutor`: in the installed package, or beside it in a checkout."""
    package = Path(__file__).parent
    inside = package / "lessons"
    return inside if inside.is_dir() else package.parent / "lessons"


def named_path(name: str) -> Path:
    """A path as somebody typed it, `~` for a home folder; that of a user whom there is not stays as it is."""
    return Path(os.path.expanduser(name))


def real(path: Path) -> Path:
    """The path without links; links that lead in a circle stay as they are, where `Path.resolve` raises."""
    return Path(os.path.realpath(path))


def lesson_folders() -> tuple[Path, ...]:
    """Folders with lessons that need no look at what is installed: the learner's, those of `TUTOR_LESSONS`, ours.

    Where two have a lesson of one id, that of the earlier folder goes by it.
    """
    return tuple(dict.fromkeys([places().lessons, *named_folders(), bundled_lessons()]))


def named_folders() -> tuple[Path, ...]:
    """The folders of `TUTOR_LESSONS`, there or not."""
    extra = os.environ.get("TUTOR_LESSONS", "")
    return tuple(named_path(folder).absolute() for folder in extra.split(os.pathsep) if folder)
