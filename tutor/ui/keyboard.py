"""The terminal's keys: bytes that are no text in UTF-8 are skipped, and that is said once."""

import codecs
from functools import partial
from typing import TYPE_CHECKING, cast

from textual.drivers import linux_driver

from tutor.text import msg

if TYPE_CHECKING:
    from tutor.ui.app import TutorApp

_SKIPPING = "tutor-skip"


class Keyboard(linux_driver.LinuxDriver):
    """Textual's own driver ends the app at the first byte that it cannot decode."""

    _has_skipped = False

    def run_input_thread(self) -> None:
        """Read keys until the app ends."""
        codecs.register_error(_SKIPPING, self._skip)
        super().run_input_thread()

    def _skip(self, error: UnicodeError) -> tuple[str, int]:
        assert isinstance(error, UnicodeDecodeError)
        if not self._has_skipped:
            self._has_skipped = True
            app = cast("TutorApp", self._app)
            app.call_later(app.say, msg("ui.bad-bytes"))
        return "", error.end


# The driver makes its decoder by this name, and gives no other way to choose how errors are met.
setattr(linux_driver, "getincrementaldecoder", lambda name: partial(codecs.getincrementaldecoder(name), _SKIPPING))  # noqa: B010
