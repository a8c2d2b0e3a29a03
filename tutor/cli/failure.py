"""A command that cannot be carried out: what to say, and with which status to end."""

from collections.abc import Sequence

from tutor.text import Message

USAGE = 2


class Failure(Exception):  # noqa: N818 (it is what the learner meets, not an error of the program)
    """Ends the command with messages on standard error, and below them lines that are quoted as they are.

    `also` are failures that came with it, each of another file.
    """

    def __init__(
        self, *messages: Message, quoted: Sequence[str] = (), status: int = USAGE, also: "Sequence[Failure]" = ()
    ) -> None:
        super().__init__(*messages)  # of which another process can make it anew
        self.messages = messages
        self.quoted = quoted
        self.status = status
        self.also = also
