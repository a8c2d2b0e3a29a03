"""What people read: messages by id and language, numbers as they are shown."""

from tutor.text.language import LANGUAGES, Language, language_of_environment
from tutor.text.message import Localised, Message, msg, parts_of, say
from tutor.text.visible import visible, visible_lines

__all__ = [
    "LANGUAGES",
    "Language",
    "Localised",
    "Message",
    "language_of_environment",
    "msg",
    "parts_of",
    "say",
    "visible",
    "visible_lines",
]
