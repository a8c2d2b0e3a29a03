"""Formulas taken apart into lines of one idea each: `s = u.T @ tanh(W @ x + b)` becomes z, h and s."""

from collections.abc import Iterable

from tutor.engine.compile import callables, called
from tutor.engine.ordering import CONSTANTS
from tutor.expr import Tree, names_in, to_text
from tutor.expr.tree import (
    COMPARISONS,
    ArrayLiteral,
    Binary,
    Boolean,
    Call,
    Name,
    Negation,
    Number,
    Subscript,
    Text,
    Transposed,
)

_LETTERS = "abcgkpqrvwmtuyz"


def split(formulas: Iterable[tuple[str, Tree]], sizes: Iterable[str], known: Iterable[str] = ()) -> dict[str, Tree]:
    """Lines by name, each after those it uses; `known` are names that must not be given to new lines."""
    formulas = list(formulas)
    taken = {*known, *sizes, *(name for name, _ in formulas), *(n for _, tree in formulas for n in names_in(tree))}
    splitter = _Splitter(taken, frozenset({*sizes, *CONSTANTS} - {*known, *(name for name, _ in formulas)}))
    for name, tree in formulas:
        splitter.add(name, tree)
    return splitter.lines


def free_name(wanted: str, taken: Iterable[str]) -> str:
    """`wanted`, or with a number behind it, such that it may name a node beside `taken`."""
    taken = set(taken)
    k, name = 1, wanted
    while not _is_free(name, taken):
        k += 1
        name = f"{wanted}{k}"
    return name


def _is_free(name: str, taken: set[str]) -> bool:
    if name in taken or name in callables() or name in CONSTANTS or name in ("up", "out", "T", "δ", "delta"):
        return False
    # `da` is the gradient of a: neither may a node be called so, nor a beside a node da.
    return f"d{name}" not in taken and not (name.startswith("d") and name[1:] in taken)


class _Splitter:
    """Collects lines; a formula that comes twice is one line used twice."""

    def __init__(self, taken: set[str], fixed: frozenset[str]) -> None:
        self.taken, self.fixed = taken, fixed
        self.lines: dict[str, Tree] = {}
        self.seen: dict[str, str] = {}

    def add(self, name: str, tree: Tree) -> None:
        """A line and, before it, the lines for all it needs."""
        said = to_text(tree)
        self.lines[name] = self._idea(tree) if said not in self.seen else Name(self.seen[said])
        if not self._is_plain(tree):
            self.seen.setdefault(said, name)

    def _idea(self, tree: Tree) -> Tree:
        """The formula with everything that is an idea of its own named."""
        if self._is_plain(tree):
            return tree
        match tree:
            case Negation():
                return Negation(self._idea(tree.operand))
            case Transposed():
                return Transposed(self._operand(tree.operand))
            case Subscript():
                return Subscript(self._operand(tree.operand), tree.items)
            case ArrayLiteral():
                return ArrayLiteral(tuple(map(self._operand, tree.items)))
            case Call():
                return Call(tree.function, tuple(map(self._argument, tree.arguments)), tree.keywords)
            case Binary(op="+" | "-"):
                return Binary(tree.op, self._term(tree.left), self._term(tree.right))
            case Binary(op="*" | "/") if self._is_fixed(tree.right) and self._holds_a_factor(tree.left):
                return Binary(tree.op, self._idea(tree.left), tree.right)
            case Binary(op="*") if self._is_fixed(tree.left) and self._holds_a_factor(tree.right):
                return Binary(tree.op, tree.left, self._idea(tree.right))
            case Binary():
                return Binary(tree.op, self._operand(tree.left), self._operand(tree.right))
        return tree

    def _term(self, tree: Tree) -> Tree:
        """One term of a sum: sums go on, and a matrix product stays, for `W @ x + b` is one idea."""
        match tree:
            case Binary(op="+" | "-") if not self._is_fixed(tree):
                return Binary(tree.op, self._term(tree.left), self._term(tree.right))
            case Binary(op="@"):
                return Binary("@", self._operand(tree.left), self._operand(tree.right))
            case Call() if called(tree).one_line:
                return Call(tree.function, tuple(map(self._argument, tree.arguments)), tree.keywords)
        return self._operand(tree)

    def _argument(self, tree: Tree) -> Tree:
        if isinstance(tree, Binary) and tree.op in COMPARISONS:  # the condition of a where has no gradient of its own
            return Binary(tree.op, self._operand(tree.left), self._operand(tree.right))
        return self._operand(tree)

    def _operand(self, tree: Tree) -> Tree:
        """The formula itself where it is plain, otherwise the name of a line for it."""
        if self._is_plain(tree):
            return tree
        if isinstance(tree, Transposed):
            return Transposed(self._operand(tree.operand))
        said = to_text(tree)
        if said not in self.seen:
            idea = self._idea(tree)  # names what lies within first, so that numbers count from the inputs
            name = self._name_for(tree)
            self.taken.add(name)
            self.lines[name], self.seen[said] = idea, name
        return Name(self.seen[said])

    def _is_plain(self, tree: Tree) -> bool:
        """A name or a number, perhaps transposed, indexed or negative, or whatever holds no name of a node."""
        if isinstance(tree, Name | Number | Text | Boolean) or self._is_fixed(tree):
            return True
        return isinstance(tree, Transposed | Subscript | Negation) and self._is_plain(tree.operand)

    def _is_fixed(self, tree: Tree) -> bool:
        return all(name in self.fixed for name in names_in(tree))

    def _holds_a_factor(self, tree: Tree) -> bool:
        """Whether a constant factor may stand before it in one line."""
        return isinstance(tree, Call) or (isinstance(tree, Binary) and tree.op in "^@")

    def _name_for(self, tree: Tree) -> str:
        match tree:
            case Binary(op="+" | "-" | "@") if any(
                isinstance(part, Binary) and part.op == "@" for part in (tree, *_terms(tree))
            ):
                wanted = "z"
            case Call() if called(tree).letter:
                wanted = called(tree).letter
            case _:
                wanted = next((letter for letter in _LETTERS if _is_free(letter, self.taken)), "a")
        return free_name(wanted, self.taken)


def _terms(tree: Tree) -> list[Tree]:
    if isinstance(tree, Binary) and tree.op in "+-":
        return [*_terms(tree.left), *_terms(tree.right)]
    return [tree]
