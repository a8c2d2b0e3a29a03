"""`tutor` and `tutor LESSON`: the screens, or lines of text where there is no terminal for them."""

import os
import sys
from os.path import isdir
from pathlib import Path
from typing import TYPE_CHECKING

from tutor.cli.failure import Failure
from tutor.cli.hangup import end_with_terminal, leave_when_told
from tutor.cli.named_lessons import find_or_folder, load, tell_missing_folders
from tutor.cli.options import Options
from tutor.cli.output import complain
from tutor.cli.run_screens import run, screens
from tutor.folders.scan import UNIT_FILE, folders
from tutor.places import places
from tutor.text import msg, say

if TYPE_CHECKING:
    from tutor.ui.app import TutorApp


def open_tutor(lesson: str | None, options: Options) -> int:
    """Open the course, or a lesson where it was left; returns the exit status."""
    if options.plain or not has_screen():
        return _plain(lesson, options)
    return _screens(lesson, options)


def has_screen() -> bool:
    """Whether somebody sits at a terminal that can show screens."""
    if os.environ.get("TERM", "") in ("dumb", "unknown"):
        return False
    return sys.stdin.isatty() and sys.stdout.isatty()


def _screens(lesson: str | None, options: Options) -> int:
    folder = None
    # A name that does not exist is answered here, where the shell shows it.
    if lesson is not None and isdir(found := find_or_folder(lesson)):
        lesson, folder = None, found
        if not has_lessons(folder):
            from tutor.cli.list_command import no_lessons_in

            raise Failure(no_lessons_in(folder))
    tell_missing_folders(options.language)
    return run(lambda: _app(lesson, folder, options))


def _app(lesson: str | None, folder: Path | None, options: Options) -> "TutorApp":
    from tutor.ui.app import TutorApp

    return TutorApp(lesson, folder=folder, **screens(options))


def has_lessons(folder: Path) -> bool:
    """Whether there is a lesson in a folder, or in one below it."""
    return any(name != UNIT_FILE for each in folders(folder) for name in each.files)


def _plain(lesson: str | None, options: Options) -> int:
    from tutor.cli.list_command import print_list

    if lesson is None:
        return print_list(options)
    if isdir(folder := find_or_folder(lesson)):
        return print_list(options, folder)
    from tutor.learner.session import Session
    from tutor.learner.store import Store
    from tutor.plain import practise

    store = Store(places().progress)
    end_with_terminal(store.rescue)
    leave_when_told()
    try:
        session = Session.open(store, load(lesson, options.language), seed=options.seed)
        return practise(session, language=options.language, ascii=options.ascii, quiet_feedback=options.quiet_feedback)
    except KeyboardInterrupt:
        left = store.put_away().message or msg("cli.interrupted")
        complain(f"\n{say(left, options.language)}")
        raise
    finally:
        store.close()
