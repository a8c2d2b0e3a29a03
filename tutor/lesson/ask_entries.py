"""The questions of a part as they stand under `ask:`, and what reading a lesson needs to know of a kind of question."""

from abc import ABC
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, TypeVar

from tutor.engine.errors import EngineError
from tutor.engine.graph import Graph
from tutor.engine.ordering import reached
from tutor.lesson.file.ask_schema import Fields
from tutor.lesson.file.document import Document, Steps
from tutor.lesson.file.problem import nearest, shortened_list
from tutor.lesson.model import Ask, Convention, Given, Part
from tutor.lesson.question_load import CALL, PASSES, QuestionLoad, Shapes
from tutor.text import Message, msg

_ALWAYS_USABLE = frozenset({"up", "δ", "delta"})

F = TypeVar("F", bound=Fields)


@dataclass(frozen=True)
class Names:
    """One question of a part and the names that it may use; what is wrong with it is noted at its place in the file.

    Not the `Names` of `tutor.lesson.file.ask_schema`, which is how a question may be written.

    `nodes` are inputs, lines and, where there is a graph, the ops within them; `lines` those of them that are computed.
    """

    document: Document
    where: Steps
    nodes: Sequence[str]
    lines: Sequence[str]

    def report(self, steps: Steps, message: Message, **known: Any) -> None:
        """Note a problem at a field of the question."""
        self.document.report((*self.where, *steps), message, **known)

    def must_be(self, steps: Steps, name: str, known: Iterable[str]) -> bool:
        """Whether a name is one of those that are known; notes it where it is none."""
        return must_be(self.document, (*self.where, *steps), name, [*known])

    def at(self, *steps: int | str) -> Steps:
        """Where the k-th name of a field stands: a question written short has one place alone."""
        return steps if (*self.where, *steps) in self.document.spans else steps[:-1]


@dataclass(frozen=True)
class Notes(Names):
    """The same where there is a graph."""

    graph: Graph
    given: Mapping[str, Given]

    def must_be_slot(self, steps: Steps, of: str, wrt: str) -> bool:
        """Whether a line uses a name, and says which use is meant where there are several."""
        graph = self.graph
        try:
            graph.chain(of, wrt)
        except EngineError:
            line = graph.lines[of if of in graph.lines else of.partition(".")[0]]
            labels = [slot.label for slot in line.slots]
            several = [slot.label for slot in line.slots if slot.source == wrt]
            if len(several) > 1:
                self.report(steps, msg("lesson.several-slots", name=wrt, line=of, slots=several))
                return False
            near = nearest(wrt, labels)
            message = msg("lesson.no-such-slot", name=wrt, line=of, slots=shortened_list(labels))
            if near is not None:
                message = msg("lesson.no-such-slot-near", name=wrt, line=of, near=near)
            self.report(steps, message, code="no-such-slot")
            return False
        return True

    def must_be_above(self, of: str, wrt: str) -> None:
        """Notes what is no node, and that `of` does not depend on `wrt`."""
        graph, of_is_there = self.graph, self.must_be(("of",), of, self.nodes)
        if not self.must_be(("wrt",), wrt, self.nodes) or not of_is_there:
            return
        if graph.find(wrt) not in reached([graph.find(of)], graph.arguments.__getitem__):
            self.report(("wrt",), msg("lesson.does-not-depend", of=of, wrt=wrt))

    def must_move(self, steps: Steps, name: str) -> None:
        """Notes a name that is no input, or one that cannot be nudged or updated: labels, constants of the problem."""
        given = self.given
        if name not in given:
            movable = [each for each in self.graph.inputs if not given[each].integer and not given[each].constant]
            self.must_be(steps, name, movable)
        elif given[name].integer:
            self.report(steps, msg("lesson.labels-have-no-gradient", name=name))
        elif given[name].constant:
            self.report(steps, msg("lesson.constant-moved", name=name))

    def must_have_gradient(self, name: str) -> None:
        """Notes labels, which have no gradient, and warns of constants of the problem."""
        source = name.partition("#")[0].partition("[")[0]
        steps = ("wrt",) if (*self.where, "wrt") in self.document.spans else ()
        if source in self.given and self.given[source].integer:
            self.report(steps, msg("lesson.labels-have-no-gradient", name=source))
        elif source in self.given and self.given[source].constant:
            self.report(steps, msg("lesson.constant-asked", name=source), severity="warning")


class AskKind(ABC, Generic[F]):
    """A kind of question as it may stand in a lesson."""

    name: ClassVar[str]
    describes: ClassVar[str]
    """What editors say of it, with an example in backticks."""
    form: ClassVar[Any] = None
    """What may stand behind its name, as a type of pydantic; unless it is said, a map of the fields, or several."""
    fields: type[F]
    short: ClassVar[str] = ""
    """The field that is meant where a text stands in place of a map."""
    names_nodes: ClassVar[bool] = True
    """Are `of`, `wrt` and the like names of nodes, which can be looked up where there is no graph?"""
    of_inputs: ClassVar[bool] = False
    """May `of` be an input?"""
    id_names_nodes: ClassVar[bool] = True
    """Are the words of a question's id nodes of the graph, or a number?"""
    expands: ClassVar[bool] = False
    """Does it stand for questions of other kinds?"""
    computes: ClassVar[bool] = True
    """Must anything be computed to know the answer?"""
    slips: ClassVar[tuple[str, ...]] = ()
    """The mistakes that only answers to this kind are explained by: of `shape:transposed` the texts are
    `mistakes.shape-transposed` and `mistakes.shape-transposed-idea`."""
    tried_elsewhere: ClassVar[bool] = False
    """Are answers tried at fresh numbers and sizes of the part?"""

    def entries(self, where: Steps, body: Any) -> Iterator[tuple[Steps, F]]:
        """The questions behind the kind's name, each with its place."""
        several = isinstance(body, list)
        for k, each in enumerate(body if several else [body]):
            fields = each if isinstance(each, Fields) else self.fields.model_validate({self.short: each})
            yield (*where, k) if several else where, fields  # type: ignore[misc]

    def note_faults(self, notes: Notes, fields: F) -> None:
        """Notes what the question names that is not there."""

    def variables(self, fields: F) -> tuple[str, ...]:
        """The names of the graph with respect to which a gradient is taken."""
        return fields.variables

    def misfit(self, part: Part, fields: F) -> Message | None:
        """Why the shapes and numbers of a part leave the question without a sensible answer, if they do."""
        return None

    def loads(self, part: Part, shapes: Shapes, fields: F, whole: int) -> Iterator[QuestionLoad]:
        """What the question takes; `whole` is the work of a pass. Unless a kind knows better, it takes many passes."""
        yield QuestionLoad(1, 1, whole * PASSES if self.computes else CALL)

    def note_unknown(self, names: Names, fields: F) -> None:
        """Notes names that nobody introduces, where there is no graph by which to judge more."""
        of = getattr(fields, "of", None)
        if of is not None and of.partition(".")[0] not in names.lines:
            names.must_be(("of",), of, names.nodes if self.of_inputs else names.lines)
        for k, name in enumerate(fields.variables):
            if name.partition("#")[0].partition(".")[0] not in names.nodes:
                names.must_be(names.at("wrt", k), name, names.nodes)


KINDS: dict[str, AskKind[Any]] = {}
"""All kinds of question by name, in the order of the lesson format; `tutor/kinds/__init__.py` fills it."""


def asks_of(
    document: Document, at: Steps, entries: object, graph: Graph, given: Mapping[str, Given]
) -> tuple[Ask, ...]:
    """The questions in order; notes those that cannot be asked."""
    asks = []
    nodes = [*graph.inputs, *graph.index]
    lines = [name for name in graph.index if name not in graph.inputs]
    for where, kind, fields, convention in _questions((*at, "ask"), entries):
        ask = Ask(kind.name, fields, fields.convention or convention, document.position(where))
        before = len(document.errors)
        notes = Notes(document, where, nodes, lines, graph, given)
        kind.note_faults(notes, fields)
        for name in kind.variables(fields):
            notes.must_have_gradient(name)
        _check_using(document, where, fields, nodes, graph.sizes)
        if len(document.errors) == before:
            asks.append(ask)
    return tuple(asks)


def check_asked_names(
    document: Document, at: Steps, entries: object, given: list[str], lines: list[str], sizes: list[str]
) -> None:
    """Notes names in questions that nobody introduces, where there is no graph by which to judge more."""
    for where, kind, fields, _ in _questions((*at, "ask"), entries) if lines else ():
        if kind.names_nodes:
            kind.note_unknown(Names(document, where, [*given, *lines], lines), fields)
            _check_using(document, where, fields, [*given, *lines], sizes)


def check_questions(document: Document, part: Part) -> None:
    """Notes the questions of a part that its shapes and numbers leave without a sensible answer."""
    for ask in part.ask:
        problem = KINDS[ask.kind].misfit(part, ask.fields)
        if problem is not None:
            document.report_position(ask.position, problem)


def names_a_question(kind: str, names: list[str], part: Part) -> bool:
    """Whether an id may be that of a question of a part, as far as can be told before there are numbers."""
    if part.ask and not any(ask.kind == kind or KINDS[ask.kind].expands for ask in part.ask):
        return False
    if not KINDS[kind].id_names_nodes:
        return True
    return all(name.partition("#")[0] in part.graph.index or name.isdigit() for name in names)


def _questions(steps: Steps, entries: Any) -> Iterator[tuple[Steps, AskKind[Any], Any, Convention | None]]:
    """Every question: where it stands, its kind and fields, and the entry's convention."""
    if entries is None:
        return
    for k, entry in enumerate([entries] if isinstance(entries, str) else entries):
        if isinstance(entry, str):  # the word `all`
            kind, body, convention = entry, [], None
            where = steps if isinstance(entries, str) else (*steps, k)
        else:
            (kind, body), convention = entry.said, entry.convention
            where = (*steps, k, kind)
        for place, fields in KINDS[kind].entries(where, body):
            yield place, KINDS[kind], fields, convention


def _check_using(document: Document, where: Steps, fields: Fields, nodes: list[str], sizes: Iterable[str]) -> None:
    for k, name in enumerate(getattr(fields, "using", None) or ()):
        if not _usable(name, {*nodes}, {*sizes}):
            near = nearest(name, [*nodes, "up"])
            message = unknown(name, nodes) if near is None else msg("lesson.unknown-name", name=name, near=near)
            document.report((*where, "using", k), message, code="unknown-name")


def _usable(name: str, nodes: set[str], sizes: set[str]) -> bool:
    if name in nodes or name in sizes or name in _ALWAYS_USABLE:
        return True
    of, _, wrt = name.replace("∂", "d").partition("/")
    parts = [of, wrt] if wrt else [of]
    return all(part.startswith("d") and part[1:] in nodes for part in parts)


def must_be(document: Document, steps: Steps, name: str, known: Sequence[str]) -> bool:
    """Whether a name is one of those that are known; notes it where it is none."""
    if name in known:
        return True
    # A list of names has a place for each; a question written short has only one.
    pieces = [piece.strip() for piece in name.split(",")]
    entry, bracket, _ = name.partition("[")
    if len(pieces) > 1 and all(piece in known for piece in pieces):
        message = msg("lesson.names-in-brackets", names=f"[{', '.join(pieces)}]")
    elif bracket and entry in known:
        message = msg("lesson.entry-not-here", name=entry, entry=name)
    else:
        message = unknown(name, known)
    document.report(steps, message, code="unknown-name")
    return False


def unknown(name: str, known: Iterable[str]) -> Message:
    """What to say of a name that nobody introduces: the one that was probably meant, or those that there are."""
    names = list(dict.fromkeys(known))
    near = nearest(name, names)
    if near is not None:
        return msg("lesson.unknown-name", name=name, near=near)
    return msg(
        "lesson.unknown-name-known", name=name, known=shortened_list([each for each in names if "." not in each])
    )
