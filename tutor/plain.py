"""The drill as lines of text, question by question: for pipes, simple terminals and screen readers."""

import sys
from collections.abc import Sequence
from typing import TextIO

from tutor.checking import Verdict
from tutor.checking.reading.typed_lines import goes_on
from tutor.drawing.plot_pictures import plot_of
from tutor.drill.drill_plots import drill_plots
from tutor.drill.question import Question
from tutor.folders.locate import name_of
from tutor.kinds.derivations import derivation_text
from tutor.kinds.why_views import Name, Step, is_empty
from tutor.learner.derivation_export import FORMS, derivations
from tutor.learner.session import Session
from tutor.learner.why_allowed import last_answer_is_wrong, last_revealed, nudge_evidence_of, why_view
from tutor.plain_lines import caret, graph_lines
from tutor.text import Language, Localised, Message, msg, say, visible, visible_lines
from tutor.text.ascii import spelled_out, to_ascii
from tutor.text.columns import aligned_table
from tutor.text.message import render

FINISHED, UNFINISHED = 0, 1
_NO_TEXT = "\ufffd"  # in place of bytes that are none in the encoding of the terminal
_COMMANDS = frozenset({"?", "？", "skip", "why", "quit", *FORMS})
LONGEST_LINE = 20_000
"""Characters of an answer that are read; what an answer may be is far less."""


def practise(
    session: Session,
    *,
    language: Language = "en",
    ascii: bool = False,
    quiet_feedback: bool = False,
    answers: TextIO | None = None,
    output: TextIO | None = None,
) -> int:
    """Ask until the drill is through or the answers end; returns the exit status, 1 for a drill not finished.

    `answers` and `output` are standard input and output unless given. Everything is saved as it happens.
    """
    drill = PlainDrill(session, language, answers or sys.stdin, output or sys.stdout, ascii, quiet_feedback)
    return drill.run()


class PlainDrill:
    """One sitting: reads a line, says what became of it, asks again."""

    def __init__(
        self, session: Session, language: Language, answers: TextIO, output: TextIO, ascii: bool, quiet: bool
    ) -> None:
        self.session = session
        self.language = language
        self.answers = answers
        self.output = output
        self.ascii = ascii
        self.quiet = quiet
        self._part: int | None = None
        self._solved: set[str] = set()
        self._warned: Message | None = None
        self._told_of_bytes = False

    def run(self) -> int:
        """The sitting from the title to the summary."""
        self._open()
        while self.session.current is not None:
            typed = self._read_answer()
            if typed is None or typed == "quit":
                return self._leave()
            self._take(typed)
            self._warn()
        self._close()
        self._afterwards()
        self._put_away()
        return FINISHED

    # What the learner types

    def _read_answer(self) -> str | None:
        """The next line; with those behind it where a formula or a matrix is broken off,; a command ends that."""
        typed = self._read()
        question = self.session.current
        while typed and question is not None and not question.entered.in_words and goes_on(typed):
            if len(typed) > LONGEST_LINE:
                break
            more = self._read("... ")
            if not more:
                break
            if more in _COMMANDS and not self._is_a_name(more):
                return more
            typed = f"{typed}\n{more}"
        return typed

    def _read(self, prompt: str = "> ") -> str | None:
        """The next line without the blanks around it; None at the end of the answers."""
        self._write(prompt, end="")
        try:
            line = rest = self.answers.readline(LONGEST_LINE)
            while rest and not rest.endswith("\n") and len(rest) == LONGEST_LINE:
                rest = self.answers.readline(LONGEST_LINE)
        except UnicodeError:  # UTF-16 without its mark: nothing of it can be read, and nothing replaced
            line = ""
            self._say(msg("plain.bad-bytes"))
        if not line:
            self._write("")
            return None
        if _NO_TEXT in line:
            line = line.replace(_NO_TEXT, "")
            if not self._told_of_bytes:
                self._told_of_bytes = True
                self._say(msg("plain.bad-bytes"))
        if not self.answers.isatty():  # a transcript shows what was answered, as a terminal does
            self._write(visible(line.strip()[:200]))
        return line.strip()

    def _take(self, typed: str) -> None:
        if not typed and self.session.may_end:
            self._answer(typed)
        elif not typed:
            self._say(msg("plain.type-an-answer"))
        elif typed in ("?", "？"):
            self._hint()
        elif typed == "skip":
            self.session.skip()
            self._say(msg("plain.skipped"))
            self._ask()
        elif typed in ("why", *FORMS) and self._is_a_name(typed):
            self._answer(typed)
        elif typed == "why":
            self._why()
        elif typed in FORMS and (kept := derivations(self.session)):
            self._write(kept[-1].in_form("latex" if typed == "latex" else "text"))
        else:
            self._answer(typed)

    def _answer(self, typed: str) -> None:
        question = self.session.current
        assert question is not None
        understood = self.session.preview(typed)
        if typed and understood.text and understood.message is None:
            if question.entered.in_words:
                self._say(msg("plain.understood-names", text=understood.text))
            else:
                self._say(msg("plain.understood", text=understood.text, what=_what(understood.shape)))
        verdict = self.session.answer(typed, final=self.quiet)
        self._judge(typed, verdict)
        if question.entered.is_kept and verdict.kind == "right" and not self.quiet and len(verdict.lines) > 1:
            self._keep(question, verdict.lines)
        if self.session.current is not question:
            self._ask()

    def _keep(self, question: Question, lines: Sequence[str]) -> None:
        """A derivation that has come to its end, to copy."""
        self._write(derivation_text(self.session.drill, question, lines))
        self._say(msg("plain.keep"))

    def _is_a_name(self, typed: str) -> bool:
        """Does the graph that is asked about have a node of this name, which may be meant as an answer?"""
        question = self.session.current
        return question is not None and typed in self.session.drill.part_of(question).graph.index

    def _why(self) -> None:
        """While a wrong answer stands, what a nudge shows; else the reason of the answer that became known last."""
        question = last_revealed(self.session)
        if self.quiet:
            self._say(msg("plain.no-hints"))
        elif last_answer_is_wrong(self.session):
            self._say(nudge_evidence_of(self.session) or msg("plain.no-witness"))
        elif question is None:
            self._say(msg("plain.no-why-yet"))
        else:
            self._say(msg("plain.why", what=_asked(question)))
            for view, title in _VIEWS.items():
                found = why_view(self.session, question, view)
                if not is_empty(found):
                    self._say(title)
                    for each in found:
                        self._reason(each)

    def _reason(self, each: Step | Message) -> None:
        if not isinstance(each, Message):
            by = ", ".join(say(rule, self.language) for rule in each.by)
            self._write(f"  {each.text}  ({by})" if by else f"  {each.text}")
        else:
            self._write("  " + say(each, self.language))

    def _hint(self) -> None:
        if self.quiet:
            self._say(msg("plain.no-hints"))
            return
        question = self.session.current
        rung, rungs, hint = self.session.hint()
        self._say(msg("plain.hint", rung=rung, rungs=rungs, text=hint))
        if self.session.current is not question:
            self._ask()

    # What the tutor says

    def _open(self) -> None:
        lesson = self.session.drill.lesson
        settled = sum(state.state != "open" for state in self.session.states)
        self._title(lesson.title)
        if self.session.notice is not None:
            self._say(self.session.notice)
        if lesson.about is not None and not settled:
            self._write("")
            # Emphasis is for the eye; a voice would read the stars.
            self._write(lesson.about.in_(self.language).replace("**", "").rstrip())
        self._write("")
        self._say(msg("plain.how-to"))
        self._warn()
        self._ask()

    def _ask(self) -> None:
        """The examples on the way, then the question, with its graph when that is a new one."""
        question = self.session.current
        everything = self.session.drill.all_questions
        for other in everything[: everything.index(question)] if question is not None else everything:
            if other.worked and other.id not in self._solved:
                self._solved.add(other.id)
                self._example(other)
        if question is None:
            return
        self._graph(question.part)
        self._write("")
        number, count = self.session.position + 1, len(self.session.drill.questions)
        self._say(msg("plain.question", number=number, of=count, what=_asked(question)))
        self._details(question)
        for line in self.session.lines:
            self._write(visible(f"  {line}"))
        self._upstream(question)

    def _example(self, question: Question) -> None:
        self._graph(question.part)
        self._write("")
        self._say(msg("plain.example", what=_asked(question)))
        self._details(question)
        answer = question.typed if question.typed is not None else question.answer
        self._say(msg("plain.example-answer", answer=answer))

    def _details(self, question: Question) -> None:
        """What must be read besides: options, what is counted, a given backward pass."""
        for detail in question.details:
            self._say(detail)

    def _graph(self, part: int) -> None:
        """The graph as lines in the order of the forward pass, once for each part."""
        if part == self._part:
            return
        self._part = part
        self._write("")
        name = self.session.drill.lesson.parts[part].name
        if name is not None:
            self._title(name)
        for line in graph_lines(self.session, part):
            self._write(line)
        for output, gradient in self.session.drill.parts[part].draw.upstream.items():
            self._say(msg("plain.arrives", name=output, value=gradient))

    def _upstream(self, question: Question) -> None:
        """What arrives at the line in question, where the learner knows it."""
        target = question.gradient
        if question.of is None or target is None or target.kind not in ("local", "downstream"):
            return
        run = self.session.drill.parts[question.part].run
        if question.of in self.session.known.gradients and question.of in run.gradients:
            self._say(msg("plain.upstream", name=question.of, value=run.gradients[question.of]))

    def _judge(self, typed: str, verdict: Verdict) -> None:
        if self.quiet and verdict.kind != "unreadable":
            self._say(_QUIET[verdict.kind])
            return
        said = say(verdict.message, self.language)
        if verdict.kind == "wrong" and verdict.mistake not in (None, "coarse"):
            # A mistake's text begins with its idea; here no colour says that the answer was wrong.
            said = say(msg("plain.wrong-because", why=said), self.language)
        self._write(said)
        if verdict.span is not None and verdict.kind == "unreadable":
            for line in caret(typed, verdict.span):
                self._write(to_ascii(line) if self.ascii else line)  # one for one: the caret keeps its place
        question = self.session.current
        if question is not None and (places := verdict.places_off(question.shape)) is not None:
            self._say(places)
        state = self.session.states[self.session.position] if question is not None else None
        if verdict.kind == "wrong" and state is not None and state.attempts == 2:
            self._say(msg("plain.offer-hint"))

    def _leave(self) -> int:
        """The answers ended before the drill did."""
        states, lesson = self.session.states, self.session.drill.lesson
        id = "plain.saved" if self._put_away() else "plain.saved-in-part"
        settled = self.session.settled_on_disk()
        self._say(msg(id, settled=settled, of=len(states), lesson=name_of(lesson.path, lesson.id)))
        return UNFINISHED

    def _put_away(self) -> bool:
        """Is everything in the learner's file, as it was read back? Else what became of it is said."""
        message = self.session.store.put_away().message
        if message is not None:
            self._say(message)
        return message is None

    def _close(self) -> None:
        summary = self.session.summary()
        self._write("")
        self._say(
            msg(
                "plain.summary",
                questions=summary.questions,
                right=summary.right,
                alone=summary.alone,
                shown=summary.shown,
                skipped=summary.skipped,
                hints=summary.hints,
            )
        )
        self._plots()

    def _plots(self) -> None:
        """What the lesson shows at its end, as tables: a voice reads numbers, not dots."""
        drill = self.session.drill
        if not drill.lesson.plots:
            return
        for shown in drill_plots(drill):
            part = drill.parts[shown.part]
            plot = plot_of(shown.study, part.graph.outputs)
            self._write("")
            self._say(plot.title)
            if part.part.name is not None:
                self._title(part.part.name)
            self._say(plot.caption)
            for line in aligned_table(
                [[render(cell, self.language) for cell in row] for row in (plot.head, *plot.rows)]
            ):
                self._write(f"  {line}")

    def _forget_what_was_shown(self) -> None:
        """Graph and examples are to be shown once more."""
        self._part = None
        self._solved.clear()

    def _afterwards(self) -> None:
        """The last answer may be asked about, and a derivation taken along, until an empty line or the end."""
        if self.quiet:
            return
        self._say(msg("plain.afterwards"))
        while (typed := self._read()) not in (None, "", "quit"):
            if typed == "why" or (typed in FORMS and derivations(self.session)):
                self._take(typed)
            else:
                self._say(msg("plain.afterwards"))

    def _warn(self) -> None:
        """Say once that answers cannot be saved, and again when the reason changes; what else befell the file."""
        for news in self.session.store.news():
            self._say(news)
        warning = self.session.warning
        if warning is not None and warning != self._warned:
            self._say(warning)
        self._warned = warning

    def _say(self, message: Message) -> None:
        self._write(say(message, self.language))

    def _title(self, text: Localised) -> None:
        self._write(visible(text.in_(self.language).strip()))

    def _write(self, text: str, end: str = "\n") -> None:
        text = visible_lines(text)
        self.output.write((spelled_out(text) if self.ascii else text) + end)
        self.output.flush()


_VIEWS: dict[Name, Message] = {
    "derivation": msg("plain.why-derivation"),
    "numbers": msg("plain.why-numbers"),
    "check": msg("plain.why-check"),
}


_QUIET = {
    "right": msg("plain.noted"),
    "right-but": msg("plain.right-but"),
    "wrong": msg("plain.noted"),
    "wrong-shape": msg("plain.wrong-shape"),
    "unreadable": msg("plain.unreadable"),
    "missing": msg("plain.type-an-answer"),
}


def _asked(question: Question) -> Message:
    """The symbol, where mathematics has one, and the kind of question."""
    return msg("plain.what", symbol=question.symbol, prompt=question.prompt) if question.has_symbol else question.prompt


def _what(shape: tuple[int, ...] | None) -> Message:
    """What was understood: a number or an array of a shape."""
    if shape is None:
        return msg("plain.a-formula")
    return msg("plain.a-number") if shape == () else msg("plain.an-array", shape=shape)
