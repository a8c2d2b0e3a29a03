"""`tutor code`: a lesson's graph as a NumPy function that runs on its own."""

from tutor.cli.named_lessons import load
from tutor.cli.options import Options
from tutor.cli.output import write_data
from tutor.engine.code import as_code
from tutor.kinds import build
from tutor.text import msg, say, visible, visible_lines


def print_code(argument: str, options: Options) -> int:
    """Print `forward_backward(...)` for the lesson's graph; of a lesson of parts, one function a part."""
    drill = build(load(argument, options.language), options.seed or 0)
    title = visible(drill.lesson.title.in_(options.language).strip())  # a line break would end the comment
    for number, part in enumerate(drill.parts, 1):
        name = f"forward_backward_{number}" if drill.lesson.has_parts else "forward_backward"
        head = say(msg("cli.code-of", title=title, lesson=drill.lesson.id), options.language)
        write_data(f"# {head}\n{visible_lines(as_code(part.run, name))}\n".encode())
    return 0
