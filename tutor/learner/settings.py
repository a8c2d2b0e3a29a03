"""What the learner has chosen while running, for the next start: the language and the colours."""

import contextlib
import json
import os
from typing import NamedTuple

from tutor.places import places
from tutor.text import LANGUAGES, Language, language_of_environment

LARGEST = 10_000
"""Bytes of the file that are read; ours has a few dozen."""


class Settings(NamedTuple):
    """None: nothing was chosen, so that the environment or the default decides."""

    language: Language | None = None
    theme: str | None = None


def settings() -> Settings:
    """What was chosen last; whatever cannot be read counts as not chosen."""
    try:
        with places().settings.open("rb") as file:
            found = json.loads(file.read(LARGEST))
    except (OSError, ValueError, RecursionError):
        return Settings()
    if not isinstance(found, dict):
        return Settings()
    theme = found.get("theme")
    return Settings(
        next((language for language in LANGUAGES if language == found.get("language")), None),
        theme if isinstance(theme, str) else None,
    )


def remember(*, language: Language | None = None, theme: str | None = None) -> None:
    """Keep a choice beside those made before; a disk that cannot be written to costs only the memory of it."""
    now = settings()
    now = now._replace(language=language or now.language, theme=theme or now.theme)
    path = places().settings
    beside = path.with_suffix(f".{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside.write_text(json.dumps(now._asdict()) + "\n", encoding="utf-8")
        beside.replace(path)
    except OSError:
        with contextlib.suppress(OSError):
            beside.unlink(missing_ok=True)


def language_to_speak() -> Language:
    """The language that was chosen while running, else that of the environment."""
    return settings().language or language_of_environment()
