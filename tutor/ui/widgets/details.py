"""What must be read before a question can be answered: options to choose from, a given backward pass."""

from collections.abc import Sequence

from tutor.text import Message
from tutor.ui.speech import speak
from tutor.ui.widgets.prose import Paragraph, Prose


class Details(Prose):
    """The details of the question, each on lines of its own; takes no room where there are none."""

    DEFAULT_CSS = """
    Details { padding: 0 1; max-height: 50%; }
    """

    def __init__(self, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._details: Sequence[Message] = ()
        self.display = False

    def show(self, details: Sequence[Message]) -> None:
        """Show these."""
        self._details = details
        self.display = bool(details)
        self.refresh(layout=True)

    def paragraphs(self) -> Sequence[Paragraph]:
        """One for each."""
        return [Paragraph(speak(self, detail)) for detail in self._details]
