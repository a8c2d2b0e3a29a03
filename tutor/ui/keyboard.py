"""The terminal's keys: bytes that are no text in UTF-8 are skipped, and that is said once; Ctrl+Z."""

import codecs
import signal
from collections.abc import Callable, Generator
from functools import partial
from typing import Any

from textual._xterm_parser import XTermParser
from textual.drivers import linux_driver
from textual.message import Message

from tutor.text import msg
from tutor.ui.base_app import BaseApp

_SKIPPING = "tutor-skip"


class Keyboard(linux_driver.LinuxDriver):
    """Textual's own driver ends at the first byte that it cannot decode, and stops where nobody continues it."""

    _has_skipped = False

    def run_input_thread(self) -> None:
        """Read keys until the app ends."""
        codecs.register_error(_SKIPPING, self._skip)
        super().run_input_thread()

    def _sigtstp_application(self, *_: object) -> None:
        """Leave the screen, and stop as the system stops programs: not where no shell is left that could go on with it.

        SIGSTOP would stop it all the same: for ever, when the terminal was closed while the screen was being left.
        """
        if self._auto_restart:
            self.suspend_application_mode()
            self._must_signal_resume = True
        before = signal.signal(signal.SIGTSTP, signal.SIG_DFL)
        signal.raise_signal(signal.SIGTSTP)
        signal.signal(signal.SIGTSTP, before)
        self._sigcont_application()  # nothing has stopped it, or nobody has told it yet that it goes on

    def _sigcont_application(self, *_: object) -> None:
        """Come back to the screen, if it was left."""
        if self._must_signal_resume:
            super()._sigcont_application()

    def _skip(self, error: UnicodeError) -> tuple[str, int]:
        assert isinstance(error, UnicodeDecodeError)
        if not self._has_skipped:
            self._has_skipped = True
            app = self._app
            assert isinstance(app, BaseApp)
            app.call_later(app.say, msg("ui.bad-bytes"))
        return "", error.end


class Keys(XTermParser):
    """Textual's own parser ends the app at what makes no sense: the number of no character, a size of 0."""

    def parse(self, token_callback: Callable[[Message], None]) -> Generator[Any, str, None]:
        """Skip what makes no sense, and read on."""
        while True:
            try:
                return (yield from super().parse(token_callback))
            except (ValueError, ArithmeticError):
                self.terminal_size = None  # else it fails again at the next movement of the mouse


# The driver makes its decoder by this name, and gives no other way to choose how errors are met.
setattr(linux_driver, "getincrementaldecoder", lambda name: partial(codecs.getincrementaldecoder(name), _SKIPPING))  # noqa: B010
setattr(linux_driver, "XTermParser", Keys)  # noqa: B010
