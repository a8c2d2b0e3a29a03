"""`saves: {of: h, wrt: z}`: a smallest set of values from which the backward rule of a slot can be computed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from tutor.checking.reading.typed_names import read_choice
from tutor.checking.verdict import Preview, Verdict
from tutor.drill.notation import line_formula
from tutor.drill.question import Drill, DrillPart, Entered, Question
from tutor.drill.saved_values import SavedValues
from tutor.kinds.kind import Asked, Kind, answer_hint
from tutor.kinds.predict import NONE
from tutor.lesson.ask_entries import Notes
from tutor.lesson.file.ask_schema import OfWrt
from tutor.lesson.model import Part
from tutor.lesson.question_load import QuestionLoad, Shapes, of_local
from tutor.text import Message, msg
from tutor.text.number_format import brief


@dataclass(frozen=True, eq=False, kw_only=True)
class SavesQuestion(Question):
    """The values of the line to choose among; any smallest set that is enough is right."""

    of: str
    saving: SavedValues


class SavesKind(Kind[OfWrt, SavesQuestion]):
    """Answers are names, or that none is needed."""

    name = "saves"
    fields = OfWrt
    describes = "The values that a backward needs: `saves: {of: h, wrt: z}`"
    entered = Entered.NAMES

    def note_faults(self, notes: Notes, fields: OfWrt) -> None:
        """A line, and one of the names it uses."""
        if notes.must_be(("of",), fields.of, notes.lines):
            notes.must_be_slot(("wrt",), fields.of, fields.wrt)

    def loads(self, part: Part, shapes: Shapes, fields: OfWrt, whole: int) -> Iterator[QuestionLoad]:
        """The local gradient is computed, and not typed."""
        load = of_local(part.graph, shapes, part.graph.chain(fields.of, fields.wrt))
        yield QuestionLoad(1, load.matrix, load.work)

    def build(self, asked: Asked[OfWrt]) -> SavesQuestion:
        """`typed` prefers what the node itself is given, then what it computes."""
        of, wrt = asked.fields.of, asked.fields.wrt
        saving = SavedValues(asked.run, of, wrt)
        op = asked.run.graph.ops[asked.run.graph.chain(of, wrt)[-1][0]]
        return SavesQuestion(
            **asked.head(of, wrt),
            of=of,
            wrt=(wrt,),
            saving=saving,
            symbol=f"save(∂{of}/∂{wrt})",
            prompt=msg("drill.prompt-saves"),
            typed=", ".join(saving.smallest[0]) or NONE,
            skills=(f"saves:{op.name}",) if op is not None else (),
            details=(msg("drill.about-saves", of=of, wrt=wrt, names=list(saving.names)),),
        )

    def check(self, drill: Drill, question: SavesQuestion, text: str, earlier: Mapping[str, str]) -> Verdict:
        """Right if the set is enough and no smaller one is; wrong says which of the two fails, and how."""
        saving, known = question.saving, {"wrt": question.wrt[0], "of": question.of}
        names = read_choice(text, saving.names)
        if not saving.suffices(names):
            if names:
                return Verdict("wrong", msg("checking.saves-too-little", names=names, **known))
            return Verdict("wrong", msg("checking.saves-nothing", **known))
        if len(names) == len(saving.smallest[0]):
            return Verdict("right", _right(saving, names))
        spare = [name for name in names if saving.suffices(each for each in names if each != name)]
        if spare:
            return Verdict("wrong", msg("checking.saves-spare", name=spare[0]))
        return Verdict("wrong", msg("checking.saves-smaller", count=len(names)))

    def preview(self, drill: Drill, question: SavesQuestion, text: str) -> Preview:
        """The set as it was read."""
        return Preview("{" + ", ".join(read_choice(text, question.saving.names)) + "}")

    def hints(self, drill: Drill, question: SavesQuestion) -> list[Message]:
        """What is kept and why, the op's rule, the line to differentiate, its numbers, how many suffice, the answer."""
        part, saving = drill.part_of(question), question.saving
        known: dict[str, object] = {"of": question.of, "wrt": question.wrt[0]}
        line = question.of if question.of in part.graph.lines else question.of.partition(".")[0]
        values = [f"{name} = {brief(part.run.values[name])}" for name in saving.names]
        numbers = msg("checking.hint-saves-numbers", values=values, **known)
        fewest = len(saving.smallest[0])
        if 0 < fewest < len(saving.names):  # otherwise the number is the answer
            count = msg("checking.hint-saves-count", count=fewest)
            numbers = msg("checking.two-sentences", first=numbers, second=count)
        return [
            msg("checking.hint-saves", names=list(saving.names), **known),
            _rule(part, question),
            msg("checking.hint-saves-line", line=line, formula=line_formula(part.graph, line), **known),
            numbers,
            answer_hint(question),
        ]


def _right(saving: SavedValues, names: Sequence[str]) -> Message:
    """Right; where another set as small is enough too, with that set."""
    others = [each for each in saving.smallest if set(each) != set(names)]
    if not others:
        return msg("checking.right")
    return msg("checking.right-saves", other=list(others[0]))


def _rule(part: DrillPart, question: SavesQuestion) -> Message:
    """The rule of the op at the slot, or of the first above it that does more than pass on."""
    chain = part.graph.chain(question.of, question.wrt[0])
    ops = [op for op in (part.graph.ops[node] for node, _ in reversed(chain)) if op is not None]
    return Message(next((op for op in ops if op.telling), ops[0]).rule)
