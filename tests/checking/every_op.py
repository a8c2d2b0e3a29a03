"""For every op of the engine a drill that asks every kind of question about it."""

import re
from functools import cache

from tests.checking.lessons import drill, lesson
from tests.mistakes.test_slips import GIVEN, LINES
from tutor.drill.question import Drill
from tutor.engine.ops import REGISTRY
from tutor.lesson.file.problem import LessonError

# Ops that are written otherwise than `op(x)`, beyond those that have slips.
_MORE = {
    **{op: [f"where({sign}, x, w)"] for op, sign in (
        ("less", "x < w"), ("less_equal", "x <= w"), ("greater", "x > w"), ("greater_equal", "x >= w"),
        ("equal", "x == w"), ("not_equal", "x != w"),
    )},
    "copy": ["x"],
    "reshape": ["reshape(x, [3, 2])"],
    "stop_gradient": ["stop_gradient(x) * w"],
}  # fmt: skip
# Arrays of a size that a learner fills in by hand.
_SMALLER = {"[4, 6]": "[3, 6]", "shape: [4], labels: 6": "shape: [3], labels: 6"}
_SMALLER |= {"[3, 4]": "[2, 3]", "[4, 2]": "[3, 2]", "[4]": "[3]", "[3, 1]": "[2, 1]", "[2, 3, 7]": "[1, 2, 4]"}
_SMALLER |= {"[2, 3, 3]": "[2, 2, 3]", "[2, 3, 5, 5]": "[1, 1, 4, 4]", "[2, 3, 2, 2]": "[1, 1, 2, 2]"}
_SMALLER |= {"shape: [3], labels: 4": "shape: [2], labels: 3", "shape: [5], labels: 3": "shape: [3], labels: 2"}
PLANS = ("forward", "shared", "separate", "paths", "one-sided", "two-sided", "tangents")


def lines() -> list[tuple[str, str]]:
    """An op, and a line that holds it."""
    return [(op, line) for op in REGISTRY for line in {**LINES, **_MORE}.get(op, [f"{op}(x)"])]


def _names(line: str) -> list[str]:
    return [name for name in dict.fromkeys(re.findall(r"[A-Za-z]+", line)) if name in GIVEN]


def graph_of(line: str) -> str:
    """A line with something above it that makes what arrives at it unlike anything else."""
    named = []
    for name in _names(line):
        how = GIVEN[name]
        for large, small in _SMALLER.items():
            if large in how:
                how = how.replace(large, small)
                break
        named.append(f"{name}: {how}")
    for above in ("sum(sin(y + 1))", "sin(y + 1)"):
        text = f"given: {{{', '.join(named)}}}\ngraph:\n  y: {line}\n  f: {above}\nsaturated: true\n"
        try:
            lesson(text)
        except LessonError:
            continue
        return text
    raise AssertionError(line)


def _asks(line: str, shapes: dict[str, tuple[int, ...]], variables: list[str]) -> list[str]:
    """Every kind of question about the line, those that it does not allow too."""
    x = variables[0]
    letters = {name: ", ".join("ijkl"[: len(shape)]) for name, shape in shapes.items()}
    place = {name: f"{name}[{inside}]" if inside else name for name, inside in letters.items()}
    other = f"{x}[{', '.join('abcd'[: len(shapes[x])])}]" if shapes[x] else x
    found = ["all: [y]", f"shape: [{x}]", "upstream: y", f"path: {{wrt: {x}, through: [y, f]}}"]
    found += [f"{{shape: {x}, convention: jacobian}}", f"total: {{wrt: [{', '.join([*variables, 'y'])}]}}"]
    for name in variables:
        found += [f"jacobian: {{of: y, wrt: {name}}}", f"formula: {name}", f"formula: {{of: y, wrt: {name}}}"]
        found += [f"saves: {{of: y, wrt: {name}}}", f"rule: {{forward: '{line}', wrt: {name}}}"]
        found += [f"update: {{of: {name}, rate: 0.1}}", f"derive: {{wrt: {name}, first: any}}"]
        found += [f"entry: {{of: '{place['y']}', wrt: '{place[name]}'}}"]
    found += [f"entry: {{of: '{place['y']}', wrt: '{other}'}}", f"derive: {{wrt: {x}}}"]
    found += [f"decompose: '{line}'", "order: backward", "order: forward", "find-slip: {slip: any}"]
    found += [
        f"predict: {{largest: [{', '.join([*variables, 'y'])}]}}",
        f"predict: {{zero: [{', '.join([*variables, 'y'])}]}}",
    ]
    found += [f"difference: {{of: y, wrt: {x}, h: 0.5, sided: one}}", f"difference: {{of: f, wrt: {x}, h: 0.5}}"]
    found += [f"rule: {{forward: '{line}', wrt: forward}}", f"tangent: {{along: {{{x}: {_ones(shapes[x])}}}}}"]
    found += [f"count: {{operation: {operation}, plan: {plan}}}" for operation in ("multiply", "add") for plan in PLANS]
    found += [f"count: {{operation: pass, plan: {plan}}}" for plan in PLANS]
    return [*found, "choose: {question: Which?, options: [this, that, neither], right: 2}"]


def _ones(shape: tuple[int, ...]) -> str:
    return "[" + ", ".join([_ones(shape[1:])] * shape[0]) + "]" if shape else "1"


@cache
def drill_of(line: str) -> Drill:
    """The drill that asks all that can be asked about a line."""
    graph = graph_of(line)
    made = drill(graph)
    run = made.parts[0].run
    shapes = {name: run.shapes[run.graph.find(name)] for name in (*run.graph.inputs, "y")}
    variables = [name for name in run.graph.inputs if not made.parts[0].part.given[name].integer]
    kept = []
    for ask in _asks(line.replace("'", '"'), shapes, variables):
        entry = ask if ask.startswith("{") else f"{{{ask}}}"
        try:
            drill(f"{graph}ask:\n  - {entry}")
        except LessonError:
            continue
        kept.append(f"  - {entry}")
    return drill(f"{graph}ask:\n" + "\n".join(kept))
