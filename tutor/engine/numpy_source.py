"""Formulas of our language as NumPy source: `sum(x, axis=0)` as `np.sum(x, axis=0)`, `x^2` as `x**2`."""

from collections.abc import Callable, Mapping

from tutor.engine.compile import ALIASES
from tutor.engine.ordering import CONSTANTS
from tutor.expr.tree import (
    COMPARISONS,
    Array,
    Binary,
    Call,
    Dots,
    Gradient,
    Index,
    Keyword,
    Name,
    Negate,
    Number,
    Part,
    Slice,
    Text,
    Transpose,
    Truth,
)

_COMPARISON, _SUM, _PRODUCT, _SIGN, _POWER, _POSTFIX = range(6)
_STRENGTH = {"+": _SUM, "-": _SUM, "*": _PRODUCT, "/": _PRODUCT, "@": _PRODUCT, "^": _POWER}

# Functions that NumPy has under the same name, with the same keywords.
_SAME = frozenset(
    {"exp", "log", "log1p", "sqrt", "square", "abs", "sin", "cos", "tan", "sinh", "cosh", "tanh", "sum", "mean", "prod"}
    | {
        "amax",
        "amin",
        "cumsum",
        "where",
        "clip",
        "outer",
        "dot",
        "kron",
        "einsum",
        "reshape",
        "transpose",
        "pad",
        "eye",
    }
)
_CONVOLUTIONS = {"conv1d": "convolve", "conv2d": "convolve"}
_POOLS = {"max_pool": "max", "avg_pool": "avg"}


class Source:
    """Turns trees into source; `helpers` collects the functions of `snippets` that it calls."""

    def __init__(self, names: Mapping[str, str], sizes: Mapping[str, int]) -> None:
        self.names, self.sizes = names, sizes
        self.helpers: set[str] = set()
        self._calls: dict[str, Callable[[Call], str]] = {
            "relu": lambda call: f"np.maximum({self.of(call.arguments[0])}, 0)",
            "max": lambda call: self._folded("np.maximum", call),
            "min": lambda call: self._folded("np.minimum", call),
            "leaky_relu": lambda call: self._leaky(call, "0.01", "{x} * {k}"),
            "elu": lambda call: self._leaky(call, "1", "{k} * (np.exp({x}) - 1)"),
            "silu": lambda call: f"{self._inside(call, _PRODUCT)} * {self._helper('sigmoid', call)}",
            "norm": lambda call: f"np.sqrt(np.sum({self._inside(call, _POSTFIX)}**2{self._options(call)}))",
            "var": self._spread,
            "std": self._spread,
            "ones": self._ones,
            "zeros": lambda call: f"np.zeros_like({self.of(call.arguments[0])})",
            "concat": lambda call: f"np.concatenate([{self._listed(call)}]{self._options(call)})",
            "stack": lambda call: f"np.stack([{self._listed(call)}]{self._options(call)})",
            "gather": lambda call: f"{self._inside(call, _POSTFIX)}[{self.of(call.arguments[1])}]",
            "stop_gradient": lambda call: self.of(call.arguments[0]),
            "straight_through": lambda call: self.of(call.arguments[0]),
            "dropout": self._dropout,
            **dict.fromkeys(_CONVOLUTIONS, lambda call: self._helper("convolve", call)),
            **dict.fromkeys(_POOLS, self._pool),
        }

    def name(self, name: str) -> str:
        """How Python calls a node, a size or a constant."""
        if name in self.names:
            return self.names[name]
        if name in self.sizes:
            return str(self.sizes[name])
        return {"e": "np.e", "pi": "np.pi", "π": "np.pi"}[name] if name in CONSTANTS else name

    def of(self, part: Part) -> str:
        """The source of a formula."""
        match part:
            case Number():
                return part.text if part.text.isascii() else repr(part.value)
            case Name():
                return self.name(part.name)
            case Gradient():
                return f"d{self.name(part.wrt)}"
            case Text():
                return f'"{part.value}"'
            case Truth():
                return str(part.value)
            case Negate():
                return f"-{self._enclosed(part.operand, _SIGN)}"
            case Transpose():
                return f"{self._enclosed(part.operand, _POSTFIX)}.T"
            case Binary():
                return self._binary(part)
            case Index():
                return f"{self._enclosed(part.operand, _POSTFIX)}[{', '.join(map(self._item, part.items))}]"
            case Call():
                return self._call(part)
            case Array():
                return f"np.array([{', '.join(map(self._bare, part.items))}])"
            case Keyword():
                return f"{part.name}={self._bare(part.value)}"
            case Slice() | Dots():
                return self._item(part)

    def _binary(self, part: Binary) -> str:
        if part.op in COMPARISONS:
            return f"({self._enclosed(part.left, _SUM)} {part.op} {self._enclosed(part.right, _SUM)})"
        strong = _STRENGTH[part.op]
        if part.op == "^":
            return f"{self._enclosed(part.left, _POSTFIX)}**{self._enclosed(part.right, _SIGN)}"
        # NumPy subtracts no truth values, so indicators become numbers, but in products, where they do anyway.
        left, right = (self._number(each, part.op) for each in (part.left, part.right))
        left = f"({left})" if _strength(part.left) < strong else left
        right = f"({right})" if _strength(part.right) < strong + 1 else right
        return f"{left} {part.op} {right}"

    def _number(self, part: Part, op: str) -> str:
        text = self.of(part)
        if isinstance(part, Binary) and part.op in COMPARISONS:
            return f"1.0 * {text}" if op != "*" else text
        return text

    def _enclosed(self, part: Part, least: int) -> str:
        text = self.of(part)
        return text if _strength(part) >= least else f"({text})"

    def _item(self, part: Part) -> str:
        if isinstance(part, Slice):
            ends = ["" if each is None else self.of(each) for each in (part.start, part.stop)]
            return ":".join([*ends, self.of(part.step)] if part.step else ends)
        return "..." if isinstance(part, Dots) else self._bare(part)

    def _bare(self, part: Part) -> str:
        """A list within a list, an index or a keyword, without `np.array` around it."""
        return f"[{', '.join(map(self._bare, part.items))}]" if isinstance(part, Array) else self.of(part)

    def _call(self, part: Call) -> str:
        function = ALIASES.get(part.function, part.function)
        first = part.arguments[0] if part.arguments else None
        if function == "sum" and not part.keywords and isinstance(first, Call) and first.function == "ones":
            return f"np.size({self.of(first.arguments[0])})"
        if function in self._calls:
            return self._calls[function](part)
        if function in _SAME:
            return f"np.{function}({self._listed(part, bare=True)}{self._options(part)})"
        return self._helper(function, part)

    def _helper(self, name: str, call: Call) -> str:
        self.helpers.add(name)
        return f"{name}({self._listed(call, bare=True)}{self._options(call)})"

    def _listed(self, call: Call, bare: bool = False) -> str:
        write = self._bare if bare else self.of
        return ", ".join(
            self.of(each) if isinstance(each, Array) and k == 0 else write(each)
            for k, each in enumerate(call.arguments)
        )

    def _options(self, call: Call) -> str:
        return "".join(f", {self._option(each)}" for each in call.keywords)

    def _option(self, each: Keyword) -> str:
        # NumPy takes several axes as a tuple.
        if each.name in ("axis", "axes") and isinstance(each.value, Array):
            inside = ", ".join(map(self._bare, each.value.items))
            return f"{each.name}=({inside}{',' if len(each.value.items) == 1 else ''})"
        return self.of(each)

    def _inside(self, call: Call, least: int) -> str:
        return self._enclosed(call.arguments[0], least)

    def _folded(self, function: str, call: Call) -> str:
        text = self.of(call.arguments[0])
        for each in call.arguments[1:]:
            text = f"{function}({text}, {self.of(each)})"
        return text

    def _literal(self, call: Call, position: int, name: str, otherwise: str) -> str:
        """An attribute, given by its place or by its name."""
        if len(call.arguments) > position:
            return self.of(call.arguments[position])
        return next((self.of(each.value) for each in call.keywords if each.name == name), otherwise)

    def _leaky(self, call: Call, otherwise: str, below: str) -> str:
        x = self.of(call.arguments[0])
        k = self._literal(call, 1, "slope" if call.function == "leaky_relu" else "alpha", otherwise)
        inner = x if below.startswith("{k} * (np") else self._inside(call, _PRODUCT)
        return f"np.where({self._inside(call, _SUM)} > 0, {x}, {below.format(x=inner, k=k)})"

    def _spread(self, call: Call) -> str:
        unbiased = self._literal(call, 3, "unbiased", "False") == "True"
        kept = tuple(each for each in call.keywords if each.name != "unbiased")
        options = self._options(Call(call.function, call.arguments[:3], kept))
        listed = self._listed(Call(call.function, call.arguments[:3]), bare=True)
        return f"np.{call.function}({listed}{options}{', ddof=1' if unbiased else ''})"

    def _ones(self, call: Call) -> str:
        return f"np.ones_like({self.of(call.arguments[0])}, dtype=float)"

    def _dropout(self, call: Call) -> str:
        x, mask = (self._enclosed(each, _PRODUCT) for each in call.arguments[:2])
        return f"{x} * {mask} / {self._literal(call, 2, 'keep', '0.8')}"

    def _pool(self, call: Call) -> str:
        self.helpers.add("pool")
        options = "".join(f", {self.of(each)}" for each in call.arguments[1:])
        kind = _POOLS[call.function]
        return f'pool({self.of(call.arguments[0])}, "{kind}"{options}{self._options(call)})'


def _strength(part: Part) -> int:
    if isinstance(part, Binary):
        return _POSTFIX if part.op in COMPARISONS else _STRENGTH[part.op]
    if isinstance(part, Negate):
        return _SIGN
    if isinstance(part, Call) and part.function in ("silu", "dropout"):
        return _PRODUCT
    return _POSTFIX
