"""What a typed answer is worth, by a reader and a table of NumPy functions of the tests' own: nothing of `tutor.expr`.

It reads what people type (`−`, `½`, `x²`, `（`, rows set apart by spaces or line ends) in one pass, from text to value.
What it does not know raises Unknown: such a text has to be looked at.
"""

import math
import re
import unicodedata
from collections.abc import Callable, Collection, Mapping
from functools import reduce
from typing import Any

import numpy as np


class UnknownError(Exception):
    """Something that this reader does not know."""


_SPELT = str.maketrans(
    {
        **dict.fromkeys("−–—‐‑‒﹣➖", "-"),
        **dict.fromkeys("×·⊙∘∙⋅•∗⋆⨯✕✖", "*"),
        **dict.fromkeys("÷∕⁄", "/"),
        **dict.fromkeys("\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\ufe0e\ufe0f", ""),
        **dict.fromkeys("【〔", "["),
        **dict.fromkeys("】〕", "]"),
        **dict.fromkeys("“”„", '"'),
        **dict.fromkeys("‘’′", "'"),
        **{"、": ",", "。": ".", "⊤": "ᵀ", "µ": "μ", "≤": "<=", "≥": ">=", "⩽": "<=", "⩾": ">=", "≠": "!=", "…": "..."},
        **{chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)},
    }
)
_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺", "0123456789-+")
_TOKEN = re.compile(
    r"(?P<number>(?:[0-9]+\.[0-9]+|\.[0-9]+|[0-9]+\.(?=[eE][+-]?[0-9])|[0-9]+\.(?![^\W\d⁰¹²³⁴-⁹]|\.)|[0-9]+)(?:[eE][+-]?[0-9]+)?)"
    r"|(?P<fraction>[½⅓⅔¼¾⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞])|(?P<raised>[⁺⁻]?[⁰¹²³⁴-⁹]+)|(?P<turned>\.\s*T(?!\w)|ᵀ)"
    r"|(?P<name>∂?[^\W\d⁰¹²³⁴-⁹ⁿᵀ₀-₉½⅓⅔¼¾⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞](?:[^\W⁰¹²³⁴-⁹ⁿᵀ½⅓⅔¼¾⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞]|[\u0300-\u036f])*)"
    r"|(?P<word>\"[^\"\n]*\"|'[^'\n]*')|(?P<sign>\*\*|<=|>=|==|!=|\.\.\.|[-+*/@^<>=,;:()\[\]])|(?P<space>\s+)"
)
_PLAIN = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?(?=[\s;,\[\]]|$)")


def numbers_in(text: str) -> list[str] | None:
    """The numbers of a text that has nothing but numbers, blanks, commas, `;` and brackets, as they are typed."""
    text = _letters(text)
    found = _PLAIN.findall(text)
    left = _PLAIN.sub("", text)
    return found if not left.strip(" ,;[]()\t\r\n\v\f") and found else None


def value_of(text: str, values: Mapping[str, Any], lines: Collection[str]) -> Any:
    """The value of a text where names have these values; `lines` are the nodes that have gradients."""
    text = _letters(text)
    plain = numbers_in(text)
    spaced = "[" in text or ";" in text or "\n" in text.strip()
    if plain is not None and spaced and "(" not in text and not re.search(r",[^;\n\]]*\d[ \t]+[-+.\d]", text):
        return np.array([float(each) for each in plain])
    with np.errstate(all="ignore"):
        return _Reader(text, values, lines).all()


def _letters(text: str) -> str:
    text = unicodedata.normalize("NFC", text).translate(_SPELT)
    stripped = re.sub(r"[^\S\n]", " ", text).rstrip()
    return stripped[:-1] if stripped.endswith(".") and not re.search(r"\d\.$", stripped) else stripped


class _Reader:
    """Precedence climbing over the tokens; every rule gives a value at once."""

    def __init__(self, text: str, values: Mapping[str, Any], lines: Collection[str]) -> None:
        self.values, self.lines = values, lines
        self.tokens: list[tuple[str, str, int]] = []
        at = 0
        while at < len(text):
            found = _TOKEN.match(text, at)
            if found is None:
                raise UnknownError(f"character {text[at]!r}")
            if found.lastgroup != "space":
                self.tokens.append((found.lastgroup or "", found.group(), at))
            at = found.end()
        self.tokens.append(("end", "", at))
        self.at = 0

    def next_is(self, *signs: str) -> bool:
        kind, text, _ = self.tokens[self.at]
        return kind == "sign" and text in signs

    def take(self) -> str:
        self.at += 1
        return self.tokens[self.at - 1][1]

    def want(self, sign: str) -> None:
        if not self.next_is(sign):
            raise UnknownError(f"{sign} wanted, not {self.tokens[self.at][1]!r}")
        self.at += 1

    def all(self) -> Any:
        value = self.rows("end")
        if self.tokens[self.at][0] != "end":
            raise UnknownError(f"left over: {self.tokens[self.at][1]!r}")
        return value

    def rows(self, closing: str) -> Any:
        """Values between commas, rows between semicolons; one value alone is no list unless it has brackets."""
        rows: list[list[Any]] = [[]]
        last = ""
        while not (self.next_is(closing) or self.tokens[self.at][0] == "end"):
            if self.next_is(";"):
                rows.append([])
                last = self.take()
                continue
            rows[-1].append(self.value())
            last = "value"
            if self.next_is(","):
                last = self.take()
            elif not self.next_is(";", closing) and self.tokens[self.at][0] != "end":
                raise UnknownError(f"after a value: {self.tokens[self.at][1]!r}")
        rows = rows[:-1] if not rows[-1] else rows
        if len(rows) == 1 and len(rows[0]) == 1 and closing != "]" and last != ",":
            return rows[0][0]
        if len(rows) == 1:
            return np.array(rows[0])
        return np.array([row[0] if len(row) == 1 and np.ndim(row[0]) else row for row in rows])

    def value(self) -> Any:
        left = self.sum()
        if self.next_is(*_COMPARED):
            return np.float64(1.0) * _COMPARED[self.take()](left, self.sum())
        return left

    def sum(self) -> Any:
        value = self.product()
        while self.next_is("+", "-"):
            value = np.add(value, self.product()) if self.take() == "+" else np.subtract(value, self.product())
        return value

    def product(self) -> Any:
        value = self.signed()
        while self.next_is("*", "/", "@"):
            sign = self.take()
            rule = {"*": np.multiply, "/": np.divide, "@": np.matmul}[sign]
            value = rule(value, self.signed())
        return value

    def signed(self) -> Any:
        if self.next_is("+", "-"):
            return np.negative(self.signed()) if self.take() == "-" else self.signed()
        return self.power()

    def power(self) -> Any:
        base = self.postfix()
        while self.next_is("^", "**"):
            _, after, _ = self.tokens[self.at + 1]
            if after == "ᵀ" or (after == "T" and "T" not in self.values):
                self.at += 2
                base = self.behind(np.transpose(base))
                continue
            self.take()
            return np.power(np.asarray(base, float), self.signed())
        return base

    def postfix(self) -> Any:
        return self.behind(self.atom())

    def behind(self, value: Any) -> Any:
        """Transposes, small raised numbers and indices, in the order in which they stand."""
        while True:
            kind, text, _ = self.tokens[self.at]
            if kind == "turned":
                self.at += 1
                value = np.transpose(value)
            elif kind == "raised":
                self.at += 1
                value = np.power(np.asarray(value, float), float(text.translate(_RAISED)))
            elif self.next_is("["):
                self.at += 1
                value = np.asarray(value)[self.items()]
            else:
                return value

    def items(self) -> tuple[Any, ...]:
        found = [self.item()]
        while self.next_is(","):
            self.at += 1
            if not self.next_is("]"):
                found.append(self.item())
        self.want("]")
        return tuple(found)

    def item(self) -> Any:
        if self.next_is("..."):
            self.at += 1
            return Ellipsis
        ends: list[Any] = [None]
        while not self.next_is(",", "]"):
            if self.next_is(":"):
                self.at += 1
                ends.append(None)
            else:
                ends[-1] = self.whole()
        return ends[0] if len(ends) == 1 else slice(*ends)

    def whole(self) -> Any:
        value = np.asarray(self.sum())
        if not np.all(value == np.round(value)):
            raise UnknownError("an index that is not whole")
        return int(value) if value.ndim == 0 else value.astype(int)

    def atom(self) -> Any:
        kind, text, start = self.tokens[self.at]
        self.at += 1
        if kind == "number":
            return np.float64(text)
        if kind == "fraction":
            return np.float64(unicodedata.numeric(text))
        if kind == "name":
            return self.named(text, start)
        if text == "(":
            value = self.rows(")")
            self.want(")")
            return value
        if text == "[":
            value = self.rows("]")
            self.want("]")
            return value
        raise UnknownError(f"no value begins with {text!r}")

    def named(self, name: str, start: int) -> Any:
        if self.next_is("(") and name in FUNCTIONS:
            self.at += 1
            return self.called(name)
        quotient = self.tokens[self.at : self.at + 2]
        if self._is_gradient(name) and [each[0] for each in quotient] == ["sign", "name"] and quotient[0][1] == "/":
            touching = quotient[0][2] == start + len(name) and quotient[1][2] == quotient[0][2] + 1
            if touching and self._is_gradient(quotient[1][1]):
                self.at += 2
                return np.asarray(self.values[f"d{name[1:]}/d{quotient[1][1][1:]}"])
        key = f"d{name[1:]}" if self._is_gradient(name) else name
        if key not in self.values:
            raise UnknownError(f"name {name!r}")
        return np.asarray(self.values[key])

    def _is_gradient(self, name: str) -> bool:
        return name[0] in "d∂" and name[1:] in self.lines and (name not in self.values or name[1:] in self.lines)

    def called(self, name: str) -> Any:
        given: list[Any] = []
        options: dict[str, Any] = {}
        while not self.next_is(")"):
            kind, text, _ = self.tokens[self.at]
            if kind == "name" and self.tokens[self.at + 1][1] == "=":
                self.at += 2
                options[text] = self.option()
            elif kind == "word":
                raise UnknownError("a word")
            else:
                given.append(self.value())
            if not self.next_is(")"):
                self.want(",")
        self.want(")")
        try:
            return FUNCTIONS[name](*given, **options)
        except TypeError as error:
            raise UnknownError(f"{name}: {error}") from None

    def option(self) -> Any:
        kind, text, _ = self.tokens[self.at]
        if kind == "word":
            self.at += 1
            return text[1:-1]
        if kind == "name" and text.lower() in ("true", "false"):
            self.at += 1
            return text.lower() == "true"
        value = self.value()
        return tuple(int(each) for each in value) if np.ndim(value) else value


_COMPARED: Mapping[str, Callable[..., Any]] = {
    **{"<": np.less, "<=": np.less_equal, ">": np.greater, ">=": np.greater_equal},
    **{"==": np.equal, "!=": np.not_equal},
}


def _reduced(rule: Callable[..., Any]) -> Callable[..., Any]:
    def reduced(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
        along = axis if axis is None or isinstance(axis, tuple) else int(axis)
        return rule(np.asarray(x, float), axis=along, keepdims=bool(keepdims))

    return reduced


def _logsumexp(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    return np.log(np.sum(np.exp(x), axis=axis, keepdims=keepdims))


def _softmax(x: Any, axis: Any = -1) -> Any:
    powers = np.exp(x)
    return powers / np.sum(powers, axis=int(axis), keepdims=True)


def _sigmoid(x: Any) -> Any:
    return 1 / (1 + np.exp(-np.asarray(x)))


def _made(rule: Callable[..., Any]) -> Callable[..., Any]:
    return lambda *sizes: rule(np.shape(sizes[0]) if np.ndim(sizes[0]) else tuple(int(size) for size in sizes))


def _erf(x: Any) -> Any:
    return np.vectorize(math.erf)(x)


def _cross_entropy(logits: Any, labels: Any) -> Any:
    rows = np.atleast_2d(logits)
    picked = rows[np.arange(len(rows)), np.ravel(labels).astype(int)]
    return np.mean(np.log(np.sum(np.exp(rows), axis=1)) - picked)


def _norm(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    return np.sqrt(np.sum(np.square(x), axis=axis, keepdims=keepdims))


FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    **{"abs": np.abs, "exp": np.exp, "log": np.log, "log1p": np.log1p, "sqrt": np.sqrt, "square": np.square},
    **{"sin": np.sin, "cos": np.cos, "tan": np.tan, "sinh": np.sinh, "cosh": np.cosh, "tanh": np.tanh},
    **{
        "sigmoid": _sigmoid,
        "σ": _sigmoid,
        "silu": lambda x: x * _sigmoid(x),
        "softplus": lambda x: np.log1p(np.exp(x)),
    },
    **{"relu": lambda x: np.maximum(x, 0), "stop_gradient": np.asarray, "straight_through": lambda x, surrogate: x},
    **{"gelu": lambda x: x * (1 + _erf(np.divide(x, math.sqrt(2)))) / 2, "norm": _norm},
    "elu": lambda x, alpha=1.0: np.where(x > 0, x, alpha * (np.exp(x) - 1)),
    "leaky_relu": lambda x, slope=0.01: np.where(x > 0, x, slope * np.asarray(x)),
    **{name: _reduced(getattr(np, name)) for name in ("sum", "mean", "prod", "amax", "amin")},
    **{"var": _reduced(np.var), "std": _reduced(np.std), "logsumexp": _logsumexp},
    **{"max": lambda a, *more: reduce(np.maximum, more, a), "min": lambda a, *more: reduce(np.minimum, more, a)},
    **{"softmax": _softmax, "log_softmax": lambda x, axis=-1: np.log(_softmax(x, axis)), "dot": np.dot},
    **{"where": np.where, "outer": lambda a, b: np.outer(np.ravel(a), np.ravel(b)), "kron": np.kron},
    "clip": lambda x, lo, hi: np.minimum(hi, np.maximum(lo, x)),
    "transpose": np.transpose,
    "reshape": lambda x, to: np.reshape(x, tuple(int(each) for each in np.atleast_1d(to))),
    **{"ones": _made(np.ones), "zeros": _made(np.zeros), "eye": lambda n: np.eye(int(np.ravel(n)[0]))},
    "diag": lambda x: np.diag(np.ravel(x)),
    "onehot": lambda labels, k: 1.0 * (np.asarray(labels)[..., None] == np.arange(int(k))),
    "cross_entropy": _cross_entropy,
    **{
        "mse": lambda y, t: np.mean(np.square(np.subtract(y, t))),
        "gather": lambda x, at: x[np.asarray(at).astype(int)],
    },
}
