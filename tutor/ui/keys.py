"""Which keys do what: one table from which the bindings, the key bar, the help and the palette are made."""

from typing import NamedTuple

from textual.binding import Binding

from tutor.text import Message, msg


class Key(NamedTuple):
    """One thing that a key does: the keys it is bound to, how they are shown, what bar and help call it."""

    action: str
    bound: str
    shown: str
    label: Message
    help: Message
    also: str = ""

    def binding(self) -> Binding:
        """The binding for Textual; what it is called is said elsewhere, in the language of the moment."""
        return Binding(self.bound, self.action, show=False)


def bindings(*keys: Key) -> list[Binding]:
    """Bindings of those keys that no widget handles by itself."""
    return [key.binding() for key in keys if key.bound]


# Everywhere.
HELP = Key("app.help", "f1", "F1", msg("ui.key-help"), msg("ui.key-help-long"), also="?")
LANGUAGE = Key("app.language", "f8", "F8", msg("ui.key-language"), msg("ui.key-language-long"))
PALETTE = Key("app.command_palette", "f9,ctrl+p", "F9", msg("ui.key-palette"), msg("ui.key-palette-long"), also="^p")
QUIT = Key("app.quit", "ctrl+q", "^q", msg("ui.key-quit"), msg("ui.key-quit-long"))
BACK = Key("back", "escape", "esc", msg("ui.key-back"), msg("ui.key-back-long"))
EVERYWHERE = (HELP, LANGUAGE, PALETTE, QUIT)

# On the course.
OPEN = Key("open", "", "⏎", msg("ui.key-open"), msg("ui.key-open-long"))
NEW_NUMBERS = Key("new_numbers", "n", "n", msg("ui.key-new-numbers"), msg("ui.key-new-numbers-long"))
FIND = Key("find", "slash", "/", msg("ui.key-find"), msg("ui.key-find-long"))
COURSE_HELP = Key("app.help", "question_mark", "?", msg("ui.key-help"), msg("ui.key-help-long"), also="F1")
COURSE_LANGUAGE = Key("app.language", "l", "l", msg("ui.key-language"), msg("ui.key-language-long"), also="F8")
COURSE_QUIT = Key("app.quit", "q", "q", msg("ui.key-quit"), msg("ui.key-quit-long"), also="^q")
MOVE = Key("move", "", "↑ ↓", msg("ui.key-move"), msg("ui.key-move-long"))
FOLD = Key("fold", "", "← →", msg("ui.key-fold"), msg("ui.key-fold-long"))
ON_COURSE = (OPEN, NEW_NUMBERS, FIND, MOVE, FOLD, COURSE_LANGUAGE, COURSE_HELP, COURSE_QUIT)

# On the summary.
PLOTS = Key("plots", "p", "p", msg("ui.key-plots"), msg("ui.key-plots-long"))

# In the preview of a lesson that is being written.
NEXT_NUMBERS = Key(
    "app.next_numbers", "f12,ctrl+s", "F12", msg("ui.key-next-numbers"), msg("ui.key-next-numbers-long"), also="^s"
)
TO_LESSON = Key("app.go_on", "enter", "⏎", msg("ui.key-to-the-lesson"), msg("ui.key-to-the-lesson"))
REPORT = Key("back", "escape", "esc", msg("ui.key-report"), msg("ui.key-report-long"))
IN_PREVIEW = (NEXT_NUMBERS, REPORT)

# Before the app is left with answers that are not saved.
SAVE_AGAIN = Key("save_again", "enter", "⏎", msg("ui.key-save-again"), msg("ui.key-save-again"))
LEAVE = Key("leave", "q,ctrl+q", "q", msg("ui.key-leave"), msg("ui.key-leave"))
STAY = Key("back", "escape", "esc", msg("ui.key-stay"), msg("ui.key-stay"))

# In the drill. Ctrl+letter serves terminals that keep the function keys for themselves.
CHECK = Key("check", "", "⏎", msg("ui.key-check"), msg("ui.key-check-long"))
HINT = Key("hint", "f2,ctrl+t", "F2", msg("ui.key-hint"), msg("ui.key-hint-long"), also="^t")
TABLE = Key("table", "f3,ctrl+g", "F3", msg("ui.key-table"), msg("ui.key-table-long"), also="^g")
TEXT = Key("text", "f4,ctrl+o", "F4", msg("ui.key-text"), msg("ui.key-text-long"), also="^o")
GRID = Key("grid", "f5,ctrl+r", "F5", msg("ui.key-grid"), msg("ui.key-grid-long"), also="^r")
SKIP = Key("skip", "f6,ctrl+n", "F6", msg("ui.key-skip"), msg("ui.key-skip-long"), also="^n")
OVERVIEW = Key("overview", "f7", "F7", msg("ui.key-overview"), msg("ui.key-overview-long"))
LOOK = Key("look", "", "← ↑ ↓ →", msg("ui.key-look"), msg("ui.key-look-long"))
PAN = Key("pan", "", "PgUp PgDn", msg("ui.key-pan"), msg("ui.key-pan-long"), also="alt+← ↑ ↓ →")
WHY = Key("why", "f10,ctrl+y", "F10", msg("ui.key-why"), msg("ui.key-why-long"), also="^y")
VIEW = Key("turn(1)", "", "← →", msg("ui.key-view"), msg("ui.key-view"))
KEEP = Key("app.keep", "ctrl+l", "^l", msg("ui.key-keep"), msg("ui.key-keep-long"))
MORE = Key("page(1)", "", "PgDn", msg("ui.key-more"), msg("ui.key-pan-long"))
MORE_ABOVE = Key("page(-1)", "", "PgUp", msg("ui.key-more"), msg("ui.key-pan-long"))
BEGIN = Key("begin", "", "⏎", msg("ui.key-begin"), msg("ui.key-begin"))
IN_DRILL = (CHECK, HINT, TABLE, TEXT, GRID, SKIP, OVERVIEW, WHY, LOOK, PAN, KEEP, BACK)

# On the card with a derivation.
GO_ON = Key("go_on", "enter", "⏎", msg("ui.key-go-on"), msg("ui.key-go-on"))
COPY_TEXT = Key("copy_text", "t", "t", msg("ui.key-copy-text"), msg("ui.key-copy-text-long"))
COPY_LATEX = Key("copy_latex", "l", "l", msg("ui.key-copy-latex"), msg("ui.key-copy-latex-long"))
SAVE = Key("save", "s", "s", msg("ui.key-save"), msg("ui.key-save-long"))
OTHER = Key("other", "tab", "tab", msg("ui.key-other"), msg("ui.key-other"))
