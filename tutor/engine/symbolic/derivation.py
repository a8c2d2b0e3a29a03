"""The local derivative of an elementwise op, derived from its formula one rule at a time."""

from dataclasses import dataclass

import sympy

from tutor.engine.errors import EngineError
from tutor.engine.gradient_formulas import parsed_rule
from tutor.engine.ops.op import Elementwise, Op, operation
from tutor.engine.symbolic.translate import Expression, by_formula, symbol, to_sympy
from tutor.text import Message, msg


@dataclass(frozen=True, slots=True)
class DerivationStep:
    """One line of a derivation: what was done, and what stands there now."""

    rules: tuple[Message, ...]
    expression: Expression


_RULES = {
    "definition": msg("engine.by-definition"),
    "constant": msg("engine.by-constant"),
    "identity": msg("engine.by-identity"),
    "sum": msg("engine.by-sum"),
    "factor": msg("engine.by-factor"),
    "product": msg("engine.by-product"),
    "power": msg("engine.by-power"),
    "exponential": msg("engine.by-exponential"),
    "logarithm": msg("engine.by-logarithm"),
    "chain": msg("engine.by-chain"),
    "cases": msg("engine.by-cases"),
    "simplify": msg("engine.by-simplifying"),
    "output": msg("engine.by-output"),
}


def derivation(op: str | Op, i: int = 0, inputs: int = 0) -> tuple[DerivationStep, ...]:
    """From `d/dx` of the formula to the local derivative with respect to input i, and to the form in `out`.

    `inputs` is the number of inputs where an op takes any (2). Raises EngineError for an op that is not elementwise.
    """
    made = operation(op) if isinstance(op, str) else op
    if not isinstance(made, Elementwise):
        raise EngineError(msg("engine.needs-arrays", op=made.symbol))
    many = made.inputs[0].endswith("*")
    names = made.input_names(inputs or (2 if many else len(made.inputs)))
    variables = [symbol(name) for name in names]
    formula = by_formula(made, variables)
    current = sympy.Derivative(formula, variables[i], evaluate=False)
    steps = [DerivationStep((_RULES["definition"],), current)]
    while derivatives := current.atoms(sympy.Derivative):
        used: dict[str, None] = {}
        replaced = {}
        for each in sorted(derivatives, key=str):
            rule, replaced[each] = _one_level(each.expr, variables[i])
            used[rule] = None
        current = current.xreplace(replaced)
        steps.append(DerivationStep(tuple(_RULES[rule] for rule in used), current))
    short = sympy.simplify(current)
    by_output = _by_output(made, i, names, formula, short)
    if short != current and not by_output:  # SymPy's simplest hides that 1 - out^2 stands there already
        steps.append(DerivationStep((_RULES["simplify"],), short))
    return (*steps, *by_output)


def _one_level(u: Expression, x: Expression) -> tuple[str, Expression]:
    """The name of the rule for the outermost shape of u, and the derivative by it."""
    if not u.has(x):
        return "constant", sympy.Integer(0)
    if u == x:
        return "identity", sympy.Integer(1)
    if u.is_Add:
        return "sum", sympy.Add(*(_inner(part, x) for part in u.args))
    if u.is_Mul:
        fixed, moving = u.as_independent(x)
        if fixed != 1:
            return "factor", fixed * _inner(moving, x)
        first, rest = u.args[0], sympy.Mul(*u.args[1:])
        return "product", _inner(first, x) * rest + first * _inner(rest, x)
    if isinstance(u, sympy.exp) or (u.is_Pow and u.exp.has(x) and not u.base.has(x)):
        base, power = (sympy.E, u.args[0]) if isinstance(u, sympy.exp) else (u.base, u.exp)
        return "exponential", u * sympy.log(base) * _inner(power, x)
    if u.is_Pow and not u.exp.has(x):
        return "power", u.exp * u.base ** (u.exp - 1) * _inner(u.base, x)
    if isinstance(u, sympy.log):
        return "logarithm", _inner(u.args[0], x) / u.args[0]
    if isinstance(u, sympy.Max | sympy.Min):
        compare = sympy.Gt if isinstance(u, sympy.Max) else sympy.Lt
        first, rest = u.args[0], u.func(*u.args[1:])
        return "cases", sympy.Piecewise((_inner(first, x), compare(first, rest)), (_inner(rest, x), True))
    if isinstance(u, sympy.Piecewise):
        return "cases", sympy.Piecewise(*((_inner(value, x), condition) for value, condition in u.args))
    if u.is_Function and len(u.args) == 1:
        return "chain", u.fdiff() * _inner(u.args[0], x)
    return "chain", sympy.diff(u, x)


def _inner(u: Expression, x: Expression) -> Expression:
    """The derivative still to be taken; of x itself it is 1, which needs no line of its own."""
    return sympy.Integer(1) if u == x else sympy.Derivative(u, x, evaluate=False)


def _by_output(
    op: Op, i: int, names: tuple[str, ...], formula: Expression, short: Expression
) -> tuple[DerivationStep, ...]:
    """The same in terms of the output, where the op's rule is written so: 1 - out^2."""
    text = op.backward_text(i, [()] * len(names))
    if "out" not in text:
        return ()
    rule = to_sympy(parsed_rule(text), {"up": sympy.Integer(1)})
    back = rule.subs(symbol("out"), formula)
    return (
        (DerivationStep((_RULES["output"],), rule),) if sympy.simplify((back - short).rewrite(sympy.exp)) == 0 else ()
    )
