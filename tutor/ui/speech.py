"""How a widget says a message: in the language that the app speaks at this moment."""

from typing import TYPE_CHECKING, TypeAlias, cast

from textual.content import Content
from textual.message_pump import MessagePump

from tutor.text import Language, Localised, Message, say, visible, visible_lines

if TYPE_CHECKING:
    from tutor.ui.app import TutorApp


Spoken: TypeAlias = Message | Localised | str
"""What a widget can say: a message, a text of a lesson, or a text that is the same in every language."""


def the_app(pump: MessagePump) -> "TutorApp":
    """The app that a widget or screen belongs to, as the class it is."""
    return cast("TutorApp", pump.app)


def language_of(pump: MessagePump) -> Language:
    """The language on screen."""
    return the_app(pump).language


def speak(pump: MessagePump, message: Spoken) -> str:
    """The text of `message` in the language on screen."""
    language = language_of(pump)
    if isinstance(message, Message):
        return spell(pump, say(message, language))
    return spell(pump, message if isinstance(message, str) else message.in_(language))


def spell(pump: MessagePump, text: str) -> str:
    """The text, with nothing for a terminal to obey; with `--ascii` signs that one character cannot say written out."""
    text = visible_lines(text)
    if not the_app(pump).ascii_only:
        return text
    from tutor.text.ascii import spelled

    return spelled(text)


def plain_title(text: str) -> Content:
    """The title of a frame: Textual reads markup in a text, and brackets are mathematics here."""
    return Content(visible(text.strip()))
