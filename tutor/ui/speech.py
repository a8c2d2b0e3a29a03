"""How a widget says a message: in the language that the app speaks at this moment."""

from typing import TYPE_CHECKING, TypeAlias, cast

from textual.message_pump import MessagePump

from tutor.text import Language, Localised, Message, say

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
    """The text as it is; with `--ascii` the signs that one plain character cannot stand for are written out."""
    if not the_app(pump).ascii_only:
        return text
    from tutor.text.ascii import spelled

    return spelled(text)
