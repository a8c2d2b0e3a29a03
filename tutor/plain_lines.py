"""A graph, and the spot in an answer that could not be read, as lines of text."""

from collections.abc import Iterator

from tutor.expr import Span, to_text
from tutor.learner.session import Session
from tutor.text import visible
from tutor.text.columns import display_width
from tutor.text.number_format import format_block, format_value


def graph_lines(session: Session, part: int) -> Iterator[str]:
    """The graph of a part: inputs, then lines in topological order, as `a = x + y = 3`."""
    drawn = session.drill.parts[part]
    if drawn.draw.sizes:
        yield ", ".join(f"{name} = {size}" for name, size in drawn.draw.sizes.items())
    for name in drawn.graph.inputs:
        yield from _valued(name, drawn.run.values[name])
    for name in drawn.graph.order:
        tree = drawn.graph.lines[name].tree
        yield from _valued(f"{name} = {to_text(tree)}" if tree is not None else name, drawn.run.values[name])


def _valued(name: str, value: object) -> Iterator[str]:
    if getattr(value, "size", 1) <= 40:
        yield f"{name} = {format_value(value)}"
        return
    yield f"{name} ="
    yield from format_block(value)


def caret(typed: str, span: Span) -> list[str]:
    """The typed text and below it a caret at the start of `span`; long texts are cut around the spot."""
    start = min(span.start, len(typed))
    first = max(0, start - 60)
    shown, before = visible(typed[first : first + 76]), visible(typed[first:start])
    return [f"    {shown}", "    " + " " * display_width(before) + "^"]
