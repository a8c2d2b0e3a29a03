"""A lesson that asks every kind of question of the lesson format, in both conventions."""

from tests.checking.lessons import drill
from tutor.drill.question import Drill

CONVENTIONS = ("shape", "jacobian")
# The kinds of the lesson format's table; `all` is short for three of them.
KINDS = {
    *("shape", "upstream", "local", "path", "downstream", "total", "jacobian", "formula", "entry", "derive"),
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
}

# Part 1 is a circuit of numbers with a fork; part 2 a layer; part 3 a batch in rows; part 4 has two outputs.
_LESSON = """
convention: CONVENTION
parts:
  - given: {x: {shape: [], integers: [1, 4]}, y: {shape: [], integers: [5, 9]}, z: {shape: [], integers: [-3, 3]}}
    graph: {a: x + y, b: "max(y, z)", f: a * b}
    ask:
      - predict: [{largest: [x, y, z]}, {zero: [x, y, z]}]
      - order: backward
      - order: forward
      - choose:
          question: {en: What does max do with a gradient?, zh: max 怎样处理梯度？}
          options: [{en: copies it, zh: 复制}, {en: routes it, zh: 选一路}]
          right: 2
      - count: [{operation: multiply, plan: forward}, {operation: multiply, plan: shared}]
      - count: [{operation: add, plan: paths}, {operation: multiply, plan: separate}]
      - count: [{operation: pass, plan: one-sided}, {operation: pass, plan: two-sided}]
      - count: {operation: multiply, plan: tangents}
      - local: [{of: f, wrt: a}, {of: b, wrt: y}]
      - upstream: a
      - downstream: [{of: f, wrt: b}, {of: a, wrt: y}]
      - path: [{wrt: y, through: [a, f]}, {wrt: y, through: [b, f]}]
      - total: [y, z]
      - total: {wrt: [x, y, z]}
      - difference: {of: f, wrt: y, h: 0.1, sided: one}
      - saves: [{of: f, wrt: a}, {of: b, wrt: y}, {of: a, wrt: x}]
      - tangent: {along: {x: 1, y: 2}}
      - update: {of: y, rate: 0.5}
      - formula: [{wrt: x}, {of: f, wrt: a}]
      - all: [f, a]
  - sizes: {n: 3, m: 2}
    given:
      x: {shape: [m, 1], uniform: [-1, 1], decimals: 1, nonzero: true, distinct: true}
      W: {shape: [n, m], uniform: [-1, 1], decimals: 1, nonzero: true}
      b: {shape: [n, 1], uniform: [-0.5, 0.5], decimals: 1}
      u: {shape: [n, 1], integers: [-3, 3], nonzero: true, distinct: true}
    graph: {z: W @ x + b, h: tanh(z), s: u.T @ h}
    ask:
      - shape: [W, b, x]
      - local: [{of: h, wrt: z}, {of: s, wrt: h}]
      - downstream: [{of: s, wrt: h}, {of: h, wrt: z}]
      - upstream: z
      - total: [x, W]
      - path: {wrt: W, through: [z, h, s]}
      - jacobian: [{of: h, wrt: z}, {of: z, wrt: x}, {of: h, wrt: W}]
      - formula: [{wrt: W, using: [up, x]}, {wrt: b}, {of: h, wrt: z}, {of: s, wrt: h}]
      - entry: [{of: "z[i]", wrt: "W[i, j]"}, {of: "z[i]", wrt: "W[k, j]"}, {of: "h[i]", wrt: "z[k]"}]
      - derive: {wrt: b, using: [u, h]}
      - derive: {wrt: x, using: [u, h, W], first: any}
      - decompose: ["u.T @ h", "u.T @ tanh(W @ x + b)"]
      - rule: [{forward: "a @ b", wrt: a, shapes: {a: [n, m], b: [m, k]}}, {forward: "max(a, b)", wrt: b}]
      - rule: [{forward: "a * b", wrt: forward}, {forward: "a + b", wrt: a, shapes: {a: [n, 1], b: [n, m]}}]
      - find-slip: {of: h, wrt: z, slip: "tanh:square-forgotten"}
      - find-slip: {slip: any}
      - difference: {of: h, wrt: z, h: 0.5, sided: two}
      - saves: [{of: h, wrt: z}, {of: z, wrt: W}]
      - tangent: {along: {x: [[1], [-1]]}}
      - update: {of: W, rate: 0.1}
      - predict: {largest: [W, b]}
  - sizes: {N: 4, d: 3, k: 2}
    given:
      X: {shape: [N, d], uniform: [-1, 1], decimals: 1, nonzero: true}
      W: {shape: [d, k], uniform: [-1, 1], decimals: 1, nonzero: true}
      b: {shape: [k], uniform: [-0.5, 0.5], decimals: 1}
      y: {shape: [N], labels: k}
    graph: {Z: X @ W + b, L: "cross_entropy(Z, y)"}
    ask:
      - shape: [X, W, b]
      - upstream: Z
      - downstream: {of: L, wrt: Z}
      - total: [W, b]
      - formula: [{wrt: W}, {wrt: b}]
      - jacobian: {of: Z, wrt: W}
      - update: {of: b, rate: 0.1}
  - sizes: {n: 2}
    given:
      c: {shape: [n], uniform: [-1, 1], decimals: 1, nonzero: true}
      o: {shape: [n], uniform: [0.1, 0.9], decimals: 1}
    graph: {g: tanh(c), h: o * g}
    upstream: {h: {shape: [n], uniform: [-1, 1], decimals: 1}, g: {shape: [n], uniform: [-1, 1], decimals: 1}}
    ask:
      - upstream: g
      - total: [c, o]
      - formula: [{wrt: o}, {wrt: c}]
"""


def every_kind(convention: str, seed: int = 0) -> Drill:
    """The lesson's drill in one convention."""
    return drill(_LESSON.replace("CONVENTION", convention), seed)


def lesson_text(convention: str) -> str:
    """The lesson as a file."""
    return "title: Every kind\n" + _LESSON.replace("CONVENTION", convention)
