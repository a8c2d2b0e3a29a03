"""The languages that `tutor` speaks, and which of them the environment asks for."""

import os
from collections.abc import Mapping
from typing import Literal, TypeAlias

Language: TypeAlias = Literal["en", "zh"]
LANGUAGES: tuple[Language, ...] = ("en", "zh")


def language_of_environment(environment: Mapping[str, str] = os.environ) -> Language:
    """The language of the locale, by the rules of gettext; English where it names none of ours."""
    for variable in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        wanted = environment.get(variable, "")
        for name in wanted.split(":") if variable == "LANGUAGE" else [wanted]:
            if name.lower().startswith("zh"):
                return "zh"
            if name.lower().startswith("en"):
                return "en"
        if wanted and variable != "LANGUAGE":
            return "en"
    return "en"
