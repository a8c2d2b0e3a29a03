"""Where an answer that is right here fails: the sizes, every small value that it or the truth names, what both give."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import numpy as np

from tutor.checking.reading.answer_scope import AnswerScope
from tutor.drill.notation import entry_symbol
from tutor.engine import Run
from tutor.engine.gradient_formulas import downstream_formula, gradient_formula
from tutor.engine.simplifying import ONE
from tutor.expr import Tree, walk
from tutor.expr.tree import Gradient, Name
from tutor.text import Message, msg
from tutor.text.number_format import format_value

FEW = 4  # entries of an answer; of a larger one a single entry is shown
SMALL = 6  # entries of a value that is shown
MOST = 14  # entries of all of them


def counterexample(scope: AnswerScope, tree: Tree, run: Run, value: Any, right: Any, differs: str) -> Message:
    """What to say of an answer that has this value (None: none at all) at a run where another is right.

    `differs` is the sentence for values that differ.
    """
    symbol, here, named = scope.question.symbol, scope.part.draw.sizes, _names(tree)
    there = scope.part.runs.sizes_at(run)
    sizes = [f"{name} = {size}" for name, size in there.items() if size != here[name] or name in named]
    if value is None and sizes:
        return msg("checking.formula-fails-at-sizes", at=sizes)
    if value is None:
        return msg(
            "checking.formula-undefined-at", at=list(_values(scope, tree, run)) or [msg("checking.fresh-numbers")]
        )
    if np.shape(value) != np.shape(right):
        return msg("checking.formula-shape-at-sizes", symbol=symbol, at=sizes, yours=np.shape(value), right=right.shape)
    symbol, value, right = _most_off(symbol, value, right)
    known: dict[str, object] = {"symbol": symbol, "yours": format_value(value), "right": format_value(right)}
    at = [*sizes, *_values(scope, tree, run)]
    return msg(differs, at=at, **known) if at else msg("checking.coincidence-gives", **known)


def where_it_fails(scope: AnswerScope, tree: Tree, run: Run, value: Any, right: Any) -> Message:
    """What to say of an answer that is wrong here too, with the numbers of another run."""
    sizes = [f"{name} = {size}" for name, size in scope.part.runs.sizes_at(run).items() if name in _names(tree)]
    at: list[object] = [*sizes, *_values(scope, tree, run)] or [msg("checking.fresh-numbers")]
    if value is None or np.shape(value) != np.shape(right):
        return msg("checking.formula-gives-none-at", at=at, shape=tuple(np.shape(right)))
    symbol, value, right = _most_off(scope.question.symbol, value, right)
    return msg("checking.formula-gives-at", at=at, symbol=symbol, yours=format_value(value), right=format_value(right))


def _most_off(symbol: str, value: Any, right: Any) -> tuple[str, Any, Any]:
    """Of many entries the one that is off most shows it."""
    if np.size(right) <= FEW:
        return symbol, value, right
    place = np.unravel_index(int(np.argmax(np.abs(value - right))), right.shape)
    return entry_symbol(symbol, place), value[place], right[place]


def most_readable(wrong_at: Iterable[Run], value: Callable[[Run], Any], right: Callable[[Run], Any]) -> Run | None:
    """Of the runs at which a formula is wrong the one with the shortest numbers, with a value if there is one."""

    def length(run: Run) -> tuple[bool, int]:
        made, wanted = value(run), right(run)
        if made is None or np.shape(made) != np.shape(wanted):
            return made is None, 0
        shown = [format_value(each) for each in (made, wanted, *(run.values[name] for name in run.graph.inputs))]
        return shown[0] == shown[1] or not bool(np.all(np.isfinite(made))), sum(map(len, shown))

    return min(wrong_at, key=length, default=None)


def _values(scope: AnswerScope, tree: Tree, run: Run) -> Iterator[str]:
    """What the small names in an answer and in the truth stand for at a run: as many as a line or two can hold."""
    values, sizes, left, shown = scope.values(run), scope.part.part.sizes, MOST, set()
    for name in dict.fromkeys((*_names(tree), *_names_of_truth(scope, run))):
        if name not in values or name in sizes or np.size(values[name]) > SMALL:
            continue
        text = format_value(values[name])
        if np.size(values[name]) > 1 and text in shown:
            continue  # one gradient by two of its names
        left -= np.size(values[name])
        if left < 0:
            yield "…"
            return
        shown.add(text)
        yield f"{name} = {text}"


def _names_of_truth(scope: AnswerScope, run: Run) -> list[str]:
    """The names in the right formula; where none is known, the inputs of the line asked about or of the graph."""
    target, graph = scope.question.target, scope.graph
    if target.kind in ("local", "downstream"):
        up = ONE if target.kind == "local" else Name("up")
        share = downstream_formula(run, target.chain(graph), up)
        line = graph.lines[target.of or ""]
        return _names(share) if share is not None else [slot.source for slot in line.slots]
    whole = None
    if target.kind in ("total", "upstream") and len(target.wrt) == 1:
        whole = gradient_formula(run, scope.question.line, lambda part: isinstance(part, Name) and part.name != "up")
    return _names(whole) if whole is not None else list(graph.inputs)


def _names(tree: Tree) -> list[str]:
    return list(dict.fromkeys(part.name for part in walk(tree) if isinstance(part, Name | Gradient)))
