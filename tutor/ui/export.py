"""A derivation on its way out: to the clipboard, or into a file where the terminal does not pass it on."""

from textual.app import App

from tutor.learner.derivation_export import FinishedDerivation, Form
from tutor.places import places
from tutor.text import Message, msg

COPIED: dict[Form, Message] = {"text": msg("ui.copied-text"), "latex": msg("ui.copied-latex")}


def copy(app: App[int], kept: FinishedDerivation, form: Form) -> Message:
    """Hand it to the terminal; what to say, since no terminal answers whether it has taken it."""
    app.copy_to_clipboard(kept.in_form(form))
    return COPIED[form]


def save(kept: FinishedDerivation) -> Message:
    """Write both forms into the learner's folder; says where they are, or why not."""
    try:
        paths = kept.save(places().derivations)
    except OSError as error:
        return msg("ui.not-saved", reason=error.strerror or str(error))
    return msg("ui.saved-to", paths=[str(path) for path in paths])
