"""Texts that tell: formulas in what is read before a question that are an answer to it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np

from tutor.authoring.diagnostics import Diagnostics
from tutor.authoring.translation_checks import texts
from tutor.drill.question import Drill, Entered, GradientQuestion, Question
from tutor.expr import ParseError, Tree, parse, walk
from tutor.expr.tree import Gradient, Name, Negation, Number
from tutor.kinds import check, preview
from tutor.kinds.decompose import any_names
from tutor.kinds.formula import FormulaKind
from tutor.lesson.file.document import Document, Steps, value_at_steps
from tutor.text import LANGUAGES, msg

_MOST_FORMULAS = 100  # of a lesson's texts
_MOST_TRIED = 2_000  # formulas at questions
_RUNGS = 2  # of hints that may not tell: the third shows the rule
# `code` between any number of backquotes, lines that are set in, lines between fences.
_CODE = re.compile(r"(?<!`)(`+)(?!`)(?P<span>.+?)(?<!`)\1(?!`)|^(?: {4}|\t)\s*(?P<line>[^\s`][^`\n]*)$", re.MULTILINE)
_FENCED = re.compile(r"^(?P<fence>```+|~~~+)[^\n`]*\n(?P<lines>.*?)^(?P=fence)", re.MULTILINE | re.DOTALL)
_EQUALS = re.compile(r"(?<![<>=!])=(?!=)")
_JOINED = {"expr.missing-matmul": "@ ", "expr.missing-times": "* ", "expr.missing-operator": "* "}
_DELTA_JOINED = re.compile(r"δ(?=[^\W\d_])")
_MOST_JOINED = 4
_TOLD = (Entered.FORMULA, Entered.DERIVATION, Entered.NUMBERS)


def check_texts_before(diagnostics: Diagnostics, drill: Drill) -> None:
    """Warns of every formula in `about`, an early hint or a question that answers what is asked after it."""
    document = diagnostics.document
    lines = {tree for part in drill.parts for tree in part.part.trees.values()}
    nodes = {name for part in drill.parts for name in (*part.graph.inputs, *part.graph.lines)}
    answers = _Answers(drill)
    for steps, later in _read_before(document.data, drill):
        text = value_at_steps(document.data, steps)
        for place, code in _code_of(text):
            *left, formula = _EQUALS.split(code)
            if left and left[0].strip() in nodes:
                continue  # the graph itself, in one line or as its lines are
            formula = _with_products(formula.strip())
            tree = _tree(formula)
            if tree is None or tree in lines or _is_trivial(tree):
                continue
            told = answers.first(formula, later)
            if told is not None:
                message = msg("authoring.text-tells-answer", formula=code.strip(), question=told.id)
                document.report_at(_offset(document, steps, text, place, code), message, severity="warning")


class _Answers:
    """Which questions a formula answers; each formula is tried once at each, up to a bound."""

    def __init__(self, drill: Drill) -> None:
        self.drill = drill
        self.tried: dict[tuple[str, str], bool] = {}
        self.formulas: set[str] = set()
        self.value = cache(self._value)

    def first(self, formula: str, later: Sequence[Question]) -> Question | None:
        """The first of these questions that the formula answers."""
        if len(self.formulas) < _MOST_FORMULAS:
            self.formulas.add(formula)
        if formula not in self.formulas:
            return None
        return next((question for question in later if self._answers(formula, question)), None)

    def _answers(self, formula: str, question: Question) -> bool:
        key = (formula, question.id)
        if key not in self.tried and len(self.tried) < _MOST_TRIED:
            self.tried[key] = self._is_near(formula, question) and self._is_right(formula, question)
        return self.tried.get(key, False)

    def _is_near(self, formula: str, question: Question) -> bool:
        """Is it worth a verdict? To explain a wrong answer takes far longer than to compare two values."""
        value, right = self.value(formula, question), self.value(question.typed or "", question)
        if right is None:
            return True
        near = value is not None and np.size(value) == np.size(right)
        return near and np.allclose(np.ravel(value), np.ravel(right), rtol=1e-2)

    def _value(self, text: str, question: Question) -> Any:
        return preview(self.drill, question, text).value

    def _is_right(self, formula: str, question: Question) -> bool:
        if check(self.drill, question, formula).kind != "right":
            return False
        if question.entered is not Entered.NUMBERS or not isinstance(question, GradientQuestion):
            return True
        # At one set of numbers much is right by chance: what tells is right at others too.
        elsewhere = replace(question, kind=FormulaKind.name, entered=Entered.FORMULA)
        return check(self.drill, elsewhere, formula).kind == "right"


def _read_before(data: object, drill: Drill) -> Iterator[tuple[Steps, Sequence[Question]]]:
    """Where the texts stand, one a language, and the questions whose answer each must leave open."""
    told = [each for each in drill.questions if each.entered in _TOLD and not _has_trivial_answer(each)]
    places = {question.id: place for place, question in enumerate(drill.all_questions)}
    chosen = [iter([each for each in drill.all_questions if each.part == k and each.entered is Entered.OPTION])
              for k in range(len(drill.parts))]  # fmt: skip
    current: Question | None = None

    def behind(question: Question | None, least: int) -> list[Question]:
        """Those of the same part that come so many places behind it, or further."""
        return [
            each
            for each in told
            if question and each.part == question.part and places[each.id] - places[question.id] >= least
        ]

    for steps, _ in texts(data):
        later: list[Question] = []
        if steps == ("about",):
            later = told
        elif steps[0] == "hints" and (len(steps) < 3 or int(steps[2]) < _RUNGS):
            later = behind(drill.by_id.get(str(steps[1])), 0)
        elif "choose" in steps and "options" not in steps:
            if steps[-1] == "question":
                current = next(chosen[int(steps[1]) if steps[0] == "parts" else 0], None)
            later = behind(current, 1)
        if later:
            found = value_at_steps(data, steps)
            languages = (
                [(*steps, each) for each in LANGUAGES if found.get(each)] if isinstance(found, dict) else [steps]
            )
            yield from ((each, later) for each in languages)


def _code_of(text: str) -> Iterator[tuple[int, str]]:
    """What is marked as code in a text of Markdown, with its place."""
    for fenced in _FENCED.finditer(text):
        for line in re.finditer(r"\S.*", fenced["lines"]):
            yield fenced.start("lines") + line.start(), line.group().rstrip()
    without = _FENCED.sub(lambda fenced: re.sub(r"[^\n]", " ", fenced.group()), text)
    for found in _CODE.finditer(without):
        group = "span" if found["span"] is not None else "line"
        code = found[group]
        yield found.start(group) + len(code) - len(code.lstrip()), code.strip()


def _with_products(formula: str) -> str:
    """The formula with the `@` and `*` that mathematics leaves out: `δ xᵀ` tells as much as `δ @ xᵀ`."""
    formula = _DELTA_JOINED.sub("δ @ ", formula)
    for _ in range(_MOST_JOINED):
        try:
            parse(formula, any_names())
        except ParseError as error:
            joined = _JOINED.get(error.message.id)
            if joined is None:
                break
            formula = formula[: error.span.start] + joined + formula[error.span.start :]
    return formula


def _tree(formula: str) -> Tree | None:
    try:
        return parse(formula, any_names())
    except ParseError:
        return None


def _is_trivial(tree: Tree) -> bool:
    """A number, a name with or without a sign, or numbers without a name."""
    parts = list(walk(tree))
    return not any(isinstance(each, Name | Gradient) for each in parts) or all(
        isinstance(each, Name | Gradient | Number | Negation) for each in parts
    )


def _has_trivial_answer(question: Question) -> bool:
    if question.entered is Entered.NUMBERS or question.typed is None:
        return False
    tree = _tree(question.typed)
    return tree is not None and _is_trivial(tree)


def _offset(document: Document, steps: Steps, text: str, place: int, code: str) -> int:
    """Where in the file a piece of code stands: a text of several lines is set in there, or folded."""
    start, end = document.spans[steps]
    before = sum(found.start() < place for found in re.finditer(re.escape(code), text))
    there = [found.start() for found in re.finditer(re.escape(code), document.text[start:end])]
    return start + (there[before] if before < len(there) else 0)
