"""How questions and right answers are written: `∂b/∂z`, `[[1, 2]]`."""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from tutor.engine import Graph, Run
from tutor.expr import to_unicode
from tutor.mistakes.target import Target
from tutor.text import Message, msg
from tutor.text.number_format import format_value


def gradient_symbol(run: Run, target: Target) -> str:
    """The gradient in question as mathematics writes it; `dx` where what arrives at the output is not 1."""
    graph, top = run.graph, output_name(run)
    if target.kind in ("local", "jacobian"):
        return f"∂{target.of}/∂{target.wrt[0]}"
    variables = [name.partition("#")[0] for name in target.wrt]
    plain = [f"∂{top}/∂{name}" if top else f"d{name}" for name in variables]
    if target.kind == "downstream":
        source, _, use = target.wrt[0].partition("#")
        several = len(graph.uses(source)) > 1
        way = f" ({target.of}{f' #{use}' if use else ''})" if several else ""
        return plain[0] + way
    if target.kind == "path":
        return f"{plain[0]} ({' → '.join((variables[0], *target.path))})"
    return plain[0] if len(plain) == 1 else f"({', '.join(plain)})"


UPSTREAM_NAMES = ("up", "δ", "delta", "upstream")


def upstream_line(graph: Graph, target: Target) -> str | None:
    """The line whose gradient is `up` in an answer; None where it is not clear which."""
    if target.kind in ("local", "downstream"):
        return target.of
    if target.kind == "total" and len(target.wrt) == 1:
        lines = {line for line, _ in graph.uses(target.wrt[0])}
        return next(iter(lines)) if len(lines) == 1 else None
    return None


def output_name(run: Run) -> str | None:
    """The scalar that all gradients are gradients of; None where outputs come with gradients of their own."""
    seeds = list(run.seeds.values())
    plain = len(seeds) == 1 and np.size(seeds[0]) == 1 and float(np.ravel(seeds[0])[0]) == 1.0
    return run.graph.outputs[0] if plain else None


def entry_symbol(name: str, place: Iterable[object]) -> str:
    """One entry of an array, as `W[0, 1]`; of a number its name."""
    inside = ", ".join(map(str, place))
    return f"{name}[{inside}]" if inside else name


def place_from_1(place: Sequence[int]) -> Message:
    """Where an entry stands as people count on paper: row 3, column 1."""
    numbers = [int(each) + 1 for each in place]
    if len(numbers) == 2:
        return msg("drill.place-in-matrix", row=numbers[0], column=numbers[1])
    return msg("drill.place", place=", ".join(map(str, numbers)))


def line_formula(graph: Graph, name: str) -> str:
    """What a line computes, in the signs of mathematics; the name itself where it is no line."""
    tree = graph.lines[name].tree if name in graph.lines else None
    return name if tree is None else to_unicode(tree)


def typed_numbers(value: Any) -> str:
    """An array as text that is right by the rounding rule: exact where that is short, otherwise six digits."""
    array = np.asarray(value)
    if array.ndim:
        return "[" + ", ".join(typed_numbers(item) for item in array) + "]"
    number = float(array)
    exact = format_value(number)
    return exact if float(exact) == number else f"{number:.6g}"
