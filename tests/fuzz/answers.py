"""Runs of typed texts: what every verdict must keep to, and what came out right judged once more, independently."""

import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any, TypeVar

import numpy as np

from tests.checking.every_kind import CONVENTIONS, every_kind
from tests.checking.fuzz import texts
from tests.checking.independent import UnknownError, numbers_in, value_of
from tutor.checking import Verdict
from tutor.checking.reading.answer_scope import AnswerScope
from tutor.checking.verdict import Preview
from tutor.drill.question import Drill, GradientQuestion, Question
from tutor.engine.ordering import CONSTANTS
from tutor.kinds import check, preview
from tutor.text import LANGUAGES, say

T = TypeVar("T")
LONGEST_SENTENCE = 400
MOST_SECONDS = 0.25  # a quiet machine takes a fifth of that at most; what a busy one adds is no fault
NUMERIC = {
    *("upstream", "local", "path", "downstream", "total", "jacobian", "formula"),
    *("difference", "tangent", "update", "count"),
}


@dataclass(frozen=True, slots=True)
class Found:
    """A text that broke a promise, and which."""

    question: str
    text: str
    what: str


@dataclass(slots=True)
class Tally:
    """What became of a run of texts."""

    tries: int = 0
    right: int = 0
    compared: int = 0
    broken: list[Found] = field(default_factory=list)
    unknown: list[Found] = field(default_factory=list)
    """Right, and not understood by the independent reader: these want a look."""
    slowest: float = 0.0
    grown: int = 0

    def __str__(self) -> str:
        return (
            f"{self.tries} texts: {len(self.broken)} failures, {self.right} right, of these {self.compared} numeric"
            f" ones judged again by NumPy, {len(self.unknown)} to look at; slowest {1000 * self.slowest:.0f} ms,"
            f" grown by {self.grown / 2**20:.0f} MiB"
        )


def assert_keeps_promises(verdict: Verdict, shown: Preview, text: str) -> None:
    """Everything that must hold of a verdict and a preview."""
    assert verdict.kind in ("right", "right-but", "wrong", "wrong-shape", "unreadable")
    assert verdict.free == (verdict.kind not in ("right", "wrong") or verdict.mistake == "coarse")
    for language in LANGUAGES:
        for message in (verdict.message, shown.message):
            said = "-" if message is None else say(message, language)
            assert 0 < len(said) < LONGEST_SENTENCE, "no sentence, or a long one"
            assert not any(letter in said for letter in "\x00\x07\x1b\x7f\x85\u202e\u2028\n"), "a control character"
    if verdict.span is not None:
        assert 0 <= verdict.span.start <= verdict.span.end <= max(len(text), 1) + 1, "a caret beside the text"
    if verdict.kind == "right":
        assert shown.message is None, "right, and the preview complains"


def judged_again(drill: Drill, question: Question, text: str) -> str | None:
    """What is wrong with an answer that came out right, by NumPy alone; raises UnknownError where that cannot be said.

    As near as the lesson tolerates and numbers on the screen are, as the digits that were typed say, or to 9 digits
    where none were rounded.
    """
    part = drill.part_of(question)
    lines = [*part.graph.inputs, *part.graph.lines]
    exact = np.ravel(np.asarray(_exact(question), dtype=np.float64))
    try:
        value = np.ravel(np.asarray(value_of(text, _values(drill, question), lines), dtype=np.float64))
    except (ValueError, IndexError, OverflowError) as error:
        raise UnknownError(str(error)) from None
    if value.size == exact.size**2 > 1:
        matrix = value.reshape(exact.size, -1)
        if np.array_equal(matrix, np.diag(np.diag(matrix))):
            value = np.diag(matrix)
    if value.shape != exact.shape:
        return f"{value.size} entries for {exact.size}"
    largest = float(np.max(np.abs(exact), initial=0.0))
    numbers = numbers_in(text) or []
    units = np.array([_unit(number) for number in numbers]) if len(numbers) == exact.size else 0.0
    moved = exact - np.ravel(part.run.values[question.line]) if question.kind == "update" else exact  # by its change
    # What is computed from numbers as they are shown, to four digits, may be off by that as well.
    near = (drill.lesson.tolerance + 1e-3) * np.abs(moved) if "." in text or "e" in text.lower() or numbers else 0.0
    allowed = np.maximum(near, units / 2) + 1e-9 * np.maximum(largest, np.abs(value))
    off = ~(np.abs(value - exact) <= allowed)
    return f"{value[off]} for {exact[off]}" if np.any(off) else None


def _exact(question: Question) -> Any:
    return question.expected if isinstance(question, GradientQuestion) else question.answer


def _values(drill: Drill, question: Question) -> Any:
    part = drill.part_of(question)
    if isinstance(question, GradientQuestion):
        return AnswerScope(drill, question).values(part.run)
    gradients = {f"d{name}": value for name, value in part.run.gradients.items()}
    return {**CONSTANTS, **part.draw.sizes, **gradients, **part.run.values}


def _unit(number: str) -> float:
    mantissa, _, exponent = number.lower().partition("e")
    return float(10.0 ** (int(exponent or 0) - len(mantissa.partition(".")[2])))


def timed(judging: Callable[[Drill, Question, str], T], drill: Drill, question: Question, text: str) -> tuple[T, float]:
    """What comes back, and the processor time: the best of three where the first was slow."""
    best = float("inf")
    for _ in range(3):
        started = time.thread_time()
        made = judging(drill, question, text)
        best = min(best, time.thread_time() - started)
        if best <= MOST_SECONDS:
            break
    return made, best


def tried(drill: Drill, question: Question, text: str, tally: Tally) -> None:
    """One text: its verdict and its preview keep their promises, and NumPy agrees where it is right."""
    tally.tries += 1
    try:
        verdict, checked = timed(check, drill, question, text)
        shown, previewed = timed(preview, drill, question, text)
        assert_keeps_promises(verdict, shown, text)
    except Exception as error:
        tally.broken.append(Found(question.id, text[:500], "".join(traceback.format_exception(error)[-2:])))
        return
    tally.slowest = max(tally.slowest, checked, previewed)
    if max(checked, previewed) > MOST_SECONDS:
        what = f"check {1000 * checked:.0f} ms, preview {1000 * previewed:.0f} ms"
        tally.broken.append(Found(question.id, text[:500], what))
    if verdict.kind == "right":
        tally.right += 1
        if question.kind in NUMERIC:
            judge_again(drill, question, text, tally)


def judge_again(drill: Drill, question: Question, text: str, tally: Tally) -> None:
    """Compare a text that came out right with what NumPy makes of it."""
    try:
        wrong = judged_again(drill, question, text)
    except UnknownError as error:
        tally.unknown.append(Found(question.id, text[:500], str(error)))
        return
    tally.compared += 1
    if wrong is not None:
        tally.broken.append(Found(question.id, text[:500], f"came out right: {wrong}"))


def run_of_texts(seed: int, count: int) -> Tally:
    """So many texts for all questions of the lesson that asks every kind, in both conventions."""
    random, questions, tally = Random(seed), asked(seed), Tally()
    makers = [texts(drill, question, random) for drill, question in questions]
    start = most_memory()
    for _ in range(count):
        place = random.randrange(len(questions))
        tried(*questions[place], next(makers[place]), tally)
    tally.grown = most_memory() - start
    return tally


def asked(seed: int) -> list[tuple[Drill, Question]]:
    """All questions of the lesson that asks every kind, in both conventions, each answered once already."""
    drills = [every_kind(convention, seed) for convention in CONVENTIONS]
    found = [(drill, question) for drill in drills for question in drill.questions]
    for drill, question in found:
        for text in (question.typed or "1", "1.234", "[[1.5, 2.5]]"):
            check(drill, question, text)
    return found


def most_memory() -> int:
    """The most that this process has held so far, in bytes; 0 where the system does not say."""
    if sys.platform == "win32":
        return 0
    import resource

    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else 1024 * most


def main(arguments: list[str]) -> int:
    """`COUNT [SEED]`: a run with its counts, and every text that failed or wants a look."""
    count, seed = int(arguments[0]) if arguments else 20_000, int(arguments[1]) if len(arguments) > 1 else 0
    tally = run_of_texts(seed, count)
    for title, found in (("failed", tally.broken), ("to look at", tally.unknown)):
        for each in found:
            print(f"{title}: {each.question}: {each.text!r}\n    {each.what}")
    print(tally)
    return 1 if tally.broken else 0
