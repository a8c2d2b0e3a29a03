"""The options that every command takes, before or after its name."""

from typing import Any, NamedTuple

import click

from tutor.learner.settings import language_to_speak
from tutor.text import LANGUAGES, Language, msg, say

LARGEST_SEED = 2**63 - 1


class Options(NamedTuple):
    """What the learner asked for on the command line."""

    seed: int | None = None
    language: Language = "en"
    plain: bool = False
    ascii: bool = False
    quiet_feedback: bool = False


class _Seed(click.ParamType[int]):
    """A whole number from 0 to the largest that the file of answers can hold."""

    name = "N"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """The number, or a complaint of click's."""
        if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= 19:
            value = int(value)
        if not isinstance(value, int) or value > LARGEST_SEED:
            self.fail(str(value), param, ctx)
        return value


def shared_options(language: Language) -> list[click.Parameter]:
    """Fresh click options with their help in `language`, for one command."""

    def text(id: str) -> str:
        return say(msg(id), language)

    return [
        click.Option(["--seed"], type=_Seed(), help=text("cli.option-seed")),
        click.Option(["--lang"], type=click.Choice(LANGUAGES), help=text("cli.option-lang")),
        click.Option(["--plain"], is_flag=True, help=text("cli.option-plain")),
        click.Option(["--ascii"], is_flag=True, help=text("cli.option-ascii")),
        click.Option(["--quiet-feedback"], is_flag=True, help=text("cli.option-quiet-feedback")),
    ]


def collect_options(context: click.Context) -> Options:
    """The options as given after the command's name, or else before it."""
    given: dict[str, Any] = {}
    here: click.Context | None = context
    while here is not None:
        given = {name: value for name, value in here.params.items() if value is not None and value is not False} | given
        here = here.parent
    return Options(
        seed=given.get("seed"),
        language=given.get("lang") or language_to_speak(),
        plain=given.get("plain", False),
        ascii=given.get("ascii", False),
        quiet_feedback=given.get("quiet_feedback", False),
    )


def language_asked(arguments: list[str]) -> Language:
    """The language for help and errors, which are printed before the arguments are understood."""
    asked = ""
    for place, argument in enumerate(arguments):
        if argument == "--lang":
            asked = arguments[place + 1] if place + 1 < len(arguments) else ""
        elif argument.startswith("--lang="):
            asked = argument.removeprefix("--lang=")
    return next((language for language in LANGUAGES if language == asked), language_to_speak())
