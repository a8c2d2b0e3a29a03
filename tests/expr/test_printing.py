"""Trees printed as text, as Unicode and as LaTeX; what is printed reads back as the same tree."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutor.engine.function_table import latex_functions
from tutor.expr import Scope, Tree, children, parse, parse_answer, to_latex, to_text, to_unicode, walk
from tutor.expr.tree import (
    OPERATORS,
    ArrayLiteral,
    Binary,
    Boolean,
    Call,
    EllipsisIndex,
    Gradient,
    Keyword,
    Name,
    Negation,
    Number,
    Slice,
    Subscript,
    Text,
    Transposed,
)

FUNCTIONS = ("max", "tanh", "σ")
SCOPE = Scope(None, frozenset(FUNCTIONS), frozenset({"h", "z", "δ"}))

numbers = st.one_of(
    st.sampled_from(["0", "1", "02", "0.50", ".5", "3.", "1e-3", "2.5E+2", "½"]),
    st.integers(0, 999).map(str),
).map(lambda digits: parse(digits, SCOPE))
names = st.sampled_from(["x", "W_hh", "δ", "w₀", "d", "ŷ", "e", "dot", "true"]).map(Name)
gradients = st.builds(Gradient, st.sampled_from([None, "h", "z"]), st.sampled_from(["h", "z", "δ"]))
words = st.sampled_from(["mean", "ij,jk->ik", "it's", 'say "x"', ""]).map(Text)
literals = st.one_of(
    numbers, numbers.map(Negation), words, st.booleans().map(Boolean), st.builds(ArrayLiteral, st.tuples(numbers))
)
keywords = st.lists(
    st.builds(Keyword, st.sampled_from(["axis", "keepdims", "dz"]), literals),
    max_size=2,
    unique_by=lambda one: one.name,
).map(tuple)


def larger(trees: st.SearchStrategy[Tree]) -> st.SearchStrategy[Tree]:
    arithmetic = st.sampled_from([op for op in OPERATORS if op != "^"])
    maybe = st.none() | trees
    item = st.one_of(trees, st.builds(Slice, maybe, maybe, maybe), st.just(EllipsisIndex()))
    return st.one_of(
        st.builds(Negation, trees),
        st.builds(Binary, arithmetic, trees, trees),
        st.builds(Binary, st.just("^"), trees, names | gradients | st.sampled_from(["2", "-1"]).map(power)),
        st.builds(Transposed, trees.filter(lambda tree: not isinstance(tree, Number))),
        st.builds(Subscript, trees, st.lists(item, min_size=1, max_size=3).map(tuple)),
        st.builds(Call, st.sampled_from(FUNCTIONS), st.lists(trees | words, max_size=3).map(tuple), keywords),
        st.builds(
            ArrayLiteral, st.lists(trees.filter(lambda tree: not isinstance(tree, ArrayLiteral)), min_size=1).map(tuple)
        ),
        st.tuples(trees, trees).map(matrix),
    )


def power(digits: str) -> Tree:
    return parse(digits, SCOPE)


def matrix(row: tuple[Tree, ...]) -> Tree:
    inside = tuple(item for item in row if not isinstance(item, ArrayLiteral)) or (Name("x"),)
    return ArrayLiteral((ArrayLiteral(inside), ArrayLiteral(inside)))


trees = st.recursive(st.one_of(numbers, names, gradients), larger, max_leaves=12)


@given(trees)
def test_what_is_printed_reads_back_as_the_same_tree(tree: Tree) -> None:
    assert parse(to_text(tree), SCOPE) == tree


@given(trees)
def test_unicode_reads_back_as_the_same_tree(tree: Tree) -> None:
    assert parse(to_unicode(tree), SCOPE) == tree


@given(trees)
def test_every_part_of_a_text_means_the_same_alone(tree: Tree) -> None:
    text = to_text(tree)
    for part in walk(parse_answer(text, SCOPE)):
        if not isinstance(part, Keyword | Slice | EllipsisIndex | Text | Boolean):
            assert parse(text[slice(*part.span)], SCOPE) == part


@given(trees)
def test_parts_stand_inside_the_whole_and_in_reading_order(tree: Tree) -> None:
    for part in walk(parse(to_unicode(tree), SCOPE)):
        places = [part.span.start, *(end for below in children(part) for end in below.span), part.span.end]
        assert places == sorted(places)


@given(trees)
def test_latex_closes_every_brace_and_bracket(tree: Tree) -> None:
    latex = to_latex(tree, {}).replace(r"\{", "").replace(r"\}", "")
    assert latex.count("{") == latex.count("}")
    assert latex.count(r"\left") == latex.count(r"\right")
    assert latex.count(r"\begin") == latex.count(r"\end")


@pytest.mark.parametrize(
    ("typed", "unicode"),
    [
        ("W.T @ delta", "Wᵀ @ delta"),
        ("(x+y)*max(y,z)", "(x + y) · max(y, z)"),
        ("up * (1 - tanh(z)**2)", "up · (1 − tanh(z)²)"),
        ("x^-1", "x⁻¹"),
        ("x^n", "x^n"),
        ("dh/dz", "∂h/∂z"),
        ("dz <= 0", "dz ≤ 0"),
        ("-(a+b)", "−(a + b)"),
        ("((a))*((b+c))", "a · (b + c)"),
    ],
)
def test_unicode_looks_like_mathematics(typed: str, unicode: str) -> None:
    assert to_unicode(parse(typed, SCOPE)) == unicode


@pytest.mark.parametrize(
    ("typed", "latex"),
    [
        ("W.T @ δ", r"W^{\top} \, \delta"),
        ("dh/dz @ dz", r"\frac{\partial h}{\partial z} \, \mathrm{d}z"),
        ("a / (b + c) * 2", r"\frac{a}{b + c} \cdot 2"),
        ("(a / b)^2", r"\left(\frac{a}{b}\right)^{2}"),
        ("x.T^2", r"\left(x^{\top}\right)^{2}"),
        ("a * -b", r"a \cdot \left(-b\right)"),
        ("W_hh @ h1 + b₀", r"W_{\mathrm{hh}} \, h_{1} + b_{0}"),
        ("tanh(net1)", r"\tanh\left(\mathrm{net}_{1}\right)"),
        ("σ(z)", r"\sigma\left(z\right)"),
        ("[[1, 2], [3, x]]", r"\begin{bmatrix} 1 & 2 \\ 3 & x \end{bmatrix}"),
        ("[1, 2]", r"\begin{bmatrix} 1 & 2 \end{bmatrix}"),
        ("x[0, 1:3]", r"x_{0, 1{:}3}"),
        ("1e-3", r"1 \times 10^{-3}"),
        ("½", r"\tfrac{1}{2}"),
        ("⅔", r"\tfrac{2}{3}"),
        ("x >= 0", r"x \ge 0"),
        ('max(x, over="a_b")', r"\max\left(x, \text{over} = \text{a\_b}\right)"),
    ],
)
def test_latex_looks_like_a_textbook(typed: str, latex: str) -> None:
    assert to_latex(parse(typed, SCOPE), latex_functions()) == latex
