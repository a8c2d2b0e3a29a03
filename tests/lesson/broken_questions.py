"""Lesson files whose graph is sound and whose questions are not."""

from tests.lesson.broken_files import Found

Q = "title: T\ngiven: {x: 1, y: 2}\ngraph: {a: x * y, f: a + x}\nask:\n  - "
CONSTANT = (
    "title: T\ngiven: {x: [1, 2], k: {labels: 2}, t: {value: 2, constant: true}}\ngraph: {f: 'x[k] * t'}\nask:\n  - "
)
V = (
    "title: T\nsizes: {n: 3, m: 2}\ngiven:\n  x: {shape: [m], integers: [1, 3]}\n"
    "  W: {shape: [n, m], integers: [1, 3]}\ngraph: {z: W @ x, s: sum(z)}\nask:\n  - "
)

# What is wrong -> the file, and the line, column and code of every error in it.
QUESTIONS: dict[str, tuple[str, Found]] = {
    "a slot that stands twice": (
        "title: T\ngiven: {x: 1}\ngraph: {f: x * x}\nask:\n  - local: {of: f, wrt: x}\n",
        [(5, 25, "several-slots")],
    ),
    "names in questions that are nowhere": (
        "title: T\ngiven: {x: 1, y: 2}\ngraph: {a: x * y, f: 2 * a}\nask:\n  - total: [x, q]\n"
        "  - local: {of: f, wrt: x}\n"
        "  - upstream: x\n  - path: {wrt: y, through: [f, a]}\n  - formula: {wrt: x, using: [up, z]}\n",
        [
            (5, 16, "unknown-name"),
            (6, 25, "no-such-slot"),
            (7, 15, "unknown-name"),
            (8, 30, "path-broken"),
            (9, 35, "unknown-name"),
        ],
    ),
    "a question about labels": (
        "title: T\ngiven:\n  x: [1, 2, 3]\n  k: {labels: 3}\ngraph: {f: 'x[k]'}\nask:\n  - total: k\n",
        [(7, 12, "labels-have-no-gradient")],
    ),
    "a Jacobian of what does not depend": (
        "title: T\ngiven: {x: 1, y: 2}\ngraph: {a: 2 * x, f: a * y}\nask:\n  - jacobian: {of: a, wrt: y}\n",
        [(5, 28, "does-not-depend")],
    ),
    "a question of two kinds, and one of none": (
        "title: T\ngiven: {x: 1}\ngraph: {f: 2 * x}\nask:\n  - {total: x, shape: x}\n  - {convention: shape}\n  - 3\n",
        [(5, 6, "only-one-of"), (6, 5, "one-of"), (7, 5, "expected")],
    ),
    "a question that is a word": (
        "title: T\ngiven: {x: 1}\ngraph: {f: 2 * x}\nask: [everything]\n",
        [(4, 7, "expected")],
    ),
    "questions that are one word": (
        "title: T\ngiven: {x: 1}\ngraph: {f: 2 * x}\nask: everything\n",
        [(4, 6, "expected")],
    ),
    "questions that are a map": ("title: T\ngiven: {x: 1}\ngraph: {f: 2 * x}\nask: {total: x}\n", [(4, 6, "expected")]),
    "a local that is one name": (Q + "local: a\n", [(5, 12, "expected")]),
    "a local without its line": (Q + "local: {wrt: x}\n", [(5, 12, "missing-field")]),
    "a total of nothing": (Q + "total: []\n", [(5, 12, "too-few")]),
    "a total that is a number": (Q + "total: 3\n", [(5, 12, "expected")]),
    "a shape that is a map": (Q + "shape: {wrt: x}\n", [(5, 12, "expected")]),
    "a local of a slot nearly there": (
        "title: T\ngiven: {alpha: 1, x: 2}\ngraph: {f: alpha * x}\nask:\n  - local: {of: f, wrt: alhpa}\n",
        [(5, 25, "no-such-slot")],
    ),
    "all of no line": (Q + "all: [x]\n", [(5, 11, "unknown-name")]),
    "an order that is none": (Q + "order: sideways\n", [(5, 12, "one-word-of")]),
    "a convention that is none for a question": (Q + "{total: x, convention: row}\n", [(5, 28, "one-word-of")]),
    "a path through one line twice": (Q + "path: {wrt: x, through: [a, a]}\n", [(5, 33, "path-broken")]),
    "a count of what is not counted": (Q + "count: {operation: divide, plan: shared}\n", [(5, 24, "one-word-of")]),
    "a count without a plan": (Q + "count: {operation: multiply}\n", [(5, 12, "missing-field")]),
    "a count where nothing takes a gradient": (
        "title: T\ngiven: {x: {value: 1, constant: true}}\ngraph: {f: 2 * x}\nask:\n"
        "  - count: {operation: multiply, plan: shared}\n",
        [(5, 12, "nothing-to-count")],
    ),
    "a prediction among one": (Q + "predict: {largest: [x]}\n", [(5, 24, "too-few")]),
    "a prediction of a name twice": (Q + "predict: {zero: [x, y, x]}\n", [(5, 28, "listed-twice")]),
    "a prediction of two kinds": (Q + "predict: {zero: [x], largest: [x, y]}\n", [(5, 15, "only-one-of")]),
    "a nudge of nothing": (Q + "difference: {of: f, wrt: x, h: 0}\n", [(5, 36, "more-than")]),
    "a nudge that says nothing": (Q + "difference: {of: a, wrt: x, h: 0.1}\n", [(5, 17, "difference-is-exact")]),
    "a nudge beyond what is defined": (
        "title: T\ngiven: {x: 0.05}\ngraph: {f: log(x)}\nask:\n  - difference: {of: f, wrt: x, h: 0.1}\n",
        [(5, 17, "difference-not-finite")],
    ),
    "a step at no rate": (Q + "update: {of: x, rate: 0}\n", [(5, 27, "more-than")]),
    "a step of a number of the problem": (CONSTANT + "update: {of: t, rate: 0.1}\n", [(5, 18, "constant-moved")]),
    "a direction of a number of the problem": (CONSTANT + "tangent: {along: {t: 1}}\n", [(5, 26, "constant-moved")]),
    "a step of labels": (CONSTANT + "update: {of: k, rate: 0.1}\n", [(5, 18, "labels-have-no-gradient")]),
    "a step of a line": (Q + "update: {of: a, rate: 0.1}\n", [(5, 18, "unknown-name")]),
    "a direction that stands still": (Q + "tangent: {along: {x: 0}}\n", [(5, 14, "direction-zero")]),
    "a direction of another shape": (Q + "tangent: {along: {x: [1, 2]}}\n", [(5, 14, "direction-shape")]),
    "a direction among several outputs": (
        "title: T\ngiven: {x: 1}\ngraph: {f: 2 * x, g: 3 * x}\nupstream: {f: 1, g: 1}\n"
        "ask:\n  - tangent: {along: {x: 1}}\n",
        [(6, 14, "tangent-one-output")],
    ),
    "an option that is not there": (
        Q + "choose: {question: Q, options: [a, b], right: 3}\n",
        [(5, 51, "right-not-an-option")],
    ),
    "one option": (Q + "choose: {question: Q, options: [a], right: 1}\n", [(5, 36, "too-few")]),
    "options with too few reasons": (
        Q + "choose: {question: Q, options: [a, b], right: 1, why: [no]}\n",
        [(5, 59, "why-for-each")],
    ),
    "an option twice": (Q + "choose: {question: Q, options: [a, a], right: 1}\n", [(5, 40, "option-twice")]),
    "an entry that is none": (V + 'entry: {of: "z[i] + 1", wrt: "W[i, j]"}\n', [(8, 18, "not-an-entry")]),
    "an entry of a letter that is a name": (
        V + 'entry: {of: "z[x]", wrt: "W[x, j]"}\n',
        [(8, 17, "letter-taken"), (8, 30, "letter-taken")],
    ),
    "an entry with an index too few": (V + 'entry: {of: "z[i]", wrt: "W[i]"}\n', [(8, 12, "entry-axes")]),
    "an entry whose letter runs two ways": (V + 'entry: {of: "z[i]", wrt: "W[j, i]"}\n', [(8, 12, "entry-two-sizes")]),
    "a formula to take apart without ops": (V + "decompose: W\n", [(8, 16, "nothing-to-decompose")]),
    "a formula to take apart of unknown names": (V + 'decompose: "W @ q"\n', [(8, 16, "unknown-name-known")]),
    "a formula to take apart that stops": (V + 'decompose: "W @"\n', [(8, 20, "unreadable")]),
    "a gate that computes from out": (V + 'rule: {forward: "out * a", wrt: a}\n', [(8, 21, "gate-name-taken")]),
    "a gate of labels": (V + 'rule: {forward: "a[k]", wrt: a}\n', [(8, 11, "gate-labels")]),
    "a gate with a shape too few": (
        V + 'rule: {forward: "a @ b", wrt: a, shapes: {a: [n, m]}}\n',
        [(8, 11, "gate-shape-missing")],
    ),
    "a gate of shapes that are no sizes": (
        V + 'rule: {forward: "a @ b", wrt: a, shapes: {a: [n, m], b: ["m/4"]}}\n',
        [(8, 11, "gate-shapes")],
    ),
    "a gate of shapes that do not fit": (
        V + 'rule: {forward: "a @ b", wrt: a, shapes: {a: [n, m], b: [n]}}\n',
        [(8, 11, "matmul-turn")],
    ),
    "a gate without the name asked": (V + 'rule: {forward: "a * b", wrt: c}\n', [(8, 35, "unknown-name")]),
    "a slip that is none": (V + "find-slip: {slip: wrong}\n", [(8, 23, "unknown-slip")]),
    "two names without brackets": (V + "total: z, W\n", [(8, 12, "unknown-name")]),
    "an entry where a name belongs": (
        V + "difference: {of: s, wrt: 'W[0, 0]', h: 0.1}\n",
        [(8, 30, "unknown-name")],
    ),
    "a slip nearly there": (V + "find-slip: {slip: 'matmul:transpose-mising'}\n", [(8, 23, "unknown-slip")]),
    "a slip of an op that is not there": (
        V + "find-slip: {slip: 'tanh:square-forgotten'}\n",
        [(8, 23, "slip-without-op")],
    ),
    "a slip that cannot be made": (
        "title: T\ngiven: {x: 2, y: 3}\ngraph: {f: x @ y}\nask: [find-slip: {slip: 'matmul:transpose-missing'}]\n",
        [(3, 12, "matmul-of-scalar")],
    ),
    "a slip at a slot that is not there": (
        V + "find-slip: {of: z, wrt: s, slip: 'matmul:order'}\n",
        [(8, 16, "slip-does-not-fit")],
    ),
    "a slip at a line that is not there": (V + "find-slip: {of: q}\n", [(8, 21, "unknown-name")]),
    "a derivation of nothing known": (V + "derive: {wrt: q}\n", [(8, 19, "unknown-name")]),
    "a derivation that begins otherwise": (V + "derive: {wrt: W, first: end}\n", [(8, 29, "one-word-of")]),
}
