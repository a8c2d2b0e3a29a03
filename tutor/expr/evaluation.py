"""The value of a tree: a walk over arrays, with every operator and function looked up in a table handed in."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from math import isfinite
from typing import TYPE_CHECKING, Any, TypeAlias

from tutor.expr.errors import EvaluationError
from tutor.expr.known_names import nearest_name
from tutor.expr.result_sizes import MAX_ELEMENTS, WorkBudget, size_of_call, size_of_subscript
from tutor.expr.spelling import first_few
from tutor.expr.tree import (
    NEGATE,
    OPERATORS,
    STACK,
    TRANSPOSE,
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
    Part,
    Slice,
    Span,
    Subscript,
    Text,
    Transposed,
    Tree,
    children,
    fault_span,
    walk,
)
from tutor.text import Message, msg
from tutor.text.message import render

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import ArrayLike, NDArray

    Values: TypeAlias = NDArray[np.float64]

# A whole number beyond that is not exact as a float, and stands for no size, axis or index.
MOST_WHOLE = 2**53
WORK_OF_CALL = 700  # what a call costs besides, measured in entries made

Functions: TypeAlias = Mapping[str, Callable[..., Any]]


def evaluate(tree: Tree, names: "Mapping[str, ArrayLike]", functions: Functions) -> "Values":
    """The value of `tree` as a float64 array; a gradient is looked up as `dz` or `dh/dz`.

    Operators are looked up in `functions` under the names of `OPERATORS`, and as `neg` and `transpose`. A function
    takes float64 arrays, words as strings and keywords as numbers, booleans, strings and tuples. Raises
    EvaluationError, with the span of the part that has no value: an unknown name, shapes that do not fit, a result
    that is not finite or has more than MAX_ELEMENTS entries, and whatever a function refuses in an error with
    a `message`.
    """
    return PartValues(names, functions).value(tree)


class PartValues:
    """The values of all parts of one tree, for trees that share most of theirs with it, at the same names.

    `work` is what all evaluations have taken so far, in entries made.
    """

    def __init__(self, names: "Mapping[str, ArrayLike]", functions: Functions) -> None:
        self.names, self.functions, self.work = names, functions, 0
        self._trees: list[Part] = []  # kept, since their parts are known by their identity
        self._known: dict[int, Values] = {}

    def remember(self, tree: Tree) -> "Values":
        """The value of a tree, of which all parts are remembered; raises EvaluationError."""
        self._trees.append(tree)
        with self._evaluation(self._known, remember=True) as evaluation:
            return evaluation.value(tree)

    def remember_rest(self, tree: Tree) -> None:
        """Remember the parts that have a value in a tree that has none."""
        self._trees.append(tree)
        without: set[int] = set()
        with self._evaluation(self._known, remember=True) as evaluation:
            for part in reversed(list(walk(tree))):
                if isinstance(part, Text | Keyword | Slice | EllipsisIndex):
                    continue
                try:
                    if without.isdisjoint(map(id, children(part))):
                        evaluation.value(part)
                        continue
                except EvaluationError:
                    pass
                without.add(id(part))

    def give(self, part: Part, value: "Values") -> None:
        """Remember a value for a part that stands for something else than it says."""
        self._trees.append(part)
        self._known[id(part)] = value

    def value(self, tree: Tree) -> "Values":
        """The value of a tree that shares parts with those remembered; raises EvaluationError."""
        with self._evaluation(self._known) as evaluation:
            return evaluation.value(tree)

    def with_part(self, part: Part, new: Tree, rebuild: "Callable[[Tree], Tree]") -> "Values | None":
        """The value of what `rebuild` makes with `new` in place of a remembered `part`; raises EvaluationError.

        None where the two have the same value here, so that nothing changes.
        """
        value, old = self.value(new), self._known.get(id(part))
        if old is not None and old.shape == value.shape and (old == value).all():
            return None
        with self._evaluation({**self._known, id(new): value}) as evaluation:
            return evaluation.value(rebuild(new))

    @contextmanager
    def _evaluation(self, known: "dict[int, Values]", remember: bool = False) -> "Iterator[_Evaluation]":
        import numpy as np

        evaluation = _Evaluation(self.names, self.functions, known, remember)
        try:
            with np.errstate(all="ignore"):
                yield evaluation
        finally:
            self.work += evaluation.work


class _Evaluation:
    def __init__(
        self,
        names: "Mapping[str, ArrayLike]",
        functions: Functions,
        known: "dict[int, Values]",
        remember: bool = False,
    ) -> None:
        self.names, self.functions, self.known, self.remember = names, functions, known, remember
        self.budget, self.work = WorkBudget(names), 0
        self.branches = 0  # of how many `where` this is a branch, which may be undefined where it is not taken

    def value(self, tree: Part) -> "Values":
        known = self.known.get(id(tree))
        if known is not None:
            return known
        value = self.made(tree)
        if self.remember:
            self.known[id(tree)] = value
        return value

    def made(self, tree: Part) -> "Values":
        match tree:
            case Number():
                return _array(tree.value)
            case Name() | Gradient():
                return self.named(tree)
            case Negation() | Transposed():
                name = NEGATE if isinstance(tree, Negation) else TRANSPOSE
                return self.apply(name, (self.value(tree.operand),), {}, tree.span)
            case Binary():
                operands = self.value(tree.left), self.value(tree.right)
                return self.apply(OPERATORS[tree.op], operands, {}, tree.span, tree.op)
            case Call():
                arguments = [self.argument(tree, part) for part in tree.arguments]
                keywords = {keyword.name: literal_value(keyword.value) for keyword in tree.keywords}
                return self.apply(tree.function, arguments, keywords, tree.span)
            case Subscript():
                return self.picked(tree)
            case ArrayLiteral():
                return self.stacked(tree)
        raise EvaluationError(msg("expr.text-not-argument"), tree.span)

    def argument(self, call: Call, part: Tree) -> "Values | str":
        """One of the words and arrays that a function is called with."""
        if isinstance(part, Text):
            return part.value
        is_branch = call.function == "where" and part is not call.arguments[0]
        self.branches += is_branch
        try:
            return self.value(part)
        finally:
            self.branches -= is_branch

    def named(self, tree: Name | Gradient) -> "Values":
        if tree.name not in self.names:
            near = nearest_name(tree.name, frozenset(self.names))
            if near:
                raise EvaluationError(msg("expr.unknown-name-near", name=tree.name, near=near[0]), tree.span)
            raise EvaluationError(msg("expr.unknown-name", name=tree.name), tree.span)
        return self.finite(_array(self.names[tree.name]), tree.span)

    def apply(
        self, name: str, arguments: Sequence[Any], keywords: dict[str, Any], span: Span, sign: str = ""
    ) -> "Values":

        function = self.functions.get(name)
        if function is None:
            raise EvaluationError(msg("expr.unknown-function", name=sign or name), span)
        self.work += WORK_OF_CALL + self.budget.spend(size_of_call(name, arguments), span)
        try:
            result = _array(function(*arguments, **keywords))
        except MemoryError:
            raise EvaluationError(msg("expr.too-many-entries", limit=MAX_ELEMENTS), span) from None
        except (ValueError, TypeError, ArithmeticError, LookupError) as error:
            raise EvaluationError(_reason(error, sign or name, arguments), span) from error
        return self.finite(result, span)

    def picked(self, tree: Subscript) -> "Values":
        operand = self.value(tree.operand)
        key = tuple(self.index(item) for item in tree.items)
        self.budget.spend(size_of_subscript(operand, key), tree.span)
        try:
            picked = _array(operand[key])
        except (IndexError, ValueError):
            raise EvaluationError(msg("expr.index-outside", shape=operand.shape), fault_span(tree)) from None
        if not picked.size:
            raise EvaluationError(msg("expr.index-picks-nothing", shape=operand.shape), fault_span(tree))
        return picked

    def index(self, item: Part) -> Any:
        if isinstance(item, EllipsisIndex):
            return Ellipsis
        if isinstance(item, Slice):
            return slice(*(part and self.end(part) for part in (item.start, item.stop, item.step)))
        return self.whole(item)

    def end(self, part: Part) -> int:
        """Where a slice begins or ends: one whole number."""
        value = self.whole(part)
        if not isinstance(value, int):
            raise EvaluationError(msg("expr.index-not-whole"), part.span)
        return value

    def whole(self, part: Part) -> Any:
        """An index: an int, or an array of whole numbers."""
        import numpy as np

        value = self.value(part)
        if not np.array_equal(value, np.rint(value)) or np.any(np.abs(value) > MAX_ELEMENTS):
            raise EvaluationError(msg("expr.index-not-whole"), part.span)
        return value.astype(np.int64) if value.ndim else int(value)

    def stacked(self, tree: ArrayLiteral) -> "Values":
        import numpy as np

        numbers = [number for item in tree.items if (number := _plain(item)) is not None]
        if len(numbers) == len(tree.items):
            return _array(numbers)
        items = [self.value(item) for item in tree.items]
        shapes = list(dict.fromkeys(item.shape for item in items))
        if len(shapes) > 1:
            raise EvaluationError(msg("expr.items-differ", first=shapes[0], second=shapes[1]), tree.span)
        self.budget.spend(size_of_call(STACK, items), tree.span)
        return np.stack(items)

    def finite(self, value: "Values", span: Span) -> "Values":
        import numpy as np

        if value.size > MAX_ELEMENTS:
            raise EvaluationError(msg("expr.too-many-entries", limit=MAX_ELEMENTS), span)
        if not self.branches and not (isfinite(value) if value.ndim == 0 else np.isfinite(value).all()):
            raise EvaluationError(msg("expr.not-finite"), span)
        return value


def _plain(tree: Tree) -> float | None:
    """The value of a number written out; None for anything else. Long lists of numbers are common."""
    match tree:
        case Number(value=value):
            return value
        case Negation(operand=Number(value=value)):
            return -value
    return None


def literal_value(tree: Tree) -> Any:
    """The value of a keyword: an int where no point or exponent was typed, float, bool, str, or a tuple of these."""
    match tree:
        case Number():
            if tree.value > MOST_WHOLE:
                raise EvaluationError(msg("expr.option-too-large"), tree.span)
            return int(tree.text) if tree.text.isdecimal() else tree.value
        case Negation():
            return -literal_value(tree.operand)
        case Text() | Boolean():
            return tree.value
        case ArrayLiteral():
            return tuple(literal_value(item) for item in tree.items)
    raise EvaluationError(msg("expr.not-a-literal"), tree.span)


def _reason(error: Exception, name: str, arguments: Sequence[Any]) -> Message:
    message = getattr(error, "message", None)
    if isinstance(message, Message):
        return message
    if isinstance(error, TypeError):
        return msg("expr.wrong-arguments", name=name)
    shapes = [render(argument.shape, "en") for argument in arguments if not isinstance(argument, str)]
    return msg("expr.does-not-fit", name=name, shapes=first_few(shapes))


def _array(value: "ArrayLike") -> "Values":
    import numpy as np

    return np.asarray(value, dtype=np.float64)
