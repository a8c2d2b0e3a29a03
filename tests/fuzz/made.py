"""Lessons made by chance from the fields of the format: every sampler, every kind of question, numbers at the edge."""

from typing import Any

import yaml
from hypothesis import strategies as st

NUMBERS = st.sampled_from([0, 1, -1, 2, 3, 0.5, -0.25, 1e-3, 7, 12, 100, 1e6, 1e12, 1e50, 1e100, 1e-12, 1e-300, 5e-324])
SMALL = st.sampled_from([1, 2, 3, -2, 0.5, 0.1])
DIMS = st.sampled_from(["n", "m", 1, 2, 3, "2*n", "n + m"])
SHAPES = st.one_of(
    st.just([]),
    st.lists(DIMS, min_size=1, max_size=2),
    st.sampled_from([["n", "m"], ["m", "n"], ["n", 1], ["n"], ["m"]]),
)
ONE = [
    *(
        "tanh({a})",
        "relu({a})",
        "exp({a})",
        "log({a})",
        "sqrt({a})",
        "{a}^2",
        "-{a}",
        "sigmoid({a})",
        "abs({a})",
        "{a}.T",
    ),
    *("softmax({a})", "sum({a})", "mean({a})", "max({a}, 0)", "sum({a}, axis=0)", "amax({a})", "norm({a})", "1 / {a}"),
    *("cumsum({a})", "reshape({a}, [-1])", "{a}[0]", "{a}[1:]", "clip({a}, -1, 1)", "stop_gradient({a})", "var({a})"),
    *(
        "{a}^0.5",
        "where({a} > 0, {a}, 0)",
        "{a} * 1e30",
        "exp({a} * 100)",
        "layer_norm({a})",
        "logsumexp({a})",
        "0 * {a}",
    ),
]
TWO = [
    *("{a} + {b}", "{a} * {b}", "{a} - {b}", "{a} / {b}", "{a} @ {b}", "{a} @ {b}.T", "{a}.T @ {b}", "max({a}, {b})"),
    *("sum({a} * {b})", "outer({a}, {b})", "kron({a}, {b})", "dot({a}, {b})", "concat({a}, {b})", "stack({a}, {b})"),
    *("cross_entropy({a}, {b})", "mse({a}, {b})", "einsum('ij,jk->ik', {a}, {b})", "{a}^{b}", "{a} * {b} + {a}"),
]
KINDS = [
    *("shape", "upstream", "local", "downstream", "path", "total", "all", "jacobian", "formula", "entry", "derive"),
    *(
        "decompose",
        "order",
        "count",
        "find-slip",
        "predict",
        "difference",
        "rule",
        "saves",
        "tangent",
        "update",
        "choose",
    ),
]


class _Plain(yaml.SafeDumper):
    """Writes what stands twice twice: lessons have no aliases."""

    def ignore_aliases(self, data: object) -> bool:
        return True


@st.composite
def lessons(draw: st.DrawFn) -> str:
    """The YAML of a lesson, most of which are sound."""
    part = _part(draw)
    if draw(st.integers(0, 9)) == 0:
        data: dict[str, Any] = {"parts": [part, *(_part(draw) for _ in range(draw(st.integers(0, 2))))]}
    else:
        data = part
    for field, values in (
        ("tolerance", [0, 0.01, 0.5]),
        ("strict", [True]),
        ("saturated", [True]),
        ("worked", [0, 1, 9]),
    ):
        if draw(st.integers(0, 6)) == 0 and not (field == "worked" and "parts" in data):
            data[field] = draw(st.sampled_from(values))
    if draw(st.integers(0, 4)) == 0:
        data["plots"] = draw(st.sampled_from(["gradient-check", "gradient-norms", "counts"]))
    return yaml.dump({"title": "T", **data}, Dumper=_Plain, sort_keys=False)


def _part(draw: st.DrawFn) -> dict[str, Any]:
    given = {name: _given(draw) for name in draw(st.sampled_from(["x", "xy", "xyW", "xyWk"]))}
    graph: dict[str, str] = {}
    for name in draw(st.sampled_from(["a", "ab", "abc", "abcg"])):
        known = [*given, *graph]
        newest = known[-1] if graph else draw(st.sampled_from(known))
        form = draw(st.sampled_from(ONE + TWO))
        graph[name] = form.format(a=newest, b=draw(st.sampled_from(known)))
    if draw(st.integers(0, 9)):
        graph["f"] = f"sum({[*graph][-1]})"
    part: dict[str, Any] = {"sizes": {"n": 3, "m": 2}, "given": given, "graph": graph}
    asked = draw(st.one_of(st.none(), st.just("all"), st.lists(st.sampled_from(KINDS), min_size=1, max_size=4)))
    if asked is not None:
        part["ask"] = asked if asked == "all" else [_ask(draw, kind, [*given], graph) for kind in asked]
    if draw(st.integers(0, 4)) == 0:
        part["convention"] = "jacobian"
    return part


def _given(draw: st.DrawFn) -> Any:
    shape = draw(SHAPES)
    numbers = draw(st.sampled_from([SMALL, SMALL, NUMBERS]))
    low, high = sorted((draw(numbers), draw(numbers)))
    samplers: list[dict[str, Any]] = [
        {"integers": [-3, 3]},
        {"integers": [int(low), int(high)]},
        {"uniform": [low, high]},
        {"normal": abs(draw(numbers)) or 1},
        {"choice": [draw(numbers), draw(numbers)]},
        {"labels": 3},
        {"onehot": "m"},
        {"mask": 0.5},
    ]
    if draw(st.integers(0, 5)) == 0:
        return draw(numbers)
    entry: dict[str, Any] = {"shape": shape, **draw(st.sampled_from(samplers))}
    for option, values in (
        ("nonzero", [True]),
        ("distinct", [True]),
        ("constant", [True]),
        ("decimals", [0, 2, 6]),
        ("away", [0.1, 1e100]),
        ("domain", ["positive", "probability", "real"]),
    ):
        if draw(st.integers(0, 7)) == 0:
            entry[option] = draw(st.sampled_from(values))
    return entry


def _ask(draw: st.DrawFn, kind: str, given: list[str], graph: dict[str, str]) -> dict[str, Any]:
    line = draw(st.sampled_from([*graph]))
    used = [name for name in [*given, *graph] if name in graph[line]] or given
    inner, name = draw(st.sampled_from(used)), draw(st.sampled_from(given))
    of = {"of": line, "wrt": inner}
    forms: dict[str, Any] = {
        "upstream": line,
        "all": line,
        "path": {"wrt": inner, "through": [line, *[*graph][[*graph].index(line) + 1 :]]},
        "formula": {"wrt": name, "using": ["up", *draw(st.lists(st.sampled_from([*given, *graph]), max_size=2))]},
        "entry": {"of": f"{line}[i]", "wrt": f"{inner}[j]"},
        "derive": {"wrt": name},
        "decompose": draw(st.sampled_from([*graph.values()])),
        "order": draw(st.sampled_from(["forward", "backward"])),
        "count": {
            "operation": draw(st.sampled_from(["multiply", "add", "pass"])),
            "plan": draw(st.sampled_from(["forward", "shared", "separate", "paths", "one-sided", "tangents"])),
        },
        "find-slip": {"slip": "any"},
        "predict": {draw(st.sampled_from(["largest", "zero"])): list(dict.fromkeys([name, line]))},
        "difference": {**of, "h": abs(draw(NUMBERS)) or 0.1},
        "rule": {"forward": draw(st.sampled_from(ONE + TWO)).format(a="p", b="q"), "wrt": "p"},
        "tangent": {"along": {name: draw(NUMBERS)}},
        "update": {"of": name, "rate": abs(draw(NUMBERS)) or 0.1},
        "choose": {"question": "Q", "options": ["yes", draw(NUMBERS)], "right": draw(st.integers(1, 2))},
    }
    return {kind: forms.get(kind, of if kind in ("local", "downstream", "jacobian", "saves") else name)}
