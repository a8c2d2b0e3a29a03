"""What tutor and learner have said about the question before and the one at hand."""

from tutor.checking import Verdict
from tutor.drill.question import Question
from tutor.kinds import hints
from tutor.learner.session import Session
from tutor.text import Message, msg, parts_of
from tutor.ui.verdicts import paragraphs_of
from tutor.ui.widgets.prose import Paragraph

LADDER = 5
"""Rungs of the ladder of hints; the last one is the answer."""


class Conversation:
    """Keeps what was said last until there is something to say about the question at hand."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._before: list[Paragraph] = []
        self._hints: list[Paragraph] = []
        self._verdict: list[Paragraph] = []
        self._aside: list[Paragraph] = []
        self._reminder: list[Paragraph] = []
        self._unread: str | None = None
        self._said: Message | None = None

    def paragraphs(self) -> list[Paragraph]:
        """Everything to show now; a warning that nothing can be written stays in view."""
        said = [*([*self._hints, *self._verdict, *self._aside] or self._before), *self._reminder]
        if (warning := self._session.warning) is not None:
            said.append(Paragraph(warning, mark="!", mark_style="bold $warning"))
        return said

    @property
    def looks_back(self) -> bool:
        """What shows is of before the question: it is read from its beginning."""
        return not (self._hints or self._verdict or self._aside or self._reminder)

    def turn_to(self, question: Question, *, silently: bool = False) -> None:
        """Another question is asked; `silently` forgets what was said about the one before."""
        if silently:
            self._before = []
        if self._session.notice is not None and not self._before:
            self._before.append(Paragraph(self._session.notice, mark="i", mark_style="bold $accent"))
        self._before += self._examples_before(question)
        self.end()
        self._hints = self._hints_so_far(question)

    def end(self) -> None:
        """Nothing is asked any more."""
        self._hints, self._reminder = [], []
        self._forget_verdict()

    def right(self, question: Question, verdict: Verdict, typed: str) -> None:
        """The answer was right: that is said while the next question is asked, and nothing else any more."""
        self.end()
        self._before = paragraphs_of(question, verdict, typed)

    def wrong(self, question: Question, verdict: Verdict, typed: str, *, in_grid: bool = False) -> None:
        """The answer is to be mended (a grid marks its entries itself); after two wrong ones a hint is offered."""
        self._verdict, self._aside = paragraphs_of(question, verdict, "" if in_grid else typed), []
        self._reminder, self._said = [], verdict.message
        self._unread = typed if verdict.kind == "unreadable" else None
        state = self._session.states[self._session.position]
        if verdict.kind == "wrong" and state.attempts >= 2 and state.hints < LADDER - 1:
            self._aside = [Paragraph(msg("ui.offer-hint"), mark=" ", style="$muted")]

    def edited(self, typed: str) -> bool:
        """The text is being mended: that it could not be read is true no longer. Says whether that had been said."""
        if self._unread is None or typed == self._unread:
            return False
        self._forget_verdict()
        return True

    def witness(self, message: Message) -> None:
        """What a nudge shows, or that it shows nothing, under the verdict; a hint where the verdict has said it."""
        if self._said is not None and message in parts_of(self._said):
            self._aside = [Paragraph(msg("ui.offer-hint"), mark=" ", style="$muted")]
        else:
            self._aside = [Paragraph(message, mark="◇", mark_style="bold $accent")]

    def noted(self) -> None:
        """The answer was taken down without a word on it."""
        self._before = [Paragraph(msg("ui.noted"), mark="·", mark_style="$muted")]

    def nothing_typed(self) -> None:
        """Enter in an empty box: what stands stays, an example or a hint, with a word under it."""
        self._reminder = [Paragraph(msg("ui.empty-answer"), mark="↺", mark_style="bold $warning")]

    def hint(self, question: Question, rung: int, of: int, message: Message) -> None:
        """One more hint; the last one tells the answer, and to what, while the next question is asked."""
        self._reminder = []
        self._forget_verdict()
        if rung == of:
            told = msg("ui.answer-of", symbol=question.symbol, answer=message) if question.has_symbol else message
            self._before = [_hint(rung, of, told)]
        else:
            self._hints.append(_hint(rung, of, message))

    def _forget_verdict(self) -> None:
        self._verdict, self._aside, self._unread, self._said = [], [], None, None

    def _hints_so_far(self, question: Question) -> list[Paragraph]:
        """The rungs that were seen before, also in another sitting."""
        seen = self._session.states[self._session.position].hints
        if not seen:
            return []
        ladder = hints(self._session.drill, question)
        return [_hint(rung, len(ladder), message) for rung, message in enumerate(ladder[:seen], 1)]

    def _examples_before(self, question: Question) -> list[Paragraph]:
        """The questions right before this one that are shown solved, with the reason."""
        everything = self._session.drill.all_questions
        place = first = everything.index(question)
        while first and everything[first - 1].worked:
            first -= 1
        return [paragraph for solved in everything[first:place] for paragraph in self._example(solved)]

    def _example(self, question: Question) -> list[Paragraph]:
        *reasons, last = hints(self._session.drill, question)
        answer = f"{question.symbol} = {question.typed}" if question.typed is not None else last
        head = Paragraph((question.prompt, "   ", answer), mark=msg("ui.worked"), mark_style="bold $accent")
        return [head, *(Paragraph(reason, mark=" ", style="$muted") for reason in reasons[1:])]


def _hint(rung: int, of: int, message: Message) -> Paragraph:
    return Paragraph(message, mark=msg("ui.hint", rung=rung, of=of), mark_style="bold $accent")
