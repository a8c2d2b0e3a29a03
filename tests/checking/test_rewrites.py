"""A right formula rewritten by algebra stays right; one that is spoilt is right only where NumPy says it is the same.

Two oracles that know nothing of the checker: the rules of algebra, and NumPy's own values at draws of their own.
"""

from collections.abc import Callable, Iterator
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.checking.lessons import NET, drill, judged, verdict
from tutor.drill.question import Drill
from tutor.engine.function_table import answer_functions, function_table
from tutor.expr import Scope, Tree, evaluate, parse, to_text, walk
from tutor.expr.tree import Binary, Call, Name, Negation, Number, Transposed

Rewrite = Callable[[Tree, frozenset[str]], Tree | None]

ONE, TWO, ZERO = Number("1", 1.0), Number("2", 2.0), Number("0", 0.0)


def tree_of(text: str) -> Tree:
    return parse(text, Scope(None, answer_functions(), frozenset()))


# Each rewrite gives an equal formula, or None where it does not apply; `squashed` are names of tanh's values.


def commuted(tree: Tree, _: frozenset[str]) -> Tree | None:
    return Binary(tree.op, tree.right, tree.left) if isinstance(tree, Binary) and tree.op in "*+" else None


def as_power(tree: Tree, _: frozenset[str]) -> Tree | None:
    if isinstance(tree, Binary) and tree.op == "/":
        return Binary("*", tree.left, Binary("^", tree.right, Negation(ONE)))
    return None


def multiplied_out(tree: Tree, _: frozenset[str]) -> Tree | None:
    if isinstance(tree, Binary) and tree.op in ("*", "@") and isinstance(tree.right, Binary) and tree.right.op in "+-":
        inner = tree.right
        if isinstance(inner.left, Number) and tree.op == "@":
            return None  # A @ 1 has no meaning
        return Binary(inner.op, Binary(tree.op, tree.left, inner.left), Binary(tree.op, tree.left, inner.right))
    return None


def turned_twice(tree: Tree, _: frozenset[str]) -> Tree | None:
    return None if isinstance(tree, Number) else Transposed(Transposed(tree))


def product_turned(tree: Tree, _: frozenset[str]) -> Tree | None:
    if isinstance(tree, Binary) and tree.op == "@" and not isinstance(tree.left, Number):
        return Transposed(Binary("@", Transposed(tree.right), Transposed(tree.left)))
    return None


def minus_minus(tree: Tree, _: frozenset[str]) -> Tree | None:
    return Negation(Negation(tree))


def subtraction_turned(tree: Tree, _: frozenset[str]) -> Tree | None:
    return Negation(Binary("-", tree.right, tree.left)) if isinstance(tree, Binary) and tree.op == "-" else None


def plus_nothing(tree: Tree, _: frozenset[str]) -> Tree | None:
    return Binary("+", tree, ZERO)


def times_one(tree: Tree, _: frozenset[str]) -> Tree | None:
    return Binary("*", ONE, tree)


def halves(tree: Tree, _: frozenset[str]) -> Tree | None:
    half = Binary("/", tree, TWO)
    return Binary("+", half, half)


def square_written_out(tree: Tree, _: frozenset[str]) -> Tree | None:
    if isinstance(tree, Binary) and tree.op == "^" and tree.right == TWO:
        return Binary("*", tree.left, tree.left)
    return None


def by_cosh(tree: Tree, squashed: frozenset[str]) -> Tree | None:
    """1 - h² as 1/cosh(z)², where h is tanh(z)."""
    match tree:
        case Binary("-", Number(value=1.0), Binary("^", Name(name), Number(value=2.0))) if name in squashed:
            return Binary("/", ONE, Binary("^", Call("cosh", (Name("z"),)), TWO))
    return None


def as_factors(tree: Tree, squashed: frozenset[str]) -> Tree | None:
    """1 - h² as (1 - h)(1 + h)."""
    match tree:
        case Binary("-", Number(value=1.0), Binary("^", inner, Number(value=2.0))):
            return Binary("*", Binary("-", ONE, inner), Binary("+", ONE, inner))
    return None


def in_full(tree: Tree, squashed: frozenset[str]) -> Tree | None:
    return Call("tanh", (Name("z"),)) if isinstance(tree, Name) and tree.name in squashed else None


def as_diagonal(tree: Tree, _: frozenset[str]) -> Tree | None:
    """u * (1 - h²) of columns as diag(1 - h²) @ u."""
    match tree:
        case Binary("*", Name() as left, Binary("-", Number(value=1.0), _) as right):
            return Binary("@", Call("diag", (right,)), left)
    return None


REWRITES: tuple[Rewrite, ...] = (
    *(commuted, as_power, multiplied_out, turned_twice, product_turned, minus_minus, subtraction_turned, plus_nothing),
    *(times_one, halves, square_written_out, by_cosh, as_factors, in_full, as_diagonal),
)


def spoilt(tree: Tree) -> Iterator[Tree]:
    """The part with one thing changed."""
    if isinstance(tree, Number):
        yield Number(f"{1.001 * tree.value + 0.001:.6f}", round(1.001 * tree.value + 0.001, 6))
        yield Number("3", 3.0)
        yield Number("0", 0.0)
    if isinstance(tree, Transposed):
        yield tree.operand
    if isinstance(tree, Binary) and tree.op in "+-":
        yield Binary("-" if tree.op == "+" else "+", tree.left, tree.right)
    if isinstance(tree, Binary) and tree.op in "/@":
        yield Binary(tree.op, tree.right, tree.left)
    if isinstance(tree, Name | Call):
        yield Binary("*", tree, Number("1.001", 1.001))
        yield Transposed(tree)
        yield Binary("^", tree, TWO)
        yield Negation(tree)


def changed_at(tree: Tree, place: int, change: Callable[[Tree], Tree | None]) -> Tree | None:
    """The tree with its part number `place` changed; None where the change does not apply there."""
    from tutor.engine.gradient_formulas import replaced

    parts = list(walk(tree))
    wanted = parts[place % len(parts)]
    new = change(wanted) if isinstance(wanted, Number | Name | Negation | Binary | Transposed | Call) else None
    return None if new is None else replaced(tree, lambda part: new if part is wanted else None)


# Formulas for the net s = uᵀ tanh(W x + b), a batch in rows, and softmax with cross-entropy.
SHAPED = drill(NET + "ask: [formula: [{wrt: b}, {wrt: W}, {wrt: x}, {of: h, wrt: z}]]")
IN_ROWS = drill(NET + "convention: jacobian\nask: [formula: [{wrt: b}, {wrt: x}]]")
BATCH = drill(
    "sizes: {N: 4, d: 3, k: 2}\ngiven: {X: {shape: [N, d], normal: 1}, W: {shape: [d, k], normal: 1},"
    " b: {shape: [k], normal: 1}, T: {shape: [N, k], normal: 1}}\n"
    "graph: {z: X @ W + b, h: tanh(z), L: sum(h * T)}\nask: [formula: [{wrt: W}, {wrt: b}, {wrt: X}]]"
)
SOFTMAX = drill(
    "sizes: {k: 4}\ngiven: {z: {shape: [k], normal: 1}, t: {shape: [k], onehot: k}}\n"
    "graph: {p: softmax(z), L: -sum(t * log(p))}\nask: [formula: [{wrt: z}, {of: p, wrt: z}]]"
)
STARTS: list[tuple[Drill, str, str, frozenset[str]]] = [
    (SHAPED, "formula b", "u * (1 - h^2)", frozenset({"h"})),
    (SHAPED, "formula W", "(u * (1 - h^2)) @ x.T", frozenset({"h"})),
    (SHAPED, "formula x", "W.T @ (u * (1 - h^2))", frozenset({"h"})),
    (SHAPED, "formula h z", "1 - h^2", frozenset({"h"})),
    (IN_ROWS, "formula b", "u.T @ diag(1 - h^2)", frozenset({"h"})),
    (IN_ROWS, "formula x", "u.T @ diag(1 - h^2) @ W", frozenset({"h"})),
    (BATCH, "formula W", "X.T @ (T * (1 - h^2))", frozenset()),
    (BATCH, "formula b", "sum(T * (1 - h^2), axis=0)", frozenset()),
    (BATCH, "formula X", "(T * (1 - h^2)) @ W.T", frozenset()),
    (SOFTMAX, "formula z", "p - t", frozenset()),
    (SOFTMAX, "formula p z", "diag(p) - outer(p, p)", frozenset()),
]
starts = st.sampled_from(STARTS)
steps = st.lists(st.tuples(st.integers(0, 60), st.sampled_from(REWRITES)), min_size=1, max_size=6)


def rewritten(start: str, steps: list[tuple[int, Rewrite]], squashed: frozenset[str]) -> Tree:
    tree = tree_of(start)
    for place, rewrite in steps:
        new = changed_at(tree, place, lambda part, rewrite=rewrite: rewrite(part, squashed))  # type: ignore[misc]
        # A factor that is spread over the rows of a batch does not turn with them: keep to what has the same value.
        if new is not None and len(list(walk(new))) <= 120:
            tree = new
    return tree


def same_elsewhere(made: Drill, one: Tree, other: Tree) -> bool:
    """Do two formulas agree at numbers drawn here, and at the sizes of the drill's own fresh draws? NumPy decides."""
    random = Random(20_240_607)
    for run in (made.parts[0].run, *made.parts[0].runs.resampled):
        names = {name: np.asarray(value, dtype=float) for name, value in run.values.items()}
        for name in made.parts[0].graph.inputs:
            if name != "t":
                names[name] = np.array([random.gauss(0, 1) for _ in range(names[name].size)]).reshape(names[name].shape)
        for name, line in made.parts[0].graph.lines.items():
            assert line.tree is not None
            names[name] = evaluate(line.tree, names, function_table())
        names |= {name: np.float64(size) for name, size in made.parts[0].runs.sizes_at(run).items()}
        try:
            left, right = evaluate(one, names, function_table()), evaluate(other, names, function_table())
        except ValueError:
            return False
        if left.shape != right.shape or not np.allclose(left, right, rtol=1e-6, atol=1e-8):
            return False
    return True


@settings(max_examples=75)
@given(starts, steps)
def test_algebra_leaves_a_right_formula_right(
    start: tuple[Drill, str, str, frozenset[str]], steps: list[tuple[int, Rewrite]]
) -> None:
    made, id, right, squashed = start
    tree = rewritten(right, steps, squashed)
    if same_elsewhere(made, tree, tree_of(right)):
        assert judged(made, id, to_text(tree)) == ("right", None)


@settings(max_examples=75)
@given(starts, steps, st.integers(0, 60), st.integers(0, 3))
def test_a_spoilt_formula_is_right_only_where_it_is_the_same(
    start: tuple[Drill, str, str, frozenset[str]], steps: list[tuple[int, Rewrite]], place: int, which: int
) -> None:
    made, id, right, squashed = start
    tree = rewritten(right, steps[:2], squashed)
    parts = list(walk(tree))
    ways = list(spoilt(parts[place % len(parts)]))
    if not ways:
        return
    wrong = changed_at(tree, place, lambda part: ways[which % len(ways)])
    assert wrong is not None
    found = verdict(made, id, to_text(wrong))
    if not same_elsewhere(made, wrong, tree_of(right)) and not diagonal(made, id, wrong, right):
        assert found.kind != "right", to_text(wrong)
    else:
        assert found.kind == "right", to_text(wrong)


def diagonal(made: Drill, id: str, tree: Tree, right: str) -> bool:
    """Is it the diagonal matrix of an elementwise local gradient, which is right too?"""
    return id == "formula h z" and same_elsewhere(made, tree, Call("diag", (tree_of(right),)))


@pytest.mark.parametrize("rewrite", REWRITES, ids=lambda rewrite: rewrite.__name__)
def test_each_rewrite_applies_somewhere_and_leaves_the_value(rewrite: Rewrite) -> None:
    applied = 0
    written = [
        (made, id, tree_of(text), squashed)
        for made, id, right, squashed in STARTS[::3]
        for text in (right, right.replace("1 - h^2", "(1 - h^2) / 1"))
    ]
    for made, id, tree, squashed in written:
        for place in range(len(list(walk(tree)))):
            new = changed_at(tree, place, lambda part: rewrite(part, squashed))  # noqa: B023
            if new is not None and same_elsewhere(made, new, tree):
                applied += 1
                assert judged(made, id, to_text(new))[0] == "right", to_text(new)
    assert applied
