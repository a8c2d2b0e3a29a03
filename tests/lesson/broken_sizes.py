"""Lesson files that ask for more than a drill can do, each at the place where it becomes too much."""

from tests.lesson.broken_files import Found

_SCALAR = "title: T\ngiven: {x: 2, y: 3}\ngraph: {f: x * y}\nask:\n  - "
_EINSUM = "einsum('i,j,k,l,m,n->', a, a, a, a, a, a)"


def _given(entry: str, graph: str, rest: str = "") -> str:
    return f"title: T\ngiven:\n  a: {entry}\ngraph:\n{graph}{rest}"


# What is too much -> the file, and the line, column and code of every error in it.
SIZES: dict[str, tuple[str, Found]] = {
    "more numbers than a drill draws": (
        _given("{shape: [400, 400], uniform: [0, 1]}", "  f: sum(a)\n"),
        [(3, 3, "too-many-numbers")],
    ),
    "numbers that arrive at an output": (
        "title: T\ngiven: {x: 2, y: {shape: [1000, 1], uniform: [0, 1]}, z: {shape: [1000], uniform: [0, 1]}}\n"
        "graph: {f: x * y * z}\nupstream:\n  f: {shape: [1000, 1000], uniform: [0, 1]}\nask: [shape: x]\n",
        [(5, 3, "too-many-numbers")],
    ),
    "more axes than people read": (
        _given(f"{{shape: {[1] * 36}, uniform: [0, 1]}}", "  f: sum(a)\n"),
        [(3, 14, "too-many-axes")],
    ),
    "axes that a line makes": (
        _given("{shape: [1], uniform: [0, 1]}", f"  b: 'reshape(a, {[1] * 36})'\n  f: sum(b)\n"),
        [(5, 6, "too-many-axes")],
    ),
    "six sums at once": (
        _given("{shape: [100], uniform: [0, 1]}", f'  f: "{_EINSUM}"\n', "ask: [shape: a]\n"),
        [(5, 6, "line-too-much-work")],
    ),
    "a product of large matrices again and again": (
        _given(
            "{shape: [300, 300], uniform: [0, 1]}",
            "  b: a @ a\n  c: b @ b\n  d: c @ c\n  f: sum(d)\n",
            "ask: [shape: a]\n",
        ),
        [(7, 6, "line-too-much-work")],
    ),
    "a local gradient that is a Jacobian of millions": (
        _given(
            "{shape: [100, 100], uniform: [0, 1]}",
            "  b: a @ a\n  f: sum(b)\n",
            "ask:\n  - local: {of: b, wrt: 'a#0'}\n",
        ),
        [(8, 12, "jacobian-too-large")],
    ),
    "a derivation with a Jacobian of millions": (
        _given(
            "{shape: [100, 100], uniform: [0, 1]}",
            "  b: tanh(a)\n  f: sum(b)\n",
            "ask:\n  - derive: {wrt: a}\n",
        ),
        [(8, 13, "jacobian-too-large")],
    ),
    "everything about large matrices": (
        _given("{shape: [100, 100], uniform: [0, 1]}", "  b: tanh(a)\n  f: sum(b)\n", "ask: all\n"),
        [(7, 6, "answer-too-long")],
    ),
    "thousands of numbers to type, unasked": (
        _given("{shape: [100, 100], uniform: [0, 1]}", "  f: sum(a)\n"),
        [(4, 1, "answer-too-long")],
    ),
    "a rule that is tried on large matrices": (
        _SCALAR + 'rule: {forward: "kron(a, b)", wrt: a, shapes: {a: [100, 100], b: [100, 100]}}\n',
        [(5, 11, "gate-too-large")],
    ),
    "questions that take long, one after the other": (
        _given(
            "{shape: [40, 40], uniform: [0, 1]}",
            "  b: a @ a @ a @ a @ a\n  f: sum(b)\n",
            "ask:\n" + "  - formula: a\n" * 400,
        ),
        [(231, 14, "questions-too-much-work")],
    ),
    "more parts than a lesson has": (
        "title: T\nparts:\n" + "  - {given: {x: 1}, graph: {f: 2 * x}}\n" * 31,
        [(2, 1, "too-many-parts")],
    ),
    "a range that overflows": (
        _given("{uniform: [-1e308, 1e308]}", "  f: 2 * a\n"),
        [(3, 17, "number-too-large"), (3, 25, "number-too-large")],
    ),
    "numbers of hundreds of digits": (
        _given(f"{{integers: [0, 1{'0' * 200}]}}", "  f: 2 * a\n"),
        [(3, 21, "number-too-large")],
    ),
    "a list with a number that overflows": (_given("[1, 1e200]", "  f: sum(a)\n"), [(3, 10, "number-too-large")]),
    "a rate that overflows": (_SCALAR + "update: {of: x, rate: 1e308}\n", [(5, 27, "at-most")]),
    "a nudge that overflows": (_SCALAR + "difference: {of: f, wrt: x, h: 1e308}\n", [(5, 36, "at-most")]),
    "a direction that overflows": (_SCALAR + "tangent: {along: {x: 1e200}}\n", [(5, 26, "number-too-large")]),
    "a direction with a number in it that overflows": (
        _given("[1, 2]", "  f: sum(a)\n", "ask:\n  - tangent: {along: {a: [0, 1e200]}}\n"),
        [(7, 14, "number-too-large")],
    ),
}
