"""What tutor and learner have said about the question before and the one at hand, in any language at any moment."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TypeAlias

from tutor.text import Language, Message, msg, say
from tutor.ui.verdicts import paragraphs_of
from tutor.ui.widgets.prose import Paragraph

if TYPE_CHECKING:
    from tutor.checking import Verdict
    from tutor.drill.question import Question
    from tutor.learner.session import Session

Saying: TypeAlias = Callable[[Language], Sequence[Paragraph]]

LADDER = 5
"""Rungs of the ladder of hints; the last one is the answer."""


class Conversation:
    """Keeps what was said last until there is something to say about the question at hand."""

    def __init__(self, session: "Session") -> None:
        self._session = session
        self._before: list[Saying] = []
        self._hints: list[Saying] = []
        self._last: list[Saying] = []
        self._reminder: list[Saying] = []
        self._unread: str | None = None

    def paragraphs(self, language: Language) -> list[Paragraph]:
        """Everything to show now; a warning that nothing can be written stays in view."""
        sayings = [*([*self._hints, *self._last] or self._before), *self._reminder]
        said = [paragraph for saying in sayings for paragraph in saying(language)]
        if (warning := self._session.warning) is not None:
            said += _marked(warning, "!", "bold $warning")(language)
        return said

    @property
    def looks_back(self) -> bool:
        """What shows is of before the question: it is read from its beginning."""
        return not (self._hints or self._last or self._reminder)

    def turn_to(self, question: "Question", *, silently: bool = False) -> None:
        """Another question is asked; `silently` forgets what was said about the one before."""
        if silently:
            self._before = []
        if self._session.notice is not None and not self._before:
            self._before.append(_marked(self._session.notice, "i", "bold $accent"))
        self._before += self._examples_before(question)
        self._hints, self._last = self._hints_so_far(question), []
        self._reminder, self._unread = [], None

    def end(self) -> None:
        """Nothing is asked any more."""
        self._hints, self._last, self._reminder = [], [], []

    def right(self, question: "Question", verdict: "Verdict", typed: str) -> None:
        """The answer was right: that is said while the next question is asked, and nothing else any more."""
        self.end()
        self._before = [_verdict(question, verdict, typed)]

    def wrong(self, question: "Question", verdict: "Verdict", typed: str, *, in_grid: bool = False) -> None:
        """The answer is to be mended (a grid marks its entries itself); after two wrong ones a hint is offered."""
        self._last, self._reminder = [_verdict(question, verdict, "" if in_grid else typed)], []
        self._unread = typed if verdict.kind == "unreadable" else None
        state = self._session.states[self._session.position]
        if verdict.kind == "wrong" and state.attempts >= 2 and state.hints < LADDER - 1:
            self._last.append(_aside(msg("ui.offer-hint")))

    def edited(self, typed: str) -> bool:
        """The text is being mended: that it could not be read is true no longer. Says whether that had been said."""
        if self._unread is None or typed == self._unread:
            return False
        self._last, self._unread = [], None
        return True

    def witness(self, message: Message) -> None:
        """What a nudge shows, or that it shows nothing, under the verdict; once."""
        self._last = [*self._last[:1], _marked(message, "◇", "bold $accent")]

    def noted(self) -> None:
        """The answer was taken down without a word on it."""
        self._before = [_marked(msg("ui.noted"), "·", "$muted")]

    def nothing_typed(self) -> None:
        """Enter in an empty box: what stands stays, an example or a hint, with a word under it."""
        self._reminder = [_marked(msg("ui.empty-answer"), "↺", "bold $warning")]

    def hint(self, question: "Question", rung: int, of: int, message: Message) -> None:
        """One more hint; the last one tells the answer, and to what, while the next question is asked."""
        self._last, self._reminder, self._unread = [], [], None
        if rung == of:
            told = msg("ui.answer-of", symbol=question.symbol, answer=message) if question.has_symbol else message
            self._before = [_hint(rung, of, told)]
        else:
            self._hints.append(_hint(rung, of, message))

    def _hints_so_far(self, question: "Question") -> list[Saying]:
        """The rungs that were seen before, also in another sitting."""
        from tutor.kinds import hints

        seen = self._session.states[self._session.position].hints
        if not seen:
            return []
        ladder = hints(self._session.drill, question)
        return [_hint(rung, len(ladder), message) for rung, message in enumerate(ladder[:seen], 1)]

    def _examples_before(self, question: "Question") -> list[Saying]:
        """The questions right before this one that are shown solved, with the reason."""
        everything = self._session.drill.all_questions
        place = everything.index(question)
        solved: list[Saying] = []
        while place and everything[place - 1].worked:
            place -= 1
            solved.insert(0, self._example(everything[place]))
        return solved

    def _example(self, question: "Question") -> Saying:
        from tutor.kinds import hints

        *reasons, last = hints(self._session.drill, question)

        def saying(language: Language) -> Sequence[Paragraph]:
            known = question.typed is not None
            answer = f"{question.symbol} = {question.typed}" if known else say(last, language)
            head = Paragraph(
                f"{say(question.prompt, language)}   {answer}",
                mark=say(msg("ui.worked"), language),
                mark_style="bold $accent",
            )
            return [head, *(paragraph for reason in reasons[1:] for paragraph in _aside(reason)(language))]

        return saying


def _verdict(question: "Question", verdict: "Verdict", typed: str) -> Saying:
    return lambda language: paragraphs_of(question, verdict, typed, language)


def _hint(rung: int, of: int, message: Message) -> Saying:
    def saying(language: Language) -> Sequence[Paragraph]:
        label = say(msg("ui.hint", rung=rung, of=of), language)
        return [Paragraph(say(message, language), mark=label, mark_style="bold $accent")]

    return saying


def _marked(message: Message, mark: str, style: str) -> Saying:
    return lambda language: [Paragraph(say(message, language), mark=mark, mark_style=style)]


def _aside(message: Message) -> Saying:
    return lambda language: [Paragraph(say(message, language), mark=" ", style="$muted")]
