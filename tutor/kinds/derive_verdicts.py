"""What is said of a line of a derivation: where it departs, by which slip and edit, or how far it has come."""

from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from tutor.checking.explaining.advice import advice_behind_edit
from tutor.checking.explaining.counterexample import counterexample
from tutor.checking.explaining.diagnosis import Diagnosis
from tutor.checking.explaining.edit_search import find_edit
from tutor.checking.explaining.mistake_search import search_mistake_of_formula
from tutor.checking.explaining.single_edits import SingleEdit
from tutor.checking.judging import shape_answers
from tutor.checking.judging.agreement import is_close
from tutor.checking.judging.numbers_tried import numbers_tried
from tutor.checking.reading.typed_entries import typed_answer
from tutor.checking.reading.typed_lines import split_lines
from tutor.checking.reading.typed_text import is_shape_error
from tutor.checking.verdict import UNFINISHED, Verdict
from tutor.engine import Run
from tutor.engine.gradient_formulas import replaced
from tutor.engine.simplifying import simplified
from tutor.expr import EvaluationError, Tree, to_unicode, walk
from tutor.expr.tree import Binary, Call, Gradient, Transposed
from tutor.kinds.derive_lines import DerivationLine, Form, TypedDerivation, factors, in_shape_of
from tutor.text import Message, msg


def judged(
    derivation: TypedDerivation, line: DerivationLine, before: DerivationLine | None, *, passed: bool
) -> tuple[Verdict | None, Form]:
    """What is wrong with a line, if anything is, and the form in which it is right."""
    here = derivation.part.run
    try:
        value = derivation.value(line.tree, here)
    except EvaluationError as error:
        if is_shape_error(error):
            # Without factors dA/dB a line most likely is meant in the shape of the variable.
            row = not passed and any(isinstance(each, Gradient) and each.of is not None for each in walk(line.tree))
            words = derivation.words["row" if row else "shaped"]
            matrices = _wants_matrices(derivation, line, before)
            return (shape_answers.shape_misfit(words, error) if matrices is None else matrices), "both"
        raise
    forms = derivation.forms(passed=passed)
    for form in forms:
        if derivation.is_right(line.tree, form, here):
            fails = derivation.failure(line.tree, form)
            if fails is None:
                return None, form
            if fails is here:  # it cannot be told right by more than rounding
                continue
            return _coincidence(derivation, line, form, fails), form
    back = _in_the_other_form(derivation, line, passed=passed)
    return (back if back is not None else _departs(derivation, line, before, value, forms)), "both"


def at_the_end(derivation: TypedDerivation, last: DerivationLine, form: Form, count: int) -> Verdict:
    """Done, where only allowed names are left: in Jacobian form too, with what the variable's shape makes of it."""
    left = derivation.unfinished(last.tree)
    if left:
        said = msg("checking.derive-go-on", number=count, names=left)
    else:
        said = msg("checking.derive-done", lines=count, tried=numbers_tried(derivation.part))
    if form == "shaped":
        asked = derivation.asked
        over = msg("checking.derive-passes-over", wrt=asked.wrt[0], shape=derivation.question_of(form).shape)
        said = msg("checking.two-sentences", first=over, second=said)
    elif form == "row" and not left:
        said = msg("checking.two-sentences", first=said, second=_in_rows(derivation, last))
    if left:
        return Verdict("right-but", said, UNFINISHED)
    return Verdict("right", said, further=_further(derivation, last, form, count))


def _further(derivation: TypedDerivation, last: DerivationLine, form: Form, count: int) -> Message | None:
    """How it could go on, where the last line holds diagonal matrices that the gradient can be written without."""
    found = _matrices(last.tree)
    if form == "shaped" or not found or derivation.asked.typed is None:
        return None
    ours = derivation.read(split_lines(derivation.asked.typed)[-1]).tree
    return None if _matrices(ours) else msg("checking.derive-may-go-on", number=count, matrices=found)


def _matrices(tree: Tree) -> list[str]:
    called = [part.function for part in walk(tree) if isinstance(part, Call)]
    return [name for name in ("diag", "eye") if name in called]


def _in_rows(derivation: TypedDerivation, last: DerivationLine) -> Message:
    """What to say of an end in Jacobian form where the question goes by shapes: the same in the variable's shape."""
    asked = derivation.asked
    shape = derivation.question_of("shaped").shape
    known: dict[str, object] = {"wrt": asked.wrt[0], "row": asked.row.shape, "shape": shape}
    if len(shape) == 2 and shape[1] == 1:
        return msg("checking.derive-in-rows-as", formula=to_unicode(simplified(Transposed(last.tree))), **known)
    if asked.typed is None:
        return msg("checking.derive-in-rows", **known)
    tree = derivation.read(split_lines(asked.typed)[-1]).tree
    return msg("checking.derive-in-rows-as", formula=to_unicode(tree), **known)


def _in_the_other_form(derivation: TypedDerivation, line: DerivationLine, *, passed: bool) -> Verdict | None:
    """A line that is right in a form that may not stand here."""
    asked = derivation.asked
    if passed and derivation.is_right(line.tree, "row", derivation.part.run):
        message = msg("checking.derive-goes-back", wrt=asked.wrt[0], right=derivation.question_of("shaped").shape)
        return Verdict("right-but", message, "jacobian-form")
    if asked.convention == "jacobian":
        right = np.asarray(derivation.part.run.gradients[asked.wrt[0]])
        value = derivation.value(line.tree, derivation.part.run)
        if right.shape != asked.row.shape and is_close(value, right):
            message = msg("checking.shape-form", wrt=asked.wrt[0], right=asked.row.shape)
            return Verdict("right-but", message, "shape-form")
    return None


def _coincidence(derivation: TypedDerivation, line: DerivationLine, form: Form, run: Run) -> Verdict:
    right, value = derivation.right(form)(run), derivation.value_or_none(line.tree, run)
    value = None if value is None else in_shape_of(right, value)
    said = counterexample(derivation.words[form], line.tree, run, value, right, "checking.formula-differs-at")
    return Verdict("wrong", said, "coincidence")


def _departs(
    derivation: TypedDerivation,
    line: DerivationLine,
    before: DerivationLine | None,
    value: Any,
    forms: tuple[Form, ...],
) -> Verdict:
    """The verdict on a wrong line: the factor that changed, the edit that mends it, the mistake behind it."""
    matrices = _wants_matrices(derivation, line, before)
    if matrices is not None:
        return matrices
    form = next((each for each in forms if derivation.question_of(each).shape == value.shape), forms[0])
    words = derivation.words[form]
    edit = _mended(derivation, line.tree, forms)
    shown = None if edit is None else edit.shown
    changed = _changed_factor(derivation, line, before)
    if value.shape != derivation.question_of(form).shape and changed is None:
        verdict = shape_answers.wrong_shape(words, typed_answer(line.tree, value), 0.0)
        return replace(verdict, edit=shown)
    diagnosis = None
    if value.shape == derivation.question_of(form).shape:
        diagnosis = search_mistake_of_formula(words, partial(derivation.value_or_none, line.tree), value)
    return Verdict(
        "wrong",
        _said(changed, edit, diagnosis, first=before is None),
        None if diagnosis is None else diagnosis.id,
        None if diagnosis is None else diagnosis.node,
        shown,
    )


def _wants_matrices(derivation: TypedDerivation, line: DerivationLine, before: DerivationLine | None) -> Verdict | None:
    """A chain rule multiplied entry by entry, as it is written by hand, that is right with matrix products."""
    if before is not None or not derivation.asked.chain:
        return None
    tree = replaced(line.tree, _as_matrices)
    if tree == line.tree or derivation.form_of(tree, passed=False) is None:
        return None
    return Verdict("wrong-shape", msg("checking.derive-matrices"), span=line.tree.span)


def _as_matrices(tree: Tree) -> Tree | None:
    if isinstance(tree, Binary) and tree.op == "*":
        return replace(tree, op="@", left=replaced(tree.left, _as_matrices), right=replaced(tree.right, _as_matrices))
    return None


def _said(changed: Message | None, edit: SingleEdit | None, diagnosis: Diagnosis | None, *, first: bool) -> Message:
    """What changed, the edit, the mistake: as many of them as there are."""
    there = [each for each in (changed, edit.message if edit is not None else None) if each is not None]
    if diagnosis is not None:
        there.append(diagnosis.message if edit is None else advice_behind_edit(diagnosis))
    if not there:
        return msg("checking.derive-not-equal-first") if first else msg("checking.derive-not-equal")
    said = there[0]
    for each in there[1:]:
        said = msg("checking.two-sentences", first=said, second=each)
    return said


def _changed_factor(derivation: TypedDerivation, line: DerivationLine, before: DerivationLine | None) -> Message | None:
    """The one factor that is not equal to its fellow in the line before, where just one is not."""
    if before is None:
        return None
    old, new = factors(before.tree), factors(line.tree)
    if len(old) != len(new) or len(new) < 2:
        return None
    run = derivation.part.run
    off = [k for k, pair in enumerate(zip(old, new, strict=True)) if not _equal(derivation, *pair, run)]
    if len(off) != 1:
        return None
    was, now = old[off[0]], new[off[0]]
    if isinstance(was, type(now)) and to_unicode(was) == to_unicode(now):
        return None
    return msg("checking.derive-factor", was=to_unicode(was), now=to_unicode(now))


def _equal(derivation: TypedDerivation, old: Tree, new: Tree, run: Run) -> bool:
    one, other = derivation.value_or_none(old, run), derivation.value_or_none(new, run)
    return one is not None and other is not None and is_close(in_shape_of(other, one), other)


def _mended(derivation: TypedDerivation, tree: Tree, forms: tuple[Form, ...]) -> SingleEdit | None:
    """The first single edit that makes the line right at all numbers."""
    return find_edit(
        tree,
        derivation.parts,
        lambda value: any(derivation.is_truth(value, form, derivation.part.run) for form in forms),
        lambda edited: any(derivation.failure(edited, form) is None for form in forms),
        without=("checking.edit-sum",),  # a factor summed is no slip of a derivation
    )
