"""The preview as lines of text: the drill of a lesson that is being written, read again whenever Enter is pressed."""

import sys
from pathlib import Path

from tutor.authoring.author_session import AuthorSession
from tutor.authoring.watch import Watched
from tutor.cli.failure import Failure
from tutor.cli.named_lessons import problem_lines
from tutor.cli.options import Options
from tutor.cli.output import write
from tutor.learner.session import Session
from tutor.plain import UNFINISHED, PlainDrill
from tutor.text import msg, say


def preview_as_lines(path: Path, options: Options) -> int:
    """Ask until the drill is through or the answers end. Raises Failure for a broken lesson that nobody can mend here.

    At a terminal a broken lesson is waited for.
    """
    watched = Watched(path, options.seed or 0, patience=0)
    while watched.version.drill is None:
        if not sys.stdin.isatty():
            lines = problem_lines(watched.version.problems, options.language)
            raise Failure(msg("authoring.preview-broken", path=str(path)), quoted=lines)
        _tell_problems(watched, options)
        if not sys.stdin.readline():
            return UNFINISHED
        watched.changed()
    _tell_warnings(watched, options)
    write(say(msg("authoring.preview-lines"), options.language), options)
    return _PlainPreview(watched, options).run()


class _PlainPreview(PlainDrill):
    """A drill that nobody keeps, and that looks at its file before it takes an answer."""

    def __init__(self, watched: Watched, options: Options) -> None:
        assert watched.version.drill is not None
        session: Session = AuthorSession.begin(watched.version.drill)
        super().__init__(session, options.language, sys.stdin, sys.stdout, options.ascii, options.quiet_feedback)
        self._watched, self._options = watched, options

    def _take(self, typed: str) -> None:
        """An answer to a lesson that has changed meanwhile is not judged: the question may be another."""
        if not self._watched.changed():
            super()._take(typed)
            return
        drill = self._watched.version.drill
        if drill is None:
            _tell_problems(self._watched, self._options)
            return
        assert isinstance(self.session, AuthorSession)
        self.session = AuthorSession.begin(drill, self.session)
        self._say(msg("authoring.preview-read-again"))
        self._forget_what_was_shown()
        self._ask()

    def _leave(self) -> int:
        self._say(msg("authoring.preview-left"))
        return UNFINISHED


def _tell_problems(watched: Watched, options: Options) -> None:
    for line in problem_lines(watched.version.problems, options.language):
        write(line, options)
    write(say(msg("authoring.preview-mend"), options.language), options)


def _tell_warnings(watched: Watched, options: Options) -> None:
    for line in problem_lines(watched.version.warnings, options.language):
        write(line, options)
