"""What a learner's mistakes would look like: reports those that no drill of a part can tell apart, and what helps."""

from collections.abc import Iterator
from dataclasses import replace

from tutor.authoring.diagnostics import Diagnostics
from tutor.authoring.mistake_collisions import MistakeCollisions, mistake_collisions
from tutor.engine import EngineError
from tutor.kinds.kind import kind_named
from tutor.lesson.file.problem import shortened_list
from tutor.lesson.model import Ask, Given, Kind, Part
from tutor.lesson.numbers.draws import draw, is_fit, run_of
from tutor.lesson.numbers.samplers import can_keep_options, decimals_of
from tutor.mistakes.mistake_classes import MistakeClass
from tutor.text import Message, msg

_SEEDS = 10  # enough to see whether a change of the lesson helps
_MOST_PAIRS = 4
_MOST_WORK = 500  # questions times ops up to which changes of the lesson are tried


def report_ambiguity(diagnostics: Diagnostics, part: Part, found: MistakeCollisions) -> None:
    """Notes every question at which a slip looks right, and those at which two mistakes look alike."""
    if found.left_out:
        message = msg("authoring.too-many-to-compare", count=len(found.asks), left=found.left_out)
        diagnostics.at_field((*diagnostics.steps_of(part), "graph"), message, "warning")
    hidden, alike = list(found.hidden()), list(found.alike())
    if not hidden and not alike:
        return
    is_small = len(found.asks) * len(part.graph.ops) <= _MOST_WORK
    advice = advice_for(part, hides=bool(hidden)) if is_small else msg("authoring.advice-other-numbers")
    for ask, classes in hidden:
        message = msg(
            "authoring.slip-looks-right", question=_name(diagnostics, part, ask), mistakes=_ids(classes), advice=advice
        )
        diagnostics.at_question(part, ask, message, "error" if _all_drawn(part) else "warning")
    for ask, pairs in alike:
        shown = shortened_list(list(dict.fromkeys(" = ".join(_ids(pair)) for pair in pairs)), _MOST_PAIRS)
        message = msg("authoring.slips-look-alike", question=_name(diagnostics, part, ask), pairs=shown, advice=advice)
        diagnostics.at_question(part, ask, message, "warning")


def advice_for(part: Part, *, hides: bool) -> Message:
    """The first change of the lesson after which its mistakes can be told apart, tried at ten seeds."""
    for message, variant in _variants(part):
        if not all(can_keep_options(given, variant.sizes) for given in variant.given.values()):
            continue
        first = run_of(variant, draw(variant, 0))
        if first is None or not is_fit(variant, first):
            continue  # nobody would work with its numbers, whatever they told apart
        try:
            found = mistake_collisions(variant, (draw(variant, seed) for seed in range(_SEEDS)))
        except EngineError:
            continue
        if not any(found.hidden()) and (hides or not any(found.alike())):
            return message
    return msg("authoring.advice-fixed") if not _all_drawn(part) else msg("authoring.advice-none")


def _variants(part: Part) -> Iterator[tuple[Message, Part]]:
    """Other sizes, no zeros, more decimals: each alone, then for all inputs at once."""
    yield from _other_sizes(part)
    may_be_zero = [given for given in part.given.values() if _may_be_zero(given)]
    coarse = [given for given in part.given.values() if given.kind in ("integers", "choice", "uniform", "normal")]
    for group in _alone_then_together(may_be_zero):
        yield _changed(part, "authoring.advice-nonzero", [replace(each, nonzero=True) for each in group])
    for group in _alone_then_together(coarse):
        yield _changed(part, "authoring.advice-decimals", [_with_decimals(each) for each in group])


def _alone_then_together(every: list[Given]) -> list[list[Given]]:
    return [*([each] for each in every), *([every] if len(every) > 1 else [])]


def _other_sizes(part: Part) -> Iterator[tuple[Message, Part]]:
    sizes: dict[str, int] = {}
    for name, size in part.sizes.items():
        while size < 2 or size in sizes.values():
            size += 1
        sizes[name] = size
    if sizes != dict(part.sizes):
        said = ", ".join(f"{name}: {size}" for name, size in sizes.items() if size != part.sizes[name])
        try:
            yield (
                msg("authoring.advice-sizes", sizes=said),
                replace(part, sizes=sizes, graph=part.graph_for(sizes)),
            )
        except EngineError:
            return


def _changed(part: Part, id: str, group: list[Given]) -> tuple[Message, Part]:
    given = {**part.given, **{each.name: each for each in group}}
    return msg(id, names=[each.name for each in group]), replace(part, given=given)


def _with_decimals(given: Given) -> Given:
    low, high = given.low, given.high
    if given.kind == "choice":
        low, high = min(given.choices), max(given.choices)
    kind: Kind = "normal" if given.kind == "normal" else "uniform"
    places = decimals_of(given) + 1 if given.kind in ("uniform", "normal") else 1
    return replace(given, kind=kind, low=low, high=high, decimals=places)


def _may_be_zero(given: Given) -> bool:
    if given.nonzero:
        return False
    if given.kind == "choice":
        return 0.0 in given.choices
    return given.kind == "normal" or (given.kind in ("integers", "uniform") and given.low <= 0 <= given.high)


def _all_drawn(part: Part) -> bool:
    """Whether the lesson chose how to draw its numbers, not the numbers themselves."""
    return all(given.drawn or given.constant for given in (*part.given.values(), *part.upstream.values()))


def _name(diagnostics: Diagnostics, part: Part, ask: Ask) -> str:
    """The id of a question, `3/total x` in a lesson of parts."""
    words = [ask.kind, *kind_named(ask.kind).words(ask.fields)]
    return f"{part.number + 1}/{' '.join(words)}" if diagnostics.lesson.has_parts else " ".join(words)


def _ids(classes: "list[MistakeClass] | tuple[MistakeClass, ...]") -> list[str]:
    return list(dict.fromkeys(each.id for each in classes))
