"""Looking at a node: what there is to know of it, and which node lies in which direction."""

from collections.abc import Mapping, Sequence
from typing import Any

from rich.cells import cell_len

from tutor.drawing import Region
from tutor.drill.question import DrillPart
from tutor.expr import to_unicode
from tutor.learner.known_gradients import KnownGradients
from tutor.text import Language, Message, msg, say
from tutor.text.message import render
from tutor.text.number_format import format_block, format_value
from tutor.ui.widgets.prose import Paragraph

DIRECTIONS: Mapping[str, tuple[int, int]] = {"left": (-1, 0), "right": (1, 0), "up": (0, -1), "down": (0, 1)}


def neighbour(regions: Mapping[str, Region], here: str, direction: str) -> str | None:
    """The nearest box in a direction: what lies straight ahead counts more than what lies aside."""
    dx, dy = DIRECTIONS[direction]
    x, y = _centre(regions[here])
    best: tuple[float, str] | None = None
    for name, region in regions.items():
        # A cell is about twice as high as wide.
        right, down = _centre(region)[0] - x, 2 * (_centre(region)[1] - y)
        ahead, aside = (right * dx, abs(down)) if dx else (down * dy, abs(right))
        if ahead > 0 and (best is None or ahead + 2 * aside < best[0]):
            best = ahead + 2 * aside, name
    return best[1] if best else None


def seen(
    part: DrillPart, known: KnownGradients, node: str, language: Language, given: Mapping[str, Any] | None = None
) -> Sequence[Paragraph]:
    """Value, shape, rule and what is known so far, as paragraphs; `given` gradients in place of the right ones."""
    value = part.run.values[node]
    shape = tuple(getattr(value, "shape", ()))
    line = part.graph.lines.get(node)
    kind = msg("ui.look-input") if line is None else msg("ui.look-line")
    what = msg("ui.a-number") if shape == () else msg("ui.of-shape", shape=shape)
    title = f"{title_of(part, node)} ∙ {say(kind, language)} ∙ {say(what, language)}"
    paragraphs = [Paragraph(title, mark="◇", mark_style="bold $accent", style="bold")]
    paragraphs += _array(msg("ui.look-value"), value, "$value", language)
    paragraphs += [Paragraph(say(message, language), mark=" ", style="$muted") for message in _rules(part, node)]
    if given is not None:
        shown = _array(msg("ui.look-given"), given[node], "$gradient", language) if node in given else []
        return [*paragraphs, *shown]
    if node in known.gradients:
        paragraphs += _array(msg("ui.look-gradient"), part.run.gradients[node], "$gradient", language)
    flows = [
        msg("ui.look-flow", line=name, value=part.run.downstream[name, slot.label])
        for name, slot in part.graph.uses(node)
        if (name, slot.label) in known.downstream and node not in known.gradients
    ]
    paragraphs += [Paragraph(say(flow, language), mark=" ", style="$gradient") for flow in flows]
    return paragraphs


def title_of(part: DrillPart, node: str) -> str:
    """`b = max(y, z)`, or the name of an input."""
    line = part.graph.lines.get(node)
    return f"{node} = {to_unicode(line.tree)}" if line is not None and line.tree is not None else node


def shape_text(shape: tuple[int, ...]) -> str:
    """`(3, 2)`, and `()` for a number."""
    return render(shape, "en")


def _rules(part: DrillPart, node: str) -> list[Message]:
    """What a teacher would say of each op of the line."""
    graph = part.graph
    if node not in graph.lines:
        return []
    line = graph.lines[node]
    inner = [graph.index[name] for name in line.parts]
    ops = [graph.ops[place] for place in (*inner, line.root)]
    return list({op.rule: Message(op.rule) for op in ops if op is not None}.values())


def _array(label: Message, value: object, style: str, language: Language) -> list[Paragraph]:
    rows = format_block(value, rows=6, columns=8) if getattr(value, "ndim", 0) else [format_value(value)]
    lead = f"{say(label, language)} "
    text = "\n".join((lead if number == 0 else " " * _width(lead)) + row for number, row in enumerate(rows))
    return [Paragraph(text, mark=" ", style=style, as_is=True)]


def _width(text: str) -> int:
    return cell_len(text)


def _centre(region: Region) -> tuple[float, float]:
    return region.x + region.width / 2, region.y + region.height / 2
