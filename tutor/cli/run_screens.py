"""Running an app of screens until it is left."""

import gc
from collections.abc import Callable
from typing import Any, Protocol, TypedDict

from tutor.cli.hangup import end_with_terminal
from tutor.cli.options import Options
from tutor.text import Language


class Screens(Protocol):
    """As much of Textual's `App` as it takes to run one."""

    @property
    def return_code(self) -> int | None: ...

    def run(self) -> Any: ...

    def rescue(self) -> None: ...


class ScreenOptions(TypedDict):
    """What every app of ours is told of the options."""

    seed: int | None
    language: Language
    ascii: bool
    quiet_feedback: bool


def screens(options: Options) -> ScreenOptions:
    """The options that say how screens look and behave."""
    return {
        "seed": options.seed,
        "language": options.language,
        "ascii": options.ascii,
        "quiet_feedback": options.quiet_feedback,
    }


def run(make: Callable[[], Screens]) -> int:
    """Run the app that `make` imports and makes; returns the exit status.

    What is imported then stays: the collector need not look at it, neither now nor later (7 % of the start).
    """
    gc.disable()
    app = make()
    gc.freeze()
    gc.enable()
    end_with_terminal(app.rescue)
    app.run()
    return app.return_code or 0
