"""From our formulas to SymPy and back, by a walk over the tree: typed text is never handed to SymPy."""

import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from functools import cache
from typing import Any, TypeAlias

import sympy
from sympy.printing.str import StrPrinter

from tutor.engine.compile import ALIASES
from tutor.engine.errors import EngineError
from tutor.engine.function_table import answer_functions
from tutor.engine.ops.op import REGISTRY, Elementwise, Op, operation
from tutor.engine.ops.products import Dot, MatMul
from tutor.engine.ops.rearranging import Transpose as Turn
from tutor.engine.ops.reductions import Mean, Sum
from tutor.engine.ops.selection import Where
from tutor.expr import ParseError, Scope, parse, to_unicode
from tutor.expr.tree import Binary, Boolean, Call, Name, Negation, Number, Text, Transposed, Tree
from tutor.text import msg

Expression: TypeAlias = Any  # sympy.Expr: SymPy has no types

_CONSTANTS = {"e": sympy.E, "pi": sympy.pi, "π": sympy.pi}


def symbol(name: str) -> Expression:
    """A real number of this name."""
    return sympy.Symbol(name, real=True)


def to_sympy(tree: Tree, names: Mapping[str, Expression]) -> Expression:
    """The expression of a formula of scalars; raises EngineError where it is not made of scalars alone."""
    match tree:
        case Number():
            return sympy.Rational(tree.text) if _is_decimal(tree.text) else sympy.nsimplify(tree.value, rational=True)
        case Name():
            return names[tree.name] if tree.name in names else _CONSTANTS.get(tree.name, symbol(tree.name))
        case Negation():
            return -to_sympy(tree.operand, names)
        case Transposed():
            return to_sympy(tree.operand, names)
        case Binary():
            return _SIGNS[tree.op](to_sympy(tree.left, names), to_sympy(tree.right, names))
        case Call():
            inputs = [to_sympy(each, names) for each in tree.arguments if not isinstance(each, Text | Boolean)]
            name = ALIASES.get(tree.function, tree.function)
            if name == "erf":
                return sympy.erf(*inputs)
            kind = REGISTRY.get(name)
            if kind is not None:
                attributes = {each.name: _attribute(each.value) for each in tree.keywords}
                count = len(inputs) if kind.arity()[1] == float("inf") else int(kind.arity()[1])
                options = [each.name for each in fields(kind)]
                literals = (_plain(value) for value in inputs[count:])
                return apply(
                    operation(name, **dict(zip(options, literals, strict=False)), **attributes), inputs[:count]
                )
    raise EngineError(msg("engine.not-scalar"), span=tree.span)


def apply(op: Op, inputs: Sequence[Expression]) -> Expression:
    """The value of an op on scalars: SymPy's function for it, or what its own formula says."""
    if isinstance(op, Where):
        return _where(*inputs)
    if op.sympy:
        return getattr(sympy, op.sympy)(*inputs)
    if isinstance(op, Elementwise):
        return by_formula(op, inputs)
    if isinstance(op, MatMul | Dot):
        return inputs[0] * inputs[1]
    if isinstance(op, Turn | Sum | Mean):
        return inputs[0]
    raise EngineError(msg("engine.needs-arrays", op=op.symbol))


def by_formula(op: Op, inputs: Sequence[Expression]) -> Expression:
    """An op's formula with its inputs and attributes filled in."""
    names = dict(zip(op.input_names(len(inputs)), inputs, strict=True))
    names |= {
        each.name: sympy.nsimplify(getattr(op, each.name), rational=True)
        for each in fields(op)
        if _is_number(op, each.name)
    }
    return to_sympy(_formula(op.formula), names)


def _read_back(expression: Expression, functions: frozenset[str]) -> Tree:
    return parse(_Printer().doprint(expression), Scope(functions=functions))


def one_line(expression: Expression) -> str:
    """The expression on one line, as our formulas are read; what is still to be done as `d/dx (...)`, `Σk (...)`."""
    waiting = sorted(expression.atoms(sympy.Derivative, sympy.Sum), key=lambda each: -len(str(each)))
    stands = {each: sympy.Symbol(f"d{number}_") for number, each in enumerate(waiting)}
    try:
        text = to_unicode(_read_back(expression.xreplace(stands), answer_functions() | {"erf"}))
    except ParseError:  # a function that our language has no name for
        return str(expression)
    for each, name in stands.items():
        over = "d/d{}" if isinstance(each, sympy.Derivative) else "Σ{}"
        inner = one_line(each.expr if isinstance(each, sympy.Derivative) else each.function)
        text = text.replace(str(name), f"{over.format(', '.join(map(str, each.variables)))} ({inner})")
    return text


def renamed(expression: Expression, names: Mapping[str, Tree]) -> Expression:
    """The expression with an op's inputs called as a line calls them; numbers are filled in."""
    given = {symbol(name): _as_written(tree) for name, tree in names.items()}
    return expression.xreplace({old: new for old, new in given.items() if expression.has(old)})


def _as_written(tree: Tree) -> Expression:
    bare = tree.operand if isinstance(tree, Negation) else tree
    return to_sympy(tree, {}) if isinstance(bare, Number) else sympy.Symbol(_name_of(tree), real=True)


def _name_of(tree: Tree) -> str:
    """One name for an inner op, so that it can be told apart and read: what it computes, in brackets."""
    return tree.name if isinstance(tree, Name) else f"({to_unicode(tree)})"


class _Printer(StrPrinter):  # type: ignore[misc]
    """SymPy's own text, in the words of our language."""

    def _print_KroneckerDelta(self, delta: Expression) -> str:
        return f"({self._print(delta.args[0])} == {self._print(delta.args[1])})"

    def _print_Heaviside(self, step: Expression) -> str:
        return f"({self._print(step.args[0])} > 0)"

    def _print_Max(self, gate: Expression) -> str:
        return f"max({', '.join(self._print(each) for each in gate.args)})"

    def _print_Min(self, gate: Expression) -> str:
        return f"min({', '.join(self._print(each) for each in gate.args)})"

    def _print_Abs(self, size: Expression) -> str:
        return f"abs({self._print(size.args[0])})"

    def _print_sign(self, sign: Expression) -> str:
        inner = self._print(sign.args[0])
        return f"(({inner} > 0) - ({inner} < 0))"

    def _print_Exp1(self, _: Expression) -> str:
        return "e"

    def _print_Piecewise(self, cases: Expression) -> str:
        value, condition = cases.args[0]
        rest = sympy.Piecewise(*cases.args[1:]) if len(cases.args) > 2 else cases.args[-1][0]
        if condition == sympy.true or len(cases.args) == 1:
            return str(self._print(value))
        return f"where({self._print(condition)}, {self._print(value)}, {self._print(rest)})"


@cache
def _formula(text: str) -> Tree:
    return parse(text, Scope(functions=answer_functions() | {"erf"}))


def _attribute(tree: Tree) -> Any:
    if isinstance(tree, Text | Boolean):
        return tree.value
    return _plain(to_sympy(tree, {}))


def _plain(value: Expression) -> int | float:
    return int(value) if value.is_Integer else float(value)


def _is_decimal(text: str) -> bool:
    return text.isascii() and text.replace(".", "", 1).isdigit()


def _is_number(op: Op, attribute: str) -> bool:
    value = getattr(op, attribute)
    return isinstance(value, int | float) and not isinstance(value, bool)


def _indicator(compare: Callable[..., Expression]) -> Callable[..., Expression]:
    return lambda a, b: sympy.Piecewise((1, compare(a, b)), (0, True))


def _where(condition: Expression, a: Expression, b: Expression) -> Expression:
    # A condition is an indicator here: 1 where a comparison holds.
    if isinstance(condition, sympy.Piecewise) and condition.args[0][0] == 1:
        return sympy.Piecewise((a, condition.args[0][1]), (b, True))
    return sympy.Piecewise((a, sympy.Ne(condition, 0)), (b, True))


# What our grammar says with a sign, in SymPy's words.
_SIGNS: dict[str, Callable[[Expression, Expression], Expression]] = {
    **{"+": operator.add, "-": operator.sub, "*": operator.mul, "@": operator.mul, "/": operator.truediv},
    **{"^": operator.pow, "<": _indicator(sympy.Lt), "<=": _indicator(sympy.Le), ">": _indicator(sympy.Gt)},
    **{">=": _indicator(sympy.Ge), "==": _indicator(sympy.Eq), "!=": _indicator(sympy.Ne)},
}
