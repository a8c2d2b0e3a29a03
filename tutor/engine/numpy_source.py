"""Formulas of our language as NumPy source: `sum(x, axis=0)` as `np.sum(x, axis=0)`, `x^2` as `x**2`.

How a call is written stands in the class of its op, `numpy = "np.maximum({x}, 0)"`: inputs and attributes by name,
`{x:product}` in brackets where a factor needs them; `{0}` and `{1}` for an op of any number of inputs, two at a time;
`{inputs}` and `{options}` for all inputs and all attributes, `{arguments}` for both as they were given.
"""

import ast
import re
from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import ClassVar

import numpy as np

from tutor.engine import snippets
from tutor.engine.compile import called, split_arguments
from tutor.engine.gradient_formulas import substitute
from tutor.engine.ops.op import Op, operation
from tutor.engine.ops.reductions import Sum
from tutor.engine.ordering import CONSTANTS
from tutor.engine.tracing import literal, traced
from tutor.expr.printing import POSTFIX, PRODUCT, SIGN, SUM, Printer
from tutor.expr.tree import (
    COMPARISONS,
    ArrayLiteral,
    Binary,
    Boolean,
    Call,
    Gradient,
    Keyword,
    Number,
    Part,
    Subscript,
    Text,
    Tree,
)

# What is no op, but may stand in a formula or in a rule of ours.
_OTHERS = {
    "ones": "np.ones_like({0}, dtype=float)",
    "zeros": "np.zeros_like({0})",
    "eye": "np.eye({0})",
}
_LEVELS = {"sum": SUM, "product": PRODUCT, "postfix": POSTFIX}


class NumPyPrinter(Printer):
    """Turns trees into source; `imported` says what to call for ops of which nobody knows how NumPy writes them."""

    signs: ClassVar = {"^": "**"}

    def __init__(self, names: Mapping[str, str], sizes: Mapping[str, int]) -> None:
        self.names, self.sizes = names, sizes
        self.imported: dict[str, str] = {}

    def name(self, name: str) -> str:
        """How Python calls a node, a size or a constant."""
        if name in self.names:
            return self.names[name]
        if name in self.sizes:
            return str(self.sizes[name])
        return {"e": "np.e", "pi": "np.pi", "π": "np.pi"}[name] if name in CONSTANTS else name

    def number(self, part: Number) -> str:
        return part.text if part.text.isascii() else repr(part.value)

    def gradient(self, part: Gradient) -> str:
        return f"d{self.name(part.wrt)}"

    def text(self, part: Text) -> str:
        return f'"{part.value}"'

    def truth(self, part: Boolean) -> str:
        return str(part.value)

    def power(self, part: Binary) -> str:
        return f"{self.enclosed(part.left, POSTFIX)}**{self.enclosed(part.right, SIGN)}"

    def binary(self, part: Binary) -> str:
        if part.op in COMPARISONS:
            return f"({self.enclosed(part.left, SUM)} {part.op} {self.enclosed(part.right, SUM)})"
        strong = self.strength(part)
        # NumPy subtracts no truth values, so indicators become numbers, but in products, where they do anyway.
        factors = ["1.0 * " * (_is_indicator(each) and part.op != "*") for each in (part.left, part.right)]
        left, right = self.enclosed(part.left, strong), self.enclosed(part.right, strong + 1)
        return f"{factors[0]}{left} {part.op} {factors[1]}{right}"

    def index(self, part: Subscript) -> str:
        return f"{self.enclosed(part.operand, POSTFIX)}[{', '.join(map(self.bare, part.items))}]"

    def end(self, part: Tree) -> str:
        return self.write(part)

    def array(self, part: ArrayLiteral) -> str:
        return f"np.array({self.bare(part)})"

    def keyword(self, part: Keyword) -> str:
        return f"{part.name}={self.option(part.name, part.value)}"

    def bare(self, part: Part) -> str:
        """A list within a list, an index or a keyword, without `np.array` around it."""
        return f"[{', '.join(map(self.bare, part.items))}]" if isinstance(part, ArrayLiteral) else self.write(part)

    def option(self, name: str, value: Tree) -> str:
        """The value of an attribute."""
        if name in ("axis", "axes") and isinstance(value, ArrayLiteral):  # NumPy takes several axes as a tuple
            inside = ", ".join(map(self.bare, value.items))
            return f"({inside}{',' if len(value.items) == 1 else ''})"
        return self.bare(value)

    def call(self, part: Call) -> str:
        kind = called(part)
        first = part.arguments[0] if part.arguments else None
        if kind is Sum and not part.keywords and isinstance(first, Call) and first.function == "ones":
            return f"np.size({self.write(first.arguments[0])})"
        if part.function in _OTHERS:
            return _OTHERS[part.function].format(*map(self.write, part.arguments))
        listed = [self.write(each) if k == 0 else self.bare(each) for k, each in enumerate(part.arguments)]
        arguments = ", ".join([*listed, *map(self.keyword, part.keywords)])
        template, derived = _template(part), self._derived(part)
        if derived is not None:
            return self.write(derived)
        if not template:
            self.imported[part.function] = f'functions()["{kind.name}"]'
        if not template or kind is Op:
            return f"{part.function}({arguments})"
        inputs, given, placed = _parts(kind, part)
        return self.filled(template, kind, inputs, given, placed, arguments=arguments)

    def filled(
        self,
        template: str,
        kind: type[Op],
        inputs: Sequence[Tree],
        given: Mapping[str, Tree],
        placed: int = 0,
        **more: object,
    ) -> str:
        """A template of an op's class with its inputs and attributes; of these so many were given by their place."""
        shown = [self.write(each) for each in inputs]
        while "{1}" in template and len(shown) > 1:
            shown[:2] = [template.format(*shown)]
        if "{1}" in template:
            return shown[0]
        names = [name.rstrip("?*") for name in kind.inputs]
        operands = dict(zip(names, inputs, strict=False)) | {
            each.name: given.get(each.name) or literal(each.default)
            for each in fields(kind)
            if each.name in given or each.default is not None
        }
        behind = [
            kind.numpy_option(name, self.option(name, value), k < placed)
            for k, (name, value) in enumerate(given.items())
        ]
        return template.format(
            inputs=", ".join(shown),
            options="".join(f", {each}" for each in behind if each),
            **{name: _Operand(self, tree) for name, tree in operands.items()},
            **more,
        )

    def _derived(self, call: Call) -> Tree | None:
        """What an op's `forward` does, where its class does not say how NumPy writes it."""
        kind = called(call)
        if kind is Op or _template(call):
            return None
        inputs, given, _ = _parts(kind, call)
        op = operation(kind.name, **{name: ast.literal_eval(self.bare(value)) for name, value in given.items()})
        names = op.input_names(len(inputs))
        tree = traced(op.forward, *((name, None) for name in names))
        return None if tree is None else substitute(tree, dict(zip(names, inputs, strict=True)))

    def strength(self, part: Part) -> int:
        if _is_indicator(part):
            return POSTFIX
        if not isinstance(part, Call):
            return super().strength(part)
        if (derived := self._derived(part)) is not None:
            return self.strength(derived)
        template = _template(part)
        if template == "{x}":
            return self.strength(part.arguments[0])
        return PRODUCT if " * " in re.sub(r"\(.*\)", "", template) else POSTFIX


class _Operand:
    """An input or an attribute of a call, in brackets where its place in a template needs them."""

    def __init__(self, source: NumPyPrinter, part: Part) -> None:
        self.source, self.part = source, part

    def __format__(self, level: str) -> str:
        return self.source.enclosed(self.part, _LEVELS[level]) if level else self.source.bare(self.part)


def _parts(kind: type[Op], call: Call) -> tuple[list[Tree], dict[str, Tree], int]:
    """The inputs of a call, its attributes by name, and how many of these were given by their place."""
    inputs, placed = split_arguments(kind, call.arguments) or ([*call.arguments], {})
    return inputs, {**placed, **{each.name: each.value for each in call.keywords}}, len(placed)


def _template(call: Call) -> str:
    """How a call is written; nothing where only the op's `forward` says it."""
    kind = called(call)
    if kind.numpy:
        return kind.numpy
    name = kind.name or call.function
    if hasattr(snippets, name):
        return f"{name}({{arguments}})"
    return f"np.{name}({{arguments}})" if hasattr(np, name) else ""


def _is_indicator(part: Part) -> bool:
    return isinstance(part, Binary) and part.op in COMPARISONS
