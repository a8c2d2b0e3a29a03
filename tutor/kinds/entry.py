"""`entry: {of: "z[i]", wrt: "W[i, j]"}`: one entry of a Jacobian, as a formula in the indices."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import combinations, islice
from typing import Any

import numpy as np
from pydantic import Field

from tutor.checking.explaining.advice import named
from tutor.checking.explaining.edit_search import find_edit
from tutor.checking.explaining.single_edits import SingleEdit
from tutor.checking.judging.agreement import CLOSE, Value, agree_at, close_at_every_run, first_disagreement, is_close
from tutor.checking.judging.numbers_tried import numbers_tried
from tutor.checking.reading.typed_text import is_shape_error
from tutor.checking.verdict import Preview, Verdict
from tutor.checking.why.step import Step
from tutor.drill.chain_rule import gates_between
from tutor.drill.entry_formula import entry_formula
from tutor.drill.notation import entry_symbol, line_formula
from tutor.drill.question import Drill, Entered, GradientQuestion
from tutor.engine import Run
from tutor.engine.gradient_formulas import replaced
from tutor.expr import EvaluationError, ParseError, Tree, to_text, to_unicode, walk
from tutor.expr.tree import Name, Subscript
from tutor.kinds.entry_values import (
    EntryQuestion,
    EntryWords,
    out_of_range,
    parts_at_one,
    parts_in,
    shape_at,
    value_at_one,
    value_of,
)
from tutor.kinds.formula import USING
from tutor.kinds.kind import Asked, Kind, answer_hint, skills_of, steps_of
from tutor.lesson.array_entries import Place, letter_sizes, place_of
from tutor.lesson.ask_entries import Notes, unknown
from tutor.lesson.file.ask_schema import NameList, OfWrt
from tutor.lesson.graph.lines import shapes_at
from tutor.lesson.model import Part
from tutor.lesson.question_load import QuestionLoad, Shapes, sizes_of
from tutor.mistakes.target import Target
from tutor.text import Message, msg
from tutor.text.number_format import format_value

LEAST_EDITS = 4
PARTS_OF_EDITS = 600
MOST_PARTS = 200
_OF_ARRAYS = ("checking.edit-sum", "checking.edit-transpose-added")  # an entry is a number


class Entry(OfWrt):
    """One entry of a gradient as a formula in the indices."""

    using: NameList | None = Field(None, description=USING)


class EntryKind(Kind[Entry, EntryQuestion]):
    """Answers are right for every choice of the indices at any numbers and sizes."""

    name = "entry"
    fields = Entry
    describes = 'One entry as a formula in the indices: `entry: {of: "z[i]", wrt: "W[i, j]"}`'
    entered = Entered.FORMULA
    asks_how = True
    tried_elsewhere = True
    names_nodes = False
    slips = ("entry:indices-swapped",)

    def note_faults(self, notes: Notes, fields: Entry) -> None:
        """Two places in arrays that there are."""
        graph = notes.graph
        for field, text in (("of", fields.of), ("wrt", fields.wrt)):
            try:
                place = place_of(text)
            except ParseError as error:
                notes.report((field,), error.message, code="not-an-entry", inside=error.span.start)
                continue
            if place.name not in graph.index:
                known = [*graph.inputs, *graph.lines]
                notes.report((field,), unknown(place.name, known), code="unknown-name")
            for letter in place.letters:
                if letter in graph.index:
                    notes.report((field,), msg("lesson.letter-taken", name=letter))

    def misfit(self, part: Part, fields: Entry) -> Message | None:
        """An index for every axis, and one size for every letter."""
        shapes = shapes_at(part.graph, part.given, part.sizes)
        try:
            places = tuple((place, shapes[place.name]) for place in (place_of(fields.of), place_of(fields.wrt)))
        except (ParseError, KeyError):
            return None  # noted where names are checked
        for place, shape in places:
            if place.axes(shape) is None:
                letters = iter("ijkl")
                axes = [next(letters, "m") for size in shape if size > 1]
                form = f'"{place.name}[{", ".join(axes)}]"' if axes else place.name
                return msg("lesson.entry-axes", name=place.name, shape=shape, form=form)
        if letter_sizes(places) is None:
            return msg("lesson.entry-two-sizes", of=fields.of, wrt=fields.wrt)
        return None

    def loads(self, part: Part, shapes: Shapes, fields: Entry, whole: int) -> Iterator[QuestionLoad]:
        """The Jacobian is computed, and not typed."""
        sizes = sizes_of(part.graph, shapes, fields.of, fields.wrt)
        yield QuestionLoad(1, sizes[0] * sizes[-1], whole * sizes[0])

    def build(self, asked: Asked[Entry]) -> EntryQuestion:
        """The entry asked for; `typed` where the chain of ops has a short formula."""
        of, wrt = place_of(asked.fields.of), place_of(asked.fields.wrt)
        using = None if asked.fields.using is None else tuple(asked.fields.using)
        tree = _typed(asked.run, of, wrt, using)
        letters = list(dict.fromkeys((*of.letters, *wrt.letters)))
        return EntryQuestion(
            **asked.head(of.name, wrt.name),
            of=of.name,
            wrt=(wrt.name,),
            upper=of,
            lower=wrt,
            using=using,
            convention=asked.convention,
            symbol=f"∂{shown(of)}/∂{shown(wrt)}",
            prompt=msg("drill.prompt-entry-using", letters=letters, using=list(using))
            if using
            else msg("drill.prompt-entry", letters=letters),
            typed=None if tree is None else to_text(tree),
            skills=skills_of(asked.run.graph, "entry", [wrt.name]),
        )

    def check(self, drill: Drill, question: EntryQuestion, text: str, earlier: Mapping[str, str]) -> Verdict:
        """Right if it holds for all indices at the drill's numbers and at fresh ones."""
        words = _words(drill, question)
        tree = words.read(text)
        if parts_in(tree) > MOST_PARTS:
            raise EvaluationError(msg("expr.too-much-work"), tree.span)
        here = words.part.run
        value, error = _value_or_error(words, tree, here)
        if agree_at(here, *_value_and_truth(words, tree, value)):
            fails = _first_failure(words, tree)
            if fails is None:
                return Verdict(
                    "right",
                    msg("checking.entry-right", letters=list(question.letters), tried=numbers_tried(words.part)),
                )
            if fails is not here:
                return Verdict("wrong", _counterexample(words, question, fails), "coincidence", question.of)
        swapped = _swapped(words, tree)
        if swapped is not None:
            return Verdict("wrong", _named_swap(question, swapped), "entry:indices-swapped", question.of)
        if error is not None:
            if error.message.id == "checking.entry-not-a-number" or is_shape_error(error):
                return Verdict("wrong-shape", error.message, span=error.span)
            beyond = out_of_range(words, tree, here)
            if beyond is None:
                raise error
            letter, array, far, length = beyond
            known: dict[str, object] = {"letter": letter, "name": array, "far": far, "length": length}
            return Verdict("wrong-shape", msg("checking.entry-out-of-range", **known))
        return _wrong(words, question, value, _repair(words, tree, value))

    def preview(self, drill: Drill, question: EntryQuestion, text: str) -> Preview:
        """The formula in mathematics; its value depends on the indices."""
        return Preview(to_unicode(_words(drill, question).read(text)))

    def hints(self, drill: Drill, question: EntryQuestion) -> list[Message]:
        """What varies, the rule by entries, what meets what, one entry's number here, the formula."""
        run = drill.part_of(question).run
        right = question.truth(run)
        place = next((tuple(map(int, each)) for each in np.argwhere(right)), tuple(0 for _ in right.shape))
        at = [f"{letter} = {index}" for letter, index in zip(question.letters, place, strict=True)]
        ranges = [f"{letter} < {size}" for letter, size in (question.sizes(run) or {}).items()]
        of, wrt = shown(question.upper), shown(question.lower)
        here = msg(
            "checking.hint-entry-here", symbol=question.symbol, at=at, value=format_value(right[place]), ranges=ranges
        )
        return [
            msg("checking.hint-entry", of=of, wrt=wrt, letters=list(question.letters)),
            *_rule_and_names(run, question, right),
            here if at else msg("checking.hint-entry-value", symbol=question.symbol, value=format_value(right)),
            answer_hint(question, format_value(right)),
        ]

    def derivation(self, drill: Drill, question: EntryQuestion) -> Iterator[Step | Message]:
        yield from steps_of(question, f"{question.symbol} = ")


def shown(place: Place) -> str:
    """The place as one types it."""
    return entry_symbol(place.name, place.indices)


def _typed(run: Run, of: Place, wrt: Place, using: tuple[str, ...] | None) -> Tree | None:
    above, below = of.axes(shape_at(run, of)), wrt.axes(shape_at(run, wrt))
    if above is None or below is None:
        return None
    return entry_formula(run, (of.name, above), (wrt.name, below), using)


def _rule_and_names(run: Run, entry: EntryQuestion, right: Any) -> tuple[Message, Message]:
    """The rule in words, and in the names of the line, by how the entry gets into the other."""
    of, wrt, graph = shown(entry.upper), shown(entry.lower), run.graph
    line = graph.lines.get(entry.upper.name)
    slot = next((each for each in line.slots if each.source == entry.lower.name), None) if line is not None else None
    op = None if slot is None else graph.ops[slot.chain[-1][0]]
    formula = line_formula(graph, entry.upper.name)
    summed = msg("checking.hint-entry-rule", of=of, wrt=wrt)
    if slot is None or op is None:
        way = " → ".join(reversed(gates_between(graph, entry.upper.name, entry.lower.name)))
        return summed, msg("checking.hint-entry-way", way=way, wrt=wrt)
    if np.any(right == 0):
        return summed, msg("checking.hint-entry-apart", of=of, wrt=wrt)
    if op.elementwise and len(slot.chain) == 1:
        return Message(op.slope_rule), msg("checking.hint-entry-local", line=entry.upper.name, formula=formula, of=of)
    return summed, msg("checking.hint-entry-names", line=entry.upper.name, formula=formula, of=of, wrt=wrt)


def _words(drill: Drill, question: EntryQuestion) -> EntryWords:
    """The vocabulary of a formula for a gradient with the same names."""
    entry = question
    inner = GradientQuestion(
        id=question.id,
        kind=question.kind,
        entered=Entered.FORMULA,
        part=question.part,
        wrt=(entry.lower.name,),
        target=Target("total", None, (entry.lower.name,), convention=entry.convention),
        expected=np.zeros(()),
        symbol=question.symbol,
        prompt=question.prompt,
        typed=None,
        using=entry.using,
        strict=True,
    )
    words = EntryWords(drill, inner)
    words.entry = entry
    return words


def _first_failure(words: EntryWords, tree: Tree) -> Run | None:
    """A run, the drill's own or a fresh one, at which the formula is not right; None where it always is."""
    return first_disagreement(*_value_and_truth(words, tree), _runs(words))


def _runs(words: EntryWords) -> list[Run]:
    runs = (words.part.run, *words.part.runs.resampled)
    return [run for run in runs if words.entry.sizes(run) is not None]


def _value_and_truth(words: EntryWords, tree: Tree, here: Any = None) -> tuple[Value, Value]:
    """The formula and the entry by run; where a formula was not tried, it counts as right.

    `here` is what it gives at the drill's own numbers, where that is known.
    """

    def value(run: Run) -> Any:
        known = here is not None and run is words.part.run
        made = here if known else _value_or_error(words, tree, run)[0]
        return None if made is None else np.where(np.isnan(made), words.entry.truth(run), made)

    return value, words.entry.truth


def _holds(words: EntryWords, tree: Tree) -> bool:
    here = words.part.run
    right = words.entry.truth(here)
    place = _largest(np.abs(right))
    try:
        value = value_at_one(words, tree, here, place)
    except EvaluationError:
        return False
    return abs(value - right[place]) <= CLOSE * abs(right[place]) and _is_right(words, tree)


def _is_right(words: EntryWords, tree: Tree) -> bool:
    """Whether a formula that we make of the learner's is right."""
    return close_at_every_run(*_value_and_truth(words, tree), _runs(words))


def _largest(array: Any) -> tuple[int, ...]:
    """The place of the largest entry: most of the many formulas that are tried fail there."""
    return tuple(int(each) for each in np.unravel_index(int(np.argmax(array)), np.shape(array)))


def _repair(words: EntryWords, tree: Tree, value: Any) -> SingleEdit | None:
    """The single edit that makes the formula right, for all indices and at all numbers."""
    here = words.part.run
    right = words.entry.truth(here)
    scale = float(np.max(np.abs(right), initial=0.0))
    off = np.abs(value - right) > CLOSE * scale  # not where it was not tried
    place = _largest(np.where(off, np.abs(right), -1.0))
    return find_edit(
        tree,
        parts_at_one(words, tree, here, place),
        lambda made: made.size == 1 and abs(made.item() - right[place]) <= CLOSE * scale,
        lambda edited: _is_right(words, edited),
        without=_OF_ARRAYS,
    )


def _value_or_error(words: EntryWords, tree: Tree, run: Run) -> tuple[Any, EvaluationError | None]:
    try:
        return value_of(words, tree, run), None
    except EvaluationError as error:
        return None, error


def _swapped(words: EntryWords, tree: Tree) -> tuple[str, str] | None:
    """Two letters whose exchange, everywhere or in one place, makes the formula right."""
    pairs = combinations(words.entry.letters, 2)
    exchanged = ((pair, each) for pair in pairs for each in _exchanged(tree, *pair))
    return next((pair for pair, each in islice(exchanged, _tries(tree)) if _holds(words, each)), None)


def _tries(tree: Tree) -> int:
    """How many other formulas are tried: each costs as much as this one has parts."""
    return max(LEAST_EDITS, PARTS_OF_EDITS // parts_in(tree))


def _exchanged(tree: Tree, one: str, other: str) -> Iterator[Tree]:
    turn = {one: other, other: one}

    def everywhere(part: Tree) -> Tree | None:
        if isinstance(part, Name):
            return Name(turn[part.name]) if part.name in turn else None
        if isinstance(part, Subscript):
            return replace(part, operand=replaced(part.operand, everywhere), items=_turned(part.items, turn))
        return None

    yield replaced(tree, everywhere)
    places = [part for part in _indexed(tree) if any(_is_one(each, turn) for each in part.items)]
    for place in places if len(places) > 1 else ():
        new = replace(place, items=_turned(place.items, turn))
        yield replaced(tree, lambda part, place=place, new=new: new if part is place else None)  # type: ignore[misc]


def _turned(items: tuple[Any, ...], turn: dict[str, str]) -> Any:
    return tuple(Name(turn[each.name]) if _is_one(each, turn) else each for each in items)


def _is_one(item: Any, turn: dict[str, str]) -> bool:
    return isinstance(item, Name) and item.name in turn


def _indexed(tree: Tree) -> list[Subscript]:
    return [part for part in walk(tree) if isinstance(part, Subscript)]


def _named_swap(entry: EntryQuestion, letters: tuple[str, str]) -> Message:
    known: dict[str, object] = {"first": letters[0], "second": letters[1]}
    idea = msg("mistakes.entry-indices-swapped-idea", of=shown(entry.upper), wrt=shown(entry.lower), **known)
    return named(msg("mistakes.entry-indices-swapped", **known), idea)


def _wrong(words: EntryWords, question: EntryQuestion, value: Any, edit: SingleEdit | None) -> Verdict:
    right = words.entry.truth(words.part.run)
    edited = None if edit is None else edit.shown
    tried = ~np.isnan(value)
    if is_close(np.where(tried, value, -right), -right) and np.any(right):
        name, idea = msg("mistakes.sign"), msg("mistakes.sign-idea", symbol=question.symbol)
        return Verdict("wrong", named(name, idea), "sign", question.of, edited)
    off = tried & (np.abs(value - right) > CLOSE * float(np.max(np.abs(right), initial=0.0)))
    if np.any(right) and not np.any(off & (right != 0)):
        entry = words.entry
        return Verdict("wrong", msg("checking.entry-elsewhere-zero", of=shown(entry.upper), wrt=shown(entry.lower)))
    if edit is not None:
        return Verdict("wrong", edit.message, edit=edited)
    place = tuple(int(each) for each in np.argwhere(off)[0])
    at = [f"{letter} = {index}" for letter, index in zip(words.entry.letters, place, strict=True)]
    known: dict[str, object] = {"symbol": question.symbol, "at": at, "yours": format_value(value[place])}
    return Verdict("wrong", msg("checking.entry-wrong-at", **known))


def _counterexample(words: EntryWords, question: EntryQuestion, run: Run) -> Message:
    sizes = [f"{name} = {size}" for name, size in words.part.runs.sizes_at(run).items()]
    if sizes:
        return msg("checking.derive-fails-at", symbol=question.symbol, at=sizes)
    return msg("checking.coincidence", symbol=question.symbol)
