"""What the command palette can do: everything."""

import asyncio
from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice

from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.content import Content
from textual.fuzzy import Matcher

from tutor.course.units import CourseEntry
from tutor.learner.derivation_export import derivations
from tutor.text import Localised, Message, msg
from tutor.ui.base_app import BaseApp
from tutor.ui.export import copy, save
from tutor.ui.keys import (
    BACK,
    COPY_LATEX,
    COPY_TEXT,
    EVERYWHERE,
    FIND,
    GRID,
    HINT,
    NEW_NUMBERS,
    NEXT_NUMBERS,
    OVERVIEW,
    PLOTS,
    SAVE,
    SKIP,
    TABLE,
    TEXT,
    WHY,
    Key,
)

COMMANDS: tuple[Key, ...] = (
    HINT,
    WHY,
    TABLE,
    TEXT,
    GRID,
    SKIP,
    OVERVIEW,
    PLOTS,
    NEW_NUMBERS,
    NEXT_NUMBERS,
    FIND,
    BACK,
    *EVERYWHERE,
)
MOST_LESSONS = 200
"""Of a course with more lessons the palette offers those alone that are asked for."""
_LOOK_AGAIN = 0.1  # seconds between two looks at a course whose files are being read


class Commands(Provider):
    """The keys of the screen under the palette, every lesson, every theme, the tour."""

    @property
    def _app(self) -> BaseApp:
        """The app, as the class it is."""
        app = self.screen.app
        assert isinstance(app, BaseApp)
        return app

    async def discover(self) -> Hits:
        """Everything, the keys first."""
        for name, about, run in self._commands():
            yield DiscoveryHit(Content(name), run, help=_unmarked(about))

    async def search(self, query: str) -> Hits:
        """What matches the query."""
        found = self._hits(query)
        while not found and self._app.looking:
            await asyncio.sleep(_LOOK_AGAIN)  # the lesson's title may not have been read yet
            found = self._hits(query)
        for hit in found:
            yield hit

    def _hits(self, query: str) -> list[Hit]:
        matcher = self.matcher(query)
        return [
            Hit(score, _highlighted(matcher, name), run, help=_unmarked(about))
            for name, about, run in (*self._commands(), *self._found(query))
            if (score := matcher.match(f"{name} {about}")) > 0
        ]

    def _commands(self) -> Iterator[tuple[str, str, Callable[[], object]]]:
        bound = {active.binding.action for active in self.screen.active_bindings.values()}
        for key in COMMANDS:
            if key in EVERYWHERE or key.action in bound:
                name = f"{self._say(key.label)}  ({key.shown})"
                yield name, self._say(key.help), partial(self.screen.run_action, key.action)
        if self._app.course is not None and len(self._app.course.ids) <= MOST_LESSONS:
            yield from map(self._opening, self._app.course.entries)
        yield from self._for_derivations()
        if getattr(self.screen, "session", None) is not None:
            yield self._say(msg("ui.command-tour")), self._say(msg("ui.command-tour-help")), self._app.tour
        for theme in sorted(self._app.available_themes, key=lambda name: (not name.startswith("tutor"), name)):
            yield (
                self._say(msg("ui.theme", name=theme)),
                self._say(msg("ui.theme-help")),
                partial(self._app.use_theme, theme),
            )

    def _for_derivations(self) -> Iterator[tuple[str, str, Callable[[], object]]]:
        """What can be done with the last derivation of the drill that shows."""
        session = getattr(self.screen, "session", None)
        if session is None:
            return
        kept = next(reversed(derivations(session)), None)
        if kept is None:
            return
        ways: tuple[tuple[str, Key, Callable[[], Message]], ...] = (
            ("ui.command-copy-text", COPY_TEXT, partial(copy, self._app, kept, "text")),
            ("ui.command-copy-latex", COPY_LATEX, partial(copy, self._app, kept, "latex")),
            ("ui.command-save", SAVE, partial(save, kept)),
        )
        for id, key, way in ways:
            yield self._say(Message(id, {"name": kept.question.symbol})), self._say(key.help), partial(self._do, way)

    def _found(self, query: str) -> Iterator[tuple[str, str, Callable[[], object]]]:
        """Lessons of a large course: those whose id or title holds the query as it is typed."""
        course = self._app.course
        if course is not None and len(course.ids) > MOST_LESSONS:
            found = ((unit, place) for unit in course.units for place in unit.matching(query.casefold().strip()))
            yield from (self._opening(unit.lessons[place]) for unit, place in islice(found, MOST_LESSONS))

    def _opening(self, entry: CourseEntry) -> tuple[str, str, Callable[[], object]]:
        name = self._say(msg("ui.open-lesson", title=entry.title))
        return name, entry.id, partial(self._app.open_entry, entry)

    def _do(self, way: Callable[[], Message]) -> None:
        self._app.say(way())

    def _say(self, message: Message | Localised) -> str:
        return self._app.translate(message)


def _highlighted(matcher: Matcher, name: str) -> Content:
    """As the matcher's own, which reads brackets in a title as markup."""
    shown = Content(name)
    for offset in matcher.fuzzy_search.match(matcher.query, name)[1]:
        if not name[offset].isspace():
            shown = shown.stylize(matcher.match_style, offset, offset + 1)
    return shown


def _unmarked(text: str) -> str:
    """A text in which the palette, which takes nothing but markup here, finds none."""
    return text.replace("[", r"\[")
