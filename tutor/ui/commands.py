"""What the command palette can do: everything."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING

from textual.command import DiscoveryHit, Hit, Hits, Provider

from tutor.text import Localised, Message, msg
from tutor.ui.keys import (
    BACK,
    COPY_LATEX,
    COPY_TEXT,
    EVERYWHERE,
    FIND,
    GRID,
    HINT,
    NEW_NUMBERS,
    OVERVIEW,
    SAVE,
    SKIP,
    TABLE,
    TEXT,
    WHY,
    Key,
)
from tutor.ui.speech import speak, the_app

if TYPE_CHECKING:
    from tutor.ui.app import TutorApp

COMMANDS: tuple[Key, ...] = (HINT, WHY, TABLE, TEXT, GRID, SKIP, OVERVIEW, NEW_NUMBERS, FIND, BACK, *EVERYWHERE)


class Commands(Provider):
    """The keys of the screen under the palette, every lesson, every theme, the tour."""

    async def discover(self) -> Hits:
        """Everything, the keys first."""
        for name, about, run in self._commands():
            yield DiscoveryHit(name, run, help=about)

    async def search(self, query: str) -> Hits:
        """What matches the query."""
        matcher = self.matcher(query)
        for name, about, run in self._commands():
            if (score := matcher.match(f"{name} {about}")) > 0:
                yield Hit(score, matcher.highlight(name), run, help=about)

    def _commands(self) -> Iterator[tuple[str, str, Callable[[], object]]]:
        app = the_app(self.screen)
        for key in COMMANDS:
            if key in EVERYWHERE or hasattr(self.screen, f"action_{key.action}"):
                name = f"{self._say(key.label)}  ({key.shown})"
                yield name, self._say(key.help), partial(self.screen.run_action, key.action)
        if app.course is not None:
            for entry in app.course.entries:
                name = self._say(msg("ui.open-lesson", title=entry.title))
                yield name, entry.id, partial(app.open_entry, entry)
        yield from self._for_derivations(app)
        if getattr(self.screen, "session", None) is not None:
            yield self._say(msg("ui.command-tour")), self._say(msg("ui.command-tour-help")), app.tour
        for theme in sorted(app.available_themes, key=lambda name: (not name.startswith("tutor"), name)):
            yield self._say(msg("ui.theme", name=theme)), self._say(msg("ui.theme-help")), partial(app.use_theme, theme)

    def _for_derivations(self, app: "TutorApp") -> Iterator[tuple[str, str, Callable[[], object]]]:
        """What can be done with the last derivation of the drill that shows."""
        session = getattr(self.screen, "session", None)
        if session is None:
            return
        from tutor.learner.keeping import derivations
        from tutor.ui.keeping import copy, save

        kept = next(reversed(derivations(session)), None)
        if kept is None:
            return
        ways: tuple[tuple[str, Key, Callable[[], Message]], ...] = (
            ("ui.command-copy-text", COPY_TEXT, partial(copy, app, kept, "text")),
            ("ui.command-copy-latex", COPY_LATEX, partial(copy, app, kept, "latex")),
            ("ui.command-save", SAVE, partial(save, kept)),
        )
        for id, key, way in ways:
            yield self._say(Message(id, {"name": kept.question.symbol})), self._say(key.help), partial(_do, app, way)

    def _say(self, message: Message | Localised) -> str:
        return speak(self.screen, message)


def _do(app: "TutorApp", way: Callable[[], Message]) -> None:
    app.say(way())
