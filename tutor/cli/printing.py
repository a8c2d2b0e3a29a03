"""Lines on standard output, in the characters that the learner's terminal has."""

from tutor.cli.options import Options
from tutor.text.ascii import to_ascii
from tutor.text.tables import table, width

__all__ = ["table", "width", "write"]


def write(line: str, options: Options) -> None:
    """One line on standard output."""
    print(to_ascii(line) if options.ascii else line)
