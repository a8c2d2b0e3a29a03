"""Graphs to try the checker on: published problems, and random ones, as drills that ask everything."""

import json
import random
from pathlib import Path
from typing import Any

from tutor.drill.question import Drill
from tutor.kinds import build, load_text
from tutor.lesson.file.problem import LessonError

PUBLISHED = Path(__file__).parent.parent / "engine" / "data" / "published.json"
_ENTRYWISE = ("tanh({})", "sigmoid({})", "relu({})", "exp({} / 4)", "{}^2", "log({}^2 + 1)", "sin({})")
_PAIRWISE = ("{} + {}", "{} - {}", "{} * {}", "max({}, {})", "min({}, {})", "{} / (1 + {}^2)")


def published_drills() -> list[Drill]:
    """Every published problem whose graph makes a lesson."""
    return [build(load_text(_as_lesson(each), Path(f"{each['id']}.yaml")), 0) for each in _problems()]


def _problems() -> list[dict[str, Any]]:
    return list(json.loads(PUBLISHED.read_text("utf-8")))


def _as_lesson(problem: dict[str, Any]) -> str:
    given = {
        name: {"shape": _shape(value), "value": value, "domain": "labels"} if name in problem["integer"] else value
        for name, value in problem["given"].items()
    }
    return json.dumps({"title": problem["id"], "given": given, "graph": problem["graph"], "ask": ["all"]})


def _shape(value: Any) -> list[int]:
    return [len(value), *_shape(value[0])] if isinstance(value, list) else []


def random_drills(count: int) -> list[Drill]:
    """Graphs that nobody designed: half of numbers, half of a batch of rows through layers."""
    found: list[Drill] = []
    dice = random.Random(7)
    while len(found) < count:
        text = _numbers(dice) if len(found) % 2 == 0 else _layers(dice)
        try:
            found.append(build(load_text(text, Path(f"random-{len(found)}.yaml")), len(found)))
        except LessonError:
            continue
    return found


def _numbers(dice: random.Random) -> str:
    """Three to eight gates over two to four numbers; what nothing uses is added up at the end."""
    inputs = [f"x{k}" for k in range(dice.randint(2, 4))]
    names, lines = list(inputs), {}
    for k in range(dice.randint(3, 8)):
        pattern = dice.choice(_ENTRYWISE if dice.random() < 0.4 else _PAIRWISE)
        picked = dice.sample(names[-5:], min(pattern.count("{}"), len(names)))
        lines[f"a{k}"] = pattern.format(*picked, *picked)
        names.append(f"a{k}")
    return _lesson(dict.fromkeys(inputs, _SAMPLED), {}, lines, inputs)


_SAMPLED = "{uniform: [-1.9, 1.9], decimals: 1, nonzero: true, away: 0.2}"


def _layers(dice: random.Random) -> str:
    """One or two layers on a batch of rows, with or without a bias, a residual and a softmax, down to one number."""
    sizes = dict(zip(("N", "D", "H", "K"), dice.sample(range(2, 6), 4), strict=True))
    given = {"X": _array("N", "D"), "W": _array("D", "H")}
    lines = {"z": "X @ W"}
    top = "z"
    if dice.random() < 0.7:
        given["b"] = _array("H")
        lines["z"] = "X @ W + b"
    lines["h"] = dice.choice(("tanh(z)", "relu(z)", "sigmoid(z)", "z * sigmoid(z)"))
    top = "h"
    if dice.random() < 0.3:
        lines["r"] = "h + z"
        top = "r"
    if dice.random() < 0.5:
        given["V"] = _array("H", "K")
        lines["y"] = f"{top} @ V"
        top = "y"
        if dice.random() < 0.5:
            lines["p"] = "softmax(y)"
            top = "p"
    ends = ("sum({}^2) / N", "mean({} * {})", "sum(exp({} / 4))", "sum(log(1 + {}^2)) / N")
    lines["L"] = dice.choice(ends).replace("{}", top)
    return _lesson(given, sizes, lines, list(given))


def _array(*dims: str) -> str:
    return f"{{shape: [{', '.join(dims)}], uniform: [-1.5, 1.5], decimals: 1, nonzero: true}}"


def _lesson(given: dict[str, str], sizes: dict[str, int], lines: dict[str, str], inputs: list[str]) -> str:
    used = " ".join(lines.values())
    loose = [name for name in lines if name not in used]
    if len(loose) > 1:
        lines = {**lines, "f": " + ".join(loose)}
    kept = {name: how for name, how in given.items() if name in used}
    return "\n".join(
        [
            "title: Random",
            "saturated: true",
            *(["sizes: {" + ", ".join(f"{name}: {size}" for name, size in sizes.items()) + "}"] if sizes else []),
            "given:",
            *(f"  {name}: {how}" for name, how in kept.items()),
            "graph:",
            *(f'  {name}: "{formula}"' for name, formula in lines.items()),
            f"ask: [all, {', '.join(f'total: {name}' for name in inputs if name in kept)}]",
        ]
    )
