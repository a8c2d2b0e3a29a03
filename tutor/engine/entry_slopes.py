"""How one entry of a line moves with one entry of a name it uses, `(i == k) * x[l]`, and sums of that over places."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import reduce

from tutor.engine.gradient_formulas import parsed_rule, replaced, substitute
from tutor.engine.plan import Edge
from tutor.engine.run import Run
from tutor.engine.simplifying import ONE, simplified
from tutor.expr import walk
from tutor.expr.tree import Binary, Name, Negation, Subscript, Transposed, Tree


@dataclass(frozen=True, slots=True)
class EntrySum:
    """The sum over the places `over` of a product; `turned` where it is taken away."""

    factors: tuple[Tree, ...]
    over: tuple[str, ...] = ()
    turned: bool = False

    @property
    def whole(self) -> Tree:
        """The product of all factors."""
        return _product(self.factors)

    @property
    def before(self) -> Tree:
        """The product of the factors that are the same for every place."""
        return _product([each for each in self.factors if not self._runs(each)])

    @property
    def inside(self) -> Tree:
        """The product of the others."""
        return _product([each for each in self.factors if self._runs(each)])

    def _runs(self, factor: Tree) -> bool:
        return any(isinstance(part, Name) and part.name in self.over for part in walk(factor))


def entry_slope(
    run: Run, chain: tuple[Edge, ...], at: Sequence[str], own: Sequence[str], letters: Iterator[str]
) -> EntrySum | None:
    """The slope between two entries along a chain of ops; None where one has no rule, or the letters run out."""
    graph = run.graph
    factors: list[Tree] = []
    between: list[str] = []
    for node, k in chain:
        op, arguments = graph.ops[node], graph.arguments[node]
        assert op is not None
        shapes = [run.shapes[each] for each in arguments]
        below = own if (node, k) == chain[-1] else places(shapes[k], letters)
        rule = op.entry_slope(k, at, below, shapes) if below is not None else ""
        if below is None or not rule:
            return None
        names = dict(zip(op.input_names(len(arguments)), map(graph.tree_of, arguments), strict=False))
        tree = substitute(parsed_rule(rule), {**names, "out": graph.tree_of(node)})
        factors += _factors(simplified(replaced(tree, _turned_back)))
        between += [letter for letter in below if letter != "0" and below is not own]
        at = below
    return _used_up(EntrySum(tuple(factors), tuple(between)))


def places(shape: Sequence[int], letters: Iterator[str]) -> list[str] | None:
    """A letter for each axis, 0 for those of size 1; None where the letters run out."""
    found = ["0" if size == 1 else next(letters, "") for size in shape]
    return None if "" in found else found


def used_up(entry_sum: EntrySum, letters: frozenset[str]) -> list[EntrySum]:
    """The same as sums in which no condition on a place that is summed over is left: each leaves one place."""
    return [
        _used_up(EntrySum(tuple(factors), entry_sum.over, turned))
        for turned, factors in _terms(_product(entry_sum.factors), letters)
    ]


def _used_up(entry_sum: EntrySum) -> EntrySum:
    for condition in entry_sum.factors:
        if not (isinstance(condition, Binary) and condition.op == "=="):
            continue
        for letter, other in ((condition.left, condition.right), (condition.right, condition.left)):
            if isinstance(letter, Name) and letter.name in entry_sum.over:
                rest = [each for each in entry_sum.factors if each is not condition]
                over = tuple(each for each in entry_sum.over if each != letter.name)
                here = tuple(substitute(each, {letter.name: other}) for each in rest)
                return _used_up(EntrySum(here, over, entry_sum.turned))
    return entry_sum


def _terms(tree: Tree, letters: frozenset[str]) -> list[tuple[bool, list[Tree]]]:
    """A formula as products to be added, or taken away, as far as it takes to bring its conditions to the top."""
    if not any(_is_condition(part, letters) for part in walk(tree)):
        return [(False, _factors(tree))]
    if isinstance(tree, Negation):
        return [(not turned, factors) for turned, factors in _terms(tree.operand, letters)]
    if isinstance(tree, Binary) and tree.op in "+-":
        right = [(turned != (tree.op == "-"), factors) for turned, factors in _terms(tree.right, letters)]
        return [*_terms(tree.left, letters), *right]
    if isinstance(tree, Binary) and tree.op == "*":
        return [
            (turned != other, [*factors, *others])
            for turned, factors in _terms(tree.left, letters)
            for other, others in _terms(tree.right, letters)
        ]
    return [(False, [tree])]


def _is_condition(part: object, letters: frozenset[str]) -> bool:
    """Is it the condition that two places are the same?"""
    return isinstance(part, Binary) and part.op == "==" and isinstance(part.left, Name) and part.left.name in letters


def _factors(tree: Tree) -> list[Tree]:
    if isinstance(tree, Binary) and tree.op == "*":
        return [*_factors(tree.left), *_factors(tree.right)]
    if isinstance(tree, Binary) and tree.op == "/" and tree.left != ONE:
        return [*_factors(tree.left), Binary("/", ONE, tree.right)]
    return [] if tree == ONE else [tree]


def _product(factors: Sequence[Tree]) -> Tree:
    return reduce(lambda left, right: Binary("*", left, right), factors) if factors else ONE


def _turned_back(part: Tree) -> Tree | None:
    """`u.T[i, k]` is `u[k, i]`."""
    if isinstance(part, Subscript) and isinstance(part.operand, Transposed) and len(part.items) == 2:
        return replaced(Subscript(part.operand.operand, part.items[::-1]), _turned_back)
    return None
