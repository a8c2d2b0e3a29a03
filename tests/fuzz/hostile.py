"""Lessons made to hurt, by kind: each is valid YAML of the format, and asks for more than anybody could do."""

from collections.abc import Iterable, Mapping, Sequence


def lesson(
    given: Mapping[str, str], graph: Mapping[str, str], ask: Sequence[str] | str | None = None, more: Iterable[str] = ()
) -> str:
    """The text of a lesson of one graph."""
    lines = ["title: T", *more, "given:"]
    lines += [f"  {name}: {entry}" for name, entry in given.items()]
    lines += ["graph:", *(f"  {name}: {formula}" for name, formula in graph.items())]
    if isinstance(ask, str):
        lines.append(f"ask: {ask}")
    elif ask:
        lines += ["ask:", *(f"  - {each}" for each in ask)]
    return "\n".join(lines) + "\n"


def array(*shape: int) -> str:
    """An input of this shape, drawn."""
    return f"{{shape: {list(shape)}, uniform: [-1, 1], decimals: 1}}"


def diamonds(count: int, ask: Sequence[str] | str | None = None, *, more: Iterable[str] = ()) -> str:
    """Forks and joins in a row: the paths double at each."""
    graph = {}
    before = "x"
    for k in range(count):
        graph |= {f"a{k}": f"{before} * 0.5", f"b{k}": f"{before} * 0.25", f"c{k}": f"a{k} + b{k}"}
        before = f"c{k}"
    return lesson({"x": "2"}, graph, ask, more)


def chain(count: int, formula: str, ask: Sequence[str] | str | None = None, given: str = "0.5") -> str:
    """Lines in a row, each `formula` of the one before."""
    graph = {f"h{k}": formula.replace("@", f"h{k - 1}" if k else "x") for k in range(count)}
    return lesson({"x": given}, graph, ask)


def sums(names: Sequence[str]) -> str:
    """A sum of many terms, in brackets by halves so that it is not deep."""
    if len(names) == 1:
        return names[0]
    half = len(names) // 2
    return f"({sums(names[:half])} + {sums(names[half:])})"


def batch_norm(size: int, ask: Sequence[str] | str | None = None) -> str:
    """Batch norm in single lines over so many rows."""
    graph = {
        "mu": "mean(x, axis=0)",
        "c": "x - mu",
        "sq": "c * c",
        "va": "mean(sq, axis=0)",
        "ve": "va + 0.1",
        "sd": "sqrt(ve)",
        "iv": "1 / sd",
        "xh": "c * iv",
        "gx": "g * xh",
        "y": "gx + b",
        "L": "sum(y * y * y)",
    }
    return lesson({"x": array(size, 2), "g": array(2), "b": array(2)}, graph, ask)


def parts(count: int) -> str:
    """Many small graphs."""
    part = "  - given: {x: {shape: [2], integers: [-3, 3]}, y: {shape: [2], integers: [-3, 3]}}\n"
    part += "    graph: {a: x * y, b: tanh(a), f: sum(a * b)}\n"
    return "title: T\nparts:\n" + part * count


def wide(count: int, ask: Sequence[str] | str | None = None) -> str:
    """Many inputs, each in a line of its own, all added."""
    names = [f"x{k}" for k in range(count)]
    graph = {f"s{k}": f"s{k - 1} * x{k}" if k else "x0 * 1" for k in range(count)}
    return lesson(dict.fromkeys(names, "{integers: [1, 1]}"), graph, ask)


def wide_product(count: int) -> str:
    """Many inputs multiplied in one line."""
    names = [f"x{k}" for k in range(count)]
    return lesson(dict.fromkeys(names, "{integers: [1, 9]}"), {"f": " * ".join(names)})


ONE = {"x": "2", "y": "3"}
SUM = {"f": "sum(x)"}
BIG = {"a": array(100, 100)}
DIGITS = "9" * 5_000

KINDS: dict[str, str] = {
    "diamonds-60": diamonds(60),
    "diamonds-60-paths": diamonds(
        60, ["path: {wrt: x, through: [a0, c0]}", "count: {operation: multiply, plan: paths}"]
    ),
    "diamonds-60-derive": diamonds(60, ["derive: {wrt: x}"]),
    "diamonds-60-formula": diamonds(60, ["formula: x"]),
    "diamonds-60-slip": diamonds(60, ["find-slip: {slip: any}"]),
    "diamonds-60-total": diamonds(60, ["total: x"]),
    "diamonds-600": diamonds(600),
    "diamonds-600-total": diamonds(600, ["total: x"]),
    "questions-1000": lesson(ONE, {"f": "x * y", "g": "f * f"}, ["total: x"] * 1_000),
    "questions-1000-formula": lesson(
        {"x": array(3), "y": array(3)}, {"f": "tanh(x * y)", "g": "sum(f * f)"}, ["formula: x"] * 1_000
    ),
    "questions-1000-derive": lesson(ONE, {"f": "tanh(x * y)", "g": "f * f"}, ["derive: {wrt: x}"] * 1_000),
    "questions-1000-slip": lesson(ONE, {"f": "tanh(x * y)", "g": "f * f"}, ["find-slip: {slip: any}"] * 1_000),
    "questions-1000-choose": lesson(ONE, {"f": "x * y"}, ["choose: {question: Q, options: [a, b], right: 1}"] * 1_000),
    "terms-190": lesson(ONE, {"f": " + ".join(["x * y"] * 190)}),
    "terms-590": lesson(ONE, {"f": sums(["x"] * 299)}),
    "terms-290-all": lesson(ONE, {"f": sums(["x*y"] * 145)}, "all"),
    "terms-1000-lines": lesson(
        ONE,
        {
            **{f"t{k}": "x * y" for k in range(500)},
            "f": sums([f"t{k}" for k in range(290)]),
            "g": "f + " + sums([f"t{k}" for k in range(290, 500)]),
        },
    ),
    "batch-norm-100": batch_norm(100),
    "batch-norm-100-all": batch_norm(100, "all"),
    "batch-norm-100-formula": batch_norm(100, ["formula: x"]),
    "batch-norm-100-derive": batch_norm(100, ["derive: {wrt: x}"]),
    "batch-norm-1000": batch_norm(1_000),
    "derive-broadcast": lesson(
        {name: array(*(18 if k == axis else 1 for k in range(4))) for axis, name in enumerate("abcd")},
        {"h": "a * b * c * d", "f": "sum(h)"},
        ["derive: {wrt: a}"],
    ),
    "product-100": wide_product(100),
    "relu-80x50": chain(80, "relu(@ - 0.1)", None, array(50)).replace(
        "graph:", f"upstream: {{h79: {array(50)}}}\ngraph:"
    ),
    "subnormal": lesson({"x": "{choice: [0, 5e-324], nonzero: true}"}, {"a": "tanh(x)", "f": "a * 1"}),
    "parts-500": parts(500),
    "parts-50": parts(50),
    "shapes-1000": lesson({"a": array(1000, 1000), "b": array(1000, 1000)}, {"c": "a @ b", "f": "sum(c)"}),
    "shapes-1000-chain": lesson(
        {"a": array(1000, 1000)},
        {**{f"c{k}": f"{'c' + str(k - 1) if k else 'a'} * 2" for k in range(50)}, "f": "sum(c49)"},
        ["total: c3"],
    ),
    "shapes-300-jacobian": lesson(
        {"a": array(300, 300)}, {"b": "tanh(a)", "f": "sum(b)"}, ["jacobian: {of: b, wrt: a}"]
    ),
    "softmax-1000": lesson({"a": array(1000)}, {"b": "softmax(a)", "f": "sum(b * b)"}),
    "softmax-1000-jacobian": lesson(
        {"a": array(1000)}, {"b": "softmax(a)", "f": "sum(b * b)"}, ["jacobian: {of: b, wrt: a}"]
    ),
    "axes-36": lesson({"x": array(*[1] * 36)}, SUM),
    "axes-36-up": lesson({"x": array(*[1] * 36)}, {"f": "x * 2"}),
    "axes-30-outer": lesson({"x": array(*[1] * 30)}, {"y": "stack(x, x)", "f": "sum(y)"}),
    "axes-40-outer": lesson({"x": array(*[1] * 20)}, {"y": "outer(x, x)", "z": "kron(x, x)", "f": "sum(y) + sum(z)"}),
    "uniform-1e308": lesson({"x": "{shape: [3], uniform: [-1e308, 1e308]}"}, SUM),
    "uniform-1e308-scalar": lesson({"x": "{uniform: [-1e308, 1e308]}"}, {"f": "x * 2"}),
    "uniform-1e308-one-side": lesson({"x": "{uniform: [1e307, 1e308]}"}, {"f": "tanh(x)"}),
    "normal-1e308": lesson({"x": "{shape: [3], normal: 1e308}"}, SUM),
    "normal-1e-320": lesson({"x": "{shape: [3], normal: 1e-320}"}, SUM),
    "choice-1e308": lesson({"x": "{shape: [3], choice: [1e308, -1e308]}"}, SUM),
    "integers-1e30": lesson({"x": f"{{shape: [3], integers: [-{10**30}, {10**30}]}}"}, SUM),
    "integers-1e400": lesson({"x": f"{{shape: [3], integers: [-{10**400}, {10**400}]}}"}, SUM),
    "integers-digits": lesson({"x": f"{{integers: [-{DIGITS}, {DIGITS}]}}"}, {"f": "x * 2"}),
    "value-1e308": lesson({"x": "1e308", "y": "1e308"}, {"f": "x * y"}),
    "value-1e200": lesson({"x": "1e200"}, {"f": "x * 1e100", "g": "f * 1e-100"}),
    "value-digits": lesson({"x": DIGITS}, {"f": "x * 2"}),
    "value-1e-320": lesson({"x": "1e-320", "y": "1e-320"}, {"f": "x / y", "g": "f * f"}),
    "given-list-1e308": lesson({"x": "[1e308, 1e308]"}, {"f": "sum(x)"}),
    "away-1e308": lesson({"x": "{integers: [-3, 3], away: 1e308}"}, {"f": "relu(x)"}),
    "update-1e308": lesson(ONE, {"f": "x * y"}, ["update: {of: x, rate: 1e308}"]),
    "update-1e308-large": lesson({"x": "200", "y": "300"}, {"f": "x * y"}, ["update: {of: x, rate: 1e308}"]),
    "update-5e-324": lesson(ONE, {"f": "x * y"}, ["update: {of: x, rate: 5e-324}"]),
    "update-1e-400": lesson(ONE, {"f": "x * y"}, ["update: {of: x, rate: 1e-400}"]),
    "update-1e-300": lesson(ONE, {"f": "x * y"}, ["update: {of: x, rate: 1e-300}"]),
    "update-digits": lesson(ONE, {"f": "x * y"}, [f"update: {{of: x, rate: {DIGITS}}}"]),
    "difference-1e308": lesson(ONE, {"f": "x * x * y"}, ["difference: {of: f, wrt: x, h: 1e308}"]),
    "difference-5e-324": lesson(ONE, {"f": "x * x * y"}, ["difference: {of: f, wrt: x, h: 5e-324}"]),
    "difference-1e160": lesson(ONE, {"f": "x * x * y"}, ["difference: {of: f, wrt: x, h: 1e160}"]),
    "difference-1000": lesson(
        {"x": array(1000)}, {"y": "x * x * x", "f": "sum(y)"}, ["difference: {of: y, wrt: x, h: 0.5}"]
    ),
    "difference-300x300": lesson(
        {"x": array(300, 300)}, {"y": "x * x * x", "f": "sum(y)"}, ["difference: {of: y, wrt: x, h: 0.5}"]
    ),
    "tangent-1e308": lesson(ONE, {"f": "x * y"}, ["tangent: {along: {x: 1e308}}"]),
    "tangent-digits": lesson(ONE, {"f": "x * y"}, [f"tangent: {{along: {{x: {DIGITS}}}}}"]),
    "million": lesson({"x": array(1000, 1000)}, SUM),
    "million-tanh": lesson({"x": array(1000, 1000)}, {"y": "tanh(x)", "f": "sum(y * y)"}),
    "million-distinct": lesson(
        {"x": "{shape: [1000, 1000], uniform: [-1000, 1000], decimals: 6, distinct: true}"}, SUM
    ),
    "rule-1000": lesson(
        ONE, {"f": "x * y"}, ['rule: {forward: "a @ b", wrt: a, shapes: {a: [1000, 1000], b: [1000, 1000]}}']
    ),
    "rule-1000-tanh": lesson(
        ONE, {"f": "x * y"}, ['rule: {forward: "tanh(a) * b", wrt: a, shapes: {a: [1000, 1000], b: [1000, 1000]}}']
    ),
    "rule-kron-100": lesson(
        ONE, {"f": "x * y"}, ['rule: {forward: "kron(a, b)", wrt: a, shapes: {a: [100, 100], b: [100, 100]}}']
    ),
    "rule-kron-n": lesson(
        ONE,
        {"f": "x * y"},
        ['rule: {forward: "kron(kron(a, b), kron(a, b))", wrt: a, shapes: {a: [n, n], b: [n, n]}}'],
        ["sizes: {n: 90}"],
    ),
    "rule-einsum": lesson(
        ONE,
        {"f": "x * y"},
        ["rule: {forward: \"einsum('i,j,k,l,m,n->', a, a, a, a, a, a)\", wrt: a, shapes: {a: [100]}}"],
    ),
    "rule-many-terms": lesson(ONE, {"f": "x * y"}, [f'rule: {{forward: "{sums(["a*b"] * 145)}", wrt: a}}']),
    "einsum-6": lesson({"a": array(100)}, {"f": "einsum('i,j,k,l,m,n->', a, a, a, a, a, a)"}),
    "einsum-3": lesson({"a": array(100)}, {"f": "einsum('i,j,k->', a, a, a)"}),
    "einsum-4": lesson({"a": array(100)}, {"f": "einsum('i,j,k,l->', a, a, a, a)"}),
    "derive-doubling-60": chain(60, "(@ + @) * 0.5", ["derive: {wrt: x}"]),
    "derive-doubling-12": chain(12, "(@ + @) * 0.5", ["derive: {wrt: x}"]),
    "doubling-60": chain(60, "(@ + @) * 0.5"),
    "formula-doubling-60": chain(60, "(@ + @) * 0.5", ["formula: x"]),
    "entry-doubling-60": chain(60, "(@ + @) * 0.5", ['entry: {of: "h59[i]", wrt: "x[j]"}'], array(4)).replace(
        "graph:", "upstream: {h59: [1, 1, 1, 1]}\ngraph:"
    ),
    "derive-tanh-200": chain(200, "tanh(@ * @)", ["derive: {wrt: x}"]),
    "derive-terms": lesson(ONE, {"f": sums(["x*y"] * 145)}, ["derive: {wrt: x}"]),
    "formula-terms": lesson(ONE, {"f": sums(["x*y"] * 145)}, ["formula: x"]),
    "decompose-terms": lesson(ONE, {"f": "x * y"}, [f'decompose: "{sums(["x*y"] * 145)}"']),
    "chain-1000": chain(1_000, "@ * 0.99"),
    "chain-2000-all": chain(2_000, "@ * 0.99", "all"),
    "chain-1000-total": chain(1_000, "@ * 0.99", ["total: x"]),
    "chain-1000-formula": chain(1_000, "tanh(@)", ["formula: x"]),
    "chain-1000-slip": chain(1_000, "tanh(@)", ["find-slip: {slip: any}"]),
    "chain-1000-order": chain(1_000, "tanh(@)", ["order: backward"]),
    "chain-wide": chain(300, "tanh(@)", None, array(30, 30)).replace(
        "graph:", f"upstream: {{h299: {array(30, 30)}}}\ngraph:"
    ),
    "all-100x100": lesson({"a": array(100, 100), "b": array(100, 100)}, {"c": "a @ b", "f": "sum(c)"}, "all"),
    "all-100x100-tanh": lesson(
        {"a": array(100, 100), "b": array(100, 100)}, {"c": "a @ b", "d": "tanh(c)", "f": "sum(d)"}, "all"
    ),
    "all-70x70": lesson({"a": array(70, 70), "b": array(70, 70)}, {"c": "a @ b", "d": "tanh(c)", "f": "sum(d)"}, "all"),
    "local-100x100": lesson(
        {"a": array(100, 100), "b": array(100, 100)}, {"c": "a @ b", "f": "sum(c)"}, ["local: {of: c, wrt: a}"]
    ),
    "wide-300": wide(300),
    "wide-300-one-vector": wide(300, [f"total: {{wrt: [{', '.join(f'x{k}' for k in range(300))}]}}"]),
    "wide-300-predict": wide(300, [f"predict: {{largest: [{', '.join(f'x{k}' for k in range(300))}]}}"]),
    "kron-lines": lesson({"a": array(30, 30)}, {"k": "kron(a, a)", "f": "sum(k * k)"}),
    "outer-lines": lesson({"a": array(1000)}, {"k": "outer(a, a)", "f": "sum(k * k)"}),
    "conv-large": lesson({"a": array(8, 8, 64, 64), "w": array(16, 8, 9, 9)}, {"k": "conv2d(a, w)", "f": "sum(k * k)"}),
    "eye-1000": lesson({"a": array(1000)}, {"k": "eye(1000) @ a", "f": "sum(k)"}),
    "ones-huge": lesson({"x": "2"}, {"k": "ones(30000, 30000) * x", "f": "sum(k)"}),
    "pad-huge": lesson({"x": array(3)}, {"k": "pad(x, 100000000)", "f": "sum(k)"}),
    "concat-doubling": lesson(
        {"x": array(4)},
        {
            **{
                f"c{k}": f"concat({'c' + str(k - 1) if k else 'x'}, {'c' + str(k - 1) if k else 'x'})"
                for k in range(40)
            },
            "f": "sum(c39)",
        },
    ),
    "concat-doubling-17": lesson(
        {"x": array(4)},
        {
            **{
                f"c{k}": f"concat({'c' + str(k - 1) if k else 'x'}, {'c' + str(k - 1) if k else 'x'})"
                for k in range(17)
            },
            "f": "sum(c16)",
        },
    ),
    "inner-huge": lesson({"a": array(1000)}, {"f": "sum(kron(outer(a, a), outer(a, a)))"}),
    "options-digits": lesson(ONE, {"f": "x * y"}, [f"choose: {{question: Q, options: [{DIGITS}, 1], right: 1}}"]),
    "right-digits": lesson(ONE, {"f": "x * y"}, [f"choose: {{question: Q, options: [a, b], right: {DIGITS}}}"]),
    "options-5000": lesson(
        ONE,
        {"f": "x * y"},
        [f"choose: {{question: Q, options: [{', '.join(f'o{k}' for k in range(5000))}], right: 1}}"],
    ),
    "size-digits": lesson({"x": array(3)}, SUM, more=[f"sizes: {{n: {DIGITS}}}"]),
    "decimals-digits": lesson({"x": f"{{uniform: [0, 1], decimals: {DIGITS}}}"}, {"f": "x * 2"}),
    "labels-digits": lesson({"x": array(3, 4), "y": f"{{shape: [3], labels: {DIGITS}}}"}, {"f": "cross_entropy(x, y)"}),
    "index-digits": lesson({"x": array(3)}, {"f": f"x[{DIGITS}]"}),
    "hints-5000": lesson(ONE, {"f": "x * y"}, more=["hints:", *(f"  total x{k}: look" for k in range(5_000))]),
    "about-huge": lesson(ONE, {"f": "x * y"}, more=["about: " + "word " * 400_000]),
    "plots": chain(300, "tanh(@)", ["total: x"], array(20, 20)).replace(
        "graph:",
        f"upstream: {{h299: {array(20, 20)}}}\nplots: [gradient-check, gradient-norms, counts, timing]\ngraph:",
    ),
    "tuple-huge": lesson({"x": "[" + ", ".join(["1"] * 200_000) + "]"}, SUM),
    "nested-huge": lesson({"x": "[" * 300 + "1" + "]" * 300}, SUM),
    "nested-40": lesson({"x": "[" * 40 + "1" + "]" * 40}, SUM),
    "power": lesson(ONE, {"f": "((((x^900)^900)^900)^900)"}),
    "exp-overflow": lesson({"x": "800"}, {"f": "exp(x)"}),
    "saves-100": lesson({"a": array(100, 100)}, {"b": "softmax(a)", "f": "sum(b)"}, ["saves: {of: b, wrt: a}"]),
    "matmul-chain": lesson(
        {"a": array(100, 100)},
        {**{f"c{k}": f"{'c' + str(k - 1) if k else 'a'} @ a * 0.01" for k in range(100)}, "f": "sum(c99)"},
        ["total: a"],
    ),
    "matmul-500-chain": lesson(
        {"a": array(500, 500)},
        {**{f"c{k}": f"{'c' + str(k - 1) if k else 'a'} @ a * 0.01" for k in range(200)}, "f": "sum(c199)"},
        ["total: a"],
    ),
}
