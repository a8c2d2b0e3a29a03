"""One part of a lesson: from the fields of the schema to a graph with inputs, outputs and questions."""

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from tutor.engine.graph import Graph
from tutor.lesson.ask_entries import asks_of, check_asked_names, check_questions
from tutor.lesson.draw_checks import check_draw
from tutor.lesson.file.document import Document, Steps, value_at_steps
from tutor.lesson.file.problem import nearest
from tutor.lesson.file.schema import LessonModel, PartFields, PartModel
from tutor.lesson.file.schema_base import TextByLanguage
from tutor.lesson.graph.implied_inputs import implied_inputs
from tutor.lesson.graph.lines import build_graph, check_names, check_usable_lines, parse_lines, shapes_at
from tutor.lesson.graph.named_sizes import shape_of
from tutor.lesson.graph.workload import check_workload
from tutor.lesson.inputs import given_of, positive_names
from tutor.lesson.model import Convention, Given, Part
from tutor.text import Localised, msg


def build_part(document: Document, at: Steps, fields: PartFields, lesson: LessonModel) -> Part | None:
    """The part that stands at `at`; None after noting everything that is wrong with it."""
    before = len(document.errors)
    sizes, lines = dict(fields.sizes or {}), fields.graph or {}
    named = {section: _keys(document, (*at, section)) for section in ("sizes", "given", "graph")}
    refused = check_names(document, at, named["sizes"], named["given"], named["graph"])
    _warn_of_equal_sizes(document, at, sizes)
    trees = parse_lines(document, at, lines, [*named["given"], *named["graph"]], named["sizes"])
    if any(lost[:-1] == (*at, "sizes") or lost == (*at, "sizes") for lost in document.lost):
        check_asked_names(document, at, fields.ask, named["given"], named["graph"], named["sizes"])
        return None  # without its sizes no shape can be judged
    positive = positive_names(trees.values())
    given, upstream = (
        {
            name: made
            for name, entry in (entries or {}).items()
            if (made := given_of(document, (*at, section, name), name, entry, sizes, names)) is not None
        }
        for section, entries, names in (
            ("given", fields.given, positive),
            ("upstream", fields.upstream, frozenset[str]()),
        )
    )
    broken = len(document.errors) > before
    _check_upstream_names(document, at, fields.upstream or {}, named["graph"])
    graph = None
    if broken or any(lost[: len(at)] == at for lost in document.lost):
        usable = {name: each for name, each in given.items() if name not in refused}
        check_usable_lines(document, at, {n: tree for n, tree in trees.items() if n not in refused}, usable, sizes)
    else:
        graph = build_graph(document, at, trees, given, sizes, upstream)
    known = implied_inputs(graph, given, sizes) if graph is not None else {}
    if known:
        given |= known
        graph = build_graph(document, at, trees, given, sizes, upstream)
    if graph is None:
        check_asked_names(document, at, fields.ask, named["given"], named["graph"], named["sizes"])
        return None
    ask = asks_of(document, at, fields.ask, graph, given)
    shapes = shapes_at(graph, given, sizes)
    upstream = {name: _as_one_entry(each, shapes.get(name, ())) for name, each in upstream.items()}
    _check_outputs(document, at, graph, given, upstream, sizes)
    _warn_of_unused(document, at, graph)
    part = Part(
        name=localised(fields.name) if isinstance(fields, PartModel) and fields.name is not None else None,
        sizes=sizes,
        given=given,
        trees=trees,
        graph=graph,
        upstream=upstream,
        convention=_convention(fields, lesson, "shape"),
        ask=ask,
        worked=_worked(fields, lesson, at),
        saturated=lesson.saturated,
        number=_number(at),
    )
    if len(document.errors) == before and check_workload(document, at, part):
        check_questions(document, part)
        check_draw(document, at, part)
    return part


def borrowed_part(
    document: Document, at: Steps, fields: PartModel, lesson: LessonModel, source: Part, title: Localised
) -> Part:
    """The graph of another lesson with questions of this one, or with its own."""
    ask = source.ask if fields.ask is None else asks_of(document, at, fields.ask, source.graph, source.given)
    part = replace(
        source,
        name=localised(fields.name) if fields.name is not None else title,
        convention=_convention(fields, lesson, source.convention),
        ask=ask,
        worked=_worked(fields, lesson, at),
        saturated=source.saturated or lesson.saturated,
        number=_number(at),
    )
    if fields.ask is not None and check_workload(document, at, part):
        check_questions(document, part)
    return part


def localised(text: str | TextByLanguage) -> Localised:
    """A text of the lesson."""
    return Localised(text) if isinstance(text, str) else Localised(text.en, text.zh)


def _convention(fields: PartFields, lesson: LessonModel, otherwise: Convention) -> Convention:
    return fields.convention or lesson.convention or otherwise


def _worked(fields: PartFields, lesson: LessonModel, at: Steps) -> int:
    """The lesson's own `worked` counts from its first question, which the first part asks."""
    said = fields.worked if fields.worked is not None or _number(at) else lesson.worked
    return said or 0


def _number(at: Steps) -> int:
    return next((step for step in at if isinstance(step, int)), 0)


def _keys(document: Document, steps: Steps) -> list[str]:
    """The names in a map of the file, those that the schema refuses too."""
    found = value_at_steps(document.data, steps)
    return list(found) if isinstance(found, dict) else []


def _check_upstream_names(document: Document, at: Steps, upstream: Mapping[str, object], lines: list[str]) -> None:
    for name in upstream:
        if name not in lines:
            near = nearest(name, lines)
            message = msg("lesson.unknown-line", name=name)
            if near is not None:
                message = msg("lesson.unknown-name", name=name, near=near)
            document.report_key((*at, "upstream", name), message, code="unknown-name")


def _check_outputs(
    document: Document,
    at: Steps,
    graph: Graph,
    given: Mapping[str, Given],
    upstream: Mapping[str, Given],
    sizes: Mapping[str, int],
) -> None:
    """Every output is one number, or is told the gradient that arrives."""
    shapes = shapes_at(graph, given, sizes)
    for name, each in upstream.items():
        declared = shape_of(each, sizes)
        if name in graph.lines and declared != shapes[name]:
            message = msg("lesson.upstream-shape", name=name, shape=shapes[name], declared=declared)
            document.report((*at, "upstream", name), message)
    untold = [name for name in graph.lines if name in graph.outputs and name not in upstream]
    if untold and len(graph.outputs) > 1:
        used = {slot.source for line in graph.lines.values() for slot in line.slots}
        outputs = [name for name in graph.lines if name in graph.outputs and name not in used]
        document.report_key((*at, "graph", untold[0]), msg("lesson.several-outputs", names=outputs))
    elif untold and math.prod(shapes[untold[0]]) != 1:
        message = msg("lesson.output-needs-upstream", name=untold[0], shape=shapes[untold[0]])
        document.report_key((*at, "graph", untold[0]), message)


def _as_one_entry(each: Given, shape: tuple[int, ...]) -> Given:
    """A number for an output of one entry, as `uᵀ h` is one of shape (1, 1), in the shape of that output."""
    if each.dims or math.prod(shape) != 1:
        return each
    value = each.value
    for _ in shape:
        value = [value]
    return replace(each, dims=shape, value=value if each.kind == "fixed" else None)


def _warn_of_equal_sizes(document: Document, at: Steps, sizes: Mapping[str, int]) -> None:
    first: dict[int, str] = {}
    for name, size in sizes.items():
        if size in first:
            message = msg("lesson.equal-sizes", first=first[size], second=name, size=size)
            document.report_key((*at, "sizes", name), message, severity="warning")
        first.setdefault(size, name)


def _warn_of_unused(document: Document, at: Steps, graph: Any) -> None:
    used = {j for arguments in graph.arguments for j in arguments}
    for name in graph.inputs:
        if graph.index[name] not in used:
            document.report_key((*at, "given", name), msg("lesson.unused", name=name), severity="warning")
